"""Breaking the glass: one file, one hour, read only, told at once, reviewed by somebody else."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from egide_registry.access.actions import glasses
from egide_registry.access.models import Glass
from egide_registry.accounts import actions as accounts
from egide_registry.accounts.models import Body, Mandate
from egide_registry.accounts.rules import Role
from egide_registry.audit.models import Entry
from egide_registry.psp.models import File, Request
from egide_registry.psp.reading import open_file
from egide_registry.psp.rules.refusals import RuleRefused
from egide_registry.security.models import DataKey
from support import psp
from support.live import sign_in
from support.registry import BEGINNING, World, acting

WORDS = "La personne appelle en pleine nuit, son association est fermée jusqu’à lundi."
LINK = "https://essai.invalid/liste"


@pytest.fixture
def stranger(world: World) -> Iterator[Mandate]:
    """Another association of the department."""
    yield world.new(Role.ASSOCIATION, body=world.body(Body.Kind.ASSOCIATION))


def broken(file: UUID, by: Mandate, words: str = WORDS) -> Glass:
    with acting(by):
        return glasses.break_glass(file, reason=Glass.Reason.DANGER, words=words, by=by, now=timezone.now(), link=LINK)


def age(glass: Glass, **by: float) -> None:
    """Make a glass older, as time would: the superuser alone can, triggers off."""
    where = {"host": connections.settings["default"]["HOST"], "user": "postgres", "dbname": "egide"}
    with psycopg.connect(**where, autocommit=True) as admin:  # type: ignore[arg-type]
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            "UPDATE access_glass SET opened_at = opened_at - %s, expires_at = expires_at - %s WHERE id = %s",
            [timedelta(**by), timedelta(**by), glass.pk],
        )


def test_before_the_glass_neither_the_file_nor_its_key_is_seen(world: World, stranger: Mandate):
    file = psp.filed(world).file.pk
    with acting(stranger):
        assert not File.objects.filter(pk=file).exists()
        assert not DataKey.objects.filter(pk=file).exists()


def test_the_glass_opens_one_file_to_read_and_no_other(world: World, stranger: Mandate):
    one, other = psp.filed(world).file.pk, psp.filed(world).file.pk
    broken(one, stranger)
    with acting(stranger):
        assert open_file(one, by=stranger, page="file").identity["family_name"] == psp.FAMILY_NAME
        assert set(File.objects.values_list("pk", flat=True)) == {one}
        assert not File.objects.filter(pk=other).exists()


def test_nothing_can_be_written_through_a_broken_glass(world: World, stranger: Mandate):
    request = psp.filed(world)
    broken(request.file.pk, stranger)
    with acting(stranger):
        assert File.objects.filter(pk=request.file.pk).update(state="closed") == 0
        assert Request.objects.filter(pk=request.pk).update(moved_on=timezone.localdate()) == 0
    with pytest.raises(File.DoesNotExist), acting(stranger):  # seen, and lent to nobody who does not serve it
        psp.join(request, "other", by=stranger)


def test_the_hour_ends_in_the_database(world: World, stranger: Mandate):
    file = psp.filed(world).file.pk
    glass = broken(file, stranger)
    assert glass.expires_at - glass.opened_at == timedelta(hours=1)
    age(glass, minutes=59)
    with acting(stranger):
        assert File.objects.filter(pk=file).exists()
    age(glass, minutes=2)
    with acting(stranger):
        assert not File.objects.filter(pk=file).exists()
        assert not DataKey.objects.filter(pk=file).exists()


def test_who_breaks_cannot_choose_how_long(world: World, stranger: Mandate):
    file = psp.filed(world).file.pk
    broken(psp.filed(world).file.pk, stranger)  # a key to copy is not needed: the row alone is tried
    soon = timezone.now() + timedelta(days=30)
    with acting(stranger):
        glass = Glass(
            id=uuid4(), mandate=stranger, person=stranger.person_id, department_id=world.code, file_id=file,
            reason="danger", words=b"v1|x", opened_at=soon, expires_at=soon + timedelta(minutes=60),
        )  # fmt: skip
        glass.save(force_insert=True)
        glass.refresh_from_db()
        assert glass.opened_at < timezone.now() + timedelta(minutes=1)
        assert Glass.objects.filter(pk=glass.pk).update(expires_at=soon) == 0


def test_the_database_itself_writes_the_journal(world: World, stranger: Mandate):
    file = psp.filed(world).file.pk
    glass = broken(file, stranger)
    last = Entry.objects.using("journal").filter(chain=world.code).order_by("seq").last()
    assert last is not None
    assert (last.event, last.subject, last.mandate) == ("glass_broken", file, stranger.pk)
    assert last.detail == f'{{"glass":"{glass.pk}","reason":"danger"}}'


def test_words_that_say_too_little_are_refused(world: World, stranger: Mandate):
    file = psp.filed(world).file.pk
    with pytest.raises(RuleRefused, match="40 signes"):
        broken(file, stranger, words="urgent")


def test_no_glass_for_a_file_of_elsewhere_a_draft_or_one_s_own(world: World, stranger: Mandate):
    other = World()
    for file in (psp.filed(other).file.pk, psp.draft(world).file.pk, uuid4()):
        with pytest.raises(PermissionDenied):
            broken(file, stranger)
    with pytest.raises(PermissionDenied):
        broken(psp.filed(world).file.pk, world[Role.ASSOCIATION])


def test_the_row_alone_does_not_reach_another_department(world: World, stranger: Mandate):
    elsewhere = psp.filed(World()).file.pk
    now = timezone.now()
    with pytest.raises(DatabaseError), acting(stranger):
        Glass(
            id=uuid4(), mandate=stranger, person=stranger.person_id, department_id=world.code, file_id=elsewhere,
            reason="danger", words=b"v1|x", opened_at=now, expires_at=now + Glass.LENGTH,
        ).save(force_insert=True)  # fmt: skip


@pytest.mark.parametrize("role", sorted(set(Role) - set(glasses.BREAKERS)))
def test_the_other_roles_break_nothing(world: World, role: Role):
    file = psp.filed(world).file.pk
    with pytest.raises(PermissionDenied):
        broken(file, world[role])


def test_delegate_and_officer_are_told_at_once_in_neutral_words(world: World, stranger: Mandate):
    world[Role.DELEGATE], world[Role.DPO]
    file = psp.filed(world).file
    mail.outbox = []
    broken(file.pk, stranger)
    assert len(mail.outbox) == 2
    assert {len(one.to) for one in mail.outbox} == {1}
    for one in mail.outbox:
        said = f"{one.subject} {one.body}"
        assert LINK in said
        assert file.reference not in said
        assert str(file.pk) not in said


def test_another_person_reviews_it_and_reads_why_without_reading_the_file(world: World, stranger: Mandate):
    officer = world[Role.DPO]
    file = psp.filed(world).file
    glass = broken(file.pk, stranger)
    with acting(officer):
        (seen,) = glasses.list_all(by=officer, now=timezone.now())
        assert (seen.words, seen.reference, seen.open, seen.overdue) == (WORDS, file.reference, True, False)
        assert not File.objects.exists()
        assert glasses.review(glass.pk, justified=False, by=officer, now=timezone.now()).justified is False
    with acting(world[Role.DELEGATE]), pytest.raises(PermissionDenied, match="déjà été relu"):
        glasses.review(glass.pk, justified=True, by=world[Role.DELEGATE], now=timezone.now())


def test_nobody_reviews_their_own_even_under_another_mandate(world: World, stranger: Mandate):
    with acting(world.administrator):
        twin = accounts.grant(
            stranger.person_id, body=world.prefecture, role=Role.DPO, by=world.administrator, starts_on=BEGINNING
        )
    glass = broken(psp.filed(world).file.pk, stranger)
    with acting(twin), pytest.raises(PermissionDenied, match="autre personne"):
        glasses.review(glass.pk, justified=True, by=twin, now=timezone.now())
    with acting(twin):
        assert Glass.objects.filter(pk=glass.pk).update(justified=True) == 0  # nor in the database


def test_a_review_that_waits_three_days_shows(world: World, stranger: Mandate):
    glass = broken(psp.filed(world).file.pk, stranger)
    age(glass, hours=71)
    officer = world[Role.DPO]
    with acting(officer):
        assert not glasses.list_all(by=officer, now=timezone.now())[0].overdue
    age(glass, hours=2)
    with acting(officer):
        assert glasses.list_all(by=officer, now=timezone.now())[0].overdue


def test_from_the_search_to_the_file_without_script(world: World, stranger: Mandate):
    file = psp.filed(world).file
    client = Client()
    sign_in(client, stranger)
    where = reverse("access:break")
    assert client.get(where).status_code == 405
    assert "Motif en clair" in client.post(where, {"file": file.pk}).content.decode()
    asked = {"file": file.pk, "reason": "danger", "words": "court"}
    assert client.post(where, asked).status_code == 422
    answer = client.post(where, asked | {"words": WORDS})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("psp:file", args=[file.pk])
    page = client.get(answer["Location"]).content.decode()
    assert "Lecture seule" in page
    assert psp.FAMILY_NAME in page


def test_the_list_is_reviewed_on_its_page(world: World, stranger: Mandate):
    glass = broken(psp.filed(world).file.pk, stranger)
    client = Client()
    sign_in(client, world[Role.DPO])
    assert "À relire" in client.get(reverse("access:glasses")).content.decode()
    assert client.post(reverse("access:review", args=[glass.pk]), {"answer": "maybe"}).status_code == 403
    assert client.post(reverse("access:review", args=[glass.pk]), {"answer": "yes"}).status_code == 302
    assert "Justifié" in client.get(reverse("access:glasses")).content.decode()
