"""The averaged interval: what it declines, what it holds, which models it weighs."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import binom

from egide.estimation.histories import Histories, forbidding
from egide.estimation.intervals import averaged, mixture, penalised
from egide.estimation.results import Declined, Estimate, Reason
from support.mse import answered, table


def test_fewer_than_eight_persons_on_two_lists_give_no_number():
    assert averaged(table("Artificial_3")) == Declined(method="averaged", reason=Reason.TOO_FEW_REPEATS)
    alone = Histories(lists=("A", "B"), counts=[0, 30, 20, 0])
    assert averaged(alone) == Declined(method="averaged", reason=Reason.NO_OVERLAP)


def test_a_list_that_adds_nobody_to_the_other_leaves_no_estimate():
    # Everyone on B is on A: the product rule guesses that nobody is unseen, on the edge of what a model can say.
    inside = Histories(lists=("A", "B"), counts=[0, 54, 0, 12])
    assert averaged(inside) == Declined(method="averaged", reason=Reason.NOT_EXISTING)


@pytest.mark.parametrize("package, function", [("dga", "bma.cr"), ("Rcapture", "closedpMS.t")])
def test_the_interval_of_korea_holds_what_other_systems_answer(package, function):
    found = averaged(table("Korea"))
    assert found.low < float(answered(package, function, "Korea")["estimate"]) < found.high


def test_an_interval_starts_from_the_persons_seen_and_ends_on_whole_persons():
    found = averaged(table("Korea"))
    assert table("Korea").seen <= found.low < found.persons < found.high
    assert (found.low, found.high) == (int(found.low), int(found.high))


def test_a_list_with_nobody_changes_nothing():
    korea = table("Korea")
    longer = np.zeros(16, dtype=np.int64)
    longer[:8] = korea.counts
    assert averaged(Histories(lists=(*korea.lists, "empty"), counts=longer)) == averaged(korea)


def test_lists_that_cannot_overlap_are_not_asked_whether_they_depend():
    three = Histories(lists=("A", "B", "C"), counts=[0, 50, 40, 0, 30, 9, 8, 0])
    assert len(mixture.weighed(three)) == 16  # three pairs or not, the shared term or not
    assert len(mixture.weighed(forbidding(three, [("A", "B")]))) == 8


def test_every_model_of_four_lists_is_weighed_once_and_no_other():
    rows = mixture._rows((3, 5, 6, 9, 10, 12, 7, 11, 13, 14))
    sets = np.array([3, 5, 6, 9, 10, 12, 7, 11, 13, 14])
    every = (np.array(row) for row in product((False, True), repeat=11))
    allowed = {row.tobytes() for row in every if penalised.plausible(row, sets) > -np.inf}
    assert len(rows) == len(allowed) == 2 * 64 + 4 * 8
    assert {row.tobytes() for row in rows} == allowed


def test_notes_say_how_plausible_the_shared_term_and_a_triple_are():
    notes = averaged(table("Kosovo"), compiled=True).notes
    assert notes["models"] == 160
    assert notes["unknown"] == 0
    assert 0 <= notes["shared"] <= 1 - notes["triple"] <= 1


def test_a_walk_through_the_models_agrees_with_weighing_them_all(monkeypatch):
    lesbian = table("Rcapture_lesbian")
    whole = averaged(lesbian, compiled=True)
    monkeypatch.setattr(mixture, "MOST_ENUMERATED", 3)
    walked = averaged(lesbian, compiled=True)
    for end in ("persons", "low", "high"):
        assert getattr(walked, end) == pytest.approx(getattr(whole, end), rel=0.03)


def test_six_lists_are_walked_through_alike_from_one_seed():
    first = averaged(table("UKdat"), seed=3, steps=2_000)
    assert first == averaged(table("UKdat"), seed=3, steps=2_000)
    assert first != averaged(table("UKdat"), seed=4, steps=2_000)


@pytest.mark.machine_code
def test_both_ways_to_run_the_loops_give_one_answer():
    plain, fast = (averaged(table("Korea"), compiled=compiled) for compiled in (False, True))
    assert plain.persons == pytest.approx(fast.persons, rel=1e-9)
    assert (plain.low, plain.high) == (fast.low, fast.high)


def test_a_walk_is_the_same_run_both_ways(monkeypatch):
    monkeypatch.setattr(mixture, "MOST_ENUMERATED", 2)
    plain, fast = (mixture.weighed(table("Korea"), steps=200, compiled=compiled) for compiled in (False, True))
    assert plain == pytest.approx(fast, rel=1e-9)
    assert len(plain) == 180  # the first tenth is forgotten


def test_a_model_is_told_by_its_farthest_reaching_term():
    sets = np.array([3, 5, 6, 7])
    assert penalised.kind(np.array([True, True, True, False, False]), sets) == 0
    assert penalised.kind(np.array([True, True, True, True, False]), sets) == 1
    assert penalised.kind(np.array([True, False, False, False, True]), sets) == 2


def test_the_interval_holds_the_truth_in_at_least_92_of_100_populations():
    # 400 persons, lists that see 20, 15 and 12 % and of which two depend (odds x 2.2). The check fails by chance, were
    # the coverage exactly 92 %, once in ten thousand draws of the seed.
    odds = np.array(
        [1, 0.25, 0.176, 0.25 * 0.176 * 2.2, 0.136, 0.25 * 0.136, 0.176 * 0.136, 0.25 * 0.176 * 0.136 * 2.2]
    )
    drawn = np.random.default_rng(6).poisson(400 * odds / odds.sum(), (250, 8))
    held = 0
    for population in drawn:
        seen = np.where(np.arange(8) > 0, population, 0)
        found = averaged(Histories(lists=("A", "B", "C"), counts=seen), compiled=True)
        assert isinstance(found, Estimate)
        held += found.low <= population.sum() <= found.high
    assert held >= binom.ppf(1e-4, 250, 0.92)
