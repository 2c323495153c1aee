"""The opinion on a request, for the pages of the decision: given to `psp.opinions` when the site starts."""

from uuid import UUID

from egide_registry.accounts.models import Mandate
from egide_registry.commissions.models import Item
from egide_registry.files.acts import Opinion
from egide_registry.psp.actions.common import safe_of
from egide_registry.psp.opinions import Given


def last_opinion(request_id: UUID, by: Mandate) -> Given | None:
    """The last opinion given, a deferred one being none. Its reasons are under the key of the file."""
    item = (
        Item.objects.filter(request_id=request_id, opinion__in=(Item.Opinion.FAVOURABLE, Item.Opinion.UNFAVOURABLE))
        .order_by("-given_on")
        .first()
    )
    if item is None or item.given_on is None:
        return None
    reasons = safe_of(item.file_id, by).read(item, "reasons") or ""
    return Given(opinion=OPINIONS[item.opinion], on=item.given_on, reasons=reasons)


OPINIONS = {
    Item.Opinion.FAVOURABLE.value: Opinion.FAVOURABLE,
    Item.Opinion.UNFAVOURABLE.value: Opinion.UNFAVOURABLE,
}
