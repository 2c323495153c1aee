"""Decomposable graphs of lists: an edge lets two lists depend on each other, and every cycle of four has a chord.

All graphs on k lists are looked at together, as arrays of bits. A graph is chordal when its lists can be taken away
one after the other, each when those it still touches all touch each other (Fulkerson and Gross 1965); the set of a list
and those it touches then counts for the graph, the set without the list against it. What remains after cancelling are
the cliques and the separators. Source: docs/methods/averaging-over-graphs.md; Dawid and Lauritzen 1993.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from attrs import frozen

from egide.estimation.histories import Floats, Ints
from egide.estimation.models import pairs

MOST_LISTS = 6


@frozen(kw_only=True, eq=False)
class Graphs:
    """Every decomposable graph on k lists. edges: shape (graphs,), bit i is the pair `models.pairs(k)[i]`.

    parts: shape (graphs, 2^k), how many times each set of lists is a clique, less how many times it separates two.
    """

    k: int
    edges: Ints
    parts: Floats

    def __len__(self) -> int:
        return len(self.edges)

    def pairs(self, graph: int) -> tuple[int, ...]:
        """The sets of two lists that an edge of this graph joins."""
        return tuple(pair for place, pair in enumerate(pairs(self.k)) if int(self.edges[graph]) >> place & 1)


@cache
def decomposable(k: int) -> Graphs:
    """8, 61, 822 and 18,154 graphs for 3, 4, 5 and 6 lists. Refuses more (ValueError): 7 lists have 617,675."""
    if not 2 <= k <= MOST_LISTS:
        raise ValueError(f"decomposable graphs are listed for 2 to {MOST_LISTS} lists")
    edges = np.arange(1 << len(pairs(k)), dtype=np.int64)
    touching = np.zeros((len(edges), k), dtype=np.int64)
    for place, pair in enumerate(pairs(k)):
        first, second = (one for one in range(k) if pair >> one & 1)
        joined = edges >> place & 1
        touching[:, first] |= joined << second
        touching[:, second] |= joined << first
    parts = np.zeros((len(edges), 1 << k))
    left = np.full(len(edges), (1 << k) - 1, dtype=np.int64)
    for _ in range(k):
        waiting = np.ones(len(edges), dtype=np.bool_)  # one list leaves each graph in each round
        for one in range(k):
            around = touching[:, one] & left
            close = waiting & (left >> one & 1).astype(np.bool_)
            for other in range(k):
                apart = around & ~(touching[:, other] | 1 << other)
                close &= ~((around >> other & 1).astype(np.bool_) & (apart != 0))
            rows = np.flatnonzero(close)
            parts[rows, around[rows] | 1 << one] += 1
            parts[rows, around[rows]] -= 1
            left[rows] &= ~(1 << one)
            waiting[rows] = False
    kept = left == 0
    parts[:, 0] = 0  # no list at all separates two that do not touch, and weighs nothing
    return Graphs(k=k, edges=edges[kept], parts=parts[kept])
