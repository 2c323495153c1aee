"""Many small exchanges at once: from one solution of a part, those that differ from it by a square of cells.

Two cells of one line of a table and the two cells below them, on another line: what one gains the next loses, and no
total moves. On any statements: take two rows. A *rung* is one unknown of each, alike in all the other rows, so that
moving both by opposite steps changes nothing but these two rows. One rung up and another one down leave every row as
it was, so that a single rung that can go down lets all the others go up.

Rows are taken two by two, on whole arrays. Sums of hashes tell which unknowns are alike, which is only a guess:
`Reach.note_moves` checks each exchange on every row that it touches before it counts.
Source: docs/methods/attacker.md.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from egide.disclosure.attack.components import labels
from egide.disclosure.attack.reach import WINDOW, Reach
from egide.disclosure.attack.rows import LARGEST, Flags, Ints, Rows, by_column

_STALE = 30  # pairings of the rows, one after the other, that meet nothing new: enough


@frozen(kw_only=True, eq=False)
class _Ends:
    """Ends of rungs, at most one for each unknown, in the order of `keys`: what it leaves behind, then its row."""

    columns: Ints
    signs: Ints  # the step of the unknown that adds one to the row
    rows: Ints
    rests: Ints  # the same number for unknowns that are alike but for that row
    keys: Ints
    ranks: Ints  # of each row among those that it can be paired with
    counts: Ints  # how many these are, itself included; 0: it holds no end
    ordered: Ints  # rows that can be paired side by side, by rank
    firsts: Ints  # where those of each row begin there


def exchange(rows: Rows, reach: Reach, low: Ints, high: Ints, valued: Flags, work: int) -> None:
    """Meet the values of the valued unknowns that squares reach from the solution in `reach`.

    In:     `low` and `high`, bounds that hold every solution; `work`, how many unknowns may be looked at, counted
            again each time that rows are paired and for each distance.
    """
    numbers = reach.example
    if numbers is None or not valued.any():
        return
    ends = _ends(rows)
    if not len(ends.columns):
        return
    widths = np.minimum(high, LARGEST) - np.maximum(low, -LARGEST)
    farthest = min(int(widths[valued].max()), WINDOW - 1)
    stale = 0
    for pairing in range(int(ends.counts.max())):
        lacking = np.where(valued, reach.lacking(low, high), 0)
        wanting = np.zeros(rows.height, bool)
        wanting[ends.rows[lacking[ends.columns] != 0]] = True
        if stale >= _STALE or not wanting.any():
            return
        first, second = _rungs(ends, _partners(ends, pairing), wanting)
        work -= len(first) * farthest
        if work < 0:
            return
        squares = _Squares(rows, ends, first, second, numbers)
        found = 0
        for distance in range(1, farthest + 1):
            for step in (distance, -distance):
                columns, moves = squares.meeting(step, lacking, reach.base)
                found += reach.note_moves(columns, moves)
        stale = 0 if found else stale + 1


class _Squares:
    """The rungs between rows paired with each other, and how far each can go."""

    def __init__(self, rows: Rows, ends: _Ends, first: Ints, second: Ints, numbers: Ints) -> None:
        self._columns = np.stack((ends.columns[first], ends.columns[second]), axis=1)
        self._signs = np.stack((ends.signs[first], -ends.signs[second]), axis=1)  # of the unknowns, when it goes up
        self._pairs = ends.rows[first]
        self._height = rows.height
        self._numbers = numbers[self._columns]
        up, down = rows.high[self._columns] - self._numbers, self._numbers - rows.low[self._columns]
        self._up = np.where(self._signs > 0, up, down).min(axis=1)
        self._down = np.where(self._signs > 0, down, up).min(axis=1)

    def meeting(self, step: int, lacking: Ints, base: Ints) -> tuple[Ints, Ints]:
        """Four unknowns and their moves for each rung that meets a lacking value when it goes up by `step` (down, when
        it is negative) while another rung of the same rows goes the other way."""
        room, back = (self._up, self._down) if step > 0 else (self._down, self._up)
        after = np.flatnonzero(room >= abs(step))
        columns, moves = self._columns[after], self._signs[after] * step
        places = self._numbers[after] + moves - base[columns]
        followed = (places >= 0) & (places < WINDOW)
        meets = (lacking[columns] >> np.where(followed, places, 0) & 1 == 1) & followed
        after = after[meets.any(axis=1)]
        against = np.flatnonzero(back >= abs(step))
        earliest, latest = np.full(self._height, -1), np.full(self._height, -1)
        earliest[self._pairs[against[::-1]]] = against[::-1]
        latest[self._pairs[against]] = against
        other = earliest[self._pairs[after]]
        other = np.where(other == after, latest[self._pairs[after]], other)
        possible = (other >= 0) & (other != after)
        after, other = after[possible], other[possible]
        columns = np.concatenate((self._columns[after], self._columns[other]), axis=1)
        moves = np.concatenate((self._signs[after] * step, self._signs[other] * -step), axis=1)
        return columns, moves


def _ends(rows: Rows) -> _Ends:
    """Of the rows that an unknown stands in, the one where the fewest can be paired with each other."""
    starts, rows_of = by_column(rows)
    order = np.argsort(rows.columns, kind="stable")
    columns, weights = rows.columns[order], rows.weights[order]
    marks = _marks(rows.height)
    with np.errstate(over="ignore"):
        sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(weights * marks[rows_of])))
        left = weights * (sums[starts[columns + 1]] - sums[starts[columns]]) - marks[rows_of]
    _, rests, sizes = np.unique(left, return_inverse=True, return_counts=True)
    kept = np.flatnonzero((np.abs(weights) == 1) & (sizes[rests] > 1))
    kept = kept[np.argsort(rests[kept], kind="stable")]
    kinds = _kinds(rests[kept], rows_of[kept], rows.height)
    sizes = np.bincount(kinds[np.unique(rows_of[kept])], minlength=rows.height)
    kind = kinds[rows_of[kept]]
    best = kept[np.lexsort((kind, sizes[kind], columns[kept]))]
    chosen = best[np.unique(columns[best], return_index=True)[1]]
    keys = rests[chosen] * rows.height + rows_of[chosen]
    chosen = chosen[np.argsort(keys, kind="stable")]
    ranks, counts, places = (np.zeros(rows.height, np.int64) for _ in range(3))
    used = np.unique(rows_of[chosen])
    used = used[np.argsort(kinds[used], kind="stable")]
    _, firsts, members = np.unique(kinds[used], return_index=True, return_counts=True)
    ranks[used] = np.arange(len(used)) - np.repeat(firsts, members)
    counts[used], places[used] = np.repeat(members, members), np.repeat(firsts, members)
    return _Ends(
        columns=columns[chosen],
        signs=weights[chosen],
        rows=rows_of[chosen],
        rests=rests[chosen],
        keys=np.sort(keys),
        ranks=ranks,
        counts=counts,
        ordered=used,
        firsts=places,
    )


def _marks(count: int) -> Ints:
    """A hash of each row number (splitmix64): sums of them that are equal by chance are not met in practice."""
    with np.errstate(over="ignore"):
        mixed = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray((mixed ^ (mixed >> np.uint64(31))).view(np.int64))


def _kinds(rests: Ints, rows_of: Ints, height: int) -> Ints:
    """For each row, a number that it shares with those that a chain of rungs leads to. `rests` come in order."""
    starts = np.append(np.unique(rests, return_index=True)[1], len(rests)).astype(np.int64)
    nothing = np.zeros(len(starts) - 1, np.int64)
    tied = Rows(
        low=np.zeros(height, np.int64),
        high=np.zeros(height, np.int64),
        starts=starts,
        columns=rows_of,
        weights=np.ones(len(rows_of), np.int64),
        at_least=nothing,
        at_most=nothing,
    )
    return labels(tied)


def _partners(ends: _Ends, pairing: int) -> Ints:
    """The row each row is paired with, -1 for none: as in a tournament, each meets each of its kind in turn."""
    last = np.maximum(ends.counts + ends.counts % 2 - 1, 1)  # an odd number; the rank that the others turn around
    turn = pairing % last
    partner = (turn - ends.ranks) % last
    partner = np.where(partner == ends.ranks, last, partner)
    partner = np.where(ends.ranks == last, turn * ((last + 1) // 2) % last, partner)
    there = partner < ends.counts
    return np.asarray(np.where(there, ends.ordered[np.where(there, ends.firsts + partner, 0)], -1))


def _rungs(ends: _Ends, partners: Ints, wanting: Flags) -> tuple[Ints, Ints]:
    """Ends of two rows paired with each other that make a rung, where one of the rows still wants something."""
    used = (partners > np.arange(len(partners))) & (wanting | wanting[partners])
    first = np.flatnonzero(used[ends.rows])
    sought = ends.rests[first] * len(partners) + partners[ends.rows[first]]
    second = np.minimum(np.searchsorted(ends.keys, sought), len(ends.keys) - 1)
    made = ends.keys[second] == sought
    return first[made], second[made]
