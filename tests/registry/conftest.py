"""A real PostgreSQL for each process of the tests, with its roles, tables and guards. Nothing is rolled back.

Tests commit, as users do: each makes a department, bodies and persons of its own (`support.registry.World`), so no
test depends on an empty table or on the order.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egide_registry.settings.tests")
django.setup()


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
