"""The one best model among all of an order, proved to be so without fitting most of them.

Any model without the terms E has a criterion of at least -2 log-likelihood of the largest model without E, plus the
penalty of the terms that are kept for sure. A depth-first search with that bound leaves out whole families of models.
A model that has no estimate is never the answer, but the supremum of its likelihood still bounds its submodels.
Source: docs/methods/exact-model-search.md; Furnival and Wilson 1974.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike
from scipy.special import gammaln

from egide import compiled as machine_code
from egide.estimation.choice import branching
from egide.estimation.fitting.existence import resolve_tables
from egide.estimation.fitting.fit import CERTIFIED, UNDECIDED, Fits
from egide.estimation.histories import Flags, Floats, Histories, Ints
from egide.estimation.models import Model, pairs

MOST_FITS = 200_000  # some seconds for 8 lists
MOST_LISTS = {2: 8, 3: 6}  # by order: beyond, a search may take minutes

_PLAIN_CELLS = 16  # one table of at most so many cells is not worth loading machine code
_ROOMS = 64, 4096  # doubtful models kept for each table: a table that has more is searched again, once


@frozen(kw_only=True, eq=False)
class Best:
    """The best model of each table; arrays of shape (tables,).

    unseen: persons on no list; NaN where no model has an estimate. criterion: -2 log-likelihood (with the factorials)
    + penalty x parameters; +inf where none. model: bit i is the i-th of `interactions(k, order)`; -1 where none.
    others: no other model that has an estimate is below it; less than criterion where the search was cut short and
    nothing is proved. fits: models that were fitted.
    """

    unseen: Floats
    criterion: Floats
    model: Ints
    others: Floats
    fits: Ints

    @property
    def proved(self) -> Flags:
        """Shape (tables,): nothing is better."""
        return _proved(self.criterion, self.others)


@frozen(kw_only=True)
class Proof:
    """The best model of one table and why nothing is better.

    models: how many it was chosen from. fits: how many of them were fitted. others: a criterion that none of the
    others is below. model: None where none has an estimate.
    """

    model: Model | None
    unseen: float
    criterion: float
    others: float
    models: int
    fits: int

    @property
    def proved(self) -> bool:
        """Nothing is better: the search was not cut short."""
        return bool(_proved(self.criterion, self.others))


def best(
    given: Histories,
    penalty: float | None = None,
    *,
    order: int = 2,
    most: int = MOST_FITS,
    compiled: bool | None = None,
) -> Proof:
    """The model with the least criterion of one table; by default with the penalty of BIC, the log of the seen.

    order, most and what is refused: as `best_of`; nobody seen is refused too, unless a penalty is given.
    """
    each = np.log(given.seen) if penalty is None else penalty
    found = best_of(given.counts[None, :], given.possible, each, order=order, most=most, compiled=compiled)
    mask = int(found.model[0])
    return Proof(
        model=model_of(given.k, mask, order=order) if mask >= 0 else None,
        unseen=float(found.unseen[0]),
        criterion=float(found.criterion[0]),
        others=float(found.others[0]),
        models=how_many(given.k, order),
        fits=int(found.fits[0]),
    )


def best_of(
    tables: ArrayLike,
    possible: Flags,
    penalty: ArrayLike,
    *,
    order: int = 2,
    most: int = MOST_FITS,
    compiled: bool | None = None,
) -> Best:
    """The model with the least criterion of each table.

    tables: shape (tables, 2^k), counts that may be fractions; cell 0 is left out. possible: shape (2^k,). penalty: for
    each parameter, a number or one for each table (the log of its seen persons for BIC), not negative. order: the
    largest interactions, 2 (k up to 8) or 3 (k up to 6). most: models fitted to one table, at most; a table that would
    need more (very few persons on many lists) keeps the best one seen, without proof. Refuses (ValueError) anything
    else.
    """
    counts = np.array(np.atleast_2d(np.asarray(tables, dtype=np.float64)), order="C")
    counts[:, 0] = 0.0
    k = counts.shape[1].bit_length() - 1
    if counts.shape[1] != 1 << k or possible.shape != (1 << k,) or counts.min(initial=0.0) < 0:
        raise ValueError("a table of k lists has 2^k counts, none of them negative")
    if counts[:, ~possible].any():
        raise ValueError("somebody has a history that nobody can have")
    penalties = np.ascontiguousarray(np.broadcast_to(np.asarray(penalty, dtype=np.float64), (len(counts),)))
    if not (penalties >= 0).all():
        raise ValueError("a penalty is not negative")
    small = counts.size <= _PLAIN_CELLS
    run = _loops(compiled=not small if compiled is None else compiled)
    search = _Search(run, counts, possible, penalties, order=order, most=most)
    for table in np.nonzero(search.doubts > 0)[0].tolist():
        search.settle(table)
    factorials = gammaln(counts[:, 1:] + 1).sum(axis=1)
    return Best(
        unseen=np.where(search.chosen >= 0, np.exp(search.answers[:, 1]), np.nan),
        criterion=search.answers[:, 0] + 2 * factorials,
        model=search.chosen,
        others=search.answers[:, 2] + 2 * factorials,
        fits=search.fits,
    )


def _proved(criterion: ArrayLike, others: ArrayLike) -> Flags:
    return np.asarray(np.asarray(others) >= np.asarray(criterion) - 2 * branching.SLACK, dtype=np.bool_)


@cache
def interactions(k: int, order: int) -> tuple[int, ...]:
    """The sets of lists that may be terms: those of 2 to `order` lists, but never all the lists at once.

    (With the set of all lists there are as many parameters as histories, and the unseen could be anything.)
    """
    if order not in MOST_LISTS or not 2 <= k <= MOST_LISTS[order]:
        raise ValueError(f"no exact search of order {order} for {k} lists")
    larger = [sum(1 << one for one in three) for three in combinations(range(k), 3)] if order == 3 else []
    return tuple(one for one in (*pairs(k), *sorted(larger)) if one != (1 << k) - 1)


@cache
def how_many(k: int, order: int) -> int:
    """The hierarchical models of these interactions: for each set of pairs, any set of the threes it allows."""
    sets = interactions(k, order)
    two = [one for one in sets if one.bit_count() == 2]
    if len(two) == len(sets):
        return 1 << len(two)
    chosen = np.arange(1 << len(two), dtype=np.int64)
    allowed = np.zeros(len(chosen), dtype=np.int64)
    for three in sets[len(two) :]:
        parts = sum(1 << place for place, one in enumerate(two) if one & three == one)
        allowed += (chosen & parts) == parts
    return int((1 << allowed).sum())


def model_of(k: int, mask: int, *, order: int = 2) -> Model:
    """The model that a mask of `Best.model` names."""
    sets = interactions(k, order)
    return Model(k=k, interactions=tuple(one for place, one in enumerate(sets) if mask >> place & 1))


@cache
def _loops(*, compiled: bool) -> Any:
    return machine_code.kernels(branching.LOOPS, compiled=compiled)


class _Search:
    """What the loops found on each table, criteria without the factorials; then the doubtful models are settled."""

    def __init__(self, run: Any, counts: Floats, possible: Flags, penalties: Floats, *, order: int, most: int) -> None:
        self._run, self._counts, self._possible, self._penalties = run, counts, possible, penalties
        self._order, self._most = order, most
        self._k = len(possible).bit_length() - 1
        self.answers = np.full((len(counts), 3), np.inf)
        self.chosen, self.fits, self.doubts = (np.zeros(len(counts), dtype=np.int64) for _ in range(3))
        self._doubtful, self._floors = self._searched(slice(None), _ROOMS[0])

    def _searched(self, tables: slice, room: int) -> tuple[Ints, Floats]:
        sets = np.array(interactions(self._k, self._order), dtype=np.int64)
        holds = (sets[:, None] & sets[None, :]) == sets[None, :]  # [i, j]: set i contains set j
        bits = np.int64(1) << np.arange(len(sets), dtype=np.int64)
        given = np.array([0, *(1 << place for place in range(self._k)), *sets], dtype=np.int64)
        counts = self._counts[tables]
        doubtful, floors = np.zeros((len(counts), room), dtype=np.int64), np.zeros((len(counts), room))
        self._run.search_all(
            counts,
            self._possible,
            given,
            1 + self._k,
            (holds.T * bits).sum(axis=1),
            (holds * bits).sum(axis=1),
            self._penalties[tables],
            self._most,
            self.answers[tables],
            self.chosen[tables],
            self.fits[tables],
            self.doubts[tables],
            doubtful,
            floors,
        )
        return doubtful, floors

    def settle(self, table: int) -> None:
        """Whether a model that Newton's method left undecided has an estimate and is better: asked in whole numbers."""
        doubtful, floors = self._doubtful[table], self._floors[table]
        if self.doubts[table] == _ROOMS[0]:
            again, low = self._searched(slice(table, table + 1), _ROOMS[1])
            doubtful, floors = again[0], low[0]
        masks, places = np.unique(doubtful[: self.doubts[table]], return_index=True)
        first, cost = self.answers[table, 0], self._penalties[table]
        masks, floors = masks[floors[places] < first], floors[places]
        rest = floors[floors >= first].min(initial=np.inf)
        self.answers[table, 2] = min(self.answers[table, 2], rest)
        models = [model_of(self._k, mask, order=self._order) for mask in masks.tolist()]
        counts = self._counts[table : table + 1]
        fits = resolve_tables(counts, self._possible, _undecided(models))
        bare = fits.likelihood[0] + gammaln(counts[0, 1:] + 1).sum()
        values = cost * fits.parameters - 2 * bare
        for place in np.nonzero(fits.status[0] == CERTIFIED)[0].tolist():
            least, floor = self.answers[table, 0], values[place]
            if floor < least:
                self.answers[table, :2] = floor, np.log(fits.unseen[0, place])
                self.chosen[table] = masks[place]
                floor = min(least, floor + cost)
            self.answers[table, 2] = min(self.answers[table, 2], floor)


def _undecided(models: list[Model]) -> Fits:
    """Models as if fitted to one table without success: what `resolve_tables` takes."""
    none = np.full((1, len(models)), np.nan)
    status = np.full((1, len(models)), UNDECIDED, dtype=np.int64)
    return Fits(models=tuple(models), unseen=none, variance=none, likelihood=none, status=status)
