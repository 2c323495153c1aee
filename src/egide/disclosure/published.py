"""What earlier publications let out: their cells and their statements, as a reader who kept them holds them. Pure.

Nothing that was published can be taken back. The register (`register`) keeps one `PublishedEdition` a publication;
`Published` is all of them, and the attacker of the next one starts from there. Source: docs/methods/attacker.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from attrs import field, frozen

from egide.disclosure.cells import Content, Shown
from egide.facts.model import FactKey, Unit
from egide.facts.values import Value

Terms = tuple[tuple[FactKey, date, Fraction], ...]  # key, day the statement of it was known, weight


@frozen(kw_only=True)
class PublishedCell:
    """One number of one institution as a publication showed it, or hid it."""

    key: FactKey
    known_on: date  # of the statement that was published
    content: Content
    label: str  # French: what it counts
    expression: str  # as the authors wrote it; empty for an operand or an earlier statement
    edition: str
    on: date  # day of the publication
    unit: Unit = Unit.COUNT

    @property
    def value(self) -> Value:
        """Everything the reader was let to believe possible."""
        return self.content.value

    @property
    def is_shown(self) -> bool:
        return isinstance(self.content, Shown)

    @property
    def where(self) -> str:
        return f"édition {self.edition} du {self.on.isoformat()}"


@frozen(kw_only=True)
class PublishedStatement:
    """low <= Σ weight × cell <= high (strictly where said so): what a total, a share or a sentence said."""

    terms: Terms
    low: Fraction | None = None
    high: Fraction | None = None
    low_strict: bool = False
    high_strict: bool = False
    said: str  # French: where, and in which words


@frozen(kw_only=True)
class PublishedEdition:
    """Everything one publication let out that may bear on a count."""

    edition: str  # id of the edition
    on: date
    cells: tuple[PublishedCell, ...] = field(repr=False)
    statements: tuple[PublishedStatement, ...] = field(default=(), repr=False)

    def __attrs_post_init__(self) -> None:
        foreign = [str(cell.key) for cell in self.cells if (cell.edition, cell.on) != (self.edition, self.on)]
        if foreign:
            raise ValueError(f"cells of another publication: {', '.join(foreign)}")


def _in_order(editions: Iterable[PublishedEdition]) -> tuple[PublishedEdition, ...]:
    return tuple(sorted(editions, key=lambda one: (one.on, one.edition)))


@frozen
class Published:
    """Every earlier publication, oldest first."""

    editions: tuple[PublishedEdition, ...] = field(default=(), converter=_in_order)

    def __iter__(self) -> Iterator[PublishedEdition]:
        return iter(self.editions)

    def cells(self) -> Iterator[PublishedCell]:
        return (cell for edition in self.editions for cell in edition.cells)

    def before(self, edition: str, on: date) -> Published:
        """All that readers held when this edition was published: what came out before it, or beside it that day."""
        return Published(one for one in self.editions if one.on <= on and (one.edition, one.on) != (edition, on))
