"""One part, settled: the exact bounds of its unknowns and, for small counts, each value one by one.

Two ranges close in on each other: what is proven to hold every solution, and what verified solutions have reached.
Where they meet the bound is exact. Where limits stop the work before, the unknown is "not proven".
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from attrs import frozen

from egide.disclosure.attack.asking import Asking
from egide.disclosure.attack.components import Part
from egide.disclosure.attack.endless import endless
from egide.disclosure.attack.enumeration import enumerate_all
from egide.disclosure.attack.exact import direction
from egide.disclosure.attack.exchanges import exchange
from egide.disclosure.attack.reach import Reach, window_bits
from egide.disclosure.attack.rows import NO_LIMIT, Flags, Ints, Rows
from egide.disclosure.attack.search import NoSolution, NotProven, Search

_WORTH = 200  # unknowns of a part for one about which something is asked, beyond which it is asked near that one


class How(IntEnum):
    """How the bounds of an unknown were obtained."""

    PROPAGATION = 0
    COMPONENT = 1  # every solution of a small part was tried
    EXACT_SOLVER = 2
    NOT_PROVEN = 3  # the true bounds may be narrower: treat as a leak
    NOT_SOUGHT = 4  # nobody asked; the bounds hold every solution and may be narrower


@frozen(kw_only=True)
class Limits:
    """How much work may be spent. Counts, not seconds: the same question gets the same answer everywhere."""

    trials: int = 3000  # choices when every solution of a part is tried
    nodes: int = 400  # branches of one search
    work: int = 2_000_000  # questions put to a whole part, times its unknowns
    solving: int = 400_000_000  # iterations of the solver on a whole part, times its rows
    near: int = 60_000_000  # entries of statements read for questions put to what lies near an unknown
    exchanged: int = 800_000_000  # unknowns looked at for small exchanges with others
    swept: int = 400_000  # unknowns of a part beyond which no point of the whole is sought in that way
    sweeps: int = 12  # points sought in all directions at once, before unknowns are looked at one by one


@frozen(kw_only=True, eq=False)
class Settled:
    """Bounds that hold every solution; the values verified (bit k: base + k); the values proven impossible."""

    low: Ints
    high: Ints
    seen: Ints
    never: Ints
    how: Ints


class Impossible(Exception):
    """No whole numbers satisfy this part."""


def settle(part: Part, base: Ints, sought: Flags, valued: Flags, limits: Limits, start: Ints | None = None) -> Settled:
    """Exact bounds of the unknowns of one part.

    In:     `base`, the first value followed for each unknown; `sought`, whose bounds are asked for; `valued`, for
            which each value between the bounds is decided too; `start`, a solution if one is known.
    Raises: Impossible, proven, when the part has no solution.
    """
    rows = part.rows
    if _is_one_plain_row(rows):
        return _plain(rows, base)
    reach = Reach(rows, base)
    if enumerate_all(rows, reach, limits.trials):
        if reach.example is None:
            raise Impossible
        how = np.full(rows.width, int(How.COMPONENT))
        return Settled(low=reach.low, high=reach.high, seen=reach.seen, never=~reach.seen, how=how)
    return _Settling(rows, reach, sought, valued, limits).run(start)


def _is_one_plain_row(rows: Rows) -> bool:
    """Whole numbers added once each: after propagation every value between the bounds is possible."""
    return rows.height == 1 and bool(np.all(np.abs(rows.weights) == 1))


def _plain(rows: Rows, base: Ints) -> Settled:
    seen = window_bits(rows.low, rows.high, base)
    return Settled(low=rows.low, high=rows.high, seen=seen, never=~seen, how=np.full(rows.width, int(How.PROPAGATION)))


class _Settling:
    def __init__(self, rows: Rows, reach: Reach, sought: Flags, valued: Flags, limits: Limits) -> None:
        self._rows, self._reach, self._limits = rows, reach, limits
        self._sought, self._valued = sought | valued, valued
        self._low, self._high = rows.low.copy(), rows.high.copy()
        self._never = np.zeros(rows.width, np.int64)
        self._no_low, self._no_high = np.zeros(rows.width, bool), np.zeros(rows.width, bool)  # proven
        self._asking = Asking(rows, reach, limits.nodes, limits.work // rows.width, limits.solving, limits.near)

    def run(self, start: Ints | None) -> Settled:
        proven = np.zeros(self._rows.width, bool)
        if start is None or not self._reach.note(start):
            first = self._asking.anything(self._low, self._high)
            if isinstance(first, NoSolution):
                raise Impossible
            if isinstance(first, NotProven):
                return self._settled(proven)
        exchange(self._rows, self._reach, self._low, self._high, self._valued, self._limits.exchanged)
        self._no_low = endless(self._rows, self._sought & (self._low == -NO_LIMIT), -1)
        self._no_high = endless(self._rows, self._sought & (self._high == NO_LIMIT), 1)
        if self._rows.width <= self._limits.swept:
            self._all_directions()
        proven = self._sought & ~self._open()
        for column in np.flatnonzero(self._open()):
            below = self._side(int(column), self._low, self._reach.low, 1)
            proven[column] = self._side(int(column), self._high, self._reach.high, -1) and below
            if self._valued[column]:
                proven[column] &= self._decide_values(int(column))
        return self._settled(proven)

    def _open(self) -> Flags:
        """Unknowns about which something is asked that no solution has answered yet."""
        below, above = self._apart()
        lacking = self._valued & (self._reach.lacking(self._low, self._high) != 0)
        return np.asarray(self._sought & (below | above | lacking))

    def _apart(self) -> tuple[Flags, Flags]:
        """Where solutions have not reached what is proven, on each side."""
        below, above = self._low < self._reach.low, self._high > self._reach.high
        return below & ~self._no_low, above & ~self._no_high

    def _settled(self, proven: Flags) -> Settled:
        how = np.where(self._sought, np.where(proven, int(How.EXACT_SOLVER), int(How.NOT_PROVEN)), int(How.NOT_SOUGHT))
        return Settled(low=self._low, high=self._high, seen=self._reach.seen, never=self._never, how=how)

    def _all_directions(self) -> None:
        """Points in mixed directions, each of which settles many questions at once: as far as it goes first, then
        near the start, where single small values are met."""
        start = self._reach.example
        if start is None:
            return
        for radius in (None, 1, 2, 3):
            if radius is None:
                low, high = self._low, self._high
            else:
                low, high = np.maximum(self._low, start - radius), np.minimum(self._high, start + radius)
            for sweep in range(self._limits.sweeps):
                wanted = self._wanted(start, radius, sweep)
                if np.count_nonzero(wanted) * _WORTH <= len(start):
                    break
                if not self._asking.whole.far_out(wanted, low, high) and radius is not None:
                    break

    def _wanted(self, start: Ints, radius: int | None, sweep: int) -> Ints:
        """Which way each unknown should go to meet something new: 1 down, -1 up, 0 nothing to win."""
        if radius is None:
            below, above = self._apart()
        else:
            below = self._valued & (start - radius >= self._low) & ~self._reach.met_by(start - radius)
            above = self._valued & (start + radius <= self._high) & ~self._reach.met_by(start + radius)
        mixed = 1 - 2 * ((np.arange(len(start), dtype=np.int64) * 2654435761 >> (7 + sweep)) & 1)
        return np.where(self._sought, np.where(below & above, mixed, below.astype(np.int64) - above), 0)

    def _side(self, column: int, proven: Ints, reached: Ints, sign: int) -> bool:
        """Close the gap between what is proven and what is reached, on one side of one unknown."""
        if abs(proven[column]) == NO_LIMIT:
            if (self._no_low if sign > 0 else self._no_high)[column]:
                return True
            if not self._asking.may_ask_the_whole():
                return False
            bound = self._asking.bound(column, sign, self._low, self._high)
            if bound is None:
                return self._is_endless(column, sign)
            proven[column] = bound
        while proven[column] != reached[column]:
            further = int(reached[column]) - sign
            ends = (int(proven[column]), further) if sign > 0 else (further, int(proven[column]))
            outcome = self._asking.between(column, *ends, self._low, self._high, sign)
            if isinstance(outcome, NotProven):
                return False
            if isinstance(outcome, NoSolution):
                proven[column] = reached[column]
            else:
                proven[column] = outcome if (outcome > proven[column]) == (sign > 0) else proven[column]
        return True

    def _is_endless(self, column: int, sign: int) -> bool:
        """A step that can be repeated for ever from the solution already met proves that there is no bound."""
        steps = direction(self._rows)
        low, high = steps.low.copy(), steps.high.copy()
        if sign > 0:
            high[column] = -1
        else:
            low[column] = 1
        found = Search(steps, Reach(steps), self._limits.nodes, self._limits.solving).find(low, high)
        return not isinstance(found, NoSolution | NotProven)

    def _decide_values(self, column: int) -> bool:
        """Each value between the bounds is met by a solution or proven impossible."""
        decided = True
        base = int(self._reach.base[column])
        for number in list(self._reach.missing(column, int(self._low[column]), int(self._high[column]))):
            if self._reach.met(column, number):
                continue  # by a solution found meanwhile
            outcome = self._asking.between(column, number, number, self._low, self._high, 0)
            if isinstance(outcome, NoSolution):
                self._never[column] |= 1 << (number - base)
            decided = decided and not isinstance(outcome, NotProven)
        return decided
