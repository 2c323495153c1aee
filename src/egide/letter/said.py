"""What the edition says beyond its cells: pairs that must print alike, scopes, words that stand for numbers. Pure.

All of it is for the attacker (`egide.letter.leaks`), who reads what a reader reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from egide.disclosure.cells import Cell
from egide.disclosure.policy import Policy
from egide.disclosure.published import Published
from egide.disclosure.release import Candidates, Release
from egide.disclosure.statements.public import Public, Tied, Worded
from egide.document.model import Document
from egide.document.typography import cell_text, content_text, places_of
from egide.document.uses import worded
from egide.document.wording import condition
from egide.errors import CalculationRefused
from egide.facts.model import Fact, Kind, Unit
from egide.facts.ratios import Ties
from egide.facts.values import rounded, rounding
from egide.indicators.derived import Operand
from egide.indicators.language import parse
from egide.letter.checks import Same, Within

_COUNTED = frozenset({"sum", "difference", "prosecutable"})  # whole numbers as long as their operands are


def public_of(
    candidates: Candidates,
    released: Release,
    *,
    policy: Policy,
    ties: Ties,
    published: Published,
    same: Iterable[Same],
    within: Iterable[Within],
    document: Document | None = None,
) -> Public:
    """Everything that this publication and those before it let a reader hold."""
    requested = candidates.requested
    pairs = tuple(same)
    return Public(
        cells=released.by_id,
        policy=policy,
        requested=requested.values(),
        vintages=candidates.vintages,
        ties=ties,
        published=published,
        worded=(
            *(_claims(document) if document is not None else ()),
            *(words for pair in pairs for words in _alike(pair, requested, released)),
        ),
        tied=(
            *(tie for pair in pairs for tie in _equal(pair, requested, released)),
            *(tie for one in within for tie in _inside(one, requested, released)),
        ),
        text_of=content_text,
    )


def _claims(document: Document) -> Iterator[Worded]:
    for use, number in worded(document):
        said = condition(number.text, number.cell.measure.unit)
        limits = (said.low, said.high, said.open_low, said.open_high)
        yield Worded(number=number.cell.id, limits=limits, said=use.where, cells=(number.cell.id,))


def _sides(
    left: str, right: str, requested: Mapping[str, Operand], released: Release
) -> tuple[tuple[Operand, Cell], tuple[Operand, Cell]] | None:
    """Both sides of a pair, when both are published."""
    found = []
    for text in (left, right):
        try:
            name = parse(text).canonical
        except CalculationRefused:
            return None  # said, with its place, when it was asked for
        if name not in requested or name not in released.by_expression:
            return None
        found.append((requested[name], released.by_expression[name]))
    return found[0], found[1]


def _is_whole(operand: Operand) -> bool:
    """Is it counted in whole units, so that what prints alike is equal?"""
    if isinstance(operand, Fact):
        value = operand.value
        exact = value is not None and value.is_exact and value.number.denominator == 1
        return operand.measure.unit is Unit.COUNT and (operand.measure.kind is not Kind.LEVEL or exact)
    return operand.function in _COUNTED and all(map(_is_whole, operand.operands))


def _equal(pair: Same, requested: Mapping[str, Operand], released: Release) -> Iterator[Tied]:
    sides = _sides(pair.left, pair.right, requested, released)
    if sides is not None and not pair.accepted and all(_is_whole(operand) for operand, _ in sides):
        (_, left), (_, right) = sides
        said = f"«\u00a0{pair.says}\u00a0»\u00a0: {cell_text(left)} et {cell_text(right)}"
        yield Tied(first=left.id, second=right.id, said=said)


def _inside(one: Within, requested: Mapping[str, Operand], released: Release) -> Iterator[Tied]:
    sides = _sides(one.part, one.whole, requested, released)
    if sides is not None and all(_is_whole(operand) for operand, _ in sides):
        (_, part), (_, whole) = sides
        yield Tied(first=part.id, second=whole.id, said=f"«\u00a0{one.says}\u00a0»", within=True)


def _alike(pair: Same, requested: Mapping[str, Operand], released: Release) -> Iterator[Worded]:
    """A share computed on one side, the same share printed on the other: it rounds to what is printed."""
    sides = _sides(pair.left, pair.right, requested, released)
    if sides is None or pair.accepted or all(_is_whole(operand) for operand, _ in sides):
        return
    for (_, computed), (_, printed) in (sides, sides[::-1]):
        if printed.is_shown and printed.value.is_exact:
            places = places_of(printed.measure.unit, printed.number)
            yield Worded(
                number=computed.id,
                limits=rounding(rounded(printed.number, places), places),
                said=f"«\u00a0{pair.says}\u00a0»\u00a0: {cell_text(printed)}",
                cells=(printed.id,),
            )
