"""What one institution stated on one day: a fact, its key, its status, and where to look it up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from attrs import evolve, field, frozen

from egide.facts.values import Value


class Status(StrEnum):
    """How firm a number is. Codes of the SDMX list CL_OBS_STATUS, with `S` for semi-definitive."""

    NORMAL = "A"
    PROVISIONAL = "P"
    SEMI_DEFINITIVE = "S"
    ESTIMATED = "E"


class Secret(StrEnum):
    """What the institution hid before sending. Codes as printed: `< 5`, `nc`, or nothing hidden."""

    NONE = ""
    BELOW_FIVE = "<5"
    NOT_COMMUNICATED = "nc"


class Kind(StrEnum):
    """How a number relates to time. A stock and a flow are never put in one formula."""

    FLOW = "flow"  # counted over the period
    STOCK = "stock"  # counted on a day
    LEVEL = "level"  # a share, a mean, a rate, an amount: never summed


class Unit(StrEnum):
    COUNT = "count"
    PERCENT = "percent"
    POINTS = "points"
    RATIO = "ratio"
    YEARS = "years"
    MONTHS = "months"
    DAYS = "days"
    EUR = "eur"
    MILLION_EUR = "million_eur"


def _no_reserved(_instance: object, attribute: Any, text: str) -> None:
    if not text or any(mark in text for mark in "/@; \n"):
        raise ValueError(f"{attribute.name}: an identifier without '/', '@', ';' or space, got {text!r}")


def _codes(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(codes)


def _sorted_dims(dims: Mapping[str, str] | tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(dict(dims).items()))


@frozen(kw_only=True, order=True)
class SeriesKey:
    """What is counted and where, at any time: a fact's key without its period."""

    source: str = field(validator=_no_reserved)
    measure: str = field(validator=_no_reserved)
    territory: str = field(validator=_no_reserved)
    dims: tuple[tuple[str, str], ...] = field(default=(), converter=_sorted_dims)

    def dim(self, name: str) -> str | None:
        return dict(self.dims).get(name)

    def at(self, period: str) -> FactKey:
        return FactKey(
            source=self.source, measure=self.measure, territory=self.territory, period=period, dims=self.dims
        )

    def __str__(self) -> str:
        return "/".join([self.source, self.measure, self.territory, *_dims_part(self.dims)])


@frozen(kw_only=True, order=True)
class FactKey:
    """What is counted, where, when. Written `source/measure/territory/period[/dim=code;dim=code]`.

    `period` is in the standard form of `egide.reference.periods`: a year `2025`, a day `2025-12-31`,
    or two of them joined by a slash which is written `2017..2025` in identifiers.
    """

    source: str = field(validator=_no_reserved)
    measure: str = field(validator=_no_reserved)
    territory: str = field(validator=_no_reserved)
    period: str = field(validator=_no_reserved)
    dims: tuple[tuple[str, str], ...] = field(default=(), converter=_sorted_dims)

    @property
    def series(self) -> SeriesKey:
        return SeriesKey(source=self.source, measure=self.measure, territory=self.territory, dims=self.dims)

    def dim(self, name: str) -> str | None:
        return dict(self.dims).get(name)

    def __str__(self) -> str:
        return "/".join([self.source, self.measure, self.territory, self.period, *_dims_part(self.dims)])

    @classmethod
    def parse(cls, text: str) -> FactKey:
        """Read a key back from its identifier. Raises ValueError when it is not one."""
        parts = text.split("/")
        if len(parts) not in (4, 5):
            raise ValueError(f"an identifier has 4 or 5 parts between slashes, got {len(parts)}: {text!r}")
        pairs = [pair.partition("=") for pair in parts[4].split(";")] if len(parts) == 5 else []
        if any(not name or not code for name, _, code in pairs):
            raise ValueError(f"dimensions are written name=code;name=code, got {parts[4]!r}")
        return cls(
            source=parts[0],
            measure=parts[1],
            territory=parts[2],
            period=parts[3],
            dims={name: code for name, _, code in pairs},
        )


def _dims_part(dims: tuple[tuple[str, str], ...]) -> list[str]:
    return [";".join(f"{name}={code}" for name, code in dims)] if dims else []


@frozen(kw_only=True)
class Origin:
    """Where a fact was read: enough to open the file and put a finger on the cell."""

    delivery: str  # file name as received
    sha256: str  # of the file's bytes
    sheet: str  # empty for a CSV
    row: int  # as a spreadsheet numbers it: the heading is row 1
    column: str  # heading of the column the value was read from


@frozen(kw_only=True)
class Measure:
    """What a number counts, and what may be done with it."""

    code: str
    label: str  # French, as a reader sees it
    unit: Unit
    kind: Kind
    counts: str = ""  # what one unit is: "personnes", "appels", "départements"…; empty when not a count
    overlapping: tuple[str, ...] = field(default=(), converter=_codes)
    # dimensions whose codes overlap: a person counts once under each, so they never add up


@frozen(kw_only=True)
class Fact:
    """One number as one institution stated it on one day. Never edited, only followed by a later one."""

    key: FactKey
    measure: Measure
    value: Value | None  # None: asked for, not known
    status: Status
    secret: Secret = Secret.NONE
    known_on: date  # day of the delivery
    origin: Origin
    note: str = ""

    def __attrs_post_init__(self) -> None:
        if self.measure.code != self.key.measure:
            raise ValueError(f"the key says {self.key.measure}, the measure {self.measure.code}")

    @property
    def id(self) -> str:
        return f"{self.key}@{self.known_on.isoformat()}"

    @property
    def is_hidden(self) -> bool:
        return self.secret is not Secret.NONE

    def with_value(self, value: Value) -> Fact:
        """The same statement, its doubt narrowed by what relations say."""
        return evolve(self, value=value)
