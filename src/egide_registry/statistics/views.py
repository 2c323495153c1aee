"""The page of the statistics: a file of labels that were released. No table of persons is read to draw it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from egide_registry.accounts.permissions import mandated
from egide_registry.accounts.rules import Role
from egide_registry.statistics.store import Releases


@require_GET
@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT, Role.OBSERVATORY)
def dashboard(request: HttpRequest) -> HttpResponse:
    """The dashboard of the last year released."""
    drawn = Releases.of_site().latest()
    if drawn is None:
        return render(request, "statistics/nothing.html")
    may_take = request.mandate.role == Role.OBSERVATORY  # type: ignore[attr-defined]
    return render(request, "statistics/dashboard.html", {"dashboard": drawn, "may_take": may_take})


@require_GET
@mandated(Role.OBSERVATORY)
def delivery(request: HttpRequest) -> HttpResponse:
    """The delivery of that year, as the observatory records it."""
    releases = Releases.of_site()
    drawn = releases.latest()
    if drawn is None:
        raise Http404("nothing was released")
    name, content = releases.delivery_of(drawn.version)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
