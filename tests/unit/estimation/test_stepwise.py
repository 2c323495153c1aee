"""Pairs of lists added one at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import poisson

from egide.estimation.choice import stepwise as by_steps
from egide.estimation.choice import stepwise_all
from egide.estimation.choice.stepwise import _slowly, log_tail
from egide.estimation.fitting.fit import UNDECIDED, fit
from egide.estimation.histories import Histories, forbidding, from_rows
from egide.estimation.models import independence, pairs
from egide.estimation.results import Declined, Estimate, Reason
from support.mse import baselines, table

ROWS = [row for row in baselines() if "stepwise" in row["fn"]]


@pytest.mark.parametrize("name", sorted({row["dataset"] for row in ROWS}))
def test_every_published_estimate_by_steps_comes_out_to_the_last_digit(name: str):
    found = by_steps(table(name))
    assert isinstance(found, Estimate)
    for row in (row for row in ROWS if row["dataset"] == name):
        assert f"{found.persons:.8g}" == row["estimate"]
        if row["package"] == "MultipleSystemsEstimation":
            assert str(found.model) == row["model"]


def test_a_pair_that_nobody_shares_can_be_added():
    found = by_steps(table("Ned"))
    assert isinstance(found, Estimate)
    assert found.model is not None
    empty = [one for one in found.model.interactions if table("Ned").totals()[one] == 0]
    assert len(empty) == 2


@pytest.mark.machine_code
def test_machine_code_and_plain_python_choose_the_same():
    tables = _drawn("NewOrl_5", 12)
    fast, slow = (stepwise_all(tables, table("NewOrl_5").possible, compiled=each) for each in (True, False))
    assert np.array_equal(fast.chosen, slow.chosen)
    assert fast.unseen == pytest.approx(slow.unseen, rel=1e-9)


@pytest.mark.parametrize("name", ["Korea", "NewOrl_5", "UKdat_5"])
def test_the_slow_route_for_estimates_far_out_chooses_the_same(name: str):
    tables = _drawn(name, 4)
    given = table(name)
    fast = stepwise_all(tables, given.possible)
    for row, counts in enumerate(tables.astype(np.float64)):
        theta, chosen = _slowly(counts, given.possible, np.array(pairs(given.k)), math.log(0.02))
        assert np.array_equal(chosen, fast.chosen[row])
        assert math.exp(theta) == pytest.approx(fast.unseen[row], rel=1e-8)


def test_a_pair_whose_model_has_no_estimate_is_left_out_and_the_next_one_tried():
    # Among the artificial counts the pair 1-2 stands out, and has no estimate.
    counts = table("Artificial_3").counts.copy()
    counts[3] = 30
    given = table("Artificial_3").with_counts(counts)
    found = by_steps(given, 0.2)
    assert isinstance(found, Estimate)
    assert found.model is not None
    assert 3 not in found.model.interactions


def test_a_table_whose_estimates_are_far_out_is_done_slowly_and_not_refused():
    given = Histories(lists=("A", "B", "C"), counts=[0, 10**9, 10**5, 10**5, 1, 1, 0, 0])
    assert fit(given, [independence(3)]).status == UNDECIDED
    found = by_steps(given)
    assert isinstance(found, Estimate)
    assert str(found.model) == "[1,2,3]"
    assert found.persons == pytest.approx(given.seen + 10**9, rel=1e-3)  # Lincoln and Petersen on A and B


def test_no_threshold_leaves_the_lists_independent():
    found = by_steps(table("UKdat_5"), 0)
    assert isinstance(found, Estimate)
    assert str(found.model) == "[1,2,3,4,5]"


def test_lists_that_cannot_overlap_are_no_evidence():
    given = forbidding(
        from_rows("ABC", [((1, 0, 0), 90), ((0, 1, 0), 80), ((0, 0, 1), 70), ((1, 1, 0), 20)]), [("A", "C")]
    )
    found = by_steps(given.with_counts([0, 90, 80, 20, 70, 0, 19, 0]))
    assert isinstance(found, Estimate)
    assert str(found.model) == "[1,2,3]"


def test_a_threshold_of_one_half_is_refused():
    with pytest.raises(ValueError, match="below one half"):
        stepwise_all(table("Korea").counts[None, :], table("Korea").possible, threshold=0.5)


def test_nobody_on_two_lists_is_declined():
    found = by_steps(from_rows("ABC", [((1, 0, 0), 9), ((0, 1, 0), 8), ((0, 0, 1), 7)]))
    assert isinstance(found, Declined)
    assert found.reason is Reason.NO_OVERLAP


def test_an_empty_list_says_nothing_and_takes_nothing_away():
    found = by_steps(Histories(lists=("A", "B", "C"), counts=[0, 9, 8, 3, 0, 0, 0, 0]))
    assert isinstance(found, Estimate)
    assert found.persons == pytest.approx(20 + 9 * 8 / 3)


def test_a_list_always_inside_another_leaves_independence_unidentified():
    inside = Histories(lists=("A", "B"), counts=[0, 5, 0, 3], possible=np.array([True, True, False, True]))
    found = by_steps(inside)
    assert isinstance(found, Declined)
    assert found.reason is Reason.NOT_IDENTIFIED


@pytest.mark.parametrize(("count", "mean"), [(0, 5.0), (3, 20.0), (40, 9.5), (1, 1e-3), (2_000, 1_500.0), (7, 0.0)])
def test_the_tail_of_the_poisson_law_is_that_of_the_library(count: int, mean: float):
    tail = poisson.logcdf(count, mean) if count < mean else poisson.logsf(count - 1, mean)
    assert log_tail(count, mean) == pytest.approx(tail)


def _drawn(name: str, tables: int) -> np.ndarray:
    given = table(name)
    return np.random.default_rng(1).multinomial(given.seen, given.counts / given.seen, size=tables)
