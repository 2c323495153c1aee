"""What somebody tries who can send any SQL through the site: each rule is an attack that was tried and failed."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, connections

from egide_registry.access.actions import seconds
from egide_registry.accounts import actions as accounts
from egide_registry.accounts.models import Person, StateIdentity
from egide_registry.accounts.rules import Role
from egide_registry.commissions import rules as commissions
from egide_registry.commissions.actions import calling
from egide_registry.psp.actions import filing
from egide_registry.psp.models import Choices, Supporting
from egide_registry.security import context, vault
from egide_registry.security.policies import TABLES, Personal
from support import psp, truth
from support.registry import BEGINNING, DAY, World, acting


@contextmanager
def intruder() -> Iterator[psycopg.Connection[Any]]:
    """Another connection under the role of the site."""
    site = connections.settings["default"]
    with psycopg.connect(host=site["HOST"], dbname=site["NAME"], user=site["USER"], autocommit=True) as opened:
        yield opened


def test_no_connection_of_the_site_reads_what_another_one_runs(world: World):
    with acting(world[Role.PREFECT]), truth.superuser() as watching:
        shown = watching.execute("SELECT query FROM pg_stat_activity WHERE usename = 'egide_app'").fetchall()
    assert not any(context.SETTING in (query or "") for (query,) in shown)
    with intruder() as sql:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql.execute("SELECT * FROM pg_stat_activity")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql.execute("SET track_activities = on")


def signed(world: World, backend: int) -> str:
    """A token of the prefect that names the connection it was made for."""
    prefect = world[Role.PREFECT]
    claims = f"{prefect.person_id}|{prefect.pk}||4102444800|00|{backend}"
    return f"{claims}.{hmac.new(vault.context_key(), claims.encode(), hashlib.sha256).hexdigest()}"


def test_a_token_made_for_one_connection_opens_nothing_in_another(world: World):
    with intruder() as sql, sql.transaction():
        mine = sql.info.backend_pid
        for backend, seen in ((mine, world.code), (mine + 1, None)):
            sql.execute("SELECT set_config(%s, %s, true)", [context.SETTING, signed(world, backend)])
            assert sql.execute("SELECT security.department()").fetchone() == (seen,)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TEMP TABLE accounts_mandate (id uuid)",
        "CREATE FUNCTION pg_temp.leak(text) RETURNS bool LANGUAGE sql AS 'SELECT true'",
        "CREATE FUNCTION public.leak(text) RETURNS bool LANGUAGE sql AS 'SELECT true'",
        "CREATE SCHEMA elsewhere",
        "SELECT lo_from_bytea(0, 'kept')",
        "SELECT pg_read_file('PG_VERSION')",
        "SET ROLE egide_gate",
        "SET SESSION AUTHORIZATION egide_owner",
        "SELECT * FROM security.context_key",
        "SELECT security.append('Z001', 'file_read', NULL, NULL, NULL, '{}')",
        "SELECT security.purge_journal('Z001', 1, 365)",
        "SELECT * FROM security.reads_of(gen_random_uuid(), '{file_read}')",
    ],
)
def test_the_site_makes_nothing_in_the_base_and_takes_no_other_role(database: None, statement: str):
    with intruder() as sql, pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql.execute(statement)


def test_without_its_policies_a_table_is_refused_not_opened(database: None):
    with intruder() as sql:
        sql.execute("SET row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql.execute("SELECT 1 FROM psp_file")


def test_the_statistics_of_the_planner_show_no_value_of_a_personal_table(world: World):
    psp.filed(world)
    personal = [table.name for table in TABLES if isinstance(table, Personal)]
    with truth.superuser() as above:
        above.execute("ANALYZE psp_file, accounts_person, accounts_mandate")
        asked = "SELECT count(*) FROM pg_stats WHERE tablename = ANY(%s)"
        assert above.execute(asked, [personal]).fetchone() != (0,)
        above.execute("SET LOCAL ROLE egide_app")
        assert above.execute(asked, [personal]).fetchone() == (0,)


def test_a_department_writes_its_own_settings_only(world: World):
    other = World()
    for by in (None, other[Role.DELEGATE], world[Role.ASSOCIATION]):
        with pytest.raises(DatabaseError, match="settings"), acting(by):
            Choices.objects.create(department=world.department, suspension_extends=True)
    with acting(world[Role.DELEGATE]):
        Choices.objects.create(department=world.department)
        calling.set_settings(commissions.Settings(), by=world[Role.DELEGATE])
    for table in ("psp_choices", "commissions_commission"):
        with pytest.raises(DatabaseError, match="settings"), acting(other[Role.DELEGATE]):
            _sql(f"UPDATE {table} SET department_id = %s WHERE department_id = %s", other.code, world.code)


def _sql(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def test_papers_of_a_renewal_being_prepared_are_read_by_its_association_alone(world: World):
    request = psp.notified(world, psp.granted(world))
    by = world[Role.ASSOCIATION]
    with acting(by):
        renewal = filing.start_renewal(request.file_id, by=by, now=psp.at(DAY))
        paper = psp.join(renewal, "resources", by=by)
        assert Supporting.objects.filter(pk=paper).exists()
    for role in (Role.DELEGATE, Role.PREFECT):
        with acting(world[role]):
            assert not Supporting.objects.filter(pk=paper).exists()
            assert Supporting.objects.filter(request=request).exists()  # those of the request that was filed


def test_a_paper_that_was_filed_is_not_taken_back_even_by_sql(world: World):
    request, by = psp.draft(world), world[Role.ASSOCIATION]
    with acting(by):
        left = psp.join(request, "other", by=by)
        assert _sql("DELETE FROM psp_supporting WHERE id = %s", left) == 1
        filing.file_request(request.pk, by=by, on=DAY)
        assert _sql("DELETE FROM psp_supporting WHERE request_id = %s", request.pk) == 0


def test_two_administrators_do_not_take_the_account_of_another_department(world: World):
    """They may invite its address, which gives it a mandate here: not tie an accomplice's identity to it."""
    other = World()
    target, first, second = other[Role.PREFECT].person_id, world.administrator, world.new(Role.ADMINISTRATOR)
    with acting(first):
        accounts.grant(target, body=world.prefecture, role=Role.DPO, by=first, starts_on=BEGINNING)
    with pytest.raises((DatabaseError, PermissionDenied)):
        with acting(first):
            asked = seconds.ask_attachment(target, uuid4().hex, by=first, now=psp.at(DAY))
        with acting(second):
            seconds.decide(asked.pk, confirmed=True, by=second, now=psp.at(DAY))
    with acting(second):
        assert Person.objects.filter(pk=target).exists()
        assert not StateIdentity.objects.filter(person_id=target).exists()
