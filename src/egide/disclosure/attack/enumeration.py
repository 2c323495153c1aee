"""Every solution of a small part, tried one by one: exact bounds and exact values, with nothing to trust.

Rows are checked as numbers are chosen, so that a choice that cannot be completed is left early.
"""

from __future__ import annotations

import numpy as np

from egide.disclosure.attack.reach import Reach
from egide.disclosure.attack.rows import NO_LIMIT, Rows

_WIDEST = 40  # unknowns; beyond, choices are counted in billions anyway


def enumerate_all(rows: Rows, reach: Reach, trials: int) -> bool:
    """Note every solution in `reach`. False when it takes more than `trials` choices: what was noted stays true."""
    if not 0 < rows.width <= _WIDEST or bool(np.any(rows.high - rows.low >= trials)):
        return False
    return _Walk(rows, reach, trials).complete()


class _Walk:
    """A walk through the unknowns, most tied first. Sums of rows are kept up to date along the way."""

    def __init__(self, rows: Rows, reach: Reach, trials: int) -> None:
        self._reach, self._left = reach, trials
        self._low, self._high = rows.low.tolist(), rows.high.tolist()
        touching: list[list[tuple[int, int]]] = [[] for _ in range(rows.width)]
        starts, columns, weights = rows.starts.tolist(), rows.columns.tolist(), rows.weights.tolist()
        # What rows may still receive from the unknowns not chosen yet.
        self._least, self._most = [0] * rows.height, [0] * rows.height
        for row in range(rows.height):
            for entry in range(starts[row], starts[row + 1]):
                column, weight = columns[entry], weights[entry]
                touching[column].append((row, weight))
                ends = weight * self._low[column], weight * self._high[column]
                self._least[row] += min(ends)
                self._most[row] += max(ends)
        self._touching = touching
        self._order = sorted(range(rows.width), key=lambda one: (-len(touching[one]), self._high[one] - self._low[one]))
        # Bounds become what is left for the unknowns not chosen yet.
        self._floor, self._top = rows.at_least.tolist(), rows.at_most.tolist()
        self._numbers = [0] * rows.width

    def complete(self) -> bool:
        return self._from(0)

    def _from(self, depth: int) -> bool:
        if depth == len(self._order):
            self._reach.note(np.array(self._numbers, dtype=np.int64))
            return True
        column = self._order[depth]
        low, high = self._low[column], self._high[column]
        touching = self._touching[column]
        for row, weight in touching:
            ends = weight * low, weight * high
            self._least[row] -= min(ends)
            self._most[row] -= max(ends)
        first, last = self._allowed(column, low, high)
        done = True
        for number in range(first, last + 1):
            self._left -= 1
            if self._left < 0:
                done = False
                break
            self._numbers[column] = number
            for row, weight in touching:
                self._shift(row, -weight * number)
            done = self._from(depth + 1)
            for row, weight in touching:
                self._shift(row, weight * number)
            if not done:
                break
        for row, weight in touching:
            ends = weight * low, weight * high
            self._least[row] += min(ends)
            self._most[row] += max(ends)
        return done

    def _shift(self, row: int, by: int) -> None:
        if self._floor[row] != -NO_LIMIT:
            self._floor[row] += by
        if self._top[row] != NO_LIMIT:
            self._top[row] += by

    def _allowed(self, column: int, low: int, high: int) -> tuple[int, int]:
        """The numbers of this unknown that each of its rows can still complete."""
        for row, weight in self._touching[column]:
            floor, top = self._floor[row] - self._most[row], self._top[row] - self._least[row]
            if self._top[row] != NO_LIMIT:
                if weight > 0:
                    high = min(high, top // weight)
                else:
                    low = max(low, -(top // -weight))
            if self._floor[row] != -NO_LIMIT:
                if weight > 0:
                    low = max(low, -(-floor // weight))
                else:
                    high = min(high, -floor // -weight)
        return low, high
