"""What is kept how long, what is announced, and the proofs of what went. For the data protection officer."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from egide_registry.access.actions.glasses import references_of
from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.retention import rules
from egide_registry.retention.models import Notice, Proof

MOST = 100


@require_GET
@mandated(Role.DELEGATE, Role.DPO)
def home(request: ActingRequest) -> HttpResponse:
    """The schedule, the purges announced and not done, the last proofs. References, never a name."""
    by = request.mandate
    on = timezone.localdate()
    proofs = list(Proof.objects.filter(department_id=by.department_id).order_by("-purged_on", "-journal_seq")[:MOST])
    gone = Proof.objects.filter(department_id=by.department_id).values("file_id")
    waiting = Notice.objects.filter(department_id=by.department_id).exclude(file_id__in=gone)
    notices = {notice.file_id: notice for notice in waiting.order_by("announced_on")}
    known = references_of([*notices, *(proof.file_id for proof in proofs)])
    context = {
        "schedule": rules.SCHEDULE,
        "notice_days": rules.NOTICE_DAYS,
        "notices": [(known.get(key, "–"), one, one.due_on <= on) for key, one in notices.items()],
        "proofs": [(known.get(proof.file_id, "–"), proof) for proof in proofs],
    }
    return render(request, "retention/home.html", context)
