"""Questions about one unknown of a part, put to the smallest system that can answer: near it first, then the whole."""

from __future__ import annotations

import numpy as np

from egide.disclosure.attack.components import Part
from egide.disclosure.attack.local import Neighbourhoods
from egide.disclosure.attack.propagation import propagate
from egide.disclosure.attack.reach import Reach
from egide.disclosure.attack.rows import Ints, Rows
from egide.disclosure.attack.search import NO_SOLUTION, NOT_PROVEN, SWEEPS, NoSolution, NotProven, Search

_LOCAL = (40, 160)  # unknowns of the small systems tried before the whole
_LOCAL_NODES = 2


class Asking:
    """Answers, and notes in `reach` every solution met on the way."""

    def __init__(self, rows: Rows, reach: Reach, nodes: int, questions: int, solving: int, near: int) -> None:
        self._rows, self._reach, self._left, self._near_limit = rows, reach, questions, near
        self.whole = Search(rows, reach, nodes, solving)
        self._near = Neighbourhoods(rows)
        self._sizes = tuple(size for size in _LOCAL if size * 4 <= rows.width)

    def anything(self, low: Ints, high: Ints) -> Ints | NoSolution | NotProven:
        """Any solution between these bounds."""
        return self.whole.find(low, high)

    def bound(self, column: int, sign: int, low: Ints, high: Ints) -> int | None:
        """A proven bound of this unknown, from below (sign 1) or above (-1). None: none was found."""
        found = self.whole.least(self._towards(self._rows.width, column, sign), low, high)
        return None if found is None else sign * found

    def between(
        self, column: int, first: int, last: int, low: Ints, high: Ints, sign: int
    ) -> int | NoSolution | NotProven:
        """Can this unknown lie from `first` to `last`? NO_SOLUTION: proven that it cannot. Otherwise a solution was
        noted, and the number returned bounds the unknown on the side of `sign` (1: from below, -1: from above)."""
        open_end = first if sign >= 0 else last
        for size in self._sizes:
            if self._near.read >= self._near_limit:
                break
            if self._restricted(column, size, first, last, sign):
                return open_end
            if self._relaxed(column, size, first, last, low, high):
                return NO_SOLUTION
        if not self.may_ask_the_whole():
            return NOT_PROVEN
        asked_low, asked_high = low.copy(), high.copy()
        asked_low[column], asked_high[column] = max(first, low[column]), min(last, high[column])
        objective = self._towards(self._rows.width, column, sign) if sign else None
        outcome = self.whole.find(asked_low, asked_high, objective)
        if isinstance(outcome, NoSolution | NotProven):
            return outcome
        if sign and abs(self._ends(column, sign) - open_end) > 0:
            bound = self.bound(column, sign, low, high)
            return open_end if bound is None else bound
        return open_end

    def may_ask_the_whole(self) -> bool:
        """Counts one more question put to the whole part. False: there have been enough."""
        self._left -= 1
        return self._left >= 0

    def _ends(self, column: int, sign: int) -> int:
        return int((self._reach.low if sign > 0 else self._reach.high)[column])

    def _restricted(self, column: int, size: int, first: int, last: int, sign: int) -> bool:
        """Look for a solution that differs from the known one near this unknown only."""
        numbers = self._reach.example
        if numbers is None:
            return False
        part = self._near.restricted(column, size, numbers)
        low, high, place = self._asked(part, part.rows.low, part.rows.high, column, first, last)
        near_reach = Reach(part.rows)
        objective = self._towards(part.rows.width, place, sign) if sign else None
        found = Search(part.rows, near_reach, _LOCAL_NODES).find(low, high, objective)
        if isinstance(found, NoSolution | NotProven):
            return False
        self._reach.note_part(part.columns, found)
        return True

    def _relaxed(self, column: int, size: int, first: int, last: int, low: Ints, high: Ints) -> bool:
        """Do the statements around this unknown forbid it already?"""
        part = self._near.relaxed(column, size, low, high)
        asked_low, asked_high, _ = self._asked(part, part.rows.low, part.rows.high, column, first, last)
        if propagate(part.rows.within(asked_low, asked_high), SWEEPS).clash is not None:
            return True
        return Search(part.rows, Reach(part.rows), _LOCAL_NODES).find(asked_low, asked_high) is NO_SOLUTION

    def _asked(self, part: Part, low: Ints, high: Ints, column: int, first: int, last: int) -> tuple[Ints, Ints, int]:
        place = int(np.searchsorted(part.columns, column))
        low, high = low.copy(), high.copy()
        low[place], high[place] = max(first, int(low[place])), min(last, int(high[place]))
        return low, high, place

    def _towards(self, width: int, place: int, sign: int) -> Ints:
        objective = np.zeros(width, np.int64)
        objective[place] = sign
        return objective
