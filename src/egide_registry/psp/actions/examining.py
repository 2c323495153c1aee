"""What the delegate does before the commission: ask for what is missing, declare a request complete."""

from datetime import date
from uuid import UUID

from django.db import transaction

from egide.errors import Defect
from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.psp.actions.common import locked, move, safe_of
from egide_registry.psp.models import Request
from egide_registry.psp.rules.refusals import refuse_if
from egide_registry.psp.rules.states import REQUEST, RequestState


@transaction.atomic
def ask_pieces(request_id: UUID, missing: str, *, by: Mandate, on: date) -> None:
    """Send a request back to the association, with the list of what is missing, in words."""
    check_role(by, Role.DELEGATE)
    request = locked(Request, request_id)
    if not missing.strip():
        way_out = "Dites ce qui manque et pourquoi."
        refuse_if([Defect(place="pièces demandées", expected="une liste", got="rien", way_out=way_out)])
    act = "ask_pieces" if request.state == RequestState.FILED else "ask_more"
    move(request, REQUEST, act, by=by)
    safe_of(request.file_id, by).seal(request, "asked_for", missing)
    request.moved_on = on
    request.save(update_fields=["state", "asked_for", "moved_on"])
    audit.record(Event.REQUEST_MOVED, by=by, subject=request.file_id, request=str(request.pk), act=act)


@transaction.atomic
def declare_complete(request_id: UUID, *, by: Mandate, on: date) -> None:
    """The request may go before the commission."""
    check_role(by, Role.DELEGATE)
    request = locked(Request, request_id)
    move(request, REQUEST, "declare_complete", by=by)
    request.complete_on = on
    request.moved_on = on
    request.save(update_fields=["state", "complete_on", "moved_on"])
    audit.record(Event.REQUEST_MOVED, by=by, subject=request.file_id, request=str(request.pk), act="declare_complete")
