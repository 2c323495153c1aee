"""A value is exact or an interval: `< 5` is [1, 4], `nc` is [5, ∞), and arithmetic carries the doubt along.

Bounds are exact rationals and both belong to the interval. A missing bound (`None`) means unbounded on that
side. Operations follow interval arithmetic: the result holds every number that some choice of the operands
gives, and no operation ever narrows it by luck. Source: docs/methods/intervals.md.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, inf

from attrs import field, frozen

Bound = Fraction | None
Number = int | Fraction


def _fraction(bound: Number | None) -> Bound:
    return bound if bound is None or isinstance(bound, Fraction) else Fraction(bound)


@frozen
class Value:
    """All the numbers a statement leaves possible: one for an exact count, a range for a hidden one."""

    low: Bound = field(converter=_fraction)
    high: Bound = field(converter=_fraction)

    def __attrs_post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"an interval cannot run from {self.low} down to {self.high}")

    @classmethod
    def exact(cls, number: Number) -> Value:
        return cls(number, number)

    @classmethod
    def at_least(cls, number: Number) -> Value:
        return cls(number, None)

    @property
    def is_exact(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def number(self) -> Fraction:
        """The number itself. Asking an interval for it is a fault of the caller."""
        if self.low is None or self.low != self.high:
            raise ValueError(f"{self} is an interval, not a number")
        return self.low

    def contains(self, number: Number) -> bool:
        return (self.low is None or self.low <= number) and (self.high is None or number <= self.high)

    def within(self, other: Value) -> bool:
        """Is every number left possible here left possible there too?"""
        low_fits = other.low is None or (self.low is not None and self.low >= other.low)
        high_fits = other.high is None or (self.high is not None and self.high <= other.high)
        return low_fits and high_fits

    def meet(self, other: Value) -> Value:
        """What both statements leave possible. Raises ValueError when they contradict each other."""
        lows = [b for b in (self.low, other.low) if b is not None]
        highs = [b for b in (self.high, other.high) if b is not None]
        return Value(max(lows, default=None), min(highs, default=None))

    def whole(self) -> Value:
        """The same, for something counted in whole units: bounds move inwards to integers."""
        return Value(
            None if self.low is None else Fraction(ceil(self.low)),
            None if self.high is None else Fraction(floor(self.high)),
        )

    def __neg__(self) -> Value:
        return Value(
            None if self.high is None else -self.high,
            None if self.low is None else -self.low,
        )

    def __add__(self, other: Value) -> Value:
        return Value(_sum(self.low, other.low), _sum(self.high, other.high))

    def __sub__(self, other: Value) -> Value:
        return self + -other

    def __mul__(self, other: Value) -> Value:
        products = [_product(a, b) for a in _ends(self) for b in _ends(other)]
        return Value(_finite(min(products)), _finite(max(products)))

    def __truediv__(self, other: Value) -> Value:
        """Quotient. Raises ZeroDivisionError when the divisor may be zero: a base that may be nobody is no base."""
        if other.contains(0):
            raise ZeroDivisionError(f"the divisor {other} may be zero")
        return self * other._inverse()

    def _inverse(self) -> Value:
        # A bound without end inverts to zero; zero itself is excluded by the caller.
        low = Fraction(0) if self.high is None else 1 / self.high
        high = Fraction(0) if self.low is None else 1 / self.low
        return Value(low, high)

    def __abs__(self) -> Value:
        if self.low is not None and self.low >= 0:
            return self
        if self.high is not None and self.high <= 0:
            return -self
        if self.low is None or self.high is None:
            return Value(0, None)
        return Value(0, max(-self.low, self.high))

    def __str__(self) -> str:
        if self.is_exact:
            return str(self.low)
        low = "-∞" if self.low is None else str(self.low)
        high = "∞" if self.high is None else str(self.high)
        return f"[{low}, {high}]"


BELOW_FIVE = Value(1, 4)
NOT_COMMUNICATED = Value.at_least(5)


def rounded(number: Fraction, places: int = 0) -> Fraction:
    """Half away from zero, as official statistics print it: 12.5 gives 13, -12.5 gives -13."""
    scale = 10**places
    magnitude = Fraction(floor(abs(number) * scale + Fraction(1, 2)), scale)
    return magnitude if number >= 0 else -magnitude


def decimals(number: Fraction) -> int:
    """How many it takes to write the number whole. Raises ValueError when they never end."""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        raise ValueError(f"{number} has no last decimal")
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    return places


def rounding(printed: Number, places: int = 0) -> tuple[Fraction, Fraction, bool, bool]:
    """The numbers that are printed so, rounded half away from zero: low, high, and which of them are excluded."""
    half = Fraction(1, 2 * 10**places)
    number = Fraction(printed)
    return number - half, number + half, number <= 0, number >= 0


def _sum(a: Bound, b: Bound) -> Bound:
    return None if a is None or b is None else a + b


def _ends(value: Value) -> tuple[Fraction | float, Fraction | float]:
    return (-inf if value.low is None else value.low, inf if value.high is None else value.high)


def _product(a: Fraction | float, b: Fraction | float) -> Fraction | float:
    """Zero times an end without bound is zero: the bound is never reached, the zero is."""
    return Fraction(0) if a == 0 or b == 0 else a * b


def _finite(end: Fraction | float) -> Bound:
    return end if isinstance(end, Fraction) else None
