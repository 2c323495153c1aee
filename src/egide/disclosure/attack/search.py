"""Is there a whole solution between these bounds? A verified one, a proof that there is none, or "could not prove".

Branch and bound whose every step is exact: propagation closes a branch in whole numbers, a solver's impossibility
counts only once its multipliers have been checked, a solver's point only once it satisfies every row.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from egide.disclosure.attack.exact import Floats, proven_empty, proven_least
from egide.disclosure.attack.propagation import Bounds, propagate
from egide.disclosure.attack.reach import Reach
from egide.disclosure.attack.rows import LARGEST, NO_LIMIT, Ints, Rows
from egide.disclosure.attack.solver import Answer, Said, Solver

_BEFORE_HELP = 2  # nodes opened before the solver is asked for a whole point itself
_HELP_NODES = 200
_HELPED = 5_000_000  # unknowns times rows: the work of the solver on whole points of larger parts cannot be limited
SWEEPS = 15  # of propagation at each node: some close in one unit at a time, where a solver sees it at once
_WHOLE = 1e-6  # how far from a whole number a solver's number may be and still be taken for one, before the check


@frozen
class NoSolution:
    """Proven: nothing between these bounds satisfies the rows."""


@frozen
class NotProven:
    """Neither a solution nor a proof within the limits."""


NO_SOLUTION, NOT_PROVEN = NoSolution(), NotProven()


class Search:
    """Questions about one part. Every solution met on the way is noted in `reach`."""

    def __init__(self, rows: Rows, reach: Reach, nodes: int, solving: int = NO_LIMIT) -> None:
        """`nodes`: branches of one question. `solving`: iterations of the solver times rows, of all of them."""
        self._rows, self._reach, self._nodes, self._solving = rows, reach, nodes, solving
        self._solver = Solver(rows)

    @property
    def spent(self) -> bool:
        """Has the solver done all the work it may? What it is asked afterwards stays without answer."""
        return self._solver.spent >= self._solving

    def least(self, objective: Ints, low: Ints, high: Ints) -> int | None:
        """The lower bound of the objective that the solver's multipliers prove. Its point is noted when whole."""
        if self.spent:
            return None
        answer = self._solver.least(objective, low, high)
        if answer.said is not Said.POINT or answer.point is None or answer.multipliers is None:
            return None
        self._note(answer.point)
        return proven_least(self._rows.within(low, high), objective, answer.multipliers)

    def far_out(self, objective: Ints, low: Ints, high: Ints) -> bool:
        """Note a solution low in the objective, if the solver's point is one. False: it was not whole."""
        if self.spent:
            return False
        answer = self._solver.least(objective, low, high)
        return answer.point is not None and self._note(answer.point) is not None

    def find(self, low: Ints, high: Ints, objective: Ints | None = None) -> Ints | NoSolution | NotProven:
        """A solution between these bounds, low in the objective when one is given."""
        costs = np.zeros(self._rows.width, np.int64) if objective is None else objective
        open_nodes = [(low, high)]
        unproven = False
        for count in range(self._nodes):
            if not open_nodes:
                return NOT_PROVEN if unproven else NO_SOLUTION
            if self.spent:
                return NOT_PROVEN
            bounds = propagate(self._rows.within(*open_nodes.pop()), SWEEPS)
            if bounds.clash is not None:
                continue
            if np.array_equal(bounds.low, bounds.high):
                if self._reach.note(bounds.low):
                    return bounds.low
                continue
            answer = self._solver.least(costs, bounds.low, bounds.high)
            if answer.said is Said.ENDLESS:
                answer = self._solver.least(np.zeros_like(costs), bounds.low, bounds.high)
            if answer.said is Said.POINT and answer.point is not None:
                found = self._note(answer.point, bounds.low, bounds.high)
                if found is not None:
                    return found
            elif self._is_empty(answer, bounds):
                continue
            if count == _BEFORE_HELP and self._rows.width * self._rows.height <= _HELPED:
                helped = self._solver.whole_point(low, high, _HELP_NODES, costs)
                found = None if helped is None else self._note(helped, low, high)
                if found is not None:
                    return found
            branches = _branches(bounds.low, bounds.high, answer.point)
            unproven = unproven or not branches
            open_nodes += branches
        return NOT_PROVEN if open_nodes or unproven else NO_SOLUTION

    def _is_empty(self, answer: Answer, bounds: Bounds) -> bool:
        """Does the impossibility that the solver claims hold in whole numbers?"""
        if answer.said is not Said.NOTHING or answer.multipliers is None:
            return False
        return proven_empty(self._rows.within(bounds.low, bounds.high), answer.multipliers)

    def _note(self, point: Floats, low: Ints | None = None, high: Ints | None = None) -> Ints | None:
        """The point in whole numbers, when it is a solution between these bounds."""
        if not np.all(np.isfinite(point)) or float(np.max(np.abs(point), initial=0.0)) > LARGEST:
            return None
        bounded = self._rows if low is None or high is None else self._rows.within(low, high)
        numbers = np.rint(point).astype(np.int64)
        if not bounded.holds(numbers):
            return None
        self._reach.note(numbers)
        return numbers


def _branches(low: Ints, high: Ints, point: Floats | None) -> list[tuple[Ints, Ints]]:
    """Two halves that leave no whole number out, the likelier one last: it is opened first. Empty: cannot be cut."""
    free = np.flatnonzero(low < high)
    if not len(free):
        return []
    if point is not None:
        far = np.abs(point[free] - np.rint(point[free]))
        column = int(free[np.argmax(far)])
        where = float(point[column]) if float(far.max()) > _WHOLE else None
    else:
        column, where = int(free[0]), None
    if where is not None:
        cut = min(max(int(np.floor(where)), int(low[column])), int(high[column]) - 1)
    else:
        finite = free[(low[free] != -NO_LIMIT) & (high[free] != NO_LIMIT)]
        if not len(finite):
            return []
        column = int(finite[np.argmax(high[finite] - low[finite])])
        cut = int((low[column] + high[column]) // 2)
    below, above = high.copy(), low.copy()
    below[column], above[column] = cut, cut + 1
    halves = [(low, below), (above, high)]
    return halves if where is None or where - cut > 0.5 else halves[::-1]
