"""The first page of the exit path: one's own files for an association, the files of the department for the others."""

from datetime import date, timedelta
from typing import Any

from attrs import frozen
from django.core.paginator import Paginator
from django.db.models import Case, DateField, F, OuterRef, QuerySet, Subquery, When
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import LABELS, Role
from egide_registry.psp.actions.common import settings_of
from egide_registry.psp.models import File, Request
from egide_registry.psp.reading import names_of
from egide_registry.psp.rules import clocks
from egide_registry.psp.rules.states import FILE, REQUEST, FileState, RequestState

PER_PAGE = 25
AFTER_ALL = timedelta(days=365_000)  # a thousand years: what waits for nobody comes after what waits
FILTERS = {
    "": "Tous les dossiers",
    "draft": "Brouillons",
    "filed": "À instruire",
    "incomplete": "Pièces attendues",
    "complete": "À inscrire à une séance",
    "scheduled": "Inscrits à une séance",
    "opinion_given": "À décider",
    "refusal_proposed": "Refus à confirmer",
    "granted": "Accords à notifier",
    "refused": "Refus à notifier",
    "refusal_notified": "Refus notifiés",
}
BADGES = {
    RequestState.DRAFT: "neutral",
    RequestState.INCOMPLETE: "warning",
    RequestState.GRANTED: "success",
    RequestState.GRANT_NOTIFIED: "success",
    RequestState.REFUSED: "error",
    RequestState.REFUSAL_NOTIFIED: "error",
    RequestState.REFUSAL_PROPOSED: "warning",
}


@frozen(kw_only=True)
class Line:
    """One file in the list: an opaque reference, where its last request stands, since when."""

    file: File
    state: str
    badge: str
    since: date | None
    days: int | None
    file_state: str
    name: str | None


def with_last_request(department: str) -> QuerySet[Any]:
    """Files of a department with the state and the day of their last request, in one query.

    The policies show no other department anyway, but they are too rich for an index: without its name the database
    would try each file of the country. Source: docs/methods/registry-performance.md.
    """
    last = Request.objects.filter(file=OuterRef("pk")).order_by("-started_on", "-saved_at")
    waiting = [state for state, role in clocks.AWAITED.items() if role is not None]
    # One key to sort by, so that one look at the requests of each file is enough.
    turn = Case(
        When(state__in=waiting, then=F("moved_on")), default=F("moved_on") + AFTER_ALL, output_field=DateField()
    )
    return File.objects.filter(department_id=department).annotate(
        last_state=Subquery(last.values("state")[:1]),
        last_moved=Subquery(last.values("moved_on")[:1]),
        turn=Subquery(last.annotate(turn=turn).values("turn")[:1]),
    )


def line(file: Any, on: date, names: dict[Any, str]) -> Line:
    """What the list shows of a file."""
    state = RequestState(file.last_state) if file.last_state else None
    waiting = state is not None and clocks.AWAITED[state] is not None
    return Line(
        file=file,
        state=REQUEST.label(state) if state else "aucune demande",
        badge=BADGES.get(state, "info") if state else "neutral",
        since=file.last_moved,
        days=clocks.days_since(file.last_moved, on=on) if waiting else None,
        file_state=FILE.label(FileState(file.state)),
        name=names.get(file.pk),
    )


@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT, Role.MEMBER)
@require_GET
def home(request: ActingRequest) -> HttpResponse:
    """Files within reach, the longest waiting first. Names are shown on demand, and each is then a reading."""
    by = request.mandate
    on = timezone.localdate()
    chosen = request.GET.get("etat", "")
    files = with_last_request(by.department_id).exclude(state=FileState.PURGED)
    if chosen in FILTERS and chosen:
        # Named twice: the index of states finds the few files among which the last request is looked at.
        in_state = Request.objects.filter(file__department_id=by.department_id, state=chosen)
        files = files.filter(last_state=chosen, pk__in=in_state.values("file"))
    page = Paginator(files.order_by("turn", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    named = request.GET.get("noms") == "oui" and by.role == Role.ASSOCIATION
    names = names_of([file.pk for file in page.object_list], by=by) if named else {}
    context = {
        "page": page,
        "lines": [line(file, on, names) for file in page.object_list],
        "filters": FILTERS,
        "chosen": chosen,
        "named": named,
        "association": by.role == Role.ASSOCIATION,
        "silence_days": settings_of(by.department_id).silence_days,
    }
    return render(request, "psp/home.html", context)


@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
@require_GET
def silence(request: ActingRequest) -> HttpResponse:
    """Requests on which nothing happened for N days, the same list for both sides, with who is waited for."""
    by = request.mandate
    on = timezone.localdate()
    days = settings_of(by.department_id).silence_days
    awaited = [state for state, role in clocks.AWAITED.items() if role is not None]
    waiting = Request.objects.filter(file__department_id=by.department_id, state__in=awaited)
    # Dates and states only: the sealed answers of a whole department weigh megabytes.
    light = waiting.select_related("file").defer("form", "asked_for", "file__identity")
    rows = {str(row.pk): row for row in light}
    steps = [clocks.Step(id=key, state=RequestState(row.state), since=row.moved_on) for key, row in rows.items()]
    found = [
        (rows[one.id].file, REQUEST.label(one.state), one, LABELS[one.awaited])
        for one in clocks.silent(steps, on=on, days=days)
    ]
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "psp/silence.html", {"page": page, "found": page.object_list, "days": days})
