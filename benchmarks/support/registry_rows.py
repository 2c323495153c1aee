"""The rows of one department of the national base, written by COPY: files really sealed, a journal really chained.

Rows follow the rules that the site follows; triggers and policies are set aside for the copy alone.
"""

from __future__ import annotations

import os
import random
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "support.registry_settings")
django.setup()

import psycopg  # noqa: E402

from egide_registry.accounts.rules import Role  # noqa: E402
from egide_registry.psp.rules.calendar import last_day  # noqa: E402
from egide_registry.security import blind, sealing, vault  # noqa: E402
from support.registry_copy import Copier, superuser  # noqa: E402
from support.registry_entries import write_journal  # noqa: E402

TODAY = date.today()
BEGINNING = TODAY - timedelta(days=2000)
CODES = [f"{n:02}" for n in range(1, 96) if n != 20] + ["2A", "2B", "971", "972", "973", "974", "976"]
ROLES = (Role.ASSOCIATION, Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT, Role.MEMBER, Role.DPO)
WORKERS = 2
HELD, COMING = 60, 20  # requests on the agenda of a session held, and of one to come

# Of a hundred files: state of the file, state of its last request, periods granted.
SHARES = (
    (4, "open", "draft", 0),
    (3, "open", "filed", 0),
    (2, "open", "incomplete", 0),
    (2, "open", "complete", 0),
    (2, "open", "scheduled", 0),
    (2, "open", "opinion_given", 0),
    (1, "open", "refusal_proposed", 0),
    (6, "open", "refusal_notified", 0),
    (10, "in_path", "grant_notified", 1),
    (8, "in_path", "grant_notified", 3),
    (20, "ended", "grant_notified", 2),
    (40, "closed", "closed", 3),
)
FORM = {
    "kind": "first",
    "version": 1,
    "answers": {
        "family_name": "Exemple",
        "given_names": "Personne",
        "birth_date": "1998-04-05",
        "nationality": "NG",
        "notification_address": "association",
        "exit_step": "ceased",
        "in_danger": "no",
        "health_cover": "asked",
        "assessment": "Situation inventée pour une mesure. " * 20,
        "activity": "seeking",
        "work_project": "Projet inventé pour une mesure. " * 10,
        "housing": "centre",
        "housing_safe": "yes",
        "asks_housing": "no",
        "residence_right": "none",
        "asks_aps": "yes",
        "asks_afis": "yes",
        "other_allowance": "none",
        "household_resources": 0,
        "children": 1,
    },
}
DOCUMENT = b"%PDF-1.4 " + b"0123456789abcdef" * 60  # a kilobyte: the benchmark reads no document


class Department_:
    """The people and the sessions of one department, as its files need them."""

    def __init__(self, connection: psycopg.Connection[Any], code: str) -> None:
        self.code = code
        rows = connection.execute(
            "SELECT role, id, person_id, body_id FROM accounts_mandate WHERE department_id = %s ORDER BY role, body_id",
            [code],
        ).fetchall()
        self.by_role: dict[str, list[tuple[Any, Any, Any]]] = {}
        for role, mandate, person, body in rows:
            self.by_role.setdefault(role, []).append((mandate, person, body))
        self.sessions: dict[bool, tuple[uuid.UUID, date]] = {}  # the last one to come, the last one held
        self.taken: dict[bool, int] = {True: 0, False: 0}


def files(code: str, start: int, count: int, entries: int, seed: int) -> tuple[int, int]:
    """One layer of files and of journal for one department. Gives the rows written, entries apart."""
    chance = random.Random(f"{seed}|{code}|{start}")
    connection = superuser()
    here, copier, rows = Department_(connection, code), Copier(), 0
    made: list[uuid.UUID] = []
    for number in range(start, start + count):
        made.append(_file(here, copier, chance, number))
        if number % 500 == 0:
            rows += copier.send(connection)
    rows += copier.send(connection)
    connection.execute("ANALYZE audit_head")
    written = write_journal(connection, here, made, entries, chance)
    connection.close()
    return rows, written


def drawn(chance: random.Random) -> tuple[str, str, int]:
    """The states of a file and of its last request, and its periods."""
    rest = [(state, last, periods) for _, state, last, periods in SHARES]
    return chance.choices(rest, [share for share, *_ in SHARES])[0]


def uid(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def _place(here: Department_, copier: Copier, chance: random.Random, *, coming: bool) -> tuple[uuid.UUID, date, int]:
    """The session that hears the next request, its day, and the place on its agenda; another when it is full."""
    if here.taken[coming] % (COMING if coming else HELD) == 0:
        here.sessions[coming] = _session(here, copier, chance, coming=coming)
    here.taken[coming] += 1
    return *here.sessions[coming], here.taken[coming] % HELD


def _session(here: Department_, copier: Copier, chance: random.Random, *, coming: bool) -> tuple[uuid.UUID, date]:
    key, held = uid(chance), TODAY + timedelta(days=14 if coming else -chance.randint(10, 1000))
    copier.add(
        "commissions_session",
        id=key,
        department_id=here.code,
        formation="psp",
        held_on=held,
        starts_at="14:00",
        place="Salle",
        state="convened" if coming else "held",
        access_ends_on=held + timedelta(days=30),
        minutes_sha256="",
    )
    _key(copier, here.code, key, sealing.new_data_key(), "session", held)
    for mandate, _, _ in here.by_role["member"]:
        copier.add(
            "commissions_convocation",
            id=uid(chance),
            session_id=key,
            mandate_id=mandate,
            sent_on=held - timedelta(days=20),
            presence="unknown" if coming else "present",
        )
    return key, held


def _key(copier: Copier, code: str, subject: uuid.UUID, key: bytes, kind: str, on: date) -> None:
    owner = vault.owner_of(code)
    copier.add(
        "security_datakey",
        subject=subject,
        kind=kind,
        owner=owner,
        department_id=code,
        wrapped=vault.service().wrap(owner, key, context=subject.bytes),
        made_on=on,
    )


def _file(here: Department_, copier: Copier, chance: random.Random, number: int) -> uuid.UUID:
    """One person: her file, key, requests, decisions, periods, rights, documents, items of agenda."""
    state, last, periods = drawn(chance)
    asso, _, body = here.by_role["association"][number % 2]
    prefect, decider, _ = here.by_role["prefect"][0]
    delegate, proposer, _ = here.by_role["delegate"][0]
    file, key = uid(chance), sealing.new_data_key()
    ends = {"in_path": 60, "ended": 200, "closed": 420}.get(state, 30) + chance.randint(0, 100)
    opened = TODAY - timedelta(days=ends + 190 * max(periods, 1))
    born = date(1985, 1, 1) + timedelta(days=chance.randint(0, 7000))
    filed = None if last == "draft" else opened + timedelta(days=5)

    def seal(table: str, column: str, row: uuid.UUID, value: Any) -> bytes:
        return sealing.seal_json(key, sealing.Place(table, column, str(row)), value)

    identity = {
        "family_name": f"Exemple{number}",
        "given_names": "Personne",
        "usual_name": None,
        "birth_date": born.isoformat(),
        "nationality": "NG",
    }
    mac = vault.mac_of(vault.owner_of(here.code))
    known = filed is not None
    copier.add(
        "psp_file",
        id=file,
        department_id=here.code,
        body_id=body,
        reference=f"{here.code}-{number:08X}",
        state=state,
        identity=seal("psp_file", "identity", file, identity) if known else None,
        name_index=blind.name_index(mac, "psp_file.name", f"Exemple{number} Personne") if known else None,
        birth_index=blind.date_index(mac, "psp_file.birth", born) if known else None,
        sound_index=blind.duplicate_index(mac, "psp_file.sound", (f"Exemple{number}", "Personne"), born)
        if known
        else None,
        opened_on=opened,
        filed_on=filed,
        closed_on=TODAY - timedelta(days=ends - 30) if state == "closed" else None,
        last_contact_on=TODAY - timedelta(days=max(ends - 40, 0)),
    )
    _key(copier, here.code, file, key, "file", opened)
    for turn in range(max(periods, 1)):
        begins = opened + timedelta(days=190 * turn)
        over = turn < periods - 1
        request = uid(chance)
        request_state = "closed" if over else last
        moved = begins + timedelta(days=chance.randint(5, 60))
        copier.add(
            "psp_request",
            id=request,
            file_id=file,
            kind="renewal" if turn else "first",
            form_version=1,
            form=seal("psp_request", "form", request, FORM | {"kind": "renewal" if turn else "first"}),
            state=request_state,
            started_on=begins,
            saved_at=f"{begins}T10:00:00Z",
            filed_on=begins + timedelta(days=5) if known else None,
            complete_on=begins + timedelta(days=15) if request_state not in ("draft", "filed", "incomplete") else None,
            moved_on=min(moved, TODAY),
        )
        document = uid(chance)
        _document(copier, seal, key, document, file, request, "notification" if known else "path", begins, asso)
        heard = request_state not in ("draft", "filed", "incomplete", "complete")
        if heard:
            _item(here, copier, chance, seal, file, request, request_state, number, asso, body)
        if request_state in ("closed", "grant_notified"):
            start = begins + timedelta(days=20)
            decision = uid(chance)
            _decision(copier, decision, request, file, start, prefect, decider, document, outcome="granted")
            copier.add(
                "psp_period",
                id=uid(chance),
                file_id=file,
                decision_id=decision,
                starts_on=start,
                ends_on=last_day(start, 6),
                ended_early=False,
            )
            for kind in ("aps", "afis", "housing"):
                copier.add(
                    "psp_right",
                    id=uid(chance),
                    file_id=file,
                    kind=kind,
                    asked_on=start,
                    granted_on=start + timedelta(days=10),
                    effective_on=start + timedelta(days=40) if kind != "housing" else None,
                    ends_on=start + timedelta(days=180) if kind == "aps" else None,
                )
        elif request_state in ("refusal_notified", "refusal_proposed"):
            decision = uid(chance)
            reasons = seal(
                "psp_decision", "reasons", decision, {"codes": ["not_victim"], "written": "Motif inventé. " * 20}
            )
            told = request_state == "refusal_notified"
            _decision(
                copier,
                decision,
                request,
                file,
                begins + timedelta(days=20),
                delegate,
                proposer,
                document if told else None,
                outcome="refused",
                reasons=reasons,
                has_reasons=True,
                appeal_ways="2026-1",
                confirmed_by=prefect if told else None,
                confirmed_person=decider if told else None,
                confirmed_on=begins + timedelta(days=21) if told else None,
            )
    return file


def _item(
    here: Department_,
    copier: Copier,
    chance: random.Random,
    seal: Callable[..., bytes],
    file: uuid.UUID,
    request: uuid.UUID,
    state: str,
    number: int,
    asso: uuid.UUID,
    body: uuid.UUID,
) -> None:
    """On an agenda: the session to come for what waits for it, one of those held for the others."""
    coming = state == "scheduled"
    session, held, position = _place(here, copier, chance, coming=coming)
    item = uid(chance)
    copier.add(
        "commissions_item",
        id=item,
        session_id=session,
        request_id=request,
        file_id=file,
        position=position,
        opinion="" if coming else "favourable",
        votes_for=None if coming else 1,
        votes_against=None if coming else 0,
        abstentions=None if coming else 0,
        reasons=None if coming else seal("commissions_item", "reasons", item, "Avis inventé."),
        given_on=None if coming else held,
    )
    copier.add("commissions_recusal", id=uid(chance), item_id=item, body_id=body, cause="filed", recorded_on=held)


def _document(
    copier: Copier,
    seal: Callable[..., bytes],
    key: bytes,
    row: uuid.UUID,
    file: uuid.UUID,
    request: uuid.UUID,
    kind: str,
    on: date,
    by: uuid.UUID,
) -> None:
    copier.add(
        "psp_supporting",
        id=row,
        file_id=file,
        request_id=request,
        kind=kind,
        media_type="application/pdf",
        name=seal("psp_supporting", "name", row, "piece.pdf"),
        original=sealing.seal(key, sealing.Place("psp_supporting", "original", str(row)), DOCUMENT),
        copy=sealing.seal(key, sealing.Place("psp_supporting", "copy", str(row)), DOCUMENT),
        scanned="not_scanned",
        added_on=on,
        added_by=by,
    )


def _decision(
    copier: Copier,
    row: uuid.UUID,
    request: uuid.UUID,
    file: uuid.UUID,
    on: date,
    by: uuid.UUID,
    person: uuid.UUID,
    proof: uuid.UUID | None,
    *,
    outcome: str,
    reasons: bytes | None = None,
    has_reasons: bool = False,
    appeal_ways: str = "",
    confirmed_by: uuid.UUID | None = None,
    confirmed_person: uuid.UUID | None = None,
    confirmed_on: date | None = None,
) -> None:
    copier.add(
        "psp_decision",
        id=row,
        request_id=request,
        file_id=file,
        outcome=outcome,
        decided_on=on,
        decided_by=by,
        decided_person=person,
        reasons=reasons,
        has_reasons=has_reasons,
        appeal_ways=appeal_ways,
        confirmed_by=confirmed_by,
        confirmed_person=confirmed_person,
        confirmed_on=confirmed_on,
        notified_on=on + timedelta(days=5) if proof else None,
        notified_by="hand" if proof else "",
        proof_id=proof,
    )
