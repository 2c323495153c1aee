"""Persons who are not all as easy to see: log-linear models against Rcapture, and what they decline."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import xlogy

from egide.estimation.fitting.regression import poisson_fit
from egide.estimation.heterogeneity import chao, darroch, equal
from egide.estimation.histories import Histories, forbidding, permuted, sizes
from egide.estimation.results import Declined, Estimate, Reason
from support.mse import baselines, table

ROWS = {"closedp.t Mt": equal, "closedp.t Mth Chao (LB)": chao, "closedp.t Mth Darroch": darroch}
RCAPTURE = [row for row in baselines() if row["fn"] in ROWS]


def tables(lists, most):
    return st.lists(st.integers(1, most), min_size=2**lists - 1, max_size=2**lists - 1).map(
        lambda counts: Histories(lists=tuple("ABCDE"[:lists]), counts=[0, *counts])
    )


@pytest.mark.parametrize("row", RCAPTURE, ids=lambda row: f"{row['dataset']}-{row['fn'].removeprefix('closedp.t ')}")
def test_rcapture_finds_the_same_persons_and_the_same_standard_error(row):
    found = ROWS[row["fn"]](table(row["dataset"]))
    assert found.persons == pytest.approx(float(row["estimate"]), rel=1e-7)
    low, high = float(row["ci95_low"]), float(row["ci95_high"])
    assert found.notes["error"] == pytest.approx((high - low) / (2 * 1.96), rel=2e-5)  # R stops one step earlier


@pytest.mark.parametrize("name", ["UKdat_5", "Ned_5"])
def test_the_standard_error_of_r_is_that_of_its_last_step_but_one(name):
    """Least squares weighted again and again, stopped as by glm: all the printed digits."""
    histories = table(name)
    cells, counts = np.arange(1, 32), histories.counts[1:].astype(float)
    columns = [(cells >> place) & 1 for place in range(5)]
    design = np.column_stack([np.ones(31), *columns, sizes(5)[1:] ** 2 / 2])
    mean, before, deviance = counts + 0.1, np.inf, 1e9
    while abs(deviance - before) > 1e-8 * (abs(deviance) + 0.1):
        before = deviance
        covariance = np.linalg.inv(design.T @ (design * mean[:, None]))
        found = covariance @ design.T @ (mean * np.log(mean) + counts - mean)
        mean = np.exp(design @ found)
        deviance = 2 * float((xlogy(counts, counts / mean) - counts + mean).sum())
    unseen = np.exp(found[0])
    error = np.sqrt(unseen + unseen**2 * covariance[0, 0])
    (row,) = [row for row in RCAPTURE if row["dataset"] == name and row["fn"].endswith("Darroch")]
    assert histories.seen + unseen - 1.96 * error == pytest.approx(float(row["ci95_low"]), rel=1e-7)
    assert histories.seen + unseen + 1.96 * error == pytest.approx(float(row["ci95_high"]), rel=1e-7)


def test_all_fifteen_rows_of_rcapture_are_compared():
    assert len(RCAPTURE) == 15


def test_an_interval_never_goes_below_what_was_seen():
    found = darroch(table("NewOrl_5"))
    assert found.notes["wald_low"] < 0
    assert 186 < found.low < found.persons < found.high


def test_chao_stays_with_independence_where_the_repeats_are_fewer_than_it_tells():
    assert chao(table("Korea")).persons == equal(table("Korea")).persons


def test_two_lists_give_lincoln_and_petersen():
    found = equal(Histories(lists=("A", "B"), counts=[0, 30, 20, 10]))
    assert found.persons == pytest.approx(40 * 30 / 10)
    assert chao(Histories(lists=("A", "B"), counts=[0, 30, 20, 10])).persons == pytest.approx(120)


@pytest.mark.parametrize(
    ("method", "counts", "reason"),
    [
        (equal, [0, 30, 20, 0], Reason.NO_OVERLAP),
        (darroch, [0, 30, 20, 10], Reason.NOT_EXISTING),  # four parameters, three histories
        (chao, [0, 5, 3, 0, 2, 0, 0, 1], Reason.NOT_EXISTING),  # on three lists, never on two
    ],
)
def test_what_the_data_cannot_bear_gets_no_number(method, counts, reason):
    lists = ("A", "B", "C")[: len(counts).bit_length() - 1]
    answer = method(Histories(lists=lists, counts=counts))
    assert isinstance(answer, Declined)
    assert answer.reason is reason


def test_an_empty_list_changes_nothing():
    counts = [0, 30, 20, 10, 25, 8, 7, 6]
    without = Histories(lists=("A", "B", "C"), counts=counts)
    more = Histories(lists=("A", "B", "C", "D"), counts=[*counts, *[0] * 8])
    for method in (equal, chao, darroch):
        assert method(more).persons == pytest.approx(method(without).persons)


def test_lists_that_cannot_overlap_are_told_by_the_other_pairs():
    apart = forbidding(Histories(lists=("A", "B", "C"), counts=[0, 60, 60, 0, 40, 20, 20, 0]), [("A", "B")])
    assert equal(apart).persons == pytest.approx(200 + 120)  # C sees a quarter of those whom A or B sees


@settings(max_examples=25, deadline=None)
@given(tables(4, 40), st.permutations(range(4)))
def test_the_order_of_the_lists_does_not_matter(histories, order):
    for method in (equal, chao, darroch):
        one, other = method(histories), method(permuted(histories, order))
        if isinstance(one, Estimate) and isinstance(other, Estimate):
            assert other.persons == pytest.approx(one.persons, rel=1e-6)
        else:
            assert one == other


@settings(max_examples=25, deadline=None)
@given(tables(3, 40), st.integers(2, 9))
def test_as_many_times_the_persons_make_as_many_times_the_estimate(histories, times):
    for method in (equal, darroch):
        one, more = method(histories), method(histories.with_counts(times * histories.counts))
        assume(isinstance(one, Estimate) and one.persons < 1e6)
        assert more.persons == pytest.approx(times * one.persons, rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 10_000))
def test_expected_counts_give_back_their_own_population(seed):
    draw = np.random.default_rng(seed)
    cells, rates = np.arange(32), draw.uniform(0.05, 0.5, 5)
    design = np.column_stack([np.ones(32), *[(cells >> place) & 1 for place in range(5)], sizes(5) ** 2 / 2])
    truth = np.r_[6.0, np.log(rates / (1 - rates)), 0.2]
    found = poisson_fit(design[1:], np.exp(design[1:] @ truth))
    assert found.theta == pytest.approx(truth, rel=1e-6)
