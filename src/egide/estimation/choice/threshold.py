"""Interactions that a posterior keeps away from zero: the Bayesian threshold of Silverman.

All pairs of lists get a parameter with a normal prior; those whose posterior mean is under two standard deviations are
dropped, and the posterior of what is left gives the answer. The posterior is drawn by importance from a Student law
around its mode, which has no start to forget: what it is worth in independent draws is known, and too few is a refusal.
Source: docs/methods/bayesian-threshold.md; Silverman 2020, section 6.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from egide.estimation.fitting.regression import poisson_fit
from egide.estimation.histories import Floats, Histories, sizes, superset_sums
from egide.estimation.models import Model, design_matrix, pairs
from egide.estimation.results import Answer, Declined, Estimate, Reason

DRAWS = 40_000
_FREEDOM = 8  # tails of the proposal: heavier than any posterior met
_LEAST_DRAWS = 1_000  # independent ones, below which an end of the interval moves by some per cent


@frozen(kw_only=True, eq=False)
class _Draws:
    """theta: shape (draws, parameters); weights: shape (draws,), of sum 1."""

    theta: Floats
    weights: Floats

    @property
    def independent(self) -> float:
        return float(1 / (self.weights**2).sum())

    def signals(self) -> Floats:
        """Shape (parameters,): mean over standard deviation."""
        mean = self.weights @ self.theta
        found: Floats = mean / np.sqrt(self.weights @ (self.theta - mean) ** 2)
        return found

    def quantiles(self, values: Floats, chances: tuple[float, ...]) -> Floats:
        return np.quantile(values, chances, weights=self.weights, method="inverted_cdf")


def threshold(
    given: Histories,
    *,
    seed: int,
    least: float = 2.0,
    precision: float = 1.0,
    main_precision: float = 1e-4,
    level: float = 0.95,
    draws: int = DRAWS,
) -> Answer:
    """Posterior median and central interval under the pairs kept. [chance]

    Declined: NO_OVERLAP where nobody is on two lists, NOT_CONVERGED where the draws are worth too few.
    least: mean over standard deviation that a pair must reach. precision, main_precision: 1 / variance of the normal
    priors of pairs, and of single lists and the general level; the defaults are those of the published analyses.
    """
    chance = np.random.default_rng(seed)
    together = superset_sums(given.possible.astype(np.int64))
    whole = Model(k=given.k, interactions=tuple(pair for pair in pairs(given.k) if together[pair]))
    if given.repeated == 0:
        return Declined(method="threshold", reason=Reason.NO_OVERLAP)
    first = _posterior(given, whole, precision, main_precision, chance, draws)
    signals = dict(zip(whole.terms.tolist(), first.signals().tolist(), strict=True))
    kept = Model(k=given.k, interactions=tuple(term for term in whole.interactions if abs(signals[term]) > least))
    second = _posterior(given, kept, precision, main_precision, chance, draws)
    if min(first.independent, second.independent) < _LEAST_DRAWS:
        return Declined(method="threshold", reason=Reason.NOT_CONVERGED, model=kept)
    persons = given.seen + np.exp(second.theta[:, 0])
    low, middle, high = second.quantiles(persons, ((1 - level) / 2, 0.5, (1 + level) / 2))
    return Estimate(
        method="threshold",
        persons=float(middle),
        low=float(low),
        high=float(high),
        level=level,
        model=kept,
        notes={"independent_draws": second.independent},
    )


def _posterior(
    given: Histories, model: Model, precision: float, main: float, chance: np.random.Generator, draws: int
) -> _Draws:
    """The law of the parameters of `model`, drawn by importance from a Student law around its mode."""
    cells = given.possible & (np.arange(len(given.possible)) > 0)
    design, counts = design_matrix(model.terms, cells), given.counts[cells].astype(np.float64)
    prior = np.where(sizes(given.k)[model.terms] >= 2, precision, main)
    top = poisson_fit(design, counts, prior=prior)
    mode, spread = top.theta, np.linalg.cholesky(top.covariance)
    normal = chance.standard_normal((draws, len(mode)))
    stretch = np.sqrt(_FREEDOM / chance.chisquare(_FREEDOM, draws))
    theta = mode + (normal * stretch[:, None]) @ spread.T
    logs = theta @ design.T
    posterior = logs @ counts - np.exp(logs).sum(axis=1) - 0.5 * theta**2 @ prior
    proposal = -(_FREEDOM + len(mode)) / 2 * np.log1p((normal**2).sum(axis=1) * stretch**2 / _FREEDOM)
    weights = np.exp(posterior - proposal - (posterior - proposal).max())
    return _Draws(theta=theta, weights=weights / weights.sum())
