"""Two years released once for all the tests that read them.

The national one, 101 departments with all their counts, takes twenty seconds of processor: one test asks for it. The
others read `year`: the same paths, the requests, rights and ends of four regions alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from egide.reference import load
from egide.sources.catalogue import load_schema
from egide.sources.schema import SourceSchema
from egide_registry.statistics.cubes import departments
from egide_registry.statistics.release import Released, release_statistics
from egide_registry.statistics.rules import Row
from support.registry_year import YEAR, national

REGIONS = ("11", "32", "84", "93")
ALWAYS = ("psp_current", "cdlp_sessions")


def released(rows: Iterable[Row], schema: SourceSchema) -> Released:
    return release_statistics(
        rows, year=YEAR, covered=frozenset(departments()), day=date(2026, 3, 1), measures=schema.measures
    )


@pytest.fixture(scope="session")
def schema() -> SourceSchema:
    return load_schema("registre")


@pytest.fixture(scope="session")
def nation(schema: SourceSchema) -> Released:
    return released(national(), schema)


@pytest.fixture(scope="session")
def year(schema: SourceSchema) -> Released:
    kept = {row["code"] for row in load.table("departements") if row["region"] in REGIONS}
    return released((row for row in national() if row.measure in ALWAYS or row.department in kept), schema)
