"""How far an estimate moves when one person, or one list, is not as it was told.

Source: docs/methods/estimate-sensitivity.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from attrs import frozen

from egide.estimation.histories import Histories
from egide.estimation.results import Answer, Estimate

Method = Callable[[Histories], Answer]


@frozen(kw_only=True)
class Change:
    """The answer when a history has `by` persons more (negative: fewer)."""

    history: int
    by: int
    answer: Answer


@frozen(kw_only=True)
class OnePerson:
    """One person more or fewer in each history where somebody can be. before: the answer on the table as it is."""

    before: Answer
    changes: tuple[Change, ...]

    def ratio(self, change: Change) -> float | None:
        """The new number of persons over the one before; None where one of them is declined."""
        return _ratio(self.before, change.answer)

    def largest(self) -> Change | None:
        """The change that moves the estimate most; one that leaves no estimate comes before all. None if declined."""
        if not isinstance(self.before, Estimate):
            return None
        return max(self.changes, key=lambda one: _distance(self.ratio(one)), default=None)


@frozen(kw_only=True)
class WithoutList:
    """The answer when a list is left out, with the persons seen by it alone. seen: persons on the other lists."""

    name: str
    seen: int
    answer: Answer


@frozen(kw_only=True)
class WithoutEachList:
    """before: the answer with every list. Fewer than three lists have no rows: one list cannot be left alone."""

    before: Answer
    rows: tuple[WithoutList, ...]

    def ratio(self, row: WithoutList) -> float | None:
        """The new number of persons over the one before; None where one of them is declined."""
        return _ratio(self.before, row.answer)


def one_person(given: Histories, method: Method) -> OnePerson:
    """The method again with one person more in each possible history, and one fewer in each that has somebody."""
    changes = [
        Change(history=history, by=by, answer=method(_moved(given, history, by)))
        for history in range(1, len(given.counts))
        for by in (1, -1)
        if given.possible[history] and given.counts[history] + by >= 0
    ]
    return OnePerson(before=method(given), changes=tuple(changes))


def without_each_list(given: Histories, method: Method) -> WithoutEachList:
    """The method again without each list in turn."""
    rows = []
    for name in given.lists if given.k > 2 else ():
        left = without(given, name)
        rows.append(WithoutList(name=name, seen=left.seen, answer=method(left)))
    return WithoutEachList(before=method(given), rows=tuple(rows))


def without(given: Histories, name: str) -> Histories:
    """The table of the other lists; who was on this one only is on none, and no longer seen."""
    place = given.lists.index(name)
    cells = np.arange(len(given.counts))
    low = cells & ((1 << place) - 1)
    left = (cells >> (place + 1)) << place | low
    counts = np.bincount(left, weights=given.counts).astype(np.int64)
    counts[0] = 0
    possible = np.bincount(left, weights=given.possible) > 0
    return Histories(lists=tuple(one for one in given.lists if one != name), counts=counts, possible=possible)


def _moved(given: Histories, history: int, by: int) -> Histories:
    counts = given.counts.copy()
    counts[history] += by
    return given.with_counts(counts)


def _ratio(before: Answer, after: Answer) -> float | None:
    if isinstance(before, Estimate) and isinstance(after, Estimate):
        return after.persons / before.persons
    return None


def _distance(ratio: float | None) -> float:
    return math.inf if ratio is None else abs(math.log(ratio))
