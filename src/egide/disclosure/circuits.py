"""Repairs: for a value that the attacker could exclude, the cheapest change of cells that would make it possible.

A change adds to some cells what it takes from others, so that every relation still holds; hiding the cells it touches
lets an unsafe cell take the value asked. The cheapest one near the cell is a small linear program. It only suggests:
the attacker judges afterwards. Source: docs/methods/secondary-suppression.md; the idea of following one circuit of
moves per unsafe cell is that of J. P. Kelly, B. L. Golden and A. A. Assad, "Cell suppression: disclosure protection for
sensitive tabular data", Networks 22 (1992).
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from attrs import frozen

from egide.disclosure.rows import LARGEST, NO_LIMIT, Flags, Ints, entries_of
from egide.disclosure.suppression import Table

_FREE = 1.0 / 1024  # price of moving one unit of a cell that is hidden already
_FAR = 12  # no cell moves further than this beside a small count
_WHOLE = 1e-6


@frozen(kw_only=True, eq=False)
class Change:
    """Cells that move and by how much. `whole`: exact and verified, a proof by itself; otherwise only a suggestion."""

    columns: Ints
    moves: Ints
    whole: bool


def cheapest_change(
    table: Table, hidden: Flags, column: int, move: int, *, size: int, whole: bool = False
) -> Change | None:
    """The cheapest change that moves one cell so, among about `size` cells around it. None: there is none near."""
    near = _near(table, hidden, column, size)
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
    prices = np.where(hidden[near], _FREE, table.costs[near].astype(np.float64))
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


def _near(table: Table, hidden: Flags, column: int, size: int) -> Ints:
    """The movable cells closest to this one, ring by ring, shortest relations first."""
    rows = table.rows
    starts, rows_of = table.touching
    movable = hidden | table.hideable
    taken = np.zeros(rows.width, bool)
    taken[column] = True
    read = np.zeros(rows.height, bool)
    ring = np.array([column], dtype=np.int64)
    count = 1
    while len(ring) and count < size:
        reached = np.unique(rows_of[entries_of(starts, ring)])
        reached = reached[~read[reached]]
        read[reached] = True
        fresh: list[Ints] = []
        lengths = rows.starts[reached + 1] - rows.starts[reached]
        for row in reached[np.lexsort((reached, lengths))].tolist():
            cells = rows.columns[rows.starts[row] : rows.starts[row + 1]]
            new = np.unique(cells[movable[cells] & ~taken[cells]])
            if count + len(new) > size and count > 1:
                continue
            taken[new] = True
            count += len(new)
            fresh.append(new)
        ring = np.concatenate(fresh) if fresh else ring[:0]
    return np.flatnonzero(taken)
