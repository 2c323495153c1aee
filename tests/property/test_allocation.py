"""Allocations against every whole-number allocation there is, one by one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from egide.diagnostic.sampling.allocation import neyman, power, proportional
from egide.errors import Refused

sizes_of_strata = st.lists(st.integers(0, 9), min_size=1, max_size=4)
spreads_of_strata = st.lists(st.floats(0.05, 3), min_size=4, max_size=4)


def every_allocation(sizes, total, minimum):
    choices = [range(min(size, minimum), size + 1) for size in sizes]
    return [one for one in product(*choices) if sum(one) == total]


def checked(found, sizes, total, minimum, cost):
    """Sums exactly, within bounds, and no allocation there is costs less."""
    found = found.tolist()
    allowed = every_allocation(sizes, total, minimum)
    assert tuple(found) in allowed
    assert cost(found) <= min(cost(one) for one in allowed) * (1 + 1e-9)


@settings(max_examples=60, deadline=None)
@given(sizes_of_strata, st.integers(0, 36), st.integers(0, 3))
def test_a_proportional_allocation_is_the_nearest_to_the_exact_quotas(sizes, total, minimum):
    assume(every_allocation(sizes, total, minimum) and sum(sizes))
    quotas = [total * size / sum(sizes) for size in sizes]

    def cost(one):
        return sum((n - q) ** 2 / q for n, q in zip(one, quotas, strict=True) if q)

    checked(proportional(sizes, total, minimum), sizes, total, minimum, cost)


@settings(max_examples=60, deadline=None)
@given(sizes_of_strata, spreads_of_strata, st.integers(1, 36), st.integers(1, 3))
def test_neyman_s_allocation_gives_the_smallest_variance_there_is(sizes, spreads, total, minimum):
    assume(every_allocation(sizes, total, minimum))
    spreads = spreads[: len(sizes)]

    def cost(one):
        return sum((size * s) ** 2 / n for n, size, s in zip(one, sizes, spreads, strict=True) if size)

    checked(neyman(sizes, spreads, total, minimum), sizes, total, minimum, cost)


@settings(max_examples=40, deadline=None)
@given(sizes_of_strata, spreads_of_strata, st.floats(0, 1), st.integers(1, 36))
def test_bankier_s_allocation_gives_the_smallest_sum_of_weighted_relative_variances(sizes, spreads, exponent, total):
    assume(every_allocation(sizes, total, 1))
    importance, spreads = [10 * size + 1 for size in sizes], spreads[: len(sizes)]

    def cost(one):
        kept = [place for place, size in enumerate(sizes) if size]
        return sum((importance[place] ** exponent * spreads[place]) ** 2 / one[place] for place in kept)

    checked(power(sizes, importance, spreads, total, 1, exponent), sizes, total, 1, cost)


def test_where_nothing_varies_the_rest_goes_by_size():
    assert neyman([100, 50, 50], [0.0, 0.0, 0.0], 40).tolist() == [20, 10, 10]


def test_a_stratum_that_varies_is_filled_before_one_that_does_not():
    assert neyman([5, 100], [1.0, 0.0], 12).tolist() == [5, 7]


@pytest.mark.parametrize("total", [3, 31])  # the minima ask for 2 + 2, there are 30 in all
def test_a_total_that_cannot_be_reached_is_refused(total):
    with pytest.raises(Refused, match=r"4 .*à 30"):
        proportional([20, 10], total, minimum=2)


def test_negative_and_unknown_numbers_are_all_named():
    with pytest.raises(Refused) as refused:
        neyman([10, 10, 10], [-1.0, float("nan"), 1.0], 6)
    assert len(refused.value.defects) == 2


def test_exponent_one_of_bankier_with_sizes_is_neyman_s():
    sizes, spreads = [90, 40, 20, 5], [0.3, 0.5, 0.2, 0.4]
    assert np.array_equal(power(sizes, [float(one) for one in sizes], spreads, 40, 2, 1.0), neyman(sizes, spreads, 40))
