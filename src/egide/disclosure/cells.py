"""What a reader may see of a number. A page holds cells and nothing else, and only `release` makes them."""

from __future__ import annotations

from fractions import Fraction

from attrs import field, frozen

from egide.facts.model import FactKey, Measure, Origin, Status
from egide.facts.values import Value


@frozen
class Shown:
    """The value itself: a number, or the range the source itself states ("300 or 301")."""

    value: Value


@frozen
class BelowThreshold:
    """`< 5`, `< 11`: a count below the limit. It is not zero, unless the policy hides zeros too (`least` 0)."""

    limit: int = 5
    least: int = 1

    @property
    def value(self) -> Value:
        return Value(self.least, self.limit - 1)


BelowFive = BelowThreshold  # as the Letter calls it


@frozen
class NotCommunicated:
    """`nc`: hidden to protect another cell; the reader is told "5 or more", or as many as the policy's threshold."""

    least: int = 5

    @property
    def value(self) -> Value:
        return Value.at_least(self.least)


@frozen
class Bounded:
    """`x < nc < y`: hidden, with safe bounds that are part of the range and printed just outside it."""

    value: Value


@frozen
class Withheld:
    """A result that cannot be shown because one of its operands is hidden."""

    value = Value(None, None)


Content = Shown | BelowThreshold | NotCommunicated | Bounded | Withheld


@frozen(kw_only=True)
class Vintage:
    """The same number as known on an earlier day, as it was shown then."""

    known_on: str
    content: Content
    status: Status


@frozen(kw_only=True)
class Journey:
    """How the number came here, backwards. Never holds a value that is not released."""

    key: FactKey | None = None  # of a fact
    origin: Origin | None = None  # of a fact
    formula: str = ""  # of a derived value, as written, with names
    operands: tuple[str, ...] = ()  # identifiers of the cells it was computed from
    vintages: tuple[Vintage, ...] = ()  # of a fact, oldest first, the present one excluded
    method: str = ""  # page of docs/methods that gives the rule
    note: str = ""


class _Seal:
    """Held by `release` alone: a cell cannot be made without it."""


SEAL = _Seal()


@frozen(kw_only=True)
class Cell:
    """A released number: its content, its unit, its firmness, its way here.

    `id` is the fact's identifier `key@known_on`, or `=formula@known_on` for a derived value.
    """

    id: str
    label: str  # French: what the number is, for a caption, a tooltip, a trace
    content: Content
    measure: Measure
    territory: str
    period: str
    sources: tuple[str, ...]
    status: Status
    journey: Journey
    seal: _Seal = field(repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if self.seal is not SEAL:
            raise TypeError("only egide.disclosure.release makes cells")

    @property
    def is_shown(self) -> bool:
        return isinstance(self.content, Shown)

    @property
    def value(self) -> Value:
        """Everything this cell lets its reader believe possible."""
        return self.content.value

    @property
    def number(self) -> Fraction:
        """The exact number shown. Raises ValueError for anything else."""
        if not isinstance(self.content, Shown):
            raise ValueError(f"{self.id} is not shown")
        return self.content.value.number
