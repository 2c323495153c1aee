"""Series drawn as a table, and the calculator an author would use on them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import frozen

from egide.facts.book import FactBook
from egide.facts.model import Fact, FactKey, Kind, Secret, Status, Unit
from egide.facts.values import Value
from egide.indicators.compute import attempt, compute
from egide.indicators.derived import Operand
from egide.indicators.language import NamedSeries, evaluate
from support.facts import fact

KINDS = {kind.value: kind for kind in Kind}
UNITS = {unit.value: unit for unit in Unit}
STATUSES = {f"status={status.value}": status for status in Status}
SECRETS = {"<5": Secret.BELOW_FIVE, "nc": Secret.NOT_COMMUNICATED}


@frozen
class Drawn:
    series: dict[str, NamedSeries]
    book: FactBook

    def __getitem__(self, expression: str) -> Operand:
        return evaluate(expression, self.series, self.book)

    def value(self, expression: str) -> Value | None:
        return self[expression].value

    def number(self, expression: str, places: int = 1) -> float:
        """An exact result, rounded as a reader would write it down."""
        value = self.value(expression)
        assert value is not None
        return float(round(value.number, places))

    def refusal(self, expression: str) -> str:
        """The words an expression is refused with; empty when it is not."""
        (outcome,) = attempt([expression], self.series, self.book).values()
        return str(outcome) if isinstance(outcome, Exception) else ""

    def all(self, *expressions: str) -> dict[str, Operand]:
        return compute(expressions, self.series, self.book)


def drawn(table: str) -> Drawn:
    """Rows `name | source/measure/territory/period[/dims] | value | words`.

    Value: `880`, `952..955`, `10..`, `<5`, `nc` or `?`. Words: a kind, a unit, `status=E`, `families=offence`, and
    anything else is what is counted ("personnes" unless said).
    """
    series, facts = {}, []
    for line in table.strip().splitlines():
        name, identifier, value, *words = (cell.strip() for cell in line.split("|"))
        fact_ = _fact(identifier, value, words[0].split() if words else [])
        series[name] = NamedSeries(name=name, key=fact_.key.series, label=f"Série {name}")
        facts.append(fact_)
    return Drawn(series, FactBook(facts, date(2026, 12, 31)))


def _fact(identifier: str, value: str, words: list[str]) -> Fact:
    unit = next((UNITS[word] for word in words if word in UNITS), Unit.COUNT)
    kind = next((KINDS[word] for word in words if word in KINDS), Kind.FLOW if unit is Unit.COUNT else Kind.LEVEL)
    status = next((STATUSES[word] for word in words if word in STATUSES), Status.NORMAL)
    families = tuple(word.partition("=")[2] for word in words if word.startswith("families="))
    plain = [word for word in words if word not in {*UNITS, *KINDS, *STATUSES} and "=" not in word]
    counts = plain[0] if plain else "personnes" if unit is Unit.COUNT else ""
    FactKey.parse(identifier)
    return fact(identifier, _value(value), unit=unit, kind=kind, counts=counts, overlapping=families, status=status)


def _value(text: str) -> Value | Secret | None:
    if text in SECRETS:
        return SECRETS[text]
    if text == "?":
        return None
    low, joined, high = text.partition("..")
    return Value(Fraction(low), Fraction(high) if high else None) if joined else Value.exact(Fraction(low))
