"""A figure invents no point: what no delivery knows is not drawn, and the figure says so."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.disclosure.cells import Cell
from egide.document.charts.drawing import drawing
from egide.document.figures.data import frame_of
from egide.document.figures.specs import FigureSpec, Kind
from egide.document.typography import NBSP
from support.cells import below_five, nc, shown, shown_between
from support.figures import built, marks_of, spec_of, words_of

YEARS = range(2017, 2025)


def points(drawn: str) -> dict[str, Cell | None]:
    """`2021 = 12 · 2022 = ? · 2023 = <5 · 2024 = 3..7` as cells of the series `a`."""
    cells: dict[str, Cell | None] = {}
    for part in drawn.split("·"):
        year, _, text = (piece.strip() for piece in part.partition("="))
        name = f"a[{year}]"
        if text == "?":
            cells[name] = None
        elif text == "<5":
            cells[name] = below_five(period=year)
        elif text == "nc":
            cells[name] = nc(period=year)
        elif ".." in text:
            low, high = text.split("..")
            cells[name] = shown_between(int(low), int(high) if high else None, period=year)
        else:
            cells[name] = shown(int(text), period=year)
    return cells


def chart_of(spec: FigureSpec, cells: dict[str, Cell | None]) -> dict[str, object]:
    chart = drawing(spec, frame_of(spec, cells), cells)
    assert chart is not None
    return chart


def test_missing_points_are_named_in_a_note():
    figure = built(spec_of("line"), points("2021 = 950 · 2022 = ? · 2023 = ? · 2024 = ? · 2025 = 880"))
    assert f"Points non transmis{NBSP}: 2022, 2023, 2024." in figure.notes


def test_the_reason_follows_the_missing_points():
    spec = spec_of("line", missing="La livraison ne donne que les extrémités.")
    figure = built(spec, points("2021 = 950 · 2022 = ? · 2023 = ? · 2024 = ? · 2025 = 880"))
    assert figure.notes[1] == "La livraison ne donne que les extrémités."


def test_a_complete_figure_gives_no_reason_for_what_is_not_missing():
    spec = spec_of("line", missing="La livraison ne donne que les extrémités.")
    figure = built(spec, points("2021 = 1 · 2022 = 2 · 2023 = 3 · 2024 = 4 · 2025 = 5"))
    assert figure.notes == ()


def test_series_that_miss_other_points_are_told_apart():
    cells = {"a[2024]": shown(3), "a[2025]": shown(4), "b[2025]": shown(5)}
    figure = built(spec_of("line", "a", "b", years=(2024, 2025)), cells)
    assert figure.notes == (f"Points non transmis{NBSP}: Série b (2024).",)


@pytest.mark.parametrize("kind", ["line", "bar", "combined", "stacked"])
def test_what_is_missing_is_also_said_in_the_chart_the_words_the_table_and_the_file(kind):
    figure = built(spec_of(kind), points("2021 = 950 · 2022 = ? · 2023 = ? · 2024 = ? · 2025 = 880"))
    assert "non transmis" in words_of(figure.svg)
    assert "Points non transmis" in figure.alternative
    assert figure.table.rows[2][1].runs[0].text == "non transmis"
    assert "\n2022,non transmis\n" in figure.csv


@given(st.lists(st.booleans(), min_size=8, max_size=8).filter(lambda known: sum(known) > 1))
def test_a_line_joins_neighbouring_years_and_never_crosses_a_missing_one(known):
    cells = {f"a[{year}]": shown(year) for year, is_known in zip(YEARS, known, strict=True) if is_known}
    chart = chart_of(spec_of("line", years=YEARS), cells)
    drawn = [datum for layer in marks_of(chart, "line") for datum in layer["data"]["values"]]
    segments = {}
    for datum in drawn:
        segments.setdefault(datum["s"], []).append(int(datum["x"]))
    wanted = [[one, one + 1] for (one, a), (_, b) in pairwise(zip(YEARS, known, strict=True)) if a and b]
    assert list(segments.values()) == wanted


@given(st.lists(st.booleans(), min_size=8, max_size=8).filter(lambda known: sum(known) > 1))
def test_as_many_columns_as_known_points(known):
    cells = {f"a[{year}]": shown(year) for year, is_known in zip(YEARS, known, strict=True) if is_known}
    columns = marks_of(chart_of(spec_of("bar", years=YEARS), cells), "bar")
    assert len(columns) == sum(known)


def test_a_range_is_drawn_from_end_to_end_with_its_label():
    spec, cells = spec_of("bar", years=(2019, 2020)), points("2019 = 300..340 · 2020 = 400")
    rules = [one["data"]["values"][0] for one in marks_of(chart_of(spec, cells), "rule") if "y2" in one["encoding"]]
    assert [(rule["y"], rule["y2"]) for rule in rules] == [(300, 340)]
    assert "300 à 340" in words_of(built(spec, cells).svg)


def test_a_range_without_upper_end_points_upwards():
    spec, cells = spec_of("line", years=(2019, 2020)), points("2019 = 10.. · 2020 = 4")
    shapes = [one["mark"]["shape"] for one in marks_of(chart_of(spec, cells), "point")]
    assert "triangle-up" in shapes
    assert "au moins 10" in words_of(built(spec, cells).svg)


@pytest.mark.parametrize("kind", ["line", "bar", "combined", "stacked"])
@pytest.mark.parametrize(("hidden", "label"), [("<5", f"<{NBSP}5"), ("nc", "nc")])
def test_a_hidden_value_is_written_off_the_scale(kind, hidden, label):
    spec, cells = spec_of(kind, years=(2023, 2024, 2025)), points(f"2023 = 12 · 2024 = {hidden} · 2025 = 9")
    chart = chart_of(spec, cells)
    on_scale = [
        datum
        for layer in marks_of(chart, "bar", "point", "line", "rule")
        for datum in layer["data"]["values"]
        if datum.get("x") == "2024"
    ]
    assert on_scale == []
    assert label in words_of(built(spec, cells).svg).replace("&lt;", "<")


def test_hidden_values_are_explained_in_a_note():
    figure = built(spec_of("bar", years=(2023, 2024, 2025)), points("2023 = 12 · 2024 = <5 · 2025 = nc"))
    assert [note[:3].strip(NBSP) for note in figure.notes] == [f"<{NBSP}5", "nc"]


def test_a_stack_that_lacks_a_part_is_not_stacked():
    cells = {"a[2024]": shown(3), "b[2024]": shown(4), "a[2025]": shown(5)}
    chart = chart_of(spec_of("stacked", "a", "b", years=(2024, 2025)), cells)
    assert {layer["data"]["values"][0]["x"] for layer in marks_of(chart, "bar")} == {"2024"}


def test_what_a_stack_cannot_hold_is_still_told():
    cells = {"a[2024]": shown(3), "b[2024]": shown(4), "a[2025]": shown(517)}
    figure = built(spec_of("stacked", "a", "b", years=(2024, 2025)), cells)
    assert "517" in words_of(figure.svg)


def test_a_missing_part_of_a_whole_is_hatched_and_named():
    spec = FigureSpec(
        id="f98",
        number=98,
        kind=Kind.SHARES,
        title="Parts",
        series=spec_of("bar", years=(2024, 2025)).series,
        positions=("Oui", "Non"),
    )
    figure = built(spec, {"a[2024]": shown(60)})
    assert "url(#f98-hatch)" in figure.svg
    assert f"Non{NBSP}: non transmis" in words_of(figure.svg)


def test_a_figure_that_lost_every_point_keeps_its_number_and_says_so():
    figure = built(spec_of("line", missing="Aucune livraison ne les donne."), {})
    assert (figure.number, figure.svg) == (99, "")
    assert figure.notes == ("Aucun point de cette figure n’a été transmis.", "Aucune livraison ne les donne.")
    assert figure.alternative.endswith("Aucun point de cette figure n’a été transmis.")
    assert [cell.runs[0].text for cell in figure.table.rows[1]] == ["Ensemble", "non transmis"]


def test_the_only_known_year_is_drawn_as_bars_with_the_year():
    figure = built(spec_of("line", "a", "b"), {"a[2025]": shown(43), "b[2025]": shown(23)})
    assert words_of(figure.svg).startswith("43 Série a 23 Série b")
    assert "2025" in words_of(figure.svg)
