"""The first page of the exit path: one's own files for an association, the files of the department for the others."""

from datetime import date
from typing import Any

from attrs import frozen
from django.core.paginator import Paginator
from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import mandated
from egide_registry.accounts.rules import LABELS, Role
from egide_registry.psp.actions.common import settings_of
from egide_registry.psp.models import File, Request
from egide_registry.psp.reading import names_of
from egide_registry.psp.rules import clocks
from egide_registry.psp.rules.states import FILE, REQUEST, FileState, RequestState

PER_PAGE = 25
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


def with_last_request() -> QuerySet[Any]:
    """Files with the state and the day of their last request, in one query."""
    last = Request.objects.filter(file=OuterRef("pk")).order_by("-started_on", "-saved_at")
    return File.objects.annotate(
        last_state=Subquery(last.values("state")[:1]), last_moved=Subquery(last.values("moved_on")[:1])
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
def home(request: HttpRequest) -> HttpResponse:
    """Files within reach, the longest waiting first. Names are shown on demand, and each is then a reading."""
    by: Mandate = request.mandate  # type: ignore[attr-defined]
    on = timezone.localdate()
    chosen = request.GET.get("etat", "")
    files = with_last_request().exclude(state=FileState.PURGED)
    if chosen in FILTERS and chosen:
        files = files.filter(last_state=chosen)
    waiting = [state for state, role in clocks.AWAITED.items() if role is not None]
    files = files.annotate(done=Case(When(last_state__in=waiting, then=0), default=1))
    page = Paginator(files.order_by("done", "last_moved", "pk"), PER_PAGE).get_page(request.GET.get("page"))
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
def silence(request: HttpRequest) -> HttpResponse:
    """Requests on which nothing happened for N days, the same list for both sides, with who is waited for."""
    by: Mandate = request.mandate  # type: ignore[attr-defined]
    on = timezone.localdate()
    days = settings_of(by.department_id).silence_days
    awaited = [state for state, role in clocks.AWAITED.items() if role is not None]
    rows = {str(row.pk): row for row in Request.objects.select_related("file").filter(state__in=awaited)}
    steps = [clocks.Step(id=key, state=RequestState(row.state), since=row.moved_on) for key, row in rows.items()]
    found = [
        (rows[one.id].file, REQUEST.label(one.state), one, LABELS[one.awaited])
        for one in clocks.silent(steps, on=on, days=days)
    ]
    return render(request, "psp/silence.html", {"found": found, "days": days})
