"""Our checker and frictionless, the reference reader of Table Schema, find the same rows and columns wrong.

The comparison keeps to the rules both know: required, listed labels, numbers, minimum, key, length of rows, headings.
What only we know (secrets, totals, periods, measures) is set so that it never fires.
"""

import csv
import io
import warnings
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # frictionless imports third parties that warn
    import frictionless

from egide.sources import delimited
from egide.sources.check import check_delivery
from egide.sources.raw import RawDelivery
from egide.sources.schema import parse_schema
from support.deliveries import mapping

HEADING = ["indicateur", "periode", "territoire", "sexe", "valeur", "statut", "note"]


def schema():
    """The usual schema, down to the rules both checkers know."""
    whole = mapping("csv")
    sheet = whole["sheets"][0]
    del sheet["totals"]
    whole["measures"] = {"amount": {"label": "Montant", "unit": "eur", "kind": "flow", "signed": True}}
    fields = [spec for spec in sheet["schema"]["fields"] if spec["name"] in HEADING]
    fields[0]["egide"]["codes"] = {"Montant": "amount"}
    fields[4]["constraints"] = {"minimum": 0, "maximum": 1000}
    for spec in fields:
        if codes := spec["egide"].get("codes"):
            spec.setdefault("constraints", {})
            spec["constraints"] = {**spec["constraints"], "enum": list(codes)}
    sheet["schema"]["fields"] = fields
    return whole


MAPPING = schema()
PARSED = parse_schema(MAPPING)
TABLE = MAPPING["sheets"][0]["schema"]
DESCRIPTOR = TABLE | {
    "fields": [{key: value for key, value in spec.items() if key != "egide"} for spec in TABLE["fields"]]
}


def ours(content):
    sheet = delimited.parse(content, "utf-8", ",", HEADING)
    raw = RawDelivery(file_name="essai.csv", sha256="0" * 64, sheets=(sheet,))
    report = check_delivery(raw, PARSED, date(2026, 4, 2))
    return {(defect.row, defect.column) for defect in report.defects}


def theirs(content):
    # The heading is the first row: left to itself, frictionless doubts it when many rows are short.
    dialect = frictionless.Dialect.from_descriptor({"headerRows": [1], "csv": {"delimiter": ","}})
    resource = frictionless.Resource(
        data=content,
        format="csv",
        encoding="utf-8",
        dialect=dialect,
        schema=frictionless.Schema.from_descriptor(DESCRIPTOR),
    )
    report = resource.validate(limit_errors=10_000)
    return {(getattr(error, "row_number", 1), getattr(error, "field_name", "")) for error in report.tasks[0].errors}


def written(rows):
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue().encode()


def cells(good, bad):
    """Mostly good cells: a row where everything is wrong tells little."""
    return st.sampled_from(good * 4 + bad)


KEY = [
    cells(["Montant"], ["montant", "", "Autre"]),
    cells(["2024", "2025", "2024-12-31"], [""]),
    cells(["Paris", "France (hors COM)"], ["Lyon", ""]),
    cells(["", "Femmes", "Hommes"], ["femme"]),
]
REST = [
    cells(["0", "12", "12.5", "999.99"], ["douze", "-1", "1000.1", "1 234", "12,5", "12 %"]),
    cells(["définitif", "provisoire"], ["", "ferme"]),
    st.sampled_from(["dite", "l'une, l'autre", 'dite "ainsi"']),
]
SOUND_KEY = [st.just("Montant"), st.sampled_from(["2024", "2025"]), st.just("Paris"), st.sampled_from(["", "Femmes"])]


def tables(columns, **size):
    return st.lists(st.tuples(*columns).map(list), min_size=1, **size)


def wrong_rows(found):
    return {row for row, _ in found}


@settings(max_examples=150)
@given(rows=tables(KEY + REST, max_size=8, unique_by=lambda row: tuple(row[:4])))
def test_the_same_cells_are_found_wrong(rows):
    content = written([HEADING, *rows])
    # Two keys that cannot be read look alike to frictionless: its verdict on whole rows is compared below.
    assert ours(content) == {(row, column) for row, column in theirs(content) if column}


@settings(max_examples=100)
@given(rows=tables(SOUND_KEY + REST, max_size=8))
def test_the_same_rows_are_found_to_state_a_key_again(rows):
    content = written([HEADING, *rows])
    assert ours(content) == theirs(content)


@settings(max_examples=100)
@given(rows=tables(KEY + REST, max_size=5, unique_by=lambda row: tuple(row[:3])), lengths=st.lists(st.integers(2, 9)))
def test_the_same_rows_are_found_too_long_or_too_short(rows, lengths):
    for row, length in zip(rows, lengths, strict=False):
        row[:] = [*row, "vu", "vu"][:length]
    content = written([HEADING, *rows])
    misfits = {number for number, row in enumerate(rows, 2) if len(row) != len(HEADING)}
    assert misfits <= wrong_rows(ours(content))
    assert wrong_rows(ours(content)) & misfits == wrong_rows(theirs(content)) & misfits


@pytest.mark.parametrize(
    "heading",
    [HEADING[:-1], [*HEADING, "couleur"], [*HEADING[:-1], "remarque"], [*HEADING[:-1], "notes"], [*HEADING[:-1], ""]],
)
def test_the_same_headings_are_found_wrong(heading):
    row = ["Montant", "2025", "Paris", "", "12", "définitif", "dite", "bleu"][: len(heading)]
    content = written([heading, row])
    assert 1 in wrong_rows(ours(content))
    assert 1 in {row or 1 for row in wrong_rows(theirs(content))}
