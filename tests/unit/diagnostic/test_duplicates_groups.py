"""Who writes and who is shown, from numbers, names and towns: each rule on a few invented ads."""

from __future__ import annotations

import numpy as np
import pytest

from egide.diagnostic.duplicates import Ads, Clusters
from egide.diagnostic.duplicates import persons as inside
from egide.diagnostic.duplicates.authors import Links, by_identity, by_line, parted, telling_lines
from egide.diagnostic.duplicates.gathering import gathered
from egide.diagnostic.duplicates.persons import persons
from egide.diagnostic.duplicates.phones import Lines


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def same(labels: np.ndarray) -> list[list[int]]:
    """Places put together, in order."""
    groups: dict[int, list[int]] = {}
    for place, label in enumerate(labels.tolist()):
        groups.setdefault(label, []).append(place)
    return list(groups.values())


def links(*pairs: tuple[int, int]) -> Links:
    return Links(ad=ints(*(ad for ad, _ in pairs)), label=ints(*(label for _, label in pairs)))


def test_two_texts_under_one_number_are_one_hand() -> None:
    found = by_line(ints(0, 0, 1), links((0, 7), (1, 7), (2, 7)))
    assert same(found) == [[0, 1, 2]]


def test_a_text_borrowed_from_a_stranger_goes_home_with_its_number() -> None:
    groups = ints(0, 0, 0, 0, 1, 1, 1, 1)  # the last of the first group gives the number of the second
    found = by_line(groups, links(*((ad, 0) for ad in range(3)), *((ad, 1) for ad in range(3, 8))))
    assert same(found) == [[0, 1, 2], [3, 4, 5, 6, 7]]


def test_the_number_of_an_agency_in_many_unlike_texts_joins_nobody() -> None:
    texts = np.arange(40) // 2
    found = by_line(texts, links(*((ad, 0) for ad in range(40))))
    assert len(same(found)) == 20
    given = Lines(ad=np.arange(40), line=np.zeros(40, dtype=np.int64), block_of_line=ints(0))
    assert not len(telling_lines(texts, given).ad)
    assert len(telling_lines(np.zeros(40, dtype=np.int64), given).ad) == 40


def test_without_any_number_groups_stay_as_they_are() -> None:
    assert same(by_line(ints(5, 5, 2), links())) == [[0, 1], [2]]
    nothing = Lines(ad=ints(), line=ints(), block_of_line=ints())
    assert telling_lines(ints(5, 5, 2), nothing) is nothing


def test_an_ad_written_anew_is_known_by_a_rare_name_and_town() -> None:
    # Six hands in six towns; the last ad is alone and gives no number, but the name, age and town of the first hand.
    group = ints(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6)
    name = ints(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 0)
    age = 20 + name
    lined = np.arange(13) < 12
    found = by_identity(group, name, age, name, lined)
    assert found[12] == found[0]
    assert len(set(found.tolist())) == 6
    alone = by_identity(group, np.full(13, -1), np.full(13, -1), np.full(13, -1), lined)
    assert len(set(alone.tolist())) == 7
    numbered = by_identity(group, name, age, name, np.ones(13, dtype=bool))
    assert len(set(numbered.tolist())) == 7


def test_two_hands_with_one_wording_are_parted_by_number_name_and_town() -> None:
    group = np.zeros(7, dtype=np.int64)
    block = ints(0, 0, 1, 1, -1, -1, -1)
    found = parted(group, block, ints(5, 5, 6, -1, 6, -1, -1), ints(1, 1, 2, 2, -1, 2, -1))
    assert same(found) == [[0, 1, 6], [2, 3, 4, 5]]


@pytest.mark.parametrize(
    ("block", "name", "place"),
    [
        ((0, 0, 1, 1), (5, 5, 5, 6), (1, 1, 2, 2)),  # a name given under both numbers
        ((0, 0, 1, 1), (5, 5, 6, 6), (1, 2, 2, 2)),  # a town given under both
        ((0, 1, 2, 2), (5, 6, 7, 7), (1, 2, 3, 3)),  # an organiser has more numbers than two
        ((-1, -1, -1, -1), (5, 6, 7, 7), (1, 2, 3, 3)),
    ],
)
def test_otherwise_one_wording_is_one_hand(
    block: tuple[int, ...], name: tuple[int, ...], place: tuple[int, ...]
) -> None:
    assert len(same(parted(np.zeros(4, dtype=np.int64), ints(*block), ints(*name), ints(*place)))) == 1


def shown(*rows: tuple[int, int, int, int]) -> list[list[int]]:
    """Persons among ads of one author: name, age, town, number; -1 where nothing is said."""
    name, age, place, line = (ints(*column) for column in zip(*rows, strict=True))
    return same(persons(np.zeros(len(rows), dtype=np.int64), name, age, place, line))


def test_two_names_under_two_numbers_are_two_persons() -> None:
    assert shown((1, 25, 0, 7), (1, 25, 0, 7), (2, 40, 1, 8), (2, 40, 1, 8)) == [[0, 1], [2, 3]]


def test_an_organiser_with_one_number_shows_several_persons() -> None:
    rows = [(person, 20 + 6 * person, person, 7) for person in range(5) for _ in range(3)]
    assert shown(*rows) == [[3 * person + rank for rank in range(3)] for person in range(5)]


def test_somebody_alone_may_change_name() -> None:
    assert shown((1, 25, 0, 7), (1, 25, 0, 7), (1, -1, 0, 7), (2, 25, 0, 7), (1, 25, 0, -1)) == [[0, 1, 2, 3, 4]]


def test_an_ad_that_says_nothing_goes_with_the_others_of_its_author() -> None:
    assert shown((1, 25, 0, 7), (-1, -1, -1, -1)) == [[0, 1]]
    assert shown((-1, -1, -1, -1), (-1, -1, -1, -1)) == [[0, 1]]


def test_two_authors_never_share_a_person() -> None:
    one = ints(1, 1)
    assert same(persons(ints(0, 1), one, one, one, one)) == [[0], [1]]
    assert persons(ints(), ints(), ints(), ints(), ints()).shape == (0,)


def test_the_order_of_the_ads_changes_nothing_for_clear_persons() -> None:
    rows = [(person, 20 + 6 * person, person, person) for person in range(4) for _ in range(4)]
    order = np.random.default_rng(3).permutation(len(rows))
    mixed = shown(*(rows[place] for place in order))
    assert sorted(sorted(order[places].tolist()) for places in mixed) == shown(*rows)


def test_an_author_of_very_many_sorts_of_ads_is_still_told_apart() -> None:
    count = 2200
    number = np.arange(count) % 1100
    found = persons(np.zeros(count, dtype=np.int64), number, np.full(count, -1), np.full(count, -1), number)
    assert len(set(found.tolist())) == 1100
    assert np.array_equal(found[:1100], found[1100:])


def test_when_sorts_are_many_the_commonest_make_the_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "_SORTS_MOST", 2)
    rows = [(1, 20, 0, 0)] * 3 + [(2, 50, 1, 1)] * 3 + [(1, 20, 2, 0), (2, 50, 2, 1), (3, 35, 3, 2)]
    assert shown(*rows) == [[0, 1, 2, 6], [3, 4, 5, 7], [8]]


CUTS = np.array([[0.1, 0.0, 0.1, 0.0], [0.3, 0.01, 0.25, 0.01], [0.5, 0.01, 0.45, 0.01]])


def family(seed: int, members: int, kept: float) -> np.ndarray:
    """Sketches of texts of one hand: each keeps a share of the marks of the first."""
    chance = np.random.default_rng(seed)
    first = chance.integers(1, 65_000, 64)
    own = chance.integers(1, 65_000, (members, 64))
    return np.where(chance.random((members, 64)) < kept, first, own).astype(np.uint16)


def grown(blocks: list[int], sketches: np.ndarray, pairs: list[tuple[int, int, float]]) -> list[list[int]]:
    found = gathered(len(sketches), sketches, ints(*blocks))
    left, right = ints(*(pair[0] for pair in pairs)), ints(*(pair[1] for pair in pairs))
    found.grow(left, right, np.array([pair[2] for pair in pairs], dtype=np.float32), CUTS)
    return same(found.labels())


def test_one_sure_pair_does_not_join_two_unlike_groups() -> None:
    sketches = np.concatenate([family(1, 10, 0.9), family(2, 10, 0.9)])
    chain = [(place, place + 1, 0.8) for place in range(19) if place != 9]
    assert grown([-1] * 20, sketches, [*chain, (9, 10, 0.7)]) == [list(range(10)), list(range(10, 20))]
    assert len(grown([-1] * 20, np.repeat(sketches[:1], 20, axis=0), [*chain, (9, 10, 0.7)])) == 1


def test_numbers_of_one_block_join_what_other_numbers_keep_apart() -> None:
    sketches = np.concatenate([family(1, 5, 0.9), family(1, 5, 0.6)])
    pairs = [(place, place + 1, 0.8) for place in range(9) if place != 4]
    link = (4, 5, 0.35)
    assert len(grown([7] * 10, sketches, [*pairs, link])) == 1
    assert len(grown([-1] * 10, sketches, [*pairs, link])) == 1
    assert len(grown([7] * 5 + [8] * 5, sketches, [*pairs, link])) == 2


def test_two_groups_of_two_sizes_join_whichever_is_named_first() -> None:
    sketches = np.repeat(family(1, 1, 1.0), 20, axis=0)
    pairs = [(0, 1, 0.99), *((place, place + 1, 0.9) for place in range(2, 19)), (1, 2, 0.8)]
    assert len(grown([-1] * 20, sketches, pairs)) == 1


def test_lists_of_different_lengths_are_refused_and_levels_are_counted() -> None:
    with pytest.raises(ValueError, match="2 texts, but 1 phones"):
        Ads(texts=["a", "b"], phones=["0612345678"])
    found = Clusters(author=ints(0, 0, 1), person=ints(0, 1, 2))
    assert (found.authors, found.persons) == (2, 3)
