"""What the registry counts is written once, and the delivery, the files and the dashboard use the same codes."""

from __future__ import annotations

from datetime import date

import pytest

from egide.sources.schema import Role, SourceSchema
from egide_registry.psp.rules.outcomes import Housing, Residence, Work
from egide_registry.psp.rules.rights import RightKind
from egide_registry.psp.rules.states import AppealState
from egide_registry.statistics.dashboard import ASKED
from egide_registry.statistics.groups import GROUPS
from egide_registry.statistics.rules import DELAYS, FAMILIES, RIGHTS, Family, Row, Tree, delay_class, family_of


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        ("2025-01-31", "lt1m"),
        ("2025-02-27", "lt1m"),
        ("2025-02-28", "m1_3"),
        ("2025-04-27", "m1_3"),
        ("2025-04-28", "m3_6"),
        ("2025-07-27", "m3_6"),
        ("2025-07-28", "gt6m"),
        ("2027-01-28", "gt6m"),
    ],
)
def test_a_delay_is_counted_in_whole_months_and_falls_in_one_class(answered: str, expected: str) -> None:
    assert delay_class(date(2025, 1, 28), date.fromisoformat(answered)) == expected


def test_an_answer_before_the_question_is_no_delay() -> None:
    with pytest.raises(ValueError, match="before 2025-01-28"):
        delay_class(date(2025, 1, 28), date(2025, 1, 27))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda one: one.name)
def test_every_count_of_a_family_can_be_written_in_a_delivery(family: Family, schema: SourceSchema) -> None:
    columns = {spec.dim: set(spec.codes.values()) for spec in schema.sheets[0].of_role(Role.DIM)}
    assert family.measure in schema.measures
    for node in family.nodes:
        for name, code in family.dims(node):
            assert code in columns[name]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda one: one.name)
def test_a_layer_asks_for_counts_that_the_family_has(family: Family) -> None:
    known = set(family.nodes)
    assert {node for layer in family.layers for node in layer.nodes} <= known


def test_the_dashboard_asks_for_counts_that_some_family_has() -> None:
    known = {(family.measure, family.dims(node)) for family in FAMILIES for node in family.nodes}
    asked = {(one.measure, tuple(sorted((*one.fixed, *column.dims)))) for one in ASKED for column in one.columns}
    assert asked <= known


@pytest.mark.parametrize(
    ("dimension", "codes"),
    [("work", Work), ("housing", Housing), ("residence", Residence), ("appeal", AppealState)],
)
def test_every_code_of_a_file_is_counted_under_one_code(dimension: str, codes: type) -> None:
    assert set(GROUPS[dimension]) == set(codes)


def test_every_group_is_a_code_of_its_family() -> None:
    (ended,) = (one for one in FAMILIES if one.name == "endings")
    coded = {pair for node in ended.nodes for pair in ended.dims(node)}
    grouped = {(name, code) for name in ("work", "housing", "residence") for code in GROUPS[name].values()}
    assert grouped <= coded


def test_the_rights_counted_are_those_of_the_files() -> None:
    assert set(RIGHTS) == set(RightKind)


def test_a_record_of_the_database_is_a_row_whose_empty_codes_do_not_apply() -> None:
    record = {"measure": "psp_requests", "department": "62", "period": "2025", "count": 3}
    row = Row.of({**record, "kind": "first", "outcome": "pending", "delay": None})
    assert row.dims == (("kind", "first"), ("outcome", "pending"))
    assert family_of(row) is not None


def test_a_code_is_counted_in_the_nearest_total_that_is_asked_for() -> None:
    tree = Tree.of(all="no yes", yes=" ".join(DELAYS))
    assert [tree.within(code, frozenset({"yes"})) for code in tree.leaves] == ["other", *["yes"] * 4]
