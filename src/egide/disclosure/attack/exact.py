"""Proofs checked in whole numbers. A solver works with floats and is believed about nothing: it only suggests
multipliers, and what they prove is worked out here exactly.

With a multiplier y for each row, the sum of y × row bounds any objective from below: c·x ≥ Σ y × (the bound of the
row that its sign calls for) + what c − yA is worth at its worst within the bounds of the unknowns. This is true for
every y, so a badly rounded one weakens the bound and never makes it false. Source: docs/methods/attacker.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from egide.disclosure.attack.rows import NO_LIMIT, Ints, Rows

Floats = NDArray[np.float64]
Whole = NDArray[np.object_]  # Python ints, which never overflow

_SCALES = (1, 2, 60, 2520, 2**24)


def proven_least(rows: Rows, objective: Ints, multipliers: Floats) -> int | None:
    """The best lower bound of objective · unknowns over whole numbers that these multipliers prove; None: none."""
    proofs = [_weighed(rows, objective, multipliers, scale) for scale in _SCALES]
    bounds = [-(-total // scale) for total, scale in zip(proofs, _SCALES, strict=True) if total is not None]
    return max(bounds, default=None)


def proven_empty(rows: Rows, multipliers: Floats) -> bool:
    """Do these multipliers (either sign of them) prove that no number at all satisfies the rows?"""
    return whole_multipliers_of_nothing(rows, multipliers) is not None


def whole_multipliers_of_nothing(rows: Rows, multipliers: Floats) -> list[int] | None:
    """Whole multipliers with which the rows add up to something impossible, from those a solver suggests."""
    nothing = np.zeros(rows.width, np.int64)
    largest = float(np.max(np.abs(multipliers), initial=0.0))
    if not largest or not np.isfinite(largest):
        return None
    smallest = float(np.min(np.abs(multipliers[np.abs(multipliers) > largest * 1e-7])))
    for unit in (1.0, smallest, largest):
        for scale in _SCALES:
            for sign in (1, -1):
                suggested = multipliers * (sign / unit)
                total = _weighed(rows, nothing, suggested, scale)
                if total is not None and total > 0:
                    return [round(float(one) * scale) for one in suggested]
    return None


def _weighed(rows: Rows, objective: Ints, multipliers: Floats, scale: int) -> int | None:
    """scale × the bound proven by multipliers rounded to a multiple of 1 / scale."""
    if not np.all(np.isfinite(multipliers)) or float(np.max(np.abs(multipliers), initial=0.0)) > 2**30:
        return None
    whole: Whole = np.array([round(float(one) * scale) for one in multipliers], dtype=object)
    limits = np.where(whole > 0, rows.at_least, rows.at_most)
    # A row without the bound its sign calls for cannot be used that way.
    whole = np.where(np.abs(limits) == NO_LIMIT, 0, whole)
    used: Whole = limits.astype(object) * whole
    costs: Whole = objective.astype(object) * scale
    entries = np.flatnonzero(np.repeat(whole != 0, np.diff(rows.starts)))
    products = np.repeat(whole, np.diff(rows.starts))[entries] * rows.weights[entries].astype(object)
    np.subtract.at(costs, rows.columns[entries], products)
    paying = np.flatnonzero(costs != 0)
    ends = np.where(costs[paying] > 0, rows.low[paying], rows.high[paying])
    if bool(np.any(np.abs(ends) == NO_LIMIT)):
        return None
    return int(used.sum()) + int((costs[paying] * ends.astype(object)).sum())


def combined(rows: Rows, multipliers: Sequence[int]) -> dict[int, int]:
    """Weights of the unknowns in the sum of the rows, each times its multiplier; those that cancel are left out."""
    weights: dict[int, int] = {}
    for row, times in enumerate(multipliers):
        for entry in range(int(rows.starts[row]), int(rows.starts[row + 1])):
            column = int(rows.columns[entry])
            weights[column] = weights.get(column, 0) + times * int(rows.weights[entry])
    return {column: weight for column, weight in weights.items() if weight}


def direction(rows: Rows) -> Rows:
    """The steps that can be repeated for ever from any solution: every finite bound becomes a zero."""
    return Rows(
        low=np.where(rows.low == -NO_LIMIT, rows.low, 0),
        high=np.where(rows.high == NO_LIMIT, rows.high, 0),
        starts=rows.starts,
        columns=rows.columns,
        weights=rows.weights,
        at_least=np.where(rows.at_least == -NO_LIMIT, rows.at_least, 0),
        at_most=np.where(rows.at_most == NO_LIMIT, rows.at_most, 0),
    )
