"""Cells as sums of free cells: a change of the free ones changes all the others so that every relation still holds.

In a table, the inner cells are free and the totals follow. Cells that a relation makes equal count once (a total of
one part). A relation that no cell follows from, such as the second breakdown of a shared margin or a printed share,
becomes a check: a sum that may not change, or only between its bounds. Source: docs/methods/secondary-suppression.md.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from egide.disclosure.attack.rows import NO_LIMIT, Flags, Ints, Rows
from egide.disclosure.suppress.compiled import kernels

ROOM = 2**40  # room of a number that nothing limits


@frozen(kw_only=True, eq=False)
class Forms:
    """`place[column]`: the form of each cell, -1 for one that cannot move. Forms from `cells` on are checks.

    numbers, low, high: of each form, when hidden; a check has the bounds of its relation.
    starts, free, times: each form as Σ times × free form. `of_starts`, `of`, `of_times`: the same, by free form.
    """

    place: Ints
    cells: int
    numbers: Ints
    low: Ints
    high: Ints
    starts: Ints
    free: Ints
    times: Ints
    of_starts: Ints
    of: Ints
    of_times: Ints
    home: Ints  # the form of each free cell

    @property
    def count(self) -> int:
        return len(self.numbers)

    @property
    def free_count(self) -> int:
        return len(self.of_starts) - 1

    @classmethod
    def of_rows(cls, rows: Rows, numbers: Ints, movable: Flags, *, compiled: bool) -> Forms:
        """In: `rows`, satisfied by `numbers`, whose bounds are the ranges of labels; cells that may move at all."""
        rows = _in_order(rows)
        place, count, entries = _equal_cells(rows, numbers, movable)
        starts, columns, weights, of_row = entries
        amounts = np.zeros(count, np.int64)
        low, high = np.full(count, -ROOM), np.full(count, ROOM)
        moving = np.flatnonzero(place >= 0)
        amounts[place[moving]] = numbers[moving]
        np.maximum.at(low, place[moving], np.maximum(rows.low[moving], -ROOM))
        np.minimum.at(high, place[moving], np.minimum(rows.high[moving], ROOM))
        exact = rows.at_least[of_row] == rows.at_most[of_row]
        follows = _followers(starts, columns, weights, exact, amounts)
        checks = np.setdiff1d(np.arange(len(of_row)), follows)
        order = np.argsort(amounts, kind="stable")
        room = 4 * len(columns) + count + 16
        expand = kernels(compiled=compiled).expand
        while (made := expand(starts, columns, weights, exact, follows, order, checks, room)) is None:
            room *= 2
        begins, ends, parts, times = made
        kept = np.concatenate((np.arange(count), count + np.flatnonzero(ends[count:] > begins[count:])))
        sizes = (ends - begins)[kept]
        chosen = np.repeat(begins[kept] - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes) + np.arange(sizes.sum())
        whole_sums = rows.sums(rows.weights * numbers[rows.columns])[of_row]
        sums = np.zeros(len(of_row), np.int64)
        filled = np.diff(starts) > 0
        if len(columns):
            sums[filled] = np.add.reduceat(weights * amounts[columns], starts[:-1][filled])
        still = whole_sums - sums  # what cells that cannot move bring
        mine = checks[kept[count:] - count]
        least, most = rows.at_least[of_row[mine]], rows.at_most[of_row[mine]]
        return cls._transposed(
            place=place,
            cells=count,
            numbers=np.concatenate((amounts, sums[mine])),
            low=np.concatenate((low, np.where(least == -NO_LIMIT, -ROOM, least - still[mine]))),
            high=np.concatenate((high, np.where(most == NO_LIMIT, ROOM, most - still[mine]))),
            starts=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
            free=parts[chosen],
            times=times[chosen],
        )

    @classmethod
    def _transposed(
        cls,
        *,
        place: Ints,
        cells: int,
        numbers: Ints,
        low: Ints,
        high: Ints,
        starts: Ints,
        free: Ints,
        times: Ints,
    ) -> Forms:
        """Free forms are numbered anew, from 0, in order."""
        names, renamed = np.unique(free, return_inverse=True)
        order = np.argsort(renamed, kind="stable")
        counts = np.bincount(renamed, minlength=len(names))
        forms = np.repeat(np.arange(len(numbers)), np.diff(starts))
        return cls(
            place=place,
            cells=cells,
            numbers=numbers,
            low=low,
            high=high,
            starts=starts,
            free=renamed.astype(np.int64),
            times=times,
            of_starts=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            of=forms[order],
            of_times=times[order],
            home=names.astype(np.int64),
        )


def _in_order(rows: Rows) -> Rows:
    """The same rows, in an order that owes nothing to the one in which they were listed."""
    marks = np.random.default_rng(0).integers(1, 2**31, (rows.width, 2))
    one, two = (rows.sums(rows.weights * mark[rows.columns]) for mark in marks.T)
    smallest = np.full(rows.height, rows.width)
    np.minimum.at(smallest, rows.row_of_entries(), rows.columns)
    keys = (rows.at_most, rows.at_least, two, one, np.diff(rows.starts), smallest)
    return rows.chosen(np.lexsort(keys))


def _equal_cells(rows: Rows, numbers: Ints, movable: Flags) -> tuple[Ints, int, tuple[Ints, Ints, Ints, Ints]]:
    """One place for all the cells that are equal by a relation; then the relations between places, and which they are.

    Cells that cannot move are left out, and so are those that a relation leaves alone.
    """
    moving = movable.copy()
    of_entry = rows.row_of_entries()
    exact = rows.at_least == rows.at_most
    while True:
        inside = moving[rows.columns]
        lengths = np.bincount(of_entry[inside], minlength=rows.height)
        alone = exact & (lengths == 1)
        stuck = rows.columns[inside & alone[of_entry]]
        if not len(stuck):
            break
        moving[stuck] = False
    pairs = exact & (lengths == 2)
    of_pairs = inside & pairs[of_entry]
    ends = rows.columns[of_pairs].reshape(-1, 2)
    signs = rows.weights[of_pairs].reshape(-1, 2)
    equal = (signs.sum(axis=1) == 0) & (np.abs(signs[:, 0]) == 1)
    equal &= numbers[ends[:, 0]] == numbers[ends[:, 1]]  # others differ by cells that cannot move
    label = np.arange(rows.width)
    one, other = ends[equal].T
    while True:  # the smallest column of each chain of equal cells reaches all of it
        least = np.minimum(label[one], label[other])
        before = label.copy()
        np.minimum.at(label, one, least)
        np.minimum.at(label, other, least)
        label = label[label]
        if np.array_equal(before, label):
            break
    place = np.full(rows.width, -1, np.int64)
    names, numbered = np.unique(label[moving], return_inverse=True)
    place[moving] = numbered
    merged = np.zeros(rows.height, bool)
    merged[np.flatnonzero(pairs)[equal]] = True
    kept = (lengths > 0) & ~merged
    of_row = np.flatnonzero(kept)
    entries = inside & kept[of_entry]
    # Two equal cells in one relation count together.
    width = len(names)
    keys = of_entry[entries] * width + place[rows.columns[entries]]
    found, which = np.unique(keys, return_inverse=True)
    weights = np.zeros(len(found), np.int64)
    np.add.at(weights, which, rows.weights[entries])
    found, weights = found[weights != 0], weights[weights != 0]
    counts = np.bincount(found // max(width, 1), minlength=rows.height)[of_row]
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return place, width, (starts, found % max(width, 1), weights, of_row)


def _followers(starts: Ints, columns: Ints, weights: Ints, exact: Flags, amounts: Ints) -> Ints:
    """For each place the relation that it follows from, as the whole of smaller parts; -1 for a free one."""
    follows = np.full(len(amounts), -1, np.int64)
    if not len(columns):
        return follows
    of_entry = np.repeat(np.arange(len(exact)), np.diff(starts))
    order = np.lexsort((weights, amounts[columns], of_entry))
    last = order[starts[1:][np.diff(starts) > 0] - 1]
    rows = of_entry[last]
    sign = np.zeros(len(exact), np.int64)
    sign[rows] = weights[last]
    others = np.ones(len(columns), bool)
    others[last] = False
    top = np.zeros(len(exact), np.int64)
    top[rows] = amounts[columns[last]]
    wrong = others & ((weights * sign[of_entry] >= 0) | (amounts[columns] >= top[of_entry]))
    fits = exact & (np.abs(sign) == 1) & (np.bincount(of_entry[wrong], minlength=len(exact)) == 0)
    mine = rows[fits[rows]]
    wholes = columns[last][fits[rows]]
    follows[wholes[::-1]] = mine[::-1]
    return follows
