"""Time that passes: silence on a request, and the statutory clocks of approvals. Source: docs/methods/psp-states.md."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attrs import frozen

from egide.reference import legal
from egide_registry.accounts.rules import Role
from egide_registry.psp.rules.calendar import DAY, last_day
from egide_registry.psp.rules.states import RequestState

R = RequestState

# Who has the next step. None: nothing is waited for (the law gives no time to any of these, on either side).
AWAITED: dict[RequestState, Role | None] = {
    R.DRAFT: None,
    R.FILED: Role.DELEGATE,
    R.INCOMPLETE: Role.ASSOCIATION,
    R.COMPLETE: Role.DELEGATE,
    R.SCHEDULED: Role.DELEGATE,
    R.OPINION_GIVEN: Role.PREFECT,
    R.REFUSAL_PROPOSED: Role.PREFECT,
    R.REFUSED: Role.PREFECT,
    R.GRANTED: Role.PREFECT,
    R.REFUSAL_NOTIFIED: None,
    R.GRANT_NOTIFIED: None,
    R.CLOSED: None,
    R.WITHDRAWN: None,
}


@frozen(kw_only=True)
class Step:
    """Where a request stands, and the day it got there."""

    id: str
    state: RequestState
    since: date


@frozen(kw_only=True)
class Silence:
    """A request on which nothing happened for `days` days, and who is waited for."""

    id: str
    state: RequestState
    awaited: Role
    since: date
    days: int


@frozen(kw_only=True)
class ApprovalClock:
    """The days of one approval. `deemed_complete_on` is None when the missing pieces were asked for in time."""

    deemed_complete_on: date | None
    complete_on: date
    tacit_on: date  # from this day, silence has approved


def days_since(day: date, *, on: date) -> int:
    """Whole days from a day to another. Refuses a day that has not come."""
    if on < day:
        raise ValueError("the step comes after the day it is counted to")
    return (on - day).days


def silent(steps: Iterable[Step], *, on: date, days: int) -> tuple[Silence, ...]:
    """The requests that wait for somebody since `days` days or more, the longest first."""
    found = []
    for step in steps:
        awaited = AWAITED[step.state]
        if awaited is not None and (waited := days_since(step.since, on=on)) >= days:
            found.append(Silence(id=step.id, state=step.state, awaited=awaited, since=step.since, days=waited))
    return tuple(sorted(found, key=lambda silence: (silence.since, silence.id)))


def approval_clock(
    received_on: date, *, asked_on: date | None = None, completed_on: date | None = None
) -> ApprovalClock | None:
    """When a request for approval is complete, and when silence approves it.

    In:     the day the file was received; the day missing pieces were asked for, and the day the last one came.
    Out:    None while pieces that were asked for in time are missing: no clock runs.
    Rule:   nothing asked within two months, the file is deemed complete; and complete since it was received, because
            the four months run from the reception of the complete file (R.121-12-3).
    """
    rule = legal.approval(received_on)
    deemed_on = last_day(received_on, rule.complete_after_months) + DAY
    in_time = asked_on is not None and asked_on < deemed_on
    if in_time and completed_on is None:
        return None
    complete_on = completed_on if in_time and completed_on is not None else received_on
    return ApprovalClock(
        deemed_complete_on=None if in_time else deemed_on,
        complete_on=complete_on,
        tacit_on=last_day(complete_on, rule.tacit_after_months) + DAY,
    )


def approval_ends_on(granted_on: date) -> date:
    """The last day of an approval: three years."""
    return last_day(granted_on, legal.approval(granted_on).years * 12)
