"""Estimates by sex, age or form of exploitation that add up to the total, each stratum borrowing from the others.

Every stratum has a level of its own. What being on a list does, and how two lists depend on each other, is common to
all, up to deviations that are normal around zero; how far strata deviate is learned from the table (empirical Bayes). A
stratum with few persons is thus drawn to the others, one with many speaks for itself, and no stratum is dropped for
lack of overlaps. Source: docs/methods/strata.md; Gelman and Hill 2007; indicator 16.2.2 of the United Nations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count

import numpy as np
from attrs import frozen
from scipy.optimize import minimize

from egide.estimation.fitting import existence
from egide.estimation.fitting.regression import PoissonFit, poisson_fit
from egide.estimation.histories import Floats, Histories, Ints, sizes
from egide.estimation.models import Model, design_matrix
from egide.estimation.results import Declined, Estimate, Reason

METHOD = "strata"
DRAWS = 4_000
_FLAT = 1e-9  # precision of what has no prior, so that every matrix has an inverse
_START = np.log(0.3)  # of the spread of deviations, in logarithms of a parameter
_SPREADS = (np.log(0.01), np.log(3.0))  # under the first nothing deviates, over the second nothing is shared

Label = tuple[str, ...]


class _Stopped(Exception):
    pass


@frozen(kw_only=True, eq=False)
class Stratified:
    """The answer of each stratum and of any sum of strata, from the same draws.

    seen: persons seen, by stratum. unseen: shape (strata,). draws: shape (draws, strata), the unseen. spread: standard
    deviations of the effects of lists and of pairs of lists between strata.
    """

    labels: tuple[Label, ...]
    seen: tuple[int, ...]
    unseen: Floats
    draws: Floats
    spread: tuple[float, float]
    model: Model
    level: float

    @property
    def total(self) -> Estimate:
        return self.sum_of(self.labels)

    def of(self, label: Label) -> Estimate:
        return self.sum_of((label,))

    def margin(self, place: int) -> dict[str, Estimate]:
        """By the values of one covariate, the others summed."""
        values = dict.fromkeys(label[place] for label in self.labels)
        return {value: self.sum_of(tuple(one for one in self.labels if one[place] == value)) for value in values}

    def sum_of(self, labels: tuple[Label, ...]) -> Estimate:
        """Of some strata together: their persons are the sum of theirs, exactly."""
        places = [self.labels.index(label) for label in labels]
        seen = sum(self.seen[place] for place in places)
        drawn = self.draws[:, places].sum(axis=1)
        low, high = np.quantile(drawn, [(1 - self.level) / 2, (1 + self.level) / 2])
        return Estimate(
            method=METHOD,
            persons=seen + float(sum(self.unseen[place] for place in places)),
            low=seen + float(low),
            high=seen + float(high),
            level=self.level,
            model=self.model,
            notes={"lists_spread": self.spread[0], "pairs_spread": self.spread[1]},
        )


def collapsed(tables: Mapping[Label, Histories]) -> Histories:
    """All strata together. Refuses none at all, and strata with other lists or other impossible histories."""
    every = tuple(tables.values())
    if not every or any(one.lists != every[0].lists or (one.possible != every[0].possible).any() for one in every):
        raise ValueError("strata have the same lists and the same impossible histories")
    return every[0].with_counts(np.sum([one.counts for one in every], axis=0))


def stratified(
    tables: Mapping[Label, Histories],
    model: Model,
    *,
    seed: int,
    level: float = 0.95,
    draws: int = DRAWS,
    tell: Callable[[int], None] = lambda fit: None,
    stop: Callable[[], bool] = lambda: False,
) -> Stratified | Declined:
    """One answer for all strata under `model`. [chance]

    tell: called with the rank of each fit; stop: asked before each. Declined: NOT_EXISTING where `model` has no
    estimate on the collapsed table, STOPPED once `stop` says so. Refuses what `collapsed` does.
    """
    whole = collapsed(tables)
    if existence.check(whole, model).code != existence.EXISTS:
        return Declined(method=METHOD, reason=Reason.NOT_EXISTING, model=model)
    held, inside = existence.live(model.terms, whole.counts > 0, whole.possible)
    counts = np.concatenate([table.counts[inside] for table in tables.values()]).astype(np.float64)
    design, kinds = _design(design_matrix(held, inside), len(tables), sizes(whole.k)[held])
    top: PoissonFit | None = None
    fits = count(1)

    # Minus the logarithm of the marginal likelihood, by Laplace's approximation.
    def unlikeliness(spreads: Floats) -> float:
        nonlocal top
        if stop():
            raise _Stopped
        tell(next(fits))
        prior = _prior(kinds, np.clip(spreads, *_SPREADS))
        top = poisson_fit(design, counts, prior=prior, start=None if top is None else top.theta)
        _, determinant = np.linalg.slogdet(top.information)
        return float(0.5 * determinant - top.likelihood - 0.5 * np.log(prior).sum())

    try:
        found = minimize(
            unlikeliness, np.array([_START, _START]), method="Nelder-Mead", options={"xatol": 0.05, "fatol": 1e-2}
        )
    except _Stopped:
        return Declined(method=METHOD, reason=Reason.STOPPED, model=model)
    spreads = np.clip(found.x, *_SPREADS)
    last = poisson_fit(design, counts, prior=_prior(kinds, spreads))
    theta = np.random.default_rng(seed).multivariate_normal(last.theta, last.covariance, size=draws)
    return Stratified(
        labels=tuple(tables),
        seen=tuple(table.seen for table in tables.values()),
        unseen=np.exp(last.theta[: len(tables)]),
        draws=np.exp(theta[:, : len(tables)]),
        spread=(float(np.exp(spreads[0])), float(np.exp(spreads[1]))),
        model=model,
        level=level,
    )


def _design(one: Ints, strata: int, named: Ints) -> tuple[Floats, Ints]:
    """Columns: the level of each stratum, what is common, then each stratum's deviations.

    one: shape (cells, terms), the design matrix of one stratum. named: shape (terms,), how many lists each term names.
    Second: shape (columns,), 0 for no prior, 1 for the deviation of a list, 2 for that of a set of lists.
    """
    cells, terms = one.shape
    effects = one[:, 1:]
    levels = np.kron(np.eye(strata), np.ones((cells, 1)))
    common = np.tile(effects, (strata, 1))
    deviations = np.kron(np.eye(strata), effects)
    free = np.zeros(strata + terms - 1, dtype=np.int64)
    kinds = np.concatenate([free, np.tile(np.minimum(named[1:], 2), strata)])
    return np.hstack([levels, common, deviations]), kinds


def _prior(kinds: Ints, spreads: Floats) -> Floats:
    """Shape (columns,): precisions, from the logarithms of the two standard deviations."""
    return np.where(kinds == 0, _FLAT, np.exp(-2 * np.where(kinds == 1, spreads[0], spreads[1])))
