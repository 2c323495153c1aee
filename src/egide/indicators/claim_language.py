"""The formulas of a claims file: `share(f("a") + f("b"), f("c"))`. Read by our own small evaluator, never run.

Numbers are intervals: a fact in clear is exact, `lt5` is [1, 4], `nc` is [5, ∞). One pass gives both the number, when
no hidden fact was needed, and what stays possible when one was. Source: docs/methods/claims-format.md.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from fractions import Fraction

from attrs import field, frozen

from egide.errors import CalculationRefused
from egide.facts.values import Value
from egide.indicators import formulas
from egide.indicators.words import listed, quoted

MAX_BITS = 8192  # of a numerator or a denominator: no count needs more, and no formula may exhaust memory
MAX_PLACES = 100
MAX_YEARS = 120


class Truth(Enum):
    TRUE = "true"
    FALSE = "false"
    UNDECIDED = "undecided"  # true for some of the values that a hidden fact may have, false for others

    @classmethod
    def of(cls, statement: bool) -> Truth:
        return cls.TRUE if statement else cls.FALSE


Result = Value | Truth | str


@frozen(kw_only=True)
class ClaimFact:
    """A fact as a formula meets it: a value, a range because it is hidden, or None because it is not known."""

    value: Value | None
    hidden: bool = False
    problem: str = ""  # why no formula may use it


@frozen
class Evaluation:
    """What a formula gives. `result` is None when it holds a hidden fact and no range can be said."""

    result: Result | None
    hidden: tuple[str, ...] = field(default=())  # ids of the hidden or unknown facts it needed


def evaluate(tree: ast.expr, facts: Mapping[str, ClaimFact]) -> Evaluation:
    """Compute a formula. Raises CalculationRefused, in French, for everything that is not in the language.

    As in the files' own rules, `and` stops at its first false statement, so a hidden fact after it is not needed.
    """
    _check(tree)
    reader = _Evaluator(facts)
    try:
        result: Result | None = reader.walk(tree)
    except ZeroDivisionError:
        if not reader.hidden:
            raise CalculationRefused("Division par zéro.") from None
        result = None
    if reader.unknown:
        result = None
    return Evaluation(result, tuple(dict.fromkeys(reader.hidden)))


def _check(tree: ast.expr) -> None:
    """Refuse what is not in the language wherever it stands, even after a false statement that stops `and`."""
    match tree:
        case ast.Constant(value=str()):
            parts: Sequence[ast.expr] = ()
        case ast.Constant(value=int() | float() as number) if type(number) is not bool:
            read_number(str(number))
            parts = ()
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            parts = (operand,)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            parts = (left, right)
        case ast.BoolOp(op=ast.And(), values=parts):
            pass
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _COMPARISONS for op in ops):
            parts = (left, *others)
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]):
            _check_call(name, len(parts))
        case _:
            raise CalculationRefused(f"{quoted(ast.unparse(tree)[:60])} n’est pas permis dans une formule.")
    for part in parts:
        _check(part)


def _check_call(name: str, count: int) -> None:
    counts = (1,) if name == "f" else FUNCTIONS[name][0] if name in FUNCTIONS else None
    if counts is None:
        allowed = listed(["f", *FUNCTIONS])
        raise CalculationRefused(f"{quoted(name[:60])} n’est pas une fonction permise : {allowed}.")
    if count not in counts:
        raise CalculationRefused(f"{quoted(name)} ne prend pas {count} argument(s).")


class _Evaluator:
    def __init__(self, facts: Mapping[str, ClaimFact]) -> None:
        self._facts = facts
        self.hidden: list[str] = []
        self.unknown = False

    def walk(self, tree: ast.expr) -> Result:
        match tree:
            case ast.Constant(value=str() as text):
                return text
            case ast.Constant(value=number):
                return Value.exact(read_number(str(number)))
            case ast.UnaryOp(operand=operand):
                return -as_number(self.walk(operand))
            case ast.BinOp(left=left, op=op, right=right):
                return _bounded(_ARITHMETIC[type(op)](self.walk(left), self.walk(right)))
            case ast.BoolOp(values=statements):
                return self._all(statements)
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self._chain(left, ops, others)
            case ast.Call(func=ast.Name(id="f"), args=[argument]):
                return self._fact(self.walk(argument))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return _bounded(FUNCTIONS[name][1](*[self.walk(argument) for argument in arguments]))
        raise AssertionError(f"checked beforehand: {ast.dump(tree)}")

    def _all(self, statements: Sequence[ast.expr]) -> Truth:
        verdict = Truth.TRUE
        for statement in statements:
            match truth(self.walk(statement)):
                case Truth.FALSE:
                    return Truth.FALSE
                case Truth.UNDECIDED:
                    verdict = Truth.UNDECIDED
        return verdict

    def _chain(self, first: ast.expr, ops: Sequence[ast.cmpop], others: Sequence[ast.expr]) -> Truth:
        left, links = self.walk(first), []
        for op, other in zip(ops, others, strict=True):
            right = self.walk(other)
            links.append(_COMPARISONS[type(op)](left, right))
            left = right
        return both(*links)

    def _fact(self, name: Result) -> Value:
        if not isinstance(name, str):
            raise CalculationRefused("f prend un identifiant de fait, entre guillemets.")
        if name not in self._facts:
            raise CalculationRefused(f"Aucun fait n’a l’identifiant {quoted(name[:60])}.")
        fact = self._facts[name]
        if fact.problem:
            raise CalculationRefused(fact.problem)
        if fact.hidden or fact.value is None:
            self.hidden.append(name)
        if fact.value is None:
            self.unknown = True
            return Value(None, None)
        return fact.value


# ---------------------------------------------------------------- reading one operand as a number or as a statement


def read_number(text: str) -> Fraction:
    """A decimal number as written. Raises CalculationRefused for anything else, and for a number out of measure."""
    mantissa, _, exponent = text.strip().lower().partition("e")
    try:
        if len(mantissa) <= 60 and len(exponent) <= 4:
            return Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        pass
    raise CalculationRefused(f"{quoted(text[:40])} n’est pas un nombre que l’on sait lire.")


def as_number(result: Result, *, written: bool = False) -> Value:
    """`written`: a number between quotes will do, as in the file's own functions."""
    match result:
        case Value():
            return result
        case Truth():
            return {Truth.TRUE: Value(1, 1), Truth.FALSE: Value(0, 0), Truth.UNDECIDED: Value(0, 1)}[result]
        case _ if written:
            return Value.exact(read_number(result))
    raise CalculationRefused(f"Le texte {quoted(result[:40])} n’est pas un nombre.")


def truth(result: Result) -> Truth:
    """As Python takes it: a number is true unless it is zero, a text unless it is empty."""
    match result:
        case Truth():
            return result
        case str():
            return Truth.of(bool(result))
    return negation(equal(result, Value.exact(0)))


def negation(statement: Truth) -> Truth:
    return {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE}.get(statement, statement)


def both(*statements: Truth) -> Truth:
    if Truth.FALSE in statements:
        return Truth.FALSE
    return Truth.UNDECIDED if Truth.UNDECIDED in statements else Truth.TRUE


def equal(one: Value, other: Value) -> Truth:
    if one.is_exact and other.is_exact:
        return Truth.of(one.number == other.number)
    return Truth.FALSE if less(one, other) is Truth.TRUE or less(other, one) is Truth.TRUE else Truth.UNDECIDED


def less(one: Value, other: Value) -> Truth:
    if one.high is not None and other.low is not None and one.high < other.low:
        return Truth.TRUE
    if one.low is not None and other.high is not None and one.low >= other.high:
        return Truth.FALSE
    return Truth.UNDECIDED


def _compared(
    texts: Callable[[str, str], bool] | None, numbers: Callable[[Value, Value], Truth], unlike: Truth | None = None
) -> Callable[[Result, Result], Truth]:
    """`unlike`: what a text and a number give; None when they cannot be compared."""

    def compare(one: Result, other: Result) -> Truth:
        if isinstance(one, str) and isinstance(other, str) and texts is not None:
            return Truth.of(texts(one, other))
        if isinstance(one, str) != isinstance(other, str) and unlike is not None:
            return unlike
        return numbers(as_number(one), as_number(other))

    return compare


_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Result, Result], Truth]] = {
    ast.Eq: _compared(str.__eq__, equal, Truth.FALSE),
    ast.NotEq: _compared(str.__ne__, lambda one, other: negation(equal(one, other)), Truth.TRUE),
    ast.Lt: _compared(str.__lt__, less),
    ast.Gt: _compared(str.__gt__, lambda one, other: less(other, one)),
    ast.LtE: _compared(str.__le__, lambda one, other: negation(less(other, one))),
    ast.GtE: _compared(str.__ge__, lambda one, other: negation(less(one, other))),
}

# ---------------------------------------------------------------- arithmetic


def _bounded(result: Result) -> Result:
    ends = (result.low, result.high) if isinstance(result, Value) else ()
    if any(max(end.numerator.bit_length(), end.denominator.bit_length()) > MAX_BITS for end in ends if end is not None):
        raise CalculationRefused("La formule donne un nombre démesuré.")
    return result


def _add(one: Result, other: Result) -> Result:
    if isinstance(one, str) and isinstance(other, str):
        return one + other
    return as_number(one) + as_number(other)


def _divide(one: Result, other: Result) -> Value:
    return as_number(one, written=True) / as_number(other, written=True)


_ARITHMETIC: Mapping[type[ast.operator], Callable[[Result, Result], Result]] = {
    ast.Add: _add,
    ast.Sub: lambda one, other: as_number(one) - as_number(other),
    ast.Mult: lambda one, other: as_number(one) * as_number(other),
    ast.Div: _divide,
}


def _share(part: Result, whole: Result) -> Value:
    return _divide(part, whole) * formulas.HUNDRED


def _growth(earlier: Result, later: Result) -> Value:
    return _share(later, earlier) - formulas.HUNDRED


def _cagr(earlier: Result, later: Result, years: Result) -> Value:
    one, other, time = (as_number(argument, written=True) for argument in (earlier, later, years))
    if not time.is_exact:
        raise CalculationRefused("Le nombre d’années d’une croissance annuelle moyenne doit être connu.")
    if time.number == 0 or one.contains(0):
        raise ZeroDivisionError
    if time.number < 0:  # backwards in time: the same curve, read from its other end
        one, other, time = other, one, -time
        if one.contains(0):
            raise ZeroDivisionError
    if max(time.number.numerator, time.number.denominator) > MAX_YEARS:
        raise CalculationRefused(f"Une croissance annuelle moyenne se calcule sur {MAX_YEARS} ans au plus.")
    try:
        return formulas.cagr(one, other, time.number)
    except (ValueError, ZeroDivisionError):
        raise CalculationRefused("Une croissance annuelle moyenne demande des nombres positifs.") from None


def _round(number: Result, places: Result | None = None) -> Value:
    """Python's own `round`: a half goes to the even neighbour. The rounding rules, them, round half up."""
    value = as_number(number)
    if places is None:
        return Value(*(None if end is None else round(end) for end in (value.low, value.high)))
    digits = as_number(places)
    if not (digits.is_exact and digits.number.denominator == 1 and abs(digits.number) <= MAX_PLACES):
        raise CalculationRefused("round prend un nombre entier de décimales.")
    return Value(*(None if end is None else round(end, int(digits.number)) for end in (value.low, value.high)))


def _least(*numbers: Result) -> Value:
    values = [as_number(number) for number in numbers]
    lows = [value.low for value in values]
    highs = [value.high for value in values if value.high is not None]
    return Value(None if None in lows else min(low for low in lows if low is not None), min(highs, default=None))


def _greatest(*numbers: Result) -> Value:
    return -_least(*(-as_number(number) for number in numbers))


_SEVERAL = range(2, 1000)
FUNCTIONS: Mapping[str, tuple[Sequence[int], Callable[..., Value]]] = {
    "share": ((2,), _share),
    "growth": ((2,), _growth),
    "cagr": ((3,), _cagr),
    "abs": ((1,), lambda number: abs(as_number(number))),
    "round": ((1, 2), _round),
    "min": (_SEVERAL, _least),
    "max": (_SEVERAL, _greatest),
}
