"""Poisson regression on a small design matrix, for models whose columns are not sets of lists.

Newton's method on a concave likelihood, as in any book (McCullagh and Nelder 1989, chapter 6). Models whose columns are
sets of lists are fitted much faster by `egide.estimation.fitting`.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from egide.estimation.histories import Floats

MOST_STEPS = 60
ENOUGH = 1e-20  # squared Newton decrement below which the step in hand is the last
FARTHEST = 30.0  # a logarithm beyond it is on its way to infinity
LEAST_PIVOT = 1e-9  # relative to the column's own information


@frozen(kw_only=True, eq=False)
class Regression:
    """coefficients: shape (columns,); covariance: shape (columns, columns), inverse of the information."""

    coefficients: Floats
    covariance: Floats


def regress(design: Floats, counts: Floats) -> Regression | None:
    """The maximum of the likelihood, design: shape (cells, columns), counts: shape (cells,); None where there is none.

    None too when columns depend on each other on these cells.
    """
    weights = counts + 0.1
    found = np.linalg.lstsq(design * np.sqrt(weights)[:, None], np.log(weights) * np.sqrt(weights), rcond=None)[0]
    value = _likelihood(design, counts, found)
    for _ in range(MOST_STEPS):
        mean = np.exp(design @ found)
        slope = design.T @ (counts - mean)
        information = design.T @ (design * mean[:, None])
        try:
            factor = cho_factor(information)
        except LinAlgError:
            return None
        if (np.diag(factor[0]) ** 2 < LEAST_PIVOT * np.diag(information)).any():
            return None
        step = cho_solve(factor, slope)
        decrement = float(slope @ step)
        while _likelihood(design, counts, found + step) < value and decrement >= ENOUGH:
            step = step / 2
            decrement /= 2
        found = found + step
        value = _likelihood(design, counts, found)
        if np.abs(found).max() > FARTHEST:
            return None
        if decrement < ENOUGH:
            return Regression(coefficients=found, covariance=cho_solve(factor, np.eye(len(found))))
    return None


def _likelihood(design: Floats, counts: Floats, coefficients: Floats) -> float:
    logarithms = np.minimum(design @ coefficients, 700.0)  # beyond, an exponential is no number
    return float(counts @ logarithms - np.exp(logarithms).sum())
