"""The calendar of a commission, its settings, the convocation of a session."""

from attrs import asdict
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.commissions import rules
from egide_registry.commissions.actions import agenda, calling
from egide_registry.commissions.forms import ConveneForm, SettingsForm
from egide_registry.commissions.models import Session
from egide_registry.commissions.views.common import today
from egide_registry.psp.rules.states import SESSION, SessionState
from egide_registry.psp.views.acts import act_page

KINDS = {
    SessionState.CONVENED: "info",
    SessionState.HELD: "success",
    SessionState.NO_QUORUM: "warning",
    SessionState.CANCELLED: "neutral",
}
MEMBERS = (Role.MEMBER, Role.MINORS_MEMBER)
OFFICE = (Role.DELEGATE, Role.PREFECT)


@require_GET
@mandated(*OFFICE, Role.ASSOCIATION, *MEMBERS)
def home(request: ActingRequest) -> HttpResponse:
    """Sessions past and to come, and whether the commission meets at all. A member finds the sessions they serve."""
    by, on = request.mandate, today()
    seen = Session.objects.filter(department_id=by.department_id).order_by("-held_on", "-starts_at")
    if by.role in MEMBERS:
        seen = seen.filter(convocations__mandate=by)
    sessions = list(seen)
    meetings = [rules.Meeting(day=one.held_on, state=SessionState(one.state)) for one in sessions]
    waiting = agenda.waiting(by.department_id) if by.role in OFFICE else []
    rows = [(one, SESSION.label(SessionState(one.state)), KINDS[SessionState(one.state)]) for one in sessions]
    page = {
        "coming": [row for row in reversed(rows) if row[0].state == SessionState.CONVENED],
        "past": [row for row in rows if row[0].state != SessionState.CONVENED],
        # A member sees their own sessions: counting those would say nothing of the commission.
        "alerts": () if by.role in MEMBERS else rules.meeting_alerts(meetings, on),
        "waiting": waiting,
        "longest": (on - waiting[0].complete_on).days if waiting and waiting[0].complete_on else None,
        "secretariat": by.role == Role.DELEGATE,
        "opens": by.role in (*OFFICE, *MEMBERS),
    }
    return render(request, "commissions/home.html", page)


@require_http_methods(["GET", "POST"])
@mandated(Role.DELEGATE)
def convene(request: ActingRequest) -> HttpResponse:
    """Call the members to a session."""
    by, on = request.mandate, today()
    form = ConveneForm(request.POST or None)
    days = calling.settings_of(by.department_id).convocation_days
    return act_page(
        request,
        title="Convoquer une séance",
        form=form,
        run=lambda data: calling.convene(**data | {"formation": Session.Formation(data["formation"])}, by=by, on=on),
        back=reverse("commissions:home"),
        done="Séance convoquée. Les membres ont reçu un message sans contenu, qui les invite à se connecter.",
        button="Convoquer",
        intro=f"Délai de convocation réglé par votre département\u00a0: {days} jours.",
    )


@require_http_methods(["GET", "POST"])
@mandated(Role.DELEGATE)
def settings(request: ActingRequest) -> HttpResponse:
    """What the law leaves open."""
    by = request.mandate
    form = SettingsForm(request.POST or None, initial=asdict(calling.settings_of(by.department_id)))
    return act_page(
        request,
        title="Réglages de la commission",
        form=form,
        run=lambda _: calling.set_settings(form.chosen(), by=by),
        back=reverse("commissions:home"),
        done="Réglages enregistrés.",
        button="Enregistrer",
        intro="Ce que les textes connus ici ne fixent pas. Les séances déjà convoquées gardent leur durée d’accès.",
    )
