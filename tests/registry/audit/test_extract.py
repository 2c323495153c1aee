"""« Qui a lu mon dossier » : by body and by day, for whoever serves the file and nobody else."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from egide_registry.accounts.models import Body, Mandate
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.audit.models import Entry
from egide_registry.psp.models import File
from support.registry import DAY, World, acting


def opened(world: World, *, filed: bool = True) -> UUID:
    """A file of the association."""
    mandate = world[Role.ASSOCIATION]
    with acting(mandate):
        file = File.objects.create(
            department=world.department,
            body=mandate.body,
            reference=uuid4().hex[:12],
            opened_on=DAY,
            last_contact_on=DAY,
        )
        if filed:
            File.objects.filter(pk=file.pk).update(filed_on=DAY)
    return file.pk


def read(file: UUID, mandate: Mandate, event: Event = Event.FILE_READ) -> None:
    with acting(mandate):
        audit.record(event, by=mandate, subject=file)


def extract(file: UUID, mandate: Mandate) -> list[tuple[date, UUID | None, str, int]]:
    with acting(mandate):
        return [(line.day, line.body, line.label, line.times) for line in audit.who_read(file, by=mandate)]


def test_who_serves_the_file_sees_who_read_it_by_body_and_by_day(world: World):
    file, association, delegate = opened(world), world[Role.ASSOCIATION], world[Role.DELEGATE]
    read(file, association)
    read(file, association)
    read(file, delegate, Event.DOCUMENT_READ)
    read(file, delegate, Event.REQUEST_MOVED)  # a writing is not a reading
    read(uuid4(), delegate)  # another file
    today = datetime.now(UTC).astimezone(ZoneInfo("Europe/Paris")).date()
    expected = {
        (today, association.body_id, "Dossier consulté", 2),
        (today, delegate.body_id, "Pièce consultée", 1),
    }
    for mandate in (association, delegate, world[Role.PREFECT]):
        assert set(extract(file, mandate)) == expected


def test_the_extract_is_journalled_in_turn(world: World):
    file, mandate = opened(world), world[Role.DELEGATE]
    extract(file, mandate)
    last = Entry.objects.using("journal").filter(chain=world.code).order_by("seq").last()
    assert last is not None
    assert (last.event, last.subject, last.mandate) == ("extract_given", file, mandate.pk)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT}))
def test_a_mandate_that_serves_no_file_gets_no_extract(world: World, role: Role):
    file = opened(world)
    with pytest.raises(PermissionDenied, match="n’est pas suivi"):
        extract(file, world[role])


def test_another_association_or_another_department_gets_no_extract(world: World):
    file = opened(world)
    neighbour = world.new(Role.ASSOCIATION, body=world.body(Body.Kind.ASSOCIATION))
    other = World()
    for mandate in (neighbour, other[Role.DELEGATE], other[Role.ASSOCIATION]):
        with pytest.raises(PermissionDenied):
            extract(file, mandate)


def test_a_file_that_was_not_filed_has_an_extract_for_its_association_only(world: World):
    file = opened(world, filed=False)
    assert extract(file, world[Role.ASSOCIATION]) == []
    with pytest.raises(PermissionDenied):
        extract(file, world[Role.DELEGATE])


def test_a_reading_in_another_department_is_in_the_extract_with_its_body(world: World):
    file, other = opened(world), World()
    read(file, other[Role.DELEGATE])
    ((_, body, _, times),) = extract(file, world[Role.ASSOCIATION])
    assert (body, times) == (other.prefecture.pk, 1)


def test_without_a_context_there_is_no_extract(world: World):
    file = opened(world)
    with acting(None), pytest.raises(PermissionDenied):
        audit.who_read(file, by=world[Role.DELEGATE])
    with acting(None), connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('egide_app', 'security.reads_of(uuid, text[])', 'execute')")
        assert cursor.fetchone() == (False,)
