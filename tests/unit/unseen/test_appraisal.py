"""Several methods on one table, each with its answer or its refusal, and what is known of how far they hold."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.estimation.censored import Censored
from egide.estimation.histories import Histories, forbidding, permuted
from egide.estimation.models import independence, read
from egide.estimation.results import Declined, Estimate, Reason
from egide.unseen import wording
from egide.unseen.appraise import appraise, refusal_of, rests_on_few, spread
from egide.unseen.checks import checks_of
from egide.unseen.completions import completions, seen_range
from egide.unseen.material import exact_material, hidden_material, through
from egide.unseen.methods import PANEL, Effort, Method
from egide.unseen.together import rounded, step_of, together
from support.mse import table

NAMES = ("independence", "averaged", "graphs", "chao")
LIGHT = tuple(method for method in PANEL if method.name in NAMES)


def silent(_given: Histories, _effort: Effort) -> Declined:
    return Declined(method="silent", reason=Reason.NOT_CONVERGED)


def test_the_panel_has_four_estimators_at_least_besides_lower_bounds():
    assert len([method for method in PANEL if not method.bound]) >= 4
    assert len({method.name for method in PANEL}) == len(PANEL) == len({method.title for method in PANEL})


def test_the_spread_leaves_lower_bounds_out():
    found = appraise(table("Kosovo"), Effort(), panel=LIGHT, checks=False)
    persons = {one.method.name: one.estimate.persons for one in found.judged if one.estimate}
    ends = [persons[name] for name in NAMES if name != "chao"]
    assert spread(found.judged) == (min(ends), max(ends))
    assert "chao" in persons


def test_a_method_without_an_answer_is_named_with_its_reason():
    panel = (*LIGHT[:1], Method(name="silent", title="Muette", rests_on="rien", run=silent))
    found = appraise(table("Korea"), Effort(), panel=panel, checks=False)
    assert [one.method.name for one in found.judged] == ["independence", "silent"]
    assert found.judged[1].answer == Declined(method="silent", reason=Reason.NOT_CONVERGED)
    assert set(wording.REASONS) == set(Reason)


@pytest.mark.parametrize(
    ("repeated", "reason"),
    [(0, Reason.NO_OVERLAP), (1, Reason.TOO_FEW_REPEATS), (7, Reason.TOO_FEW_REPEATS), (8, None)],
)
def test_fewer_than_eight_persons_on_two_lists_bear_no_number(repeated, reason):
    assert refusal_of(repeated) is reason
    found = appraise(Histories(lists=("A", "B"), counts=(0, 30, 20, repeated)), Effort(), panel=LIGHT[:1], checks=False)
    assert found.refusal is reason and (not found.judged) == (reason is not None)


def test_a_demand_to_stop_gives_what_is_done():
    asked = iter([False, False, True, True, True, True])
    found = appraise(table("Korea"), Effort(stop=lambda: next(asked)), panel=LIGHT)
    assert found.stopped and [one.method.name for one in found.judged] == ["independence", "averaged"]


def test_quick_leaves_out_what_is_slow():
    panel = (*LIGHT[:1], Method(name="slow", title="Lente", rests_on="rien", run=silent, slow=True))
    found = appraise(table("Korea"), Effort(), panel=panel, quick=True, checks=False)
    assert [one.method.name for one in found.judged] == ["independence"]


# ---- checks


def test_one_person_of_new_orleans_moves_the_estimate_by_one_twentieth():
    """Overlap C-D of 1 or 2: 1,034 or 981 (Chan, Silverman and Vincent; the two published versions)."""
    counts = table("NewOrl_5_2019")
    found = checks_of(counts, lambda given: silent(given, Effort()), independence(5))
    assert found.person is not None
    both = sum(1 << counts.lists.index(name) for name in ("C", "D"))
    (change,) = [one for one in found.person.changes if one.history == both and one.by == 1]
    assert found.person.ratio(change) == pytest.approx(981 / 1034, abs=0.002)


# ---- several tables


def test_an_answer_over_several_tables_is_as_wide_as_the_widest():
    tables = (table("NewOrl_5"), table("NewOrl_5_2019"))
    found = [appraise(one, Effort(), panel=LIGHT, checks=False) for one in tables]
    for row in together(found):
        each = [one.estimate for appraisal in found for one in appraisal.judged if one.method.name == row.method.name]
        assert row.estimate is not None
        assert row.estimate.low == min(one.low for one in each) and row.estimate.high == max(one.high for one in each)
        assert min(one.persons for one in each) <= row.estimate.persons <= max(one.persons for one in each)


def test_a_method_silent_on_one_table_is_silent_on_all():
    good = appraise(table("Korea"), Effort(), panel=LIGHT[:1], checks=False)
    bad = evolve(good, judged=(evolve(good.judged[0], answer=silent(table("Korea"), Effort())),))
    assert isinstance(together([good, bad])[0].answer, Declined)


def test_hidden_counts_make_several_tables_and_one_answer():
    truth = table("Kosovo")
    small = (truth.counts > 0) & (truth.counts < 60)
    known = Censored(
        lists=truth.lists,
        low=np.where(small, truth.counts - 1, truth.counts),
        high=np.where(small, truth.counts + 2, truth.counts),
    )
    material = hidden_material(known, seed=1)
    assert material.hidden and len(material.others) > 3
    found = appraise(
        material.table, Effort(), panel=through(material, LIGHT[:1]), checks=False, fewest=material.fewest
    ).judged[0]
    alone = LIGHT[0].run(truth, Effort())
    assert isinstance(alone, Estimate) and found.estimate is not None
    assert found.answer.method == "independence"
    assert found.estimate.persons == pytest.approx(alone.persons, rel=0.02)
    assert not hidden_material(Censored(lists=truth.lists, low=truth.counts, high=truth.counts), seed=1).others


def test_hidden_counts_refuse_a_number_when_they_may_be_too_few():
    known = Censored(lists=("A", "B"), low=np.array([0, 40, 40, 1]), high=np.array([0, 40, 40, 30]))
    assert hidden_material(known, seed=1).fewest == 1


def test_the_draws_of_a_linked_folder_carry_their_doubt():
    material = exact_material(table("NewOrl_5"), [table("NewOrl_5"), table("NewOrl_5_2019")])
    (method,) = through(material, LIGHT[:1])
    answer = method.run(material.table, Effort())
    assert isinstance(answer, Estimate) and 975 < answer.persons < 1040


def test_links_in_doubt_refuse_a_number_when_one_of_their_tables_would():
    enough, few = (Histories(lists=("A", "B"), counts=(0, 40, 40, both)) for both in (9, 7))
    assert exact_material(enough, [enough, few]).fewest == 7


# ---- numbers as printed


@pytest.mark.parametrize(("unseen", "step"), [(7, 1), (99, 1), (100, 10), (2_540, 100), (22_567, 1000)])
def test_the_unseen_keep_two_significant_digits(unseen, step):
    assert step_of(unseen) == step


@given(st.integers(1, 5000), st.floats(0, 1e6), st.floats(1, 5))
def test_intervals_are_rounded_outward_and_never_below_the_persons_seen(seen, unseen, wide):
    answer = Estimate(method="x", persons=seen + unseen, low=seen + unseen / wide, high=seen + unseen * wide)
    found = rounded(answer, seen)
    assert found.low is not None and found.high is not None and answer.low is not None and answer.high is not None
    assert seen <= found.low <= max(answer.low, seen) and found.high >= answer.high
    assert abs(found.persons - answer.persons) <= step_of(unseen) / 2 or found.persons == seen


def test_a_model_is_told_in_words():
    lists = ("A", "B", "C", "D")
    assert wording.model_words(read(4, "[123,34]"), lists).split("\u202f; ") == ["C avec D", "A, B et C ensemble"]
    assert wording.model_words(read(4, "[1,2,3,4]"), lists) == "aucune dépendance entre listes"


# ---- completions


def with_ends(low: float, high: float, low_chance: float, high_chance: float) -> Estimate:
    notes = {"replicates": 210.0, "unanswered": 10.0, "low_chance": low_chance, "high_chance": high_chance}
    return Estimate(method="bic", persons=100, low=low, high=high, notes=notes)


@pytest.mark.parametrize(
    ("low_chance", "high_chance", "few"), [(0.025, 0.975, False), (0.02, 0.95, True), (0.05, 0.98, True)]
)
def test_an_end_beyond_fewer_than_five_replicates_is_told(low_chance, high_chance, few):
    """Two hundred replicates answered: one fortieth of them is five."""
    assert rests_on_few(with_ends(50, 150, low_chance, high_chance)) is few
    assert not rests_on_few(Estimate(method="averaged", persons=100, low=50, high=150))


def test_over_several_tables_an_end_rests_on_the_replicates_of_the_table_that_gave_it():
    steady, fragile = with_ends(50, 150, 0.03, 0.97), with_ends(60, 140, 0.001, 0.999)
    good = appraise(table("Korea"), Effort(), panel=LIGHT[:1], checks=False)
    one, other = (evolve(good, judged=(evolve(good.judged[0], answer=each),)) for each in (steady, fragile))
    assert not rests_on_few(together([one, other])[0].answer) and not rests_on_few(together([other, one])[0].answer)
    wider = evolve(good, judged=(evolve(good.judged[0], answer=evolve(fragile, low=40)),))
    assert rests_on_few(together([one, wider])[0].answer)


@pytest.mark.parametrize(
    ("ratio", "answering", "lists", "said"),
    [
        (1.05, 4, 3, ["à un dixième près"]),
        (1.1, 4, 3, ["ne s’accordent pas"]),
        (2.0, 5, 3, ["se contredisent"]),
        (3.0, 3, 3, ["se contredisent", "Moins de quatre méthodes"]),
        (1.0, 1, 3, ["Moins de quatre méthodes"]),
        (1.0, 6, 2, ["à un dixième près", "ne prouve rien"]),
    ],
)
def test_disagreement_is_said_in_words(ratio, answering, lists, said):
    found = wording.disagreement(ratio, answering, lists)
    assert len(found) == len(said) and all(words in one for words, one in zip(said, found, strict=True))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=7, max_size=7), st.integers(0, 1000))
def test_completions_respect_every_bound_and_every_sum(numbers, seed):
    counts = np.array([0, *numbers])
    small = (counts > 0) & (counts < 5)
    beside = np.isin(np.arange(8), (1, 2, 4)) & (counts >= 5)
    known = Censored(
        lists=("A", "B", "C"),
        low=np.where(small, 1, np.where(beside, 5, counts)),
        high=np.where(small, 4, np.where(beside, 60, counts)),
    )
    cells = np.arange(8)
    sums = [
        (tuple(np.flatnonzero(cells >> place & 1).tolist()), *[int(counts[(cells >> place & 1) == 1].sum())] * 2)
        for place in range(3)
    ]
    low, high = seen_range(known, sums)
    for one in completions(known, sums, draws=2, seed=seed):
        assert (one.counts >= known.low).all() and (one.counts <= known.high).all()
        assert all(int(one.counts[list(members)].sum()) == least for members, least, _ in sums)
        assert low <= one.seen <= high
    assert low <= counts.sum() <= high


def test_the_order_of_the_lists_changes_no_answer():
    counts = forbidding(table("Korea"), [])
    turned = permuted(counts, (2, 0, 1))
    for method in LIGHT:
        one, other = method.run(counts, Effort()), method.run(turned, Effort())
        assert isinstance(one, Estimate) and isinstance(other, Estimate)
        assert one.persons == pytest.approx(other.persons, rel=1e-6)
