"""The journal for the data protection officer, and the extract for the person whose file it is."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from egide_registry.access.actions import journal as reading
from egide_registry.access.forms import JournalForm
from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.psp.models import File
from egide_registry.psp.views.acts import download

FIRST_DAYS = 7


@require_http_methods(["GET", "HEAD", "POST"])
@mandated(Role.DPO)
def journal(request: ActingRequest) -> HttpResponse:
    """Entries by file, person and day. The form is posted: a name typed where a reference belongs is in no address."""
    by = request.mandate
    today = timezone.localdate()
    people = [(str(key), name) for key, name in reading.people(by).items()]
    said_so = request.POST if request.method == "POST" else request.GET
    usual = {"du": (today - timedelta(days=FIRST_DAYS)).isoformat(), "au": today.isoformat()}
    form = JournalForm(people, said_so if "du" in said_so else usual)
    lines: list[reading.Line] = []
    if form.is_valid():
        said = form.cleaned_data
        file = reading.file_named(said["dossier"]) if said["dossier"] else None
        if said["dossier"] and file is None:
            form.add_error("dossier", "Aucun dossier du département n’a cette référence. Vérifiez-la.")
        else:
            person = UUID(said["personne"]) if said["personne"] else None
            lines = reading.read(by=by, first=said["du"], last=said["au"], file=file, person=person)
    context = {"form": form, "lines": lines, "most": reading.MOST}
    return render(request, "access/journal.html", context, status=422 if form.errors else 200)


@require_GET
@mandated(Role.DPO)
def unusual(request: ActingRequest) -> HttpResponse:
    """Mandates whose last seven days are not like their others."""
    by = request.mandate
    weeks = reading.unusual_reads(by=by, now=timezone.now())
    today = timezone.localdate()
    context = {"weeks": weeks, "before": reading.WEEKS, "today": today, "since": today - timedelta(days=FIRST_DAYS)}
    return render(request, "access/unusual.html", context)


@require_POST
@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
def extract(request: ActingRequest, file_id: UUID) -> HttpResponse:
    """« Qui a consulté mon dossier », to print and give to the person."""
    by = request.mandate
    try:
        reference, data = reading.extract(file_id, by=by, on=timezone.localdate())
    except File.DoesNotExist:
        raise Http404 from None
    return download(data, f"consultations-{reference}.pdf")
