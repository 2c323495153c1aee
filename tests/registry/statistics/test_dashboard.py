"""The dashboard says what released cells say, and has no way in for a raw count."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from attrs import evolve
from django.template import Context
from django.template.engine import Engine

from egide.disclosure.cells import Cell
from egide.document.typography import cell_text
from egide_registry.statistics.dashboard import (
    NOT_COMPUTED,
    NOT_RELEASED,
    Dashboard,
    Entry,
    Indicator,
    Line,
    dashboard,
    median_class,
)
from egide_registry.statistics.release import Released
from egide_registry.statistics.rules import DELAYS, FRANCE


@pytest.fixture(scope="module")
def drawn(year: Released) -> Dashboard:
    return dashboard(year)


def indicator(drawn: Dashboard, code: str) -> Indicator:
    return next(one for one in drawn.indicators if one.code == code)


def test_the_dashboard_has_delays_refusals_renewals_rights_ends_and_meetings(drawn: Dashboard) -> None:
    assert [one.code for one in drawn.indicators] == [
        "parcours",
        "premieres-demandes",
        "renouvellements",
        "delais",
        "droit-aps",
        "droit-afis",
        "droit-housing",
        "droit-support",
        "recours",
        "fins",
        "suivi-6-mois",
        "suivi-12-mois",
        "seances",
    ]


def test_every_number_of_the_dashboard_is_a_cell_or_follows_from_cells_that_it_shows(
    drawn: Dashboard, year: Released
) -> None:
    released = {cell_text(cell) for cell in year.cells.values()} | {NOT_RELEASED, NOT_COMPUTED}
    texts = {entry.text for one in drawn.indicators for line in one.lines for entry in line.entries}
    assert {text for text in texts if not text.endswith("%")} <= released


def test_a_share_is_given_only_where_both_its_counts_are_shown(drawn: Dashboard, year: Released) -> None:
    table = indicator(drawn, "premieres-demandes")
    filed, refused, share = (table.columns.index(one) for one in ("Déposées", "Refusées", "Part des refus"))
    computed = 0
    for line in table.lines:
        shown = not line.entries[filed].hidden and not line.entries[refused].hidden and line.entries[filed].text != "0"
        assert line.entries[share].hidden is not shown
        computed += shown
    assert computed > 1
    assert any("régions sur" in said for said in table.summary if said.startswith("Part des refus"))


def test_a_hidden_count_has_its_label_and_no_bar(drawn: Dashboard) -> None:
    entries = [entry for line in indicator(drawn, "parcours").lines for entry in line.entries]
    assert {entry.text for entry in entries if entry.hidden} >= {"<\u00a05", "nc"}
    assert {entry.width for entry in entries if entry.hidden} == {None}


def test_bars_go_in_steps_of_five(drawn: Dashboard) -> None:
    widths = {entry.width for one in drawn.indicators for line in one.lines for entry in line.entries}
    assert {width for width in widths if width is not None} <= set(range(0, 101, 5))


def test_the_summary_says_the_national_number_and_how_many_are_hidden(drawn: Dashboard, year: Released) -> None:
    (said,) = indicator(drawn, "parcours").summary
    total = year.cell("psp_current", FRANCE)
    assert total is not None
    hidden = [cell for key, cell in year.cells.items() if key.measure == "psp_current" and key.territory[:3] == "DEP"]
    small = sum(cell_text(cell) == "<\u00a05" for cell in hidden)
    assert said.startswith(f"Parcours en cours\u00a0: {total.number} en France (hors COM)")
    assert f"101 départements, 34 à «\u00a00\u00a0», {small} à «\u00a0<\u00a05\u00a0»" in said


def test_the_class_of_the_median_needs_every_class_shown_and_enough_decisions(year: Released) -> None:
    cells = [year.cell("psp_requests", FRANCE, (("delay", code),)) for code in DELAYS]
    numbers = [cell.number for cell in cells if cell is not None]
    half = sum(numbers) / Fraction(2)
    expected = next(code for place, code in enumerate(DELAYS) if sum(numbers[: place + 1]) >= half)
    assert median_class(cells) == expected
    assert median_class(cells, least=int(sum(numbers)) + 1) is None
    assert median_class([None, *cells[1:]]) is None


def test_a_raw_count_cannot_enter_the_dashboard(year: Released, drawn: Dashboard) -> None:
    for raw in (dict(year.cells), {"psp_current": 3}, 3):
        with pytest.raises(TypeError, match="drawn from a release"):
            dashboard(raw)  # type: ignore[arg-type]
    for raw in (3, "3", Fraction(3)):
        with pytest.raises(TypeError, match="only a released cell"):
            Entry.of_cell(raw, Fraction(9))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Line(territory=FRANCE, name="France", entries=(3,))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        evolve(drawn, indicators=({"title": "x"},))


def test_a_cell_is_made_by_the_door_alone(year: Released) -> None:
    cell = next(iter(year.cells.values()))
    with pytest.raises(TypeError, match=r"only egide\.disclosure\.release"):
        Cell(
            id=cell.id,
            label=cell.label,
            content=cell.content,
            measure=cell.measure,
            territory=cell.territory,
            period=cell.period,
            sources=cell.sources,
            status=cell.status,
            journey=cell.journey,
            seal=object(),  # type: ignore[arg-type]
        )


# ---- the page ----


def page(drawn: Dashboard) -> str:
    """Only its own block: the frame belongs to the theme."""
    source = Engine.get_default().get_template("statistics/dashboard.html").source
    body = re.search(r"{% block content %}(.*){% endblock %}", source, re.S)
    assert body is not None
    return Engine().from_string(body[1]).render(Context({"dashboard": drawn}))


def test_the_page_names_its_tables_and_hides_its_bars_from_who_cannot_see_them(drawn: Dashboard) -> None:
    html = page(drawn)
    assert html.count("<caption") == html.count("<table>") == len(drawn.indicators)
    assert html.count('<th scope="row">') == sum(len(one.lines) for one in drawn.indicators)
    assert html.count("<svg") == html.count('aria-hidden="true"') > 0
    assert "style=" not in html and "<script" not in html
    assert "&lt;\u00a05" in html
