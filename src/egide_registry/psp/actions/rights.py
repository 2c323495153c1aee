"""Rights that a path opens: asked, granted, effective, refused; and what the AFIS of a month is worth."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.psp.actions.common import locked, safe_of
from egide_registry.psp.models import File, Right
from egide_registry.psp.rules import rights as rules
from egide_registry.psp.rules.refusals import refuse_if

DATES = ("granted_on", "effective_on", "refused_on", "ends_on")


def as_rule(right: Right) -> rules.Right:
    """A row as the rules see it."""
    return rules.Right(
        kind=rules.RightKind(right.kind), asked_on=right.asked_on, **{name: getattr(right, name) for name in DATES}
    )


@transaction.atomic
def ask(
    file_id: UUID, kind: rules.RightKind, *, asked_on: date, by: Mandate, details: dict[str, Any] | None = None
) -> Right:
    """A right is asked for. A renewed permit is another right, so that each delay is seen."""
    check_role(by, Role.ASSOCIATION, Role.DELEGATE)
    file = locked(File, file_id)
    right = Right(id=uuid4(), file=file, kind=kind, asked_on=asked_on)
    if details:
        safe_of(file.pk, by).seal(right, "details", details)
    right.save(force_insert=True)
    audit.record(Event.RIGHT_RECORDED, by=by, subject=file.pk, kind=kind, step="asked")
    return right


@transaction.atomic
def date_right(right_id: UUID, *, by: Mandate, **dates: date | None) -> Right:
    """Write the days that are known, by the names of `DATES`. Refuses days out of order."""
    check_role(by, Role.ASSOCIATION, Role.DELEGATE)
    right = locked(Right, right_id)
    for name in DATES:
        if name in dates:
            setattr(right, name, dates[name])
    refuse_if(rules.check_right(as_rule(right)))
    right.save(update_fields=list(DATES))
    step = "_".join(sorted(name.removesuffix("_on") for name in dates if dates[name] is not None))
    audit.record(Event.RIGHT_RECORDED, by=by, subject=right.file_id, kind=right.kind, step=step or "cleared")
    return right
