"""What a page of an act asks first: is the row within reach, and does this mandate work on it or only look."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from egide.errors import Defect
from egide.reference.legal import NoRule
from egide_registry.accounts.models import Mandate
from egide_registry.psp.models import File, Request
from egide_registry.psp.rules.refusals import RuleRefused
from egide_registry.psp.views.file import serves
from egide_registry.psp.views.filing import request_of

ONLY_READ = "Vous consultez ce dossier sans le suivre\u00a0: rien ne peut y être changé avec ce mandat."


def acting(http: HttpRequest) -> Mandate:
    """The mandate of this page."""
    mandate: Mandate = http.mandate  # type: ignore[attr-defined]
    return mandate


def served_file(http: HttpRequest, key: UUID) -> File:
    """A file that this mandate works on: 404 out of reach, 403 for who may only look (broken glass, agenda)."""
    file = File.objects.filter(pk=key).first()
    if file is None:
        raise Http404
    check_serves(file, http)
    return file


def served_request(http: HttpRequest, key: UUID) -> Request:
    """The same for a request."""
    request = request_of(key)
    check_serves(request.file, http)
    return request


def check_serves(file: File, http: HttpRequest) -> None:
    if not serves(file, acting(http)):
        raise PermissionDenied(ONLY_READ)


def file_page(file_id: UUID) -> str:
    """The address of the page of a file."""
    return reverse("psp:file", args=[file_id])


def bound(form: type[forms.Form], http: HttpRequest, **more: Any) -> forms.Form:
    """The form with what was sent, or empty."""
    return form(http.POST, http.FILES, **more) if http.method == "POST" else form(**more)


def with_dated_law(run: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], object]:
    """A day before the law, or after what is known of it, is an error of the form like any other."""

    def wrapped(data: dict[str, Any]) -> object:
        try:
            return run(data)
        except NoRule as unknown:
            defect = Defect(
                place="date", expected="un jour dont la règle est connue", got="un autre", way_out=str(unknown)
            )
            raise RuleRefused([defect]) from unknown

    return wrapped


def day(label: str, *, help_text: str = "", required: bool = True, initial: date | None = None) -> forms.DateField:
    """A date, typed or picked."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"})
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget, initial=initial)


def words(label: str, *, help_text: str = "", required: bool = True, rows: int = 6) -> forms.CharField:
    """Free text about a person: nothing is remembered by the browser, nor sent to a spell checker."""
    attrs = {"rows": rows, "autocomplete": "off", "spellcheck": "false"}
    return forms.CharField(
        label=label, help_text=help_text, required=required, widget=forms.Textarea(attrs=attrs), max_length=5000
    )


def download(data: bytes, name: str) -> HttpResponse:
    """A PDF with a neutral name."""
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer
