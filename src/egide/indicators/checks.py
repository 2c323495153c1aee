"""What each formula refuses: which rules of `rules` apply to its operands, in the order a reader would ask them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from egide.facts.model import Kind, Unit
from egide.indicators import rules
from egide.indicators.derived import Term

Terms = Sequence[Term]


def _comparable(one: Term, other: Term) -> None:
    rules.same_source(one, other)
    rules.same_territory(one, other)
    rules.same_kind(one, other)
    rules.same_unit(one, other)
    rules.same_families(one, other)


def _same_series(terms: Terms) -> None:
    earlier, later = terms
    _comparable(earlier, later)
    rules.same_subject(earlier, later)
    rules.same_length(earlier, later)


def over_time(terms: Terms) -> None:
    _same_series(terms)
    rules.in_order(*terms)


def growth(terms: Terms) -> None:
    rules.not_share(terms[0])
    over_time(terms)


def index(terms: Terms) -> None:
    rules.not_share(terms[0])
    _same_series(terms)


def cagr(terms: Terms) -> None:
    growth(terms)
    if years(terms) == 0:
        raise rules.refuse("Les deux périodes finissent la même année : il n’y a pas de croissance par an.")


def points(terms: Terms) -> None:
    for term in terms:
        rules.is_share(term)
    over_time(terms)


def difference(terms: Terms) -> None:
    _comparable(*terms)
    if terms[0].subject == terms[1].subject:
        over_time(terms)
    else:
        rules.same_period(*terms)


def share(terms: Terms) -> None:
    part, whole = terms
    rules.amount_(part)
    rules.amount_(whole)
    rules.same_source(part, whole)
    rules.same_kind(part, whole)
    rules.same_unit(part, whole)
    rules.territory_within(part, whole)
    rules.same_families(part, whole, inside=True)
    rules.period_within(part, whole)


def ratio(terms: Terms) -> None:
    above, below = terms
    rules.same_source(above, below)
    rules.same_territory(above, below)
    rules.same_kind(above, below)
    rules.same_unit(above, below, same_things=False)
    rules.same_families(above, below)
    rules.period_within(above, below)


def sum(terms: Terms) -> None:
    first = terms[0]
    for term in terms[1:]:
        rules.same_source(first, term)
        rules.same_kind(first, term)
        rules.same_unit(first, term)
    rules.one_territory_or_disjoint(terms)
    if first.unit is Unit.PERCENT:
        for one, other in combinations(terms, 2):
            rules.is_share(one)
            rules.same_period(one, other)
            rules.same_territory(one, other)
            rules.same_base(one, other)
    else:
        rules.not_level(first, "il ne s’additionne pas.")
    if first.kind is Kind.STOCK:
        for term in terms[1:]:
            rules.same_period(first, term)
    rules.consecutive(terms)
    rules.counted_once(terms)


def mean(terms: Terms) -> None:
    first = terms[0]
    rules.not_level(first, "une moyenne de niveaux demande le poids de chacun.")
    for term in terms[1:]:
        rules.same_source(first, term)
        rules.same_kind(first, term)
        rules.same_unit(first, term)
        rules.same_families(first, term)
        rules.same_length(first, term)
    if len({term.period for term in terms}) == 1:
        rules.one_territory_or_disjoint(terms)
    else:
        for term in terms[1:]:
            rules.same_territory(first, term)
            rules.same_subject(first, term)
        rules.consecutive(terms)
    rules.counted_once(terms)


def complement(terms: Terms) -> None:
    rules.is_share(terms[0])


def same_persons(terms: Terms) -> None:
    for one, other in combinations(terms, 2):
        rules.amount_(one)
        _comparable(one, other)
        rules.same_period(one, other)


def response(terms: Terms) -> None:
    same_persons(terms)
    rules.counted_once(terms[:2])


def rank(terms: Terms) -> None:
    first = terms[0]
    for term in terms[1:]:
        rules.same_source(first, term)
        rules.same_kind(first, term)
        rules.same_unit(first, term)
        if first.subject != term.subject:
            rules.same_period(first, term)
        else:
            rules.same_length(first, term)


def _drawn_together(counts: Terms, shares: Terms) -> None:
    """Counts and percentages of one survey: one source, one place, one time."""
    for term in counts:
        rules.amount_(term)
    for term in shares:
        rules.is_percentage(term)
    first, *others = (*counts, *shares)
    for term in others:
        rules.same_source(first, term)
        rules.same_territory(first, term)
        rules.same_period(first, term)


def sample_size(terms: Terms) -> None:
    _drawn_together(terms[:1], terms[1:])


def sampled(terms: Terms) -> None:
    share, sample, population = terms
    _drawn_together((sample, population), (share,))
    rules.same_unit(sample, population)


def remaining(terms: Terms) -> None:
    _drawn_together(terms[:1], terms[1:])


def years(terms: Terms) -> int:
    """Years between the calendar years that the two periods end in."""
    return terms[1].period.year - terms[0].period.year
