"""Broken glasses and their review; questions put to a second person and their answers."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from egide.errors import Refused
from egide_registry.access import rules
from egide_registry.access.actions import glasses, seconds
from egide_registry.access.forms import AnswerForm, AttachForm, HoldForm
from egide_registry.access.models import Export, FourEyes, Glass
from egide_registry.accounts.models import Mandate, Person
from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.accounts.sign_in import identities
from egide_registry.psp.models import File
from egide_registry.psp.views.acts import act_page, bound, file_page, in_words


@require_GET
@mandated(*glasses.REVIEWERS)
def page(request: ActingRequest) -> HttpResponse:
    """Every broken glass of the department; those that wait for a review come with their form."""
    by = request.mandate
    return render(request, "access/glasses.html", {"seen": glasses.list_all(by=by, now=timezone.now())})


def _answer(request: ActingRequest) -> bool:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise PermissionDenied("La réponse attendue est oui ou non.")
    return bool(form.cleaned_data["answer"] == "yes")


@require_POST
@mandated(*glasses.REVIEWERS)
def review(request: ActingRequest, key: UUID) -> HttpResponse:
    """Justified or not."""
    by = request.mandate
    try:
        glasses.review(key, justified=_answer(request), by=by, now=timezone.now())
    except Glass.DoesNotExist:
        raise Http404 from None
    messages.success(request, "Relecture enregistrée.")
    return redirect("access:glasses")


@require_GET
@mandated(*seconds.SEEING)
def second_list(request: ActingRequest) -> HttpResponse:
    """Questions of the department, the open ones first."""
    by = request.mandate
    rows = seconds.list_all(by=by)
    used = set(Export.objects.filter(four_eyes__in=rows).values_list("four_eyes_id", flat=True))
    known = glasses.references_of([one for row in rows for one in (*row.files, row.target)])
    accounts = list(Person.objects.filter(pk__in=[row.account for row in rows if row.account]))
    names = {key: said["name"] for key, said in identities(accounts).items()} if accounts else {}
    lines = [
        {
            "row": row,
            "what": _what(row, known, names),
            "mine": row.asked_person == by.person_id,
            "may": seconds.may_answer(row.kind, by),
            "ready": row.kind == FourEyes.Kind.EXPORT
            and row.confirmed
            and row.asked_by_id == by.pk
            and row.pk not in used,
        }
        for row in rows
    ]
    return render(request, "access/seconds.html", {"lines": lines})


def _what(row: FourEyes, known: dict[UUID, str], names: dict[UUID, str]) -> str:
    """What is asked, in words that a second person can check."""
    if row.kind == FourEyes.Kind.EXPORT:
        listed = ", ".join(known.get(one, "–") for one in row.files)
        why = f"{rules.PURPOSES[rules.Purpose(row.purpose)]} ({rules.BASES[rules.LegalBasis(row.legal_basis)]})"
        return f"{len(row.files)} dossiers\u00a0: {why}. {listed}"
    if row.kind == FourEyes.Kind.PURGE_HOLD and row.until:
        return f"Dossier {known.get(row.target, '–')}, jusqu’au {row.until:%d/%m/%Y}"
    name = names.get(row.account, "–") if row.account else "–"
    return f"Compte de {name}, identité {row.identity_index[:12]}…"


@require_POST
@mandated(*seconds.SEEING)
def decide(request: ActingRequest, key: UUID) -> HttpResponse:
    """Confirm or turn down."""
    by = request.mandate
    confirmed = _answer(request)
    try:
        seconds.decide(key, confirmed=confirmed, by=by, now=timezone.now())
    except FourEyes.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        for defect in refused.defects:
            messages.error(request, in_words(defect))
    else:
        messages.success(request, "Demande confirmée." if confirmed else "Demande écartée.")
    return redirect("access:seconds")


@require_http_methods(["GET", "HEAD", "POST"])
@mandated(*seconds.ASKERS[FourEyes.Kind.PURGE_HOLD])
def hold(request: ActingRequest, file_id: UUID) -> HttpResponse:
    """Ask to keep a file beyond its time."""
    by = request.mandate
    file = File.objects.filter(pk=file_id, department_id=by.department_id, purged_on=None).first()
    if file is None:
        raise Http404
    return act_page(
        request,
        title=f"Conserver le dossier {file.reference} au-delà du terme",
        intro="Un litige ou un contrôle en cours suspend la purge, jusqu’à une date et avec une seconde personne.",
        form=bound(HoldForm, request),
        run=lambda data: seconds.ask_hold(file.pk, until=data["until"], by=by, now=timezone.now()),
        back=file_page(file.pk),
        then=reverse("access:seconds"),
        done="Demande enregistrée\u00a0: une seconde personne doit la confirmer.",
        button="Demander",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@mandated(Role.ADMINISTRATOR)
def attach(request: ActingRequest) -> HttpResponse:
    """Ask to tie an identity of the State to an account of the department."""
    by = request.mandate
    mandates = Mandate.objects.filter(department_id=by.department_id).exclude(role=Role.KEEPER)
    persons = {one.person_id: one.person for one in mandates.select_related("person") if one.person.is_active}
    persons.pop(by.person_id, None)
    named = [(str(key), said["name"]) for key, said in identities(list(persons.values())).items()]
    return act_page(
        request,
        title="Rattacher une identité de l’État",
        intro="Vérifiez d’abord de vive voix que le code vous est bien lu par la personne elle-même.",
        form=AttachForm(sorted(named, key=lambda one: one[1]), request.POST if request.method == "POST" else None),
        run=lambda data: seconds.ask_attachment(
            UUID(data["account"]), data["identity"].strip(), by=by, now=timezone.now()
        ),
        back=reverse("accounts:people"),
        then=reverse("access:seconds"),
        done="Demande enregistrée\u00a0: une autre personne de l’administration la confirme.",
        button="Demander",
    )
