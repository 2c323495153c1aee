"""What the data protection officer reads: the journal, and the weeks that are not like the others."""

from datetime import date, datetime, timedelta
from uuid import UUID

from attrs import frozen
from django.db import connection, transaction
from django.utils import timezone

from egide_registry.access import rules
from egide_registry.access.actions.glasses import references_of
from egide_registry.access.words import detail_in_words
from egide_registry.accounts.models import Body, Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import LABELS, Role
from egide_registry.accounts.sign_in import identities
from egide_registry.audit import actions as audit
from egide_registry.audit.events import LABELS as EVENTS
from egide_registry.audit.events import READS, Event
from egide_registry.audit.models import Entry
from egide_registry.files.acts import Extract, Read
from egide_registry.files.pdf import extract_pdf
from egide_registry.psp.models import File

MOST = 200  # lines of a page
WEEKS = 8  # before this one, for the median


@frozen(kw_only=True)
class Line:
    """One entry, in words."""

    seq: int
    at: datetime
    event: str
    who: str
    reference: str
    detail: str


def file_named(reference: str) -> UUID | None:
    """The file of an opaque reference of the department, None if there is none."""
    said = rules.as_reference(reference)
    if said is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT security.file_named(%s)", [said])
        ((found,),) = cursor.fetchall()
    return None if found is None else UUID(str(found))


def people(by: Mandate) -> dict[UUID, str]:
    """Who works in the department, by name, with their roles."""
    check_role(by, Role.DPO)
    mandates = list(Mandate.objects.filter(department_id=by.department_id).select_related("person", "body"))
    names = identities(list({mandate.person_id: mandate.person for mandate in mandates}.values()))
    return {key: said["name"] for key, said in sorted(names.items(), key=lambda pair: pair[1]["name"])}


@transaction.atomic
def read(*, by: Mandate, first: date, last: date, file: UUID | None = None, person: UUID | None = None) -> list[Line]:
    """Entries of the department between two days, newest first. Reading them is an entry too."""
    check_role(by, Role.DPO)
    since = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    until = timezone.make_aware(datetime.combine(last + timedelta(days=1), datetime.min.time()))
    entries = audit.read_journal(by=by, since=since, until=until, subject=file, person=person, most=MOST)
    labels = _mandates(by)
    known = references_of([entry.subject for entry in entries if entry.subject])
    return [
        Line(
            seq=entry.seq,
            at=entry.at,
            event=EVENTS[Event(entry.event)],
            who=labels.get(entry.mandate, "sans mandat") if entry.mandate else "sans mandat",
            reference=known.get(entry.subject, "") if entry.subject else "",
            detail=detail_in_words(entry.detail),
        )
        for entry in entries
    ]


def _mandates(by: Mandate) -> dict[UUID, str]:
    mandates = Mandate.objects.filter(department_id=by.department_id).select_related("body")
    return {one.pk: f"{LABELS[Role(one.role)]}, {one.body.name}" for one in mandates}


@frozen(kw_only=True)
class Week:
    """A mandate whose last seven days are not like its others."""

    who: str
    person: UUID
    found: rules.Unusual


@transaction.atomic
def unusual_reads(*, by: Mandate, now: datetime) -> list[Week]:
    """Counts of the last seven days beside each mandate's own median of the eight weeks before."""
    check_role(by, Role.DPO)
    since = now - timedelta(weeks=1)
    rows = Entry.objects.filter(
        chain=by.department_id,
        event__in=sorted(event.value for event in READS),
        at__gte=since - timedelta(weeks=WEEKS),
        mandate__isnull=False,
        subject__isnull=False,
    ).values_list("mandate", "subject", "at")
    readings = [
        rules.Reading(mandate=mandate, file=file, at=timezone.localtime(at))
        for mandate, file, at in rows
        if mandate and file
    ]
    labels, persons = _mandates(by), dict(Mandate.objects.values_list("pk", "person_id"))
    found = [
        Week(who=labels[one.mandate], person=persons[one.mandate], found=one)
        for one in rules.unusual(readings, since=timezone.localtime(since), weeks=WEEKS)
        if one.mandate in labels
    ]
    audit.record(Event.JOURNAL_READ, by=by, act="unusual", entries=len(readings))
    return found


@transaction.atomic
def extract(file_id: UUID, *, by: Mandate, on: date) -> tuple[str, bytes]:
    """« Qui a consulté mon dossier », as a PDF to give to the person. Raises `File.DoesNotExist`, PermissionDenied."""
    file = File.objects.get(pk=file_id)
    lines = audit.who_read(file.pk, by=by)
    bodies = dict(Body.objects.filter(pk__in=[line.body for line in lines if line.body]).values_list("pk", "name"))
    reads = tuple(
        Read(
            on=line.day,
            body=bodies[line.body] if line.body else "travaux automatiques",
            purpose=line.label,
            times=line.times,
        )
        for line in lines
    )
    given = Extract(
        reference=file.reference,
        department=by.department.name,
        made_on=on,
        first=file.opened_on,
        last=on,
        reads=reads,
        contact=f"{by.body.name}, qui vous remet ce relevé.",
    )
    return file.reference, extract_pdf(given)
