"""A map shows where without showing whom: zones merged, classes instead of counts, an attacker who finds nothing."""

from __future__ import annotations

import re

import numpy as np
import pytest

from egide.diagnostic.maps.areas import areas_of, shown_share
from egide.diagnostic.maps.counts import Counts, enough, enough_in_detail
from egide.diagnostic.maps.layer_map import COARSE, FINE, HATCHED, Size, layer_map
from egide.diagnostic.maps.sheet import PRECAUTIONS, sheet_of
from egide.diagnostic.maps.zones import Zone, squares, touching
from egide.disclosure.attack.system import Statement
from egide.document.charts.zones import Place, zone_map
from egide.errors import ReleaseRefused

COAST = [
    Zone(code="A", name="Aval", longitude=1.70, latitude=50.90),
    Zone(code="B", name="Bourg", longitude=2.00, latitude=50.75),
    Zone(code="C", name="Colline", longitude=2.30, latitude=50.60),
    Zone(code="D", name="Dune", longitude=2.60, latitude=50.45),
]
IN_LINE = touching(COAST)


def test_zones_along_a_road_touch_the_next_and_the_former():
    assert {"A": {"B"}, "B": {"A", "C"}, "C": {"B", "D"}, "D": {"C"}} == IN_LINE


def test_no_zone_no_neighbour():
    assert touching([]) == {}


def test_a_place_that_is_not_on_earth_is_refused():
    with pytest.raises(ValueError, match="no such place"):
        Zone(code="X", name="Ailleurs", longitude=200, latitude=0)


def test_squares_are_those_of_one_grid_for_all_departments():
    near = [COAST[0], Zone(code="A2", name="Aval", longitude=1.701, latitude=50.901)]
    found = squares([*near, COAST[3]], kilometres=20)
    assert found["A"] == found["A2"] != found["D"]
    alone = squares([COAST[3]], kilometres=20)
    assert alone["D"] == found["D"]  # whatever else is on the map
    with pytest.raises(ValueError, match="above zero"):
        squares(near, kilometres=0)


def test_a_small_count_is_merged_with_its_smallest_neighbour_that_makes_it_enough():
    areas = areas_of(Counts.added({"A": 30, "B": 2, "C": 7, "D": 0}), IN_LINE, enough=enough)
    assert [area.zones for area in areas] == [("A",), ("B", "C"), ("D",)]


def test_an_empty_zone_on_the_way_is_taken_along():
    areas = areas_of(Counts.added({"A": 30, "B": 0, "C": 0, "D": 3}), IN_LINE, enough=enough)
    assert [area.zones for area in areas] == [("A", "B", "C", "D")]


def test_last_years_areas_are_never_cut():
    areas = areas_of(
        Counts.added({"A": 30, "B": 12, "C": 7, "D": 9}), IN_LINE, enough=enough, former=[("A", "B"), ("C",), ("D",)]
    )
    assert [area.zones for area in areas] == [("A", "B"), ("C",), ("D",)]


def test_municipalities_need_eleven_persons():
    counts = Counts.added({"A": 30, "B": 8, "C": 15, "D": 0})
    assert [area.zones for area in areas_of(counts, IN_LINE, enough=enough_in_detail)] == [("A",), ("B", "C"), ("D",)]


def test_one_author_with_most_of_the_ads_hides_a_zone_of_many_ads():
    author = np.array([1] * 40 + [2, 3, 4, 5, 6, 7])
    zone = np.array([0] * 46)
    counts = Counts.distinct(["A", "B"], zone=zone, person=np.arange(46), author=author)
    found = layer_map("En ligne", counts, {"A": frozenset(), "B": frozenset()}, enough=enough)
    assert found.rank_of("A") == HATCHED


def test_a_person_shown_in_two_zones_is_one_person_in_both_together():
    zone = np.array([0, 1] * 4)
    person = author = np.repeat(np.arange(4), 2)
    counts = Counts.distinct(["A", "B"], zone=zone, person=person, author=author)
    found = layer_map("En ligne", counts, touching(COAST[:2]), enough=enough)
    assert counts.behind(["A", "B"]).persons == 4
    assert found.rank_of("A") == found.rank_of("B") == HATCHED  # four, not eight


def test_a_class_is_all_that_leaves_and_nothing_is_hatched_that_could_be_shown():
    found = layer_map("Discret", Counts.added({"A": 30, "B": 2, "C": 7, "D": 0}), IN_LINE, enough=enough)
    assert found.areas == ((("A",), 2), (("B", "C"), 0), (("D",), HATCHED))
    assert found.shown == 1
    assert found.total is None
    assert "7" not in repr(found).replace("high=", "")


def test_a_total_that_gives_a_hatched_count_away_merges_it_away():
    """Two zones that do not touch the rest: a total of 27 and a class `25 or more` leave at most two persons."""
    apart = {"A": frozenset("B"), "B": frozenset("A")}
    rule = {"A": 25, "B": 2}
    found = layer_map("En ligne", Counts.added(rule), apart, enough=enough, total_is_public=True)
    assert found.areas == ((("A", "B"), 2),)
    assert found.total == 27


def test_a_total_that_nothing_can_cover_is_refused():
    alone = {"A": frozenset[str](), "B": frozenset[str]()}
    counts = Counts.added({"A": 25, "B": 2})
    assert layer_map("En ligne", counts, alone, enough=enough).rank_of("B") == HATCHED
    with pytest.raises(ReleaseRefused, match="Ne publiez pas le total de cette couche"):
        layer_map("En ligne", counts, alone, enough=enough, total_is_public=True)


def test_what_is_published_elsewhere_of_a_zone_counts():
    elsewhere = Statement.equal([("A", 1)], 30, said="tableau des agglomérations")
    total = Statement.equal([("A", 1), ("B", 1)], 33, said="phrase du résumé")
    neighbours = {"A": frozenset("B"), "B": frozenset("A")}
    counts = Counts.added({"A": 30, "B": 3})
    with pytest.raises(ReleaseRefused):
        layer_map("En ligne", counts, neighbours, enough=enough, also_public=[elsewhere, total])


def test_classes_leave_no_gap_and_no_end():
    counts = Counts.added({"A": 30})
    for sizes in ((Size(low=5, high=9), Size(low=11)), (Size(low=5, high=9),), ()):
        with pytest.raises(ValueError):
            layer_map("x", counts, {"A": frozenset()}, enough=enough, sizes=sizes)


def test_the_drawing_the_table_and_the_words_say_the_same():
    seen = layer_map("Discret", Counts.added({"A": 30, "B": 2, "C": 7, "D": 0}), IN_LINE, enough=enough)
    told = layer_map("Visible", Counts.added({"A": 12, "B": 6, "C": 6, "D": 1}), IN_LINE, enough=enough)
    sheet = sheet_of("Où, par zone", "62", COAST, [seen, told])
    assert sheet.columns == ("Zone", "Discret", "Visible")
    assert ("Bourg et Colline", "5 à 9 personnes", "regroupée autrement") in sheet.rows
    assert ("Aval", "25 personnes ou plus", "10 à 24 personnes") in sheet.rows
    for name, *_ in sheet.rows:
        assert name in sheet.alternative
        assert name in sheet.svg
    assert set(PRECAUTIONS) <= set(sheet.notes)


def test_the_drawing_carries_no_count_and_no_size_that_follows_one():
    def drawn(persons: int) -> str:
        layer = layer_map("Discret", Counts.added({"A": persons, "B": 0, "C": 0, "D": 0}), IN_LINE, enough=enough)
        return sheet_of("Où", "62", COAST, [layer]).svg

    assert drawn(25) == drawn(999)  # the same bytes for all counts of a class
    assert drawn(24) != drawn(25)
    assert "<title" in drawn(25)
    assert not re.search(r"tooltip|data-", drawn(25))


def test_layers_of_one_map_speak_of_the_same_zones_in_the_same_classes():
    fine = layer_map("Discret", Counts.added({"A": 30}), {"A": frozenset()}, enough=enough)
    coarse = layer_map("Visible", Counts.added({"A": 30}), {"A": frozenset()}, enough=enough, sizes=COARSE)
    with pytest.raises(ValueError, match="classes"):
        sheet_of("Où", "62", COAST[:1], [fine, coarse])
    with pytest.raises(ValueError, match="every zone"):
        sheet_of("Où", "62", COAST, [fine])


@pytest.mark.parametrize("department", ["62", "2A", "971", "972", "973", "974", "976", "988"])
def test_every_department_and_territory_overseas_has_an_outline(department: str):
    layers = zone_map(department, [], ["En ligne"], [size.label for size in FINE])["layer"]
    assert layers[0]["data"]["values"]


def test_more_than_three_classes_are_not_told_apart():
    with pytest.raises(ValueError, match="at most 3 classes"):
        zone_map("62", [], ["x"], ["1", "2", "3", "4"])


def test_a_name_at_the_edge_stays_on_the_map():
    edge = Place(name="Un nom vraiment très long pour une zone", longitude=1.6, latitude=50.7, ranks=(0,))
    texts = [one for one in zone_map("62", [edge], ["x"], ["5"])["layer"] if one["mark"]["type"] == "text"]
    assert texts[0]["encoding"]["x"]["value"] > 100


def test_everybody_is_in_some_class_when_there_are_enough_in_all():
    areas = areas_of(Counts.added({"A": 1, "B": 1, "C": 2, "D": 1}), IN_LINE, enough=enough)
    assert shown_share(areas, enough) == 1
    assert shown_share(areas_of(Counts.added({"A": 0}), {"A": frozenset()}, enough=enough), enough) == 1
