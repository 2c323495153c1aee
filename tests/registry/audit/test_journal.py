"""Everything that happens is written once, in order, by the database itself, and is never touched again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit import chain, heads, verification
from egide_registry.audit.details import NotACode
from egide_registry.audit.events import Event
from egide_registry.audit.models import Entry
from egide_registry.security import checks, context, guards, vault
from support.registry import World, acting

TODAY = date(2027, 1, 1)
Tamper = Callable[..., Any]


def write(mandate: Mandate | None, event: Event = Event.FILE_READ, **details: Any) -> int:
    """One entry in a transaction of its own."""
    with acting(mandate):
        return audit.record(event, by=mandate, **details)


def rows(code: str, after: int = 0) -> list[Entry]:
    return list(Entry.objects.using("journal").filter(chain=code, seq__gt=after).order_by("seq"))


def settled(world: World) -> int:
    """Everyone is there: how far the chain goes before the test writes. Opening accounts is journalled too."""
    for role in Role:
        world[role]
    return max((entry.seq for entry in rows(world.code)), default=0)


def holds(code: str) -> verification.ChainReport:
    return verification.verify_chain(code, found=[], on=TODAY)


def refused(statement: str, using: str = "default", mandate: Mandate | None = None, values: Any = None) -> bool:
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return True
    return False


def test_the_database_says_who_acted_where_and_when(world: World):
    mandate, subject = world[Role.DELEGATE], uuid4()
    start, before = settled(world), datetime.now(UTC)
    assert write(mandate, Event.REQUEST_MOVED, subject=subject, act="file") == start + 1
    (entry,) = rows(world.code, start)
    assert (entry.chain, entry.seq, entry.event, entry.subject) == (world.code, start + 1, "request_moved", subject)
    assert (entry.mandate, entry.person) == (mandate.pk, mandate.person_id)
    assert entry.detail == '{"act":"file"}'
    assert before <= entry.at <= datetime.now(UTC)


def test_a_chain_begins_with_zeros_and_each_entry_holds_the_link_before(world: World):
    write(world[Role.DELEGATE])
    write(world[Role.DELEGATE])
    entries = rows(world.code)
    assert [bytes(entry.previous) for entry in entries] == [bytes(32), *(bytes(entry.hash) for entry in entries[:-1])]


def test_before_a_mandate_is_chosen_entries_go_to_the_chain_of_accounts(database: None):
    seq = write(None, Event.SIGN_IN_REFUSED, how="local")
    entry = Entry.objects.using("journal").get(chain="compte", seq=seq)
    assert (entry.mandate, entry.person, entry.event) == (None, None, "sign_in_refused")


def test_who_signed_in_is_known_before_a_mandate_is_chosen(world: World):
    person = world[Role.PREFECT].person_id
    with transaction.atomic():
        context.enter(person=person)
        seq = audit.record(Event.SIGNED_IN, how="passkey")
    entry = Entry.objects.using("journal").get(chain="compte", seq=seq)
    assert (entry.mandate, entry.person) == (None, person)


def test_nobody_signs_for_another(world: World):
    with pytest.raises(DatabaseError, match="not the mandate that acts"), acting(world[Role.DELEGATE]):
        audit.record(Event.FILE_READ, by=world[Role.PREFECT])
    with pytest.raises(DatabaseError, match="not the mandate that acts"), acting(None):
        audit.record(Event.FILE_READ, by=world[Role.PREFECT])


def test_an_ended_mandate_writes_nothing_in_its_own_name(world: World):
    ended = world.new(Role.DELEGATE, ends_on=date(2021, 1, 1))
    with pytest.raises(DatabaseError), acting(ended):
        audit.record(Event.FILE_READ, by=ended)


def test_words_are_refused_by_the_code_and_by_the_database(world: World):
    with pytest.raises(NotACode), acting(world[Role.DELEGATE]):
        audit.record(Event.FILE_READ, by=world[Role.DELEGATE], who="Marie Essai")
    assert refused("SELECT security.record('file_read', NULL, NULL, '{\"who\":\"Marie Essai\"}')")
    assert refused("SELECT security.record('file_read', NULL, NULL, repeat('x', 2001))")


def test_an_action_undone_leaves_no_entry_and_no_gap(world: World):
    mandate, start = world[Role.DELEGATE], settled(world)
    write(mandate)
    with pytest.raises(ZeroDivisionError), acting(mandate):
        audit.record(Event.FILE_CHANGED, by=mandate)
        raise ZeroDivisionError
    write(mandate)
    assert [entry.event for entry in rows(world.code, start)] == ["file_read", "file_read"]
    assert [entry.seq for entry in rows(world.code)] == list(range(1, start + 3))


def test_each_department_has_a_chain_of_its_own(world: World):
    other = World()
    mine, theirs = settled(world), settled(other)
    assert write(world[Role.DELEGATE]) == mine + 1
    assert write(other[Role.DELEGATE]) == theirs + 1
    assert write(world[Role.PREFECT]) == mine + 2
    assert holds(world.code).faults == holds(other.code).faults == ()


def test_eight_writers_at_once_make_one_chain_without_a_gap(world: World):
    mandates = [world.new(Role.DELEGATE) for _ in range(8)]
    start = settled(world)

    def fifty(mandate: Mandate) -> list[int]:
        try:
            return [write(mandate, subject=uuid4(), n=n) for n in range(50)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        given_numbers = [number for numbers in pool.map(fifty, mandates) for number in numbers]
    assert sorted(given_numbers) == list(range(start + 1, start + 401))
    report = holds(world.code)
    assert (report.verdict.count, report.verdict.broken) == (start + 400, None)
    moments = [entry.at for entry in rows(world.code)]
    assert moments == sorted(moments)


def test_sql_and_python_write_the_same_bytes(database: None):
    """The link of many entries, some not in ASCII, computed by both."""
    letters = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=30)
    identifiers = st.none() | st.uuids()
    moments = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2999, 12, 31), timezones=st.just(UTC))

    @hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(letters, st.integers(1, 2**62), moments, letters, identifiers, identifiers, identifiers, letters)
    def same(
        name: str,
        seq: int,
        at: datetime,
        event: str,
        mandate: UUID | None,
        person: UUID | None,
        subject: UUID | None,
        detail: str,
    ) -> None:
        who = [None if value is None else str(value) for value in (mandate, person, subject)]
        written = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        entry = chain.Entry(name, seq, written, event, *who, detail, b"", b"")
        with connections["journal"].cursor() as cursor:
            cursor.execute(
                "SELECT b, sha256(b) FROM security.journal_bytes(%s, %s, %s, %s, %s, %s, %s, %s) b",
                [name, seq, at, event, mandate, person, subject, detail],
            )
            in_sql, hashed = cursor.fetchone()
        assert bytes(in_sql) == chain.canonical(entry)
        assert bytes(hashed) == sha256(chain.canonical(entry)).digest()

    same()


@pytest.mark.parametrize("table", ["audit_entry", "audit_head", "audit_seal"])
@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO {} SELECT * FROM {}", "UPDATE {} SET seq = seq + 1", "DELETE FROM {}", "TRUNCATE {}"],
)
def test_neither_the_site_nor_who_migrates_writes_in_the_journal(world: World, table: str, statement: str):
    write(world[Role.DELEGATE])
    assert refused(statement.format(table, table))
    assert refused(statement.format(table, table), using="owner")
    assert refused(f"DROP TABLE {table}")


def test_even_the_owner_of_the_journal_and_a_superuser_are_stopped(world: World, tamper: Tamper):
    write(world[Role.DELEGATE])
    vault.service().create(verification.SIGNER)
    heads.seal_chain(world.code, day=date(2026, 1, 1))
    before = [entry.event for entry in rows(world.code)]
    with connections["journal"].cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET event = 'x' WHERE chain = %s", [world.code])
        assert cursor.rowcount == 0  # no policy shows it a row to change
    assert [entry.event for entry in rows(world.code)] == before
    tamper("SET session_replication_role = origin")
    for statement in (
        "UPDATE audit_entry SET event = 'x' WHERE chain = %s",
        "DELETE FROM audit_entry WHERE chain = %s",
        "UPDATE audit_head SET seq = 0 WHERE chain = %s",
        "DELETE FROM audit_head WHERE chain = %s",
        "UPDATE audit_seal SET day = day + 1 WHERE chain = %s",
        "DELETE FROM audit_seal WHERE chain = %s",
    ):
        if not statement.startswith("UPDATE audit_entry"):
            assert refused(statement, using="journal", values=[world.code]), statement
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is not done to the journal"):
            tamper(statement, world.code)
    for table in ("audit_entry", "audit_head", "audit_seal"):
        assert refused(f"TRUNCATE {table}", using="journal")


@pytest.mark.parametrize(
    "call",
    [
        "security.append('Z', 'x', NULL, NULL, NULL, '{}')",
        "security.purge_journal('Z', 1, 400)",
        "security.reads_of(gen_random_uuid(), ARRAY['file_read'])",
        "security.serves(gen_random_uuid())",
    ],
)
def test_the_site_calls_none_of_the_inner_functions(database: None, call: str):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(f"SELECT {call}")


def test_only_the_dpo_reads_the_journal_of_the_department_and_that_is_written_too(world: World):
    other = World()
    start, subject = settled(world), uuid4()
    write(world[Role.DELEGATE], subject=subject)
    write(world[Role.DELEGATE], subject=uuid4())
    write(other[Role.DELEGATE], subject=subject)
    span = {"since": datetime.now(UTC) - timedelta(days=1), "until": datetime.now(UTC) + timedelta(days=1)}
    for role in set(Role) - {Role.DPO}:
        with acting(world[role]):
            assert not Entry.objects.exists(), role
            with pytest.raises(PermissionDenied):
                audit.read_journal(by=world[role], **span)
    dpo = world[Role.DPO]
    with acting(dpo):
        found = audit.read_journal(by=dpo, subject=subject, **span)
        assert [(entry.chain, entry.seq) for entry in found] == [(world.code, start + 1)]
    last = rows(world.code)[-1]
    assert (last.event, last.mandate, last.subject, last.detail) == ("journal_read", dpo.pk, subject, '{"entries":1}')


def test_the_guards_are_written_again_without_harm(world: World):
    start = settled(world)
    write(world[Role.DELEGATE])
    call_command("migrate", database="owner", verbosity=0)
    guards.apply("owner")
    write(world[Role.DELEGATE])
    assert holds(world.code).verdict.count == start + 2
    assert checks.holes() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE tablename LIKE 'audit_%'")
        assert cursor.fetchall() == [("egide_audit",)]
