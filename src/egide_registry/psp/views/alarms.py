"""What somebody must look at today in the rights of all the paths within reach. No key is opened: days are enough."""

from attrs import frozen
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.psp.actions.common import settings_of
from egide_registry.psp.actions.rights import as_rule
from egide_registry.psp.models import File
from egide_registry.psp.rules import rights
from egide_registry.psp.rules.states import FileState


@frozen(kw_only=True)
class Line:
    """One alarm, and the file it is about."""

    file: File
    alarm: rights.Alarm


@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
@require_GET
def page(request: ActingRequest) -> HttpResponse:
    """Rights granted and still without effect, permits about to lapse, allowances about to be cut.

    A file that follows a residence permit is taken for a foreigner's: the nationality itself stays sealed.
    """
    by = request.mandate
    on, settings = timezone.localdate(), settings_of(by.department_id)
    files = File.objects.filter(state=FileState.IN_PATH).prefetch_related("rights", "periods")
    lines = []
    for file in files:
        rules = [as_rule(row) for row in file.rights.all()]
        ends = [period.ends_on for period in file.periods.all()]
        if not ends:
            continue
        foreigner = any(one.kind is rights.RightKind.APS for one in rules)
        found = rights.alarms(rules, on=on, settings=settings, path_ends_on=max(ends), foreigner=foreigner)
        lines += [Line(file=file, alarm=alarm) for alarm in found]
    order = [rights.AlarmCode.AFIS_CUT, rights.AlarmCode.APS_LAPSES, rights.AlarmCode.NOT_EFFECTIVE]
    lines.sort(key=lambda line: (order.index(line.alarm.code), line.alarm.on))
    return render(request, "psp/alarms.html", {"lines": lines, "settings": settings})
