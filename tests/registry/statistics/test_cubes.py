"""Rows of the database become tables whose totals all hold, or are refused with every defect."""

from __future__ import annotations

from datetime import date

import pytest

from egide.facts.model import FactKey
from egide.sources.schema import SourceSchema
from egide_registry.statistics.cubes import RowsRefused, Table, departments, tables, territories
from egide_registry.statistics.rules import FRANCE, Row
from support.registry_year import national

DAY = date(2026, 3, 1)


def drawn(
    schema: SourceSchema, rows: tuple[Row, ...], covered: frozenset[str] = frozenset(departments())
) -> list[Table]:
    return list(tables(rows, year=2025, covered=covered, day=DAY, measures=schema.measures))


def request(count: int, department: str = "62", **dims: str) -> Row:
    return Row(measure="psp_requests", department=department, period="2025", count=count, dims=dims)


def test_there_are_101_departments_and_none_of_them_is_a_collectivity() -> None:
    assert len(departments()) == 101
    assert {"2A", "971", "976"} <= {*departments()}
    assert not {"975", "988"} & {*departments()}


def test_an_absent_department_leaves_no_total_for_its_region_nor_for_france() -> None:
    codes = territories(frozenset(departments()) - {"62"}).codes
    assert "DEP-62" not in codes and "REG-32" not in codes and FRANCE not in codes
    assert {"DEP-59", "REG-11"} <= {*codes}


def test_a_request_is_counted_in_every_total_above_it_by_outcome_and_by_delay(schema: SourceSchema) -> None:
    rows = (
        request(3, kind="first", outcome="granted", delay="lt1m"),
        request(2, kind="first", outcome="refused", delay="m1_3"),
        request(1, "59", kind="renewal", outcome="pending"),
    )
    (table,) = (one for one in drawn(schema, rows) if one.family.name == "requests")
    tied = table.tied(dict(table.asked))
    values = {key: fact.value for key, fact in tied.facts.items()}

    def count(territory: str, **dims: str) -> int:
        key = FactKey(source="registre", measure="psp_requests", territory=territory, period="2025", dims=dims)
        value = values[key]
        assert value is not None
        return int(value.number)

    assert count(FRANCE) == 6
    assert count(FRANCE, outcome="decided") == 5
    assert count(FRANCE, kind="first", delay="lt1m") == 3
    assert count("DEP-62", kind="first") == 5
    assert count("REG-32") == 6
    assert count("REG-32", kind="first", outcome="refused") == 2
    assert count("REG-32", kind="first", outcome="other") == 3


def test_every_total_of_a_national_year_holds(schema: SourceSchema) -> None:
    for table in drawn(schema, national()):
        tied = table.tied(dict(table.asked))
        for relation in tied.relations:
            terms = [weight * fact.number for key, weight in relation.terms if (fact := tied.facts[key].value)]
            assert sum(terms) == relation.constant


def test_every_defect_of_the_rows_is_told_at_once(schema: SourceSchema) -> None:
    rows = (
        request(-1, kind="first", outcome="pending"),
        request(1, "988", kind="first", outcome="pending"),
        request(1, kind="first", outcome="granted"),  # decided, without its delay
        request(1, kind="first", outcome="pending", nationality="x"),
        Row(measure="psp_current", department="62", period="2025-06-30", count=4),
        Row(measure="arrests", department="62", period="2025", count=4),
        request(2, kind="first", outcome="pending"),
    )
    with pytest.raises(RowsRefused) as refused:
        drawn(schema, rows)
    assert [defect.place for defect in refused.value.defects] == [
        "ligne 1, count",
        "ligne 2, department",
        "ligne 3, dims",
        "ligne 4, dims",
        "ligne 5, period",
        "ligne 6, measure",
        "ligne 7, ligne",
    ]


def test_a_count_that_is_true_or_a_fraction_is_refused(schema: SourceSchema) -> None:
    for count in (True, 1.5, "3"):
        with pytest.raises(RowsRefused, match="nombre entier"):
            drawn(schema, (request(count, kind="first", outcome="pending"),))  # type: ignore[arg-type]


def test_departments_that_do_not_exist_or_none_at_all_cannot_be_covered(schema: SourceSchema) -> None:
    with pytest.raises(RowsRefused, match="«\u00a099\u00a0»"):
        drawn(schema, (), frozenset({"99"}))
    with pytest.raises(RowsRefused, match="aucun"):
        drawn(schema, (), frozenset())
