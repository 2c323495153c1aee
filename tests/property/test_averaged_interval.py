"""The averaged interval against the same mathematics written otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from egide.estimation.histories import Histories, permuted
from egide.estimation.intervals import averaged, mixture, penalised

PAIRS = np.array([3, 5, 6])
WITHIN = np.array([0, 0, 0, 1, 0, 1, 1, 3], dtype=np.float64)

counts_of_three = st.lists(st.integers(2, 60), min_size=7, max_size=7).map(lambda told: [0, *told])
chosen_terms = st.lists(st.booleans(), min_size=4, max_size=4).map(np.array)


def table(counts: list[int]) -> Histories:
    return Histories(lists=("A", "B", "C"), counts=counts)


@settings(max_examples=25)
@given(counts=counts_of_three, row=chosen_terms)
def test_the_evidence_is_laplaces_at_the_maximum_that_a_general_optimiser_finds(counts, row):
    columns = [np.ones(8), *(np.array([cell >> place & 1 for cell in range(8)]) for place in range(3))]
    columns += [(np.arange(8) & pair == pair).astype(float) for pair, taken in zip(PAIRS, row, strict=False) if taken]
    columns += [WITHIN] if row[3] else []
    design = np.array(columns, dtype=np.float64).T[1:]
    spread = [*[1.0] * int(row[:3].sum()), *([0.15] if row[3] else [])]
    middle = np.array([*[0.0] * (4 + int(row[:3].sum())), *([0.25] if row[3] else [])])
    precision = np.array([0.0] * 4 + [1 / one**2 for one in spread])
    told = np.array(counts[1:], dtype=np.float64)

    def against(theta):
        means = np.exp(design @ theta)
        return means.sum() - told @ (design @ theta) + (precision * (theta - middle) ** 2).sum() / 2

    def slope(theta):
        return design.T @ (np.exp(design @ theta) - told) + precision * (theta - middle)

    start = np.array([np.log(np.mean(told)), *[0.0] * (design.shape[1] - 1)])
    best = minimize(against, start, jac=slope, method="BFGS", options={"gtol": 1e-7}).x
    curvature = design.T @ (design * np.exp(design @ best)[:, None]) + np.diag(precision)
    value = -against(best) - np.linalg.slogdet(curvature)[1] / 2 - np.log(spread).sum()
    found = penalised.evidence(np.array(counts, dtype=np.float64), np.ones(8, dtype=np.bool_), WITHIN, row, PAIRS, 3)
    assert found == pytest.approx((value, best[0], np.linalg.inv(curvature)[0, 0]), rel=1e-4, abs=1e-4)


@settings(max_examples=6)
@given(counts=counts_of_three, order=st.permutations(range(3)))
def test_the_order_of_the_lists_changes_nothing(counts, order):
    found, moved = averaged(table(counts)), averaged(permuted(table(counts), order))
    assert moved.persons == pytest.approx(found.persons, rel=1e-8)
    assert (moved.low, moved.high) == pytest.approx((found.low, found.high), abs=1)


@settings(max_examples=6)
@given(counts=counts_of_three)
def test_a_surer_interval_holds_a_less_sure_one_and_the_median(counts):
    sure, less = (averaged(table(counts), level=level) for level in (0.95, 0.8))
    assert sum(counts) <= sure.low <= less.low <= less.persons + 1e-6
    assert less.persons <= less.high <= sure.high


@settings(max_examples=30)
@given(counts=counts_of_three, times=st.integers(2, 1_000))
def test_without_dependences_times_as_many_persons_are_times_as_many_unseen_and_as_much_less_doubt(counts, times):
    none, possible = np.zeros(4, dtype=np.bool_), np.ones(8, dtype=np.bool_)
    once, often = (
        penalised.evidence(np.array(counts, dtype=np.float64) * number, possible, WITHIN, none, PAIRS, 3)
        for number in (1, times)
    )
    assert often[1] == pytest.approx(once[1] + np.log(times), abs=1e-6)
    assert often[2] == pytest.approx(once[2] / times, rel=1e-5)


components = st.lists(st.tuples(st.floats(0.01, 1), st.floats(-5, 5), st.floats(0.05, 2)), min_size=1, max_size=5)


@settings(max_examples=20)
@given(parts=components, probability=st.floats(0.01, 0.99), seed=st.integers(0, 2**32))
def test_quantiles_are_those_of_a_simulation_of_the_mixture(parts, probability, seed):
    weight, centre, spread = np.array(parts).T
    weight = weight / weight.sum()
    found = mixture.quantile(probability, weight, centre, spread)
    chance = np.random.default_rng(seed)
    which = chance.choice(len(weight), size=20_000, p=weight)
    below = (chance.normal(centre[which], spread[which]) <= found).mean()
    assert below == pytest.approx(probability, abs=5.5 * np.sqrt(probability * (1 - probability) / 20_000))
