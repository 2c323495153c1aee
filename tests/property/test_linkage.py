"""Grouping and its measures, against other ways of computing them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.linkage.clusters import closure, cluster
from egide.linkage.evaluate import evaluate
from egide.linkage.pairs import Pairs
from egide.linkage.persons import bounds, expected

labels = st.integers(2, 8).flatmap(lambda n: st.tuples(*[st.lists(st.integers(0, 4), min_size=n, max_size=n)] * 2))


@st.composite
def weighted(draw):
    count = draw(st.integers(2, 7))
    every = list(combinations(range(count), 2))
    kept = draw(st.lists(st.sampled_from(every), unique=True, max_size=len(every)))
    odds = draw(st.lists(st.floats(0.01, 0.99), min_size=len(kept), max_size=len(kept), unique=True))
    ends = np.array(sorted(kept), dtype=np.int64).reshape(-1, 2)
    return Pairs(records=count, left=ends[:, 0], right=ends[:, 1], probability=np.array(odds))


def average_linkage(pairs: Pairs, absent: float = -0.5) -> set[frozenset[int]]:
    """The same rule, all pairs of groups tried anew at each step on a full matrix."""
    odds = np.full((pairs.records, pairs.records), absent)
    odds[pairs.left, pairs.right] = odds[pairs.right, pairs.left] = np.clip(pairs.odds(), -10, 10)
    seen = set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    groups = [{record} for record in range(pairs.records)]

    def touch(a, b):
        return any((min(i, j), max(i, j)) in seen for i in a for j in b)

    while True:
        means = [
            (odds[np.ix_(list(a), list(b))].mean(), i, j)
            for (i, a), (j, b) in combinations(enumerate(groups), 2)
            if touch(a, b)
        ]
        best = max(means, default=(0.0, 0, 0))
        if best[0] <= 1e-12:
            return {frozenset(group) for group in groups}
        groups[best[1]] |= groups.pop(best[2])


def as_groups(found) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(found == one).tolist()) for one in set(found.tolist())}


@given(weighted())
@settings(max_examples=80)
def test_clusters_are_those_of_average_linkage_on_a_full_matrix(pairs):
    assert as_groups(cluster(pairs)) == average_linkage(pairs)


@given(weighted(), st.data())
@settings(max_examples=50)
def test_no_cluster_holds_two_records_of_one_list(pairs, data):
    lists = data.draw(st.lists(st.integers(0, 2), min_size=pairs.records, max_size=pairs.records))
    for group in as_groups(cluster(pairs, lists=lists)):
        assert len({lists[record] for record in group}) == len(group)


@given(weighted(), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=50)
def test_bounds_widen_with_the_doubt(pairs, a, b):
    low, high = sorted((a, b))
    outer, inner = bounds(pairs, doubtful=low, sure=1.0), bounds(pairs, doubtful=high, sure=1.0)
    assert inner.within(outer)
    assert len(set(closure(pairs, 0.0).tolist())) <= outer.low <= outer.high <= pairs.records
    assert 1 <= expected(pairs) <= pairs.records


@given(labels)
@settings(max_examples=60)
def test_quality_is_what_two_loops_give(two):
    found, truth = two
    both = said = real = 0
    for a, b in combinations(range(len(found)), 2):
        said += found[a] == found[b]
        real += truth[a] == truth[b]
        both += found[a] == found[b] and truth[a] == truth[b]
    precision, recall = [], []
    for one in range(len(found)):
        mine = {other for other in range(len(found)) if found[other] == found[one]}
        hers = {other for other in range(len(found)) if truth[other] == truth[one]}
        precision.append(len(mine & hers) / len(mine))
        recall.append(len(mine & hers) / len(hers))
    quality = evaluate(found, truth)
    assert quality.pairs.precision == pytest.approx(both / said if said else 1)
    assert quality.pairs.recall == pytest.approx(both / real if real else 1)
    assert quality.records.precision == pytest.approx(np.mean(precision))
    assert quality.records.recall == pytest.approx(np.mean(recall))
    assert (quality.found, quality.true) == (len(set(found)), len(set(truth)))
