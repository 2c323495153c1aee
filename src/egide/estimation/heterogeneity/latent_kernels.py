"""The loops of the latent classes: Gibbs sweeps on counts by history, and exchanges along a ladder of thinner tables.

A person is of class c with weight w[c] (kept as its logarithm), and then on list j with chance r[c, j], independently.
Everything is drawn for whole cells at once, so a sweep costs the same for a hundred persons or a million. Plain Python
that `egide.compiled` makes machine code of; chance comes in as a numpy Generator.
Source: docs/methods/latent-classes.md.
"""

from __future__ import annotations

import numpy as np

from egide.estimation.histories import Flags, Floats, Ints

PRIOR = 0.25  # shape and rate of the gamma law of the concentration
STEP = 0.3  # typical change of a logarithm of odds in a stretch
STRETCHES = 4  # in a sweep
SMALLEST = -300.0  # logarithm of a weight below which chances lose digits
LEAST = 1e-300  # chances below it are no chance


def cell_chances(weights: Floats, rates: Floats, chances: Floats) -> None:
    """Into chances, shape (2^k, classes): the chance of each history with each class; weights are logarithms."""
    lists = rates.shape[1]
    for one in range(weights.shape[0]):
        chances[0, one] = np.exp(weights[one])
        for place in range(lists):
            step = 1 << place
            on = rates[one, place]
            for cell in range(step):
                chances[cell + step, one] = chances[cell, one] * on
                chances[cell, one] *= 1.0 - on


def likelihood(counts: Ints, possible: Flags, chances: Floats) -> float:
    """Logarithm of the chance of the counts among those who are seen, the number of persons integrated out."""
    found = 0.0
    seen = 0.0
    persons = 0
    for cell in range(1, counts.shape[0]):
        if possible[cell]:
            total = LEAST
            for one in range(chances.shape[1]):
                total += chances[cell, one]
            seen += total
            if counts[cell] > 0:
                persons += counts[cell]
                found += counts[cell] * np.log(total)
    return float(found - persons * np.log(seen))


def share_out(counts: Ints, possible: Flags, chances: Floats, draw: np.random.Generator, sizes: Ints, on: Ints) -> int:
    """Draw the class of everyone, seen or not: into sizes, shape (classes,), and on, shape (classes, lists).

    Returns the persons on no list. With a prior in 1/N and the persons integrated out, the rate of a Poisson population
    has a gamma law; unseen and impossible histories are then Poisson counts, class by class.
    """
    classes = chances.shape[1]
    lists = on.shape[1]
    sizes[:] = 0
    on[:] = 0
    seen = LEAST
    persons = 0
    for cell in range(1, counts.shape[0]):
        if possible[cell]:
            persons += counts[cell]
            for one in range(classes):
                seen += chances[cell, one]
    rate = draw.standard_gamma(float(persons)) / seen if persons > 0 else 0.0
    unseen = 0
    for cell in range(counts.shape[0]):
        missing = cell == 0 or not possible[cell]
        left = counts[cell]
        if not missing and left == 0:
            continue
        total = 0.0
        for one in range(classes):
            total += chances[cell, one]
        for one in range(classes):
            if missing:
                here = draw.poisson(rate * chances[cell, one])
                if cell == 0:
                    unseen += here
            else:
                if left == 0:
                    break
                share = chances[cell, one] / total if total > 0.0 else 1.0
                here = left if one == classes - 1 or share >= 1.0 else draw.binomial(left, share)
                left -= here
                total -= chances[cell, one]
            if here > 0:
                sizes[one] += here
                for place in range(lists):
                    if cell >> place & 1:
                        on[one, place] += here
    return unseen


def reorder(sizes: Ints, on: Ints, concentration: float, draw: np.random.Generator) -> None:
    """Exchange the labels of neighbouring classes, their weights integrated out: the chances are a ratio of sizes."""
    after = 0
    for one in range(2, sizes.shape[0]):
        after += sizes[one]
    for one in range(sizes.shape[0] - 2):
        ratio = (concentration + sizes[one + 1] + after) / (concentration + sizes[one] + after)
        if sizes[one] != sizes[one + 1] and (ratio >= 1.0 or draw.random() < ratio):
            held = sizes[one]
            sizes[one] = sizes[one + 1]
            sizes[one + 1] = held
            for place in range(on.shape[1]):
                held = on[one, place]
                on[one, place] = on[one + 1, place]
                on[one + 1, place] = held
        if one + 2 < sizes.shape[0]:
            after -= sizes[one + 2]


def log_gamma_draw(shape: float, draw: np.random.Generator) -> float:
    """Logarithm of a gamma variate: shapes near 0 make variates too small to be written."""
    if shape >= 0.5:
        return float(np.log(draw.standard_gamma(shape)))
    return float(np.log(draw.standard_gamma(shape + 1.0)) - draw.standard_exponential() / shape)


def sum_of_logs(first: float, second: float) -> float:
    """Logarithm of the sum of two numbers given by their logarithms, however small."""
    return float(max(first, second) + np.log1p(np.exp(-abs(first - second))))


def renew(
    sizes: Ints, on: Ints, weights: Floats, rates: Floats, concentration: float, draw: np.random.Generator
) -> float:
    """Draw weights, rates and concentration given who is in which class; returns the concentration."""
    classes = sizes.shape[0]
    after = 0
    for one in range(classes):
        after += sizes[one]
    left = 0.0  # logarithm of what remains of the stick
    for one in range(classes):
        after -= sizes[one]
        if one < classes - 1:
            first = log_gamma_draw(1.0 + sizes[one], draw)
            second = log_gamma_draw(concentration + after, draw)
            both = sum_of_logs(first, second)
            weights[one] = left + first - both
            left += second - both
        else:
            weights[one] = left
        for place in range(rates.shape[1]):
            rates[one, place] = draw.beta(1.0 + on[one, place], 1.0 + sizes[one] - on[one, place])
    return float(draw.standard_gamma(PRIOR + classes - 1) / (PRIOR - left))


def stick(weights: Floats) -> float:
    """Logarithm of the density of the weights, the last one's own factor apart, up to a constant."""
    found = 0.0
    rest = weights[-1]
    for one in range(weights.shape[0] - 2, 0, -1):
        rest = sum_of_logs(rest, weights[one])
        found -= rest
    return float(found)


def leap(
    counts: Ints, possible: Flags, weights: Floats, rates: Floats, chances: Floats, draw: np.random.Generator
) -> None:
    """Moves that everyone's class would forbid, integrated out: two classes share their weights anew, or swap labels.

    Two classes of like rates exchange persons one by one in a sweep: with N persons that takes N sweeps.
    """
    classes = weights.shape[0]
    cell_chances(weights, rates, chances)
    here = likelihood(counts, possible, chances)
    kept = chances.copy()
    for turn in range(2 * classes):
        one = int(draw.random() * (classes - 1))
        other = int(draw.random() * (classes - 1))
        if one == other:
            continue
        first = weights[one]
        second = weights[other]
        before = stick(weights)
        if turn % 2 == 0:
            both = sum_of_logs(first, second)
            share = draw.random()
            weights[one] = both + np.log(share + LEAST)
            weights[other] = both + np.log(1.0 - share)
            if min(first, second) < SMALLEST:  # its chances may be 0: they cannot be scaled
                cell_chances(weights, rates, chances)
            else:
                chances[:, one] *= np.exp(weights[one] - first)
                chances[:, other] *= np.exp(weights[other] - second)
            there = likelihood(counts, possible, chances)
            if np.log(draw.random() + LEAST) < there - here + stick(weights) - before:
                here = there
                kept[:, one] = chances[:, one]
                kept[:, other] = chances[:, other]
                continue
        else:
            weights[one] = second
            weights[other] = first
            if np.log(draw.random() + LEAST) < stick(weights) - before:
                for place in range(rates.shape[1]):
                    held = rates[one, place]
                    rates[one, place] = rates[other, place]
                    rates[other, place] = held
                for cell in range(chances.shape[0]):
                    held = chances[cell, one]
                    chances[cell, one] = chances[cell, other]
                    chances[cell, other] = held
                kept[:, one] = chances[:, one]
                kept[:, other] = chances[:, other]
                continue
        weights[one] = first
        weights[other] = second
        chances[:, one] = kept[:, one]
        chances[:, other] = kept[:, other]


def stretch(
    counts: Ints,
    possible: Flags,
    weights: Floats,
    rates: Floats,
    concentration: float,
    chances: Floats,
    draw: np.random.Generator,
) -> None:
    """Make a class rarer on every list and the others smaller: what is seen hardly changes, the persons in all do.

    The odds of the class are multiplied on all lists, and the other weights relative to its own, by one number; the
    class is chosen by its weight. In logits of rates and logarithms of relative weights the move is a translation.
    """
    classes = weights.shape[0]
    kept_weights = weights.copy()
    kept_rates = rates.copy()
    cell_chances(weights, rates, chances)
    here = likelihood(counts, possible, chances)
    for _ in range(STRETCHES):
        chosen = 0
        left = draw.random()
        while chosen < classes - 1 and left >= np.exp(weights[chosen]):
            left -= np.exp(weights[chosen])
            chosen += 1
        shift = STEP * np.exp(draw.standard_normal()) * draw.standard_normal()
        total = 0.0
        for one in range(classes):
            if one != chosen:
                weights[one] += shift
            total += np.exp(weights[one])
        weights -= np.log(total)
        change = stick(weights) - stick(kept_weights)
        change += concentration * (weights[-1] - kept_weights[-1])
        change += (weights[:-1] - kept_weights[:-1]).sum() + weights[chosen] - kept_weights[chosen]
        for place in range(rates.shape[1]):
            old = rates[chosen, place]
            new = old / (old + (1.0 - old) * np.exp(-shift))
            rates[chosen, place] = new
            change += np.log(new * (1.0 - new) + LEAST) - np.log(old * (1.0 - old) + LEAST)
        cell_chances(weights, rates, chances)
        there = likelihood(counts, possible, chances)
        if np.log(draw.random() + LEAST) < there - here + change:
            here = there
            kept_weights[:] = weights
            kept_rates[:] = rates
        else:
            weights[:] = kept_weights
            rates[:] = kept_rates


def exchange(
    tables: Ints,
    possible: Flags,
    weights: Floats,
    rates: Floats,
    concentration: Floats,
    chances: Floats,
    odd: int,
    draw: np.random.Generator,
    accepted: Ints,
) -> None:
    """Propose that neighbouring rungs, (0, 1), (2, 3)… or (1, 2), (3, 4)…, exchange their parameters."""
    for rung in range(odd, tables.shape[0] - 1, 2):
        change = 0.0
        for which in range(2):
            cell_chances(weights[rung + which], rates[rung + which], chances)
            here = likelihood(tables[rung], possible, chances)
            there = likelihood(tables[rung + 1], possible, chances)
            change += (there - here) if which == 0 else (here - there)
        if change >= 0.0 or draw.random() < np.exp(change):
            accepted[rung] += 1
            for one in range(weights.shape[1]):
                held = weights[rung, one]
                weights[rung, one] = weights[rung + 1, one]
                weights[rung + 1, one] = held
                for place in range(rates.shape[2]):
                    held = rates[rung, one, place]
                    rates[rung, one, place] = rates[rung + 1, one, place]
                    rates[rung + 1, one, place] = held
            held = concentration[rung]
            concentration[rung] = concentration[rung + 1]
            concentration[rung + 1] = held


def climb(
    tables: Ints,
    possible: Flags,
    weights: Floats,
    rates: Floats,
    concentration: Floats,
    draw: np.random.Generator,
    unseen: Ints,
    used: Ints,
    accepted: Ints,
) -> None:
    """Rounds of one sweep of each rung, then one exchange between neighbours.

    tables: shape (rungs, 2^k), the counts first, then thinner and thinner. In place: weights, logarithms, (rungs,
    classes); rates, (rungs, classes, lists); concentration, (rungs,). Out: unseen and used, shape (rounds,): persons on
    no list and classes with somebody, on the first rung; accepted, (rungs,): exchanges with the next rung, added.
    """
    classes = weights.shape[1]
    chances = np.empty((tables.shape[1], classes))
    sizes = np.zeros(classes, np.int64)
    on = np.zeros((classes, rates.shape[2]), np.int64)
    for turn in range(unseen.shape[0]):
        for rung in range(tables.shape[0] - 1, -1, -1):
            table, weight, rate = tables[rung], weights[rung], rates[rung]
            cell_chances(weight, rate, chances)
            unseen[turn] = share_out(table, possible, chances, draw, sizes, on)
            reorder(sizes, on, concentration[rung], draw)
            concentration[rung] = renew(sizes, on, weight, rate, concentration[rung], draw)
            leap(table, possible, weight, rate, chances, draw)
            stretch(table, possible, weight, rate, concentration[rung], chances, draw)
        used[turn] = (sizes > 0).sum()
        exchange(tables, possible, weights, rates, concentration, chances, turn % 2, draw, accepted)


ORDER = (
    cell_chances,
    likelihood,
    share_out,
    reorder,
    log_gamma_draw,
    sum_of_logs,
    renew,
    stick,
    leap,
    stretch,
    exchange,
    climb,
)
