"""What a statistician refuses, before any arithmetic. Each rule raises CalculationRefused and names both operands.

A refusal costs the author one sentence; a number computed across two scopes costs the reader's trust.
Source: docs/methods/README.md lists the rules, each formula's page says which apply to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import combinations, pairwise

from egide.errors import CalculationRefused
from egide.facts.model import Fact, Kind, Unit
from egide.indicators.derived import (
    Operand,
    Term,
    follows,
    linear,
    overlap,
    restrictions,
    within,
)
from egide.indicators.words import listed, quoted
from egide.reference.periods import Period
from egide.reference.territories import SCOPES, contains, territory_name

UNITS = {
    Unit.COUNT: "nombre",
    Unit.PERCENT: "pourcentage",
    Unit.POINTS: "points",
    Unit.RATIO: "rapport",
    Unit.YEARS: "années",
    Unit.MONTHS: "mois",
    Unit.DAYS: "jours",
    Unit.EUR: "euros",
    Unit.MILLION_EUR: "millions d’euros",
}
KINDS = {
    Kind.FLOW: "un flux, compté sur une période",
    Kind.STOCK: "un stock, compté à une date",
    Kind.LEVEL: "un niveau (part, moyenne, taux, montant)",
}
SHARES = frozenset({"share", "complement", "prosecution_rate", "response_rate", "sum"})


def refuse(reason: str) -> CalculationRefused:
    return CalculationRefused(reason)


def _both(one: Term, other: Term, what: str, shown: Callable[[Term], str], reason: str) -> CalculationRefused:
    return refuse(
        f"{quoted(one.text)} a pour {what} {shown(one)}, {quoted(other.text)} a pour {what} {shown(other)} : {reason}"
    )


# ---------------------------------------------------------------- two operands that may meet at all


def same_source(one: Term, other: Term) -> None:
    if one.sources != other.sources:
        reason = "deux institutions ne comptent pas la même chose."
        raise _both(one, other, "source", lambda term: quoted(listed(term.sources)), reason)


def same_kind(one: Term, other: Term) -> None:
    if one.kind is not other.kind:
        raise refuse(
            f"{quoted(one.text)} est {KINDS[one.kind]} ; {quoted(other.text)} est {KINDS[other.kind]} : "
            "ils ne se mettent pas dans une même formule."
        )


def same_unit(one: Term, other: Term, *, same_things: bool = True) -> None:
    if one.unit is not other.unit:
        raise _both(one, other, "unité", lambda term: quoted(UNITS[term.unit]), "les unités diffèrent.")
    if same_things and one.measure.counts != other.measure.counts:
        reason = "on ne rapporte que des personnes à des personnes, des appels à des appels."
        raise _both(one, other, "objet compté", lambda term: quoted(term.measure.counts or "non précisé"), reason)


def same_territory(one: Term, other: Term) -> None:
    if set(one.territories) != set(other.territories):
        raise _both(one, other, "champ", scope, "deux champs différents ne se comparent pas.")


def territory_within(part: Term, whole: Term) -> None:
    """The same scope, or a territory of the whole for one and the same measure."""
    if set(part.territories) == set(whole.territories):
        return
    inside = all(any(contains(large, small) for large in whole.territories) for small in part.territories)
    if not (inside and part.measure.code == whole.measure.code):
        raise _both(part, whole, "champ", scope, "le second ne contient pas le premier pour une même mesure.")


def same_families(one: Term, other: Term, *, inside: bool = False) -> None:
    """A person counts once in each family. `inside`: the second may also be the whole of all families."""
    for dim in sorted({*one.measure.overlapping, *other.measure.overlapping}):
        first, second = _code(one, dim), _code(other, dim)
        if first != second and not (inside and second is None):
            raise refuse(
                f"{quoted(one.text)} a pour famille ({dim}) {_family(first)}, {quoted(other.text)} {_family(second)} : "
                "une même personne compte dans chaque famille, qui ne se mêlent donc pas."
            )


def _code(term: Term, dim: str) -> str | None:
    if isinstance(term.operand, Fact):
        return restrictions(term.operand).get(dim)
    return term.families.get(dim)


def _family(code: str | None) -> str:
    return "l’ensemble" if code is None else quoted(code)


def scope(term: Term) -> str:
    return quoted(listed(territory_name(code) for code in term.territories))


# ---------------------------------------------------------------- time


def same_period(one: Term, other: Term) -> None:
    if one.period != other.period:
        raise _both(one, other, "période", _period, "les périodes diffèrent.")


def period_within(part: Term, whole: Term) -> None:
    if not within(part.period, whole.period):
        raise _both(part, whole, "période", _period, "la seconde ne contient pas la première.")


def in_order(earlier: Term, later: Term) -> None:
    one, other = earlier.period, later.period
    if not (one.first <= other.first and one.last < other.last):
        raise _both(earlier, later, "période", _period, "la plus ancienne vient d’abord.")


def same_length(one: Term, other: Term) -> None:
    """A flow over five years is not compared with a flow over one."""
    if one.kind is Kind.FLOW and not _as_long(one.period, other.period):
        raise _both(one, other, "période", _period, "un flux se compare sur des durées égales.")


def _as_long(one: Period, other: Period) -> bool:
    """As many whole months; for what is not made of months, as many days but for a 29 February."""
    lengths = _whole_months(one), _whole_months(other)
    if None in lengths:
        return abs((one.last - one.first) - (other.last - other.first)) <= timedelta(days=1)
    return lengths[0] == lengths[1]


def _whole_months(period: Period) -> int | None:
    first, last = period.first, period.last
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        return None
    return (last.year - first.year) * 12 + last.month - first.month + 1


def consecutive(terms: Sequence[Term]) -> None:
    """Distinct periods that follow each other; stocks: the same day of consecutive years."""
    ordered = sorted({term.period for term in terms})
    for one, other in pairwise(ordered):
        if one.is_day and other.is_day:
            follow = other.year == one.year + 1 and (one.last.month, one.last.day) == (other.last.month, other.last.day)
        else:
            follow = follows(one, other)
        if not follow:
            raise refuse(
                f"Les périodes {quoted(one.french())} et {quoted(other.french())} ne se suivent pas : "
                "une somme ou une moyenne prend toutes les périodes entre la première et la dernière."
            )


def _period(term: Term) -> str:
    return quoted(term.period.french())


# ---------------------------------------------------------------- what a formula takes


def same_subject(one: Term, other: Term) -> None:
    if one.subject != other.subject:
        raise refuse(
            f"{quoted(one.text)} et {quoted(other.text)} ne sont pas la même série "
            f"({quoted(one.subject)}, {quoted(other.subject)}) : une évolution suit une seule série."
        )


def amount_(term: Term) -> None:
    """A share has counts, sums of money or durations above and below, not shares."""
    if term.unit in (Unit.PERCENT, Unit.POINTS, Unit.RATIO):
        raise refuse(
            f"{quoted(term.text)} est déjà un rapport ({UNITS[term.unit]}) : une part se calcule sur des nombres."
        )


def not_share(term: Term) -> None:
    if term.unit in (Unit.PERCENT, Unit.POINTS):
        raise refuse(f"{quoted(term.text)} est une part : son évolution se dit en points (points).")


def is_share(term: Term) -> None:
    computed = not isinstance(term.operand, Fact)
    if term.unit is not Unit.PERCENT or (computed and term.operand.function not in SHARES):  # type: ignore[union-attr]
        raise refuse(f"{quoted(term.text)} n’est pas une part : des points se comptent entre deux parts.")


def is_percentage(term: Term) -> None:
    if term.unit is not Unit.PERCENT:
        raise refuse(f"{quoted(term.text)} a pour unité {quoted(UNITS[term.unit])} : on attend un pourcentage.")


def not_level(term: Term, reason: str) -> None:
    if term.kind is Kind.LEVEL:
        raise refuse(f"{quoted(term.text)} est {KINDS[Kind.LEVEL]} : {reason}")


# ---------------------------------------------------------------- sums


def counted_once(terms: Sequence[Term]) -> None:
    """Nothing may count twice in a sum: no family with another, no part with its whole, no crossing of dimensions."""
    for one, other in combinations(terms, 2):
        if one.period == other.period:
            same_families(one, other)
        for first in _facts(one):
            for second in _facts(other):
                if _may_share(first, second):
                    raise refuse(
                        f"{quoted(one.text)} et {quoted(other.text)} peuvent compter deux fois les mêmes cas "
                        f"({quoted(str(first.key))}, {quoted(str(second.key))}) : "
                        "une somme réunit des parties disjointes."
                    )


def _facts(term: Term) -> list[Fact]:
    """The facts a term counts; a share counts its part."""
    return list(_counted(term.operand))


def _counted(operand: Operand) -> Iterator[Fact]:
    for one, _ in linear(operand).values():
        if isinstance(one, Fact):
            yield one
        elif one.function in SHARES:
            for part in one.operands[:-1]:
                yield from _counted(part)


def _may_share(one: Fact, other: Fact) -> bool:
    if one.key == other.key:
        return True
    if (one.key.source, one.key.measure) != (other.key.source, other.key.measure):
        return False  # what two measures have in common is not known here
    apart = any(code != restrictions(other).get(dim, code) for dim, code in restrictions(one).items())
    return (
        not apart
        and overlap(Period.parse(one.key.period), Period.parse(other.key.period))
        and not disjoint(one.key.territory, other.key.territory)
    )


def disjoint(one: str, other: str) -> bool:
    """No one is in both. Two national scopes are never disjoint, though neither is said to contain the other."""
    both_national = one in SCOPES and other in SCOPES
    return not (both_national or contains(one, other) or contains(other, one))


def same_base(one: Term, other: Term) -> None:
    """Two shares add up when they are shares of the same whole: same measure, one dimension apart."""
    if isinstance(one.operand, Fact) and isinstance(other.operand, Fact):
        first, second = dict(one.operand.key.dims), dict(other.operand.key.dims)
        apart = [dim for dim in {*first, *second} if first.get(dim) != second.get(dim)]
        alike = one.operand.key.measure == other.operand.key.measure and first.keys() == second.keys()
        good = alike and len(apart) == 1 and apart[0] != "base"
    else:
        good = _base_of(one) is not None and _base_of(one) == _base_of(other)
    if not good:
        raise refuse(
            f"{quoted(one.text)} et {quoted(other.text)} ne sont pas, à coup sûr, des parts du même ensemble : "
            "elles ne s’additionnent pas."
        )


def _base_of(term: Term) -> str | None:
    """What a computed share is a share of."""
    operand = term.operand
    while not isinstance(operand, Fact) and operand.function == "sum":
        operand = operand.operands[0]
    if isinstance(operand, Fact) or operand.function not in ("share", "prosecution_rate"):
        return None
    return operand.operands[-1].id


def one_territory_or_disjoint(terms: Sequence[Term]) -> None:
    for one, other in combinations(terms, 2):
        if set(one.territories) == set(other.territories):
            continue
        same_measure = one.measure.code == other.measure.code
        if not (same_measure and all(disjoint(a, b) for a in one.territories for b in other.territories)):
            reason = "on n’additionne que des territoires distincts, pour une même mesure."
            raise _both(one, other, "champ", scope, reason)
