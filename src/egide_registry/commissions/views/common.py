"""One page per act of the secretariat, and where a row that is not ours is not found."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from egide.errors import Refused
from egide_registry.accounts.models import Mandate
from egide_registry.commissions import people
from egide_registry.commissions.models import Convocation, Item, Session
from egide_registry.psp.views.acts import refuse


def acting(request: HttpRequest) -> Mandate:
    """The mandate of a page that `mandated` guards."""
    mandate: Mandate = request.mandate  # type: ignore[attr-defined]
    return mandate


def today() -> date:
    """The day in the site's zone. [clock]"""
    return timezone.localdate()


def session_or_404(session_id: UUID) -> Session:
    try:
        return Session.objects.select_related("department").get(pk=session_id)
    except Session.DoesNotExist:
        raise Http404 from None


def item_or_404(item_id: UUID) -> Item:
    try:
        return Item.objects.select_related("session", "file__body", "request").get(pk=item_id)
    except Item.DoesNotExist:
        raise Http404 from None


def called_to(session: Session) -> list[tuple[Convocation, str]]:
    """The members called, each with their name: read by the secretariat only."""
    called = session.convocations.select_related("mandate__person", "mandate__body")
    return [(one, people.name_of(one.mandate)) for one in called.order_by("mandate__body__name", "pk")]


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
    more: str = "",
) -> HttpResponse:
    """Show the form of an act, or do it and go `back` with the sentence `done`. A refusal is an error of the form.

    `more` names a second button; when it is pressed `run` gives the answer itself, a document.
    """
    if request.method == "POST" and form.is_valid():
        try:
            answer = run(form.cleaned_data)
        except Refused as refused:
            refuse(form, refused)
        except ObjectDoesNotExist:
            raise Http404 from None
        else:
            if isinstance(answer, HttpResponse):
                return answer
            messages.success(request, done)
            return redirect(back)
    page = {"title": title, "form": form, "back": back, "button": button, "intro": intro, "more": more}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "commissions/act.html", page, status=status)
