"""All hierarchical models of a few lists."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from egide.estimation.choice import hierarchical, usual_order
from egide.estimation.choice.enumerate import neighbours
from egide.estimation.models import Model, read

COUNTS = [  # (lists, order, models): Silverman, Chan and Vincent 2024; enumerated again here for three lists
    (2, 2, 1),
    (3, 2, 8),
    (3, 3, 8),
    (4, 2, 64),
    (4, 4, 113),
    (5, 2, 1_024),
    (5, 3, 6_212),
    (5, 5, 6_893),
    (6, 1, 1),
]


@pytest.mark.parametrize(("k", "order", "models"), COUNTS)
def test_there_are_as_many_models_as_published(k: int, order: int, models: int):
    found = hierarchical(k, order)
    assert len({one.interactions for one in found}) == len(found) == models
    assert found[0].interactions == ()
    assert max(one.order for one in found) <= order


@pytest.mark.slow
def test_six_lists_have_32768_models_of_pairs():
    assert len(hierarchical(6, 2)) == 32_768


def test_four_lists_have_the_models_that_trying_every_family_finds():
    sets = [one for one in range(1, 15) if one.bit_count() >= 2]
    families = chain.from_iterable(combinations(sets, size) for size in range(len(sets) + 1))
    kept = set()
    for family in families:
        try:
            kept.add(Model(k=4, interactions=family))
        except ValueError:
            continue
    assert kept == set(hierarchical(4, 3))


@pytest.mark.parametrize(("k", "order"), [(6, 3), (7, 2), (8, 2)])
def test_more_models_than_can_be_fitted_are_refused(k: int, order: int):
    with pytest.raises(ValueError, match="more than 50000 models"):
        hierarchical(k, order)


def test_the_neighbours_of_a_model_add_or_drop_a_few_pairs():
    found = neighbours(read(8, "[12,3,4,5,6,7,8]"), 2)
    assert found[0] == read(8, "[12,3,4,5,6,7,8]")
    assert len(set(found)) == len(found) == 1 + 28 + 28 * 27 // 2
    assert {len(one.interactions) for one in found} == {0, 1, 2, 3}


def test_an_order_below_one_is_refused():
    with pytest.raises(ValueError, match="1 or more"):
        hierarchical(3, 0)


def test_the_usual_order_is_that_of_the_r_package():
    assert [usual_order(k) for k in range(3, 9)] == [3, 3, 3, 2, 2, 2]
