"""Lists re-estimated from the others: a number that is known."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from egide.estimation.histories import Histories, forbidding
from egide.estimation.known_truth import consistency, problems
from egide.estimation.results import Declined, Estimate, Reason

#                                         A   B  AB  C  AC  BC  ABC
THREE = Histories(lists=("A", "B", "C"), counts=[0, 50, 40, 9, 30, 8, 7, 3])


def test_a_problem_hides_the_persons_of_one_list_alone():
    first, second, third = problems(THREE)
    assert (first.name, first.truth, first.seen.lists) == ("A", 50 + 9 + 8 + 3, ("B", "C"))
    assert first.seen.counts.tolist() == [0, 9, 8, 3]
    assert (second.name, second.truth, second.seen.counts.tolist()) == ("B", 59, [0, 9, 7, 3])
    assert (third.name, third.truth, third.seen.counts.tolist()) == ("C", 48, [0, 8, 7, 3])


def test_two_lists_make_no_problem():
    assert problems(Histories(lists=("A", "B"), counts=[0, 10, 10, 5])) == ()


def test_what_nobody_can_be_stays_so():
    apart = Histories(lists=("A", "B", "C"), counts=[0, 50, 40, 0, 30, 8, 7, 0])
    first = problems(forbidding(apart, [("A", "B")]))[0]
    assert first.seen.possible.tolist() == [True, False, True, False]


def test_a_method_is_right_where_its_suppositions_hold():
    # Lists that see 50, 40 and 20 % of 1,000 persons and ignore each other: the product rule finds each list.
    chances = np.array([0.5, 0.4, 0.2])
    counts = [
        round(1000 * np.prod([chances[i] if cell >> i & 1 else 1 - chances[i] for i in range(3)])) for cell in range(8)
    ]
    given = Histories(lists=("A", "B", "C"), counts=[0, *counts[1:]])

    def product_rule(seen: Histories) -> Estimate:
        _, one, other, both = seen.counts
        persons = (one + both) * (other + both) / both
        return Estimate(method="product", persons=persons, low=persons - 1, high=persons + 1)

    found = consistency(given, product_rule)
    assert [each.problem.truth for each in found] == [500, 400, 200]
    assert all(each.holds for each in found)
    assert [each.log_error for each in found] == pytest.approx([0, 0, 0], abs=1e-12)


def test_an_interval_that_misses_and_an_estimate_without_interval_are_told_apart():
    missed = consistency(THREE, lambda _: Estimate(method="one", persons=35, low=30, high=40))[0]
    assert missed.holds is False
    assert missed.log_error == pytest.approx(log(0.5))
    assert consistency(THREE, lambda _: Estimate(method="one", persons=35))[0].holds is None


def test_a_method_that_declines_is_neither_right_nor_wrong():
    found = consistency(THREE, lambda _: Declined(method="one", reason=Reason.TOO_FEW_REPEATS))[0]
    assert (found.holds, found.log_error) == (None, None)
