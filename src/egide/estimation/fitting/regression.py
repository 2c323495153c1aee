"""Poisson regression on any design, with normal priors where wanted: for models whose columns are not sets of lists.

Source: docs/methods/log-linear-fits.md; McCullagh and Nelder 1989.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from egide.estimation.histories import Floats

_STEPS = 500
_LONGEST_STEP = 2.0  # in any logarithm, on the way to the top
_STILL = 1e-10


@frozen(kw_only=True, eq=False)
class Top:
    """Where the posterior (or the likelihood) is highest.

    theta: shape (columns,). mean: shape (rows,), expected counts. curve: shape (columns, columns), minus the second
    derivative. found: False when the steps never ended: the top is at infinity, or flat.
    """

    theta: Floats
    mean: Floats
    curve: Floats
    found: bool


def poisson_top(design: Floats, counts: Floats, prior: Floats, start: Floats | None = None) -> Top:
    """Newton's method with short steps: what it climbs is concave, so it cannot end on a wrong top.

    design: shape (rows, columns). counts: shape (rows,), 0 or more, fractions allowed. prior: shape (columns,),
    precision of a normal law around 0, 0 for none.
    """
    theta = start
    if theta is None:
        theta = np.asarray(np.linalg.lstsq(design, np.log(counts + 0.5), rcond=None)[0], dtype=np.float64)
    for _ in range(_STEPS):
        mean: Floats = np.exp(design @ theta)
        curve = (design.T * mean) @ design + np.diag(prior)
        try:
            step = np.linalg.solve(curve, design.T @ (counts - mean) - prior * theta)
        except np.linalg.LinAlgError:
            break
        longest = float(np.abs(step).max())
        theta = theta + step * min(1.0, _LONGEST_STEP / max(longest, _STILL))
        if longest < _STILL:
            return Top(theta=theta, mean=mean, curve=curve, found=True)
    return Top(theta=theta, mean=mean, curve=curve, found=False)
