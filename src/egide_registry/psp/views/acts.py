"""One page per act: what it does, a form, a button; what the rules refuse comes back as errors of the form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from egide.errors import Refused


class NothingToSay(forms.Form):
    """An act that only asks to be confirmed."""


def refuse(form: forms.Form, refused: Refused) -> None:
    """Each defect as an error of the form, with its place, what was expected and the way out."""
    for defect in refused.defects:
        text = f"{defect.place}\u00a0: attendu {defect.expected}\u202f; reçu {defect.got}. {defect.way_out}"
        form.add_error(None, text)


def act_page(
    request: HttpRequest,
    *,
    title: str,
    form: forms.Form,
    run: Callable[[dict[str, Any]], object],
    back: str,
    done: str,
    button: str = "Confirmer",
    intro: str = "",
    facts: list[tuple[str, Any]] | None = None,
    danger: bool = False,
) -> HttpResponse:
    """Show the form of an act, or do it and go `back` with the sentence `done`.

    `run` takes the cleaned data; a refusal of the rules is shown in the form, nothing being changed.
    """
    if request.method == "POST" and form.is_valid():
        try:
            run(form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, done)
            return redirect(back)
    page = {
        "title": title,
        "form": form,
        "back": back,
        "button": button,
        "intro": intro,
        "facts": facts or [],
        "danger": danger,
        "upload": form.is_multipart(),
    }
    return render(request, "psp/act.html", page, status=422 if form.is_bound and form.errors else 200)
