"""The ends of an interval from the replicates of an estimate: percentiles, or those of Efron's BCa.

BCa moves the two percentiles by how many replicates fall below the estimate (bias) and by how the spread changes with
the estimate (acceleration, from the estimates without one person). Source: docs/methods/bootstrap-of-estimates.md;
Efron 1987; DiCiccio and Efron 1996.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from scipy.special import ndtr, ndtri

from egide.estimation.histories import Floats

_SAME = 1e-9  # relative: two numbers that the order of a sum may tell apart


@frozen(kw_only=True)
class Ends:
    """low, high: persons. chances: the percentiles that were read, as shares; bias and acceleration moved them there.

    fell_back: BCa had no answer, these are plain percentiles. Why: `bias` is infinite (every replicate is on one side
    of the estimate) or the acceleration sends a percentile past the last.
    """

    low: float
    high: float
    chances: tuple[float, float]
    bias: float = 0.0
    acceleration: float = 0.0
    fell_back: bool = False


def percentile(replicates: Floats, level: float) -> Ends:
    """The middle `level` of the replicates, shape (replicates,)."""
    tail = (1 - level) / 2
    return _read(replicates, (tail, 1 - tail))


def bca(replicates: Floats, persons: float, without_one: Floats, weights: Floats, level: float) -> Ends:
    """BCa ends around the estimate `persons`.

    without_one, weights: shape (cells,), the estimate with one person fewer in a cell, and how many persons it holds.
    """
    below = float(np.mean(replicates < persons * (1 - _SAME)))
    bias, lean = float(ndtri(below)), acceleration(without_one, weights)
    tail = (1 - level) / 2
    if not np.isfinite(bias):
        return _read(replicates, (tail, 1 - tail), bias=bias, acceleration=lean, fell_back=True)
    moved = bias + np.array([ndtri(tail), ndtri(1 - tail)])
    shrunk = 1 - lean * moved
    if shrunk.min() <= 0:
        return _read(replicates, (tail, 1 - tail), bias=bias, acceleration=lean, fell_back=True)
    low, high = ndtr(bias + moved / shrunk).tolist()
    return _read(replicates, (low, high), bias=bias, acceleration=lean)


def acceleration(without_one: Floats, weights: Floats) -> float:
    """A sixth of the skewness of the jackknife, with the sign of an influence; 0 when nobody has any."""
    gap = np.average(without_one, weights=weights) - without_one
    spread = float(weights @ gap**2)
    if spread <= (_SAME * float(np.abs(without_one).max())) ** 2 * float(weights.sum()):
        return 0.0
    return float(weights @ gap**3 / (6 * spread**1.5))


def _read(
    replicates: Floats,
    chances: tuple[float, float],
    *,
    bias: float = 0.0,
    acceleration: float = 0.0,
    fell_back: bool = False,
) -> Ends:
    low, high = np.quantile(replicates, chances).tolist()
    return Ends(low=low, high=high, chances=chances, bias=bias, acceleration=acceleration, fell_back=fell_back)
