"""Numbers as ratios of weighted sums of cells, and what is printed of them as statements. Pure.

A share printed 89 % is two inequalities between the counts behind it, and so is a growth, a multiple, an index or
"environ 95 %". Claims files and our own publications say so in different languages; both come here.
Source: docs/methods/attacker.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from fractions import Fraction
from math import ceil, gcd, lcm

from attrs import frozen

from egide.disclosure.attack.rows import HEAVIEST
from egide.disclosure.attack.system import Shown, Statement

Weights = Mapping[Hashable | None, Fraction]  # None: the constant
Range = tuple[Fraction | None, Fraction | None, bool, bool]  # low, high, and which of them are excluded
_ONE: Weights = {None: Fraction(1)}


class NotLinear(Exception):
    """It says something, but not in weighted sums of counts."""


@frozen
class Ratio:
    """`above` / `below`, both weighted sums of cells. A denominator is taken not to be negative."""

    above: Weights
    below: Weights = _ONE

    def times(self, factor: int | Fraction) -> Ratio:
        return Ratio(_times(self.above, Fraction(factor)), self.below)


def constant(number: int | Fraction) -> Ratio:
    return Ratio({None: Fraction(number)})


def one(cell: Hashable) -> Ratio:
    return Ratio({cell: Fraction(1)})


@frozen
class Arithmetic:
    """Sums, products and quotients of ratios, as far as the cells that are shown keep them linear."""

    shown: Mapping[Hashable, Shown]

    def number(self, sums: Weights) -> Fraction | None:
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

    def plus(self, first: Ratio, second: Ratio) -> Ratio:
        if first.below == second.below:
            return Ratio(_sum(first.above, second.above), first.below)
        for left, right in ((first, second), (second, first)):
            number, below = self.number(left.above), self.number(left.below)
            if number is not None and below:
                return Ratio(_sum(right.above, _times(right.below, number / below)), right.below)
        return Ratio(_sum(self._whole(first), self._whole(second)))

    def minus(self, first: Ratio, second: Ratio) -> Ratio:
        return self.plus(first, second.times(-1))

    def times(self, first: Ratio, second: Ratio) -> Ratio:
        for left, right in ((first, second), (second, first)):
            number, below = self.number(left.above), self.number(left.below)
            if number is not None and below:
                return right.times(number / below)
        raise NotLinear

    def over(self, first: Ratio, second: Ratio) -> Ratio:
        if self.number(second.above) == 0:
            raise NotLinear
        return Ratio(self._whole(first), self._whole(second))

    def _whole(self, ratio: Ratio) -> Weights:
        below = self.number(ratio.below)
        if not below:
            raise NotLinear
        return ratio.above if below == 1 else _times(ratio.above, 1 / below)

    # ------------------------------------------------------------ what is said of a ratio

    def within(self, value: Ratio, limits: Range, said: str) -> Iterator[Statement]:
        """The ratio lies there: at most two statements, one where both ends are the same."""
        low, high, low_strict, high_strict = limits
        if low is not None and low == high:
            sums = self._against(value, low)
            if _is_light(self._hidden(sums)):
                yield _statement(sums, said, exact=True)
                return
        if low is not None:
            yield self.at_least(value, low, low_strict, said)
        if high is not None:
            yield self.at_least(value.times(-1), -high, high_strict, said)

    def at_least(self, value: Ratio, bound: Fraction, strict: bool, said: str) -> Statement:
        """value >= bound, as a statement on cells: above − bound × below >= 0."""
        sums = self._against(value, bound)
        hidden = self._hidden(sums)
        return _statement(sums if _is_light(hidden) else _lightened(sums, hidden), said, strict=strict)

    def _against(self, value: Ratio, bound: Fraction) -> Weights:
        below = self.number(value.below)
        if below is not None and below > 0:
            value = Ratio(value.above, {None: below})
        elif any(weight < 0 for weight in value.below.values()):
            raise NotLinear  # the sign of the denominator is not known
        return _sum(value.above, _times(value.below, -bound))

    def _hidden(self, sums: Weights) -> Mapping[Hashable, Fraction]:
        return {cell: weight for cell, weight in sums.items() if cell is not None and cell not in self.shown and weight}


def _statement(sums: Weights, said: str, *, strict: bool = False, exact: bool = False) -> Statement:
    """sums >= 0, or > 0 where strict, or = 0 where exact."""
    number = -sums.get(None, Fraction(0))
    terms = tuple((cell, weight) for cell, weight in sums.items() if cell is not None and weight)
    return Statement(terms=terms, low=number, high=number if exact else None, low_strict=strict, said=said)


def _sum(first: Weights, second: Weights) -> Weights:
    return {cell: first.get(cell, Fraction(0)) + second.get(cell, Fraction(0)) for cell in {**first, **second}}


def _times(sums: Weights, factor: Fraction) -> Weights:
    return {cell: weight * factor for cell, weight in sums.items()}


# ---------------------------------------------------------------- weights that exact arithmetic can hold


def _is_light(hidden: Mapping[Hashable, Fraction]) -> bool:
    """Written in whole numbers, do the weights add up to what `attack.rows` can hold?"""
    scale = lcm(*(weight.denominator for weight in hidden.values()))
    whole = [int(abs(weight) * scale) for weight in hidden.values()]
    return sum(whole) <= HEAVIEST * (gcd(*whole) or 1)


def _lightened(sums: Weights, hidden: Mapping[Hashable, Fraction]) -> Weights:
    """The hidden cells' weights rounded up to a coarser unit. Counts are never negative: what was at least zero
    stays so, and the statement says very slightly less."""
    unit = max(abs(weight) for weight in hidden.values()) / (HEAVIEST // (2 * len(hidden)))
    return {cell: ceil(weight / unit) * unit if cell in hidden else weight for cell, weight in sums.items()}
