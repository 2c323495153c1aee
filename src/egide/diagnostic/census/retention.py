"""How long what is kept is kept: features 30 days, a coded sample until the report plus six months. Pure.

What is late blocks the next run. Source: docs/methods/census-hard-rules.md, rule 12.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from attrs import frozen

from egide.errors import Defect, Refused

FEATURES_DAYS = 30
SAMPLE_MONTHS = 6
REPORT_MONTHS = 24  # from the day the sample is kept to that of the report, at most


class Kind(StrEnum):
    """What is kept."""

    FEATURES = "traits"
    SAMPLE = "echantillon"


class LatePurge(Refused):
    """Something should be gone already: nothing new may come in."""

    exit_code = 4


@frozen(kw_only=True)
class Kept:
    """One folder that must go one day. `report_on`: the day of the report, planned at first; only for a sample."""

    name: str
    kind: Kind
    made_on: date
    report_on: date | None = None

    def __attrs_post_init__(self) -> None:
        if (self.kind is Kind.SAMPLE) != (self.report_on is not None):
            raise ValueError("a sample has the day of its report, features have none")

    @property
    def last_day(self) -> date:
        """It may still be there on that day, not on the next."""
        if self.report_on is None:
            return self.made_on + timedelta(days=FEATURES_DAYS)
        return months_later(self.report_on, SAMPLE_MONTHS)


def late(kept: Iterable[Kept], today: date) -> tuple[Kept, ...]:
    """What should be gone, oldest first."""
    return tuple(sorted((one for one in kept if one.last_day < today), key=lambda one: (one.last_day, one.name)))


def refuse_late(kept: Iterable[Kept], today: date) -> None:
    """Raises LatePurge naming everything that is late."""
    overdue = late(kept, today)
    if overdue:
        raise LatePurge(
            Defect(
                place=one.name,
                expected=f"une purge au plus tard le {one.last_day.isoformat()}",
                got=f"rien au {today.isoformat()}",
                way_out="Lancez « egide diagnostic census purge --confirm », puis recommencez.",
            )
            for one in overdue
        )


def refuse_far_report(made_on: date, report_on: date) -> None:
    """Raises Refused for a report more than two years away, or so long ago that its codes should be gone already."""
    farthest = months_later(made_on, REPORT_MONTHS)
    if report_on > farthest or months_later(report_on, SAMPLE_MONTHS) < made_on:
        raise Refused(
            [
                Defect(
                    place="Jour prévu du rapport",
                    expected=f"un jour jusqu’au {farthest.isoformat()}, ou passé depuis six mois au plus",
                    got=report_on.isoformat(),
                    way_out="Donnez le jour prévu du rapport\u00a0: les codes sont gardés six mois de plus.",
                )
            ]
        )


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last of that month when it is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
