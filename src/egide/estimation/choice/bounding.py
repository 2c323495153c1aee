"""A fit that proves, as it goes, that no parameter can make the table likelier than a bound.

Of a model with design X, let t be the sums of the terms that the table bears. Any mu >= 0 with X'mu = t gives
log-likelihood <= sum(mu log mu - mu) for every parameter (weak duality), whether a maximum exists or not. From expected
counts mu and Newton's step d, mu (1 + X d) has those sums; where it is negative it is mixed with such a point of a
larger model. So a fit may stop as soon as its bound says enough.
Plain Python that `egide.compiled` makes machine code of. Source: docs/methods/exact-model-search.md.
"""

from __future__ import annotations

import numpy as np

from egide.estimation.fitting.newton import LEAST_PIVOT, START, likelihood, logarithms, solve, superset
from egide.estimation.histories import Flags, Floats, Ints

MOST_CLIMBS = 40
SETTLED = 1e-10  # squared Newton decrement below which a fit is finished
CLOSE = 1e-2  # distance between a bound and the likelihood that is enough for a model that is no candidate
NEARLY = 1e-6  # and below which a step is taken whole
FAITHFUL = 1e-9  # relative: how well a dual point must have the sums of the table when a term was set aside
HUGE = 1e150
STEEP = 20.0  # times the persons of the table: expected counts above it are no place to start from


def factor_aside(matrix: Floats, size: int) -> bool:
    """As `factor`, but a column that depends on those before it is set aside: no step moves it. Whether one was."""
    aside = False
    for row in range(size):
        for column in range(row + 1):
            left = matrix[row, column]
            for inner in range(column):
                left -= matrix[row, inner] * matrix[column, inner]
            if column < row:
                matrix[row, column] = left / matrix[column, column]
            elif left > LEAST_PIVOT * matrix[row, row]:
                matrix[row, row] = np.sqrt(left)
            else:
                matrix[row, row] = HUGE
                aside = True
    return aside


def dual(mu: Floats, move: Floats, eta: Floats, alive: Flags, safe: Floats, point: Floats) -> float:
    """An upper bound of the likelihood, reached at `point`; +inf when no point is found.

    mu, eta: expected counts and logarithms; move: what Newton's step adds to eta; safe: a dual point of a larger model.
    """
    mixed = 0.0
    for cell in range(1, mu.shape[0]):
        if alive[cell] and move[cell] < -1.0:
            below = mu[cell] * (1.0 + move[cell])
            if safe[cell] <= 0.0:
                return np.inf
            mixed = max(mixed, -below / (safe[cell] - below))
    bound = 0.0
    for cell in range(1, mu.shape[0]):
        mean = 0.0
        if alive[cell]:
            mean = mu[cell] * (1.0 + move[cell])
        if mixed > 0.0:
            mean += mixed * (safe[cell] - mean)
        point[cell] = max(mean, 0.0)
        if mean > 0.0:
            bound += mean * (np.log(mean) - 1.0)
    return bound


def faithful(point: Floats, totals: Floats, terms: Ints, size: int, sums: Floats) -> bool:
    """Whether the point has the sums of the table."""
    sums[:] = point
    superset(sums)
    for place in range(size):
        if abs(sums[terms[place]] - totals[terms[place]]) > FAITHFUL * (1.0 + totals[terms[place]]):
            return False
    return True


def cold(counts: Floats, alive: Flags, terms: Ints, size: int, theta: Floats, sums: Floats, matrix: Floats) -> None:
    """Into theta: weighted least squares of the logarithms of the counts."""
    for cell in range(sums.shape[0]):
        sums[cell] = counts[cell] + START if alive[cell] else 0.0
    superset(sums)
    for row in range(size):
        for column in range(row + 1):
            matrix[row, column] = sums[terms[row] | terms[column]]
    for cell in range(sums.shape[0]):
        mean = counts[cell] + START
        sums[cell] = mean * np.log(mean) if alive[cell] else 0.0
    superset(sums)
    for row in range(size):
        theta[row] = sums[terms[row]]
    factor_aside(matrix, size)
    solve(matrix, theta, size)


def climb(
    counts: Floats,
    totals: Floats,
    alive: Flags,
    terms: Ints,
    size: int,
    theta: Floats,
    matrix: Floats,
    safe: Floats,
    point: Floats,
    work: Floats,
    useless: float,
    hopeless: float,
) -> tuple[float, float]:
    """Newton's method from theta until its bound says enough: the bound (+inf when none), and the likelihood found.

    It stops once the bound is under `useless`, or under `hopeless` and close, or the fit is finished. In place: theta
    (where it stopped), matrix (factor there), point (dual). work: shape (6, 2^k).
    """
    eta, mu, move, sums, step, trial = work[0], work[1], work[2], work[3], work[4], work[5]
    logarithms(theta, terms, size, eta)
    steep = np.log(STEEP * totals[0])
    for cell in range(eta.shape[0]):
        if alive[cell] and not eta[cell] < steep:
            cold(counts, alive, terms, size, theta, sums, matrix)
            logarithms(theta, terms, size, eta)
            break
    mu[:] = eta
    found = likelihood(counts, alive, mu)
    upper = np.inf
    for _ in range(MOST_CLIMBS):
        sums[:] = mu
        superset(sums)
        for row in range(size):
            step[row] = totals[terms[row]] - sums[terms[row]]
            trial[row] = step[row]
            for column in range(row + 1):
                matrix[row, column] = sums[terms[row] | terms[column]]
        aside = factor_aside(matrix, size)
        solve(matrix, step, size)
        decrement = 0.0
        for row in range(size):
            decrement += trial[row] * step[row]
        logarithms(step, terms, size, move)
        if decrement < 1.0 or found + decrement < useless:
            bound = dual(mu, move, eta, alive, safe, trial)
            if bound < upper and (not aside or faithful(trial, totals, terms, size, sums)):
                upper = bound
                point[:] = trial
            if upper < useless or decrement < SETTLED or (upper < hopeless and upper - found < CLOSE):
                break
        length = 1.0
        better = found
        for _halving in range(40):
            for cell in range(mu.shape[0]):
                mu[cell] = eta[cell] + length * move[cell]
            better = likelihood(counts, alive, mu)
            if better >= found or decrement < NEARLY:
                break
            length /= 2
        found = better
        for cell in range(mu.shape[0]):
            eta[cell] += length * move[cell]
        for row in range(size):
            theta[row] += length * step[row]
    return upper, found
