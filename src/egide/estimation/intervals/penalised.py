"""The loops behind the averaged interval: how plausible a table makes a model whose dependences are held back.

A dependence between lists is a normal number around a mean known beforehand, so that what the data cannot tell is
neither nothing nor anything; the evidence of a model is Laplace's, and its maximum always exists. One more term than
sets of lists can say, "shared", goes by the number of pairs a history holds: some people are seen more than others
everywhere (Darroch, Fienberg, Glonek and Junker 1993). Plain Python that `egide.compiled` makes machine code of.
Source: docs/methods/averaged-interval.md.
"""

from __future__ import annotations

import numpy as np

from egide.estimation.fitting.newton import factor, solve, subset, superset
from egide.estimation.histories import Flags, Floats, Ints

PAIR, TRIPLE = 0.4, 0.2  # weight of a pair that is there (against 0.6), of each triple (against 1)
SHARED, PAIR_BESIDE = 0.2, 0.2  # of the shared term, and of a pair beside it: it already says what pairs would
SPREAD = 1.0  # standard deviation of a pair or a triple: odds multiplied or divided by up to seven
SHARED_MEAN, SHARED_SPREAD = 0.25, 0.15
ENOUGH = 1e-10  # squared Newton decrement
MOST_STEPS = 60
START = 0.1  # added to each count for the first least squares


def plausible(row: Flags, sets: Ints) -> float:
    """Logarithm of what a model weighs before the data, up to a constant; minus infinity where it is none.

    row: shape (sets + 1,), which of `sets` (pairs, then triples) are terms, and last the shared term. No model has a
    triple without its pairs, two triples, or a triple beside the shared term.
    """
    triples, weight = 0, 0.0
    shared = row[sets.shape[0]]
    for place in range(sets.shape[0]):
        others = sets[place] & (sets[place] - 1)
        if others & (others - 1) == 0:  # two lists
            chance = PAIR_BESIDE if shared else PAIR
            weight += np.log(chance) if row[place] else np.log(1 - chance)
        elif row[place]:
            triples += 1
            weight += np.log(TRIPLE)
            for part in range(sets.shape[0]):
                if sets[part] & sets[place] == sets[part] and not row[part]:
                    return -np.inf
    if triples > 1 or (triples == 1 and shared):
        return -np.inf
    weight += np.log(SHARED) if shared else np.log(1 - SHARED)
    return float(weight)


def evidence(
    counts: Floats, possible: Flags, within: Floats, row: Flags, sets: Ints, lists: int
) -> tuple[float, float, float]:
    """One model on one table: logarithm of its evidence up to a constant, of the unseen, and the latter's variance.

    counts, possible, within: shape (2^lists,); within: how many pairs each history holds. Minus infinity where no
    maximum was found, which only an empty list or a table without overlap can do.
    """
    cells = counts.shape[0]
    terms = np.zeros(1 + lists + sets.shape[0], np.int64)
    size = 1
    for place in range(lists):
        terms[size] = 1 << place
        size += 1
    for place in range(sets.shape[0]):
        if row[place]:
            terms[size] = sets[place]
            size += 1
    whole = size + 1 if row[sets.shape[0]] else size  # the shared term comes last
    precision, mean, theta = np.zeros(whole), np.zeros(whole), np.zeros(whole)
    step, gradient = np.zeros(whole), np.zeros(whole)
    precision[1 + lists : size] = 1 / SPREAD**2
    if whole > size:
        precision[size], mean[size] = 1 / SHARED_SPREAD**2, SHARED_MEAN
    matrix = np.zeros((whole, whole))
    mu, sums, shares = np.zeros(cells), np.zeros(cells), np.zeros(cells)
    value = -np.inf
    for turn in range(MOST_STEPS):
        squares, toward = 0.0, 0.0
        for cell in range(cells):
            # The first turn is a least squares on the logarithms of the counts, the others are Newton's.
            if not possible[cell] or cell == 0:
                mu[cell], residual = 0.0, 0.0
            elif turn == 0:
                mu[cell] = counts[cell] + START
                residual = mu[cell] * np.log(mu[cell])
            else:
                residual = counts[cell] - mu[cell]
            sums[cell] = residual
            toward += residual * within[cell]
            squares += mu[cell] * within[cell] ** 2
        superset(sums)
        for place in range(whole):
            gradient[place] = sums[terms[place]] if place < size else toward
            gradient[place] += precision[place] * (mean[place] - theta[place])
        sums[:] = mu
        shares[:] = mu * within
        superset(sums)
        superset(shares)
        for one in range(size):
            for other in range(one + 1):
                matrix[one, other] = sums[terms[one] | terms[other]]
            matrix[one, one] += precision[one]
        if whole > size:
            for other in range(size):
                matrix[size, other] = shares[terms[other]]
            matrix[size, size] = squares + precision[size]
        if not factor(matrix, whole):
            return -np.inf, 0.0, 0.0
        step[:] = gradient
        solve(matrix, step, whole)
        decrement = 0.0
        for place in range(whole):
            decrement += step[place] * gradient[place]
        if turn > 0 and decrement < ENOUGH:
            for place in range(whole):
                value += np.log(precision[place]) / 2 if precision[place] > 0 else 0.0
                value -= np.log(matrix[place, place])
            step[:] = 0.0
            step[0] = 1.0
            solve(matrix, step, whole)
            return value, theta[0], step[0]
        length = 1.0
        for _halving in range(40):
            mu[:] = 0.0
            found = 0.0
            for place in range(whole):
                moved = theta[place] + length * step[place]
                found -= precision[place] * (moved - mean[place]) ** 2 / 2
                if place < size:
                    mu[terms[place]] = moved
            subset(mu)
            if whole > size:
                mu += (theta[size] + length * step[size]) * within
            for cell in range(1, cells):
                if possible[cell]:
                    exponent = min(mu[cell], 100.0)  # e^100 persons are too many already: the step is halved
                    mu[cell] = np.exp(exponent)
                    found += counts[cell] * exponent - mu[cell]
            if turn == 0 or decrement < 1e-6 or found >= value:
                break
            length /= 2
        for place in range(whole):
            theta[place] += length * step[place]
        value = found
    return -np.inf, 0.0, 0.0


def kind(row: Flags, sets: Ints) -> float:
    """2 for a model with the shared term, 1 for one with a triple, 0 for one with pairs at most."""
    if row[sets.shape[0]]:
        return 2.0
    for place in range(sets.shape[0]):
        others = sets[place] & (sets[place] - 1)
        if row[place] and others & (others - 1) != 0:
            return 1.0
    return 0.0


def weigh(counts: Floats, possible: Flags, within: Floats, rows: Flags, sets: Ints, lists: int, out: Floats) -> None:
    """Each model of `rows`, shape (models, sets + 1), into out, shape (models, 4): weight, centre, variance, kind."""
    for model in range(rows.shape[0]):
        weight, out[model, 1], out[model, 2] = evidence(counts, possible, within, rows[model], sets, lists)
        out[model, 0] = weight + plausible(rows[model], sets)
        out[model, 3] = kind(rows[model], sets)


def walk(
    counts: Floats,
    possible: Flags,
    within: Floats,
    row: Flags,
    sets: Ints,
    lists: int,
    turned: Ints,
    drawn: Floats,
    out: Floats,
) -> None:
    """From model to model by one term, each as often as it is plausible (Madigan and York 1995).

    row: the first model; changed in place. turned, drawn: shape (steps,), the term that each step puts in or takes out,
    and the logarithm of a uniform number. out: shape (steps, 4), the model after each step: weight, centre, variance,
    kind.
    """
    weight, centre, variance = evidence(counts, possible, within, row, sets, lists)
    weight += plausible(row, sets)
    for step in range(turned.shape[0]):
        row[turned[step]] = not row[turned[step]]
        before = plausible(row, sets)
        accepted = False
        if before > -np.inf:
            found, middle, doubt = evidence(counts, possible, within, row, sets, lists)
            if found + before - weight > drawn[step]:
                accepted = True
                weight, centre, variance = found + before, middle, doubt
        if not accepted:
            row[turned[step]] = not row[turned[step]]
        out[step, 0], out[step, 1], out[step, 2], out[step, 3] = weight, centre, variance, kind(row, sets)


ORDER = (superset, subset, factor, solve, plausible, evidence, kind, weigh, walk)
