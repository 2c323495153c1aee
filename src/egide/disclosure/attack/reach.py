"""What verified solutions have reached: for each unknown the least and the greatest number met, and each small one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from egide.disclosure.attack.rows import NO_LIMIT, Flags, Ints, Rows

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
        self.low[columns] = np.minimum(self.low[columns], numbers)
        self.high[columns] = np.maximum(self.high[columns], numbers)
        steps = numbers - self.base[columns]
        window = (steps >= 0) & (steps < WINDOW)
        self.seen[columns] |= np.where(window, np.left_shift(1, np.where(window, steps, 0)), 0)

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
