"""Canary names go in through the pages; nothing but the pages ever says them again.

Names, texts and addresses that exist nowhere else are typed into the site by every role. Then everything that the site
leaves behind is searched for them: its logs, the log of PostgreSQL with every statement and parameter, its mails, the
addresses and titles of its pages, the journal, each column of each table, the sessions.
"""

import base64
import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import psycopg
import pytest
from attrs import define, field
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from egide_registry.accounts import actions as accounts
from egide_registry.accounts.models import Body, Mandate
from egide_registry.accounts.rules import Role
from egide_registry.accounts.sessions import SessionStore
from egide_registry.psp.actions.common import locked, move
from egide_registry.psp.models import File, Request
from egide_registry.psp.rules.states import REQUEST
from support import psp
from support.live import sign_in
from support.registry import BEGINNING, World, acting

FAMILY, GIVEN, CHOSEN = "Canarizwen", "Serinoqua", "Pinsonniqx"
BORN = "1987-11-19"
ADDRESS, PROJECT = "cagedoreeqz@essai.invalid", "Apprendre le métier de volieraxe"
STORY, MISSING, REASONS, GLASS = "récitperchoirz", "manqueplumeqz", "motifmuetteqx", "urgencebecqx"
DOCUMENT, AGENT = "piececanariqz.pdf", "Agente Rossignolqz"
SECRETS = (FAMILY, GIVEN, CHOSEN, BORN, "cagedoreeqz", "volieraxe", STORY, MISSING, REASONS, GLASS, "piececanariqz",
           "Rossignolqz", "rossignolqz")  # fmt: skip


def forms_of(secret: str) -> Iterator[str]:
    """How a secret could be written: as it is, in capitals, without accents, in hexadecimal, in base64."""
    yield from (secret, secret.upper(), secret.lower())
    for text in (secret, secret.upper()):
        yield text.encode().hex()
        # Inside a longer text, base64 depends on what comes before: the part that does not.
        for before in range(3):
            coded = base64.b64encode(b"\0" * before + text.encode()).decode()
            yield coded[4 if before else 0 : len(coded) // 4 * 4 - 4]


FOUND = re.compile("|".join(sorted({re.escape(one) for secret in SECRETS for one in forms_of(secret) if len(one) > 7})))


def hits(text: str) -> list[str]:
    """Where a canary sings: a little of what surrounds it."""
    return [text[max(0, one.start() - 60) : one.end() + 40] for one in FOUND.finditer(text)][:5]


@define
class Visitor:
    """A browser of one mandate, that keeps every address and title it was shown."""

    mandate: Mandate
    seen: list[str] = field(factory=list)
    stored: list[str] = field(factory=list)
    client: Client = field(factory=lambda: Client(raise_request_exception=False))

    def __attrs_post_init__(self) -> None:
        sign_in(self.client, self.mandate)

    def get(self, where: str, **data: Any) -> HttpResponse:
        return self._kept(self.client.get(where, data))  # type: ignore[arg-type]

    def post(self, where: str, data: dict[str, Any] | None = None) -> HttpResponse:
        return self._kept(self.client.post(where, data or {}))  # type: ignore[arg-type]

    def _kept(self, answer: HttpResponse) -> HttpResponse:
        asked = answer.request  # type: ignore[attr-defined]
        self.seen.append(unquote(f"{asked['PATH_INFO']}?{asked['QUERY_STRING']}"))
        self.seen.append(unquote(answer.get("Location", "")) + " " + unquote(answer.get("Content-Disposition", "")))
        if not answer.streaming and b"<title>" in answer.content:
            self.seen += re.findall(r"<title>(.*?)</title>", answer.content.decode(), re.S)
        self.stored.append(answer.get("Cache-Control", ""))
        return answer


@contextmanager
def superuser() -> Iterator[psycopg.Connection[Any]]:
    where: dict[str, Any] = {"host": connections.settings["default"]["HOST"], "user": "postgres", "dbname": "egide"}
    with psycopg.connect(**where, autocommit=True) as admin:
        yield admin


@pytest.fixture
def server_log(database: None) -> Iterator[Path]:
    """The log of PostgreSQL, saying every statement with its parameters."""
    spoken = {"log_statement": "'all'", "log_min_duration_statement": "0", "log_parameter_max_length": "-1",
              "log_parameter_max_length_on_error": "-1", "log_min_error_statement": "debug5"}  # fmt: skip
    with superuser() as admin:
        for name, value in spoken.items():
            admin.execute(f"ALTER SYSTEM SET {name} = {value}")  # type: ignore[arg-type]
        admin.execute("SELECT pg_reload_conf()")
        ((folder,),) = admin.execute("SHOW data_directory").fetchall()
    yield Path(folder) / "log"
    with superuser() as admin:
        for name in spoken:
            admin.execute(f"ALTER SYSTEM RESET {name}")  # type: ignore[arg-type]
        admin.execute("SELECT pg_reload_conf()")


@pytest.fixture
def site_log() -> Iterator[io.StringIO]:
    """What the handlers of the settings write."""
    written = io.StringIO()
    ours = set(settings.LOGGING["handlers"])
    handlers = [one for one in logging.getLogger().handlers if one.name in ours]
    before = [one.setStream(written) for one in handlers if isinstance(one, logging.StreamHandler)]
    assert len(before) == len(ours)
    yield written
    for one, stream in zip(handlers, before, strict=True):
        assert isinstance(one, logging.StreamHandler)
        one.setStream(stream)


def colleague(world: World, role: Role, body: Body) -> Mandate:
    """Somebody who works here and whose own name and address are canaries."""
    by = world.administrator
    with acting(by):
        person = accounts.invite(name=AGENT, email=f"rossignolqz-{uuid4()}@essai.invalid", by=by, on=BEGINNING)
        return accounts.grant(person.pk, body=body, role=role, by=by, starts_on=BEGINNING)


ANSWERS = {
    **psp.FIRST,
    "identity": psp.FIRST["identity"]
    | {"family_name": FAMILY, "given_names": GIVEN, "usual_name": CHOSEN, "birth_date": BORN},
    "situation": psp.FIRST["situation"] | {"assessment": f"{STORY} {ADDRESS}"},
    "work": psp.FIRST["work"] | {"work_project": PROJECT},
}


def filed(association: Visitor) -> Request:
    """A request written and filed page by page."""
    today = timezone.localdate().isoformat()
    assert association.post(reverse("psp:new")).status_code == 302
    with acting(association.mandate):
        request = Request.objects.select_related("file").get(file__department=association.mandate.department_id)
    signed = {"path_signed_on": today, "consent_date": today, "statement_on": today}
    for section, given in ANSWERS.items():
        dated = signed if section == "commitment" else {}
        where = reverse("psp:section", args=[request.pk, section])
        assert association.get(where).status_code == 200
        assert association.post(where, given | dated).status_code == 302, section
    identity = reverse("psp:section", args=[request.pk, "identity"])
    assert association.post(identity, {"family_name": FAMILY * 30}).status_code == 422
    assert association.post(identity, ANSWERS["identity"]).status_code == 302
    for kind in ("path", "statement"):
        sent = SimpleUploadedFile(DOCUMENT, psp.PDF, "application/pdf")
        where = reverse("psp:add_document", args=[request.pk])
        assert association.post(where, {"kind": kind, "document": sent}).status_code == 302
    wrong = SimpleUploadedFile(DOCUMENT.replace("pdf", "exe"), STORY.encode(), "application/pdf")
    association.post(reverse("psp:add_document", args=[request.pk]), {"kind": "other", "document": wrong})
    assert association.post(reverse("psp:request", args=[request.pk])).status_code == 302
    return request


def refused(association: Visitor, delegate: Visitor, request: Request) -> None:
    """Documents are asked for, sent, then the commission speaks and a refusal is proposed."""
    asked = delegate.post(reverse("psp:ask_pieces", args=[request.pk]), {"missing": f"{MISSING} et une autre pièce"})
    assert asked.status_code == 302
    assert MISSING in association.get(reverse("psp:request", args=[request.pk])).content.decode()
    assert association.post(reverse("psp:request", args=[request.pk])).status_code == 302
    assert delegate.post(reverse("psp:declare_complete", args=[request.pk])).status_code == 302
    with acting(delegate.mandate):
        for act in ("schedule", "give_opinion"):
            row = locked(Request, request.pk)
            move(row, REQUEST, act, by=delegate.mandate)
            row.save(update_fields=["state"])
    where = reverse("psp:propose_refusal", args=[request.pk])
    assert delegate.post(where, {"codes": ["not_victim"], "written": REASONS}).status_code == 422
    said = {"codes": ["not_victim"], "written": f"{REASONS} {psp.REASONS}"}
    assert delegate.post(where, said).status_code == 302


def searched(visitor: Visitor) -> HttpResponse:
    said = {"family": FAMILY, "given": GIVEN, "born": BORN}
    assert visitor.post(reverse("access:search"), {"family": f"{FAMILY}*", "given": GIVEN}).status_code == 422
    return visitor.post(reverse("access:search"), said)


def broken(visitor: Visitor, file: File) -> None:
    assert searched(visitor).status_code == 200
    assert visitor.post(reverse("access:break"), {"file": file.pk}).status_code == 200
    asked = {"file": file.pk, "reason": "danger", "words": GLASS}
    assert visitor.post(reverse("access:break"), asked).status_code == 422
    asked["words"] = f"{GLASS} {FAMILY} appelle et son association est fermée jusqu’à lundi."
    assert visitor.post(reverse("access:break"), asked).status_code == 302
    assert FAMILY in visitor.get(reverse("psp:file", args=[file.pk])).content.decode()


def exported(visitor: Visitor, file: File) -> None:
    asked = {"references": file.reference, "purpose": "court", "basis": "gdpr_9_2_f"}
    page = visitor.post(reverse("access:export"), asked).content.decode()
    signed = re.search(r'name="password" value="([^"]+)"', page)
    assert signed is not None
    sent = visitor.post(reverse("access:export_download"), asked | {"password": signed[1]})
    assert sent["Content-Type"] == "application/zip"
    visitor.post(reverse("access:export"), asked | {"references": FAMILY})  # a name where a reference was expected


def failed(visitor: Visitor, officer: Visitor, patch: pytest.MonkeyPatch) -> None:
    """404, 403 and 500, the last with a canary in the message of the exception and among its values."""
    assert visitor.get(reverse("psp:file", args=[uuid4()])).status_code == 404
    assert officer.post(reverse("access:search"), {"family": FAMILY}).status_code == 403

    def fail(*args: Any, **kwargs: Any) -> None:
        name = FAMILY
        raise RuntimeError(f"{name}, {STORY}")

    with patch.context() as patched:
        patched.setattr("egide_registry.access.actions.searching.indexes", fail)
        assert searched(visitor).status_code == 500


def everything(admin: psycopg.Connection[Any]) -> Iterator[tuple[str, str]]:
    """Every row of every table, as text: binary columns are in hexadecimal."""
    tables = admin.execute(
        "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
    ).fetchall()
    for (name,) in tables:
        for (row,) in admin.execute(f"SELECT t::text FROM {name} t"):  # type: ignore[arg-type]
            yield name, row


def test_what_is_sought_would_be_found():
    assert all(hits(f"avant {one} après") for secret in SECRETS for one in (secret, secret.encode().hex()))
    for before in ("", "a", "ab"):
        assert hits(base64.b64encode(f"{before}{FAMILY} et la suite".encode()).decode())


def test_no_canary_is_heard_outside_the_pages(
    world: World, server_log: Path, site_log: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    mail.outbox = []  # type: ignore[attr-defined]
    said_before = server_log.stat().st_size
    association = Visitor(colleague(world, Role.ASSOCIATION, world.association))
    delegate = Visitor(colleague(world, Role.DELEGATE, world.prefecture))
    officer = Visitor(colleague(world, Role.DPO, world.prefecture))
    stranger = Visitor(world.new(Role.ASSOCIATION, body=world.body(Body.Kind.ASSOCIATION)))
    administrator = Visitor(world.administrator)
    visitors = (association, delegate, officer, stranger, administrator)

    request = filed(association)
    with acting(association.mandate):
        file = File.objects.get(pk=request.file_id)
    for visitor in (association, delegate):
        assert FAMILY in visitor.get(reverse("psp:file", args=[file.pk])).content.decode()
        assert STORY in visitor.get(reverse("psp:request", args=[request.pk])).content.decode()
    assert FAMILY in association.get(reverse("psp:home"), noms="oui").content.decode()
    refused(association, delegate, request)
    assert searched(delegate).status_code == 200
    broken(stranger, file)
    assert GLASS in officer.get(reverse("access:glasses")).content.decode()
    exported(delegate, file)
    assert association.post(reverse("access:extract", args=[file.pk])).status_code == 200
    assert AGENT in administrator.get(reverse("accounts:people")).content.decode()
    today = timezone.localdate().isoformat()
    journal = officer.get(reverse("access:journal"), du=today, au=today).content.decode()
    assert not [one for secret in SECRETS if secret != "Rossignolqz" for one in hits(journal) if secret in one]
    # Names typed where a reference belongs.
    assert officer.post(reverse("access:journal"), {"du": today, "au": today, "dossier": FAMILY}).status_code == 422
    failed(stranger, officer, monkeypatch)

    assert mail.outbox  # type: ignore[attr-defined]
    mails = "\n".join(f"{one.subject} {one.body}" for one in mail.outbox)  # type: ignore[attr-defined]
    assert hits(mails) == []
    for visitor in visitors:
        assert hits("\n".join(visitor.seen)) == []
        assert {"no-store" in said for said in visitor.stored} == {True}
    assert "RuntimeError" in site_log.getvalue()
    assert hits(site_log.getvalue()) == []
    spoken = server_log.read_bytes()[said_before:].decode(errors="replace")
    assert "INSERT INTO" in spoken
    assert hits(spoken) == []
    with superuser() as admin:
        assert [(name, one) for name, row in everything(admin) for one in hits(row)] == []
    sessions = [str(SessionStore().decode(one.session_data)) for one in Session.objects.all()]
    assert sessions
    assert hits("\n".join(sessions)) == []
