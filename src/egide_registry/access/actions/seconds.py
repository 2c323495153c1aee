"""A second person, never the same one under another mandate: asked, then confirmed or turned down, once."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from egide.errors import Defect
from egide_registry.access import rules
from egide_registry.access.models import FourEyes
from egide_registry.accounts import actions as accounts
from egide_registry.accounts.models import Mandate, Person
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.psp.actions.common import locked
from egide_registry.psp.models import File
from egide_registry.psp.rules.refusals import refuse_if

Kind = FourEyes.Kind
ASKERS = {
    Kind.EXPORT: (Role.DELEGATE, Role.PREFECT),
    Kind.ATTACH: (Role.ADMINISTRATOR,),
    Kind.PURGE_HOLD: (Role.DELEGATE, Role.PREFECT),
}
DECIDERS = {
    Kind.EXPORT: (Role.DELEGATE, Role.PREFECT, Role.DPO),
    Kind.ATTACH: (Role.ADMINISTRATOR,),
    Kind.PURGE_HOLD: (Role.DELEGATE, Role.PREFECT),
}
SEEING = tuple(sorted({role for roles in DECIDERS.values() for role in roles}))


def digest(files: Iterable[UUID], purpose: str, basis: str) -> UUID:
    """What an export is about, in one identifier: the same files for the same reason."""
    said = "|".join((*sorted(map(str, files)), purpose, basis))
    return UUID(bytes=hashlib.sha256(said.encode()).digest()[:16])


@transaction.atomic
def _ask(kind: FourEyes.Kind, target: UUID, *, by: Mandate, now: datetime, **asked: object) -> FourEyes:
    check_role(by, *ASKERS[kind])
    if FourEyes.objects.filter(kind=kind, target=target, confirmed=None).exists():
        got, way_out = "une question déjà posée", "Attendez la réponse, ou demandez qu’elle soit écartée."
        refuse_if([Defect(place=kind.label, expected="une seule question à la fois", got=got, way_out=way_out)])
    row = FourEyes(
        id=uuid4(),
        kind=kind,
        department_id=by.department_id,
        target=target,
        asked_by_id=by.pk,
        asked_person=by.person_id,
        asked_at=now,
        **asked,
    )
    row.save(force_insert=True)
    subject = target if kind is Kind.PURGE_HOLD else None
    audit.record(Event.SECOND_ASKED, by=by, subject=subject, kind=kind.value, second=str(row.pk))
    return row


def ask_export(files: list[UUID], *, purpose: str, basis: str, by: Mandate, now: datetime) -> FourEyes:
    """Ask that more files than the cap may leave, for one purpose."""
    refuse_if(rules.export_defects(len(files), purpose=purpose, basis=basis))
    asked = {"files": sorted(files), "purpose": purpose, "legal_basis": basis}
    return _ask(Kind.EXPORT, digest(files, purpose, basis), by=by, now=now, **asked)


def ask_hold(file_id: UUID, *, until: date, by: Mandate, now: datetime) -> FourEyes:
    """Ask to keep a file beyond its time, until a day. Raises `File.DoesNotExist`."""
    refuse_if(rules.hold_defects(until, on=timezone.localdate(now)))
    return _ask(Kind.PURGE_HOLD, File.objects.get(pk=file_id).pk, by=by, now=now, until=until)


def ask_attachment(account: UUID, identity_index: str, *, by: Mandate, now: datetime) -> FourEyes:
    """Ask to tie an identity of the State to somebody's account."""
    if account == by.person_id:
        raise PermissionDenied("Personne ne rattache sa propre identité\u00a0: demandez à une autre personne.")
    accounts.check_only_here(account)
    target = accounts.attachment(account, identity_index)
    return _ask(Kind.ATTACH, target, by=by, now=now, account=account, identity_index=identity_index)


@transaction.atomic
def decide(second_id: UUID, *, confirmed: bool, by: Mandate, now: datetime) -> FourEyes:
    """Confirm or turn down, as another person. A confirmed hold or attachment is done at once; an export by its asker.

    Raises RuleRefused for the person who asked, whatever their mandate now, and for a question already answered.
    """
    # Not locked: the database hides one's own and the answered ones from a lock, and lets one answer in by itself.
    row = FourEyes.objects.get(pk=second_id, department_id=by.department_id)
    check_role(by, *DECIDERS[Kind(row.kind)])
    if row.asked_person == by.person_id:
        got, way_out = "celle qui a demandé", "Faites relire par une autre personne, même si vous avez deux mandats."
        refuse_if([Defect(place="seconde personne", expected="une autre personne", got=got, way_out=way_out)])
    if row.decided_at is not None:
        way_out = "Posez une nouvelle question s’il le faut."
        refuse_if([Defect(place="réponse", expected="une seule réponse", got="une autre", way_out=way_out)])
    row.decided_by_id, row.decided_person, row.decided_at, row.confirmed = by.pk, by.person_id, now, confirmed
    row.save(update_fields=["decided_by", "decided_person", "decided_at", "confirmed"])
    if confirmed:
        _carry_out(row, by, timezone.localdate(now))
    subject = row.target if row.kind == Kind.PURGE_HOLD else None
    answer = "confirmed" if confirmed else "turned_down"
    audit.record(Event.SECOND_GIVEN, by=by, subject=subject, kind=row.kind, second=str(row.pk), answer=answer)
    return row


def _carry_out(row: FourEyes, by: Mandate, on: date) -> None:
    if row.kind == Kind.PURGE_HOLD:
        locked(File, row.target)
        File.objects.filter(pk=row.target).update(held_until=row.until)
        audit.record(Event.FILE_HELD, by=by, subject=row.target, until=row.until, second=str(row.pk))
    elif row.kind == Kind.ATTACH and row.account is not None:
        person = Person.objects.get(pk=row.account)
        accounts.attach_identity(person, row.identity_index, by=by, four_eyes_id=row.pk, on=on)


def may_answer(kind: str, by: Mandate) -> bool:
    """Whether this role answers questions of this kind."""
    return by.role in DECIDERS[Kind(kind)]


def list_all(*, by: Mandate) -> list[FourEyes]:
    """The questions of the department that this mandate may answer, the open ones first.

    The data protection officer sees the longer conservations too, and does not answer them.
    """
    check_role(by, *SEEING)
    kinds = [kind for kind in Kind if may_answer(kind, by) or (kind is Kind.PURGE_HOLD and by.role == Role.DPO)]
    rows = FourEyes.objects.filter(department_id=by.department_id, kind__in=kinds)
    found = list(rows.select_related("asked_by__body", "decided_by__body").order_by("-asked_at")[:200])
    return sorted(found, key=lambda row: row.confirmed is not None)
