"""Writing to the journal, and reading it. The database writes who acts; the code says only what was done."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from attrs import frozen
from django.core.exceptions import PermissionDenied
from django.db import connections, transaction
from django.db.utils import ProgrammingError

from egide_registry.audit.details import Detail, canonical_detail
from egide_registry.audit.events import LABELS, READS, Event
from egide_registry.audit.models import Entry


class Acting(Protocol):
    """A mandate, as far as the journal needs to know it."""

    @property
    def pk(self) -> Any: ...
    @property
    def role(self) -> Any: ...
    @property
    def department_id(self) -> Any: ...


@frozen(kw_only=True)
class Read:
    """One line of the extract « who read my file »: a body, a day, what was done and how many times."""

    day: date
    body: UUID | None  # None: by no mandate; the caller knows the names of bodies
    event: Event
    times: int

    @property
    def label(self) -> str:
        """What was done, in French."""
        return LABELS[self.event]


def record(
    event: Event, *, by: Acting | None = None, subject: UUID | None = None, using: str = "default", **detail: Detail
) -> int:
    """Add one entry and give its number in the chain.

    In:     `by`, the mandate that acts (None before one is chosen): the database knows it from the signed context and
            refuses another; `subject`, the file for whatever happens to a file or to a part of it; `detail`, codes,
            identifiers, dates, numbers.
    Raises: NotACode for anything else in `detail`; ProgrammingError if `by` is not who acts.
    Call it last: the head of the department's chain stays locked until the transaction ends.
    """
    values = [event.value, None if by is None else by.pk, subject, canonical_detail(detail)]
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT security.record(%s, %s, %s, %s)", values)
        return int(cursor.fetchone()[0])


_held: ContextVar[list[tuple[Event, Acting, UUID | None, dict[str, Detail]]] | None] = ContextVar("held", default=None)


def read(event: Event, *, by: Acting, subject: UUID | None = None, **detail: Detail) -> None:
    """Add an entry for a reading: at once, or with the others of a request when its page is drawn.

    Drawing takes time, and the head of the chain would stay locked meanwhile for the whole department.
    """
    held = _held.get()
    if held is None:
        record(event, by=by, subject=subject, using="default", **detail)
    else:
        held.append((event, by, subject, detail))


@contextmanager
def holding() -> Iterator[None]:
    """Keep the readings of a request until `write_held`, in the same transaction."""
    before = _held.set([])
    try:
        yield
    finally:
        _held.reset(before)


def write_held() -> None:
    """Write the readings that were kept. The answer must not leave without it."""
    held = _held.get() or []
    while held:
        event, by, subject, detail = held.pop(0)
        record(event, by=by, subject=subject, using="default", **detail)


@transaction.atomic
def who_read(file: UUID, *, by: Acting) -> list[Read]:
    """Who read this file, by body and by day, oldest first; this extract is itself journalled.

    Raises PermissionDenied unless the mandate serves the file. Reads in another department, before a transfer, count.
    """
    events = sorted(event.value for event in READS)
    try:
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute("SELECT day, body, event, times FROM security.who_read(%s, %s)", [file, events])
            rows = cursor.fetchall()
    except ProgrammingError as refused:
        raise PermissionDenied("Ce dossier n’est pas suivi par votre mandat.") from refused
    read(Event.EXTRACT_GIVEN, by=by, subject=file)
    return [Read(day=day, body=body, event=Event(event), times=times) for day, body, event, times in rows]


@transaction.atomic
def read_journal(
    *,
    by: Acting,
    since: datetime,
    until: datetime,
    subject: UUID | None = None,
    person: UUID | None = None,
    most: int = 200,
) -> list[Entry]:
    """Entries of the department, newest first, of a file or of a person if one is named. The reading is journalled."""
    if by.role != "dpo":
        raise PermissionDenied("Le journal se lit avec un mandat de délégué à la protection des données.")
    found = Entry.objects.filter(chain=by.department_id, at__gte=since, at__lt=until)
    if subject is not None:
        found = found.filter(subject=subject)
    if person is not None:
        found = found.filter(person=person)
    entries = list(found.order_by("-seq")[:most])
    record(Event.JOURNAL_READ, by=by, subject=subject, person=person, entries=len(entries))
    return entries
