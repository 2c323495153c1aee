"""What verified solutions have reached: for each unknown the least and the greatest number met, and each small one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from egide.disclosure.attack.rows import LARGEST, NO_LIMIT, Flags, Ints, Rows, by_column, entries_of

WINDOW = 62  # values followed one by one, from the first that the unknown could take at the start


class Reach:
    """Grows with each solution, which is checked against every row before it counts."""

    def __init__(self, rows: Rows, base: Ints | None = None) -> None:
        self._rows = rows
        self.base = (rows.low if base is None else base).copy()
        self.low = np.full(rows.width, NO_LIMIT)
        self.high = np.full(rows.width, -NO_LIMIT)
        self.seen = np.zeros(rows.width, np.int64)  # bit k: base + k was met
        self.example: Ints | None = None

    def note(self, numbers: Ints) -> bool:
        """Count this solution. False, and nothing is counted, when it is none."""
        if not self._rows.holds(numbers):
            return False
        self.note_part(np.arange(len(numbers)), numbers)
        self.example = numbers
        return True

    def note_part(self, columns: Ints, numbers: Ints) -> None:
        """Count numbers of some unknowns, already verified together with what the others keep."""
        self._count(columns, numbers)

    def note_moves(self, columns: Ints, moves: Ints) -> int:
        """From the example, count each line of moves that leaves every row as it is; how many did.

        What holds of the example then holds of it, since no sum changes.
        """
        if self.example is None or not len(columns):
            return 0
        numbers = self.example[columns] + moves
        inside = (numbers >= self._rows.low[columns]) & (numbers <= np.minimum(self._rows.high[columns], LARGEST))
        different = np.diff(np.sort(columns, axis=1), axis=1) != 0
        good = inside.all(axis=1) & different.all(axis=1)
        good[good] = self._leave_sums(columns[good], moves[good])
        self._count(columns[good].ravel(), numbers[good].ravel())
        return int(good.sum())

    def _leave_sums(self, columns: Ints, moves: Ints) -> Flags:
        """Does each line of moves add up to nothing in each row?"""
        starts, rows_of, weights = self._by_column
        flat = columns.ravel()
        entries = entries_of(starts, flat)
        repeats = starts[flat + 1] - starts[flat]
        lines = np.repeat(np.repeat(np.arange(len(columns)), columns.shape[1]), repeats)
        places = lines * self._rows.height + rows_of[entries]
        changes = weights[entries] * np.repeat(moves.ravel(), repeats)
        order = np.argsort(places, kind="stable")
        firsts = np.flatnonzero(np.diff(places[order], prepend=-1))
        unbalanced = firsts[np.add.reduceat(changes[order], firsts) != 0] if len(firsts) else firsts
        even = np.ones(len(columns), bool)
        even[lines[order][unbalanced]] = False
        return even

    @cached_property
    def _by_column(self) -> tuple[Ints, Ints, Ints]:
        """The rows of each column, as `by_column` gives them, and its weights there."""
        starts, rows_of = by_column(self._rows)
        return starts, rows_of, self._rows.weights[np.argsort(self._rows.columns, kind="stable")]

    def _count(self, columns: Ints, numbers: Ints) -> None:
        """Count verified numbers; the same column may come several times."""
        np.minimum.at(self.low, columns, numbers)
        np.maximum.at(self.high, columns, numbers)
        steps = numbers - self.base[columns]
        window = (steps >= 0) & (steps < WINDOW)
        np.bitwise_or.at(self.seen, columns, np.where(window, np.left_shift(1, np.where(window, steps, 0)), 0))

    def lacking(self, low: Ints, high: Ints) -> Ints:
        """Bits of the numbers from low to high, as far as they are followed, that no solution has met yet."""
        return window_bits(low, high, self.base) & ~self.seen

    def met(self, column: int, number: int) -> bool:
        step = number - int(self.base[column])
        return 0 <= step < WINDOW and bool(int(self.seen[column]) >> step & 1)

    def met_by(self, numbers: Ints) -> Flags:
        """The same for one number of each unknown. Beyond the window: said to be met, since nobody follows it."""
        steps = numbers - self.base
        window = (steps >= 0) & (steps < WINDOW)
        return np.asarray(~window | (self.seen >> np.where(window, steps, 0) & 1 == 1))

    def missing(self, column: int, low: int, high: int) -> Iterator[int]:
        """Numbers from low to high that no solution has met yet, within the window."""
        last = min(high, int(self.base[column]) + WINDOW - 1)
        return (number for number in range(low, last + 1) if not self.met(column, number))


def window_bits(low: Ints, high: Ints, base: Ints) -> Ints:
    """Bits base + k for every value from low to high, as far as the window goes."""
    first = np.clip(np.where(low == -NO_LIMIT, 0, low - base), 0, WINDOW)
    last = np.clip(np.where(high == NO_LIMIT, WINDOW, high - base + 1), 0, WINDOW)
    return np.asarray(np.where(last > first, (np.left_shift(1, last) - 1) & ~(np.left_shift(1, first) - 1), 0))
