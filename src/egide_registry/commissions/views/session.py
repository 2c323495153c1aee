"""One session: for the secretariat everything that is left to do, for a member what they may read."""

from typing import Any
from uuid import UUID

from attrs import frozen
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.commissions import rules
from egide_registry.commissions.actions import calling, minutes, sitting
from egide_registry.commissions.models import Convocation, Item, Recusal, Session
from egide_registry.commissions.views.common import called_to, session_or_404, today
from egide_registry.commissions.views.home import KINDS, MEMBERS, OFFICE
from egide_registry.psp.rules.states import REQUEST, SESSION, RequestState, SessionState
from egide_registry.psp.views.acts import download


@frozen(kw_only=True)
class Step:
    """Something the secretariat may do now."""

    label: str
    href: str


@frozen(kw_only=True)
class Line:
    """One file of the agenda, as the secretariat sees it."""

    item: Item
    state: str
    recused: tuple[str, ...]
    voters: int
    steps: tuple[Step, ...]


@require_GET
@mandated(*OFFICE, *MEMBERS)
def session(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """The page of a session."""
    by, found = request.mandate, session_or_404(session_id)
    state = SessionState(found.state)
    page: dict[str, Any] = {"session": found, "state": SESSION.label(state), "kind": KINDS[state]}
    if by.role in MEMBERS:
        return render(request, "commissions/member.html", page | _of_member(found, by))
    return render(request, "commissions/session.html", page | _of_office(found, by))


def _of_member(found: Session, by: Mandate) -> dict[str, Any]:
    mine = found.convocations.filter(mandate=by).first()
    if mine is None:
        raise Http404
    items = found.items.select_related("file__body", "request").order_by("position")
    return {"mine": mine, "items": list(items), "open": found.access_ends_on >= today()}


def _of_office(found: Session, by: Mandate) -> dict[str, Any]:
    called = called_to(found)
    names = {one.mandate_id: name for one, name in called}
    seats = sitting.seats_of(found)
    quorum = calling.settings_of(found.department_id).quorum
    secretariat = by.role == Role.DELEGATE
    items = found.items.select_related("file__body", "request").prefetch_related("recusals__body").order_by("position")
    return {
        "called": [(one, name, _presence_kind(one)) for one, name in called],
        "lines": [_line(item, seats, names, found, secretariat) for item in items],
        "present": rules.present(seats),
        "quorum": quorum,
        "reached": rules.quorum_reached(seats, quorum),
        "steps": _steps(found, by) if secretariat else (),
        "reference": minutes.reference(found) if found.minutes_on else "",
    }


def _presence_kind(convocation: Convocation) -> str:
    return "success" if convocation.presence == Convocation.Presence.PRESENT else "neutral"


def _line(item: Item, seats: list[rules.Seat], names: dict[UUID, str], found: Session, secretariat: bool) -> Line:
    out = sitting.recused_of(item)
    recused = tuple(_recused(one, names) for one in item.recusals.all())
    steps = []
    if secretariat and found.state == SessionState.CONVENED:
        steps.append(Step(label="Retirer", href=reverse("commissions:remove", args=[item.pk])))
    if secretariat and found.minutes_on is None and not item.opinion and found.state in ("convened", "held"):
        steps.append(Step(label="Noter un déport", href=reverse("commissions:interest", args=[item.pk])))
    if secretariat and found.state == SessionState.HELD and item.request.state == RequestState.SCHEDULED:
        steps.append(Step(label="Consigner l’avis", href=reverse("commissions:opinion", args=[item.pk])))
    return Line(
        item=item,
        state=REQUEST.label(RequestState(item.request.state)),
        recused=recused,
        voters=rules.voters(seats, out),
        steps=tuple(steps),
    )


def _recused(one: Recusal, names: dict[UUID, str]) -> str:
    if one.body is not None:
        return f"{one.body.name} (a déposé la demande)"
    return f"{names.get(one.mandate_id, 'un membre')} (intérêt déclaré)" if one.mandate_id else ""


def _steps(found: Session, by: Mandate) -> list[Step]:
    """What may be done now. No step that the rules would refuse whatever is typed."""

    def step(label: str, name: str) -> Step:
        return Step(label=label, href=reverse(f"commissions:{name}", args=[found.pk]))

    steps = []
    if found.state == SessionState.CONVENED:
        if found.formation == Session.Formation.PSP:
            steps.append(step("Inscrire des dossiers", "add"))
        if calling.uncalled(found):
            steps.append(step("Convoquer les nouveaux membres", "newcomers"))
        steps.append(step("Noter les présences", "presence"))
        if found.held_on <= today():
            steps.append(step("Consigner la tenue", "hold"))
            if calling.settings_of(by.department_id).quorum is not None:
                steps.append(step("Constater l’absence de quorum", "no_quorum"))
        steps.append(step("Annuler la séance", "cancel"))
    if found.state == SessionState.HELD and found.minutes_on is None:
        steps.append(step("Établir le procès-verbal", "minutes"))
    return steps


@require_GET
@mandated(*OFFICE, *MEMBERS)
def minutes_pdf(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """The signed minutes, for who was called."""
    try:
        name, data = minutes.open_minutes(session_id, by=request.mandate)
    except Session.DoesNotExist:
        raise Http404 from None
    return download(data, f"{name}.pdf")
