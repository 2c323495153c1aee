"""The agenda of a session: requests put on it and taken off, members who leave the room."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max

from egide.errors import Defect
from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.commissions import rules
from egide_registry.commissions.actions.calling import no_longer_to_come, settings_of, unschedule
from egide_registry.commissions.models import Convocation, Item, Recusal, Session
from egide_registry.psp.actions.common import locked, locked_all, move
from egide_registry.psp.models import Request
from egide_registry.psp.rules.refusals import refuse_if
from egide_registry.psp.rules.states import REQUEST, RequestState


def waiting(department: str) -> list[Request]:
    """Complete requests of a department that wait for a session, the longest first."""
    found = Request.objects.filter(state=RequestState.COMPLETE, file__department_id=department)
    light = found.select_related("file__body").defer("form", "asked_for", "file__identity")  # no sealed answers
    return list(light.order_by("complete_on", "filed_on", "pk"))


@transaction.atomic
def add(session_id: UUID, request_ids: Sequence[UUID], *, by: Mandate, on: date) -> list[Item]:
    """Put complete requests on the agenda; every member of the association that filed is recused at once.

    Refuses another formation than the paths', a session no longer to come, more files than the setting.
    """
    check_role(by, Role.DELEGATE)
    session = locked(Session, session_id)
    refuse_if(no_longer_to_come(session, "ordre du jour") + _formation(session))
    taken = session.items.count()
    refuse_if(rules.room(taken, settings_of(by.department_id).files_per_session, len(request_ids)))
    locked_all(Request, request_ids)
    last = session.items.aggregate(last=Max("position"))["last"] or 0
    return [
        _add(session, request_id, position=position, by=by, on=on)
        for position, request_id in enumerate(request_ids, start=last + 1)
    ]


def _add(session: Session, request_id: UUID, *, position: int, by: Mandate, on: date) -> Item:
    request = locked(Request, request_id)
    move(request, REQUEST, "schedule", by=by)
    request.moved_on = on
    request.save(update_fields=["state", "moved_on"])
    item = Item(id=uuid4(), session=session, request=request, file_id=request.file_id, position=position)
    item.save(force_insert=True)
    Recusal(id=uuid4(), item=item, body_id=request.file.body_id, cause=Recusal.Cause.FILED, recorded_on=on).save(
        force_insert=True
    )
    audit.record(
        Event.AGENDA_CHANGED, by=by, subject=request.file_id, session=str(session.pk), item=str(item.pk), act="schedule"
    )
    return item


@transaction.atomic
def remove(item_id: UUID, *, by: Mandate, on: date) -> None:
    """Take a request off the agenda: it waits for another session, its members no longer read it here."""
    check_role(by, Role.DELEGATE)
    item = Item.objects.select_related("session", "request").get(pk=item_id)
    session = locked(Session, item.session_id)
    refuse_if(no_longer_to_come(session, "ordre du jour"))
    if item.request.state == RequestState.SCHEDULED:  # not when the association has withdrawn it meanwhile
        unschedule(item, by=by, on=on)
    file_id, key = item.file_id, str(item.pk)
    item.recusals.all().delete()  # the database lets a recusal go with its item only
    item.delete()
    audit.record(Event.AGENDA_CHANGED, by=by, subject=file_id, session=str(session.pk), item=key, act="remove")


def _formation(session: Session) -> list[Defect]:
    if session.formation == Session.Formation.PSP:
        return []
    got = f"formation «\u00a0{session.get_formation_display()}\u00a0»"
    expected = "la formation «\u00a0parcours de sortie\u00a0»"
    way_out = "Convoquez une séance pour les parcours de sortie."
    return [Defect(place="ordre du jour", expected=expected, got=got, way_out=way_out)]


@transaction.atomic
def declare_interest(item_id: UUID, *, by: Mandate, on: date, of: UUID | None = None) -> None:
    """A member does not sit on an item, on their word; from this moment the database hides the file from them.

    The delegate writes down what a member said aloud: `of` is then the member's mandate, called to that session.
    """
    check_role(by, Role.MEMBER, Role.DELEGATE)
    item = Item.objects.get(pk=item_id)
    member = by.pk if by.role == Role.MEMBER else _heard(item, of)
    if not Recusal.objects.filter(item=item, mandate_id=member).exists():
        Recusal(id=uuid4(), item=item, mandate_id=member, cause=Recusal.Cause.INTEREST, recorded_on=on).save(
            force_insert=True
        )
    audit.record(Event.RECUSAL_RECORDED, by=by, subject=item.file_id, item=str(item.pk), member=str(member))


def _heard(item: Item, of: UUID | None) -> UUID:
    """The mandate of a member called to the session of this item, its minutes not signed yet."""
    session = locked(Session, item.session_id)
    refuse_if(_signed(session))
    if of is None:
        raise Convocation.DoesNotExist
    return Convocation.objects.get(session=session, mandate_id=of).mandate_id


def _signed(session: Session) -> list[Defect]:
    if session.minutes_on is None:
        return []
    way_out = "Signalez-le à la prochaine séance\u00a0: un procès-verbal signé ne change plus."
    return [Defect(place="déport", expected="un procès-verbal à signer", got="un procès-verbal signé", way_out=way_out)]
