"""HiGHS, asked for suggestions: a point, and multipliers that may prove something. Nothing it says is believed here.

One model per part, kept between questions, so that the next one starts from the last answer. One thread, limits in
iterations and nodes rather than seconds: the same question gets the same answer on every machine.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Any

import highspy
import numpy as np
from attrs import frozen

from egide.disclosure.attack.exact import Floats
from egide.disclosure.attack.rows import NO_LIMIT, Ints, Rows

_ITERATIONS = 10_000  # of the simplex, after which interior points are tried
_LARGE = 10_000  # unknowns
_NEAR_ENOUGH = 0.3  # a far point is wanted, not the farthest: proofs are made elsewhere


class Said(Enum):
    POINT = auto()
    NOTHING = auto()  # no point satisfies the rows
    ENDLESS = auto()  # the objective has no end
    UNKNOWN = auto()


@frozen(kw_only=True, eq=False)
class Answer:
    said: Said
    point: Floats | None = None
    multipliers: Floats | None = None  # of the rows: of the optimum, or of the impossibility


class Solver:
    """The rows without the whole numbers, unless asked: see `whole_point`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.spent = 0  # iterations, times rows: what the time taken is in proportion to, on any machine
        self._low, self._high = rows.low, rows.high
        self._costs = np.zeros(rows.width)
        self._everything = np.arange(rows.width, dtype=np.int32)
        self._model = _highs()
        # Large models are solved anew each time by interior points; small ones go on from the last answer.
        large = rows.width > _LARGE
        for option, value in (
            ("presolve", "on" if large else "off"),
            ("solver", "ipm" if large else "simplex"),
            ("simplex_iteration_limit", _ITERATIONS),
        ):
            self._model.setOptionValue(option, value)
        self._model.passModel(_model(rows))

    def least(self, objective: Ints, low: Ints, high: Ints) -> Answer:
        """The least of objective · unknowns for unknowns between these bounds, over all numbers, whole or not."""
        if not np.array_equal(objective, self._costs):
            self._costs = objective.astype(np.float64)
            self._model.changeColsCost(len(self._everything), self._everything, self._costs)
        self._between(low, high)
        status = self._run()
        if status == highspy.HighsModelStatus.kIterationLimit:
            self._model.setOptionValue("solver", "ipm")  # and so from now on
            status = self._run()
        if status == highspy.HighsModelStatus.kOptimal:
            solution = self._model.getSolution()
            return Answer(said=Said.POINT, point=np.array(solution.col_value), multipliers=np.array(solution.row_dual))
        if status == highspy.HighsModelStatus.kInfeasible:
            return Answer(said=Said.NOTHING, multipliers=self._ray())
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return Answer(said=Said.ENDLESS)
        return Answer(said=Said.UNKNOWN)

    def _run(self) -> Any:
        self._model.run()
        information = self._model.getInfo()
        iterations = information.simplex_iteration_count + information.crossover_iteration_count
        self.spent += max(iterations, 0) * self._rows.height
        return self._model.getModelStatus()

    def whole_point(self, low: Ints, high: Ints, nodes: int, objective: Ints) -> Floats | None:
        """A point in whole numbers, as far as floats can tell, low in the objective, found within some nodes."""
        model = _highs()
        for option, value in (("mip_max_nodes", nodes), ("mip_rel_gap", _NEAR_ENOUGH)):
            model.setOptionValue(option, value)
        lp = _model(self._rows.within(low, high))
        lp.integrality_ = [highspy.HighsVarType.kInteger] * self._rows.width
        lp.col_cost_ = objective.astype(np.float64)
        model.passModel(lp)
        model.run()
        self.spent += max(model.getInfo().simplex_iteration_count, 0) * self._rows.height
        values = np.array(model.getSolution().col_value)
        return values if len(values) == self._rows.width else None

    def _between(self, low: Ints, high: Ints) -> None:
        if np.array_equal(low, self._low) and np.array_equal(high, self._high):
            return
        moved = np.flatnonzero((low != self._low) | (high != self._high)).astype(np.int32)
        self._model.changeColsBounds(len(moved), moved, _floats(low[moved]), _floats(high[moved]))
        self._low, self._high = low, high

    def _ray(self) -> Floats | None:
        outcome = self._model.getDualRay()
        found, ray = outcome[1], outcome[2]
        return np.array(ray) if found and len(ray) == self._rows.height else None


def _highs() -> Any:
    """A silent model on one thread. Its Python class is published half typed."""
    model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    return model


def _floats(bounds: Ints) -> Floats:
    return np.where(bounds == NO_LIMIT, highspy.kHighsInf, np.where(bounds == -NO_LIMIT, -highspy.kHighsInf, bounds))


def _model(rows: Rows) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = rows.width, rows.height
    model.col_cost_ = np.zeros(rows.width)
    model.col_lower_, model.col_upper_ = _floats(rows.low), _floats(rows.high)
    model.row_lower_, model.row_upper_ = _floats(rows.at_least), _floats(rows.at_most)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.num_col_, model.a_matrix_.num_row_ = rows.width, rows.height
    model.a_matrix_.start_ = rows.starts.astype(np.int32)
    model.a_matrix_.index_ = rows.columns.astype(np.int32)
    model.a_matrix_.value_ = rows.weights.astype(np.float64)
    return model
