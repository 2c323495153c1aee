"""Each formula's arithmetic on operands that may have facts in common: a fact in doubt is one unknown, not two."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from egide.facts.model import Fact
from egide.facts.values import Value
from egide.indicators import formulas, rules
from egide.indicators.checks import years
from egide.indicators.derived import Derived, Term, added, amount, lies_in, linear
from egide.indicators.words import quoted

Terms = Sequence[Term]


def values(terms: Terms) -> list[Value]:
    return [term.value for term in terms if term.value is not None]


def share(terms: Terms) -> Value:
    part, whole = terms
    above, below = linear(part.operand), linear(whole.operand)
    rest = added(below, above, Fraction(-1))
    one, other = values(terms)
    if above.keys() & below.keys() and not above.keys() & rest.keys() and _positive(above) and _positive(rest):
        # "minors among minors and adults": the part stands above and below, so write it once.
        return formulas.share_of_parts(amount(above), amount(rest))
    result = formulas.share(one, other, inside=_inside(part, whole))
    if result.low is not None and result.low > 100:
        raise rules.refuse(
            f"{quoted(part.text)} dépasse {quoted(whole.text)} : ce n’en est pas une part. "
            "Un rapport s’écrit ratio(a, b)."
        )
    return result


def _positive(form: Mapping[str, tuple[object, Fraction]]) -> bool:
    return all(times > 0 for _, times in form.values())


def _inside(part: Term, whole: Term) -> bool:
    """Is every fact of the part surely counted in a fact of the whole, at least as many times?"""
    wholes = linear(whole.operand).values()
    return _positive(linear(whole.operand)) and all(
        times <= 0
        or any(
            isinstance(one, Fact) and isinstance(large, Fact) and times <= weight and lies_in(one, large)
            for large, weight in wholes
        )
        for one, times in linear(part.operand).values()
    )


def _combined(terms: Terms, weights: Sequence[Fraction], direct: Value) -> Value:
    """A weighted sum where a fact that occurs twice is counted as one unknown, not two."""
    form: dict[str, tuple[Fact | Derived, Fraction]] = {}
    for term, weight in zip(terms, weights, strict=True):
        form = added(form, linear(term.operand), weight)
    return direct.meet(amount(form))


def sum(terms: Terms) -> Value:
    return _combined(terms, [Fraction(1)] * len(terms), formulas.total(values(terms)))


def mean(terms: Terms) -> Value:
    return _combined(terms, [Fraction(1, len(terms))] * len(terms), formulas.mean(values(terms)))


def difference(terms: Terms) -> Value:
    earlier, later = terms
    result = _combined(terms, [Fraction(-1), Fraction(1)], formulas.difference(*values(terms)))
    return result.meet(formulas.FROM_ZERO) if _inside(earlier, later) else result


def index(terms: Terms) -> Value:
    if terms[0].operand.id == terms[1].operand.id:
        formulas.index(*values(terms))  # a base that may be zero is refused all the same
        return formulas.HUNDRED
    return formulas.index(*values(terms))


def cagr(terms: Terms) -> Value:
    earlier, later = values(terms)
    return formulas.cagr(earlier, later, Fraction(years(terms)))


def rank(terms: Terms) -> Value:
    first, *others = terms
    (value,) = values([first])
    return formulas.rank(value, values([one for one in others if one.operand.id != first.operand.id]))


def simple(function: Callable[..., Value]) -> Callable[[Terms], Value]:
    return lambda terms: function(*values(terms))
