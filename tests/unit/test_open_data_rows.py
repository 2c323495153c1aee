"""How one released cell becomes one row, and how periods and numbers are written for machines."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.disclosure.cells import Bounded, Cell, Journey, Withheld
from egide.document.dataset import Observation, decimal, describe, text
from egide.document.dataset_columns import COLUMNS
from egide.document.export.sdmx import components, data_csv, time_period, version
from egide.facts.model import FactKey, Status, Unit
from egide.facts.values import Value
from egide.reference.periods import Period
from support.cells import below_five, cell, nc, shown, shown_between
from support.sample_document import SAMPLE


def row_of(one: Cell) -> Observation:
    return describe(SAMPLE, [one]).rows[0]


def numbers(one: Cell) -> tuple[str, str, str]:
    row = row_of(one)
    return decimal(row.value), decimal(row.low), decimal(row.high)


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        (Fraction(880), "880"),
        (Fraction(0), "0"),
        (Fraction(-17, 2), "-8.5"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(2, 3), "0.666667"),
        (Fraction(-1, 10**7), "0"),
        (Fraction(10**12), "1000000000000"),
    ],
)
def test_a_number_for_machines_has_a_point_and_at_most_six_decimals(number, digits):
    assert decimal(number) == digits


@given(st.fractions())
def test_what_is_written_is_never_further_than_half_a_millionth(number):
    assert abs(Fraction(decimal(number)) - number) <= Fraction(1, 2_000_000)


def test_an_exact_number_has_no_bounds():
    assert numbers(shown(12704)) == ("12704", "", "")


def test_a_range_has_its_bounds_and_no_value():
    assert numbers(shown_between(952, 955)) == ("", "952", "955")
    assert numbers(shown_between(2501, None)) == ("", "2501", "")


@given(st.fractions(), st.fractions(min_value=0))
def test_a_range_is_never_narrowed_by_writing_it(low, width):
    _, written_low, written_high = numbers(shown_between(low, low + width + 1))
    assert Fraction(written_low) <= low
    assert Fraction(written_high) >= low + width + 1


@pytest.mark.parametrize(
    ("hidden", "printed", "secret"),
    [
        (below_five(), "<\u00a05", "A"),
        (nc(), "nc", "D"),
        (cell(Bounded(Value(6, 9))), "5\u00a0<\u00a0nc\u00a0<\u00a010", "D"),
        (cell(Withheld()), "nc", "C"),
    ],
)
def test_a_hidden_value_has_its_label_and_no_number(hidden, printed, secret):
    row = row_of(hidden)
    assert numbers(hidden) == ("", "", "")
    assert (row.shown, row.obs_status, row.conf_status) == (printed, "Q", secret)


@pytest.mark.parametrize(
    ("status", "international", "words"),
    [
        (Status.NORMAL, "A", "définitif"),
        (Status.PROVISIONAL, "P", "provisoire"),
        (Status.SEMI_DEFINITIVE, "P", "semi-définitif"),
        (Status.ESTIMATED, "E", "estimé"),
    ],
)
def test_firmness_is_told_in_international_codes_and_in_words(status, international, words):
    row = row_of(shown(12, status=status))
    assert (row.obs_status, row.status, row.conf_status) == (international, words, "F")


def test_a_fact_says_what_it_counts_and_a_result_says_how_it_was_computed():
    key = FactKey.parse("ssmsi/mesure/FR/2025/age=ge18;sex=F")
    fact = row_of(shown(880, id=f"{key}@2026-04-02", journey=Journey(key=key)))
    result = row_of(shown(6, id="=share(a, b)@2026-04-02", unit=Unit.PERCENT, journey=Journey(formula="share(a, b)")))
    assert (fact.nature, fact.measure, fact.dimensions, fact.formula) == ("fait", "mesure", "age=ge18;sex=F", "")
    assert (result.nature, result.measure, result.dimensions, result.formula) == (
        "calcul",
        "calc_mesure",
        "",
        "share(a, b)",
    )


def test_each_cell_is_one_row_and_rows_are_sorted():
    one, other = shown(1, id="b@2026-04-02"), shown(2, id="a@2026-04-02")
    assert [row.id for row in describe(SAMPLE, [one, other, one]).rows] == ["a@2026-04-02", "b@2026-04-02"]


def test_two_numbers_under_one_name_are_refused():
    with pytest.raises(ValueError, match="two different cells"):
        describe(SAMPLE, [shown(1), shown(2)])


def test_institutions_are_named_and_an_unnamed_one_keeps_its_code():
    both = shown(1, sources=("ssmsi", "ocrteh"))
    made = describe(SAMPLE, [both], institutions={"ssmsi": "Ministère de l’intérieur"})
    assert (made.rows[0].source, made.rows[0].source_label) == ("ssmsi+ocrteh", "Ministère de l’intérieur ; ocrteh")
    assert [source.label for source in made.sources] == ["ocrteh", "Ministère de l’intérieur"]


def test_every_required_column_is_filled_for_every_kind_of_cell():
    rows = describe(SAMPLE, SAMPLE.cells).rows
    assert [(row.id, one.name) for row in rows for one in COLUMNS if one.required and not text(row, one)] == []


@pytest.mark.parametrize(
    ("period", "written"),
    [
        ("2025", "2025"),
        ("2024-08", "2024-08"),
        ("2025-12-31", "2025-12-31"),
        ("2024-2025", "2024-09-01/P1Y"),
        ("2017..2025", "2017-01-01/P9Y"),
        ("2024-08..2025-03", "2024-08-01/P8M"),
        ("2023-2024..2024-2025", "2023-09-01/P2Y"),
        ("2025-01-02..2025-01-04", "2025-01-02/P3D"),
    ],
)
def test_a_period_is_written_as_sdmx_does(period, written):
    assert time_period(period) == written


@given(st.dates(), st.integers(0, 5000))
def test_a_duration_ends_on_the_last_day(first, days):
    last = min(first, first.max - timedelta(days=5001)) + timedelta(days=days)
    period = Period.parse(f"{min(first, last)}..{last}")
    start, _, duration = time_period(period.text).partition("/P")
    count, unit = int(duration[:-1]), duration[-1]
    assert start == period.first.isoformat()
    if unit == "D":
        assert period.first + timedelta(days=count) == period.last + timedelta(days=1)
    else:
        months = period.first.year * 12 + period.first.month - 1 + count * (12 if unit == "Y" else 1)
        after = period.last + timedelta(days=1)
        assert (after.year * 12 + after.month - 1, after.day) == (months, 1)


def test_two_rows_with_one_sdmx_key_are_refused():
    same = [shown(1, id="a@2026-04-02"), shown(2, id="b@2026-04-02")]
    with pytest.raises(ValueError, match="same SDMX key"):
        data_csv(describe(SAMPLE, same))


def test_two_breakdowns_with_one_sdmx_code_are_refused():
    keys = [FactKey.parse(f"s/mesure/FR/2025/age={code}") for code in ("18.25", "18+25")]
    cells = [shown(1, id=f"{key}@2026-04-02", journey=Journey(key=key)) for key in keys]
    with pytest.raises(ValueError, match="same SDMX code"):
        components(describe(SAMPLE, cells))


def test_a_version_is_the_day_of_publication():
    assert version(SAMPLE.published_on) == "2026.4.13"


def test_the_reference_page_names_every_column():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "open-data.md").read_text(encoding="utf-8")
    assert [column.name for column in COLUMNS if f"`{column.name}`" not in page] == []
