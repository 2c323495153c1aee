"""One person, one list or one model away."""

from __future__ import annotations

from functools import partial

import pytest

from egide.estimation.choice import bic, stepwise
from egide.estimation.histories import Histories, forbidding, from_rows
from egide.estimation.results import Answer, Declined, Estimate, Reason
from egide.estimation.sensitivity import Undecidable, one_person, undecidable, without, without_each_list
from support.mse import table

ALONE = from_rows("ABC", [((1, 0, 0), 9), ((0, 1, 0), 8), ((0, 0, 1), 7)])
CD = 12  # on lists C and D of New Orleans


@pytest.mark.parametrize("method", [stepwise, partial(bic, order=2)])
def test_one_person_fewer_on_two_lists_of_new_orleans_is_five_per_cent_more_in_all(method):
    found = one_person(table("NewOrl_5"), method)
    (fewer,) = [one for one in found.changes if (one.history, one.by) == (CD, -1)]
    assert isinstance(found.before, Estimate)
    assert isinstance(fewer.answer, Estimate)
    assert [round(found.before.persons), round(fewer.answer.persons)] == [981, 1_034]
    assert found.ratio(fewer) == pytest.approx(1.054, abs=1e-3)


def test_each_history_gains_a_person_and_each_that_has_one_loses_one():
    found = one_person(table("Korea"), stepwise)
    assert len(found.changes) == 7 + (table("Korea").counts > 0).sum()
    largest = found.largest()
    assert largest is not None
    ratios = [found.ratio(one) for one in found.changes]
    assert found.ratio(largest) in (min(each for each in ratios if each), max(each for each in ratios if each))


def test_nobody_is_put_where_nobody_can_be():
    given = forbidding(table("Artificial_3"), [("A", "C")])
    assert {one.history for one in one_person(given, stepwise).changes} == {1, 2, 3, 4, 6}


def test_losing_the_only_person_on_two_lists_is_the_largest_change():
    given = from_rows("AB", [((1, 0), 9), ((0, 1), 8), ((1, 1), 1)])
    found = one_person(given, stepwise)
    largest = found.largest()
    assert largest is not None
    assert (largest.history, largest.by, found.ratio(largest)) == (3, -1, None)
    assert one_person(ALONE, stepwise).largest() is None


def test_leaving_a_list_out_drops_who_is_on_no_other():
    given = table("NewOrl_5")
    found = without_each_list(given, stepwise)
    assert [row.name for row in found.rows] == list(given.lists)
    for place, row in enumerate(found.rows):
        assert row.seen == given.seen - given.counts[1 << place]
    assert all(found.ratio(row) is not None for row in found.rows)


def test_the_table_without_a_list_adds_up_what_it_told_apart():
    given = from_rows("ABC", [((1, 0, 0), 5), ((1, 1, 0), 3), ((0, 1, 1), 2), ((1, 1, 1), 1)])
    left = without(given, "B")
    assert left.lists == ("A", "C")
    assert left.counts.tolist() == [0, 8, 2, 1]


def test_a_history_is_possible_without_a_list_if_it_was_with_or_without_it():
    left = without(forbidding(table("Artificial_3"), [("A", "C")]), "B")
    assert left.possible.tolist() == [True, True, True, False]


def test_two_lists_cannot_do_without_one():
    given = from_rows("AB", [((1, 0), 9), ((0, 1), 8), ((1, 1), 3)])
    assert without_each_list(given, stepwise).rows == ()


def test_models_that_the_data_cannot_tell_apart_give_a_range():
    found = undecidable(table("UKdat_5"), distances=(6, 2))
    assert isinstance(found, Undecidable)
    near, far = found.ranges
    assert (near.distance, far.distance) == (2, 6)
    assert near.models <= far.models
    assert near.weight <= far.weight < 1
    assert far.low.persons <= near.low.persons < 25_311 < near.high.persons <= far.high.persons
    assert found.factor() > 3  # the United Kingdom: from 10,700 to 34,100


def test_the_largest_models_are_told_when_they_have_an_estimate():
    found = undecidable(table("Kosovo"))
    assert isinstance(found, Undecidable)
    assert (len(found.largest), found.tried) == (5, 5)
    counts = table("Kosovo").counts.astype(float)
    odd = [cell for cell in range(1, 16) if cell.bit_count() % 2]
    even = [cell for cell in range(1, 16) if cell.bit_count() % 2 == 0]
    unseen = counts[odd].prod() / counts[even].prod()  # all interactions but the last: a fit without error
    assert found.largest[0].persons == pytest.approx(table("Kosovo").seen + unseen)


def test_what_has_no_estimate_is_declined():
    found = undecidable(ALONE)
    assert isinstance(found, Declined)
    assert found.reason is Reason.NO_OVERLAP


def test_a_method_is_any_function_of_a_table():
    def twice(given: Histories) -> Answer:
        return Estimate(method="twice", persons=2.0 * given.seen)

    found = one_person(table("Korea"), twice)
    assert {one.answer.persons for one in found.changes if isinstance(one.answer, Estimate)} == {244.0, 248.0}
