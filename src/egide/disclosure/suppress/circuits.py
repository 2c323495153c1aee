"""Repairs: for a value that the attacker could exclude, the cheapest change of cells that would make it possible.

A change adds to some cells what it takes from others, so that every relation still holds; hiding the cells it touches
lets an unsafe cell take the value asked. The cheapest one near the cell is a small linear program. It only suggests:
the attacker judges afterwards. Source: docs/methods/secondary-suppression.md; the idea of following one circuit of
moves per unsafe cell is that of J. P. Kelly, B. L. Golden and A. A. Assad, "Cell suppression: disclosure protection for
sensitive tabular data", Networks 22 (1992).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import highspy
import numpy as np
from attrs import frozen

from egide.disclosure.attack.rows import LARGEST, NO_LIMIT, Flags, Ints, entries_of
from egide.disclosure.suppress.table import Table

_FREE = 1.0 / 1024  # price of moving one unit of a cell that is hidden already
_TIGHT = 4  # how many times dearer a cell that can hardly fall is: it protects one way, another would be needed too
_FAR = 12  # no cell moves further than this beside a small count
_WHOLE = 1e-6
_BOXES = 9  # a size so small says how many cells of each relation a box starts from
_LARGEST_BOX = 600
_REFUSED = 5  # relations too long for what is left of the size, after which no other is looked at


@frozen(kw_only=True, eq=False)
class Change:
    """Cells that move and by how much. `whole`: exact and verified, a proof by itself; otherwise only a suggestion."""

    columns: Ints
    moves: Ints
    whole: bool


def cheapest_change(
    table: Table, hidden: Flags, column: int, move: int, *, size: int, whole: bool = False
) -> Change | None:
    """The cheapest change that moves one cell so. None: there is none near.

    size: how many cells around it are looked at; a size up to 9 means boxes of so many cells each way.
    """
    near = _near(table, hidden, column, size) if size > _BOXES else _box(table, hidden, column, size)
    starts, rows_of = table.touching
    touched = np.unique(rows_of[entries_of(starts, near)])
    rows = table.rows.chosen(touched)
    place = np.full(table.rows.width, -1, np.int64)
    place[near] = np.arange(len(near))
    inside = place[rows.columns] >= 0
    totals = rows.sums(rows.weights * table.numbers[rows.columns])
    down = np.minimum(table.down[near], _FAR).astype(np.float64)
    up = np.minimum(table.up[near], _FAR).astype(np.float64)
    mine = int(place[column])
    tight = np.where(table.down[near] < table.wanted - 1, _TIGHT, 1)
    prices = np.where(hidden[near], _FREE, (table.costs[near] * tight).astype(np.float64))
    low, high = np.concatenate((np.zeros(len(near)), np.zeros(len(near)))), np.concatenate((up, down))
    low[mine if move > 0 else mine + len(near)] = abs(move)
    high[mine], high[mine + len(near)] = (move, 0) if move > 0 else (0, -move)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = 2 * len(near), rows.height
    model.col_cost_ = np.concatenate((prices, prices))
    model.col_lower_, model.col_upper_ = low, high
    model.row_lower_ = np.where(rows.at_least == -NO_LIMIT, -highspy.kHighsInf, rows.at_least - totals)
    model.row_upper_ = np.where(rows.at_most == NO_LIMIT, highspy.kHighsInf, rows.at_most - totals)
    counts = rows.sums(inside)
    begins = np.concatenate(([0], np.cumsum(counts)))
    columns, weights = place[rows.columns[inside]], rows.weights[inside]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.num_col_, model.a_matrix_.num_row_ = 2 * len(near), rows.height
    # Each entry twice, side by side: what rises, then what falls.
    model.a_matrix_.start_ = (2 * begins).astype(np.int32)
    model.a_matrix_.index_ = np.stack((columns, columns + len(near)), axis=1).ravel().astype(np.int32)
    model.a_matrix_.value_ = np.stack((weights, -weights), axis=1).ravel().astype(np.float64)
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * (2 * len(near))
    found = _solve(model)
    if found is None:
        return None
    moves = found[: len(near)] - found[len(near) :]
    return _change(table, near, moves)


def _solve(model: highspy.HighsLp) -> Any:
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("mip_max_nodes", 200), ("mip_rel_gap", 0.1)):
        solver.setOptionValue(option, value)
    solver.passModel(model)
    solver.run()
    info = solver.getInfo()
    if info.primal_solution_status != 2:  # a feasible point
        return None
    return np.array(solver.getSolution().col_value)


def _change(table: Table, near: Ints, moves: Any) -> Change:
    rounded = np.rint(moves).astype(np.int64)
    touched = np.abs(moves) > _WHOLE
    is_whole = bool(np.all(np.abs(moves - rounded) < _WHOLE)) and _holds(table, near, rounded)
    return Change(columns=near[touched], moves=rounded[touched], whole=is_whole)


def _holds(table: Table, columns: Ints, moves: Ints) -> bool:
    """Exact check, on the relations touched only."""
    rows = table.rows
    numbers = table.numbers[columns] + moves
    if bool(np.any((numbers < rows.low[columns]) | (numbers > np.minimum(rows.high[columns], LARGEST)))):
        return False
    starts, rows_of = table.touching
    picked = rows.chosen(np.unique(rows_of[entries_of(starts, columns)]))
    changed = np.zeros(rows.width, np.int64)
    changed[columns] = moves
    totals = picked.sums(picked.weights * (table.numbers + changed)[picked.columns])
    return bool(np.all((totals >= picked.at_least) & (totals <= picked.at_most)))


def _box(table: Table, hidden: Flags, column: int, few: int) -> Ints:
    """A few cells of each relation of this one, and the corners that they make together: in a table of several ways,
    the cells of small boxes around it."""
    cells_of, rows_of = table.cells_of_rows, table.rows_of_cells
    movable = hidden | table.hideable
    taken = {column}
    for row in rows_of[column]:
        others = (cell for cell in cells_of[row] if cell != column and movable[cell])
        ranked = sorted((_last_resort(table, hidden, one), one) for one in others)
        taken.update(one for _, one in ranked[:few])
    fresh, seen = taken, set[int]()
    met: Counter[int] = Counter()
    while fresh and len(taken) < _LARGEST_BOX:
        reached = {row for cell in fresh for row in rows_of[cell]} - seen
        seen |= reached
        for row in reached:
            met.update(cells_of[row])
        fresh = {cell for cell, times in met.items() if times > 1 and cell not in taken and movable[cell]}
        taken |= fresh
    return np.fromiter(sorted(taken), dtype=np.int64)


def _last_resort(table: Table, hidden: Flags, cell: int) -> tuple[bool, bool, int]:
    """Order of preference: room to fall, hidden already, cheap."""
    return bool(table.down[cell] < table.wanted - 1), not hidden[cell], int(table.costs[cell])


def _near(table: Table, hidden: Flags, column: int, size: int) -> Ints:
    """The movable cells closest to this one, ring by ring, shortest relations first. A relation comes whole or not at
    all: with only some of its cells, the moves of the others would have nothing to meet."""
    cells_of, rows_of = table.cells_of_rows, table.rows_of_cells
    movable = hidden | table.hideable
    taken, read = {column}, set[int]()
    ring, refused = [column], 0
    while ring and refused < _REFUSED:
        reached = {row for cell in ring for row in rows_of[cell]} - read
        read |= reached
        ring = []
        for row in sorted(reached, key=lambda one: (len(cells_of[one]), one)):
            new = [cell for cell in cells_of[row] if cell not in taken and movable[cell]]
            if len(taken) + len(new) > size and len(taken) > 1:
                refused += 1
                if refused >= _REFUSED:
                    break
                continue
            taken.update(new)
            ring += new
    return np.fromiter(sorted(taken), dtype=np.int64)
