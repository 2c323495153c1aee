"""The numbers of a linear system over whole unknowns, as arrays: what the attacker's arithmetic works on.

Row i says `at_least[i] <= Σ weights × unknowns <= at_most[i]`; column j is an unknown from `low[j]` to `high[j]`.
`NO_LIMIT` (with its sign) stands for a missing bound. Everything is a 64-bit integer and stays one: `Rows` refuses
numbers so large that a sum could overflow, so that every comparison made on these arrays is exact.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from egide.errors import ReleaseRefused

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NO_LIMIT = 2**62  # a missing bound
LARGEST = 2**37  # no unknown is followed beyond: 137 billion persons or euros
HEAVIEST = 2**24  # sum of the absolute weights of a row; times LARGEST, it stays below NO_LIMIT


class TooLarge(ReleaseRefused):
    """A statement whose numbers are beyond exact arithmetic on 64 bits: nothing can be proven about it."""


@frozen(kw_only=True, eq=False)
class Rows:
    """`starts` (rows + 1) cuts `columns` and `weights` (one per entry, never zero) into rows."""

    low: Ints
    high: Ints
    starts: Ints
    columns: Ints
    weights: Ints
    at_least: Ints
    at_most: Ints

    def __attrs_post_init__(self) -> None:
        for bounds in (self.low, self.high):
            if bool(np.any((np.abs(bounds) > LARGEST) & (np.abs(bounds) != NO_LIMIT))):
                raise TooLarge(f"Une valeur possible dépasse {LARGEST} : rien ne peut être prouvé.")
        if len(self.weights) and int(self.sums(np.abs(self.weights)).max()) > HEAVIEST:
            raise TooLarge(f"Une relation a des coefficients dont la somme dépasse {HEAVIEST}.")

    @property
    def width(self) -> int:
        """How many unknowns."""
        return len(self.low)

    @property
    def height(self) -> int:
        """How many rows."""
        return len(self.at_least)

    def sums(self, entries: NDArray[np.generic]) -> Ints:
        """One sum per row of one number per entry."""
        if not len(entries):
            return np.zeros(self.height, np.int64)
        ends = np.concatenate(([0], np.cumsum(entries, dtype=np.int64)))
        return np.asarray(ends[self.starts[1:]] - ends[self.starts[:-1]])

    def row_of_entries(self) -> Ints:
        return np.repeat(np.arange(self.height), np.diff(self.starts))

    def within(self, low: Ints, high: Ints) -> Rows:
        """The same rows for unknowns between other bounds."""
        return evolve(self, low=low, high=high)

    def holds(self, numbers: Ints) -> bool:
        """Do these numbers satisfy every row and every bound? Exact: nothing can overflow."""
        if bool(np.any(np.abs(numbers) > LARGEST)):
            return False
        totals = self.sums(self.weights * numbers[self.columns])
        inside = np.all((numbers >= self.low) & (numbers <= self.high))
        return bool(inside and np.all((totals >= self.at_least) & (totals <= self.at_most)))

    def chosen(self, rows: Ints) -> Rows:
        """Only these rows, over the same unknowns."""
        entries = entries_of(self.starts, rows)
        lengths = (self.starts[1:] - self.starts[:-1])[rows]
        return evolve(
            self,
            starts=np.concatenate(([0], np.cumsum(lengths))),
            columns=self.columns[entries],
            weights=self.weights[entries],
            at_least=self.at_least[rows],
            at_most=self.at_most[rows],
        )


def entries_of(starts: Ints, rows: Ints) -> Ints:
    """Positions of the entries of some rows, row after row."""
    lengths = starts[rows + 1] - starts[rows]
    total = int(lengths.sum())
    if not total:
        return np.zeros(0, np.int64)
    jumps = np.repeat(starts[rows] - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    return np.asarray(np.arange(total) + jumps)


def by_column(rows: Rows) -> tuple[Ints, Ints]:
    """The rows each column stands in: `starts` per column, then row numbers."""
    order = np.argsort(rows.columns, kind="stable")
    counts = np.bincount(rows.columns, minlength=rows.width)
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return starts, rows.row_of_entries()[order]
