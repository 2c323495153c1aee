"""Bound propagation: each row narrows each of its unknowns by what the others leave, until nothing moves.

Fast and sound, not complete: no number that works is ever excluded, and what remains may still be narrower once all
rows are read together. Works on whole arrays, so that a million cells take seconds.
Source: docs/methods/attacker.md.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from egide.disclosure.attack.rows import LARGEST, NO_LIMIT, Flags, Ints, Rows, by_column, entries_of

_SWEEPS = 400  # some systems close in one unit at a time for ever; the result so far is sound


@frozen(kw_only=True, eq=False)
class Bounds:
    """What is left of each unknown. `clash` is a row that nothing satisfies, None when none was met."""

    low: Ints
    high: Ints
    clash: int | None = None


def propagate(rows: Rows, sweeps: int = _SWEEPS) -> Bounds:
    """The narrowest bounds that rows taken one at a time give."""
    low, high = rows.low.copy(), rows.high.copy()
    if not rows.height:
        return Bounds(low=low, high=high)
    starts, rows_of_column = by_column(rows)
    empty = np.flatnonzero((np.diff(rows.starts) == 0) & ((rows.at_least > 0) | (rows.at_most < 0)))
    if len(empty):
        return Bounds(low=low, high=high, clash=int(empty[0]))
    active = np.flatnonzero(np.diff(rows.starts) > 0)
    for _ in range(sweeps):
        if not len(active):
            break
        moved, clash = _sweep(rows, active, low, high)
        if clash is not None:
            return Bounds(low=low, high=high, clash=clash)
        near = np.zeros(rows.height, bool)
        near[rows_of_column[entries_of(starts, moved)]] = True
        active = np.flatnonzero(near)
    return Bounds(low=low, high=high)


def least(rows: Rows, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Smallest sum of each row, missing bounds left out, and how many are missing."""
    ends = np.where(rows.weights > 0, low[rows.columns], high[rows.columns])
    missing = np.abs(ends) == NO_LIMIT
    return rows.sums(np.where(missing, 0, rows.weights * ends)), rows.sums(missing)


def most(rows: Rows, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Largest sum of each row, likewise."""
    return least(rows, high, low)


def _sweep(rows: Rows, active: Ints, low: Ints, high: Ints) -> tuple[Ints, int | None]:
    """Narrow `low` and `high` in place by the active rows; the columns that moved, and a row that clashes."""
    part = rows if len(active) == rows.height else rows.chosen(active)
    columns, weights = part.columns, part.weights
    lengths = np.diff(part.starts)
    before_low, before_high = low[columns], high[columns]
    positive = weights > 0
    floors, fits_floor, below = _others(part, lengths, np.where(positive, before_low, before_high), part.at_most)
    tops, fits_top, above = _others(part, lengths, np.where(positive, before_high, before_low), part.at_least)
    clashing = np.flatnonzero((below > 0) | (above < 0))
    if len(clashing):
        return columns[:0], int(active[clashing[0]])
    # weight × unknown is at most `floors` and at least `tops`; the sign of the weight tells which bound it is.
    size = np.abs(weights)
    if int(size.max()) > 1:
        up = np.where(positive, floors, -tops) // size
        down = -(np.where(positive, -tops, floors) // size)
    else:
        up = np.where(positive, floors, -tops)
        down = np.where(positive, tops, -floors)
    says_up = np.where(positive, fits_floor, fits_top) & (np.abs(up) <= LARGEST)
    says_down = np.where(positive, fits_top, fits_floor) & (np.abs(down) <= LARGEST)
    narrower = (says_up & (up < before_high)) | (says_down & (down > before_low))
    moved = np.unique(columns[narrower])
    use = says_up & (up < before_high)
    np.minimum.at(high, columns[use], up[use])
    use = says_down & (down > before_low)
    np.maximum.at(low, columns[use], down[use])
    crossed = moved[low[moved] > high[moved]]
    if len(crossed):
        entry = int(np.flatnonzero(narrower & np.isin(columns, crossed))[0])
        return moved, int(active[np.searchsorted(part.starts, entry, side="right") - 1])
    return moved, None


def _others(part: Rows, lengths: Ints, ends: Ints, limit: Ints) -> tuple[Ints, Flags, Ints]:
    """What a limit leaves for each entry once the others stand at their ends; whether it says anything;
    and by how much each row's own ends pass the limit (0: they do not, or it cannot be said)."""
    missing = np.abs(ends) == NO_LIMIT
    products = np.where(missing, 0, part.weights * ends)
    sums, gaps = part.sums(products), part.sums(missing)
    stated = np.abs(limit) != NO_LIMIT
    left = np.where(stated, limit, 0) - sums
    passing = np.where(stated & (gaps == 0), -left, 0)
    rests = np.repeat(left, lengths) + products
    return rests, np.repeat(stated, lengths) & (np.repeat(gaps, lengths) == missing), passing
