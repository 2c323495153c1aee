"""How far the estimate moves over the models that the data cannot tell apart.

A difference of 2 in a criterion is hardly a reason to prefer a model, one of 6 still a weak one. And the models that
leave out one single interaction of the largest fit nearly as well as any can: only what is assumed tells them apart.
Source: docs/methods/estimate-sensitivity.md; Kass and Raftery 1995; Link 2003.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from egide.estimation.choice.criteria import Criterion, ranked
from egide.estimation.fitting.existence import resolve
from egide.estimation.fitting.fit import CERTIFIED, fit
from egide.estimation.histories import Histories
from egide.estimation.models import Model
from egide.estimation.results import Declined, Estimate

DISTANCES = (2.0, 6.0)


@frozen(kw_only=True)
class Range:
    """The models within `distance` of the best. low, high: persons in all, least and most. weight: their share."""

    distance: float
    models: int
    weight: float
    low: Estimate
    high: Estimate


@frozen(kw_only=True)
class Undecidable:
    """ranges: one for each distance, growing. largest: the answers of the models that leave out one largest set.

    tried: models of `largest` that were fitted; those without an estimate are not in it. support: of each interaction,
    the weight of the models that have it.
    """

    ranges: tuple[Range, ...]
    largest: tuple[Estimate, ...]
    tried: int
    support: dict[int, float]

    def factor(self) -> float:
        """The highest over the lowest estimate within the largest distance."""
        return self.ranges[-1].high.persons / self.ranges[-1].low.persons


def undecidable(
    given: Histories,
    criterion: Criterion = "bic",
    *,
    order: int | None = None,
    distances: Sequence[float] = DISTANCES,
) -> Undecidable | Declined:
    """Whether the data say anything at all: ranges over models that they cannot tell apart. Declined as `ranked`."""
    found = ranked(given, criterion, order=order)
    if isinstance(found, Declined):
        return found
    ranges = []
    for distance in sorted(distances):
        near = found.within(distance)
        low, high = near[np.argmin(found.persons[near])], near[np.argmax(found.persons[near])]
        ends = [
            Estimate(method=criterion, persons=float(found.persons[place]), model=found.models[place])
            for place in (low, high)
        ]
        weight = float(found.weights[near].sum())
        ranges.append(Range(distance=distance, models=len(near), weight=weight, low=ends[0], high=ends[1]))
    models = _nearly_saturated(given.k)
    fits = resolve(given, fit(given, models))
    largest = tuple(
        Estimate(method="fixed", persons=given.seen + float(fits.unseen[0, place]), model=model)
        for place, model in enumerate(models)
        if fits.status[0, place] == CERTIFIED
    )
    return Undecidable(ranges=tuple(ranges), largest=largest, tried=len(models), support=found.support())


def _nearly_saturated(k: int) -> list[Model]:
    """Every interaction but that of all lists; then the same without one of its largest sets, in turn."""
    everyone = (1 << k) - 1
    sets = [one for one in range(1, everyone) if one.bit_count() >= 2]
    widest = [one for one in sets if one.bit_count() == k - 1]
    return [Model(k=k, interactions=tuple(sets))] + [
        Model(k=k, interactions=tuple(other for other in sets if other != one)) for one in widest
    ]
