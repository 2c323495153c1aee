"""Months as French law counts them, and days as people write them. Source: docs/methods/psp-periods.md."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from egide.reference.periods import Period

DAY = timedelta(days=1)


def plus_months(day: date, months: int) -> date:
    """The same day of the month, so many months later; the last day of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(start: date, months: int) -> date:
    """The last day, included, of so many months that begin on `start`.

    1 January and six months: 30 June. 31 August and six months: the last day of February, as there is no 31 February.
    """
    same_day = plus_months(start, months)
    return same_day if same_day.day < start.day else same_day - DAY


def whole_months(start: date, last: date) -> tuple[int, int]:
    """Whole months from `start` to `last`, both included, and the days that are left."""
    if last < start:
        return 0, 0
    months = (last.year - start.year) * 12 + last.month - start.month + 1
    while last_day(start, months) > last:
        months -= 1
    return months, (last - last_day(start, months)).days


def french(day: date) -> str:
    """« 1er mars 2026 »."""
    return Period.parse(day.isoformat()).french()
