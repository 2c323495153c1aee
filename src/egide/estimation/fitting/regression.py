"""Poisson regression on any design matrix, with normal priors where wanted: one fit at a time, plain and damped.

For models whose columns are not sets of lists, and for maxima too far out for the fast loops of `newton`.
Source: docs/methods/log-linear-fits.md; McCullagh and Nelder 1989, chapter 6; Boyd and Vandenberghe 2004, 9.5.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from egide.estimation.fitting.newton import NEAR, START
from egide.estimation.histories import Flags, Floats, Ints
from egide.estimation.models import design_matrix

_MOST_STEPS = 1_000
_MOST_HALVINGS = 60
_ENOUGH = 1e-16  # squared Newton decrement below which the step in hand is the last


@frozen(kw_only=True, eq=False)
class PoissonFit:
    """Where the likelihood, or with priors the posterior, is highest.

    theta: shape (columns,). mean: shape (rows,), expected counts. information: shape (columns, columns), minus the
    second derivative (the prior's precision included). likelihood: what is highest, without factorials and constants
    of the prior. found: False when the steps did not end: the maximum is at infinity, or flat.
    """

    theta: Floats
    mean: Floats
    information: Floats
    likelihood: float
    found: bool

    @property
    def covariance(self) -> Floats:
        """Shape (columns, columns): inverse of the information."""
        return np.asarray(np.linalg.inv(self.information), dtype=np.float64)


def poisson_fit(
    design: Floats | Ints,
    counts: Floats,
    *,
    prior: Floats | None = None,
    offset: float = 0.0,
    start: Floats | None = None,
) -> PoissonFit:
    """Newton's method with halved steps: what it climbs is concave, so that it cannot end on a wrong top.

    design: shape (rows, columns). counts: shape (rows,), 0 or more, fractions allowed. prior: shape (columns,),
    precisions of normal laws around 0; None for no prior. offset: added to every logarithm. start: a theta not far.
    """
    matrix = design.astype(np.float64)
    precision = np.zeros(matrix.shape[1]) if prior is None else prior
    logarithms = np.log(counts + START) - offset
    theta: Floats = np.asarray(np.linalg.lstsq(matrix, logarithms, rcond=None)[0] if start is None else start)
    mean, value = _climbed(matrix, counts, precision, offset, theta)
    before = np.inf
    for _ in range(_MOST_STEPS):
        information = (matrix.T * mean) @ matrix + np.diag(precision)
        gradient = matrix.T @ (counts - mean) - precision * theta
        try:
            step = cho_solve(cho_factor(information, check_finite=False), gradient, check_finite=False)
        except LinAlgError:
            break
        decrement = float(gradient @ step)
        # Near the top each step squares the decrement: one that no longer shrinks is the rounding of large counts.
        last = decrement < _ENOUGH or NEAR > decrement >= before
        length = 1.0
        for _halving in range(_MOST_HALVINGS):
            mean, better = _climbed(matrix, counts, precision, offset, theta + length * step)
            if better >= value or decrement < NEAR:
                break
            length /= 2
        theta, value, before = theta + length * step, better, decrement
        if last:
            return PoissonFit(theta=theta, mean=mean, information=information, likelihood=value, found=True)
    return PoissonFit(theta=theta, mean=mean, information=information, likelihood=value, found=False)


def settled(counts: Floats, held: Ints, alive: Flags) -> PoissonFit:
    """The fit of a model whose maximum is proved to exist, however far out it lies.

    counts: shape (2^k,). held: the terms that somebody bears, the empty set first. alive: shape (2^k,), the cells left
    to fit. Raises ArithmeticError where floating point does not reach the maximum, which no table met so far does.
    """
    found = poisson_fit(design_matrix(held, alive), counts[alive])
    if not found.found:
        raise ArithmeticError("a maximum that exists was not reached")
    return found


def spread_out(mean: Floats, alive: Flags) -> Floats:
    """Shape (2^k,): expected counts of the cells alive, in their order, put in their places; 0 elsewhere."""
    found = np.zeros(len(alive))
    found[alive] = mean
    return found


def _climbed(matrix: Floats, counts: Floats, precision: Floats, offset: float, theta: Floats) -> tuple[Floats, float]:
    """Expected counts, and the log-likelihood with the log-prior, without factorials and constants."""
    logarithms = offset + matrix @ theta
    with np.errstate(over="ignore"):  # a step too long: it is halved
        mean: Floats = np.exp(logarithms)
    return mean, float(counts @ logarithms - mean.sum() - 0.5 * theta**2 @ precision)
