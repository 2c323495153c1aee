"""The Bayesian threshold: which pairs of lists stay, and the posterior under them."""

import numpy as np
import pytest
from scipy.integrate import quad

from egide.estimation.choice.threshold import threshold
from egide.estimation.histories import Histories, forbidding, permuted
from egide.estimation.results import Declined, Estimate, Reason
from support.mse import answered, table


def answer(given: Histories, **asked: float) -> Estimate:
    found = threshold(given, seed=1, draws=20_000, **asked)
    assert isinstance(found, Estimate)
    return found


@pytest.mark.parametrize("name", ["Korea", "Kosovo", "UKdat_5", "Ned_5", "NewOrl_5"])
def test_the_pairs_kept_are_those_of_the_r_package_and_the_median_is_near_its_own(name: str):
    row, found = answered("MultipleSystemsEstimation", "estimate_population bayesthresh", name), answer(table(name))
    assert found.model is not None
    assert set(found.model.named(table(name).lists)) == set(row["model"].split())
    # The package's chain is worth about a hundred independent draws: an error of 3 % of the interval's width on the
    # median, of 7 % on an end (normal law); three of these errors are allowed.
    width = float(row["ci95_high"]) - float(row["ci95_low"])
    assert found.persons == pytest.approx(float(row["estimate"]), abs=0.1 * width)
    assert [found.low, found.high] == pytest.approx([float(row["ci95_low"]), float(row["ci95_high"])], abs=0.2 * width)


def test_two_lists_that_ignore_each_other_give_what_integrating_over_the_posterior_gives():
    given = Histories(lists=("A", "B"), counts=[0, 40, 30, 12])
    found = answer(given, least=1e9, main_precision=1.0)  # no pair can stay: level, A and B only

    def mass(level: float) -> float:  # of the two lists given the level: a fine grid
        a = np.linspace(-4, 4, 401)
        return np.exp(_log_posterior(level, a[:, None], a[None, :]) + 40).sum() * (a[1] - a[0]) ** 2

    def _log_posterior(level: float, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        logs = [level + one, level + other, level + one + other]
        fit = sum(count * log - np.exp(log) for count, log in zip((40, 30, 12), logs, strict=True))
        return fit - 0.5 * (level**2 + one**2 + other**2) - 170

    whole = quad(mass, 1, 8, limit=60, epsrel=1e-5)[0]
    for end, chance in ((found.low, 0.025), (found.persons, 0.5), (found.high, 0.975)):
        below = quad(mass, 1, np.log(end - 82), limit=60, epsrel=1e-5)[0]
        assert below / whole == pytest.approx(chance, abs=0.012)  # 20,000 draws: standard error under 0.004


def test_the_order_of_the_lists_moves_the_answer_by_no_more_than_the_draws_do():
    one, other = answer(table("Korea")), answer(permuted(table("Korea"), (2, 0, 1)))
    assert other.persons == pytest.approx(one.persons, rel=0.01)


def test_lists_that_cannot_overlap_have_no_parameter_together():
    counts = [0, 50, 40, 0, 60, 12, 15, 0]
    found = answer(forbidding(Histories(lists=("A", "B", "C"), counts=counts), [("A", "B")]), least=0.0)
    assert found.model is not None
    assert found.model.named(("A", "B", "C")) == ("A:C", "B:C")


def test_without_overlap_nothing_is_said():
    alone = Histories(lists=("A", "B"), counts=[0, 5, 4, 0])
    assert threshold(alone, seed=1) == Declined(method="threshold", reason=Reason.NO_OVERLAP)


def test_too_few_independent_draws_are_a_refusal():
    found = threshold(table("Korea"), seed=1, draws=500)
    assert isinstance(found, Declined)
    assert found.reason is Reason.NOT_CONVERGED
