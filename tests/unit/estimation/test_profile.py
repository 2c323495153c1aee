"""Profile likelihood and Wald intervals, against Rcapture and against fits of completed tables written otherwise."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import gammaln
from scipy.stats import norm

from egide.estimation.histories import Histories, permuted
from egide.estimation.intervals.profile import profiled, wald
from egide.estimation.models import independence, pairwise, read
from egide.estimation.results import Declined, Reason
from support.mse import answered, baselines, table

RCAPTURE = ("Korea", "Kosovo", "UKdat_5", "Ned_5", "NewOrl_5")
FULL = st.lists(st.integers(1, 200), min_size=7, max_size=7)


def three_lists(counts):
    return Histories(lists=("A", "B", "C"), counts=[0, *counts])


def numbers(row):
    return [float(row[name]) for name in ("estimate", "ci95_low", "ci95_high")]


@pytest.mark.parametrize("name", RCAPTURE)
def test_the_multinomial_profile_of_rcapture_is_reproduced(name):
    row = answered("Rcapture", "closedpCI.t", name)
    histories = table(name)
    found = profiled(histories, read(histories.k, row["model"]), law="cormack")
    assert [found.persons, found.low, found.high] == pytest.approx(numbers(row), rel=1e-6)


@pytest.mark.parametrize("name", RCAPTURE)
def test_exact_factorials_move_an_end_by_less_than_one_in_three_thousand(name):
    row = answered("Rcapture", "closedpCI.t", name)
    histories = table(name)
    found = profiled(histories, read(histories.k, row["model"]))
    assert [found.persons, found.low, found.high] == pytest.approx(numbers(row), rel=1 / 3000)


@pytest.mark.parametrize(
    "row",
    [
        row
        for row in baselines()
        if row["package"] == "Rcapture" and (row["fn"].startswith("closedpMS") or row["fn"] == "closedp.t Mt")
    ],
    ids=lambda row: f"{row['dataset']} {row['model']}",
)
def test_the_wald_intervals_of_rcapture_are_reproduced(row):
    histories = table(row["dataset"])
    model = independence(histories.k) if row["model"] == "Mt" else read(histories.k, row["model"])
    found = wald(histories, model, level=1 - 2 * norm.sf(1.96))  # its rounding of 1.959964
    assert [found.persons, found.low, found.high] == pytest.approx(numbers(row), rel=1e-6)


@settings(max_examples=6)
@given(counts=FULL, pair=st.sampled_from(["[12,3]", "[1,2,3]", "[12,23]"]))
def test_at_its_ends_the_multinomial_profile_is_as_deep_as_iterative_proportional_fitting_says(counts, pair):
    histories, model = three_lists(counts), read(3, pair)
    found = profiled(histories, model)
    best = completed(histories, model, found.persons)
    for end in (found.low, found.high):
        depth = 2 * (best - completed(histories, model, end))
        assert depth == pytest.approx(3.841459, abs=1e-4) or (end == histories.seen and depth < 3.8416)
    assert best >= max(completed(histories, model, found.persons * by) for by in (0.99, 1.01))


def completed(histories, model, persons):
    """Log-likelihood of the table completed to N persons, cells fitted by matching one margin after the other."""
    persons = max(persons, histories.seen)
    counts = histories.counts.astype(float)
    counts[0] = persons - histories.seen
    cells = np.arange(len(counts))
    fitted = np.full(len(counts), persons / len(counts))
    for _ in range(200):
        for generator in model.generators:
            for part in range(len(counts)):
                if part & ~generator == 0:
                    here = (cells & generator) == part
                    fitted[here] *= counts[here].sum() / fitted[here].sum()
    told = counts > 0
    return gammaln(persons + 1) - gammaln(counts[0] + 1) + counts[told] @ np.log(fitted[told] / persons)


@settings(max_examples=6)
@given(counts=FULL, pair=st.sampled_from(["[12,3]", "[1,2,3]", "[12,13]"]))
def test_at_its_ends_the_poisson_profile_is_as_deep_as_a_general_optimiser_says(counts, pair):
    histories, model = three_lists(counts), read(3, pair)
    found = profiled(histories, model, law="poisson")
    design = np.array([[float(cell & term == term) for term in model.terms[1:]] for cell in range(1, 8)])

    def depth(persons):
        unseen = np.log(persons - histories.seen)
        start = np.linalg.lstsq(design, np.log(counts) - unseen, rcond=None)[0]
        lost = minimize(
            lambda theta: np.exp(unseen + design @ theta).sum() - np.array(counts) @ (unseen + design @ theta),
            start,
            jac=lambda theta: design.T @ (np.exp(unseen + design @ theta) - counts),
            method="BFGS",
        )
        return float(lost.fun)

    least = depth(found.persons)
    assert [2 * (depth(end) - least) for end in (found.low, found.high)] == pytest.approx([3.841459] * 2, abs=1e-3)


@settings(max_examples=8)
@given(counts=FULL)
def test_the_poisson_profile_is_highest_at_the_fit_and_inside_its_interval(counts):
    histories = three_lists(counts)
    found = profiled(histories, pairwise(3), law="poisson")
    assert found.persons == pytest.approx(wald(histories, pairwise(3)).persons)
    assert histories.seen < found.low < found.persons < found.high


@settings(max_examples=8)
@given(counts=FULL, times=st.integers(2, 50))
def test_more_persons_of_the_same_kind_give_a_narrower_interval_around_the_same_share(counts, times):
    few = profiled(three_lists(counts), independence(3), law="poisson")
    many = profiled(three_lists([times * count for count in counts]), independence(3), law="poisson")
    assert many.persons == pytest.approx(times * few.persons)
    assert times * few.low < many.low < many.persons < many.high < times * few.high


@settings(max_examples=8)
@given(counts=FULL, law=st.sampled_from(["poisson", "multinomial", "cormack"]))
def test_the_order_of_the_lists_changes_nothing(counts, law):
    histories = three_lists(counts)
    here = profiled(histories, read(3, "[12,3]"), law=law)
    there = profiled(permuted(histories, (2, 1, 0)), read(3, "[23,1]"), law=law)
    assert (there.persons, there.low, there.high) == pytest.approx((here.persons, here.low, here.high), rel=1e-6)


@pytest.mark.parametrize("law", ["multinomial", "cormack"])
def test_an_interval_may_begin_at_the_persons_seen_and_never_below(law):
    histories = three_lists([1, 1, 3, 1, 3, 3, 90])  # nearly everybody is on all lists
    found = profiled(histories, independence(3), law=law)
    assert found.low == histories.seen
    assert found.low <= found.persons < found.high < histories.seen + 5


def test_a_higher_level_holds_the_lower_one():
    ends = [profiled(table("Korea"), read(3, "[12,23]"), level=level) for level in (0.5, 0.8, 0.95, 0.99)]
    for inner, outer in combinations(ends, 2):
        assert outer.low < inner.low < inner.persons < inner.high < outer.high


@pytest.mark.parametrize("ask", [profiled, wald])
def test_a_model_without_an_estimate_has_no_interval(ask):
    apart = three_lists([10, 20, 0, 30, 0, 0, 0])
    assert ask(apart, independence(3)) == Declined(
        method="wald" if ask is wald else "profile_multinomial", reason=Reason.NOT_EXISTING, model=independence(3)
    )


@pytest.mark.parametrize("on_one", [60_000, 6_000_000])
def test_an_upper_end_above_the_persons_on_earth_is_none(on_one):
    histories = Histories(lists=("A", "B"), counts=[0, on_one, on_one, 1])
    assert profiled(histories, independence(2)).reason is Reason.UNBOUNDED
