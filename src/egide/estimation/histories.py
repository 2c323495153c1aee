"""Who was seen by which lists: one count for each history, the unseen one left out.

A history is a whole number whose bit i says "on list i" (list 0 is the lowest bit): with lists A, B, C, history 5 is
"on A and C, not on B". A table of k lists is an array of 2^k counts in that order; cell 0, the persons on no list, is
what is looked for and is always 0 here. Source: docs/methods/multiple-systems-estimation.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Number = TypeVar("Number", np.int64, np.float64)

MOST_LISTS = 9


def _whole(counts: ArrayLike) -> Ints:
    given = np.asarray(counts)
    if given.dtype.kind not in "iuf" or not np.array_equal(given, np.floor(given)):
        raise ValueError("persons are counted in whole numbers")
    return np.array(given, dtype=np.int64)


@frozen(kw_only=True, eq=False)
class Histories:
    """Persons by capture history.

    lists: k names, 2 to 9. counts: shape (2^k,), persons; cell 0 is 0. possible: shape (2^k,), False where nobody can
    be (lists that cannot overlap); cell 0 is True. Refuses (ValueError) another shape, a negative or fractional count,
    two lists of one name, and a person where nobody can be.
    """

    lists: tuple[str, ...] = field()
    counts: Ints = field(converter=_whole)
    possible: Flags = field()

    @possible.default
    def _all_possible(self) -> Flags:
        return np.ones(len(self.counts), dtype=np.bool_)

    def __attrs_post_init__(self) -> None:
        check_shapes(self.lists, self.counts, self.possible)
        if self.counts[0] != 0 or self.counts.min() < 0 or not self.possible[0]:
            raise ValueError("counts are 0 or more, and the unseen history has none")
        if self.counts[~self.possible].any():
            raise ValueError("somebody has a history that nobody can have")

    @property
    def k(self) -> int:
        return len(self.lists)

    @property
    def seen(self) -> int:
        """Persons on at least one list."""
        return int(self.counts.sum())

    @property
    def repeated(self) -> int:
        """Persons on two lists or more: the only ones who tell anything about the unseen."""
        return int(self.counts[sizes(self.k) >= 2].sum())

    def totals(self) -> Ints:
        """Shape (2^k,): of each set of lists, the persons who are on all of them; cell 0 is everyone seen."""
        return superset_sums(self.counts)

    def with_counts(self, counts: ArrayLike) -> Histories:
        """The same lists and impossible histories with other counts."""
        return Histories(lists=self.lists, counts=counts, possible=self.possible)


def check_shapes(lists: Sequence[str], *by_history: NDArray[Any]) -> None:
    """Refuses (ValueError) fewer than 2 lists or more than 9, two of one name, and arrays not of shape (2^k,)."""
    k = len(lists)
    if not 2 <= k <= MOST_LISTS or len(set(lists)) != k:
        raise ValueError(f"2 to {MOST_LISTS} lists, each with its own name")
    if any(one.shape != (1 << k,) for one in by_history):
        raise ValueError(f"{k} lists make {1 << k} histories")


def sizes(k: int) -> Ints:
    """Shape (2^k,): how many lists each history names."""
    cells = np.arange(1 << k, dtype=np.int64)
    return np.array([cell.bit_count() for cell in cells.tolist()], dtype=np.int64)


def superset_sums(values: NDArray[Number]) -> NDArray[Number]:
    """Along the last axis, of length 2^k: each cell becomes the sum of the cells that contain it."""
    return _summed(values, low=True)


def subset_sums(values: NDArray[Number]) -> NDArray[Number]:
    """Along the last axis, of length 2^k: each cell becomes the sum of the cells it contains."""
    return _summed(values, low=False)


def _summed(values: NDArray[Number], *, low: bool) -> NDArray[Number]:
    found = np.array(values)
    shape = found.shape
    step = 1
    while step < shape[-1]:
        halves = found.reshape(*shape[:-1], -1, 2, step)
        if low:
            halves[..., 0, :] += halves[..., 1, :]
        else:
            halves[..., 1, :] += halves[..., 0, :]
        step *= 2
    return found


def from_rows(lists: Iterable[str], rows: Iterable[tuple[Iterable[int], int]]) -> Histories:
    """A table from (0/1 by list, persons) rows; a history without a row has nobody. Refuses a history told twice."""
    names = tuple(lists)
    counts = np.zeros(1 << len(names), dtype=np.int64)
    told: set[int] = set()
    for marks, persons in rows:
        cell = sum(1 << place for place, mark in enumerate(marks) if mark)
        if cell in told:
            raise ValueError(f"the history {cell} is told twice")
        told.add(cell)
        counts[cell] = persons
    return Histories(lists=names, counts=counts)


def permuted(given: Histories, order: Iterable[int]) -> Histories:
    """The same persons with the lists in another order: list `order[i]` becomes list i."""
    places = tuple(order)
    if sorted(places) != list(range(given.k)):
        raise ValueError("an order names each list once")
    cells = np.arange(1 << given.k)
    moved = sum(((cells >> place) & 1) << new for new, place in enumerate(places))
    counts, possible = np.zeros_like(given.counts), np.ones_like(given.possible)
    counts[moved], possible[moved] = given.counts, given.possible
    return Histories(lists=tuple(given.lists[place] for place in places), counts=counts, possible=possible)


def named(lists: Iterable[str], cell: int) -> tuple[str, ...]:
    """The lists that a history (or a set of lists) names."""
    return tuple(name for place, name in enumerate(lists) if cell >> place & 1)


def forbidding(given: Histories, apart: Iterable[tuple[str, str]]) -> Histories:
    """The same counts where each pair of `apart` names two lists on which nobody can be at once."""
    possible = given.possible.copy()
    cells = np.arange(1 << given.k)
    for first, second in apart:
        pair = (1 << given.lists.index(first)) | (1 << given.lists.index(second))
        possible[(cells & pair) == pair] = False
    return Histories(lists=given.lists, counts=given.counts, possible=possible)
