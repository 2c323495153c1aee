"""The national year is released once for all the tests that read it: half a minute of processor."""

from __future__ import annotations

from datetime import date

import pytest

from egide.sources.catalogue import load_schema
from egide.sources.schema import SourceSchema
from egide_registry.statistics.cubes import departments
from egide_registry.statistics.release import Released, release_statistics
from support.registry_year import YEAR, national


@pytest.fixture(scope="session")
def schema() -> SourceSchema:
    return load_schema("registre")


@pytest.fixture(scope="session")
def nation(schema: SourceSchema) -> Released:
    return release_statistics(
        national(),
        year=YEAR,
        covered=frozenset(departments()),
        day=date(2026, 3, 1),
        measures=schema.measures,
    )
