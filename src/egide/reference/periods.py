"""When a number holds: a day, a month, a year, a school year, or from one of these to another.

Standard form, the only one used in identifiers: `2025-12-31`, `2024-08`, `2025`, `2024-2025` (a school year,
September to August), and `first..last` for a span, both ends included: `2017..2025`, `2024-08..2025-03`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from attrs import frozen

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
SPAN = ".."

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_YEAR = re.compile(r"\d{4}")
_SCHOOL_YEAR = re.compile(r"(\d{4})-(\d{4})")


@frozen(order=True)
class Period:
    """First and last day, and the standard form they were written in."""

    first: date
    last: date
    text: str

    @classmethod
    @lru_cache(maxsize=4096)  # a publication reads the same few periods tens of thousands of times
    def parse(cls, text: str) -> Period:
        """Raises ValueError for anything that is not in the standard form."""
        first, joined, last = text.partition(SPAN)
        start = _bounds(first)
        end = _bounds(last) if joined else start
        if end[1] < start[0]:
            raise ValueError(f"a period cannot end before it begins: {text!r}")
        return cls(start[0], end[1], text)

    @property
    def is_year(self) -> bool:
        return bool(_YEAR.fullmatch(self.text))

    @property
    def is_day(self) -> bool:
        return self.first == self.last

    @property
    def is_span(self) -> bool:
        return SPAN in self.text

    @property
    def year(self) -> int:
        """The calendar year it ends in: what growth per year counts in."""
        return self.last.year

    def french(self) -> str:
        """As printed in a caption: `2017-2025`, `31 décembre 2025`, `année scolaire 2024-2025`."""
        first, joined, last = self.text.partition(SPAN)
        if not joined:
            return _french(first)
        separator = "-" if _YEAR.fullmatch(first) and _YEAR.fullmatch(last) else " – "
        return f"{_french(first)}{separator}{_french(last)}"


def _bounds(text: str) -> tuple[date, date]:
    if match := _DAY.fullmatch(text):
        day = date(*map(int, match.groups()))
        return day, day
    if match := _SCHOOL_YEAR.fullmatch(text):
        start, end = map(int, match.groups())
        if end != start + 1:
            raise ValueError(f"a school year runs into the next one, got {text!r}")
        return date(start, 9, 1), date(end, 8, 31)
    if match := _MONTH.fullmatch(text):
        year, month = map(int, match.groups())
        if not 1 <= month <= 12:
            raise ValueError(f"a month is 01 to 12, got {text!r}")
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    if _YEAR.fullmatch(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    raise ValueError(f"expected a year, a month, a day, a school year or a span of them, got {text!r}")


def _french(text: str) -> str:
    if match := _DAY.fullmatch(text):
        year, month, day = map(int, match.groups())
        return f"{'1er' if day == 1 else day} {MONTHS[month - 1]} {year}"
    if _SCHOOL_YEAR.fullmatch(text):
        return f"année scolaire {text}"
    if match := _MONTH.fullmatch(text):
        return f"{MONTHS[int(match[2]) - 1]} {match[1]}"
    return text
