"""What leaves says why, is encrypted, bears a mark on each page, and has a line for each file in the journal."""

import json
import re
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
import pyzipper
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from egide_registry.access import rules
from egide_registry.access.actions import exports, seconds
from egide_registry.access.models import Export, FourEyes
from egide_registry.accounts.models import Body, Mandate
from egide_registry.accounts.rules import Role
from egide_registry.audit.models import Entry
from egide_registry.files.archive import new_password
from egide_registry.psp.models import Request
from egide_registry.psp.rules.refusals import RuleRefused
from support import psp
from support.live import sign_in
from support.registry import World, acting

WHY: Any = {"purpose": "court", "basis": "gdpr_9_2_f"}


def left(requests: list[Request], by: Mandate, password: str = "", **more: Any) -> exports.Left:
    with acting(by):
        files = exports.chosen([request.file.reference for request in requests], by=by)
        said = {"by": by, "now": timezone.now(), "password": password or new_password(), **WHY, **more}
        return exports.export(files, **said)


def signed_of(page: HttpResponse) -> str:
    """The password as the page gives it back."""
    found = re.search(r'name="password" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def test_the_archive_opens_with_its_password_and_holds_summary_and_documents(world: World):
    request, by, password = psp.filed(world), world[Role.DELEGATE], new_password()
    made = left([request], by, password)
    assert sha256(made.data).hexdigest() == made.row.sha256
    with pyzipper.AESZipFile(BytesIO(made.data)) as folder:
        with pytest.raises(RuntimeError):
            folder.read("manifeste.json", pwd=b"un autre mot de passe")
        told = json.loads(folder.read("manifeste.json", pwd=password.encode()))
        labels = [one["contenu"] for one in told["fichiers"]]
        assert labels[0] == f"{request.file.reference}, synthèse"
        assert len(labels) == 3  # and the two documents that a first request needs
        with pikepdf.open(BytesIO(folder.read("piece-001.pdf", pwd=password.encode()))) as pdf:
            assert psp.FAMILY_NAME not in str(pdf.docinfo.get("/Title", ""))
    assert psp.FAMILY_NAME.encode() not in made.data


def test_each_file_has_its_line_in_the_journal_and_the_archive_its_fingerprint(world: World):
    one, two, by = psp.filed(world), psp.filed(world), world[Role.ASSOCIATION]
    made = left([one, two], by)
    entries = Entry.objects.using("journal").filter(chain=world.code, event="exported")
    assert {entry.subject for entry in entries} == {one.file.pk, two.file.pk, None}
    (whole,) = [entry for entry in entries if entry.subject is None]
    assert made.row.sha256 in whole.detail


def test_purpose_and_ground_are_of_the_lists(world: World):
    request = psp.filed(world)
    with pytest.raises(RuleRefused) as refused:
        left([request], world[Role.DELEGATE], purpose="curiosity", basis="because")
    assert [defect.place for defect in refused.value.defects] == ["finalité", "base légale"]


def test_only_files_that_one_serves_are_exported(world: World):
    request = psp.filed(world)
    neighbour = world.new(Role.ASSOCIATION, body=world.body(Body.Kind.ASSOCIATION))
    for by in (neighbour, World()[Role.DELEGATE]):
        with pytest.raises(RuleRefused, match="référence inconnue"):
            left([request], by)


@pytest.mark.parametrize("role", sorted(set(Role) - set(exports.EXPORTERS)))
def test_members_and_the_others_export_nothing(world: World, role: Role):
    with pytest.raises(PermissionDenied):
        left([psp.filed(world)], world[role])


def test_beyond_the_cap_a_second_person_confirms_these_files_for_this_reason(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rules, "EXPORT_CAP", 1)
    requests, delegate = [psp.filed(world), psp.filed(world)], world[Role.DELEGATE]
    with pytest.raises(RuleRefused, match="seconde personne"):
        left(requests, delegate)
    with acting(delegate):
        keys = [request.file.pk for request in requests]
        row = seconds.ask_export(keys, **WHY, by=delegate, now=timezone.now())
        with pytest.raises(type(row).DoesNotExist):
            exports.agreed(row.pk, by=delegate)
    officer = world[Role.DPO]
    with acting(officer):
        seconds.decide(row.pk, confirmed=True, by=officer, now=timezone.now())
    with acting(delegate):
        second = exports.agreed(row.pk, by=delegate)
    assert left(requests, delegate, second=second).row.files == 2
    with acting(delegate), pytest.raises(type(row).DoesNotExist):
        exports.agreed(row.pk, by=delegate)  # it has served


def test_the_database_holds_the_cap_too(world: World):
    by = world[Role.DELEGATE]
    with pytest.raises(DatabaseError, match="second person"), acting(by):
        Export(
            id=uuid4(), mandate=by, department_id=world.code, purpose="court", legal_basis="gdpr_15", files=26,
            made_at=timezone.now(), expires_on=timezone.localdate(), sha256="0" * 64,
        ).save(force_insert=True)  # fmt: skip


def test_the_password_is_shown_once_and_stored_nowhere(world: World):
    request = psp.filed(world)
    client = Client()
    sign_in(client, world[Role.DELEGATE])
    asked = {"references": request.file.reference, **WHY}
    page = client.post(reverse("access:export"), asked)
    signed = signed_of(page)
    password = signed.split(":")[0]
    assert page.content.decode().count(f">{password}<") == 1
    assert password not in client.get(reverse("access:export")).content.decode()
    answer = client.post(reverse("access:export_download"), asked | {"password": signed})
    assert answer["Content-Type"] == "application/zip"
    with pyzipper.AESZipFile(BytesIO(answer.content)) as folder:
        assert folder.read("manifeste.json", pwd=password.encode())
    forged = client.post(reverse("access:export_download"), asked | {"password": "a" * 39})
    assert forged.status_code == 302  # back to the beginning
    with acting(world[Role.DELEGATE]):
        assert Export.objects.filter(mandate=world[Role.DELEGATE]).count() == 1


def test_a_bulk_export_goes_through_its_pages(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "EXPORT_CAP", 1)
    requests = [psp.filed(world), psp.filed(world)]
    client, other = Client(), Client()
    sign_in(client, world[Role.DELEGATE])
    sign_in(other, world[Role.PREFECT])
    asked = {"references": "\n".join(request.file.reference for request in requests), **WHY}
    assert client.post(reverse("access:export"), asked).headers["Location"] == reverse("access:seconds")
    with acting(world[Role.PREFECT]):
        second = FourEyes.objects.get(department=world.code).pk
    assert requests[0].file.reference in other.get(reverse("access:seconds")).content.decode()
    other.post(reverse("access:decide", args=[second]), {"answer": "yes"})
    page = client.post(reverse("access:export_confirmed", args=[second]))
    assert page.status_code == 200
    said = asked | {"password": signed_of(page), "second": second}
    assert client.post(reverse("access:export_download"), said)["Content-Type"] == "application/zip"
