"""The pages of the administration of accounts: who works in this department, under which mandates. No file."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from egide_registry.accounts import actions, invitations, sign_in
from egide_registry.accounts.forms import GrantForm, InviteForm
from egide_registry.accounts.models import Mandate, Person
from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role, is_live

A_PAGE = 25  # each name is opened with a key of its own


@require_GET
@mandated(Role.ADMINISTRATOR)
def people(request: ActingRequest) -> HttpResponse:
    """The mandates of the department, the live ones first."""
    today = timezone.localdate()
    mandates = (
        Mandate.objects.filter(department=request.mandate.department_id)
        .exclude(role=Role.KEEPER)
        .select_related("person", "body")
        .order_by("person_id", "-starts_on", "pk")
    )
    shown = Paginator(mandates, A_PAGE).get_page(request.GET.get("page"))
    names = sign_in.identities(list({mandate.person for mandate in shown}))
    rows = [(mandate, names.get(mandate.person_id), _state(mandate, today=today)) for mandate in shown]
    return render(request, "accounts/people.html", {"rows": rows, "page": shown})


def _state(mandate: Mandate, *, today: date) -> tuple[str, str]:
    if not mandate.person.is_active:
        return "Compte fermé", "neutral"
    if not is_live(mandate.starts_on, mandate.ends_on, on=today):
        return ("À venir", "info") if mandate.starts_on > today else ("Terminé", "neutral")
    return ("En cours", "success") if mandate.person.has_factor() else ("Invitation envoyée", "info")


@require_http_methods(["GET", "HEAD", "POST"])
@mandated(Role.ADMINISTRATOR)
def invite(request: ActingRequest) -> HttpResponse:
    """A person and their first mandate, together or not at all; then the mail."""
    by = request.mandate
    form = InviteForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if form.is_valid():
        given = form.cleaned_data
        with transaction.atomic():
            person = actions.invite(name=given["name"], email=given["email"], by=by, on=timezone.localdate())
            actions.grant(
                person.pk,
                body=given["body"],
                role=Role(given["role"]),
                by=by,
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
            )
        if person.has_factor():
            messages.success(request, "Mandat donné. Cette personne a déjà un compte et se connecte comme d’habitude.")
        else:
            _send(request, person, given["email"])
            messages.success(request, "Compte ouvert. Le lien du premier accès, valable 72\u00a0heures, est envoyé.")
        return redirect("accounts:person", person.pk)
    return render(request, "accounts/invite.html", {"form": form})


def _send(request: ActingRequest, person: Person, address: str) -> None:
    link = request.build_absolute_uri(reverse("accounts:invitation", args=[invitations.token(person)]))
    transaction.on_commit(lambda: invitations.send(address, link=link), robust=True)


def _colleague(request: ActingRequest, person: UUID) -> Person:
    """Somebody who has, or had, a mandate in this department."""
    found = Person.objects.filter(pk=person, mandates__department=request.mandate.department_id).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@mandated(Role.ADMINISTRATOR)
def person(request: ActingRequest, person: UUID) -> HttpResponse:
    """One person: their mandates here, one more (the form), the end of one, the end of the account."""
    found = _colleague(request, person)
    by = request.mandate
    form = GrantForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if form.is_valid():
        given = form.cleaned_data
        actions.grant(
            found.pk,
            body=given["body"],
            role=Role(given["role"]),
            by=by,
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
        )
        messages.success(request, "Mandat donné.")
        return redirect("accounts:person", found.pk)
    today = timezone.localdate()
    mandates = Mandate.objects.filter(person=found, department=by.department).select_related("body", "person")
    rows = [(mandate, *_state(mandate, today=today)) for mandate in mandates.order_by("-starts_on", "pk")]
    shown = {
        "found": found,
        "identity": sign_in.identities([found]).get(found.pk),
        "rows": rows,
        "form": form,
        "myself": found.pk == by.person_id,
        "today": today,
    }
    return render(request, "accounts/person.html", shown)


@require_POST
@mandated(Role.ADMINISTRATOR)
def send_again(request: ActingRequest, person: UUID) -> HttpResponse:
    """The link once more, to the address the account was opened with."""
    found = _colleague(request, person)
    if found.has_factor() or not found.is_active:
        raise Http404
    _send(request, found, sign_in.identities([found])[found.pk]["email"])
    messages.success(request, "Un nouveau lien, valable 72\u00a0heures, est envoyé.")
    return redirect("accounts:person", found.pk)


@require_POST
@mandated(Role.ADMINISTRATOR)
def end(request: ActingRequest, mandate: UUID) -> HttpResponse:
    """End a mandate at once."""
    by = request.mandate
    found = Mandate.objects.filter(pk=mandate, department=by.department).first()
    if found is None:
        raise Http404
    actions.end(found, by=by, on=timezone.localdate())
    messages.success(request, "Mandat terminé\u202f: il ne donne plus aucun accès.")
    return redirect("accounts:person", found.person_id)


@require_POST
@mandated(Role.ADMINISTRATOR)
def close(request: ActingRequest, person: UUID) -> HttpResponse:
    """Close the account, everywhere and for good."""
    found = _colleague(request, person)
    actions.close(found, by=request.mandate)
    messages.success(request, "Compte fermé. La même personne peut être invitée de nouveau.")
    return redirect("accounts:person", found.pk)
