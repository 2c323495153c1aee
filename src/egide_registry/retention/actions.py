"""The only writer of purges: announce, then destroy. The key goes first; without it the rest is noise."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from attrs import frozen
from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from egide_registry.access.models import Glass
from egide_registry.accounts.models import Attempt, Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.psp.actions import paths
from egide_registry.psp.actions.common import locked, locked_all, move
from egide_registry.psp.models import File, Request, Supporting
from egide_registry.psp.rules.calendar import plus_months
from egide_registry.psp.rules.states import FILE, FileState, RequestState
from egide_registry.retention import rules
from egide_registry.retention.models import Notice, Proof
from egide_registry.security import context
from egide_registry.security.models import DataKey


def keepers() -> list[tuple[UUID, UUID, str]]:
    """Person, mandate and department of each keeper of the night: identifiers only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, mandate, department FROM security.keepers() ORDER BY department")
        return list(cursor.fetchall())


@contextmanager
def as_keeper(person: UUID, mandate: UUID) -> Iterator[Mandate]:
    """One transaction of the nightly work of one department."""
    with transaction.atomic():
        context.enter(person=person, mandate=mandate)
        yield Mandate.objects.get(pk=mandate)


@frozen(kw_only=True)
class Night:
    """What a night does, or would do: paths at their term, files by step, drafts dropped, attempts forgotten."""

    department: str
    ended: tuple[UUID, ...]
    files: dict[rules.Step, tuple[UUID, ...]]
    drafts: tuple[UUID, ...]
    attempts: int


def plan(*, by: Mandate, now: datetime) -> Night:
    """What this department's night asks for. Writes nothing: this is the dry run."""
    check_role(by, Role.KEEPER)
    on = timezone.localdate(now)
    closed = File.objects.filter(department_id=by.department_id, state=FileState.CLOSED, purged_on=None)
    kept = [
        rules.Kept(
            file=file.pk,
            last_contact_on=file.last_contact_on,
            held_until=file.held_until,
            announced_on=file.last_notice,
        )
        for file in closed.annotate(last_notice=Max("notices__announced_on"))
    ]
    drafts = Request.objects.filter(
        state=RequestState.DRAFT, file__department_id=by.department_id, saved_at__lt=_forgotten(now)
    )
    old = now - timedelta(days=rules.BY_KIND[rules.Kind.ATTEMPT].days)
    running = File.objects.filter(department_id=by.department_id, state=FileState.IN_PATH)
    ended = running.annotate(last=Max("periods__ends_on")).filter(last__lt=on)
    return Night(
        department=by.department_id,
        ended=tuple(ended.values_list("pk", flat=True)),
        files=rules.plan(kept, on=on),
        drafts=tuple(drafts.values_list("pk", flat=True)),
        attempts=Attempt.objects.filter(at__lt=old).count(),
    )


def _forgotten(now: datetime) -> datetime:
    """A draft that nobody has saved since is dropped."""
    return now - timedelta(days=rules.BY_KIND[rules.Kind.DRAFT].days)


@transaction.atomic
def carry_out(night: Night, *, by: Mandate, now: datetime) -> None:
    """Do what `plan` said, for one department."""
    check_role(by, Role.KEEPER)
    on = timezone.localdate(now)
    # Held before the first entry of the journal; what was saved or filed since the plan is no forgotten draft.
    found = locked_all(Request, night.drafts)
    drafts = {
        one.pk: one.file_id for one in found if one.state == RequestState.DRAFT and one.saved_at < _forgotten(now)
    }
    locked_all(
        File, {*night.ended, *drafts.values(), *night.files[rules.Step.ANNOUNCE], *night.files[rules.Step.PURGE]}
    )
    for key in night.ended:
        paths.end_at_term(key, by=by, on=on)
    for key in drafts:
        _drop(key, by, on)
    Attempt.objects.filter(at__lt=now - timedelta(days=rules.BY_KIND[rules.Kind.ATTEMPT].days)).delete()
    # Of a file that left for another department, the words of a broken glass would outlive the file.
    first = plus_months(on, -rules.BY_KIND[rules.Kind.GLASS].months)
    _forget_words(Glass.objects.filter(department_id=by.department_id, opened_at__date__lte=first), on)
    for key in night.files[rules.Step.ANNOUNCE]:
        announce(key, by=by, on=on)
    for key in night.files[rules.Step.PURGE]:
        purge(key, by=by, on=on)


def _drop(key: UUID, by: Mandate, on: date) -> None:
    request = locked(Request, key)
    Supporting.objects.filter(request=request).delete()
    file_id = request.file_id
    request.delete()
    audit.record(Event.DRAFT_DROPPED, by=by, subject=file_id, request=str(key))
    file = locked(File, file_id)
    if file.filed_on is None and not file.requests.exists() and file.state == FileState.OPEN:
        # Nobody but the association ever saw it, and nothing is left in it.
        _shred(file, by, on, act="drop_empty")


@transaction.atomic
def announce(file_id: UUID, *, by: Mandate, on: date) -> Notice:
    """Tell those who serve the file that it goes in thirty days."""
    check_role(by, Role.KEEPER)
    due = on + timedelta(days=rules.NOTICE_DAYS)
    notice = Notice(id=uuid4(), file_id=file_id, department_id=by.department_id, announced_on=on, due_on=due)
    notice.save(force_insert=True)
    audit.record(Event.PURGE_ANNOUNCED, by=by, subject=file_id, due=due)
    return notice


@transaction.atomic
def purge(file_id: UUID, *, by: Mandate, on: date) -> Proof:
    """Destroy the key of a file, then its sealed bytes and its indexes; leave the proof.

    Refuses, with the step that the day asks for, a file whose time has not come.
    """
    check_role(by, Role.KEEPER)
    file = locked(File, file_id)
    last = Notice.objects.filter(file=file).aggregate(last=Max("announced_on"))["last"]
    asked = rules.step(
        rules.Kept(file=file.pk, last_contact_on=file.last_contact_on, held_until=file.held_until, announced_on=last),
        on=on,
    )
    if asked is not rules.Step.PURGE:
        raise ValueError(f"{file.pk}: not to be purged on {on}, the schedule says « {asked} »")
    return _shred(file, by, on, act="purge")


def _forget_words(glasses: QuerySet[Glass], on: date) -> None:
    keys = DataKey.objects.filter(subject__in=glasses.values("pk"), wrapped__isnull=False)
    keys.update(wrapped=None, destroyed_on=on)


def _shred(file: File, by: Mandate, on: date, *, act: str) -> Proof:
    key = DataKey.objects.select_for_update().get(subject=file.pk)
    fingerprint = hashlib.sha256(bytes(key.wrapped or b"")).hexdigest()
    key.wrapped, key.destroyed_on = None, on
    key.save(update_fields=["wrapped", "destroyed_on"])
    _forget_words(Glass.objects.filter(file_id=file.pk), on)
    documents = Supporting.objects.filter(file=file).update(name=None, original=None, copy=None)
    Request.objects.filter(file=file).update(form=None, asked_for=None)
    move(file, FILE, act, by=by)
    file.identity = file.name_index = file.birth_index = file.sound_index = None
    file.purged_on = on
    file.save(update_fields=["state", "identity", "name_index", "birth_index", "sound_index", "purged_on"])
    seq = audit.record(Event.FILE_PURGED, by=by, subject=file.pk, key=fingerprint)
    proof = Proof(
        file=file,
        department_id=by.department_id,
        purged_on=on,
        wrapped_sha256=fingerprint,
        documents=documents,
        journal_seq=seq,
    )
    proof.save(force_insert=True)
    return proof
