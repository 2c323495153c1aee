"""Tables: every cell as released, a legend of what occurs, and a file that says no more than the page."""

import csv
from fractions import Fraction
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.disclosure.cells import Bounded, Cell
from egide.document.figures.specs import RowSpec, TableSpec
from egide.document.figures.tables import build_table, csv_of
from egide.document.model import Number, Table
from egide.document.typography import NBSP, THIN
from egide.facts.model import Status, Unit
from egide.facts.values import Value
from support.cells import below_five, cell, nc, shown, shown_between
from support.figures import INSTITUTIONS, built, spec_of


def drawn(text: str) -> TableSpec:
    """Rows of `label | expression | …`; a label that begins with `dont` is indented; the first row is the heading."""
    heading, *lines = [[part.strip() for part in line.split("|")] for line in text.strip().splitlines()]
    return TableSpec(
        id="t99",
        title="Un tableau d’essai",
        corner=heading[0],
        columns=tuple(heading[1:]),
        rows=tuple(
            RowSpec(label=label, expressions=tuple(values), indent=int(label.startswith("dont")))
            for label, *values in lines
        ),
    )


def read(table: Table) -> list[str]:
    """Each row of the body, its cells between bars."""
    return [
        " | ".join("".join(run.text for run in one.runs).replace(NBSP, " ") for one in row) for row in table.rows[1:]
    ]


def of(text: str, **cells: Cell) -> Table:
    return build_table(drawn(text), cells, institutions=INSTITUTIONS)


SENTENCES = """
    Peine              | Proxénétisme | Recours
    Emprisonnement     | a            | dash
    dont ferme         | b            | dash
    Amende             | c            | d
    Autre              | e            | f
"""
CELLS = {"a": nc(), "b": shown(49), "c": below_five(), "d": shown(1197), "e": shown(0)}


def test_each_cell_reads_as_its_release_says():
    assert read(of(SENTENCES, **CELLS)) == [
        "Emprisonnement | nc | –",
        "dont ferme | 49 | –",
        f"Amende | < 5 | 1{THIN}197",
        "Autre | 0 | non transmis",
    ]


def test_an_of_which_row_is_indented():
    assert [row[0].indent for row in of(SENTENCES, **CELLS).rows[1:]] == [0, 1, 0, 0]


def test_the_first_row_and_the_first_column_are_headings():
    table = of(SENTENCES, **CELLS)
    assert all(one.header for one in table.rows[0])
    assert [[one.header for one in row] for row in table.rows[1:]] == [[True, False, False]] * 4


def test_every_number_of_a_table_holds_its_cell():
    runs = [run for row in of(SENTENCES, **CELLS).rows for one in row for run in one.runs]
    assert [run.cell for run in runs if isinstance(run, Number)] == [*CELLS.values()]


def test_the_legend_explains_what_occurs():
    assert [line.split(NBSP)[0] for line in of(SENTENCES, **CELLS).legend] == ["<", "nc", "–", "Source", "Champ"]


def test_the_legend_explains_nothing_else():
    table = of(" | Nombre\n Victimes | a", a=shown(12))
    assert table.legend == (f"Source{NBSP}: Institution d’essai", f"Champ{NBSP}: France")


def test_a_firmness_shared_by_all_is_said_once():
    table = of(" | N\n A | a\n B | b", a=shown(1, status=Status.PROVISIONAL), b=shown(2, status=Status.PROVISIONAL))
    assert (read(table), table.legend[0]) == (["A | 1", "B | 2"], "Toutes les données sont provisoires.")


def test_a_firmness_of_some_is_said_at_each_cell():
    table = of(" | N\n A | a\n B | b", a=shown(1), b=shown(2, status=Status.ESTIMATED))
    assert (read(table), table.legend[0]) == (["A | 1", "B | 2 (e)"], f"(e){NBSP}: donnée estimée.")


def test_the_file_of_a_table_holds_plain_numbers_and_the_labels_of_hidden_cells():
    assert csv_of(of(SENTENCES, **CELLS)) == (
        "Peine,Proxénétisme,Recours\n"
        "Emprisonnement,nc,–\n"
        "dont ferme,49,–\n"
        "Amende,<5,1197\n"
        "Autre,0,non transmis\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (shown(1422), "1422"),
        (shown(Fraction(157, 10), unit=Unit.YEARS), "15.7"),
        (shown(Fraction(55943, 100), unit=Unit.EUR), "559.43"),
        (shown(2, unit=Unit.PERCENT), "2"),
        (shown(-17, unit=Unit.POINTS), "-17"),
        (shown_between(300, 301), "300..301"),
        (shown_between(501, None), "501.."),
        (below_five(), "<5"),
        (nc(), "nc"),
        (cell(Bounded(Value(6, 9))), "5<nc<10"),
    ],
)
def test_a_field_of_the_file(content, field):
    rows = list(csv.reader(StringIO(csv_of(of(" | N\n A | a", a=content)))))
    assert rows[1][1] == field


@given(st.fractions(0, 100))
def test_a_file_is_no_more_precise_than_the_page(share):
    """An exact quotient would give hidden operands away."""
    table = of(" | Part\n A | a", a=shown(share, unit=Unit.PERCENT))
    assert csv_of(table).splitlines()[1] == f"A,{read(table)[0].removeprefix('A | ').removesuffix(f'{THIN}%')}"


def test_the_heading_of_a_file_gives_the_unit():
    assert csv_of(of(" | Part\n A | a", a=shown(2, unit=Unit.PERCENT))).splitlines()[0] == ",Part (%)"


def test_a_column_that_is_not_definitive_is_followed_by_its_statuses():
    table = of(" | N\n A | a\n B | b", a=shown(1), b=shown(2, status=Status.PROVISIONAL))
    assert csv_of(table) == ",N,N (statut)\nA,1,définitif\nB,2,provisoire\n"


def test_a_label_with_a_comma_is_quoted():
    assert csv_of(of(" | N\n A, B | a", a=shown(1))).splitlines()[1] == '"A, B",1'


def test_the_data_of_a_chart_are_a_table_of_periods_by_series():
    cells = {"a[2024]": shown(3), "b[2024]": shown(4), "a[2025]": shown(5)}
    table = built(spec_of("line", "a", "b", years=(2024, 2025)), cells).table
    assert read(table) == ["2024 | 3 | 4", "2025 | 5 | non transmis"]


def test_the_data_of_an_index_say_since_when_and_with_a_sign():
    spec = spec_of("index", years=(2024,), base="2017")
    table = built(spec, {"a[2024]": shown(11, unit=Unit.PERCENT)}).table
    assert "".join(run.text for run in table.rows[0][1].runs) == "Série a, évolution depuis 2017"
    assert read(table) == [f"2024 | +{THIN}11{THIN}%"]


def test_a_point_that_a_series_does_not_have_is_no_missing_point():
    table = of(" | N\n A | \n B | b", b=shown(2))
    assert read(table) == ["A | sans objet", "B | 2"]


def test_a_table_gives_the_reason_of_what_is_missing():
    spec = drawn(" | N\n A | a\n B | b")
    asked = TableSpec(
        id=spec.id, title=spec.title, corner="", columns=spec.columns, rows=spec.rows, missing="Pas de réponse."
    )
    assert "Pas de réponse." in build_table(asked, {"b": shown(2)}, institutions=INSTITUTIONS).legend
