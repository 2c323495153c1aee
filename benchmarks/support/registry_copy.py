"""Rows to PostgreSQL by COPY, as its superuser: triggers and policies are set aside for the copy alone."""

from __future__ import annotations

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "support.registry_settings")
django.setup()

import psycopg  # noqa: E402


class Copier:
    """Lines of COPY kept by table until they are sent: tables in an order that foreign keys would not mind."""

    def __init__(self) -> None:
        self.lines: dict[str, tuple[str, list[str]]] = {}

    def add(self, table: str, **values: Any) -> None:
        if table not in self.lines:
            self.lines[table] = (", ".join(values), [])
        self.lines[table][1].append("\t".join(map(text, values.values())) + "\n")

    def send(self, connection: psycopg.Connection[Any]) -> int:
        sent = 0
        for table, (columns, lines) in self.lines.items():
            with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write("".join(lines))
            sent += len(lines)
        self.lines.clear()
        return sent


def text(value: Any) -> str:
    """One value as COPY reads it. Nothing here holds a tab, a new line or a backslash."""
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)


def superuser() -> psycopg.Connection[Any]:
    """A connection for which triggers and policies do not run."""
    connection = psycopg.connect(
        host=os.environ["EGIDE_BENCH_SOCKET"], user="postgres", dbname="egide", autocommit=True
    )
    connection.execute("SET session_replication_role = replica")
    return connection
