"""A large part seen from one unknown: what lies near it is often enough to decide a question about it.

Two small systems, both exact. *Restricted*: everything far away keeps the numbers of a known solution, so that any
solution of the small system is one of the whole. *Relaxed*: statements far away are forgotten, so that what the small
system forbids the whole forbids too. Between the two lies what only the whole can decide.
"""

from __future__ import annotations

import numpy as np

from egide.disclosure.attack.components import Part
from egide.disclosure.attack.rows import NO_LIMIT, Ints, Rows, by_column, entries_of

_A_FEW = 4  # unknowns taken from one long row when a solution is sought


class Neighbourhoods:
    """The small systems of one large part."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.read = 0  # entries of rows looked at so far: the work done
        self._starts, self._rows_of = by_column(rows)
        self._lengths = np.diff(rows.starts)
        self._place = np.full(rows.width, -1, np.int64)
        # The likeliest to give way come first: few statements, wide bounds.
        width = np.minimum(rows.high - np.maximum(rows.low, -1), 10**6)
        self._stiffness = np.diff(self._starts) * 1000 - np.minimum(width, 999)

    def restricted(self, column: int, size: int, numbers: Ints) -> Part:
        """About `size` unknowns around this one; all others keep their numbers."""
        columns = self._near(column, size, _A_FEW)
        touching = np.unique(self._rows_of[entries_of(self._starts, columns)])
        picked = self._rows.chosen(touching)
        self.read += len(picked.columns)
        self._place[columns] = np.arange(len(columns))
        places = self._place[picked.columns]
        self._place[columns] = -1
        inside = places >= 0
        fixed = picked.sums(np.where(inside, 0, picked.weights * numbers[picked.columns]))
        rows = Rows(
            low=self._rows.low[columns],
            high=self._rows.high[columns],
            starts=np.concatenate(([0], np.cumsum(picked.sums(inside)))),
            columns=places[inside],
            weights=picked.weights[inside],
            at_least=np.where(picked.at_least == -NO_LIMIT, -NO_LIMIT, picked.at_least - fixed),
            at_most=np.where(picked.at_most == NO_LIMIT, NO_LIMIT, picked.at_most - fixed),
        )
        return Part(rows=rows, columns=columns, origins=touching)

    def relaxed(self, column: int, size: int, low: Ints, high: Ints) -> Part:
        """The statements around this unknown, about `size` unknowns wide, and no other."""
        near = self._near(column, size, self._rows.width)
        reached = np.unique(self._rows_of[entries_of(self._starts, near)])
        self._place[near] = 0
        picked = self._rows.chosen(reached)
        self.read += len(picked.columns)
        outside = picked.sums(self._place[picked.columns] < 0)
        self._place[near] = -1
        own = self._rows_of[self._starts[column] : self._starts[column + 1]]
        origins = np.union1d(reached[outside == 0], own)
        picked = self._rows.chosen(origins)
        columns, places = np.unique(picked.columns, return_inverse=True)
        rows = Rows(
            low=low[columns],
            high=high[columns],
            starts=picked.starts,
            columns=places.astype(np.int64),
            weights=picked.weights,
            at_least=picked.at_least,
            at_most=picked.at_most,
        )
        return Part(rows=rows, columns=columns, origins=origins)

    def _near(self, column: int, size: int, few: int) -> Ints:
        """Unknowns tied to this one by the fewest and shortest rows, at most `few` new ones from each."""
        taken = {column: None}
        seen_rows: set[int] = set()
        ring = [column]
        while ring and len(taken) < size:
            rows = {row for one in ring for row in self._rows_of_column(one) if row not in seen_rows}
            known = rows | seen_rows
            ring = []
            for row in sorted(rows, key=lambda one: (int(self._lengths[one]), one)):
                seen_rows.add(row)
                self.read += int(self._lengths[row])
                columns = self._rows.columns[self._rows.starts[row] : self._rows.starts[row + 1]]
                new = [one for one in columns.tolist() if one not in taken]
                if len(new) > few:
                    # What ties rows already met together closes the loops along which numbers can move.
                    loose = {one: -len(known.intersection(self._rows_of_column(one))) for one in new}
                    new = sorted(new, key=lambda one: (loose[one], int(self._stiffness[one]), one))[:few]
                if len(taken) + len(new) > size and len(taken) > 1:
                    continue
                taken.update(dict.fromkeys(new))
                ring += new
        return np.fromiter(sorted(taken), dtype=np.int64)

    def _rows_of_column(self, column: int) -> list[int]:
        found: list[int] = self._rows_of[self._starts[column] : self._starts[column + 1]].tolist()
        return found
