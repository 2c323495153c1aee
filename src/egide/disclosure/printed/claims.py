"""Claims of a publication as statements: a share printed 89 % is two inequalities between the counts behind it.

Only what a formula says linearly about hidden counts is kept. A claim that the file itself calls false says nothing,
and "environ 95 %" says what the tolerance of its rule says. Source: docs/methods/claims-format.md.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial

from attrs import frozen

from egide.disclosure.attack.system import Shown, Statement
from egide.disclosure.statements.ratios import Arithmetic, NotLinear, Range, Ratio, constant, one
from egide.errors import CalculationRefused
from egide.facts.values import rounding
from egide.indicators import grammar
from egide.indicators.claim_language import read_number
from egide.indicators.claims import NO, Row, displayed_numbers
from egide.indicators.words import quoted


@frozen(kw_only=True)
class Reading:
    """Statements, and the identifiers of the claims about hidden cells that could not be turned into any."""

    statements: tuple[Statement, ...]
    unread: tuple[str, ...]


def read_claims(
    claims: Sequence[Row], cells: Mapping[str, Hashable], shown: Mapping[Hashable, Shown], hidden: frozenset[Hashable]
) -> Reading:
    """What the claims say of hidden cells. `cells`: the cell that each identifier `f("…")` names."""
    statements: list[Statement] = []
    unread: list[str] = []
    reader = _Reader(cells, shown, hidden)
    for claim in claims:
        formula = claim["formula"] or ""
        if not formula or (claim["agrees"] or "") == NO:
            continue
        try:
            tree = grammar.read(formula)
            if not reader.touches(tree):
                continue
            said = f"affirmation {claim['claim_id']} ({quoted(claim['displayed'] or claim['claim_id'])})"
            found = list(reader.statements(tree, claim["displayed"] or "", claim["rounding"] or "", said))
        except (NotLinear, CalculationRefused, ZeroDivisionError):
            found = []
        kept = [one for one in found if any(cell in hidden for cell, _ in one.terms)]
        if not kept:
            unread.append(claim["claim_id"])
        statements += kept
    return Reading(statements=tuple(statements), unread=tuple(unread))


@frozen
class _Reader:
    cells: Mapping[str, Hashable]
    shown: Mapping[Hashable, Shown]
    hidden: frozenset[Hashable]

    @property
    def _arithmetic(self) -> Arithmetic:
        return Arithmetic(self.shown)

    def touches(self, tree: ast.expr) -> bool:
        """Does the formula name a hidden cell?"""
        names = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        cells = (self.cells.get(name) for name in names if isinstance(name, str))
        return any(cell in self.hidden for cell in cells if cell is not None)

    def statements(self, tree: ast.expr, displayed: str, rule: str, said: str) -> Iterator[Statement]:
        if rule == "bool":
            yield from self._true(tree, said)
            return
        value = self._ratio(tree)
        targets = displayed_numbers(displayed)
        if targets:
            yield from self._arithmetic.within(value, _printed(rule, targets), said)

    def _true(self, tree: ast.expr, said: str) -> Iterator[Statement]:
        """A statement that holds: comparisons joined by `and`."""
        match tree:
            case ast.BoolOp(op=ast.And(), values=parts):
                for part in parts:
                    yield from self._true(part, said)
            case ast.Compare(left=left, ops=ops, comparators=others):
                for op, right in zip(ops, others, strict=True):
                    yield from self._compared(self._ratio(left), op, self._ratio(right), said)
                    left = right
            case _:
                raise NotLinear

    def _compared(self, left: Ratio, op: ast.cmpop, right: Ratio, said: str) -> Iterator[Statement]:
        gap = self._arithmetic.minus(left, right)
        zero = Fraction(0)
        match op:
            case ast.Gt() | ast.GtE():
                yield self._arithmetic.at_least(gap, zero, isinstance(op, ast.Gt), said)
            case ast.Lt() | ast.LtE():
                yield self._arithmetic.at_least(gap.times(-1), zero, isinstance(op, ast.Lt), said)
            case ast.Eq():
                yield from self._arithmetic.within(gap, (zero, zero, False, False), said)
            case _:
                raise NotLinear

    def _ratio(self, tree: ast.expr) -> Ratio:
        known = self._arithmetic
        match tree:
            case ast.Constant(value=int() | float() as number):
                return constant(read_number(str(number)))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._ratio(operand).times(-1)
            case ast.BinOp(left=left, op=op, right=right):
                first, second = self._ratio(left), self._ratio(right)
                match op:
                    case ast.Add():
                        return known.plus(first, second)
                    case ast.Sub():
                        return known.minus(first, second)
                    case ast.Mult():
                        return known.times(first, second)
                    case ast.Div():
                        return known.over(first, second)
                raise NotLinear
            case ast.Call(func=ast.Name(id="f"), args=[ast.Constant(value=str() as name)]):
                if name not in self.cells:
                    raise NotLinear
                return one(self.cells[name])
            case ast.Call(func=ast.Name(id="share"), args=[part, whole]):
                return known.over(self._ratio(part).times(100), self._ratio(whole))
            case ast.Call(func=ast.Name(id="growth"), args=[earlier, later]):
                grown = known.over(self._ratio(later).times(100), self._ratio(earlier))
                return known.minus(grown, constant(100))
        raise NotLinear


def _printed(rule: str, targets: Sequence[Fraction]) -> Range:
    """The numbers that are displayed so: low, high, and which of them are excluded."""
    first = targets[0]
    name, _, tolerance = rule.partition(":")
    if name == "about" and tolerance:
        margin = read_number(tolerance)
        return first - margin, first + margin, False, False
    if rule == "between" and len(targets) > 1:
        return first, targets[1], False, False
    if rule in _RULES:
        return _RULES[rule](first)
    raise NotLinear


_RULES: Mapping[str, Callable[[Fraction], Range]] = {
    "exact": lambda number: (number, number, False, False),
    **{f"round{places}": partial(rounding, places=places) for places in range(5)},
    "ceil0": lambda number: (number - 1, number, True, False),
    "more_than": lambda number: (number, None, True, False),
    "at_least": lambda number: (number, None, False, False),
    "less_than": lambda number: (None, number, False, True),
    "at_most": lambda number: (None, number, False, False),
}
