"""One page per act: what it does, a form, a button; what the rules refuse comes back as errors of the form."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from egide.errors import Defect, Refused
from egide.reference.legal import NoRule
from egide_registry.psp.rules.refusals import RuleRefused
from egide_registry.theme import french

F = TypeVar("F", bound=forms.Form)


class NothingToSay(forms.Form):
    """An act that only asks to be confirmed."""


def in_words(defect: Defect) -> str:
    """A defect as a sentence of a page, with the spaces of French."""
    return french.sentence(defect.text())


def refuse(form: forms.Form, refused: Refused) -> None:
    """Each defect as an error of the form, with its place, what was expected and the way out."""
    for defect in refused.defects:
        form.add_error(None, in_words(defect))


def bound(form: type[F], request: HttpRequest, **more: Any) -> F:
    """The form with what was sent, or empty. A form without a field is bound too, though nothing was sent for it."""
    return form(request.POST, request.FILES, **more) if request.method == "POST" else form(**more)


def tried(
    request: HttpRequest, form: forms.Form, run: Callable[[dict[str, Any]], object], *, then: str, done: str
) -> HttpResponse | None:
    """Do an act whose form is sound and go to `then` with the sentence `done`; None where the form is to be shown.

    `run` takes the cleaned data. A refusal of the rules is then in the form, nothing being changed; a row out of reach
    is not found; an answer that `run` gives itself, a document, is sent as it is.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        answer = run(form.cleaned_data)
    except Refused as refused:
        refuse(form, refused)
        return None
    except ObjectDoesNotExist:
        raise Http404 from None
    if isinstance(answer, HttpResponse):
        return answer
    messages.success(request, done)
    return redirect(then)


def shown(request: HttpRequest, template: str, form: forms.Form, context: dict[str, Any]) -> HttpResponse:
    """A page with its form. 422 once something in it was refused."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, context | {"form": form}, status=status)


def act_page(
    request: HttpRequest,
    *,
    title: str,
    form: forms.Form,
    run: Callable[[dict[str, Any]], object],
    back: str,
    done: str,
    then: str = "",
    button: str = "Confirmer",
    more: str = "",
    intro: str = "",
    facts: list[tuple[str, Any]] | None = None,
) -> HttpResponse:
    """Show the form of an act, or do it (see `tried`) and go `then`, `back` unless told otherwise.

    `more` names a second button, `preview` in what is sent.
    """
    page = {"title": title, "back": back, "button": button, "more": more, "intro": intro, "facts": facts or []}
    return tried(request, form, run, then=then or back, done=done) or shown(request, "psp/act.html", form, page)


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


def file_page(file_id: UUID) -> str:
    """The address of the page of a file."""
    return reverse("psp:file", args=[file_id])


def download(data: bytes, name: str, media_type: str = "application/pdf") -> HttpResponse:
    """A document to keep, under a neutral name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type=media_type, headers=headers)
