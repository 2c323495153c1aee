"""The journal as its enemies reach it: a superuser with the triggers put to sleep."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

Tamper = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def tamper(database: None) -> Iterator[Tamper]:
    """Runs one statement as a superuser whom no trigger and no policy stops."""
    at = settings.DATABASES["owner"]
    with psycopg.connect(host=at["HOST"], dbname=at["NAME"], user="postgres", autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")

        def run(statement: str, *values: Any) -> list[tuple[Any, ...]]:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

        yield run


@pytest.fixture
def second_place(tmp_path: Path) -> Path:
    """A folder for the signed heads of one test."""
    folder = tmp_path / "anchors"
    folder.mkdir()
    return folder
