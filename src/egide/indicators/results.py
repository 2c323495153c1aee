"""What a result is: its unit and kind, what it says in French, where it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from egide.facts.model import Kind, Measure, Unit
from egide.indicators.derived import Term
from egide.indicators.words import listed, quoted

Terms = Sequence[Term]


def level(code: str, title: str, unit: Unit) -> Callable[[Terms], Measure]:
    """A new kind of number: a level, of which nothing is counted any more."""
    return lambda terms: Measure(code=code, label=title, unit=unit, kind=Kind.LEVEL, overlapping=_overlapping(terms))


def level_of_first(code: str, title: str) -> Callable[[Terms], Measure]:
    """A level in the unit of the first operand, of the things that it counts."""
    return lambda terms: Measure(
        code=code,
        label=title,
        unit=terms[0].unit,
        kind=Kind.LEVEL,
        counts=terms[0].measure.counts,
        overlapping=_overlapping(terms),
    )


def _overlapping(terms: Terms) -> tuple[str, ...]:
    return tuple(sorted({dim for term in terms for dim in term.measure.overlapping}))


def same_measure(terms: Terms) -> Measure:
    """Still the thing that was counted. Several measures added up take the first one's unit and kind."""
    first = terms[0].measure
    if len({term.measure.code for term in terms}) == 1:
        return first
    return Measure(
        code="sum",
        label=listed(term.measure.label for term in terms),
        unit=first.unit,
        kind=first.kind,
        counts=first.counts,
        overlapping=_overlapping(terms),
    )


def mean_measure(terms: Terms) -> Measure:
    first = terms[0].measure
    return Measure(
        code="mean",
        label=f"Moyenne de {quoted(first.label)}",
        unit=first.unit,
        kind=Kind.LEVEL,
        counts=first.counts,
        overlapping=_overlapping(terms),
    )


def difference_measure(terms: Terms) -> Measure:
    first = terms[0].measure
    shares = first.unit in (Unit.PERCENT, Unit.POINTS)
    return Measure(
        code="difference",
        label="Différence",
        unit=Unit.POINTS if shares else first.unit,
        kind=first.kind if terms[0].period == terms[1].period else Kind.LEVEL,
        counts=first.counts,
        overlapping=_overlapping(terms),
    )


def together(terms: Terms) -> tuple[str, ...]:
    return tuple(sorted({code for term in terms for code in term.territories}))


def of_last(terms: Terms) -> tuple[str, ...]:
    """A share is said of its whole: the share of Paris is a number about France."""
    return terms[-1].territories


def change(title: str) -> Callable[[Terms], str]:
    return lambda terms: f"{title} de {quoted(terms[0].label)} ({_from_to(terms)})"


def _from_to(terms: Terms) -> str:
    return f"{terms[0].period.french()} → {terms[-1].period.french()}"


def of_all(title: str) -> Callable[[Terms], str]:
    def label(terms: Terms) -> str:
        names = list(dict.fromkeys(term.label for term in terms))
        periods = list(dict.fromkeys(term.period.french() for term in terms))
        when = f" ({periods[0]} → {periods[-1]})" if len(periods) > 1 else ""
        return f"{title} de {listed(quoted(name) for name in names)}{when}"

    return label


def filled(text: str) -> Callable[[Terms], str]:
    return lambda terms: text.format(*(quoted(term.label) for term in terms))
