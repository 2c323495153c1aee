"""Words for who does not see the chart: from the cells alone, never empty, never another number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.disclosure.cells import Cell
from egide.document.figures.alternatives import alternative_of, when
from egide.document.figures.data import frame_of
from egide.document.figures.specs import ClassSpec, FigureSpec, Kind, RowSpec, SeriesSpec, TableSpec
from egide.document.typography import NBSP, THIN, cell_text
from egide.facts.model import Status, Unit
from support.cells import below_five, nc, shown, shown_between
from support.figures import built, spec_of

YEARS = range(2021, 2026)


def words(*numbers: int | Cell | None, kind: str = "line") -> str:
    """The alternative of a series of yearly values from 2021, spaces made plain."""
    cells = {
        f"a[{year}]": shown(one) if isinstance(one, int) else one for year, one in zip(YEARS, numbers, strict=False)
    }
    spec = spec_of(kind, years=YEARS[: len(numbers)])
    text = alternative_of(spec, frame_of(spec, cells), cells)
    return text.replace(NBSP, " ").replace(THIN, "").removeprefix("Graphique en courbes. Une figure d’essai. ")


def test_first_last_and_direction():
    assert words(5, 6, 7, 8, 9) == "D’abord 5 en 2021, enfin 9 en 2025; en hausse entre ces deux dates."


def test_extremes_between_the_ends():
    assert words(5, 2, 7, 12, 9) == (
        "D’abord 5 en 2021, enfin 9 en 2025, au plus bas 2 en 2022 et au plus haut 12 en 2024; "
        "en hausse entre ces deux dates."
    )


def test_a_range_that_could_be_higher_leaves_no_highest_point():
    assert "au plus haut" not in words(5, 6, shown_between(10, None), 12, 9)


def test_three_points_are_all_told():
    assert words(70, 80, 79) == "70 en 2021, 80 en 2022, 79 en 2023; en hausse entre ces deux dates."


def test_a_constant_series():
    assert words(7, 7, 7, 7).endswith("valeur constante.")


def test_the_same_value_at_both_ends():
    assert words(7, 9, 8, 7).endswith("même valeur au début et à la fin.")


def test_one_point_has_no_direction():
    assert words(None, 43, None).endswith("43 en 2022. Points non transmis : 2021, 2023.")


def test_a_direction_that_ranges_leave_open_is_not_told():
    assert words(shown_between(300, 340), 320).endswith("le sens de l’évolution ne peut pas être établi.")


def test_a_direction_that_ranges_do_not_change_is_told():
    assert words(shown_between(300, 301), 903).endswith(
        "300 à 301 en 2021, 903 en 2022; en hausse entre ces deux dates."
    )


@pytest.mark.parametrize(("hidden", "label"), [(below_five(), "< 5"), (nc(), "nc")])
def test_hidden_values_keep_their_label(hidden, label):
    assert f"{label} en 2022" in words(12, hidden, 9)


def test_firmness_is_told():
    assert "9 (p) en 2022" in words(12, shown(9, status=Status.PROVISIONAL))


def test_a_form_without_a_line_is_not_called_a_line():
    assert words(12, None, None, None, 9).startswith("Graphique en points.")


def test_growth_is_told_from_its_base():
    spec = spec_of("index", years=(2017, 2024), base="2017")
    text = built(spec, {"a[2024]": shown(11, unit=Unit.PERCENT)}).alternative
    assert f"+{THIN}11{THIN}% en 2024 par rapport à 2017." in text


def test_a_map_tells_known_departments_from_the_most_to_the_least():
    spec = FigureSpec(
        id="f04",
        number=4,
        kind=Kind.MAP,
        title="Carte",
        series=(SeriesSpec(label="Parcours", expressions=("a", "b", "c")),),
        positions=("DEP-62", "DEP-75", "DEP-974"),
        classes=(ClassSpec(label="aucun", low=0, high=0, count="n"),),
    )
    text = built(spec, {"a": shown(12), "b": shown(154), "c": below_five(), "n": shown(30)}).alternative
    assert text.replace(NBSP, " ") == (
        "Carte des départements. Carte. Parcours : Paris 154, Pas-de-Calais 12. Valeurs masquées : La Réunion < 5. "
        "Nombre de départements par classe : aucun, 30. Le détail des autres départements est non transmis."
    )


def test_shares_are_told_one_by_one():
    spec = FigureSpec(
        id="f06",
        number=6,
        kind=Kind.SHARES,
        title="Décisions",
        series=(SeriesSpec(label="Demandes", expressions=("a", "b")),),
        positions=("Acceptées", "Refusées"),
    )
    text = built(spec, {"a": shown(89, unit=Unit.PERCENT)}).alternative.replace(NBSP, " ").replace(THIN, "")
    assert text == (
        "Barre de répartition. Décisions. Acceptées : 89%; refusées : non transmis. Point non transmis : Refusées."
    )


def test_a_table_is_announced_by_its_headings():
    rows = (RowSpec(label="Amende", expressions=("a",)), RowSpec(label="dont ferme", expressions=("b",), indent=1))
    table = TableSpec(id="f13", title="Peines", corner="Peine", columns=("Recours",), rows=rows)
    spec = FigureSpec(id="f13", number=13, kind=Kind.TABLE, title="Peines", table=table)
    text = built(spec, {"a": shown(1)}).alternative.replace(NBSP, " ")
    assert text == "Tableau : peines. En lignes : amende. En colonnes : recours."


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2025", "en 2025"),
        ("2025-12-31", "le 31 décembre 2025"),
        ("2017..2024", "sur la période 2017-2024"),
        ("2024-08", "en août 2024"),
        ("2024-2025", "pour l’année scolaire 2024-2025"),
    ],
)
def test_periods_in_a_sentence(period, said):
    assert when(period) == said


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.integers(0, 10**6).map(shown),
            st.integers(5, 99).flatmap(lambda low: st.integers(1, 50).map(lambda more: shown_between(low, low + more))),
            st.sampled_from([below_five(), nc()]),
        ),
        min_size=5,
        max_size=5,
    )
)
def test_no_number_but_those_of_cells_and_periods(cells):
    """Whatever is known, hidden or missing: each digit of the words belongs to a cell or to a year."""
    text = words(*cells)
    assert text
    allowed = {str(year) for year in YEARS} | {
        number for cell in cells if cell is not None for number in re.findall(r"\d+", cell_text(cell).replace(THIN, ""))
    }
    assert set(re.findall(r"\d+", text)) <= allowed
