"""A publication as the register keeps it: its facts as shown, and what it says of those that are hidden. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from egide.disclosure.attack.system import Statement
from egide.disclosure.published import PublishedCell, PublishedEdition, PublishedStatement
from egide.disclosure.statements.holdings import day_of, statements_of
from egide.disclosure.statements.identities import Number
from egide.disclosure.statements.public import Known, Public


def to_publish(
    public: Public, found: Known, expressions: Mapping[str, str], edition: str, on: date
) -> PublishedEdition:
    """This publication as the next ones will hold it: its facts, and what it says of those that are hidden.

    expressions: how the authors call each cell, by its identifier.
    """
    cells = [
        PublishedCell(
            key=key,
            known_on=known_on,
            content=content,
            label=cell.label,
            expression=expressions.get(cell.id, "") if known_on == day_of(cell) else "",
            edition=edition,
            on=on,
            unit=cell.measure.unit,
        )
        for cell in public.cells.values()
        if (key := cell.journey.key) is not None
        for known_on, content in statements_of(cell)
    ]
    unknown = frozenset(found.system.cells)
    statements = [_kept(statement) for statement in found.said if any(cell in unknown for cell, _ in statement.terms)]
    return PublishedEdition(edition=edition, on=on, cells=tuple(cells), statements=tuple(statements))


def _kept(statement: Statement) -> PublishedStatement:
    def exact(number: int | Fraction | None) -> Fraction | None:
        return None if number is None else Fraction(number)

    return PublishedStatement(
        terms=tuple(
            (cell.key, cell.since, Fraction(weight)) for cell, weight in statement.terms if isinstance(cell, Number)
        ),
        low=exact(statement.low),
        high=exact(statement.high),
        low_strict=statement.low_strict,
        high_strict=statement.high_strict,
        said=statement.said,
    )
