"""B-cubed and pairs against the definition written out, item by item and pair by pair."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.bcubed import bcubed, largest, pairs

GROUPINGS = st.lists(st.tuples(st.integers(-2, 5), st.integers(0, 5)), min_size=1, max_size=25)


@given(GROUPINGS)
def test_bcubed_is_the_mean_over_items_of_what_their_two_groups_share(items: list[tuple[int, int]]) -> None:
    precisions, recalls = [], []
    for one in items:
        found = {place for place, other in enumerate(items) if other[0] == one[0]}
        true = {place for place, other in enumerate(items) if other[1] == one[1]}
        precisions.append(len(found & true) / len(found))
        recalls.append(len(found & true) / len(true))
    precision, recall, both = bcubed([one for one, _ in items], [other for _, other in items])
    assert precision == pytest.approx(sum(precisions) / len(items))
    assert recall == pytest.approx(sum(recalls) / len(items))
    assert both == pytest.approx(2 * precision * recall / (precision + recall))


@given(GROUPINGS)
def test_pairs_are_counted_as_if_each_was_looked_at(items: list[tuple[int, int]]) -> None:
    looked = [(a[0] == b[0], a[1] == b[1]) for a, b in combinations(items, 2)]
    right = sum(found and true for found, true in looked)
    together, true = sum(found for found, _ in looked), sum(true for _, true in looked)
    precision, recall = pairs([one for one, _ in items], [other for _, other in items])
    assert precision == (right / together if together else 1)
    assert recall == (right / true if true else 1)


@given(GROUPINGS)
def test_a_grouping_agrees_with_itself_whatever_its_labels(items: list[tuple[int, int]]) -> None:
    labels = [one for one, _ in items]
    renamed = [f"groupe {one}" for one in labels]
    assert bcubed(labels, renamed) == pytest.approx((1, 1, 1))
    assert pairs(labels, renamed) == (1, 1)
    assert largest(labels) == max((labels.count(one) for one in labels), default=0)


def test_lists_of_two_lengths_are_not_compared() -> None:
    with pytest.raises(ValueError, match="one length"):
        bcubed([1, 2], [1])
