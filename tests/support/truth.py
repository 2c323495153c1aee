"""Asking the database itself who may do what: every kind of actor, every table, every action, on rows of known places.

All questions are asked inside one transaction of a superuser who takes the role of the site (`SET LOCAL ROLE`), so a
policy can be taken away, the questions asked again, and everything undone. Rows are written without the site's code:
what is tested here is the wall, not the door.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from attrs import frozen
from django.db import connections

from egide_registry.security import context
from egide_registry.security.policies import TABLES, Personal

ACTIONS = ("select", "insert", "update", "delete")
LETTERS = dict(zip(ACTIONS, "siud", strict=True))
DEFAULTS: dict[str, Any] = {
    "uuid": None,
    "ARRAY": [],
    "boolean": False,
    "smallint": 1,
    "integer": 1,
    "bigint": 1,
    "character varying": "x",
    "text": "{}",
    "bytea": "\\x7631",
    "date": "2026-01-15",
    "timestamp with time zone": "2026-01-15T10:00:00+00:00",
    "time without time zone": "10:00",
}


@contextmanager
def superuser() -> Iterator[psycopg.Connection[Any]]:
    """One transaction that is always undone."""
    settings = connections.settings["default"]
    with psycopg.connect(host=settings["HOST"], dbname=settings["NAME"], user="postgres") as connection:
        try:
            yield connection
        finally:
            connection.rollback()


def write(connection: psycopg.Connection[Any], table: str, **given: Any) -> Any:
    """Insert a row with these values and something in every column that must hold one. Gives its key."""
    row: dict[str, Any] = {}
    columns = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' "
        "AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
        [table],
    ).fetchall()
    for name, kind in columns:
        row[name] = str(uuid4()) if kind == "uuid" else DEFAULTS[kind]
    row |= {name: str(value) if isinstance(value, UUID) else value for name, value in given.items()}
    names = ", ".join(row)
    key = key_of(connection, table)
    found = connection.execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table}, %s) RETURNING {key}",
        [json.dumps(row)],
    ).fetchone()
    assert found is not None
    return found[0]


def key_of(connection: psycopg.Connection[Any], table: str) -> str:
    """The column of the primary key."""
    found = connection.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] "
        "WHERE i.indrelid = %s::regclass AND i.indisprimary",
        [table],
    ).fetchone()
    assert found is not None
    return str(found[0])


def written_of(connection: psycopg.Connection[Any], table: str) -> str | None:
    """A column that the site may change, None when there is none."""
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
        "AND has_column_privilege('egide_app', %s::regclass, column_name, 'UPDATE') "
        "ORDER BY ordinal_position DESC LIMIT 1",
        [table, table],
    ).fetchone()
    return str(found[0]) if found else None


@frozen(kw_only=True)
class Scene:
    """Actors and rows: `mandates[actor]` is person, mandate, login index; `rows[table][place]` is a key."""

    mandates: Mapping[str, tuple[UUID | None, UUID | None, str | None]]
    rows: Mapping[str, Mapping[str, Any]]
    instead: Mapping[tuple[str, str], Mapping[str, Any]]  # what an insert would say otherwise than the row


def scene(connection: psycopg.Connection[Any]) -> Scene:
    """Two departments, two associations in the first, and a row of each table in each place.

    own: filed by association A of department X, on the agenda of a session. beside: association B of X, filed.
    draft: association A, never filed. away: department Y.
    """
    connection.execute("SET LOCAL session_replication_role = replica")
    here, away = f"{uuid4().hex[:3]}X", f"{uuid4().hex[:3]}Y"
    for code in (here, away):
        write(connection, "accounts_department", code=code)
    bodies = {name: write(connection, "accounts_body") for name in ("a", "b", "office", "other", "recused")}
    rows: dict[str, dict[str, Any]] = {table.name: {} for table in TABLES if isinstance(table, Personal)}
    login = uuid4().hex
    mandates: dict[str, tuple[UUID | None, UUID | None, str | None]] = {
        "nobody": (None, None, None),
        "signing_in": (None, None, login),
    }

    def person(actor: str, role: str, body: str, department: str, **more: Any) -> None:
        index = login if actor == "association" else uuid4().hex
        who = write(connection, "accounts_person", is_active=more.pop("is_active", True), login_index=index)
        mandate = write(
            connection,
            "accounts_mandate",
            person_id=who,
            role=role,
            body_id=bodies[body],
            department_id=department,
            **{"starts_on": "2020-01-01", **more},
        )
        mandates[actor] = (who, mandate, None)

    for role in ("delegate", "prefect", "member", "minors_member", "administrator", "dpo", "observatory", "keeper"):
        person(role, role, "office", here)
    person("association", "association", "a", here)
    person("glass", "association", "b", here)
    person("recused", "member", "recused", here)
    person("uncalled", "member", "office", here)
    person("ended", "delegate", "office", here, ends_on="2025-12-31")
    person("early", "delegate", "office", here, starts_on="2999-01-01")
    person("closed", "delegate", "office", here, is_active=False)
    person("elsewhere", "delegate", "other", away)
    elsewhere, association = mandates["elsewhere"], mandates["association"]
    delegate, member = mandates["delegate"], mandates["member"]
    mandates["choosing"] = (association[0], None, None)  # signed in, no mandate chosen yet

    places = {
        "own": (here, "a", True),
        "beside": (here, "b", True),
        "draft": (here, "a", False),
        "away": (away, "other", True),
    }
    now = datetime.now(UTC)
    over = {"opened_at": "2026-01-15T10:00:00Z", "expires_at": "2026-01-15T10:30:00Z"}
    for place, (department, body, filed) in places.items():
        file = write(
            connection,
            "psp_file",
            department_id=department,
            body_id=bodies[body],
            reference=uuid4().hex[:12],
            state="open",
            filed_on="2026-01-20" if filed else None,
        )
        rows["psp_file"][place] = file
        common = {"file_id": file}
        request = write(
            connection,
            "psp_request",
            kind="first",
            state="complete" if filed else "draft",
            filed_on="2026-01-20" if filed else None,
            **common,
        )
        supporting = write(connection, "psp_supporting", request_id=request, **common)
        decision = write(
            connection,
            "psp_decision",
            request_id=request,
            outcome="refused",
            has_reasons=True,
            reasons="\\x7631",
            notified_by="",
            **common,
        )
        period = write(connection, "psp_period", decision_id=decision, ends_on="2026-07-14", **common)
        rows["psp_request"][place] = request
        rows["psp_supporting"][place] = supporting
        rows["psp_decision"][place] = decision
        rows["psp_period"][place] = period
        rows["psp_appeal"][place] = write(connection, "psp_appeal", decision_id=decision, state="filed", **common)
        rows["psp_suspension"][place] = write(connection, "psp_suspension", period_id=period, **common)
        rows["psp_right"][place] = write(connection, "psp_right", kind="aps", **common)
        rows["psp_outcome"][place] = write(connection, "psp_outcome", moment="end", **common)
        to = away if department == here else here
        rows["psp_transfer"][place] = write(
            connection,
            "psp_transfer",
            from_department_id=department,
            to_department_id=to,
            to_body_id=bodies["other" if to == away else "a"],
            state="asked",
            **common,
        )
        rows["security_datakey"][place] = write(
            connection,
            "security_datakey",
            subject=file,
            kind="file",
            owner=f"department/{department}",
            wrapped="\\x00",
            department_id=department,
        )
        session = write(
            connection,
            "commissions_session",
            department_id=department,
            formation="psp",
            state="convened",
            access_ends_on="2999-01-01",
        )
        rows["commissions_session"][place] = session
        item = write(connection, "commissions_item", session_id=session, request_id=request, opinion="", **common)
        rows["commissions_item"][place] = item
        rows["commissions_recusal"][place] = write(
            connection, "commissions_recusal", item_id=item, body_id=bodies["recused"], cause="filed"
        )
        staff = association if department == here else elsewhere
        rows["commissions_convocation"][place] = write(
            connection, "commissions_convocation", session_id=session, mandate_id=uuid4(), presence="unknown"
        )
        rows["retention_notice"][place] = write(connection, "retention_notice", department_id=department, **common)
        rows["retention_proof"][place] = write(connection, "retention_proof", department_id=department, **common)
        rows["access_glass"][place] = write(
            connection, "access_glass", mandate_id=staff[1], department_id=department, reason="danger", **over, **common
        )
        rows["access_foureyes"][place] = write(
            connection,
            "access_foureyes",
            kind="export",
            department_id=department,
            asked_by_id=staff[1],
            asked_person=staff[0],
            target=file,
        )
        rows["access_export"][place] = write(connection, "access_export", mandate_id=staff[1], department_id=department)
        rows["audit_entry"][place] = write(connection, "audit_entry", chain=department, seq=uuid4().int % 10**9)
        rows["accounts_person"][place] = staff[0]
        rows["accounts_mandate"][place] = staff[1]
        rows["accounts_passkey"][place] = write(
            connection, "accounts_passkey", person_id=staff[0], credential_id=f"\\x{uuid4().hex}"
        )
        rows["accounts_stateidentity"][place] = write(
            connection,
            "accounts_stateidentity",
            person_id=staff[0],
            subject_index=login if place == "own" else uuid4().hex,
        )
        rows["accounts_attempt"][place] = write(
            connection, "accounts_attempt", login_index=login if place == "own" else uuid4().hex
        )
        for actor in ("member", "recused"):
            if place == "own":
                write(
                    connection,
                    "commissions_convocation",
                    session_id=session,
                    mandate_id=mandates[actor][1],
                    presence="unknown",
                )
    # Rows of one's own that no association has: a member's interest, a question of the delegate, keys of other kinds.
    instead: dict[tuple[str, str], dict[str, Any]] = {
        ("commissions_recusal", "mine"): {"item_id": str(rows["commissions_item"]["own"])}
    }
    rows["commissions_recusal"]["mine"] = write(
        connection,
        "commissions_recusal",
        item_id=rows["commissions_item"]["beside"],
        mandate_id=member[1],
        cause="interest",
    )
    rows["access_foureyes"]["mine"] = write(
        connection,
        "access_foureyes",
        kind="export",
        department_id=here,
        asked_by_id=delegate[1],
        asked_person=delegate[0],
        target=uuid4(),
    )
    glass = mandates["glass"]
    rows["access_glass"]["mine"] = write(
        connection,
        "access_glass",
        mandate_id=glass[1],
        person=glass[0],
        department_id=here,
        reason="danger",
        opened_at=now.isoformat(),
        expires_at=(now + timedelta(minutes=59)).isoformat(),
        file_id=rows["psp_file"]["own"],
    )
    rows["security_datakey"]["glass"] = write(
        connection,
        "security_datakey",
        subject=rows["access_glass"]["mine"],
        kind="glass",
        owner="x",
        wrapped="\\x00",
        department_id=here,
    )
    rows["commissions_convocation"]["mine"] = write(
        connection,
        "commissions_convocation",
        session_id=rows["commissions_session"]["beside"],
        mandate_id=mandates["recused"][1],
        presence="unknown",
    )
    rows["access_export"]["mine"] = write(connection, "access_export", mandate_id=delegate[1], department_id=here)
    for kind, place, subject in (
        ("session", "session", rows["commissions_session"]["own"]),
        ("person", "mine", association[0]),
    ):
        rows["security_datakey"][place] = write(
            connection,
            "security_datakey",
            subject=subject,
            kind=kind,
            owner="x",
            wrapped="\\x00",
            department_id=here if kind == "session" else None,
        )
    for formation in ("minors", "policy"):
        rows["commissions_session"][formation] = write(
            connection,
            "commissions_session",
            department_id=here,
            formation=formation,
            state="convened",
            access_ends_on="2999-01-01",
        )
    # Triggers stay asleep (session_replication_role): the question is what the policies say, and they alone.
    return Scene(mandates=mandates, rows=rows, instead=instead)


def become(connection: psycopg.Connection[Any], who: tuple[UUID | None, UUID | None, str | None]) -> None:
    """Take the role of the site under the name of a mandate, of someone signing in, or of nobody."""
    expires = int((datetime.now(UTC) + timedelta(minutes=5)).timestamp())
    token = context.token(person=who[0], mandate=who[1], login=who[2], expires=expires) if any(who) else ""
    connection.execute("SET LOCAL ROLE egide_app")
    connection.execute("SELECT set_config('egide.context', %s, true)", [token])


def allowed(connection: psycopg.Connection[Any], table: str, action: str, key: Any, copy: str) -> bool:
    """Whether the site may do this to this row. A refusal of a constraint comes after the wall: it means yes."""
    column = KEYS[table]
    try:
        with connection.transaction(force_rollback=True):
            if action == "select":
                query, values = f"SELECT 1 FROM {table} WHERE {column} = %s", [key]
            elif action == "update":
                written = WRITTEN[table]
                query, values = f"UPDATE {table} SET {written} = {written} WHERE {column} = %s", [key]
            elif action == "delete":
                query, values = f"DELETE FROM {table} WHERE {column} = %s", [key]
            else:
                query, values = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s)", [copy]
            return connection.execute(query, values).rowcount >= 1
    except psycopg.errors.InsufficientPrivilege:
        return False
    except psycopg.errors.IntegrityError:
        return True  # a constraint of the table is looked at after the policies


def touched(connection: psycopg.Connection[Any], table: str, action: str) -> int:
    """How many rows an update or a delete reaches that reads none of them: such a one needs no right to see."""
    written = WRITTEN[table]
    query = f"DELETE FROM {table}" if action == "delete" else f"UPDATE {table} SET {written} = NULL"
    try:
        with connection.transaction(force_rollback=True):
            return connection.execute(query).rowcount
    except psycopg.errors.InsufficientPrivilege:
        return 0
    except psycopg.errors.IntegrityError:
        return -1  # some row was reached, and a constraint refused


KEYS: dict[str, str] = {}
WRITTEN: dict[str, str] = {}  # a column that the site may write, where only some are


def copies(connection: psycopg.Connection[Any], made: Scene) -> dict[tuple[str, str], str]:
    """Each row as JSON, in its first state: what an insert would try to add, found to be there already at the end."""
    found = {}
    for table, places in made.rows.items():
        KEYS[table] = key_of(connection, table)
        WRITTEN[table] = written_of(connection, table) or KEYS[table]
        for place, key in places.items():
            row = connection.execute(
                f"SELECT to_jsonb(t)::text FROM {table} t WHERE {KEYS[table]} = %s", [key]
            ).fetchone()
            assert row is not None
            values = json.loads(row[0])
            values |= made.instead.get((table, place), {})
            found[table, place] = json.dumps(values)
    return found


def answers(
    connection: psycopg.Connection[Any], made: Scene, copied: Mapping[tuple[str, str], str], tables: tuple[str, ...]
) -> dict[tuple[str, str, str], str]:
    """(table, actor, place) -> the letters of what is allowed: s, i, u, d."""
    found = {}
    for actor, who in made.mandates.items():
        with connection.transaction(force_rollback=True):
            become(connection, who)
            for table in tables:
                for place, key in made.rows[table].items():
                    letters = [
                        LETTERS[action]
                        for action in ACTIONS
                        if allowed(connection, table, action, key, copied[table, place])
                    ]
                    found[table, actor, place] = "".join(letters) or "-"
    return found


def drawn(table: str, found: Mapping[tuple[str, str, str], str]) -> str:
    """One table as the truth tables write it: actors that may do nothing are left out."""
    places = list(dict.fromkeys(place for name, _, place in found if name == table))
    lines = [f"{table:<24}" + "".join(f"{place:>9}" for place in places)]
    for actor in dict.fromkeys(actor for name, actor, _ in found if name == table):
        letters = [found[table, actor, place] for place in places]
        if any(one != "-" for one in letters):
            lines.append(f"  {actor:<22}" + "".join(f"{one:>9}" for one in letters))
    return "\n".join(lines)
