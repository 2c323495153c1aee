"""Exports: what and why, then the password on the screen, then the archive. Nothing of both is kept."""

from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from egide.errors import Refused
from egide_registry.access import rules
from egide_registry.access.actions import exports, seconds
from egide_registry.access.forms import ExportForm
from egide_registry.access.models import FourEyes
from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.files.archive import new_password
from egide_registry.psp.models import File
from egide_registry.psp.views import acts

SALT = "egide.export"
MINUTES = 15  # between the password shown and the archive sent


@require_http_methods(["GET", "HEAD", "POST"])
@mandated(*exports.EXPORTERS)
def page(request: ActingRequest) -> HttpResponse:
    """Ask for an export. Few files: the password, then the archive. More: a second person first."""
    by = request.mandate
    form = ExportForm(request.POST if request.method == "POST" else None, initial=_initial(request, by))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            files = exports.chosen(form.lines(), by=by)
            if not exports.needs_second(len(files)):
                return _ready(request, files, said["purpose"], said["basis"])
            if by.role != Role.ASSOCIATION:
                keys = [file.pk for file in files]
                seconds.ask_export(keys, purpose=said["purpose"], basis=said["basis"], by=by, now=timezone.now())
                messages.success(request, "Demande enregistrée\u00a0: une seconde personne doit la confirmer.")
                return redirect("access:seconds")
            text = (
                f"{len(files)} dossiers\u00a0: attendu {rules.EXPORT_CAP} au plus. Au-delà, demandez à la délégation."
            )
            form.add_error("references", text)
        except Refused as refused:
            acts.refuse(form, refused)
    context = {"form": form, "cap": rules.EXPORT_CAP, "days": rules.EXPORT_DAYS}
    return render(request, "access/export.html", context, status=422 if form.is_bound else 200)


def _initial(request: ActingRequest, by: Mandate) -> dict[str, str]:
    """The reference of the file one comes from, if it is within reach."""
    try:
        file = File.objects.filter(pk=UUID(request.GET.get("dossier", "")), department_id=by.department_id).first()
    except ValueError:
        return {}
    return {"references": file.reference} if file else {}


@require_POST
@mandated(Role.DELEGATE, Role.PREFECT)
def confirmed(request: ActingRequest, key: UUID) -> HttpResponse:
    """The asker comes back once the second person agreed."""
    by = request.mandate
    try:
        second = exports.agreed(key, by=by)
    except FourEyes.DoesNotExist:
        raise Http404 from None
    files = list(File.objects.filter(pk__in=second.files))
    return _ready(request, files, second.purpose, second.legal_basis, second=second)


def _ready(
    request: ActingRequest, files: list[File], purpose: str, basis: str, *, second: FourEyes | None = None
) -> HttpResponse:
    password = new_password()
    context = {
        "files": files,
        "purpose": purpose,
        "purpose_label": rules.PURPOSES[rules.Purpose(purpose)],
        "basis": basis,
        "basis_label": rules.BASES[rules.LegalBasis(basis)],
        "password": password,
        # The server keeps nothing: the page that shows the password gives it back, signed, within minutes.
        "signed": signing.TimestampSigner(salt=SALT).sign(password),
        "minutes": MINUTES,
        "second": second,
    }
    return render(request, "access/export_ready.html", context)


@require_POST
@mandated(*exports.EXPORTERS)
def download(request: ActingRequest) -> HttpResponse:
    """The archive itself, with its line for each file in the journal."""
    by = request.mandate
    form = ExportForm(request.POST)
    try:
        password = signing.TimestampSigner(salt=SALT).unsign(request.POST.get("password", ""), max_age=MINUTES * 60)
        second = exports.agreed(UUID(request.POST["second"]), by=by) if request.POST.get("second") else None
        if not form.is_valid():
            raise Http404
    except signing.BadSignature:
        messages.error(request, "Le mot de passe affiché n’est plus valable\u00a0: recommencez l’export.")
        return redirect("access:export")
    except (ValueError, FourEyes.DoesNotExist):
        raise Http404 from None
    said = form.cleaned_data
    try:
        left = exports.export(
            exports.chosen(form.lines(), by=by),
            purpose=said["purpose"],
            basis=said["basis"],
            by=by,
            now=timezone.now(),
            password=password,
            second=second,
        )
    except Refused as refused:
        acts.refuse(form, refused)
        context = {"form": form, "cap": rules.EXPORT_CAP, "days": rules.EXPORT_DAYS}
        return render(request, "access/export.html", context, status=422)
    return acts.download(left.data, left.name, "application/zip")
