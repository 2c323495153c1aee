"""Whoever reads a map, and counts every possibility on his fingers, learns no small count."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnostic.maps.areas import areas_of, shown_share
from egide.diagnostic.maps.counts import Counts, enough
from egide.diagnostic.maps.layer_map import FINE, HATCHED, LayerMap, layer_map
from egide.diagnostic.maps.zones import Zone, touching
from egide.errors import ReleaseRefused

CODES = "ABCD"
MOST = 12  # the reader knows that no zone holds more: he knows too much rather than too little

places = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=4, unique=True).map(
    lambda points: [
        Zone(code=code, name=code, longitude=2 + x / 10, latitude=50 + y / 10)
        for code, (x, y) in zip(CODES, points, strict=True)
    ]
)
persons = st.lists(st.integers(0, MOST), min_size=4, max_size=4).map(lambda found: dict(zip(CODES, found, strict=True)))


def possible(found: LayerMap, total: int | None) -> list[dict[str, int]]:
    """Every way to fill the zones that the map allows, one by one."""
    filled = [dict(zip(CODES, one, strict=True)) for one in product(range(MOST + 1), repeat=len(CODES))]
    for zones, rank in found.areas:
        low, high = (0, 4) if rank == HATCHED else (FINE[rank].low, FINE[rank].high or 10**9)
        filled = [one for one in filled if low <= sum(one[code] for code in zones) <= high]
    return [one for one in filled if total is None or sum(one.values()) == total]


@settings(max_examples=25)
@given(zones=places, counts=persons, total_is_public=st.booleans())
def test_every_small_count_may_be_any_from_zero_to_four(zones, counts, total_is_public):
    try:
        found = layer_map("x", Counts.added(counts), touching(zones), enough=enough, total_is_public=total_is_public)
    except ReleaseRefused:
        assert sum(counts.values()) > 0
        return
    left = possible(found, sum(counts.values()) if total_is_public else None)
    assert counts in left
    for code, number in counts.items():
        if 0 < number < 5:
            assert {one[code] for one in left} >= {0, 1, 2, 3, 4}


@given(zones=places, counts=persons)
def test_zones_are_merged_no_further_than_asked_and_each_is_somewhere(zones, counts):
    areas = areas_of(Counts.added(counts), touching(zones), enough=enough)
    assert sorted(code for area in areas for code in area.zones) == list(CODES)
    if all(number == 0 or number >= 5 for number in counts.values()):
        assert all(len(area.zones) == 1 for area in areas)
    if sum(counts.values()) >= 5:
        assert shown_share(areas, enough) == 1  # label points always join up


@given(zones=places, first=persons, second=persons)
def test_next_years_areas_are_unions_of_this_years(zones, first, second):
    neighbours = touching(zones)
    before = [area.zones for area in areas_of(Counts.added(first), neighbours, enough=enough)]
    after = areas_of(Counts.added(second), neighbours, enough=enough, former=before)
    for zones_before in before:
        assert sum(set(zones_before) <= set(area.zones) for area in after) == 1
