"""What every page of a commission asks first: the day, and a row that is not ours is not found."""

from datetime import date
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from egide_registry.commissions import people
from egide_registry.commissions.models import Convocation, Item, Session


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
