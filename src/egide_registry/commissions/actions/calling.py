"""Settings of a commission, convocation of its members, cancellation."""

from collections.abc import Sequence
from datetime import date, time
from enum import StrEnum
from uuid import UUID, uuid4

from attrs import asdict
from django.db import transaction
from django.db.models import Q

from egide.errors import Defect
from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.commissions import people, rules
from egide_registry.commissions.models import Commission, Convocation, Item, Session
from egide_registry.psp.actions.common import locked, locked_all, move
from egide_registry.psp.models import Request
from egide_registry.psp.rules.refusals import refuse_if
from egide_registry.psp.rules.states import REQUEST, SESSION, RequestState, SessionState
from egide_registry.security import vault
from egide_registry.security.models import DataKey

# Who is called to which formation. The minors' college never sits on the files of adults (décret of December 2025).
SITS = {
    Session.Formation.PSP: (Role.MEMBER,),
    Session.Formation.MINORS: (Role.MEMBER, Role.MINORS_MEMBER),
    Session.Formation.POLICY: (Role.MEMBER, Role.MINORS_MEMBER),
}


class Cancelled(StrEnum):
    """Why a session does not take place: a code, since the journal keeps no words."""

    MEMBERS = "members"
    EMPTY = "empty"
    PLACE = "place"
    OTHER = "other"


def settings_of(department: str) -> rules.Settings:
    """What the department chose; the proposals of the project where it chose nothing."""
    chosen = Commission.objects.filter(pk=department).values(
        "quorum", "files_per_session", "convocation_days", "access_days"
    )
    found = chosen.first()
    return rules.Settings(**found) if found else rules.Settings()


@transaction.atomic
def set_settings(settings: rules.Settings, *, by: Mandate) -> None:
    """Change what the department chose. Sessions already called keep their last day of access."""
    check_role(by, Role.DELEGATE)
    Commission.objects.update_or_create(department_id=by.department_id, defaults=asdict(settings))
    audit.record(Event.SETTINGS_CHANGED, by=by, what="commission")


@transaction.atomic
def convene(
    *, formation: Session.Formation, held_on: date, starts_at: time, place: str, by: Mandate, on: date
) -> Session:
    """Call the members to a session, and make its key. Refuses a day too near for the department's own delay."""
    check_role(by, Role.DELEGATE)
    settings = settings_of(by.department_id)
    refuse_if(rules.check_convening(held_on, place, on=on, settings=settings))
    session = Session(
        id=uuid4(),
        department_id=by.department_id,
        formation=formation,
        held_on=held_on,
        starts_at=starts_at,
        place=place.strip(),
        access_ends_on=rules.last_day_of_access(held_on, settings),
    )
    session.save(force_insert=True)
    vault.new(session.pk, kind=DataKey.Kind.SESSION, owner=vault.owner_of(by.department_id), on=on)
    called = _call(session, on)
    audit.record(Event.SESSION_CALLED, by=by, subject=session.pk, formation=formation.value, members=called)
    return session


@transaction.atomic
def call_newcomers(session_id: UUID, *, by: Mandate, on: date) -> int:
    """Call the members whose mandate was given since the convocation. Gives how many."""
    check_role(by, Role.DELEGATE)
    session = locked(Session, session_id)
    refuse_if(no_longer_to_come(session, "convocation"))
    called = _call(session, on)
    audit.record(Event.SESSION_CALLED, by=by, subject=session.pk, formation=session.formation, members=called)
    return called


def no_longer_to_come(session: Session, place: str) -> list[Defect]:
    """What refuses a change of who sits or of what is on the agenda, once the session is over."""
    if session.state == SessionState.CONVENED:
        return []
    way_out = "Une séance passée ne change plus : convoquez-en une autre."
    return [Defect(place=place, expected="une séance à venir", got="une séance passée", way_out=way_out)]


def uncalled(session: Session) -> Sequence[Mandate]:
    """Members whose mandate covers the day of the session, and who were not called to it."""
    roles = SITS[Session.Formation(session.formation)]
    live = Mandate.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=session.held_on),
        department_id=session.department_id,
        role__in=roles,
        starts_on__lte=session.held_on,
    )
    already = session.convocations.values("mandate_id")
    return list(live.exclude(pk__in=already).select_related("person", "body").order_by("body__name", "pk"))


def _call(session: Session, on: date) -> int:
    members = uncalled(session)
    for member in members:
        Convocation(id=uuid4(), session=session, mandate=member, sent_on=on).save(force_insert=True)
    people.tell(members)
    return len(members)


@transaction.atomic
def cancel(session_id: UUID, reason: Cancelled, *, by: Mandate, on: date) -> None:
    """The session will not take place: its files wait for another one, its members no longer read them."""
    check_role(by, Role.DELEGATE)
    session = locked(Session, session_id)
    move(session, SESSION, "cancel", by=by)
    session.save(update_fields=["state"])
    release(session, by=by, on=on)
    called = session.convocations.select_related("mandate__person")
    people.tell(one.mandate for one in called)
    audit.record(Event.SESSION_MOVED, by=by, subject=session.pk, act="cancel", reason=reason.value)


def release(session: Session, *, by: Mandate, on: date) -> None:
    """Send the requests of an agenda that got no opinion back to wait for a session."""
    items = session.items.filter(opinion="", request__state=RequestState.SCHEDULED).order_by("position")
    locked_all(Request, items.values_list("request_id", flat=True))
    for item in items:
        unschedule(item, by=by, on=on)


def unschedule(item: Item, *, by: Mandate, on: date) -> None:
    """Take one request back from an agenda. The row of the agenda is the caller's."""
    request = locked(Request, item.request_id)
    move(request, REQUEST, "unschedule", by=by)
    request.moved_on = on
    request.save(update_fields=["state", "moved_on"])
    audit.record(Event.REQUEST_MOVED, by=by, subject=item.file_id, request=str(request.pk), act="unschedule")
