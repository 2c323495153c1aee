"""The minutes of a session: looked at before, signed once, then read by those who were called."""

from datetime import date
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from egide.errors import Defect
from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.commissions import people
from egide_registry.commissions.actions.calling import settings_of
from egide_registry.commissions.actions.sitting import recused_of
from egide_registry.commissions.models import Convocation, Item, Session
from egide_registry.files import acts, pdf
from egide_registry.psp.actions.common import locked, safe_of
from egide_registry.psp.rules.refusals import refuse_if
from egide_registry.psp.rules.states import RequestState, SessionState
from egide_registry.security import vault

WORDS = {
    Item.Opinion.FAVOURABLE: acts.Opinion.FAVOURABLE,
    Item.Opinion.UNFAVOURABLE: acts.Opinion.UNFAVOURABLE,
    Item.Opinion.DEFERRED: acts.Opinion.POSTPONED,
}


def reference(session: Session) -> str:
    """The name of the minutes: department, day, and four signs that tell two sessions of one day apart."""
    return f"CDLP-{session.department_id}-{session.held_on:%Y%m%d}-{session.pk.hex[:4].upper()}"


def chairs(session: Session) -> list[Mandate]:
    """Who may have presided: the prefect, the delegate for them, or a member who is present."""
    office = Mandate.objects.filter(department_id=session.department_id, role__in=(Role.PREFECT, Role.DELEGATE))
    there = session.convocations.filter(presence=Convocation.Presence.PRESENT).values("mandate_id")
    seated = Mandate.objects.filter(pk__in=there)
    return [*office.select_related("person", "body"), *seated.select_related("person", "body")]


@transaction.atomic
def preview(session_id: UUID, *, chair: UUID, other_business: str, by: Mandate) -> bytes:
    """The PDF as it would be signed. Kept nowhere."""
    check_role(by, Role.DELEGATE)
    session = locked(Session, session_id)
    refuse_if(_defects(session))
    return _set(session, chair, other_business, by)


@transaction.atomic
def sign(session_id: UUID, *, chair: UUID, other_business: str, by: Mandate, on: date) -> Session:
    """Set the minutes, seal them under the key of the session, tell the members. Nothing of the session changes after.

    Refuses a session that is not held, an item without an opinion, minutes already signed.
    """
    check_role(by, Role.DELEGATE)
    session = locked(Session, session_id)
    refuse_if(_defects(session))
    document = _set(session, chair, other_business, by)
    session.minutes_on = on
    session.minutes_sha256 = sha256(document).hexdigest()
    vault.open_for(session.pk, owner=vault.owner_of(by.department_id)).seal_bytes(session, "minutes", document)
    session.save(update_fields=["minutes", "minutes_on", "minutes_sha256"])
    people.tell(one.mandate for one in session.convocations.select_related("mandate__person"))
    audit.record(Event.MINUTES_SIGNED, by=by, subject=session.pk, sha256=session.minutes_sha256)
    return session


@transaction.atomic
def open_minutes(session_id: UUID, *, by: Mandate) -> tuple[str, bytes]:
    """The name and the bytes of signed minutes, for the prefecture and for who was called to that session.

    Raises `Session.DoesNotExist` for anybody else, and where there are none.
    """
    check_role(by, Role.DELEGATE, Role.PREFECT, Role.MEMBER, Role.MINORS_MEMBER)
    found = Session.objects.exclude(minutes_on=None)
    if by.role in (Role.MEMBER, Role.MINORS_MEMBER):
        found = found.filter(convocations__mandate=by)
    session = found.get(pk=session_id)
    safe = vault.open_for(session.pk, owner=vault.owner_of(by.department_id))
    audit.read(Event.MINUTES_READ, by=by, subject=session.pk)
    return reference(session), safe.read_bytes(session, "minutes") or b""


def _defects(session: Session) -> list[Defect]:
    place = "procès-verbal"
    if session.minutes_on is not None:
        way_out = "Signé, il ne change plus\u00a0: une erreur se corrige au procès-verbal de la séance suivante."
        return [
            Defect(place=place, expected="un procès-verbal à signer", got="un procès-verbal signé", way_out=way_out)
        ]
    if session.state != SessionState.HELD:
        got, way_out = "une séance qui ne l’est pas", "Consignez d’abord la tenue de la séance."
        return [Defect(place=place, expected="une séance tenue", got=got, way_out=way_out)]
    left = session.items.filter(opinion="", request__state=RequestState.SCHEDULED).count()
    if left:
        got, way_out = f"{left} sans avis", "Consignez chaque avis, ou son report."
        return [Defect(place=place, expected="un avis sur chaque dossier", got=got, way_out=way_out)]
    return []


def _set(session: Session, chair: UUID, other_business: str, by: Mandate) -> bytes:
    called = list(
        session.convocations.select_related("mandate__person", "mandate__body").order_by("mandate__body__name", "pk")
    )
    names = {one.mandate_id: _person(one.mandate) for one in called}
    there = [one for one in called if one.presence == Convocation.Presence.PRESENT]
    excused = [one for one in called if one.presence == Convocation.Presence.EXCUSED]
    presiding = next((one for one in chairs(session) if one.pk == chair), None)
    if presiding is None:
        way_out = "Choisissez dans la liste."
        raise acts.ActRefused(
            [Defect(place="présidence", expected="le préfet ou un membre présent", got="autre", way_out=way_out)]
        )
    return pdf.minutes_pdf(
        acts.Minutes(
            reference=reference(session),
            department=session.department.name,
            held_on=session.held_on,
            place=session.place,
            chair=names.get(presiding.pk) or _person(presiding),
            present=tuple(names[one.mandate_id] for one in there),
            excused=tuple(names[one.mandate_id] for one in excused),
            quorum=settings_of(session.department_id).quorum,
            heard=tuple(_heard(item, there, names, by) for item in _items(session)),
            other_business=other_business,
        )
    )


def _items(session: Session) -> list[Item]:
    return list(session.items.select_related("file__body", "request").order_by("position"))


def _heard(item: Item, there: list[Convocation], names: dict[UUID, acts.Person], by: Mandate) -> acts.Heard:
    """What is said of one file: its key is opened to read the reasons, and the journal says so."""
    out = recused_of(item)
    votes = None
    if item.votes_for is not None and item.votes_against is not None and item.abstentions is not None:
        votes = acts.Votes(in_favour=item.votes_for, against=item.votes_against, abstained=item.abstentions)
    reasons = safe_of(item.file_id, by).read(item, "reasons") or ""
    audit.record(Event.FILE_READ, by=by, subject=item.file_id, page="minutes")
    return acts.Heard(
        item=acts.Item(
            reference=item.file.reference, purpose=item.request.get_kind_display(), filed_by=item.file.body.name
        ),
        opinion=WORDS[Item.Opinion(item.opinion)] if item.opinion else acts.Opinion.NONE,
        votes=votes,
        recused=tuple(
            names[one.mandate_id]
            for one in there
            if any(left.mandate == one.mandate_id or left.body == one.mandate.body_id for left in out)
        ),
        reasons=reasons,
    )


def _person(mandate: Mandate) -> acts.Person:
    return acts.Person(name=people.name_of(mandate), quality=mandate.body.name)
