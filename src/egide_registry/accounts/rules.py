"""Roles, how long a mandate gives access, how long one waits after failed sign-ins. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a mandate allows. One mandate, one role, one department."""

    ASSOCIATION = "association"  # prepares and follows requests of its own body
    DELEGATE = "delegate"  # women's-rights delegate: keeps the secretariat of the commission
    PREFECT = "prefect"  # decides
    MEMBER = "member"  # sits in the commission
    MINORS_MEMBER = "minors_member"  # sits for the minors only: locked out of the files of adults
    ADMINISTRATOR = "administrator"  # accounts of the department; no file
    DPO = "dpo"  # journal, retention, review of break-glass; no file
    OBSERVATORY = "observatory"  # released statistics only
    KEEPER = "keeper"  # the nightly work of a department: deadlines and purge; no key is opened


LABELS = {
    Role.ASSOCIATION: "Association agréée",
    Role.DELEGATE: "Délégation aux droits des femmes",
    Role.PREFECT: "Préfecture (décision)",
    Role.MEMBER: "Membre de la commission",
    Role.MINORS_MEMBER: "Membre de la commission, formation mineurs",
    Role.ADMINISTRATOR: "Administration des comptes",
    Role.DPO: "Délégué à la protection des données",
    Role.OBSERVATORY: "Observatoire",
    Role.KEEPER: "Travaux de nuit",
}

BODIES: Final = {  # the kinds of bodies that give a role; the others are given by any
    Role.ASSOCIATION: frozenset({"association"}),
    Role.DELEGATE: frozenset({"prefecture"}),
    Role.PREFECT: frozenset({"prefecture"}),
    Role.OBSERVATORY: frozenset({"observatory"}),
}
GRANTED: Final = tuple(role for role in Role if role is not Role.KEEPER)  # by an administrator; the keeper is no person

FREE_FAILURES: Final = 5  # in a row; then one waits
WINDOW: Final = timedelta(minutes=15)  # a failure this far from the one before begins a new row
FIRST_WAIT: Final = timedelta(minutes=1)  # doubled at each further failure
LONGEST_WAIT: Final = timedelta(minutes=10)  # shorter than the window: a lock is never permanent, a row never forgotten


def is_live(starts_on: date, ends_on: date | None, *, on: date) -> bool:
    """True on every day from the first to the last, both included."""
    return starts_on <= on and (ends_on is None or on <= ends_on)


def last_day(starts_on: date, *, ended_on: date) -> date:
    """The last day of a mandate that ends at once: the day before, so that no access is left.

    A mandate that begins that day or later never gives any access: it ends on the eve of its first day.
    """
    return max(ended_on, starts_on) - timedelta(days=1)


def wait(failures: Iterable[datetime], *, now: datetime) -> timedelta:
    """How long to wait before the next try, zero if not at all.

    In:     the moments of the failed sign-ins of one login, in any order.
    Out:    one minute after the fifth failure of a row, doubled by each further one, ten minutes at most, counted from
            the last failure. A quarter of an hour without a failure ends the row.
    Source: docs/decisions/sign-in-throttle.md.
    """
    row = 0
    later = now
    latest: datetime | None = None
    for failure in sorted(failures, reverse=True):
        if later - failure >= WINDOW:
            break
        latest = latest or failure
        later = failure
        row += 1
    if latest is None or row < FREE_FAILURES:
        return timedelta(0)
    # The exponent is bounded: a long attack must not make a number that overflows.
    length: timedelta = min(FIRST_WAIT * (1 << min(row - FREE_FAILURES, 10)), LONGEST_WAIT)
    return max(latest + length - now, timedelta(0))
