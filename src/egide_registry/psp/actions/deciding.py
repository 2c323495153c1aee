"""What the prefecture decides. The commission gives an opinion, the prefect decides, a refusal takes two persons."""

from collections.abc import Collection
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction

from egide.errors import Defect
from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.psp.actions.common import locked, move, safe_of, settings_of, term_of
from egide_registry.psp.models import Appeal, Decision, File, Period, Request, Supporting
from egide_registry.psp.rules import periods as terms
from egide_registry.psp.rules import reasons as rules
from egide_registry.psp.rules.refusals import RuleRefused, refuse_if
from egide_registry.psp.rules.states import FILE, REQUEST, AppealKind, AppealState, FileState, RequestState

GRANTED, REFUSED = Decision.Outcome.GRANTED, Decision.Outcome.REFUSED


def periods_of(file: File) -> list[terms.Period]:
    """The periods of a file with their suspensions, as the rules see them."""
    return [term_of(one) for one in file.periods.prefetch_related("suspensions").order_by("starts_on")]


@transaction.atomic
def grant(request_id: UUID, *, by: Mandate, on: date, starts_on: date | None = None) -> Period:
    """Authorise the path, or its renewal: a period opens, after the last one unless another day is named.

    Also after an appeal that was upheld. Refuses beyond the months that the law allows.
    """
    check_role(by, Role.PREFECT)
    request = locked(Request, request_id)
    file = locked(File, request.file_id)
    act = "grant_after_appeal" if request.state == RequestState.REFUSAL_NOTIFIED else "grant"
    if act == "grant_after_appeal":
        _check_upheld(request)
    move(request, REQUEST, act, by=by)
    if file.state == FileState.EXIT_PROPOSED:
        got, way_out = "une sortie anticipée proposée", "Confirmez la sortie, ou renoncez-y, avant d’accorder la suite."
        refuse_if([Defect(place="accord", expected="un parcours qui continue", got=got, way_out=way_out)])
    before = periods_of(file)
    first = starts_on or (on if not before or before[-1].ends_on < on else None)
    extends = settings_of(by.department_id).suspension_extends
    term = terms.next_period(before, starts_on=first, suspension_extends=extends)
    decision = Decision(
        id=uuid4(),
        request=request,
        file=file,
        outcome=GRANTED,
        decided_on=on,
        decided_by=by.pk,
        decided_person=by.person_id,
    )
    decision.save(force_insert=True)
    period = Period(id=uuid4(), file=file, decision=decision, starts_on=term.starts_on, ends_on=term.ends_on)
    period.save(force_insert=True)
    if file.state == FileState.OPEN:
        move(file, FILE, "open_path", by=by)
    elif file.state == FileState.ENDED:
        move(file, FILE, "resume_path", by=by)
    file.last_contact_on = on
    file.save(update_fields=["state", "last_contact_on"])
    request.moved_on = on
    request.save(update_fields=["state", "moved_on"])
    audit.record(Event.DECISION_TAKEN, by=by, subject=file.pk, request=str(request.pk), act=act)
    return period


def _check_upheld(request: Request) -> None:
    if not Appeal.objects.filter(decision__request=request, state=AppealState.ACCEPTED).exists():
        way_out = "Consignez d’abord l’issue du recours."
        refuse_if([Defect(place="accord", expected="un recours accueilli", got="aucun", way_out=way_out)])


@transaction.atomic
def propose_refusal(request_id: UUID, codes: Collection[str], written: str, *, by: Mandate, on: date) -> Decision:
    """Prepare a refusal, with its coded and written reasons. Nothing is refused until a second person confirms."""
    check_role(by, Role.DELEGATE, Role.PREFECT)
    request = locked(Request, request_id)
    notice = rules.appeal_notice(on)
    refuse_if(
        rules.check_refusal(
            codes,
            written,
            renewal=request.kind == Request.Kind.RENEWAL,
            settings=settings_of(by.department_id),
            notice_version=notice.version,
        )
    )
    move(request, REQUEST, "propose_refusal", by=by)
    decision = Decision(
        id=uuid4(),
        request=request,
        file_id=request.file_id,
        outcome=REFUSED,
        decided_on=on,
        decided_by=by.pk,
        decided_person=by.person_id,
        has_reasons=True,
        appeal_ways=notice.version,
    )
    safe_of(request.file_id, by).seal(decision, "reasons", {"codes": sorted(codes), "written": written})
    decision.save(force_insert=True)
    _moved(request, "propose_refusal", by, on)
    return decision


@transaction.atomic
def drop_refusal(request_id: UUID, *, by: Mandate, on: date) -> None:
    """Give up a refusal that nobody confirmed."""
    check_role(by, Role.PREFECT)
    request = locked(Request, request_id)
    move(request, REQUEST, "drop_refusal", by=by)
    request.decisions.filter(outcome=REFUSED, confirmed_by=None).delete()
    _moved(request, "drop_refusal", by, on)


@transaction.atomic
def confirm_refusal(request_id: UUID, *, by: Mandate, on: date) -> None:
    """Refuse, as a second person. Whoever proposed cannot."""
    check_role(by, Role.PREFECT)
    request = locked(Request, request_id)
    move(request, REQUEST, "confirm_refusal", by=by)
    decision = request.decisions.select_for_update().get(outcome=REFUSED)
    if decision.decided_person == by.person_id:
        raise RuleRefused(
            [
                Defect(
                    place="confirmation du refus",
                    expected="une seconde personne",
                    got="celle qui l’a proposé",
                    way_out="Demandez à une autre personne qui décide de relire et de confirmer.",
                )
            ]
        )
    decision.confirmed_by = by.pk
    decision.confirmed_person = by.person_id
    decision.confirmed_on = on
    decision.save(update_fields=["confirmed_by", "confirmed_person", "confirmed_on"])
    _moved(request, "confirm_refusal", by, on, event=Event.DECISION_CONFIRMED)


@transaction.atomic
def notify(request_id: UUID, *, means: Decision.Means, proof: UUID, notified_on: date, by: Mandate, on: date) -> None:
    """Record that the decision was given to the person: day, means, proof. A refusal is nothing before that."""
    check_role(by, Role.DELEGATE, Role.PREFECT)
    request = locked(Request, request_id)
    refused = request.state == RequestState.REFUSED
    act = "notify_refusal" if refused else "notify_grant"
    move(request, REQUEST, act, by=by)
    decision = request.decisions.select_for_update().get(outcome=REFUSED if refused else GRANTED)
    if notified_on > on or notified_on < decision.decided_on:
        expected = f"un jour entre la décision ({decision.decided_on:%d/%m/%Y}) et aujourd’hui"
        way_out = "Recopiez la date de l’accusé de réception ou de la remise."
        got = f"{notified_on:%d/%m/%Y}"
        refuse_if([Defect(place="date de notification", expected=expected, got=got, way_out=way_out)])
    decision.proof = Supporting.objects.filter(pk=proof, file_id=request.file_id, kind="notification").first()
    if decision.proof is None:
        expected, way_out = "l’accusé de réception ou le récépissé de remise", "Joignez-le au dossier."
        refuse_if([Defect(place="preuve de notification", expected=expected, got="rien", way_out=way_out)])
    decision.notified_on = notified_on
    decision.notified_by = means
    decision.save(update_fields=["proof", "notified_on", "notified_by"])
    _moved(request, act, by, on, event=Event.DECISION_NOTIFIED)


@transaction.atomic
def close(request_id: UUID, *, by: Mandate, on: date) -> None:
    """Close a request: granted, once notified; refused, once no appeal is open or possible any more."""
    check_role(by, Role.DELEGATE, Role.PREFECT)
    request = locked(Request, request_id)
    act = "close_refusal" if request.state == RequestState.REFUSAL_NOTIFIED else "close_grant"
    move(request, REQUEST, act, by=by)
    if act == "close_refusal":
        decision = request.decisions.get(outcome=REFUSED)
        appeals = [
            rules.Appeal(
                kind=AppealKind(one.kind),
                state=AppealState(one.state),
                filed_on=one.filed_on,
                answered_on=one.ended_on,
            )
            for one in decision.appeals.all()
        ]
        settings = settings_of(by.department_id)
        refuse_if(rules.check_closing(decision.notified_on, appeals, on=on, settings=settings))
    _moved(request, act, by, on)


def _moved(request: Request, act: str, by: Mandate, on: date, *, event: Event = Event.REQUEST_MOVED) -> None:
    request.moved_on = on
    request.save(update_fields=["state", "moved_on"])
    audit.record(event, by=by, subject=request.file_id, request=str(request.pk), act=act)
