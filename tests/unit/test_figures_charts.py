"""Drawings: readable, safe, the same twice, in the theme's colours, and no more telling than their labels."""

import json
import re
import tomllib
from fractions import Fraction
from importlib.resources import files
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import ClassVar
from xml.etree import ElementTree

import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from egide.disclosure.cells import Cell
from egide.document.charts import theme
from egide.document.charts.drawing import drawing
from egide.document.charts.flow import BOXES, penal_chain
from egide.document.charts.maps import class_of
from egide.document.charts.marks import Scale, spread, wrapped
from egide.document.charts.svg import finished, spec_digest, svg_of
from egide.document.figures.build import build_figure
from egide.document.figures.data import frame_of
from egide.document.figures.parsing import parse_specs
from egide.document.figures.specs import ClassSpec, FigureSpec, Kind, SeriesSpec, ZonePoint
from egide.facts.model import Status, Unit
from support.cells import below_five, shown, shown_between
from support.figures import built, layers_of, marks_of, spec_of, words_of

SVG = "{http://www.w3.org/2000/svg}"
EDITION = Path(str(files("egide"))).parents[1] / "editions" / "2026" / "figures.toml"
FIGURES, _ = parse_specs(tomllib.loads(EDITION.read_text(encoding="utf-8")))
DRAWN = [one for one in FIGURES if one.kind is not Kind.TABLE and (one.series or one.kind is Kind.FLOW)]


def some_cells(spec: FigureSpec) -> dict[str, Cell | None]:
    """A number for every third expression but the first one, which is a range; the others missing."""
    percent = {"share", "rate", "growth"}
    cells: dict[str, Cell | None] = {}
    for rank, text in enumerate(spec.expressions()):
        unit = Unit.PERCENT if any(word in text for word in percent) else Unit.COUNT
        status = (Status.NORMAL, Status.PROVISIONAL, Status.ESTIMATED)[rank % 3]
        if rank == 0:
            cells[text] = shown_between(31, 37, unit=unit, status=status)
        elif rank % 3 == 1:
            cells[text] = shown(11 + rank, unit=unit, status=status)
    return cells


@pytest.mark.parametrize("spec", DRAWN, ids=lambda spec: spec.id)
class TestEachDrawingOfTheEdition:
    def test_is_well_formed_and_named_for_who_does_not_see(self, spec):
        figure = built(spec, some_cells(spec))
        root = ElementTree.fromstring(figure.svg)
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{spec.id}-title {spec.id}-desc"
        assert root.find(f"{SVG}desc").text == figure.alternative

    def test_has_the_same_bytes_twice(self, spec):
        assert built(spec, some_cells(spec)).svg == built(spec, some_cells(spec)).svg

    def test_uses_the_colours_of_the_theme_only(self, spec):
        used = set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?!-)", built(spec, some_cells(spec)).svg))
        assert used <= {*theme.THEME_COLOURS.values()}

    def test_asks_for_nothing_outside_itself(self, spec):
        svg = built(spec, some_cells(spec)).svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"https?:|href|<image|<script|<style|@import", svg)

    def test_has_identifiers_that_begin_with_the_figure(self, spec):
        identifiers = re.findall(r'\bid="([^"]+)"', built(spec, some_cells(spec)).svg)
        assert len(identifiers) == len(set(identifiers))
        assert all(one.startswith(f"{spec.id}-") for one in identifiers)

    def test_uses_one_font(self, spec):
        assert set(re.findall(r'font-family="([^"]+)"', built(spec, some_cells(spec)).svg)) == {theme.FONT}

    def test_is_no_wider_than_a_page(self, spec):
        root = ElementTree.fromstring(built(spec, some_cells(spec)).svg)
        assert float(root.get("width")) < 720


def test_text_does_not_vanish_when_the_drawing_becomes_a_pdf():
    """An unknown font draws no text at all, without an error: so look for the words where glyphs are real."""
    svg = built(spec_of("bar", years=(2024, 2025)), {"a[2024]": shown(1422), "a[2025]": shown(952)}).svg
    page = PdfReader(BytesIO(vl_convert.svg_to_pdf(svg))).pages[0]
    text = re.sub(r"\s", "", page.extract_text())
    assert "1422" in text
    assert "952" in text


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_every_value_of_a_small_figure_is_written_beside_its_mark(first, last):
    spec = spec_of("bar", years=(2024, 2025))
    cells = {"a[2024]": shown(first), "a[2025]": shown(last)}
    chart = drawing(spec, frame_of(spec, cells), cells)
    written = " ".join(d["t"] for one in marks_of(chart, "text") for d in one["data"]["values"] if "t" in d)
    assert re.sub(r"\D", "", written) == f"{first}{last}"


def test_a_mark_stands_where_its_label_says_and_not_at_the_exact_value():
    def chart(number: Fraction) -> str:
        spec = spec_of("line", years=(2024, 2025))
        cells = {"a[2024]": shown(number, unit=Unit.PERCENT), "a[2025]": shown(4, unit=Unit.PERCENT)}
        return spec_digest(drawing(spec, frame_of(spec, cells), cells))

    assert chart(Fraction(886, 10)) == chart(Fraction(893, 10)) == chart(Fraction(89))


def test_a_definitive_column_is_full_and_a_provisional_one_is_tinted():
    spec = spec_of("bar", years=(2024, 2025))
    cells = {"a[2024]": shown(9), "a[2025]": shown(8, status=Status.PROVISIONAL)}
    columns = marks_of(drawing(spec, frame_of(spec, cells), cells), "bar")
    assert [column["mark"].get("fillOpacity") for column in columns] == [None, 0.28]


def test_an_estimated_column_has_a_dashed_outline():
    spec = spec_of("bar", years=(2024, 2025))
    cells = {"a[2024]": shown(9, status=Status.PROVISIONAL), "a[2025]": shown(8, status=Status.ESTIMATED)}
    columns = marks_of(drawing(spec, frame_of(spec, cells), cells), "bar")
    assert [column["mark"].get("strokeDash") for column in columns] == [None, [3, 2]]


def test_a_provisional_point_is_hollow():
    spec = spec_of("line", years=(2024, 2025))
    cells = {"a[2024]": shown(9), "a[2025]": shown(8, status=Status.PROVISIONAL)}
    dots = marks_of(drawing(spec, frame_of(spec, cells), cells), "point")
    assert [dot["mark"]["fill"] for dot in dots] == [theme.SERIES[0], theme.GROUND]


def test_two_series_differ_by_shape_and_dash_as_well_as_by_colour():
    spec = spec_of("line", "a", "b", years=(2024, 2025))
    cells = {f"{name}[{year}]": shown(year) for name in "ab" for year in (2024, 2025)}
    chart = drawing(spec, frame_of(spec, cells), cells)
    assert len({one["mark"]["shape"] for one in marks_of(chart, "point")}) == 2
    assert len({str(one["mark"]["strokeDash"]) for one in marks_of(chart, "line")}) == 2


def test_series_are_named_beside_their_last_point_and_not_in_a_legend():
    spec = spec_of("line", "a", "b", years=(2024, 2025))
    cells = {f"{name}[{year}]": shown(year) for name in "ab" for year in (2024, 2025)}
    svg = built(spec, cells).svg
    assert "Série a" in words_of(svg)
    assert "legend" not in json.dumps(drawing(spec, frame_of(spec, cells), cells))


def test_growth_is_drawn_from_base_100_and_printed_with_its_sign():
    spec = spec_of("index", years=(2017, 2024), base="2017")
    cells = {"a[2024]": shown(11, unit=Unit.PERCENT)}
    chart = drawing(spec, frame_of(spec, cells), cells)
    places = [datum["y"] for one in marks_of(chart, "point") for datum in one["data"]["values"]]
    assert places == [100, 111]
    assert "+\u202f11\u202f%" in words_of(built(spec, cells).svg)


@pytest.mark.parametrize("mode", [theme.THEME_COLOURS, theme.THEME_COLOURS_DARK], ids=["light", "dark"])
class TestContrast:
    def test_series_and_texts_stand_out_on_their_ground(self, mode):
        names = ["ink", "muted", *(f"series{rank}" for rank in range(1, 6))]
        assert min(theme.contrast(mode[name], mode["ground"]) for name in names) >= 4.5

    def test_axes_and_hatching_stand_out(self, mode):
        assert min(theme.contrast(mode[name], mode["ground"]) for name in ("axis", "hatch")) >= 3

    def test_what_is_written_on_a_band_reads(self, mode):
        assert theme.contrast(mode["muted"], mode["band"]) >= 4.5

    def test_classes_of_a_map_go_one_way_in_grey(self, mode):
        grey = [theme.luminance(mode[f"class{rank}"]) for rank in range(1, 5)]
        assert sorted(grey, reverse=grey[0] > grey[-1]) == grey

    def test_neighbouring_classes_are_told_apart_in_grey(self, mode):
        classes = [mode[f"class{rank}"] for rank in range(1, 5)]
        assert min(theme.contrast(one, other) for one, other in pairwise(classes)) > 1.5


def of_categories(kind: str, labels: tuple[str, ...], *rows: tuple[Cell | None, ...]) -> str:
    """The text of a figure over categories, one row of cells a series."""
    series = tuple(
        SeriesSpec(label=f"Série {rank}", expressions=tuple(f"s{rank}_{one}" for one in range(len(labels))))
        for rank in range(len(rows))
    )
    spec = FigureSpec(id="f97", number=97, kind=Kind(kind), title="Essai", series=series, positions=labels)
    cells = {f"s{rank}_{one}": cell for rank, row in enumerate(rows) for one, cell in enumerate(row)}
    return words_of(built(spec, cells).svg).replace("&lt;", "<").replace("\u00a0", " ")


def test_bars_tell_what_has_no_length_in_words():
    row = (shown(420), shown_between(120, 180), shown_between(300, None), below_five(), None)
    assert of_categories("bar", ("Un", "Deux", "Trois", "Quatre", "Cinq"), row) == (
        "420 Un 120 à 180 Deux au moins 300 Trois < 5 (masqué) Quatre non transmis Cinq"
    )


def test_bars_of_several_series_are_grouped_by_category():
    assert of_categories("bar", ("Un", "Deux"), (shown(1), shown(2)), (shown(3), shown(4))) == (
        "1 Série 0 3 Série 1 Un 2 Série 0 4 Série 1 Deux"
    )


def test_a_part_too_narrow_for_its_value_is_told_under_the_bar():
    parts = tuple(shown(one, unit=Unit.PERCENT) for one in (93, 4, 3))
    assert of_categories("shares", ("Oui", "Peut-être", "Non"), parts).replace("\u202f", "") == (
        "93% Oui Peut-être : 4% Non : 3%"
    )


def test_bars_of_parts_are_named_when_there_are_several():
    assert of_categories("shares", ("Oui",), (shown(100),), (shown(100),)) == "100 Oui Série 0 100 Oui Série 1"


def test_columns_of_several_series_are_named_beside_the_last_ones():
    spec = spec_of("bar", "a", "b", years=(2023, 2024, 2025))
    cells = {f"{name}[{year}]": shown(year) for name in "ab" for year in (2023, 2024, 2025)}
    assert "Série b" in words_of(built(spec, cells).svg)


def test_hidden_values_of_several_series_are_named():
    spec = spec_of("line", "a", "b", years=(2024, 2025))
    cells = {"a[2024]": shown(9), "a[2025]": shown(8), "b[2024]": shown(7), "b[2025]": below_five()}
    assert words_of(built(spec, cells).svg).endswith("Série b &lt;\u00a05")


def test_light_and_dark_name_the_same_colours():
    assert theme.THEME_COLOURS.keys() == theme.THEME_COLOURS_DARK.keys()


def test_each_colour_of_the_theme_has_one_name():
    assert len({*theme.THEME_COLOURS.values()}) == len(theme.THEME_COLOURS)


class TestMap:
    spec = FigureSpec(
        id="f04",
        number=4,
        kind=Kind.MAP,
        title="Carte",
        series=(SeriesSpec(label="Parcours", expressions=("a[2025]", "b[2025]", "c[2025]")),),
        positions=("DEP-75", "DEP-974", "DEP-62"),
        classes=(
            ClassSpec(label="aucun", low=0, high=0, count="n0[2025]"),
            ClassSpec(label="peu", low=1, high=5, count="n1[2025]"),
            ClassSpec(label="beaucoup", low=6),
        ),
    )
    cells: ClassVar = {"a[2025]": shown(154), "b[2025]": below_five(), "c[2025]": None, "n0[2025]": shown(30)}

    def test_prints_the_value_of_each_known_department(self):
        assert {"154", "&lt;\u00a05", "30"} <= set(re.findall(r">([^<>]+)</text>", built(self.spec, self.cells).svg))

    def test_hatches_the_departments_that_nobody_sent(self):
        assert "url(#f04-hatch)" in built(self.spec, self.cells).svg

    def test_a_hidden_count_takes_the_class_that_holds_all_it_may_be(self):
        points = frame_of(self.spec, self.cells).rows[0].points
        assert [class_of(self.spec, point) for point in points] == [2, 1, None]

    def test_a_range_across_two_classes_has_none(self):
        cells = {**self.cells, "a[2025]": shown_between(4, 7)}
        assert class_of(self.spec, frame_of(self.spec, cells).rows[0].points[0]) is None

    def test_stays_light(self):
        assert len(built(self.spec, self.cells).svg) < 90_000

    def test_says_that_insets_have_other_scales(self):
        assert "Les territoires ne sont pas à la même échelle." in built(self.spec, self.cells).notes

    def test_a_class_that_nobody_counted_says_so(self):
        assert "non transmis" in words_of(built(self.spec, self.cells).svg)


def test_the_penal_chain_holds_every_step():
    assert all(words[0] in penal_chain() for _, _, _, _, words in BOXES)


def test_boxes_of_the_penal_chain_do_not_overlap():
    areas = [(x, y, x + width, y + 22 + 16 * len(words)) for x, y, width, _, words in BOXES]
    clashes = [
        (one, other)
        for rank, one in enumerate(areas)
        for other in areas[rank + 1 :]
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]
    assert clashes == []


def test_titles_are_safe_in_xml():
    svg = finished('<svg width="1" height="1"></svg>', id="f01", title="A < B & C", description='"<script>"')
    assert ElementTree.fromstring(svg).find(f"{SVG}title").text == "A < B & C"


def test_identifiers_and_their_uses_are_prefixed_together():
    drawn = '<svg width="9" height="9"><clipPath id="clip0"/><g clip-path="url(#clip0)"/></svg>'
    svg = finished(drawn, id="f01", title="t", description="d")
    assert 'id="f01-clip0"' in svg
    assert "url(#f01-clip0)" in svg


def test_the_same_chart_has_the_same_digest_whatever_the_order_of_its_keys():
    assert spec_digest({"a": 1, "b": 2}) == spec_digest({"b": 2, "a": 1})


def test_a_chart_drawn_late_has_the_same_bytes_as_one_drawn_first():
    """The renderer counts its clip paths from the start of the process."""
    chart = drawing(TestMap.spec, frame_of(TestMap.spec, TestMap.cells), TestMap.cells)
    first = svg_of(chart)
    svg_of(chart)
    assert svg_of(chart) == first


def test_a_build_may_keep_drawings():
    calls = []

    def kept(chart):
        calls.append(spec_digest(chart))
        return svg_of(chart)

    cells = {"a[2024]": shown(1), "a[2025]": shown(2)}
    build_figure(spec_of("bar", years=(2024, 2025)), cells, institutions={"test": "T"}, render=kept)
    assert len(calls) == 1


@given(st.lists(st.integers(-(10**8), 10**8).map(lambda cents: cents / 100), min_size=1, max_size=12))
def test_a_scale_holds_every_value_and_its_ticks_are_its_bounds(values):
    scale = Scale.of(values, Unit.COUNT)
    assert scale.low <= min([*values, 0])
    assert scale.high >= max([*values, 0])
    assert (scale.ticks[0], scale.ticks[-1]) == (scale.low, scale.high)


@given(st.lists(st.floats(0, 100), min_size=1))
def test_shares_run_from_0_to_100(values):
    assert Scale.of(values, Unit.PERCENT).ticks == (0, 25, 50, 75, 100)


@given(st.lists(st.floats(0, 300), max_size=8), st.floats(1, 40))
def test_labels_moved_apart_keep_their_order_and_their_gap(places, gap):
    moved = sorted(zip(spread(places, gap), places, strict=True))
    assert [place for _, place in moved] == sorted(places)
    assert all(b - a >= gap - 1e-6 for (a, _), (b, _) in pairwise(moved))


@given(st.lists(st.floats(0, 10_000), max_size=8).map(lambda gaps: [50 * r + g for r, g in enumerate(sorted(gaps))]))
def test_labels_that_have_room_do_not_move(places):
    assert spread(places, 40) == pytest.approx(places)


@given(st.text(alphabet="abc éà", min_size=1, max_size=80), st.integers(3, 30))
def test_wrapping_cuts_no_word(words, letters):
    assert wrapped(words, letters).replace("\n", " ").split(" ") == words.split(" ")


def test_every_layer_of_a_panel_shares_one_scale():
    spec = spec_of("bar", years=(2024, 2025))
    cells = {"a[2024]": shown(1), "a[2025]": shown(200)}
    chart = drawing(spec, frame_of(spec, cells), cells)
    domains = {
        str(one["encoding"]["y"]["scale"]["domain"])
        for one in layers_of(chart)
        if "scale" in one["encoding"].get("y", {})
    }
    assert len(domains) == 1


class TestMapOfZones:
    SPEC = FigureSpec(
        id="f05",
        number=5,
        kind=Kind.ZONES,
        title="Où",
        series=(SeriesSpec(label="En ligne", expressions=("a", "b", "c", "")),),
        positions=("Aval", "Bourg", "Colline", "Dune"),
        classes=(ClassSpec(label="cinq à neuf", low=5, high=9), ClassSpec(label="dix ou plus", low=10)),
        department="62",
        zones=tuple(
            ZonePoint(label=name, longitude=1.7 + rank / 5, latitude=50.9 - rank / 7)
            for rank, name in enumerate(("Aval", "Bourg", "Colline", "Dune"))
        ),
    )

    def test_a_hidden_number_and_a_zero_look_alike(self):
        def symbols(small: Cell) -> str:
            return re.sub(r"<text.*?</text>", "", self._drawn({"a": shown(7), "b": shown(12), "c": small}).svg)

        hidden, zero = (symbols(one).partition("<desc")[2].partition("</desc>")[2] for one in (below_five(), shown(0)))
        assert hidden == zero

    def test_the_words_and_the_table_name_each_zone_and_no_count_is_drawn(self):
        figure = self._drawn({"a": shown(7), "b": shown(12), "c": below_five()})
        assert "Carte du département par zones" in figure.alternative
        drawn = words_of(figure.svg)
        for name in ("Aval", "Bourg", "Colline", "cinq à neuf"):
            assert name in drawn
        assert not re.search(r"\d", drawn)
        assert any("centre de sa zone" in note for note in figure.notes)

    def _drawn(self, cells):
        return built(self.SPEC, cells)
