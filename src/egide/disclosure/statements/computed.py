"""A result that the observatory computed, as a statement about the facts behind it. Pure.

Shares, growths, points, indexes, multiples, sums, means, differences and complements are ratios of weighted sums of
facts; a rank is a few comparisons. A mean annual growth is a root: it says nothing here. `trace.json` holds each
shown result exactly, so what is printed of it, rounded or in words, says no more. Source: docs/methods/attacker.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import reduce

from attrs import frozen

from egide.disclosure.attack.system import Statement
from egide.disclosure.statements.ratios import Arithmetic, NotLinear, Range, Ratio, constant
from egide.facts.model import Fact
from egide.facts.values import Value
from egide.indicators.derived import Derived, Operand

_SHARES = frozenset({"share", "prosecution_rate"})
_MULTIPLES = frozenset({"growth", "multiple"})  # written earlier, later
_RATIOS = frozenset({"ratio", "index"})  # written above, below


@frozen
class Reader:
    """`cell`: how a fact enters the system, as a cell or as a number. Raises NotLinear for one that does not."""

    arithmetic: Arithmetic
    cell: Callable[[Fact], Ratio]

    def of(self, operand: Operand) -> Ratio:
        """The number as a ratio of weighted sums of cells. Raises NotLinear when it is none."""
        if isinstance(operand, Fact):
            return self.cell(operand)
        known, function = self.arithmetic, operand.function
        if function not in _LINEAR | _SHARES | _MULTIPLES | _RATIOS | {"response_rate"}:
            raise NotLinear
        parts = [self.of(one) for one in operand.operands]
        if function in _SHARES:
            return known.over(parts[0].times(100), parts[1])
        if function == "response_rate":
            return known.over(known.plus(parts[0], parts[1]).times(100), parts[2])
        if function in _MULTIPLES:
            multiple = known.over(parts[1], parts[0])
            return known.minus(multiple.times(100), constant(100)) if function == "growth" else multiple
        if function in _RATIOS:
            return known.over(parts[0], parts[1]).times(100 if function == "index" else 1)
        return self._linear(function, parts)

    def _linear(self, function: str, parts: Sequence[Ratio]) -> Ratio:
        known = self.arithmetic
        if function in ("difference", "points"):
            return known.minus(parts[1], parts[0])
        if function == "prosecutable":
            return known.minus(parts[0], parts[1])
        if function == "complement":
            return known.minus(constant(100), parts[0])
        total = reduce(known.plus, parts)
        return total.times(Fraction(1, len(parts))) if function == "mean" else total

    # ------------------------------------------------------------ what is shown of it

    def shown(self, result: Derived, value: Value, said: str) -> Iterator[Statement]:
        """What a reader learns from the value, whole or as a range. Nothing where that is not linear."""
        try:
            if result.function == "rank":
                yield from self._ranked(result, value, said)
            else:
                yield from self.arithmetic.within(self.of(result), (value.low, value.high, False, False), said)
        except NotLinear:
            return

    def worded(self, operand: Operand, limits: Range, said: str) -> Iterator[Statement]:
        """What words that stand for a number say of it: « près de 900 », « doublé »."""
        try:
            yield from self.arithmetic.within(self.of(operand), limits, said)
        except NotLinear:
            return

    def _ranked(self, result: Derived, value: Value, said: str) -> Iterator[Statement]:
        """How many others are larger. Said where one comparison settles the next: those that what is shown leaves
        open are all larger, or none is; or all others are shown, and the number lies between two of them."""
        if not value.is_exact:
            return
        first, *rest = result.operands
        mine, larger = self.of(first), int(value.number) - 1
        others = [self.of(one) for one in rest if one.id != first.id]
        gaps = [self.arithmetic.minus(other, mine) for other in others]
        known = [self._sign(gap) for gap in gaps]
        open_gaps = [gap for gap, sign in zip(gaps, known, strict=True) if sign is None]
        missing = larger - sum(1 for sign in known if sign == 1)
        if missing in (0, len(open_gaps)):
            for gap in open_gaps:
                yield self._compared(gap, missing > 0, said)
            return
        numbers = [self.arithmetic.number(one.above) for one in others]
        ordered = sorted(range(len(others)), key=lambda place: numbers[place] or 0, reverse=True)
        if None not in numbers:
            for rank, place in enumerate(ordered):
                yield self._compared(gaps[place], rank < larger, said)

    def _sign(self, gap: Ratio) -> int | None:
        """1 above zero, 0 not above, None when it depends on what is hidden."""
        number = self.arithmetic.number(gap.above)
        return None if number is None else int(number > 0)

    def _compared(self, gap: Ratio, is_larger: bool, said: str) -> Statement:
        zero = Fraction(0)
        if is_larger:
            return self.arithmetic.at_least(gap, zero, True, said)
        return self.arithmetic.at_least(gap.times(-1), zero, False, said)


_LINEAR = frozenset({"sum", "mean", "difference", "prosecutable", "points", "complement"})


def fixed(value: Value) -> Ratio:
    """A number that is public and is not a count: an amount, a mean age, a share as an institution states it."""
    if not value.is_exact:
        raise NotLinear
    return constant(value.number)
