"""The fit of a model whose maximum is proved to exist, however far out it lies: slow, plain and damped."""

from __future__ import annotations

import numpy as np

from egide.estimation.fitting.newton import NEAR, START
from egide.estimation.histories import Flags, Floats, Ints

_MOST_STEPS = 1_000
_ENOUGH = 1e-16  # squared decrement, in likelihood


def settled(counts: Floats, held: Ints, alive: Flags) -> Floats:
    """The parameters of the terms `held`, those that somebody bears, the empty set first.

    counts, shape (2^k,). alive, shape (2^k,): the cells left to fit. The likelihood is strictly concave with a maximum,
    so that Newton's method with halved steps gets there.
    """
    design, seen = design_of(held, alive).astype(np.float64), counts[alive]
    theta: Floats = np.linalg.lstsq(design, np.log(seen + START), rcond=None)[0].astype(np.float64)
    value = likelihood(theta, design, seen)
    for _ in range(_MOST_STEPS):
        roots = np.exp(design @ theta / 2)[:, None] * design
        gradient = design.T @ (seen - np.exp(design @ theta))
        step: Floats = np.linalg.solve(roots.T @ roots, gradient).astype(np.float64)
        decrement = float(gradient @ step)
        length = 1.0
        while (better := likelihood(theta + length * step, design, seen)) < value and decrement > NEAR:
            length /= 2
        theta, value = theta + length * step, better
        if decrement < _ENOUGH:
            break
    return theta


def design_of(held: Ints, alive: Flags) -> Ints:
    """Shape (cells alive, terms): 1 where the history contains the term."""
    (cells,) = np.nonzero(alive)
    found: Ints = ((cells[:, None] & held[None, :]) == held[None, :]).astype(np.int64)
    return found


def means(theta: Floats, held: Ints, alive: Flags) -> Floats:
    """Shape (2^k,): the expected counts; 0 outside the cells alive."""
    found = np.zeros(len(alive))
    found[alive] = np.exp(design_of(held, alive) @ theta)
    return found


def likelihood(theta: Floats, design: Ints | Floats, seen: Floats) -> float:
    """Poisson log-likelihood, without the factorials."""
    logs = design @ theta
    with np.errstate(over="ignore"):
        return float(seen @ logs - np.exp(logs).sum())
