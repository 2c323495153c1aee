"""The day of the session: who is there, whether it is held, what it says of each file."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.commissions import rules
from egide_registry.commissions.actions.calling import no_longer_to_come, release, settings_of
from egide_registry.commissions.models import Convocation, Item, Session
from egide_registry.psp.actions.common import locked, move, safe_of, touch
from egide_registry.psp.models import File, Request
from egide_registry.psp.rules.refusals import refuse_if
from egide_registry.psp.rules.states import REQUEST, SESSION, SessionState

KNOWN = {Convocation.Presence.PRESENT: True, Convocation.Presence.EXCUSED: False, Convocation.Presence.ABSENT: False}


def seats_of(session: Session) -> list[rules.Seat]:
    """The members called, as the rules see them."""
    return [
        rules.Seat(
            mandate=one.mandate_id, body=one.mandate.body_id, present=KNOWN.get(Convocation.Presence(one.presence))
        )
        for one in session.convocations.select_related("mandate")
    ]


def recused_of(item: Item) -> list[rules.Recused]:
    """Who does not sit on an item."""
    return [rules.Recused(mandate=one.mandate_id, body=one.body_id) for one in item.recusals.all()]


@transaction.atomic
def record_presence(session_id: UUID, presences: Mapping[UUID, Convocation.Presence], *, by: Mandate) -> None:
    """Write who is present, excused, absent, by convocation. Until the session is held, then no more."""
    check_role(by, Role.DELEGATE)
    session = locked(Session, session_id)
    refuse_if(no_longer_to_come(session, "présences"))
    changed = 0
    for convocation in session.convocations.select_for_update().filter(pk__in=presences):
        if convocation.presence != presences[convocation.pk]:
            convocation.presence = presences[convocation.pk]
            convocation.save(update_fields=["presence"])
            changed += 1
    audit.record(Event.SESSION_MOVED, by=by, subject=session.pk, act="record_presence", changed=changed)


@transaction.atomic
def hold(session_id: UUID, *, by: Mandate, on: date) -> None:
    """The session took place, everybody's presence written, with the quorum if the department sets one."""
    check_role(by, Role.DELEGATE)
    session = locked(Session, session_id)
    quorum = settings_of(by.department_id).quorum
    refuse_if(rules.check_holding(seats_of(session), held_on=session.held_on, on=on, quorum=quorum))
    move(session, SESSION, "hold", by=by)
    session.save(update_fields=["state"])
    audit.record(Event.SESSION_MOVED, by=by, subject=session.pk, act="hold")


@transaction.atomic
def note_no_quorum(session_id: UUID, *, by: Mandate, on: date) -> None:
    """Too few came: the files wait for another session, and the members stop reading them at the end of the day."""
    check_role(by, Role.DELEGATE)
    session = locked(Session, session_id)
    quorum = settings_of(by.department_id).quorum
    refuse_if(rules.check_no_quorum(seats_of(session), held_on=session.held_on, on=on, quorum=quorum))
    move(session, SESSION, "note_no_quorum", by=by)
    session.access_ends_on = min(session.access_ends_on, on)
    session.save(update_fields=["state", "access_ends_on"])
    release(session, by=by, on=on)
    audit.record(Event.SESSION_MOVED, by=by, subject=session.pk, act="note_no_quorum")


@transaction.atomic
def record_opinion(
    item_id: UUID, opinion: Item.Opinion, *, votes: rules.Votes | None, reasons: str, by: Mandate, on: date
) -> Item:
    """Write what the commission said of one request. Put off, the request waits for another session.

    Refuses, all together: a session not held, the filing association not recused, more voices than voters, an
    unfavourable or a deferred opinion without words.
    """
    check_role(by, Role.DELEGATE)
    session = locked(Session, Item.objects.get(pk=item_id).session_id)
    item = locked(Item, item_id)
    request = locked(Request, item.request_id)
    file = File.objects.get(pk=item.file_id)
    deferred = opinion == Item.Opinion.DEFERRED
    counted = None if deferred else votes
    refuse_if(
        rules.check_opinion(
            opinion.value,
            counted,
            reasons,
            state=SessionState(session.state),
            seats=seats_of(session),
            recused=recused_of(item),
            filed_by=file.body_id,
        )
    )
    act = "defer" if deferred else "give_opinion"
    move(request, REQUEST, act, by=by)
    request.moved_on = on
    item.opinion = opinion
    item.given_on = on
    if counted is not None:
        item.votes_for, item.votes_against, item.abstentions = counted.in_favour, counted.against, counted.abstained
    safe_of(file.pk, by).seal(item, "reasons", reasons.strip())
    item.save(update_fields=["opinion", "given_on", "votes_for", "votes_against", "abstentions", "reasons"])
    request.save(update_fields=["state", "moved_on"])
    touch(file, on)
    audit.record(
        Event.OPINION_RECORDED,
        by=by,
        subject=file.pk,
        request=str(request.pk),
        item=str(item.pk),
        act=act,
        opinion=opinion.value,
    )
    return item
