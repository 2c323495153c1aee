"""The fewest cells that can be hidden: what the small tables of the benchmark are measured against.

The question of M. Fischetti and J.-J. Salazar-González, "Solving the Cell Suppression Problem on Tabular Data with
Linear Constraints", *Management Science* 47 (2001): choose cells so that, for the reader who knows only that what is
hidden is not zero, each primary cell keeps a range at least 1 wide (two values), at the least cost. One yes-or-no
variable per cell that may be hidden; each choice is attacked by two linear programs per primary cell, and an attack
that wins gives an inequality that every good choice satisfies: its duals say which cells would widen the range.

The attack here is over all numbers, whole or not, which gives a reader less than whole numbers do. So the number is a
*lower bound* of what any method must hide; it is the optimum when the attacker of `egide` proves the choice.
Nodes are limited, never seconds; the gap left is part of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np
from attrs import frozen

from egide.disclosure.attack.rows import Flags, Ints, Rows, by_column, entries_of

_ROOM = 1000.0  # how far up a hidden number may go, in the attack; a tighter inequality stands for the rest
_MET = 1 - 1e-6  # in floats; the choice is then attacked exactly, by others


@frozen(kw_only=True, eq=False)
class Optimum:
    """`lower`: fewest secondary cells proven necessary; `hidden`: the best choice found, None when none was."""

    lower: int
    hidden: Flags | None
    rounds: int
    unreachable: int  # primary cells that keep one value even with everything hidden: left aside

    @property
    def found(self) -> int | None:
        return None if self.hidden is None else int(self.hidden.sum())


def fewest(
    rows: Rows, numbers: Ints, primary: Flags, *, known: Sequence[Flags] = (), rounds: int = 60, nodes: int = 2_000
) -> Optimum:
    """Fewest cells beside the primary ones. `known`: choices made by others; the best that withstands the attack is
    where the search may stop."""
    attack = _Attack(rows, numbers)
    everything = np.ones(len(numbers), bool)
    targets = [cell for cell in np.flatnonzero(primary).tolist() if attack.width(cell, everything)[0] >= _MET]
    unreachable = int(primary.sum()) - len(targets)
    held = [one for one in known if all(attack.width(cell, one | primary)[0] >= _MET for cell in targets)]
    best = min(held, key=lambda one: int(one.sum()), default=None)
    master = _Master(rows, primary)
    lower, done = 0, 0
    while done < rounds:
        done += 1
        hidden, bound = master.solve(nodes)
        lower = max(lower, bound)
        if best is not None and lower >= int(best.sum()):
            break
        attacks = [attack.width(cell, hidden | primary) for cell in targets]
        won = [worth for width, worth in attacks if width < _MET]
        if not won and (best is None or int(hidden.sum()) < int(best.sum())):
            best = hidden
        if not won and lower >= int(hidden.sum()):
            break
        for worth in won:
            master.add(worth)
    return Optimum(lower=lower, hidden=best, rounds=done, unreachable=unreachable)


class _Attack:
    """The range of one cell when some are hidden."""

    def __init__(self, rows: Rows, numbers: Ints) -> None:
        self._numbers = numbers
        self._model = _highs()
        lp = highspy.HighsLp()
        width = len(numbers)
        lp.num_col_, lp.num_row_ = width, rows.height
        lp.col_cost_ = np.zeros(width)
        # Unknowns are how far each number moves.
        lp.col_lower_, lp.col_upper_ = np.zeros(width), np.zeros(width)
        lp.row_lower_, lp.row_upper_ = np.zeros(rows.height), np.zeros(rows.height)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = width, rows.height
        lp.a_matrix_.start_ = rows.starts.astype(np.int32)
        lp.a_matrix_.index_ = rows.columns.astype(np.int32)
        lp.a_matrix_.value_ = rows.weights.astype(np.float64)
        self._model.passModel(lp)
        self._every = np.arange(width, dtype=np.int32)
        self._down = np.minimum(numbers - 1, _ROOM).astype(np.float64)
        self._up = np.full(width, _ROOM)

    def width(self, cell: int, hidden: Flags) -> tuple[float, np.ndarray]:
        """How wide the range of the cell is; by how much at most hiding each cell can be worth to it."""
        low, high = np.where(hidden, -self._down, 0), np.where(hidden, self._up, 0)
        self._model.changeColsBounds(len(self._every), self._every, low, high)
        found = 0.0
        worth = np.zeros(len(self._numbers))
        for sign in (1.0, -1.0):
            costs = np.zeros(len(self._numbers))
            costs[cell] = -sign
            self._model.changeColsCost(len(self._every), self._every, costs)
            self._model.run()
            if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                raise RuntimeError(f"HiGHS: {self._model.getModelStatus()}")
            found -= self._model.getObjectiveValue()
            # Weak duality: -objective <= Σ max(reduced cost × -move), whatever is hidden.
            reduced = np.array(self._model.getSolution().col_dual)
            worth += np.maximum(reduced, 0) * self._down + np.maximum(-reduced, 0) * self._up
        return found, worth


class _Master:
    """Which cells to hide, given what attacks have taught so far."""

    def __init__(self, rows: Rows, primary: Flags) -> None:
        self._primary = primary
        self._model = _highs()
        width = len(primary)
        for cell in range(width):
            self._model.addVar(float(primary[cell]), 1.0)
            self._model.changeColCost(cell, 0.0 if primary[cell] else 1.0)
            self._model.changeColIntegrality(cell, highspy.HighsVarType.kInteger)
        starts, rows_of = by_column(rows)
        # A number hidden alone in its row is known: it protects nothing, and a best choice has no such cell.
        for cell in range(width):
            for row in rows_of[starts[cell] : starts[cell + 1]].tolist():
                beside = rows.columns[entries_of(rows.starts, np.array([row]))]
                self._at_least(np.append(beside[beside != cell], cell), [1.0] * (len(beside) - 1) + [-1.0], 0.0)

    def _at_least(self, cells: Ints, weights: list[float], least: float) -> None:
        self._model.addRow(least, highspy.kHighsInf, len(cells), cells.astype(np.int32), np.array(weights))

    def add(self, worth: np.ndarray) -> None:
        """Σ worth × hidden >= 1; a cell worth more than the whole is worth the whole."""
        least = 1.0 - worth[self._primary].sum()
        cells = np.flatnonzero((worth > 1e-9) & ~self._primary)
        self._at_least(cells, np.minimum(worth[cells], least).tolist(), least)

    def solve(self, nodes: int) -> tuple[Flags, int]:
        self._model.setOptionValue("mip_max_nodes", nodes)
        self._model.run()
        values = np.array(self._model.getSolution().col_value)
        bound = self._model.getInfo().mip_dual_bound
        return (values > 0.5) & ~self._primary, int(np.ceil(bound - 1e-6))


def _highs() -> Any:
    model: Any = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1)):
        model.setOptionValue(option, value)
    return model
