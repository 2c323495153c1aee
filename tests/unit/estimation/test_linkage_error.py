"""Missed links and doubtful ones, undone and carried into the interval. Rule: docs/methods/linkage-error.md."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from egide.estimation.histories import Histories
from egide.estimation.linkage_error import breaking, broken, carried, corrected, missed_links_undone, restored
from egide.estimation.results import Declined, Estimate, Reason
from support.broken_links import WORLDS, World, by_model

NINE_IN_TEN = np.sqrt(0.9)  # kept by each record, so that nine pairs of records in ten are found


def three(*counts: int) -> Histories:
    return Histories(lists=("A", "B", "C"), counts=[0, *counts])


TABLE = three(250, 200, 60, 150, 45, 40, 15)


def says(unseen: float, low: float, high: float):
    """An estimator that says the same unseen persons of any table."""

    def estimator(given: Histories) -> Estimate:
        return Estimate(method="x", persons=given.seen + unseen, low=given.seen + low, high=given.seen + high)

    return estimator


def test_with_two_lists_a_link_is_found_when_both_records_keep_it():
    """Ding and Fienberg (1994): n12 becomes r2 n12, and each list keeps its length."""
    assert broken(2, [0.9, 0.8]) @ [0, 50, 60, 100] == pytest.approx([0, 50 + 28, 60 + 28, 72])


def test_two_records_of_a_person_are_together_as_often_whatever_the_other_lists():
    matrix = broken(4, 0.9)
    for history in (0b0011, 0b0111, 0b1111):
        with_both = [cell for cell in range(16) if cell & 0b0011 == 0b0011]
        assert matrix[with_both, history].sum() == pytest.approx(0.81)


def test_when_every_link_is_found_nothing_changes():
    assert missed_links_undone(TABLE.counts, 1.0) == pytest.approx(TABLE.counts)
    assert [one.counts.tolist() for one in known(TABLE, 1.0, draws=2)] == [TABLE.counts.tolist()] * 2


def known(table: Histories, recall: float, *, draws: int) -> tuple[Histories, ...]:
    return restored(table, recall=recall, low=recall, high=recall, draws=draws, chance=np.random.default_rng(1))


def test_an_overlap_that_no_true_table_can_give_is_undone_without_a_negative_count():
    empty_on_one = missed_links_undone(three(0, 0, 100, 0, 0, 0, 0).counts, 0.9)  # nobody alone, though links break
    assert empty_on_one[[1, 2, 4, 5, 6, 7]] == pytest.approx(np.zeros(6), abs=0.01)
    assert empty_on_one[3] == pytest.approx(100 / (0.81 + 2 * 0.19))  # where 100 log(0.81 x) - 1.19 x is largest


def test_tables_broken_by_chance_are_on_average_what_the_matrix_says():
    chance = np.random.default_rng(2)
    mean = np.mean([breaking(TABLE.counts, 0.8, chance) for _ in range(400)], axis=0)
    assert mean[1:] == pytest.approx((broken(3, 0.8) @ TABLE.counts)[1:], rel=0.03, abs=1)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_with_a_tenth_of_the_links_missed_the_estimate_is_a_tenth_too_high_and_once_corrected_right(world: World):
    """Goal G12: under 3 % of bias. Means of the populations, so that nothing is left but the bias."""
    estimator = partial(by_model, world.model)
    true = np.round(world.means * 20)
    true[0] = 0
    seen = np.round(broken(world.model.k, NINE_IN_TEN) @ true)
    seen[0] = 0
    lists = tuple("ABCDE"[: world.model.k])
    observed = Histories(lists=lists, counts=seen)
    raw = estimator(observed)
    chance = np.random.default_rng(3)
    fixed = corrected(observed, recall=0.9, low=0.9, high=0.9, estimator=estimator, chance=chance, draws=3)
    assert raw.persons / (20 * world.persons) - 1 > 0.08
    assert abs(fixed.persons / (20 * world.persons) - 1) < 0.01


def test_a_recall_less_well_known_gives_a_wider_interval():
    widths = []
    for low, high in ((0.9, 0.9), (0.8, 0.96)):
        chance = np.random.default_rng(4)
        model = partial(by_model, WORLDS[0].model)
        found = corrected(TABLE, recall=0.9, low=low, high=high, estimator=model, chance=chance, draws=30)
        widths.append(found.high - found.low)
    assert widths[1] > 1.2 * widths[0]


def test_impossible_histories_stay_empty():
    table = Histories(
        lists=("A", "B", "C"),
        counts=[0, 250, 200, 0, 150, 45, 40, 0],
        possible=np.array([True, True, True, False, True, True, True, False]),
    )
    for one in known(table, 0.8, draws=5):
        assert one.counts[[3, 7]].tolist() == [0, 0]


@pytest.mark.parametrize(("recall", "low", "high"), [(0.9, 0.95, 0.97), (0.9, 0.0, 0.95), (1.1, 0.9, 1.2)])
def test_a_recall_outside_its_range_or_of_nothing_is_refused(recall, low, high):
    with pytest.raises(ValueError, match="recall"):
        restored(TABLE, recall=recall, low=low, high=high, draws=1, chance=np.random.default_rng(1))


@pytest.mark.parametrize("kept", [0.0, 1.2, [0.5, 0.5, -0.1]])
def test_a_record_keeps_its_links_with_a_probability(kept):
    with pytest.raises(ValueError, match="probability"):
        broken(3, kept)


def test_one_table_gives_back_the_estimators_own_answer():
    found = carried([TABLE], None, says(500, 400, 700))
    own = says(500, 400, 700)(TABLE)
    assert (found.persons, found.low, found.high) == pytest.approx((own.persons, own.low, own.high))


def test_tables_that_disagree_widen_the_interval_and_it_holds_what_each_says():
    answers = {TABLE.seen: 1_500.0, TABLE.seen + 40: 1_800.0}
    other = three(290, 200, 60, 150, 45, 40, 15)

    def estimator(given: Histories) -> Estimate:
        persons = answers[given.seen]
        return Estimate(method="x", persons=persons, low=persons - 60, high=persons + 70)

    found = carried([TABLE, other], None, estimator)
    assert 1_500 < found.persons < 1_800
    assert found.low < 1_500 and found.high > 1_800
    mostly = carried([TABLE, other], [9, 1], estimator)
    assert mostly.persons < found.persons


def test_the_quantiles_are_those_of_persons_drawn_from_the_mixture():
    tables = [TABLE, three(290, 200, 60, 150, 45, 40, 15), three(230, 210, 66, 150, 45, 40, 15)]
    found = carried(tables, [1, 2, 1], says(900, 700, 1_200))
    chance = np.random.default_rng(5)
    z = chance.standard_normal(400_000)
    spread = np.where(z < 0, np.log(900 / 700), np.log(1_200 / 900)) / 1.959964
    seen = chance.choice([one.seen for one in tables], p=[0.25, 0.5, 0.25], size=len(z))
    drawn = seen + 900 * np.exp(z * spread)
    assert np.quantile(drawn, [0.025, 0.5, 0.975]) == pytest.approx([found.low, found.persons, found.high], rel=0.004)


def test_an_estimator_without_interval_gives_none():
    found = carried([TABLE, TABLE], None, lambda given: Estimate(method="x", persons=2.0 * given.seen))
    assert (found.persons, found.low, found.high) == (2 * TABLE.seen, None, None)


def test_a_few_tables_without_an_answer_are_told_and_many_are_a_refusal():
    def shy(most: int):
        asked = iter(range(10))

        def estimator(given: Histories):
            if next(asked) < most:
                return Declined(method="x", reason=Reason.NOT_EXISTING)
            return says(500, 400, 700)(given)

        return carried([TABLE] * 10, None, estimator)

    assert shy(2).notes["declined"] == pytest.approx(0.2)
    assert shy(2).persons == pytest.approx(TABLE.seen + 500)
    assert shy(3) == Declined(method="linkage", reason=Reason.NOT_EXISTING)


@pytest.mark.parametrize("weights", [[1.0], [1.0, 0.0], [1.0, -1.0]])
def test_weights_are_one_positive_number_for_each_table(weights):
    with pytest.raises(ValueError, match="weight"):
        carried([TABLE, TABLE], weights, says(500, 400, 700))


def test_no_table_is_refused():
    with pytest.raises(ValueError, match="one table or more"):
        carried([], None, says(500, 400, 700))
