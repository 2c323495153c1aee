"""Years released once for all the tests that read them.

The national one, 101 departments with all their counts, takes twenty seconds of processor: one test asks for it. The
others read `year`, four seconds: the same paths, and what follows from them in large departments alone, times five.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from attrs import evolve

from egide.sources.catalogue import load_schema
from egide.sources.schema import SourceSchema
from egide_registry.statistics.cubes import departments
from egide_registry.statistics.release import Released, release_statistics
from egide_registry.statistics.rules import Row
from support.registry_year import YEAR, national

ALWAYS = ("psp_current", "cdlp_sessions")
LARGE, TIMES = 20, 5


def released(rows: Iterable[Row], schema: SourceSchema, covered: frozenset[str] = frozenset(departments())) -> Released:
    return release_statistics(rows, year=YEAR, covered=covered, day=date(2026, 3, 1), measures=schema.measures)


@pytest.fixture(scope="session")
def schema() -> SourceSchema:
    return load_schema("registre")


@pytest.fixture(scope="session")
def nation(schema: SourceSchema) -> Released:
    return released(national(), schema)


@pytest.fixture(scope="session")
def year(schema: SourceSchema) -> Released:
    rows = national()
    large = {row.department for row in rows if row.measure == "psp_current" and row.count >= LARGE}
    same = (row for row in rows if row.measure in ALWAYS)
    more = (
        evolve(row, count=TIMES * row.count) for row in rows if row.measure not in ALWAYS and row.department in large
    )
    return released((*same, *more), schema)


@pytest.fixture(scope="session")
def small(schema: SourceSchema) -> Released:
    """Four departments, for what only moves files about."""
    covered = frozenset({"2A", "2B", "75", "91"})
    return released((row for row in national() if row.department in covered), schema, covered)
