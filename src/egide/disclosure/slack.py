"""First choice of cells to hide: every relation that holds a hidden cell must leave it room to move.

In a relation, a hidden cell can rise only as far as the others can make up for it, each within its label. Counting
that room for all relations at once takes a few passes over arrays. It is necessary, not sufficient: the attacker and
the repairs come after. Source: docs/methods/secondary-suppression.md.
"""

from __future__ import annotations

import numpy as np

from egide.disclosure.rows import NO_LIMIT, Flags, Ints
from egide.disclosure.suppression import Table

_PASSES = 200
_TIGHT = 4  # how many times dearer a protector that cannot move down far enough is


def close_rows(table: Table, hidden: Flags, need: Ints, roots: Ints) -> None:
    """Hide more, in place, until every relation leaves its hidden cells the room they need, or can give no more.

    In:     `need`, values that must stay possible for each unsafe cell; `roots`, the unsafe cell that each hidden cell
            protects (-1: none), completed in place.
    """
    rows = table.rows
    row_of = rows.row_of_entries()
    starts, rows_of = table.touching
    for _ in range(_PASSES):
        lacking = _lacking(table, hidden, need, row_of)
        open_rows = np.zeros(rows.height, bool)
        open_rows[row_of[lacking]] = True
        useful = open_rows[row_of] & ~hidden[rows.columns] & table.hideable[rows.columns]
        if not useful.any():
            return
        holder = np.full(rows.height, -1, np.int64)
        first = np.flatnonzero(lacking)[::-1]
        holder[row_of[first]] = rows.columns[first]
        occupied = rows.sums(hidden[rows.columns]) > 0
        lonely = np.bincount(rows.columns, weights=~occupied[row_of], minlength=rows.width)
        gains = np.bincount(rows.columns, weights=open_rows[row_of], minlength=rows.width)
        candidates = np.unique(rows.columns[useful])
        tight = np.where(table.down[candidates] < table.wanted - 1, _TIGHT, 1)
        scores = table.costs[candidates] * tight * (1 + lonely[candidates]) / gains[candidates]
        served = ~open_rows
        for candidate in candidates[np.lexsort((candidates, scores))].tolist():
            mine = rows_of[starts[candidate] : starts[candidate + 1]]
            still = mine[~served[mine]]
            if 2 * len(still) < gains[candidate] or not len(still):
                continue  # others have served its rows meanwhile
            hidden[candidate] = True
            protected = int(holder[still[0]])
            roots[candidate] = protected if table.unsafe[protected] else roots[protected]
            served[mine] = True


def _lacking(table: Table, hidden: Flags, need: Ints, row_of: Ints) -> Flags:
    """Entries whose hidden cell has too little room in that relation."""
    rows = table.rows
    columns, weights = rows.columns, rows.weights
    mine = hidden[columns]
    size = np.abs(weights)
    rise = np.where(mine, np.where(weights > 0, table.up[columns], table.down[columns]) * size, 0)
    fall = np.where(mine, np.where(weights > 0, table.down[columns], table.up[columns]) * size, 0)
    total = rows.sums(weights * table.numbers[columns])
    loose_up = np.where(rows.at_most == NO_LIMIT, 2**30, rows.at_most - total)
    loose_down = np.where(rows.at_least == -NO_LIMIT, 2**30, total - rows.at_least)
    can_rise = (rows.sums(fall) + loose_up)[row_of] - fall  # what the others leave to this entry
    can_fall = (rows.sums(rise) + loose_down)[row_of] - rise
    rising, falling = np.minimum(rise, can_rise) // size, np.minimum(fall, can_fall) // size
    unsafe = table.unsafe[columns]
    least = np.minimum(need[columns] - 1, rise // size + fall // size)
    short = mine & unsafe & (rising + falling < least)
    step = table.wanted - 1
    stuck = (rising < np.minimum(step, rise // size)) | (falling < np.minimum(step, fall // size))
    return np.asarray(short | (mine & ~unsafe & stuck))
