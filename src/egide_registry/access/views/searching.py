"""The search, the file that an emergency opens, and what may be one person under two files."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from egide.errors import Refused
from egide_registry.access.actions import glasses, searching
from egide_registry.access.forms import GlassForm, SearchForm
from egide_registry.access.models import Glass
from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.psp.views.acts import refuse


@require_http_methods(["GET", "HEAD", "POST"])
@mandated(*searching.SEARCHERS)
def search(request: ActingRequest) -> HttpResponse:
    """Criteria travel in the body of the request: no address ever holds a name."""
    by = request.mandate
    form = SearchForm(request.POST if request.method == "POST" else None)
    found, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                found = searching.search(form.query(), by=by, on=timezone.localdate())
                status = 200
            except Refused as refused:
                refuse(form, refused)
        if found is not None and found.limited:
            text = f"Plus de {searching.most()} recherches en une heure\u00a0: attendez, ou appelez la délégation."
            form.add_error(None, text)
            found, status = None, 429
    context = {"form": form, "found": found, "role": by.role, "most": searching.most()}
    return render(request, "access/search.html", context, status=status)


@require_POST
@mandated(*glasses.BREAKERS)
def break_glass(request: ActingRequest) -> HttpResponse:
    """From a search result: first the page that asks why, then the file, for an hour."""
    by = request.mandate
    asked = "reason" in request.POST or "words" in request.POST
    form = GlassForm(request.POST if asked else None, initial={"file": request.POST.get("file")})
    if asked and form.is_valid():
        said = form.cleaned_data
        try:
            glass = glasses.break_glass(
                said["file"],
                reason=Glass.Reason(said["reason"]),
                words=said["words"],
                by=by,
                now=timezone.now(),
                link=request.build_absolute_uri(reverse("access:glasses")),
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.warning(
                request,
                "Le dossier vous est ouvert en lecture pendant soixante minutes. La délégation et la personne déléguée "
                "à la protection des données viennent d’être prévenues.",
            )
            return redirect("psp:file", glass.file_id)
    return render(request, "access/break.html", {"form": form}, status=422 if asked else 200)


@require_GET
@mandated(Role.DELEGATE)
def pairs(request: ActingRequest) -> HttpResponse:
    """References side by side, for the delegate who will call both associations."""
    by = request.mandate
    return render(request, "access/pairs.html", {"groups": searching.pairs(by=by)})
