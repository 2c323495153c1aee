"""Which few statements clash, or give a cell away: found by taking statements out until none can be spared.

A bound is given away by the statements that clash with its opposite ("this cell is 13 or less"), so one search
serves both. The set found is small, and no statement of it is superfluous; another one may be smaller still.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from attrs import evolve, frozen

from egide.disclosure.attack.components import Part, reduce, split
from egide.disclosure.attack.reach import Reach
from egide.disclosure.attack.rows import NO_LIMIT, Rows, by_column, entries_of
from egide.disclosure.attack.search import NO_SOLUTION, Search

_NODES = 200
_TESTS = 3000  # questions asked to make a set smaller; what is left then still clashes


@frozen(kw_only=True, eq=False)
class Clash:
    """Rows over the unknowns they name that no whole numbers satisfy, `part.rows` holding only the bounds needed."""

    part: Part


def smallest_clash(rows: Rows, seeds: Sequence[int]) -> Clash | None:
    """A small set of rows around the seeds that nothing satisfies. None when no clash can be proven."""
    grown = _grow(rows, seeds)
    if grown is None:
        return None
    order, test = grown
    left = _Budget(_TESTS)
    kept = _without_the_superfluous(order, lambda chosen: left.spend() and test(_only(rows, chosen).rows))
    part = _only(rows, sorted(kept))
    return Clash(part=evolve(part, rows=_without_needless_bounds(part.rows, test)))


def cannot_be(rows: Rows, column: int, low: int | None = None, high: int | None = None) -> Clash | None:
    """The rows that forbid this unknown to lie from `low` to `high`."""
    lows, highs = rows.low.copy(), rows.high.copy()
    if low is not None:
        lows[column] = max(int(lows[column]), low)
    if high is not None:
        highs[column] = min(int(highs[column]), high)
    starts, rows_of = by_column(rows)
    return smallest_clash(rows.within(lows, highs), rows_of[starts[column] : starts[column + 1]].tolist())


def by_propagation(rows: Rows) -> bool:
    """Does narrowing alone, with common divisors, show that nothing satisfies these rows?"""
    return bool(np.any(rows.low > rows.high)) or reduce(rows).bounds.clash is not None


def by_any_means(rows: Rows) -> bool:
    """Is it proven, by propagation or by a checked search, that nothing satisfies these rows?"""
    if bool(np.any(rows.low > rows.high)):
        return True
    reduced = reduce(rows)
    if reduced.bounds.clash is not None:
        return True
    return any(
        Search(part.rows, Reach(part.rows), _NODES).find(part.rows.low, part.rows.high) is NO_SOLUTION
        for part in split(reduced.rest)
    )


class _Budget:
    def __init__(self, tests: int) -> None:
        self._left = tests

    def spend(self) -> bool:
        self._left -= 1
        return self._left >= 0


def _grow(rows: Rows, seeds: Sequence[int]) -> tuple[list[int], Callable[[Rows], bool]] | None:
    """Rows near the seeds, nearest first, enough of them to clash, and the lightest way to see that they do."""
    starts, rows_of = by_column(rows)
    taken = np.zeros(rows.height, bool)
    order = list(dict.fromkeys(seeds))
    taken[order] = True
    while True:
        if by_propagation(_only(rows, order).rows):
            return order, by_propagation
        columns = np.unique(rows.columns[entries_of(rows.starts, np.array(order))])
        near = np.unique(rows_of[entries_of(starts, columns)])
        new = near[~taken[near]]
        if not len(new):
            break
        taken[new] = True
        order += new.tolist()
    return (order, by_any_means) if by_any_means(_only(rows, order).rows) else None


def _only(rows: Rows, chosen: Sequence[int]) -> Part:
    """These rows over the unknowns they name."""
    origins = np.array(chosen, dtype=np.int64)
    picked = rows.chosen(origins)
    columns, places = np.unique(picked.columns, return_inverse=True)
    inner = evolve(picked, low=rows.low[columns], high=rows.high[columns], columns=places.astype(np.int64))
    return Part(rows=inner, columns=columns, origins=origins)


def _without_the_superfluous(order: list[int], clashes: Callable[[list[int]], bool]) -> list[int]:
    """Drop halves, then quarters, then single ones, the farthest first, as long as the rest still clashes."""
    kept, size = list(order), max(len(order) // 2, 1)
    while True:
        place = len(kept)
        while place > 0:
            first = max(place - size, 0)
            without = kept[:first] + kept[place:]
            if without and clashes(without):
                kept = without
            place = first
        if size == 1:
            return kept
        size //= 2


def _without_needless_bounds(rows: Rows, clashes: Callable[[Rows], bool]) -> Rows:
    """Labels that the clash does not need say nothing in it; a count stays a count, so zero remains its floor."""
    low, high = rows.low.copy(), rows.high.copy()
    for column in range(rows.width):
        for bounds, free in ((high, NO_LIMIT), (low, 0 if low[column] >= 0 else -NO_LIMIT)):
            before = bounds[column]
            bounds[column] = free
            if not clashes(rows.within(low, high)):
                bounds[column] = before
    return rows.within(low, high)
