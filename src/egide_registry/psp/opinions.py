"""What the commission said of a request, for the pages and acts of the decision.

Commissions know exit paths, and not the reverse: their app gives its answer through `provide` when the site starts.
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from attrs import field, frozen

from egide_registry.accounts.models import Mandate
from egide_registry.files.acts import Opinion


@frozen(kw_only=True)
class Given:
    """The last opinion on a request."""

    opinion: Opinion
    on: date
    reasons: str = field(default="", repr=False)


Source = Callable[[UUID, Mandate], Given | None]
_sources: list[Source] = []


def provide(source: Source) -> None:
    """Say who knows the opinions: called once, by the app of the commissions when it is ready."""
    _sources[:] = [source]


def of(request_id: UUID, *, by: Mandate) -> Given | None:
    """The opinion on a request, None where none is known or nobody provides them."""
    return _sources[0](request_id, by) if _sources else None
