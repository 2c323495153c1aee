"""How many were never seen, from how often one source saw the others: published answers, known truths, by hand."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.estimation.heterogeneity import captures, chao_counts, chao_lee, poisson, zelterman
from egide.estimation.histories import Histories
from egide.estimation.results import Declined, Reason
from support.mse import FOLDER

METHODS = (chao_counts, zelterman, poisson, chao_lee)


def seen(name):
    with (FOLDER / f"freq_{name}.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["captures"]): int(row["units"]) for row in csv.DictReader(file)}


def test_the_rabbits_of_1961_are_135():
    rabbits = seen("SPECIES_cottontail")
    assert chao_counts(rabbits).persons == pytest.approx(76 + 43**2 / (2 * 16))  # 133.8
    for method in (chao_counts, zelterman):
        found = method(rabbits)
        assert found.low < 135 < found.high
    assert poisson(rabbits).high < 135  # rabbits are not all as easy to catch


def test_the_insured_of_1961_are_9461_and_every_method_is_a_lower_bound():
    insured = seen("SPECIES_traffic")
    assert sum(insured.values()) == 1621
    assert all(method(insured).persons < 9461 for method in METHODS)


def test_foreigners_without_papers_are_counted_as_in_the_article():
    """van der Heijden, Bustami, Cruyff, Engbersen and van Houwelingen 2003: 7,080 [6,363, 7,797] without covariates."""
    found = poisson(seen("Rcapture_ill"))
    assert round(found.persons) == 7080
    assert (round(found.notes["wald_low"]), round(found.notes["wald_high"])) == (6363, 7797)


def test_the_law_that_is_fitted_has_the_mean_that_was_seen():
    found = poisson(seen("Rcapture_ill"))
    rate = -np.log1p(-1880 / found.persons)
    assert rate * found.persons == pytest.approx(1645 + 2 * 183 + 3 * 37 + 4 * 13 + 5 + 6)


def test_chao_and_lee_by_hand():
    # 5 units once, 3 twice, 2 thrice: 17 sightings, coverage 12/17, 3 x 2 + 2 x 6 = 18 pairs
    found = chao_lee({1: 5, 2: 3, 3: 2})
    first = 10 * 17 / 12
    assert found.persons == pytest.approx(first + 17 * 5 / 12 * max(first * 18 / (17 * 16) - 1, 0))


@pytest.mark.parametrize("method", METHODS)
def test_units_all_seen_once_tell_nothing(method):
    assert method({1: 12}) == Declined(method=method.__name__, reason=Reason.NO_OVERLAP)


def test_nobody_seen_twice_but_some_seen_thrice_is_no_answer():
    for method in (chao_counts, zelterman):
        assert method({1: 12, 3: 4}).reason is Reason.NOT_EXISTING
    assert zelterman({2: 5}).reason is Reason.NOT_EXISTING


def test_nobody_seen_once_leaves_nobody_unseen_by_chao():
    found = chao_counts({2: 5, 3: 1})
    assert (found.persons, found.low, found.high) == (6, None, None)


@pytest.mark.parametrize("wrong", [{}, {0: 3, 1: 2}, {1: -1, 2: 4}, {1: 0}])
def test_what_is_no_count_of_sightings_is_refused(wrong):
    with pytest.raises(ValueError, match="somebody must be seen"):
        poisson(wrong)


def test_lists_may_be_taken_for_one_source():
    histories = Histories(lists=("A", "B", "C"), counts=[0, 10, 20, 3, 30, 2, 1, 4])
    assert captures(histories) == {1: 60, 2: 6, 3: 4}


@settings(max_examples=30, deadline=None)
@given(st.floats(0.2, 3), st.integers(1_000, 100_000))
def test_a_poisson_population_is_found_again_by_all(rate, persons):
    """Counts as expected: each method gives the population back, but for whole numbers."""
    times = np.arange(1, 12)
    law = np.exp(-rate) * np.cumprod(rate / times)
    counts = {int(number): round(persons * 1000 * chance) for number, chance in zip(times, law, strict=True)}
    for method in METHODS:
        assert method(counts).persons == pytest.approx(persons * 1000, rel=0.01)
