"""How the model is chosen, and chosen again on each table that is drawn.

A choice looks once at the data, and gives what estimates any other table of the same lists. Asked again on each
replicate, it puts the doubt about the model into the interval. Source: docs/methods/bootstrap-of-estimates.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

import numpy as np
from attrs import evolve, field, frozen
from attrs.validators import ge, in_, optional

from egide.estimation.choice.criteria import Ranking, ranked
from egide.estimation.choice.enumerate import hierarchical, usual_order
from egide.estimation.choice.leaps import MOST_LISTS, best, best_of
from egide.estimation.choice.stepwise import THRESHOLD, stepwise, stepwise_all
from egide.estimation.fitting.existence import resolve_tables
from egide.estimation.fitting.fit import fit_tables
from egide.estimation.histories import Flags, Floats, Histories
from egide.estimation.models import Model
from egide.estimation.results import Declined, Reason

USUAL_TOP = {4: 20}  # by number of lists, else 100: as MultipleSystemsEstimation


@frozen(kw_only=True)
class Chosen:
    """A choice made on the data: its model, the persons in all, and the same choice for other tables.

    again: tables of shape (tables, 2^k) to persons in all, shape (tables,); NaN where no model has an estimate.
    """

    model: Model
    persons: float
    again: Callable[[Floats], Floats]


class Choice(Protocol):
    """One way to choose."""

    @property
    def name(self) -> str:
        """The method, as in `Estimate.method`."""

    def on(self, histories: Histories) -> Chosen | Declined:
        """The choice that these data make."""


@frozen(kw_only=True)
class Fixed:
    """Always this model: the interval does not know that it was chosen."""

    model: Model
    name: str = "fixed"

    def on(self, histories: Histories) -> Chosen | Declined:
        return _least_bic(self.name, histories, ranked(histories, models=[self.model]), 1)


@frozen(kw_only=True)
class Bic:
    """The least BIC of all hierarchical models up to `order`; then, on each replicate, of the `top` best of them.

    Declined (OUT_OF_REACH) where they are too many to fit. order: None for `usual_order`. top: 1 for the same model
    always, None for all of them.
    """

    order: int | None = field(default=None, validator=optional(ge(1)))
    top: int | Literal["usual"] | None = "usual"
    name: str = "bic"

    def on(self, histories: Histories) -> Chosen | Declined:
        top = USUAL_TOP.get(histories.k, 100) if self.top == "usual" else self.top
        try:
            models = hierarchical(histories.k, self.order or usual_order(histories.k))
        except ValueError:
            return Declined(method=self.name, reason=Reason.OUT_OF_REACH)
        return _least_bic(self.name, histories, ranked(histories, models=models), top)


@frozen(kw_only=True)
class Stepwise:
    """Pairs of lists added to independence one at a time, while the data contradict it at `threshold`."""

    threshold: float = THRESHOLD
    name: str = "stepwise"

    def on(self, histories: Histories) -> Chosen | Declined:
        def again(tables: Floats) -> Floats:
            steps = stepwise_all(tables, histories.possible, threshold=self.threshold)
            return np.asarray(tables.sum(axis=1) + steps.unseen, dtype=np.float64)

        first = stepwise(histories, self.threshold)
        if isinstance(first, Declined):
            return evolve(first, method=self.name)
        assert first.model is not None
        return Chosen(model=first.model, persons=first.persons, again=again)


@frozen(kw_only=True)
class Exact:
    """The least BIC of all models up to `order`, proved by leaps and bounds; then, on each replicate, the same search.

    Declined (OUT_OF_REACH) for more lists than the search has place for, and where it stops before its proof. On a
    replicate that is so sparse (some of eight lists are), the best model found until then answers.
    """

    order: int = field(default=2, validator=in_(MOST_LISTS))
    name: str = "exact"

    def on(self, histories: Histories) -> Chosen | Declined:
        def again(tables: Floats) -> Floats:
            found = best_of(tables, histories.possible, _penalty(tables), order=self.order)
            return np.asarray(tables.sum(axis=1) + found.unseen, dtype=np.float64)

        if histories.k > MOST_LISTS[self.order]:
            return Declined(method=self.name, reason=Reason.OUT_OF_REACH)
        first = best(histories, order=self.order)
        if not first.proved:
            return Declined(method=self.name, reason=Reason.OUT_OF_REACH)
        if first.model is None:
            return Declined(method=self.name, reason=Reason.NOT_EXISTING)
        return Chosen(model=first.model, persons=histories.seen + first.unseen, again=again)


def _least_bic(name: str, histories: Histories, found: Ranking | Declined, top: int | None) -> Chosen | Declined:
    if isinstance(found, Declined):
        return evolve(found, method=name)
    best = found.models[:top]
    return Chosen(
        model=best[0],
        persons=float(found.persons[0]),
        again=lambda tables: _again(tables, histories.possible, best),
    )


def _again(tables: Floats, possible: Flags, models: Sequence[Model]) -> Floats:
    """Persons in all by the model of least BIC of each table, among those whose estimate is proved to exist."""
    fits = resolve_tables(tables, possible, fit_tables(tables, possible, models))
    best = fits.criterion(_penalty(tables)).argmin(axis=1)
    return np.asarray(tables.sum(axis=1) + fits.unseen[np.arange(len(tables)), best], dtype=np.float64)


def _penalty(tables: Floats) -> Floats:
    """Shape (tables,): the logarithm of the persons seen, as in BIC; nobody counts as one."""
    return np.asarray(np.log(np.maximum(tables.sum(axis=1), 1.0)), dtype=np.float64)
