"""Interval arithmetic never loses a possibility, and rounding is the one official statistics print."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.facts.values import BELOW_FIVE, NOT_COMMUNICATED, Value, rounded

NUMBERS = st.integers(-400, 400).map(lambda eighths: Fraction(eighths, 8))


@st.composite
def values(draw, numbers=NUMBERS):
    """A value, and one of the numbers it leaves possible."""
    number, below, above = draw(numbers), draw(st.integers(-1, 9)), draw(st.integers(-1, 9))
    low = None if below < 0 else number - below
    return Value(low, None if above < 0 else number + above), number


@given(values(), values())
def test_what_two_numbers_give_is_among_what_their_intervals_give(one, other):
    (x, a), (y, b) = one, other
    assert (x + y).contains(a + b)
    assert (x - y).contains(a - b)
    assert (x * y).contains(a * b)
    assert (-x).contains(-a)
    assert abs(x).contains(abs(a))


@given(values(), values())
def test_a_quotient_is_among_what_the_intervals_give_unless_the_base_may_be_zero(one, other):
    (x, a), (y, b) = one, other
    if y.contains(0):
        with pytest.raises(ZeroDivisionError):
            x / y
    else:
        assert (x / y).contains(a / b)


@given(st.integers(-6, 6), st.integers(0, 4), st.integers(-6, 6), st.integers(0, 4))
def test_sums_differences_and_products_are_no_wider_than_they_must_be(a, m, b, n):
    x, y = Value(a, a + m), Value(b, b + n)
    corners = [(i, j) for i in (a, a + m) for j in (b, b + n)]
    assert x + y == Value(min(i + j for i, j in corners), max(i + j for i, j in corners))
    assert x - y == Value(min(i - j for i, j in corners), max(i - j for i, j in corners))
    assert x * y == Value(min(i * j for i, j in corners), max(i * j for i, j in corners))


@given(values(), values(), values())
def test_sums_and_products_do_not_depend_on_order(one, other, third):
    x, y, z = one[0], other[0], third[0]
    assert x + y == y + x
    assert x * y == y * x
    assert (x + y) + z == x + (y + z)
    assert x + Value.exact(0) == x
    assert x * Value.exact(1) == x
    opposite = -x
    assert -opposite == x


@given(values(), values(), values())
def test_a_product_of_a_sum_is_within_the_sum_of_the_products(one, other, third):
    """Only within: intervals forget that the factor is the same twice."""
    x, y, z = one[0], other[0], third[0]
    assert (x * (y + z)).within(x * y + x * z)


@given(NUMBERS.flatmap(lambda shared: st.tuples(*[values(st.just(shared))] * 2)), NUMBERS)
def test_what_two_statements_leave_possible_is_what_both_leave_possible(pair, number):
    (x, _), (y, _) = pair
    both = x.meet(y)
    assert both.contains(number) == (x.contains(number) and y.contains(number))
    assert both.within(x) and both.within(y)


def test_statements_that_contradict_each_other_leave_nothing():
    with pytest.raises(ValueError, match="interval"):
        BELOW_FIVE.meet(NOT_COMMUNICATED)


@given(st.integers(-9, 9), st.integers(0, 30), st.integers(0, 30))
def test_a_count_is_whole(number, below, above):
    value = Value(number - Fraction(below, 8), number + Fraction(above, 8))
    possible = [count for count in range(-20, 20) if value.contains(count)]
    assert value.whole() == Value(possible[0], possible[-1])


@given(NUMBERS, st.integers(0, 4))
def test_rounding_is_half_away_from_zero(number, places):
    by_decimal = (Decimal(number.numerator) / Decimal(number.denominator)).quantize(
        Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP
    )
    assert rounded(number, places) == Fraction(by_decimal)
    assert rounded(-number, places) == -rounded(number, places)


@given(NUMBERS, NUMBERS, st.integers(0, 4))
def test_rounding_never_changes_an_order(one, other, places):
    low, high = sorted([one, other])
    assert rounded(low, places) <= rounded(high, places)
    assert abs(rounded(one, places) - one) <= Fraction(1, 2 * 10**places)
