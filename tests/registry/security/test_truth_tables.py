"""The database says itself who may do what: the written truth tables against the real policies, all of them.

`truth.txt` is read by people: s, i, u, d are what an actor may do to a row of each place; an actor that is not listed
may do nothing. Then each policy is taken away, and each is opened to everyone: the tables must notice.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest

from egide_registry.security import checks, guards
from egide_registry.security.policies import TABLES, Personal
from egide_registry.security.roles import APP
from support import truth

WRITTEN = (Path(__file__).parent / "truth.txt").read_text().strip().split("\n\n")
PERSONAL = {table.name: table for table in TABLES if isinstance(table, Personal)}
Answers = Mapping[tuple[str, str, str], str]


class Asked:
    """One scene, its answers, and the connection that undoes everything."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self.scene = truth.scene(connection)
        self.copied = truth.copies(connection, self.scene)
        self.answers: Answers = truth.answers(connection, self.scene, self.copied, tuple(self.scene.rows))

    def reached(self, table: str, action: str) -> list[int]:
        """How many rows each actor reaches by an update or a delete that reads none."""
        found = []
        for who in self.scene.mandates.values():
            with self.connection.transaction(force_rollback=True):
                truth.become(self.connection, who)
                found.append(truth.touched(self.connection, table, action))
        return found

    def changes(self, table: str, action: str, *, was: bool) -> bool:
        """Whether some answer about this action, `was` before, is now the other one."""
        letter = truth.LETTERS[action]
        for actor, who in self.scene.mandates.items():
            cells = [
                (place, key)
                for place, key in self.scene.rows[table].items()
                if (letter in self.answers[table, actor, place]) is was
            ]
            with self.connection.transaction(force_rollback=True):
                truth.become(self.connection, who)
                for place, key in cells:
                    if truth.allowed(self.connection, table, action, key, self.copied[table, place]) is not was:
                        return True
        return False


@pytest.fixture(scope="module")
def asked(database: None) -> Any:
    with truth.superuser() as connection:
        yield Asked(connection)


def test_every_personal_table_has_a_written_truth_table():
    assert sorted(text.split()[0] for text in WRITTEN) == sorted(PERSONAL)


@pytest.mark.parametrize("text", WRITTEN, ids=lambda text: text.split()[0])
def test_the_database_allows_what_is_written_and_nothing_else(asked: Asked, text: str):
    assert truth.drawn(text.split()[0], asked.answers) == text


POLICIES = [
    (name, number) for name, table in PERSONAL.items() for number, rule in enumerate(table.rules) if rule.to == APP
]


@pytest.mark.parametrize(("name", "number"), POLICIES, ids=lambda value: str(value))
def test_a_policy_that_is_taken_away_is_missed(asked: Asked, name: str, number: int):
    with asked.connection.transaction(force_rollback=True):
        asked.connection.execute(f"DROP POLICY {guards.policy_name(PERSONAL[name], number)} ON {name}")
        assert asked.changes(name, PERSONAL[name].rules[number].action, was=True)


@pytest.mark.parametrize(("name", "number"), POLICIES, ids=lambda value: str(value))
def test_a_policy_that_is_opened_to_everyone_is_noticed(asked: Asked, name: str, number: int):
    rule = PERSONAL[name].rules[number]
    opened = {
        "select": "USING (true)",
        "delete": "USING (true)",
        "insert": "WITH CHECK (true)",
        "update": "USING (true) WITH CHECK (true)",
    }[rule.action]
    before = asked.reached(name, rule.action) if rule.action in ("update", "delete") else []
    with asked.connection.transaction(force_rollback=True):
        asked.connection.execute(f"ALTER POLICY {guards.policy_name(PERSONAL[name], number)} ON {name} {opened}")
        noticed = asked.changes(name, rule.action, was=False)
        assert noticed or (before and asked.reached(name, rule.action) != before)


def test_the_start_of_the_site_notices_a_missing_or_a_strange_policy(asked: Asked):
    connection = asked.connection
    with connection.transaction(force_rollback=True):
        for statement in (
            "DROP POLICY psp_file_00_select ON psp_file",
            "CREATE POLICY wide_open ON psp_right FOR SELECT TO PUBLIC USING (true)",
            "ALTER TABLE psp_request NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE psp_outcome DISABLE ROW LEVEL SECURITY",
            "CREATE TABLE forgotten (name text)",
            "CREATE VIEW seeing AS SELECT * FROM psp_file",
            "ALTER ROLE egide_stat BYPASSRLS",
        ):
            connection.execute(statement)
        found = "\n".join(checks.holes_of(lambda query, values: connection.execute(query, values).fetchall()))
    for word in ("psp_file_00_select", "wide_open", "psp_request", "psp_outcome", "forgotten", "seeing", "egide_stat"):
        assert word in found
