"""From pairs to persons without a giant: mean evidence between groups, not one lucky pair.

Taking every pair above a threshold and whatever follows (connected components) lets one wrong pair weld two persons,
and the larger the file, the larger the accident. Here two groups join when the *mean* of the log-odds between their
records is positive, the strongest first; a pair that was never looked at counts as slight evidence against. This is
average linkage (Sokal and Michener 1958) on a sparse graph with signs, stopped at even odds, as in the greedy
contraction of correlation clustering (Keuper et al. 2015). Source and measures: docs/methods/record-linkage.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from egide.linkage.pairs import Ints, Pairs

ABSENT = -0.5  # log-odds of a pair that no block held: 0.38, the best of five values tried on synthetic persons
_LOUDEST = 10.0  # beyond it, certainty comes from the model more than from the records


def closure(pairs: Pairs, at_least: float) -> Ints:
    """Groups when every pair of that probability or more is believed, and all that follows. Shape (records,)."""
    kept = pairs.kept(pairs.probability >= at_least)
    graph = coo_array((np.ones(len(kept), dtype=np.int8), (kept.left, kept.right)), shape=(pairs.records,) * 2)
    labels: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels


def cluster(pairs: Pairs, *, lists: Sequence[int] | None = None, absent: float = ABSENT) -> Ints:
    """The person of each record, numbered from 0 in the order first met. Shape (records,).

    lists: which list each record is of, when no list holds a person twice: two of its records never join.
    """
    groups = _Groups(pairs.records, lists, absent)
    groups.tie(pairs)
    return groups.joined()


class _Groups:
    """Groups of records under contraction: who touches whom, with the sum and the number of their pairs."""

    def __init__(self, records: int, lists: Sequence[int] | None, absent: float) -> None:
        self._members: list[list[int]] = [[record] for record in range(records)]
        self._near: list[dict[int, tuple[float, int]]] = [{} for _ in range(records)]
        self._version = [0] * records  # -1: joined to another
        self._lists = [set() if lists is None else {lists[record]} for record in range(records)]
        self._absent = absent
        self._heap: list[tuple[float, int, int, int, int]] = []

    def tie(self, pairs: Pairs) -> None:
        odds = np.clip(pairs.odds(), -_LOUDEST, _LOUDEST).tolist()
        for one, other, weight in zip(pairs.left.tolist(), pairs.right.tolist(), odds, strict=True):
            self._near[one][other] = self._near[other][one] = (weight, 1)
            if weight > 0:
                self._heap.append((-weight, one, other, 0, 0))
        heapify(self._heap)

    def joined(self) -> Ints:
        while self._heap:
            _, one, other, seen_one, seen_other = heappop(self._heap)
            if self._version[one] == seen_one and self._version[other] == seen_other:
                if not self._lists[one].isdisjoint(self._lists[other]):
                    continue
                self._join(*((one, other) if len(self._near[one]) >= len(self._near[other]) else (other, one)))
        labels = np.empty(len(self._members), dtype=np.int64)
        for group, members in enumerate(self._members):
            labels[members] = group
        first = np.unique(labels, return_index=True, return_inverse=True)
        ranks: Ints = np.argsort(np.argsort(first[1]))[first[2]].astype(np.int64)
        return ranks

    def _join(self, kept: int, gone: int) -> None:
        near, lost = self._near[kept], self._near[gone]
        del near[gone], lost[kept]
        for third, (weight, number) in lost.items():
            del self._near[third][gone]
            had = near.get(third, (0.0, 0))
            near[third] = self._near[third][kept] = (had[0] + weight, had[1] + number)
        self._members[kept] += self._members[gone]
        self._members[gone], self._near[gone] = [], {}
        self._lists[kept] |= self._lists[gone]
        self._version[kept] += 1
        self._version[gone] = -1
        for third in near:
            mean = self._mean(kept, third)
            if mean > 0:
                heappush(self._heap, (-mean, kept, third, self._version[kept], self._version[third]))

    def _mean(self, one: int, other: int) -> float:
        weight, number = self._near[one][other]
        possible = len(self._members[one]) * len(self._members[other])
        return (weight + (possible - number) * self._absent) / possible
