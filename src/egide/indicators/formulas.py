"""The arithmetic of every formula: values in, values out, so that doubt goes through and is never lost.

Each result is the tightest interval that holds all possible results. A quantity that occurs twice in a
formula (growth is later / earlier − 1; a share has its part inside its whole) is put so that it occurs once.
What may be put into a formula is decided in `rules`; here only arithmetic can fail:
ZeroDivisionError when a base may be zero or less, ValueError when a part is larger than its whole.
Percentages are out of 100. Source: docs/methods, one page per formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from egide.facts.values import Value, rounded

HUNDRED = Value.exact(100)
FROM_ZERO = Value.at_least(0)
PERCENTAGE = Value(0, 100)
ROOT_PLACES = 12  # decimals kept of an irrational root


def total(values: Iterable[Value]) -> Value:
    return sum(values, start=Value.exact(0))


def difference(earlier: Value, later: Value) -> Value:
    return later - earlier


def mean(values: Sequence[Value]) -> Value:
    return total(values) / Value.exact(len(values))


def ratio(above: Value, below: Value) -> Value:
    return above / _base(below)


def multiple(earlier: Value, later: Value) -> Value:
    return ratio(later, earlier)


def growth(earlier: Value, later: Value) -> Value:
    """100 × (later / earlier − 1)."""
    return ratio(later, earlier) * HUNDRED - HUNDRED


def index(value: Value, base: Value) -> Value:
    return ratio(value, base) * HUNDRED


def points(earlier: Value, later: Value) -> Value:
    return later - earlier


def complement(share_: Value) -> Value:
    return HUNDRED - share_.meet(PERCENTAGE)


def share(part: Value, whole: Value, *, inside: bool = False) -> Value:
    """100 × part / whole. `inside`: the part is known to lie in the whole, so 0 ≤ part ≤ whole."""
    if not inside:
        return ratio(part, whole) * HUNDRED
    part = part.meet(FROM_ZERO)
    # A whole is at least as large as the least its part can be.
    return (ratio(part, whole.meet(Value(part.low, None))) * HUNDRED).meet(PERCENTAGE)


def share_of_parts(part: Value, rest: Value) -> Value:
    """100 × part / (part + rest): grows with the part and falls with the rest, so its ends are at theirs."""
    part, rest = part.meet(FROM_ZERO), rest.meet(FROM_ZERO)
    _base(part + rest)
    return Value(100 * _fraction_of(part.low, rest.high), 100 * _fraction_of(part.high, rest.low))


def prosecutable(total_: Value, not_prosecutable: Value) -> Value:
    """Total less those who could not be prosecuted, who are among them."""
    return (total_.meet(Value(not_prosecutable.low, None)) - not_prosecutable).meet(FROM_ZERO)


def response_rate(alternatives: Value, prosecuted: Value, prosecutable_: Value) -> Value:
    return share(alternatives + prosecuted, prosecutable_, inside=True)


def rank(value: Value, others: Iterable[Value]) -> Value:
    """1 for the largest. Equal values share a rank; a doubt about order is a doubt about rank."""
    best = worst = 1
    for other in others:
        best += _surely_larger(other, value)
        worst += not _surely_not_larger(other, value)
    return Value(best, worst)


def cagr(earlier: Value, later: Value, years: Fraction) -> Value:
    """Mean annual growth in %: 100 × ((later / earlier) ^ (1 / years) − 1), over `years` > 0.

    Roots that are rational are exact. Others are kept to 12 decimals: rounded for an exact ratio, outwards for
    the ends of an interval, so that no possible result is lost.
    """
    if years <= 0:
        raise ZeroDivisionError("a mean annual growth needs at least some time")
    change = ratio(later.meet(FROM_ZERO), earlier)
    low, high = (None if end is None else power(end, 1 / years) for end in (change.low, change.high))
    if change.is_exact and low is not None:
        middle = low[0] if low[0] == low[1] else rounded((low[0] + low[1]) / 2, ROOT_PLACES)
        return Value.exact(middle) * HUNDRED - HUNDRED
    return Value(low and low[0], high and high[1]) * HUNDRED - HUNDRED


def power(number: Fraction, exponent: Fraction) -> tuple[Fraction, Fraction]:
    """The two rationals, equal if possible and 10⁻¹² apart if not, that hold number ^ exponent, both ≥ 0."""
    raised, degree = number**exponent.numerator, exponent.denominator
    above, below = (_whole_root(part, degree) for part in (raised.numerator, raised.denominator))
    if above**degree == raised.numerator and below**degree == raised.denominator:
        return Fraction(above, below), Fraction(above, below)
    floor = _whole_root(raised.numerator * 10 ** (ROOT_PLACES * degree) // raised.denominator, degree)
    return Fraction(floor, 10**ROOT_PLACES), Fraction(floor + 1, 10**ROOT_PLACES)


def _whole_root(number: int, degree: int) -> int:
    """The largest whole number whose power does not exceed `number`. Newton's method, from above."""
    if number < 2:
        return number
    guess = 1 << -(-number.bit_length() // degree)
    while True:
        better = ((degree - 1) * guess + number // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better


def _base(base: Value) -> Value:
    """A base that may be zero, or less, is no base."""
    if base.low is None or base.low <= 0:
        raise ZeroDivisionError(f"the base {base} may be zero")
    return base


def _fraction_of(part: Fraction | None, rest: Fraction | None) -> Fraction:
    if rest is None:
        return Fraction(0)  # an endless rest leaves nothing of a part…
    return Fraction(1) if part is None else part / (part + rest) if part else Fraction(0)


def _surely_larger(one: Value, other: Value) -> bool:
    return one.low is not None and other.high is not None and one.low > other.high


def _surely_not_larger(one: Value, other: Value) -> bool:
    return one.high is not None and other.low is not None and one.high <= other.low
