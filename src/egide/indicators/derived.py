"""A computed number and what a formula needs to know of its operands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from attrs import field, frozen

from egide.facts.model import Fact, Kind, Measure, Status, Unit
from egide.facts.values import Value
from egide.reference import load
from egide.reference.periods import SPAN, Period
from egide.reference.territories import contains

WHOLE_CODES = frozenset({"all", "total"})  # codes that restrict nothing: the whole along their dimension
FIRMNESS = (Status.NORMAL, Status.SEMI_DEFINITIVE, Status.PROVISIONAL, Status.ESTIMATED)


@frozen(kw_only=True)
class Derived:
    """A number computed from facts, with all that must travel with it."""

    function: str  # name in the catalogue: "share"
    formula: str  # canonical text, with series names
    label: str  # French
    value: Value | None  # None: an operand is unknown
    measure: Measure
    territory: str
    territories: tuple[str, ...]  # those added up; `territory` is the smallest known one that holds them
    period: str
    sources: tuple[str, ...]
    families: tuple[str, ...]  # "offence=recours": codes of overlapping dimensions, never to be added up
    status: Status  # the weakest of the operands'
    hidden: bool  # some operand is hidden
    operands: tuple[Operand, ...]
    known_on: date  # the latest of the operands'
    method: str  # page of docs/methods

    @property
    def id(self) -> str:
        return f"={self.formula}@{self.known_on.isoformat()}"

    @property
    def is_hidden(self) -> bool:
        return self.hidden


Operand = Fact | Derived


@frozen(kw_only=True)
class Term:
    """An operand as it stands in a formula: what it is, and the words that name it there."""

    operand: Operand
    text: str = field()  # canonical text
    label: str = field()  # French

    @text.default
    def _text(self) -> str:
        return str(self.operand.key) if isinstance(self.operand, Fact) else self.operand.formula

    @label.default
    def _label(self) -> str:
        return self.operand.measure.label if isinstance(self.operand, Fact) else self.operand.label

    @property
    def value(self) -> Value | None:
        return self.operand.value

    @property
    def measure(self) -> Measure:
        return self.operand.measure

    @property
    def unit(self) -> Unit:
        return self.measure.unit

    @property
    def kind(self) -> Kind:
        return self.measure.kind

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.operand.key.source,) if isinstance(self.operand, Fact) else self.operand.sources

    @property
    def territory(self) -> str:
        return self.operand.key.territory if isinstance(self.operand, Fact) else self.operand.territory

    @property
    def territories(self) -> tuple[str, ...]:
        return (self.territory,) if isinstance(self.operand, Fact) else self.operand.territories

    @property
    def period(self) -> Period:
        text = self.operand.key.period if isinstance(self.operand, Fact) else self.operand.period
        return Period.parse(text)

    @property
    def families(self) -> dict[str, str]:
        """Overlapping dimension -> code; a dimension that restricts nothing is left out."""
        if isinstance(self.operand, Fact):
            return {dim: code for dim, code in restrictions(self.operand).items() if dim in self.measure.overlapping}
        return dict(pair.split("=", 1) for pair in self.operand.families)

    @property
    def subject(self) -> str:
        """What is counted, at any time: two terms of one series, or of one formula over the same series."""
        return subject(self.operand)


def subject(operand: Operand) -> str:
    if isinstance(operand, Fact):
        return str(operand.key.series)
    inner = [subject(one) for one in operand.operands]
    return f"{operand.function}({', '.join(sorted(inner) if operand.function == 'sum' else inner)})"


def restrictions(fact: Fact) -> dict[str, str]:
    return {dim: code for dim, code in fact.key.dims if code not in WHOLE_CODES}


# ---------------------------------------------------------------- sums as linear forms

Form = Mapping[str, tuple[Operand, Fraction]]  # id -> what it is, how many times it counts


def linear(operand: Operand) -> dict[str, tuple[Operand, Fraction]]:
    """A number as a weighted sum of facts, or of results that are not sums. Each occurs once."""
    if isinstance(operand, Fact) or operand.function not in _WEIGHTS:
        return {operand.id: (operand, Fraction(1))}
    form: dict[str, tuple[Operand, Fraction]] = {}
    for weight, one in zip(_WEIGHTS[operand.function](len(operand.operands)), operand.operands, strict=True):
        form = added(form, linear(one), weight)
    return form


def added(one: Form, other: Form, weight: Fraction) -> dict[str, tuple[Operand, Fraction]]:
    """one + weight × other, terms that cancel left out."""
    form = dict(one)
    for name, (operand, times) in other.items():
        times = form.get(name, (operand, Fraction(0)))[1] + weight * times
        form[name] = (operand, times)
        if times == 0:
            del form[name]
    return form


def amount(form: Form) -> Value:
    """The value of a linear form. Raises ValueError when one of its terms is unknown: it has none."""
    result = Value.exact(0)
    for operand, times in form.values():
        if operand.value is None:
            raise ValueError(f"{operand.id} is not known")
        result += operand.value * Value.exact(times)
    return result


# How many times each operand counts in the result, given how many there are.
_WEIGHTS: Mapping[str, Callable[[int], Sequence[Fraction]]] = {
    "sum": lambda count: [Fraction(1)] * count,
    "mean": lambda count: [Fraction(1, count)] * count,
    "difference": lambda _: [Fraction(-1), Fraction(1)],
    "prosecutable": lambda _: [Fraction(1), Fraction(-1)],
}


# ---------------------------------------------------------------- where one fact lies in another


def lies_in(part: Fact, whole: Fact) -> bool:
    """Does the whole surely count everything the part counts? Same series but for its restrictions."""
    same = part.key.source == whole.key.source and part.key.measure == whole.key.measure
    return (
        same
        and restrictions(whole).items() <= restrictions(part).items()
        and contains(whole.key.territory, part.key.territory)
        and within(Period.parse(part.key.period), Period.parse(whole.key.period))
    )


def within(part: Period, whole: Period) -> bool:
    return whole.first <= part.first and part.last <= whole.last


def overlap(one: Period, other: Period) -> bool:
    return one.first <= other.last and other.first <= one.last


def follows(earlier: Period, later: Period) -> bool:
    return later.first == earlier.last + timedelta(days=1)


# ---------------------------------------------------------------- what a result inherits


def weakest(statuses: Iterable[Status]) -> Status:
    return max(statuses, key=FIRMNESS.index)


def spanning(periods: Iterable[Period]) -> str:
    """From the first beginning to the last end, in the standard form: `2021..2025`."""
    ordered = sorted(set(periods))
    first, last = ordered[0], max(ordered, key=lambda period: period.last)
    if len(ordered) == 1:
        return first.text
    return f"{first.text.partition(SPAN)[0]}{SPAN}{last.text.rpartition(SPAN)[2]}"


def enclosing(territories: Iterable[str]) -> str:
    """The smallest territory with a name that holds them all."""
    codes = sorted(set(territories))
    if len(codes) == 1:
        return codes[0]
    regions = [f"REG-{row['code']}" for row in load.table("regions")]
    return next(
        code for code in (*codes, *regions, "FR_HORS_COM", "FR_AVEC_COM") if all(contains(code, one) for one in codes)
    )
