"""Sums of a smooth function over very many whole numbers, from few of its values.

A run of M whole numbers has Gauss rules of its own, whose polynomials are Gram's (discrete Chebyshev): n nodes sum any
polynomial of degree under 2n exactly, as if every term had been added. Runs grow with the numbers they hold, as what
is summed here varies with their logarithm. Source: docs/methods/averaging-over-graphs.md; Golub and Welsch 1969.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from attrs import frozen
from scipy.linalg import eigh_tridiagonal

from egide.estimation.histories import Floats, Ints

_NODES = 16
_ONE_BY_ONE = 64  # the first numbers, where nothing is smooth yet
_GROWTH = 1.3


@frozen(kw_only=True, eq=False)
class Runs:
    """The whole numbers 1 to `last`, cut into runs. nodes, weights, run: shape (values,), `run` telling whose they are.

    firsts: shape (runs + 1,), the first number of each run, then `last` + 1.
    """

    firsts: Ints
    nodes: Floats
    weights: Floats
    run: Ints


def runs(last: int) -> Runs:
    """Rules for the numbers 1 to `last`. Refuses less than 1."""
    if last < 1:
        raise ValueError("there is nothing to sum")
    firsts = list(range(1, min(last, _ONE_BY_ONE) + 1))
    start = firsts[-1] + 1
    while start <= last:
        firsts.append(start)
        start = max(start + 1, int(start * _GROWTH))
    edges = np.array([*firsts, last + 1], dtype=np.int64)
    rules = [rule(int(first), int(after)) for first, after in pairwise(edges)]
    return Runs(
        firsts=edges,
        nodes=np.concatenate([nodes for nodes, _ in rules]),
        weights=np.concatenate([weights for _, weights in rules]),
        run=np.repeat(np.arange(len(rules)), [len(nodes) for nodes, _ in rules]),
    )


def rule(first: int, after: int) -> tuple[Floats, Floats]:
    """Nodes and weights for the sum over first, first + 1, … after - 1."""
    count = after - first
    if count <= _NODES:
        return np.arange(first, after, dtype=np.float64), np.ones(count)
    degree = np.arange(1, _NODES, dtype=np.float64)
    beside = np.sqrt(degree**2 * (count**2 - degree**2) / (4 * (4 * degree**2 - 1)))
    nodes, vectors = eigh_tridiagonal(np.full(_NODES, (count - 1) / 2), beside)
    return first + nodes, count * vectors[0] ** 2
