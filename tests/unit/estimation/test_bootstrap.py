"""Estimates with an interval that knows the model was chosen, against the R packages and against drawing by hand."""

from itertools import count
from itertools import pairwise as following

import numpy as np
import pytest

from egide.estimation.histories import Histories
from egide.estimation.intervals.bca import bca
from egide.estimation.intervals.bootstrap import BLOCK, bootstrapped, drawn, resampled, without_one
from egide.estimation.intervals.choosing import Bic, Exact, Fixed, Stepwise
from egide.estimation.models import independence, read
from egide.estimation.results import Declined, Reason
from support.mse import baselines, table

KOREA = read(3, "[12,23]")
EVERY_CHOICE = [Bic(), Bic(top=1), Bic(top=None), Exact(), Stepwise(), Fixed(model=KOREA)]


def two_lists(first, second, both):
    return Histories(lists=("A", "B"), counts=[0, first, second, both])


def replicates(histories, choice, number, **more):
    return drawn(histories, choice.on(histories), number, 7, **more)


def published():
    """Rows of MultipleSystemsEstimation with an interval, but UK, five lists, 100 models: seconds (benchmark)."""
    for row in baselines():
        told = row["package"] == "MultipleSystemsEstimation" and row["ci95_low"] and "bayes" not in row["fn"]
        if told and row["note"] != "ntop=100":
            yield row


def choice_of(row):
    if "stepwise" in row["fn"]:
        return Stepwise()
    return Bic(top=1) if "ntop=1" in row["fn"] else Bic()


@pytest.mark.parametrize("row", list(published()), ids=lambda row: f"{row['dataset']} {row['fn'][20:40]}")
def test_the_ends_of_the_r_package_are_reproduced_within_three_errors_of_chance(row):
    histories = table(row["dataset"])
    chosen = choice_of(row).on(histories)
    assert str(chosen.model) == str(read(histories.k, row["model"]))
    assert chosen.persons == pytest.approx(float(row["estimate"]), rel=1e-6)
    many = drawn(histories, chosen, 6_000, 3)
    many = many[np.isfinite(many)]
    values, weights = without_one(histories, chosen)
    chance = np.random.default_rng(1)
    # R drew 1,000. Ranks, not persons: an end may be among the very first replicates of a long tail.
    small = [bca(chance.choice(many, 1_000), chosen.persons, values, weights, 0.95) for _ in range(100)]
    for end, theirs in (("low", row["ci95_low"]), ("high", row["ci95_high"])):
        ours = np.array([rank(many, getattr(one, end)) for one in small])
        assert abs(rank(many, float(theirs)) - ours.mean()) < 3 * ours.std() * np.sqrt(1 + 1 / 6)


def rank(replicates, persons):
    """The share below, and half of those that are equal."""
    return ((replicates < persons * (1 - 1e-9)).mean() + (replicates < persons * (1 + 1e-9)).mean()) / 2


@pytest.mark.parametrize("choice", EVERY_CHOICE, ids=lambda choice: f"{choice.name} {getattr(choice, 'top', '')}")
def test_a_seed_gives_one_answer_whatever_the_number_of_threads(choice):
    alone, three = (bootstrapped(table("Korea"), choice, replicates=250, seed=5, workers=workers) for workers in (1, 3))
    assert alone == three
    assert alone != bootstrapped(table("Korea"), choice, replicates=250, seed=6)


def test_more_replicates_begin_with_the_same_ones():
    few, many = (replicates(table("Korea"), Bic(), number) for number in (130, 450))
    assert np.array_equal(few, many[:130])


def test_two_lists_are_estimated_again_by_lincoln_and_petersen():
    histories = two_lists(30, 40, 25)
    (seed,) = np.random.SeedSequence(7).spawn(1)
    _, first, second, both = np.random.default_rng(seed).multinomial(95, histories.counts / 95, size=60).T
    assert replicates(histories, Fixed(model=independence(2)), 60) == pytest.approx(
        (first + both) * (second + both) / both
    )


def test_without_one_person_each_history_counts_for_those_it_has():
    values, weights = without_one(two_lists(30, 40, 25), Fixed(model=independence(2)).on(two_lists(30, 40, 25)))
    assert weights.tolist() == [30, 40, 25]
    assert values == pytest.approx([54 * 65 / 25, 55 * 64 / 25, 54 * 64 / 24])


def test_the_least_bic_of_all_pairs_is_the_same_by_enumeration_and_by_leaps_and_bounds():
    histories = table("Kosovo")
    listed = replicates(histories, Bic(order=2, top=None), 40)
    assert replicates(histories, Exact(), 40) == pytest.approx(listed, rel=1e-6)


def test_choosing_again_makes_the_interval_wider():
    free, fixed = (bootstrapped(table("Kosovo"), choice, replicates=500, seed=1) for choice in (Bic(), Bic(top=1)))
    assert free.persons == fixed.persons
    assert free.model == fixed.model
    assert free.low < fixed.low < fixed.high < free.high


def test_the_persons_seen_are_as_many_in_each_replicate_unless_asked_to_vary():
    chance = np.random.default_rng(1)
    fixed = resampled(table("Korea"), 2_000, chance)
    vary = resampled(table("Korea"), 2_000, chance, n_varies=True)
    assert set(fixed.sum(axis=1)) == {123.0}
    assert vary.sum(axis=1).var() == pytest.approx(123, rel=0.15)
    for tables in (fixed, vary):
        assert tables.mean(axis=0) == pytest.approx(table("Korea").counts, abs=1)
        assert not tables[:, 0].any()


def test_letting_the_persons_seen_vary_adds_their_variance():
    # Lincoln and Petersen with each list near complete: N is nearly the persons seen, and varies nearly as they do.
    histories = two_lists(20, 20, 360)
    choice = Fixed(model=independence(2))
    fixed, vary = (replicates(histories, choice, 2_000, n_varies=vary).var() for vary in (False, True))
    persons = choice.on(histories).persons
    assert vary == pytest.approx(fixed + persons**2 / 400, rel=0.15)


def test_progress_is_told_block_by_block():
    told = []
    replicates(table("Korea"), Bic(), 250, tell=lambda done, of: told.append((done, of)))
    assert told == [(BLOCK, 250), (2 * BLOCK, 250), (250, 250)]


@pytest.mark.parametrize("workers", [1, 2])
def test_once_asked_to_stop_there_is_no_interval(workers):
    asked, told = count(), []
    answer = bootstrapped(
        table("Korea"),
        Bic(),
        replicates=10_000,
        seed=1,
        workers=workers,
        tell=lambda done, of: told.append(done),
        stop=lambda: next(asked) >= 3,
    )
    assert answer == Declined(method="bic", reason=Reason.STOPPED, model=KOREA)
    assert max(told, default=0) <= 3 * BLOCK


def test_percentile_ends_are_of_the_replicates_of_that_seed():
    fixed = Fixed(model=KOREA)
    plain = bootstrapped(table("Korea"), fixed, replicates=300, seed=7, kind="percentile")
    found = replicates(table("Korea"), fixed, 300)
    assert (plain.low, plain.high) == pytest.approx(tuple(np.nanquantile(found, [0.025, 0.975])))
    assert plain.notes == {"replicates": 300, "unanswered": np.isnan(found).sum()}


def test_the_notes_tell_what_moved_the_ends():
    answer = bootstrapped(table("Korea"), Bic(), replicates=300, seed=2)
    assert answer.notes["fell_back"] == 0
    assert answer.notes["unanswered"] == answer.notes["without_one_unanswered"] == 0
    assert 0 < answer.notes["low_chance"] < 0.05
    assert 0.9 < answer.notes["high_chance"] < 1
    assert {"bias", "acceleration"} < set(answer.notes)


def test_replicates_without_an_estimate_are_counted_and_left_out():
    histories = two_lists(50, 50, 4)  # nobody on both lists: once in exp(4) replicates
    answer = bootstrapped(histories, Fixed(model=independence(2)), replicates=1_000, seed=3)
    found = drawn(histories, Fixed(model=independence(2)).on(histories), 1_000, 3)
    assert answer.notes["unanswered"] == np.isnan(found).sum()
    assert 5 < answer.notes["unanswered"] < 40
    assert np.isfinite(answer.high)


def test_an_interval_is_declined_when_more_replicates_have_no_estimate_than_it_may_miss():
    answer = bootstrapped(two_lists(50, 50, 1), Fixed(model=independence(2)), replicates=200, seed=3)
    assert answer == Declined(method="fixed", reason=Reason.UNBOUNDED, model=independence(2))


@pytest.mark.parametrize("choice", [Bic(), Exact(), Stepwise(), Fixed(model=independence(2))])
def test_without_anybody_on_two_lists_nothing_is_drawn(choice):
    answer = bootstrapped(two_lists(50, 50, 0), choice, seed=1)
    assert answer == Declined(method=choice.name, reason=Reason.NO_OVERLAP)


def test_a_fixed_model_without_an_estimate_is_declined():
    apart = Histories(lists=("A", "B", "C"), counts=[0, 10, 20, 5, 30, 0, 0, 0])
    answer = bootstrapped(apart, Fixed(model=read(3, "[12,3]")), seed=1)
    assert isinstance(answer, Declined)
    assert answer.method == "fixed"


@pytest.mark.parametrize("choice", [Exact(), Stepwise(), Bic()])
def test_a_list_wholly_inside_another_leaves_no_model_with_an_estimate(choice):
    answer = bootstrapped(two_lists(0, 20, 5), choice, replicates=100, seed=1)
    assert isinstance(answer, Declined)
    assert answer.method == choice.name


@pytest.mark.parametrize(("choice", "lists"), [(Bic(), 7), (Exact(), 9), (Exact(order=3), 7)])
def test_more_models_than_can_be_searched_are_declined(choice, lists):
    names = tuple("ABCDEFGHI")[:lists]
    answer = bootstrapped(Histories(lists=names, counts=[0, *[2] * (2**lists - 1)]), choice, seed=1)
    assert answer == Declined(method=choice.name, reason=Reason.OUT_OF_REACH)


@pytest.mark.slow  # ten seconds of a search that ends without a proof
def test_a_search_that_stops_before_its_proof_gives_no_number():
    sparse = table("NewOrl")
    draws = np.random.default_rng(1)
    for _ in range(6):  # the sixth table of 25 persons leaves too many models that may be the best
        counts = draws.multinomial(25, sparse.counts / sparse.seen)
    answer = bootstrapped(sparse.with_counts(counts), Exact(), seed=1)
    assert answer == Declined(method="exact", reason=Reason.OUT_OF_REACH)


@pytest.mark.parametrize("wrong", [{"replicates": 0}, {"level": 1.0}, {"level": 0.0}])
def test_no_replicate_or_an_impossible_level_is_a_programming_error(wrong):
    with pytest.raises(ValueError, match="one replicate or more"):
        bootstrapped(table("Korea"), Bic(), seed=1, **wrong)


def test_higher_levels_hold_lower_ones():
    ends = [bootstrapped(table("Korea"), Bic(), replicates=400, seed=4, level=level) for level in (0.5, 0.8, 0.95)]
    for inner, outer in following(ends):
        assert outer.low <= inner.low <= inner.high <= outer.high
