"""Every formula holds all possible results (soundness) and, where it can be counted out, no more (tightness)."""

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from egide.facts.values import Value
from egide.indicators import formulas
from egide.indicators.claims import CLAIM_COLUMNS, FACT_COLUMNS, verify_claims
from support.drawn import Drawn, drawn

COUNTS = st.integers(0, 30)
BASES = st.integers(1, 30)


@st.composite
def counts(draw, lowest=0):
    """A count in doubt, and one of the counts it may be."""
    low = draw(st.integers(lowest, 20))
    width = draw(st.integers(0, 6))
    endless = draw(st.integers(0, 5)) == 0
    number = low + draw(st.integers(0, 40 if endless else width))
    return Value(low, None if endless else low + width), number


def span(results) -> Value:
    return Value(min(results), max(results))


def between(value: Value) -> range:
    return range(int(value.low), int(value.high) + 1)


def narrow(lowest=0):
    return st.tuples(st.integers(lowest, 9), st.integers(0, 4)).map(lambda pair: Value(pair[0], sum(pair)))


# ---------------------------------------------------------------- nothing possible is lost


@given(counts(lowest=1), counts())
def test_growth_index_and_multiple_hold_every_possible_result(earlier, later):
    (x, a), (y, b) = earlier, later
    assert formulas.growth(x, y).contains(Fraction(100 * (b - a), a))
    assert formulas.index(y, x).contains(Fraction(100 * b, a))
    assert formulas.multiple(x, y).contains(Fraction(b, a))
    assert formulas.points(x, y).contains(b - a)


@given(counts(), counts(lowest=1))
def test_a_share_holds_every_possible_result(part, whole):
    (x, a), (y, b) = part, whole
    assert formulas.share(x, y).contains(Fraction(100 * a, b))
    assume(a <= b)
    assert formulas.share(x, y, inside=True).contains(Fraction(100 * a, b))


@given(counts(), counts())
def test_a_share_among_parts_holds_every_possible_result(part, rest):
    (x, a), (y, b) = part, rest
    assume((x.low or 0) + (y.low or 0) > 0)
    assert formulas.share_of_parts(x, y).contains(Fraction(100 * a, a + b))


@given(counts(), counts(), counts(lowest=1))
def test_the_judicial_rates_hold_every_possible_result(alternatives, prosecuted, rest):
    (x, a), (y, b), (_, c) = alternatives, prosecuted, rest
    base = a + b + c
    assert formulas.response_rate(x, y, Value.exact(base)).contains(Fraction(100 * (a + b), base))
    assert formulas.prosecutable(Value.exact(base), x).contains(base - a)


@given(counts(), st.lists(counts(), min_size=1, max_size=4))
def test_a_rank_holds_every_possible_rank(one, others):
    true_rank = 1 + sum(number > one[1] for _, number in others)
    assert formulas.rank(one[0], [value for value, _ in others]).contains(true_rank)


@given(counts(lowest=1), counts(), st.integers(1, 12))
def test_a_mean_annual_growth_holds_every_possible_result(earlier, later, years):
    (x, a), (y, b) = earlier, later
    found = formulas.cagr(x, y, Fraction(years))
    yearly = by_decimal(Fraction(b, a), years)
    # An exact ratio with an irrational root is kept to ten decimals of a percent; a range loses nothing.
    slack = Fraction(1, 10**9) if found.is_exact else Fraction(1, 10**40)
    assert found.low is None or found.low - slack <= yearly
    assert found.high is None or yearly <= found.high + slack


def by_decimal(ratio: Fraction, years: int) -> Fraction:
    """An oracle of another kind: logarithms to fifty digits."""
    if ratio == 0:
        return Fraction(-100)
    with localcontext() as context:
        context.prec = 50
        change = (Decimal(ratio.numerator) / Decimal(ratio.denominator)).ln() / years
        return 100 * (Fraction(change.exp()) - 1)


# ---------------------------------------------------------------- nothing impossible is added


@given(narrow(lowest=1), narrow())
def test_growth_is_no_wider_than_it_must_be(earlier, later):
    possible = [Fraction(100 * (b - a), a) for a, b in product(between(earlier), between(later))]
    assert formulas.growth(earlier, later) == span(possible)


@given(narrow(), narrow())
def test_a_share_of_a_part_inside_its_whole_is_no_wider_than_it_must_be(part, whole):
    pairs = [(a, b) for a, b in product(between(part), between(whole)) if a <= b]
    if not pairs:
        with pytest.raises(ValueError, match="interval"):
            formulas.share(part, whole, inside=True)
    elif (0, 0) in pairs:
        with pytest.raises(ZeroDivisionError):
            formulas.share(part, whole, inside=True)
    else:
        assert formulas.share(part, whole, inside=True) == span([Fraction(100 * a, b) for a, b in pairs])


@given(narrow(), narrow())
def test_a_share_among_parts_is_no_wider_than_it_must_be(part, rest):
    pairs = list(product(between(part), between(rest)))
    if (0, 0) in pairs:
        with pytest.raises(ZeroDivisionError):
            formulas.share_of_parts(part, rest)
    else:
        assert formulas.share_of_parts(part, rest) == span([Fraction(100 * a, a + b) for a, b in pairs])


@given(narrow(), narrow())
def test_the_prosecutable_are_no_wider_than_they_must_be(total, not_prosecutable):
    possible = [a - b for a, b in product(between(total), between(not_prosecutable)) if a >= b]
    if not possible:
        with pytest.raises(ValueError, match="interval"):
            formulas.prosecutable(total, not_prosecutable)
    else:
        assert formulas.prosecutable(total, not_prosecutable) == span(possible)


# ---------------------------------------------------------------- mean annual growth


@pytest.mark.parametrize(
    ("earlier", "later", "years", "percent"),
    [(100, 121, 2, 10), (8, 27, 3, 50), (100, 100, 7, 0), (27, 8, 3, Fraction(-100, 3)), (5, 0, 4, -100)],
)
def test_a_rational_root_is_exact(earlier, later, years, percent):
    found = formulas.cagr(Value.exact(earlier), Value.exact(later), Fraction(years))
    assert found == Value.exact(percent)


@given(st.fractions(0, 50, max_denominator=9), st.integers(1, 9), st.integers(1, 9))
def test_a_root_lies_between_two_numbers_a_millionth_of_a_millionth_apart(number, raised, degree):
    low, high = formulas.power(number, Fraction(raised, degree))
    assert low**degree <= number**raised <= high**degree
    assert high - low in (0, Fraction(1, 10**12))


@given(BASES, BASES, st.integers(1, 40))
def test_a_mean_annual_growth_agrees_with_logarithms(earlier, later, years):
    found = formulas.cagr(Value.exact(earlier), Value.exact(later), Fraction(years)).number
    assert abs(found - by_decimal(Fraction(later, earlier), years)) < Fraction(1, 10**9)


@given(BASES, COUNTS)
def test_over_one_year_it_is_the_growth(earlier, later):
    one, other = Value.exact(earlier), Value.exact(later)
    assert formulas.cagr(one, other, Fraction(1)) == formulas.growth(one, other)


@pytest.mark.parametrize("years", [0, -1])
def test_over_no_time_there_is_no_growth_a_year(years):
    with pytest.raises(ZeroDivisionError):
        formulas.cagr(Value.exact(1), Value.exact(2), Fraction(years))


@pytest.mark.parametrize("base", [Value.exact(0), Value(0, 4), Value(None, 4), Value(-1, 4)])
def test_a_base_that_may_be_zero_is_no_base(base):
    for formula in (formulas.growth, formulas.multiple):
        with pytest.raises(ZeroDivisionError):
            formula(base, Value.exact(1))


# ---------------------------------------------------------------- whole expressions, facts that occur twice


def world(numbers: dict[str, str]) -> Drawn:
    rows = [f"{name} | s/m/FR/2024/part={name} | {value}" for name, value in numbers.items()]
    return drawn("\n".join([*rows, "w | s/m/FR/2024 | 100"]))


EXPRESSIONS = (
    "share(a[2024], sum(a[2024], b[2024], c[2024]))",
    "share(sum(a[2024], b[2024]), sum(a[2024], b[2024], c[2024]))",
    "share(sum(a[2024], b[2024]), w[2024])",
    "difference(a[2024], sum(a[2024], b[2024]))",
    "complement(share(a[2024], sum(a[2024], c[2024])))",
    "prosecution_rate(a[2024], prosecutable(w[2024], b[2024]))",
    "ratio(a[2024], sum(b[2024], c[2024]))",
    "rank(a[2024], b[2024], c[2024])",
)


@given(st.sampled_from(EXPRESSIONS), *[st.tuples(st.integers(1, 20), st.integers(0, 5))] * 3, st.data())
def test_every_completion_of_the_hidden_facts_gives_a_possible_result(expression, a, b, c, data):
    ranges = {"a": a, "b": b, "c": c}
    doubtful = world({name: f"{low}..{low + width}" for name, (low, width) in ranges.items()})
    chosen = {name: data.draw(st.integers(low, low + width)) for name, (low, width) in ranges.items()}
    certain = world({name: str(number) for name, number in chosen.items()})
    assert doubtful.value(expression).contains(certain.value(expression).number)


@settings(max_examples=40)
@given(st.sampled_from(EXPRESSIONS[:5]), *[st.tuples(st.integers(1, 5), st.integers(0, 1))] * 3)
def test_a_fact_that_occurs_twice_makes_a_result_no_wider(expression, a, b, c):
    ranges = {"a": a, "b": b, "c": c}
    doubtful = world({name: f"{low}..{low + width}" for name, (low, width) in ranges.items()})
    completions = product(*[range(low, low + width + 1) for low, width in ranges.values()])
    possible = [world(dict(zip(ranges, map(str, one), strict=True))).value(expression).number for one in completions]
    assert doubtful.value(expression) == span(possible)


# ---------------------------------------------------------------- the claims' own language

NUMBERS = st.sampled_from(["f('x')", "f('y')", "f('h')", "f('k')", "2", "0.5", "7"])
FORMULAS = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        st.tuples(st.sampled_from(["share", "growth", "min", "max"]), inner, inner).map(
            lambda parts: f"{parts[0]}({parts[1]}, {parts[2]})"
        ),
        st.tuples(st.sampled_from(["abs", "round", "-"]), inner).map(lambda parts: f"{parts[0]}({parts[1]})"),
    ),
    max_leaves=6,
)
CLAIMS = FORMULAS | st.tuples(FORMULAS, st.sampled_from(["<", "<=", "==", "!=", ">", ">="]), FORMULAS).map(" ".join)
RULES = st.sampled_from(["exact", "round0", "round1", "ceil0", "more_than", "at_least", "less_than", "about:5"])


def judge(formula: str, rule: str, hidden: int | None, other: int | None):
    def row(name, value, secret="F"):
        return dict.fromkeys(FACT_COLUMNS, "") | {"id": name, "value": value, "conf_status": secret}

    facts = [row("x", "12"), row("y", "-3.5")]
    facts.append(row("h", "", "lt5") if hidden is None else row("h", str(hidden)))
    facts.append(row("k", "", "nc") if other is None else row("k", str(other)))
    claim = dict.fromkeys(CLAIM_COLUMNS, "") | {"claim_id": "c", "displayed": "4", "formula": formula, "rounding": rule}
    (verdict,) = verify_claims([claim], facts)
    return verdict


@given(CLAIMS, RULES, st.integers(1, 4), st.integers(5, 60))
def test_a_claim_said_to_hold_or_fail_does_so_for_every_hidden_value(formula, rule, hidden, other):
    rule = "bool" if any(sign in formula for sign in "<>=!") else rule
    said = judge(formula, rule, None, None)
    real = judge(formula, rule, hidden, other)
    assume(real.problem is None)
    if said.interval_verdict in ("holds", "fails"):
        assert real.agrees == {"holds": "yes", "fails": "no"}[said.interval_verdict]
