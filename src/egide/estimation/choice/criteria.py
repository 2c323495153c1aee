"""The best model by a criterion among all that have an estimate, the average over them, and what drives both.

A criterion is -2 log-likelihood + a penalty for each parameter, those at minus infinity included. BIC: the logarithm
of the persons seen; AIC: 2; obic: the logarithm of the persons on two lists or more, the only ones who tell the
interactions. A model weighs exp(-criterion / 2). Source: docs/methods/model-choice.md; Burnham and Anderson 2002.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from attrs import frozen

from egide.estimation.choice import leaps
from egide.estimation.choice.enumerate import hierarchical, neighbours, usual_order
from egide.estimation.fitting.existence import NOT_IDENTIFIED, resolve
from egide.estimation.fitting.fit import CERTIFIED, Fits, fit
from egide.estimation.histories import Floats, Histories, Ints
from egide.estimation.models import Model
from egide.estimation.results import Declined, Estimate, Reason

__all__ = ["Criterion", "Ranking", "aic", "average", "bic", "obic", "penalty", "ranked"]

_MOST_LISTS = 6  # whose pairwise models are all fitted
_STEPS = 3  # pairs: the neighbours of eight lists are 3,683

Criterion = Literal["bic", "aic", "obic"]


@frozen(kw_only=True, eq=False)
class Ranking:
    """The models of one table that have an estimate, best first; arrays of shape (kept,).

    persons: seen and unseen. variance: of the logarithm of the unseen. criterion: not a difference. weights: sum to 1.
    fits: all models tried, with the status of each.
    """

    seen: int
    models: tuple[Model, ...]
    persons: Floats
    variance: Floats
    criterion: Floats
    weights: Floats
    fits: Fits

    @property
    def tried(self) -> int:
        return len(self.fits.models)

    def average(self) -> float:
        """Persons in all, each model counting for its weight."""
        return float(self.weights @ self.persons)

    def support(self) -> dict[int, float]:
        """Of each interaction, the weight of the models that have it: 1 when no good model does without."""
        found: dict[int, float] = {}
        for model, weight in zip(self.models, self.weights.tolist(), strict=True):
            for term in model.interactions:
                found[term] = found.get(term, 0.0) + weight
        return dict(sorted(found.items(), key=lambda each: -each[1]))

    def within(self, distance: float) -> Ints:
        """The places of the models whose criterion is at most so far from the best."""
        return np.nonzero(self.criterion <= self.criterion[0] + distance)[0]


def penalty(given: Histories, criterion: Criterion) -> float:
    """What each parameter costs. Refuses a table that has nobody to tell it by."""
    if criterion == "aic":
        return 2.0
    persons = given.seen if criterion == "bic" else given.repeated
    if persons < 1:
        raise ValueError("nobody is on two lists")
    return math.log(persons)


def ranked(
    given: Histories, criterion: Criterion = "bic", *, order: int | None = None, models: Sequence[Model] | None = None
) -> Ranking | Declined:
    """All hierarchical models up to `order` (by default `usual_order`), or those given, by a criterion.

    Seven lists and more have too many: the best of all pairwise models is searched exactly, and stands among those
    that differ from it by at most three pairs. Declined where nobody is on two lists or no model has an estimate.
    """
    if not given.repeated:
        return Declined(method=criterion, reason=Reason.NO_OVERLAP)
    tried = _tried(given, criterion, order) if models is None else models
    fits = resolve(given, fit(given, tried))
    values = fits.criterion(penalty(given, criterion))[0]
    places = np.argsort(values, kind="stable")[: int((fits.status == CERTIFIED).sum())]
    if not len(places):
        fault = bool((fits.status == NOT_IDENTIFIED).any())
        return Declined(method=criterion, reason=Reason.NOT_IDENTIFIED if fault else Reason.NOT_EXISTING)
    relative = np.exp((values[places[0]] - values[places]) / 2)
    return Ranking(
        seen=given.seen,
        models=tuple(fits.models[place] for place in places.tolist()),
        persons=given.seen + fits.unseen[0, places],
        variance=fits.variance[0, places],
        criterion=values[places],
        weights=relative / relative.sum(),
        fits=fits,
    )


def _tried(given: Histories, criterion: Criterion, order: int | None) -> Sequence[Model]:
    if given.k > _MOST_LISTS and order in (None, 2):
        centre = leaps.best(given, penalty(given, criterion)).model
        return [] if centre is None else neighbours(centre, _STEPS)
    return hierarchical(given.k, usual_order(given.k) if order is None else order)


def bic(given: Histories, order: int | None = None) -> Estimate | Declined:
    """The estimate of the model with the least BIC, with the weight of that model and the average beside it."""
    return _best(given, "bic", order)


def aic(given: Histories, order: int | None = None) -> Estimate | Declined:
    """The same by AIC, which lets more interactions in."""
    return _best(given, "aic", order)


def obic(given: Histories, order: int | None = None) -> Estimate | Declined:
    """The same by BIC where only the persons on two lists or more count."""
    return _best(given, "obic", order)


def average(given: Histories, criterion: Criterion = "bic", *, order: int | None = None) -> Estimate | Declined:
    """Every model with an estimate, each for its weight. `notes`: the best one's persons and weight, models kept."""
    found = ranked(given, criterion, order=order)
    if isinstance(found, Declined):
        return Declined(method="average", reason=found.reason)
    return Estimate(
        method="average",
        persons=found.average(),
        notes={"best": float(found.persons[0]), "weight": float(found.weights[0]), "models": float(len(found.models))},
    )


def _best(given: Histories, criterion: Criterion, order: int | None) -> Estimate | Declined:
    found = ranked(given, criterion, order=order)
    if isinstance(found, Declined):
        return found
    return Estimate(
        method=criterion,
        persons=float(found.persons[0]),
        model=found.models[0],
        notes={
            "weight": float(found.weights[0]),
            "average": found.average(),
            "models": float(len(found.models)),
            "tried": float(found.tried),
        },
    )
