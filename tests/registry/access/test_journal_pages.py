"""What the data protection officer reads, and the extract that a person receives."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pikepdf
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from egide_registry.access import rules
from egide_registry.access.actions import journal
from egide_registry.accounts.models import Body
from egide_registry.accounts.rules import Role
from egide_registry.audit.models import Entry
from egide_registry.psp.reading import open_file
from support import psp
from support.live import sign_in
from support.registry import World, acting

MONDAY = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
MANDATE = UUID(int=1)


def read(file: int, *, at: datetime, mandate: UUID = MANDATE) -> rules.Reading:
    return rules.Reading(mandate=mandate, file=UUID(int=file), at=at)


def office(day: int = 0) -> datetime:
    """Ten in the morning of a day of that week."""
    return MONDAY + timedelta(days=day, hours=10)


def test_many_more_files_than_one_s_own_median_shows():
    before = [read(n, at=office() - timedelta(weeks=week)) for week in range(1, 9) for n in range(4)]
    now = [read(100 + n, at=office()) for n in range(13)]
    (found,) = rules.unusual(before + now, since=MONDAY, weeks=8)
    assert (found.files, found.median, found.outside_hours) == (13, 4.0, 0)
    assert rules.unusual(before + now[:12], since=MONDAY, weeks=8) == []  # three times the median is not beyond it


def test_the_same_file_read_often_counts_once_and_a_small_week_is_no_matter():
    assert rules.unusual([read(1, at=office())] * 50, since=MONDAY, weeks=8) == []
    assert rules.unusual([read(n, at=office()) for n in range(9)], since=MONDAY, weeks=8) == []


def test_a_reading_at_night_or_on_sunday_shows():
    readings = [read(1, at=MONDAY + timedelta(hours=23)), read(2, at=office(6)), read(3, at=office())]
    (found,) = rules.unusual(readings, since=MONDAY, weeks=8)
    assert (found.files, found.outside_hours) == (3, 2)


def test_a_busy_colleague_does_not_hide_another():
    other = uuid4()
    usual = [read(n, at=office() - timedelta(weeks=week)) for week in range(1, 9) for n in range(20)]
    now = [read(n, at=office()) for n in range(20)] + [read(n, at=office(), mandate=other) for n in range(10)]
    (found,) = rules.unusual(usual + now, since=MONDAY, weeks=8)
    assert found.mandate == other


def test_the_officer_reads_the_journal_of_a_file_without_seeing_the_file(world: World):
    request, other = psp.filed(world), psp.filed(world)
    client = Client()
    sign_in(client, world[Role.DPO])
    today = timezone.localdate().isoformat()
    said_aloud = request.file.reference.replace("-", " ").lower()
    where = {"du": today, "au": today, "dossier": said_aloud}
    page = client.post(reverse("access:journal"), where)
    told = page.content.decode()
    assert page.status_code == 200
    assert "Demande avancée" in told
    assert other.file.reference not in told
    assert psp.FAMILY_NAME not in told
    last = Entry.objects.using("journal").filter(chain=world.code).order_by("seq").last()
    assert last is not None
    assert (last.event, last.subject) == ("journal_read", request.file.pk)  # reading is an entry too


def test_the_journal_is_filtered_by_who_acted(world: World):
    request, delegate = psp.filed(world), world[Role.DELEGATE]
    with acting(delegate):
        open_file(request.file.pk, by=delegate, page="file")
    client = Client()
    sign_in(client, world[Role.DPO])
    today = timezone.localdate().isoformat()
    where = {"du": today, "au": today, "personne": delegate.person_id}
    told = client.post(reverse("access:journal"), where).content.decode()
    body = told[told.index("<tbody>") :]
    assert "Dossier consulté" in body
    assert "Association agréée" not in body


def test_an_unknown_reference_or_a_reference_of_elsewhere_says_the_same(world: World):
    elsewhere = psp.filed(World()).file.reference
    client = Client()
    sign_in(client, world[Role.DPO])
    today = timezone.localdate().isoformat()
    for reference in (elsewhere, "RIEN-0000"):
        page = client.post(reverse("access:journal"), {"du": today, "au": today, "dossier": reference})
        assert page.status_code == 422
        assert "Aucun dossier du département" in page.content.decode()


def test_days_in_the_wrong_order_are_said_rather_than_answered_with_nothing(world: World):
    client = Client()
    sign_in(client, world[Role.DPO])
    page = client.post(reverse("access:journal"), {"du": "2026-03-03", "au": "2026-03-02"})
    assert page.status_code == 422
    assert "Le dernier jour précède le premier" in page.content.decode()


def test_only_the_officer_opens_the_journal(world: World):
    for role in (Role.ADMINISTRATOR,):
        client = Client()
        sign_in(client, world[role])
        assert client.get(reverse("access:journal")).status_code == 403
        assert client.get(reverse("access:unusual")).status_code == 403


def test_the_week_of_unusual_readings_counts_mandates_and_never_persons_in_care(world: World):
    delegate = world[Role.DELEGATE]
    for _ in range(3):
        request = psp.filed(world)
        with acting(delegate):
            open_file(request.file.pk, by=delegate, page="file")
    client = Client()
    sign_in(client, world[Role.DPO])
    page = client.get(reverse("access:unusual"))
    assert page.status_code == 200
    assert request.file.reference not in page.content.decode()


def test_whoever_follows_the_file_gives_the_person_the_list_of_readings(world: World):
    request = psp.filed(world)
    by, stranger = world[Role.ASSOCIATION], world.new(Role.ASSOCIATION, body=world.body(Body.Kind.ASSOCIATION))
    with acting(by):
        open_file(request.file.pk, by=by, page="file")
        reference, data = journal.extract(request.file.pk, by=by, on=timezone.localdate())
    assert reference == request.file.reference
    with pikepdf.open(BytesIO(data)) as pdf:
        assert len(pdf.pages) == 1
    client, other = Client(), Client()
    sign_in(client, by)
    sign_in(other, stranger)
    where = reverse("access:extract", args=[request.file.pk])
    assert client.post(where)["Content-Type"] == "application/pdf"
    assert other.post(where).status_code == 404
