"""The exact search on published tables, and what it says of itself.

Numbers: tests/data/mse/baselines.csv; the Netherlands' six lists, which it lacks: `ranked` on all 32,768 models.
"""

from __future__ import annotations

import numpy as np
import pytest

from egide.estimation.choice import hierarchical
from egide.estimation.choice.leaps import best, best_of, how_many, interactions, model_of
from egide.estimation.fitting.fit import fit
from egide.estimation.histories import Histories
from support.mse import answered, table

MSE = "MultipleSystemsEstimation"


def _persons(name: str, order: int = 2) -> tuple[float, str]:
    given = table(name)
    found = best(given, order=order, compiled=True)
    assert found.proved
    return given.seen + found.unseen, str(found.model)


def test_the_published_best_models_of_five_lists_are_found_among_pairs_and_threes():
    for name in ("UKdat_5", "Ned_5", "NewOrl_5"):
        row = answered(MSE, "estimate_population bic (default", name)
        persons, model = _persons(name, order=3)
        assert persons == pytest.approx(float(row["estimate"]), rel=1e-6)
        assert model == row["model"]


def test_the_best_pairs_of_the_british_table_are_those_that_rcapture_finds():
    row = answered("Rcapture", "closedpMS.t", "UKdat_5")
    assert _persons("UKdat_5") == (pytest.approx(float(row["estimate"]), rel=1e-6), row["model"])


def test_the_best_of_32768_models_of_six_lists_is_found_with_a_hundredth_of_the_fits():
    row = answered(MSE, "estimate_population bic six lists", "UKdat")
    found = best(table("UKdat"), compiled=True)
    assert table("UKdat").seen + found.unseen == pytest.approx(float(row["estimate"]), rel=1e-6)
    assert str(found.model) == "[12,13,25,35,36,45]"
    assert found.models == 32_768
    assert found.fits < 328
    assert _persons("Ned") == (pytest.approx(116_667.02, abs=0.01), "[12,16,25,34,36,45,46]")


def test_the_best_of_268_million_models_of_eight_lists_is_proved():
    found = best(table("NewOrl"), compiled=True)
    assert found.proved
    assert found.models == 2**28
    assert table("NewOrl").seen + found.unseen == pytest.approx(1110.488, abs=0.001)
    assert found.model is not None
    assert found.model.named(table("NewOrl").lists) == ("D:E",)
    assert _persons("NewOrl_2019")[0] == pytest.approx(1183.69, abs=0.01)


def test_no_model_but_the_best_is_below_the_floor_of_the_others():
    given = table("UKdat")
    found = best(given, compiled=True)
    values = np.sort(fit(given, hierarchical(6, 2)).criterion(np.log(given.seen))[0])
    assert found.criterion == pytest.approx(values[0], abs=1e-8)
    assert found.criterion < found.others <= values[1] + 1e-8


def test_a_penalty_of_two_lets_more_interactions_in():
    given = table("UKdat_5")
    few, many = best(given, compiled=True).model, best(given, 2.0, compiled=True).model
    assert few is not None
    assert many is not None
    assert len(many.interactions) > len(few.interactions)


def test_a_search_that_is_cut_short_says_that_nothing_is_proved():
    given = table("NewOrl")
    found = best(given, most=60, compiled=True)
    assert not found.proved
    assert found.fits == 60
    assert found.others < best(given, compiled=True).criterion <= found.criterion


def test_a_model_without_a_maximum_is_never_the_answer():
    nobody_on_two_lists = Histories(lists=("A", "B", "C"), counts=np.array([0, 9, 7, 0, 5, 0, 0, 0]))
    found = best(nobody_on_two_lists)
    assert found.model is None
    assert np.isnan(found.unseen)
    assert found.criterion == np.inf


@pytest.mark.machine_code
def test_the_slow_loops_and_the_machine_code_agree():
    given = table("Kosovo")
    for order in (2, 3):
        slow, fast = best(given, order=order, compiled=False), best(given, order=order, compiled=True)
        assert slow.model == fast.model
        assert slow.fits == fast.fits
        assert slow.criterion == pytest.approx(fast.criterion, abs=1e-9)


def test_a_step_so_long_that_counts_overflow_is_halved_without_a_warning():
    given = Histories(lists=("A", "B", "C"), counts=[0, 0, 2, 1, 1, 2, 0, 2])  # warnings are errors in these tests
    slow, fast = best(given, compiled=False), best(given, compiled=True)
    assert slow.model == fast.model
    assert slow.criterion == pytest.approx(fast.criterion, abs=1e-9)


def test_a_table_of_nobody_has_no_model_beside_one_that_has():
    given = table("Korea")
    found = best_of([np.zeros(8), given.counts], given.possible, np.log(given.seen), compiled=True)
    assert found.model[0] == -1
    assert model_of(3, int(found.model[1])) == best(given).model


def test_the_models_are_counted_as_they_are_enumerated():
    assert [how_many(k, 2) for k in (3, 4, 5, 8)] == [8, 64, 1024, 2**28]
    assert [how_many(k, 3) for k in (3, 4, 5, 6)] == [8, 113, 6212, 3_702_013]


def test_nine_lists_and_interactions_of_four_are_refused():
    for k, order in ((9, 2), (7, 3), (5, 4)):
        with pytest.raises(ValueError, match="no exact search"):
            interactions(k, order)


def test_what_is_no_table_is_refused():
    possible = np.ones(8, dtype=np.bool_)
    with pytest.raises(ValueError, match="2\\^k counts"):
        best_of(np.zeros((1, 7)), possible[:7], 1.0)
    with pytest.raises(ValueError, match="a penalty"):
        best_of(np.ones((1, 8)), possible, -1.0)
    possible[3] = False
    with pytest.raises(ValueError, match="nobody can have"):
        best_of(np.ones((1, 8)), possible, 1.0)
