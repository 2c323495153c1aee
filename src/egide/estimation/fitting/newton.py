"""The loops that fit log-linear models: many models on many tables, without a design matrix.

For terms that are sets of lists, every sum that Newton's method needs is one superset sum of the expected counts:
gradient[s] = total[s] - sum of mu over the cells that contain s; Hessian[s, t] = the same sum for s | t. Two fast zeta
transforms of k 2^(k-1) additions give both, and the logarithms of mu. Plain Python that `egide.compiled` makes machine
code of. Source: docs/methods/log-linear-fits.md.
"""

from __future__ import annotations

import numpy as np

from egide.estimation.histories import Flags, Floats, Ints

CERTIFIED, UNDECIDED = 0, -1  # UNDECIDED: ask `existence`

MOST_STEPS = 30
ENOUGH = 1e-12  # squared Newton decrement below which the step in hand is the last
NEAR = 1e-6  # and below which a step is taken whole: what the likelihood gains is lost in its rounding
MARGIN = 1e-6  # decrement over the smallest expected count below which no count is on its way to zero
LEAST_MEAN = 1e-12  # expected count, over the persons seen, that rounding cannot be told from
LEAST_PIVOT = 1e-9  # relative: below, columns may depend on each other
START = 0.1  # added to each count for the first least squares


def superset(values: Floats) -> None:
    """In place: each cell becomes the sum of the cells that contain it."""
    step = 1
    while step < values.shape[0]:
        for low in range(0, values.shape[0], 2 * step):
            for place in range(low, low + step):
                values[place] += values[place + step]
        step *= 2


def subset(values: Floats) -> None:
    """In place: each cell becomes the sum of the cells it contains."""
    step = 1
    while step < values.shape[0]:
        for low in range(0, values.shape[0], 2 * step):
            for place in range(low, low + step):
                values[place + step] += values[place]
        step *= 2


def factor(matrix: Floats, size: int) -> bool:
    """In place: the lower Cholesky factor of the leading `size` rows. False when a pivot is too small to trust."""
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
                return False
    return True


def solve(matrix: Floats, vector: Floats, size: int) -> None:
    """In place: the vector times the inverse of the matrix whose lower factor is given."""
    for row in range(size):
        for inner in range(row):
            vector[row] -= matrix[row, inner] * vector[inner]
        vector[row] /= matrix[row, row]
    for row in range(size - 1, -1, -1):
        for inner in range(row + 1, size):
            vector[row] -= matrix[inner, row] * vector[inner]
        vector[row] /= matrix[row, row]


def logarithms(theta: Floats, terms: Ints, size: int, eta: Floats) -> None:
    """Into eta, shape (2^k,): logarithms of the expected counts, all cells."""
    eta[:] = 0.0
    for place in range(size):
        eta[terms[place]] = theta[place]
    subset(eta)


def likelihood(counts: Floats, alive: Flags, mu: Floats) -> float:
    """From logarithms in mu, which become expected counts: the Poisson log-likelihood, no factorial."""
    found = 0.0
    for cell in range(mu.shape[0]):
        if alive[cell]:
            mean = np.exp(mu[cell])
            found += counts[cell] * mu[cell] - mean
            mu[cell] = mean
        else:
            mu[cell] = 0.0
    return found


def newton(
    counts: Floats,
    totals: Floats,
    alive: Flags,
    terms: Ints,
    size: int,
    theta: Floats,
    mu: Floats,
    sums: Floats,
    matrix: Floats,
    step: Floats,
    watched: Flags,
) -> tuple[int, float]:
    """The maximum of the likelihood over `size` terms and the cells alive: its status and value; the rest in place.

    counts, totals, mu, sums: shape (2^k,); theta, step: shape (terms,); matrix: shape (terms, terms).

    Where no maximum exists the likelihood grows forever along some direction, in which cells tend to 0. By the
    inequality of Cauchy and Schwarz they keep the decrement above the smallest of them that is watched, divided by a
    whole number (how much faster others may tend to 0), small in practice. So CERTIFIED, which asks a decrement a
    million times smaller than every watched cell, proves that the maximum exists and, by the pivots, that it is unique.
    """
    for cell in range(sums.shape[0]):
        mu[cell] = counts[cell] + START if alive[cell] else 0.0
        sums[cell] = mu[cell] * np.log(mu[cell]) if alive[cell] else 0.0
    superset(mu)
    superset(sums)
    for row in range(size):
        theta[row] = sums[terms[row]]
        for column in range(row + 1):
            matrix[row, column] = mu[terms[row] | terms[column]]
    if not factor(matrix, size):
        return UNDECIDED, 0.0
    solve(matrix, theta, size)
    logarithms(theta, terms, size, mu)
    found = likelihood(counts, alive, mu)
    for _ in range(MOST_STEPS):
        sums[:] = mu
        superset(sums)
        for row in range(size):
            step[row] = totals[terms[row]] - sums[terms[row]]
            for column in range(row + 1):
                matrix[row, column] = sums[terms[row] | terms[column]]
        if not factor(matrix, size):
            return UNDECIDED, found
        decrement = 0.0
        for row in range(size):
            sums[row] = step[row]
        solve(matrix, step, size)
        for row in range(size):
            decrement += sums[row] * step[row]
        length = 1.0
        for _halving in range(40):
            for row in range(size):
                theta[row] += length * step[row]
            logarithms(theta, terms, size, mu)
            better = likelihood(counts, alive, mu)
            if decrement < NEAR or better >= found:
                break
            for row in range(size):
                theta[row] -= length * step[row]
            length /= 2
        found = better
        if decrement < ENOUGH:
            least = totals[0]
            for cell in range(1, mu.shape[0]):
                if watched[cell] and mu[cell] < least:
                    least = mu[cell]
            if least < LEAST_MEAN * totals[0]:
                return UNDECIDED, found
            if decrement < MARGIN * least:
                return CERTIFIED, found
    return UNDECIDED, found


def fit_all(
    tables: Floats,
    possible: Flags,
    flat: Ints,
    starts: Ints,
    theta0: Floats,
    variance: Floats,
    likelihoods: Floats,
    statuses: Ints,
) -> None:
    """Every model on every table.

    tables: shape (tables, 2^k). possible: shape (2^k,). flat, starts: the terms of model m are
    flat[starts[m]:starts[m + 1]], the empty set first. Out, shape (tables, models): logarithm of the unseen, its
    variance, log-likelihood without factorials, status. A term that no person bears is infinitely negative: it leaves
    the fit with the cells that contain it (Chan, Silverman and Vincent 2021).
    """
    cells = tables.shape[1]
    widest = 0
    for model in range(starts.shape[0] - 1):
        widest = max(widest, starts[model + 1] - starts[model])
    totals = np.empty(cells)
    dead = np.empty(cells)
    mu = np.empty(cells)
    sums = np.empty(cells)
    alive = np.empty(cells, np.bool_)
    watched = np.empty(cells, np.bool_)
    everywhere = bool(possible.all())
    terms = np.empty(widest, np.int64)
    theta = np.empty(widest)
    step = np.empty(widest)
    matrix = np.empty((widest, widest))
    for table in range(tables.shape[0]):
        totals[:] = tables[table]
        superset(totals)
        for model in range(starts.shape[0] - 1):
            size = live_terms(totals, possible, flat[starts[model] : starts[model + 1]], terms, dead, alive)
            watch(terms, size, alive, everywhere, watched)
            status, found = newton(tables[table], totals, alive, terms, size, theta, mu, sums, matrix, step, watched)
            statuses[table, model] = status
            likelihoods[table, model] = found
            theta0[table, model] = theta[0]
            if status == CERTIFIED:
                step[:size] = 0.0
                step[0] = 1.0
                solve(matrix, step, size)
                variance[table, model] = step[0]


def live_terms(totals: Floats, possible: Flags, given: Ints, terms: Ints, dead: Floats, alive: Flags) -> int:
    """Into terms those that somebody bears, into alive the cells left to fit; how many terms."""
    dead[:] = 0.0
    size = 0
    for place in range(given.shape[0]):
        if totals[given[place]] > 0:
            terms[size] = given[place]
            size += 1
        else:
            dead[given[place]] = 1.0
    subset(dead)
    for cell in range(1, dead.shape[0]):
        alive[cell] = possible[cell] and dead[cell] == 0.0
    alive[0] = False
    return size


def watch(terms: Ints, size: int, alive: Flags, everywhere: bool, watched: Flags) -> None:
    """Cells of which at least one tends to 0 when no maximum exists: those of at most one list more than the terms.

    (A direction that leaves them all unchanged leaves the others unchanged, by inversion over subsets.) Where some
    histories are impossible, every cell is watched.
    """
    widest = 0
    for place in range(size):
        widest = max(widest, bits(terms[place]))
    for cell in range(watched.shape[0]):
        watched[cell] = alive[cell] and (not everywhere or bits(cell) <= widest + 1)


def bits(cell: int) -> int:
    """How many lists a history names."""
    found = 0
    while cell:
        cell &= cell - 1
        found += 1
    return found


ORDER = (superset, subset, factor, solve, logarithms, likelihood, newton, live_terms, bits, watch, fit_all)
