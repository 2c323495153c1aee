"""The best model, the others beside it, and what drives them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from egide.estimation.choice import Ranking, aic, average, bic, hierarchical, obic, ranked
from egide.estimation.choice.criteria import penalty
from egide.estimation.histories import Histories, from_rows
from egide.estimation.models import independence, read
from egide.estimation.results import Declined, Estimate, Reason
from support.mse import answered, table

ALONE = from_rows("ABC", [((1, 0, 0), 9), ((0, 1, 0), 8), ((0, 0, 1), 7)])


def ranking(given: Histories, **asked: object) -> Ranking:
    found = ranked(given, **asked)  # type: ignore[arg-type]
    assert isinstance(found, Ranking)
    return found


@pytest.mark.parametrize("name", ["Korea", "Kosovo", "UKdat_5", "Ned_5", "NewOrl_5"])
def test_the_least_bic_gives_the_estimate_and_the_model_of_the_r_package(name: str):
    row, found = answered("MultipleSystemsEstimation", "estimate_population bic (default", name), bic(table(name))
    assert isinstance(found, Estimate)
    assert f"{found.persons:.8g}" == row["estimate"]
    assert str(found.model) == row["model"]


@pytest.mark.slow
def test_six_lists_give_the_published_estimate_of_the_united_kingdom():
    found = bic(table("UKdat"))
    assert isinstance(found, Estimate)
    assert round(found.persons) == 12_350


@pytest.mark.slow
@pytest.mark.parametrize(("name", "persons"), [("NewOrl", "1110.4881"), ("NewOrl_2019", "1183.6923")])
def test_eight_lists_give_the_best_of_all_pairwise_models_among_its_neighbours(name: str, persons: str):
    found = ranking(table(name))
    assert f"{found.persons[0]:.8g}" == persons
    assert str(found.models[0]) == "[45,1,2,3,6,7,8]"
    assert found.tried == 1 + 28 + 378 + 3_276


def test_a_criterion_is_the_likelihood_and_a_price_for_each_parameter():
    given = table("Korea")
    found = ranking(given)
    place = found.models.index(independence(3))
    counts = given.counts[1:]
    rates = [sum(given.counts[cell] for cell in range(8) if cell >> one & 1) for one in range(3)]
    assert found.criterion[place] == pytest.approx(_independent(counts, rates) + 4 * math.log(123), rel=1e-6)


def _independent(counts: np.ndarray, rates: list[int]) -> float:
    """-2 log-likelihood of independence, where the number of persons solves one equation (Darroch 1958)."""
    low, high = float(counts.sum()), 1e9
    for _ in range(200):
        middle = (low + high) / 2
        missed = middle * math.prod(1 - rate / middle for rate in rates)
        low, high = (low, middle) if middle - missed > counts.sum() else (middle, high)
    found = 0.0
    for cell in range(1, 8):
        mean = low * math.prod(rate / low if cell >> one & 1 else 1 - rate / low for one, rate in enumerate(rates))
        found += counts[cell - 1] * math.log(mean) - mean - math.lgamma(counts[cell - 1] + 1)
    return -2 * found


def test_the_three_criteria_price_a_parameter_by_who_can_tell_it():
    given = table("UKdat_5")
    assert penalty(given, "aic") == 2
    assert penalty(given, "bic") == math.log(2_744)
    assert penalty(given, "obic") == math.log(given.repeated)
    with pytest.raises(ValueError, match="two lists"):
        penalty(ALONE, "obic")


def test_a_lower_price_keeps_more_interactions():
    kept = [choice(table("NewOrl_5"), order=2) for choice in (bic, obic, aic)]
    sizes = [len(one.model.interactions) for one in kept if isinstance(one, Estimate) and one.model]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


def test_weights_are_those_of_the_differences_and_sum_to_one():
    found = ranking(table("Kosovo"))
    assert found.weights.sum() == pytest.approx(1)
    assert np.all(np.diff(found.criterion) >= 0)
    ratio = math.exp((found.criterion[0] - found.criterion[3]) / 2)
    assert found.weights[3] / found.weights[0] == pytest.approx(ratio)


def test_the_support_of_an_interaction_is_the_weight_of_the_models_that_have_it():
    found = ranking(table("Korea"))
    by_hand = sum(w for model, w in zip(found.models, found.weights, strict=True) if 3 in model.interactions)
    assert found.support()[3] == pytest.approx(by_hand)
    assert list(found.support().values()) == sorted(found.support().values(), reverse=True)


def test_the_average_stands_beside_the_best_and_between_the_extremes():
    best, mean = bic(table("Korea")), average(table("Korea"))
    assert isinstance(best, Estimate)
    assert isinstance(mean, Estimate)
    assert best.notes["average"] == mean.persons
    assert mean.notes["best"] == best.persons
    persons = ranking(table("Korea")).persons
    assert persons.min() < mean.persons < persons.max()


def test_models_without_an_estimate_are_tried_and_not_ranked():
    found = ranking(table("Artificial_3"))
    assert {str(one) for one in found.models} == {"[1,2,3]", "[13,2]", "[23,1]", "[13,23]"}
    assert found.tried == 8


def test_chosen_models_can_be_ranked_alone():
    found = ranking(table("Kosovo"), models=[independence(4), read(4, "[12,13,14,23,34]")])
    assert [str(one) for one in found.models] == ["[12,13,14,23,34]", "[1,2,3,4]"]
    assert f"{found.persons[0]:.8g}" == "14341.664"


def test_the_models_near_the_best_are_those_whose_criterion_is():
    found = ranking(table("Kosovo"))
    assert found.within(0).tolist() == [0]
    assert len(found.within(math.inf)) == len(found.models) == len(hierarchical(4, 3))


@pytest.mark.parametrize("choice", [bic, aic, obic, average])
def test_nobody_on_two_lists_is_declined(choice):
    found = choice(ALONE)
    assert isinstance(found, Declined)
    assert found.reason is Reason.NO_OVERLAP


def test_models_that_all_lack_an_estimate_are_declined_with_the_reason():
    unidentified = ranked(table("Artificial_3"), models=[read(3, "[12,13,23]")])
    without = ranked(table("Artificial_3"), models=[read(3, "[12,3]")])
    assert isinstance(unidentified, Declined)
    assert isinstance(without, Declined)
    assert unidentified.reason is Reason.NOT_IDENTIFIED
    assert without.reason is Reason.NOT_EXISTING
