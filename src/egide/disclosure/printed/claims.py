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

from egide.disclosure.attack.system import Shown, Statement, rounding
from egide.errors import CalculationRefused
from egide.indicators import grammar
from egide.indicators.claim_language import read_number
from egide.indicators.claims import NO, Row, displayed_numbers
from egide.indicators.words import quoted

Weights = Mapping[Hashable | None, Fraction]  # None: the constant
_ONE: Weights = {None: Fraction(1)}


class NotLinear(Exception):
    """The formula says something, but not in weighted sums of counts."""


@frozen
class Ratio:
    """`above` / `below`, both weighted sums of cells. A denominator is taken not to be negative."""

    above: Weights
    below: Weights = _ONE


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
        if not targets:
            return
        low, high, low_strict, high_strict = _printed(rule, targets)
        if low is not None:
            yield self._at_least(value, low, low_strict, said)
        if high is not None:
            yield self._at_least(_negative(value), -high, high_strict, said)

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
        gap = self._plus(left, _negative(right))
        match op:
            case ast.Gt() | ast.GtE():
                yield self._at_least(gap, Fraction(0), isinstance(op, ast.Gt), said)
            case ast.Lt() | ast.LtE():
                yield self._at_least(_negative(gap), Fraction(0), isinstance(op, ast.Lt), said)
            case ast.Eq():
                yield self._at_least(gap, Fraction(0), False, said)
                yield self._at_least(_negative(gap), Fraction(0), False, said)
            case _:
                raise NotLinear

    def _at_least(self, value: Ratio, bound: Fraction, strict: bool, said: str) -> Statement:
        """value >= bound, as a statement on cells: above − bound × below >= 0."""
        below = self._constant(value.below)
        if below is not None and below > 0:
            value = Ratio(value.above, {None: below})
        elif any(weight < 0 for weight in value.below.values()):
            raise NotLinear  # the sign of the denominator is not known
        sums = _sum(value.above, _times(value.below, -bound))
        constant = sums.get(None, Fraction(0))
        terms = tuple((cell, weight) for cell, weight in sums.items() if cell is not None and weight)
        return Statement(terms=terms, low=-constant, low_strict=strict, said=said)

    def _ratio(self, tree: ast.expr) -> Ratio:
        match tree:
            case ast.Constant(value=int() | float() as number):
                return Ratio({None: read_number(str(number))})
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _negative(self._ratio(operand))
            case ast.BinOp(left=left, op=op, right=right):
                one, other = self._ratio(left), self._ratio(right)
                match op:
                    case ast.Add():
                        return self._plus(one, other)
                    case ast.Sub():
                        return self._plus(one, _negative(other))
                    case ast.Mult():
                        return self._times(one, other)
                    case ast.Div():
                        return self._over(one, other)
                raise NotLinear
            case ast.Call(func=ast.Name(id="f"), args=[ast.Constant(value=str() as name)]):
                if name not in self.cells:
                    raise NotLinear
                return Ratio({self.cells[name]: Fraction(1)})
            case ast.Call(func=ast.Name(id="share"), args=[part, whole]):
                return self._over(_scaled(self._ratio(part), 100), self._ratio(whole))
            case ast.Call(func=ast.Name(id="growth"), args=[earlier, later]):
                grown = self._over(_scaled(self._ratio(later), 100), self._ratio(earlier))
                return self._plus(grown, Ratio({None: Fraction(-100)}))
        raise NotLinear

    def _constant(self, sums: Weights) -> Fraction | None:
        """The number it is when every cell in it is shown."""
        total = Fraction(0)
        for cell, weight in sums.items():
            if cell is None:
                total += weight
            elif cell in self.shown:
                total += weight * self.shown[cell].value
            elif weight:
                return None
        return total

    def _plus(self, one: Ratio, other: Ratio) -> Ratio:
        if one.below == other.below:
            return Ratio(_sum(one.above, other.above), one.below)
        for left, right in ((one, other), (other, one)):
            number = self._constant(left.above)
            below = self._constant(left.below)
            if number is not None and below:
                return Ratio(_sum(right.above, _times(right.below, number / below)), right.below)
        return Ratio(_sum(self._whole(one), self._whole(other)))

    def _whole(self, one: Ratio) -> Weights:
        below = self._constant(one.below)
        if not below:
            raise NotLinear
        return one.above if below == 1 else _times(one.above, 1 / below)

    def _times(self, one: Ratio, other: Ratio) -> Ratio:
        for left, right in ((one, other), (other, one)):
            number, below = self._constant(left.above), self._constant(left.below)
            if number is not None and below:
                return Ratio(_times(right.above, number / below), right.below)
        raise NotLinear

    def _over(self, one: Ratio, other: Ratio) -> Ratio:
        if self._constant(other.above) == 0:
            raise NotLinear
        return Ratio(self._whole(one), self._whole(other))


def _negative(one: Ratio) -> Ratio:
    return _scaled(one, -1)


def _scaled(one: Ratio, factor: int) -> Ratio:
    return Ratio(_times(one.above, Fraction(factor)), one.below)


def _sum(one: Weights, other: Weights) -> Weights:
    return {cell: one.get(cell, Fraction(0)) + other.get(cell, Fraction(0)) for cell in {**one, **other}}


def _times(sums: Weights, factor: Fraction) -> Weights:
    return {cell: weight * factor for cell, weight in sums.items()}


Range = tuple[Fraction | None, Fraction | None, bool, bool]


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
