"""A real PostgreSQL for each process of the tests, with its roles, tables and guards. Nothing is rolled back.

Tests commit, as users do: each makes a department, bodies and persons of its own (`support.registry.World`), so no
test depends on an empty table or on the order.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egide_registry.settings.tests")
django.setup()

BEFORE_MIDNIGHT = timedelta(minutes=2)  # longer than any test of the registry but the `slow` ones


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """No test begins just before midnight in Paris: it waits for the next day.

    A test writes acts of today, then reads pages whose server asks the clock again. Where midnight fell in between,
    that today was yesterday, and a right rule failed. A hook and not a fixture: it comes before the shared fixtures.
    """
    now = datetime.now(ZoneInfo("Europe/Paris"))
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    if midnight - now < BEFORE_MIDNIGHT:
        time.sleep((midnight - now).total_seconds() + 1)


@pytest.fixture(scope="session")
def database() -> Iterator[None]:
    """The server, migrated by the owner. Ask for it in any test that reads or writes."""
    from django.core.management import call_command
    from django.db import connections

    from egide_registry.security import server

    folder = Path(tempfile.mkdtemp(prefix="egide-pg-"))
    socket = server.start(folder / "data", keep=False, fast=True)
    for alias in connections.settings:
        connections.settings[alias]["HOST"] = socket
    call_command("migrate", database="owner", verbosity=0)
    yield
    connections.close_all()


@pytest.fixture
def world(database: None) -> "Iterator[World]":  # noqa: F821
    """A department of its own with a prefecture, an association and everyone who works there."""
    from support.registry import World

    yield World()


@pytest.fixture(scope="session")
def live(database: None) -> Iterator[str]:
    """The address of the whole site, served for a browser (`support.live.sign_in` gives a session)."""
    from support.live import live_site

    with live_site() as address:
        yield address
