"""Small publications in two editions, all their tables tried one by one: the attacker's bounds are what remains.

The oracle knows nothing of linear algebra: it writes down every pair of tables that prints like what was printed, with
the formulas of the catalogue, and looks at what they have in common.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from attrs import evolve, frozen
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from egide.disclosure.attack.audit import audit
from egide.disclosure.attack.system import Contradictory
from egide.disclosure.cells import BelowFive, Cell, Content, Journey, NotCommunicated, Shown, Vintage
from egide.disclosure.policy import STATISTICAL_SECRET
from egide.disclosure.published import Published
from egide.disclosure.statements.identities import Number
from egide.disclosure.statements.kept import to_publish
from egide.disclosure.statements.public import Known, Public, known
from egide.document.typography import content_text
from egide.errors import CalculationRefused
from egide.facts.model import Fact, FactKey, Status, Unit
from egide.facts.ratios import PrintedRatio, Ties
from egide.facts.relations import Relation
from egide.facts.values import Value, rounded
from egide.indicators.catalogue import FORMULAS, apply
from egide.indicators.derived import Derived, Term
from support.cells import cell
from support.facts import fact

PARTS = "abc"
GROUP = "g"  # a and b together
CELLS = PARTS + GROUP
Table = tuple[int, ...]


def with_group(table: Table) -> Table:
    return (*table, table[0] + table[1])


@frozen(kw_only=True)
class Edition:
    """A table of three parts and a group of two, which of them are hidden, and the share of the first as printed."""

    numbers: Table
    hidden: tuple[bool, ...]  # beyond the small ones
    places: int
    prints_share: bool
    on: date

    @property
    def total(self) -> int:
        return sum(self.numbers)

    def content(self, place: int) -> Content:
        number = with_group(self.numbers)[place]
        if 0 < number < 5:
            return BelowFive()
        return NotCommunicated() if self.hidden[place] and number else Shown(Value.exact(number))

    @property
    def share(self) -> Fraction | None:
        return rounded(Fraction(100 * self.numbers[0], self.total), self.places) if self.prints_share else None

    def tables(self) -> Iterator[Table]:
        """Every table that would have been printed the same."""
        *allowed, group = (self._allowed(self.content(place)) for place in range(len(CELLS)))
        for table in product(*allowed):
            if (
                sum(table) == self.total
                and table[0] + table[1] in group
                and evolve(self, numbers=table).share == self.share
            ):
                yield table

    def _allowed(self, content: Content) -> range:
        if isinstance(content, Shown):
            return range(int(content.value.number), int(content.value.number) + 1)
        return range(1, 5) if isinstance(content, BelowFive) else range(5, self.total + 1)


def key(name: str) -> FactKey:
    return fact(f"s/m/FR/2024/part={name}", 0).key


TOTAL = fact("s/m/FR/2024", 0).key
RATE = fact("s/rate/FR/2024", 0, unit=Unit.PERCENT).key


TOTALS = (
    Relation.total(TOTAL, [key(GROUP), key("c")]),
    Relation.total(key(GROUP), [key("a"), key("b")]),
)


def facts_of(edition: Edition) -> dict[FactKey, Fact]:
    day = edition.on.isoformat()
    parts = [
        fact(str(key(name)), number, known_on=day)
        for name, number in zip(CELLS, with_group(edition.numbers), strict=True)
    ]
    every = [*parts, fact(str(TOTAL), edition.total, known_on=day)]
    if (share := edition.share) is not None:
        every.append(fact(str(RATE), Value.exact(share), known_on=day, unit=Unit.PERCENT))
    return {one.key: one for one in every}


def cells_of(edition: Edition, earlier: Mapping[FactKey, tuple[Vintage, ...]]) -> dict[str, Cell]:
    contents = {key(name): edition.content(place) for place, name in enumerate(CELLS)}
    made = (
        cell(
            contents.get(one.key, Shown(one.value or Value.exact(0))),
            id=one.id,
            unit=one.measure.unit,
            label=str(one.key),
            period="2024",
            journey=Journey(key=one.key, vintages=earlier.get(one.key, ())),
        )
        for one in facts_of(edition).values()
    )
    return {one.id: one for one in made}


def read(editions: list[Edition], *, with_history: bool) -> Known:
    """Each edition attacked with those before it, as the register keeps them; what is known after the last."""
    vintages: dict[FactKey, tuple[Fact, ...]] = {}
    earlier: dict[FactKey, tuple[Vintage, ...]] = {}
    published = Published()
    for edition in editions:
        for one, stated in facts_of(edition).items():
            vintages[one] = (*vintages.get(one, ()), stated)
        ties = Ties(totals=TOTALS)
        if edition.prints_share:
            share = PrintedRatio(
                printed=RATE, above=[(key("a"), 1)], below=[(TOTAL, 1)], factor=100, places=edition.places
            )
            ties = evolve(ties, ratios=(share,))
        cells = cells_of(edition, earlier if with_history else {})
        public = Public(
            cells=cells,
            policy=STATISTICAL_SECRET,
            text_of=content_text,
            requested=(),
            vintages=vintages,
            ties=ties,
            published=published,
        )
        found = known(public)
        kept = to_publish(public, found, {}, f"e{edition.on.year}", edition.on)
        published = Published([*published, kept])
        for one in cells.values():
            assert one.journey.key is not None
            shown = Vintage(known_on=edition.on.isoformat(), content=one.content, status=Status.NORMAL)
            earlier[one.journey.key] = (*earlier.get(one.journey.key, ()), shown)
    return found


def revised(table: Table, changes: tuple[int | None, ...]) -> Table:
    return tuple(now if change is None else change for now, change in zip(table, changes, strict=True))


numbers = st.integers(0, 8)
tables = st.tuples(numbers, numbers, numbers).filter(lambda table: sum(table) > 0)
flags = st.tuples(*[st.booleans()] * 4)


@settings(max_examples=200, deadline=None)
@given(
    table=tables,
    changes=st.tuples(*[st.none() | numbers] * 3),
    hidden=st.tuples(flags, flags),
    places=st.integers(0, 1),
    prints=st.tuples(st.booleans(), st.booleans()),
    with_history=st.booleans(),
)
def test_two_editions_leave_what_no_pair_of_tables_excludes(
    table: Table,
    changes: tuple[int | None, ...],
    hidden: tuple[tuple[bool, ...], tuple[bool, ...]],
    places: int,
    prints: tuple[bool, bool],
    with_history: bool,
) -> None:
    second = revised(table, changes)
    assume(sum(second) > 0)
    days = date(2025, 4, 2), date(2026, 4, 2)
    editions = [
        Edition(numbers=each, hidden=hides, places=places, prints_share=prints_share, on=day)
        for each, hides, prints_share, day in zip((table, second), hidden, prints, days, strict=True)
    ]
    same = [place for place in range(len(CELLS)) if with_group(table)[place] == with_group(second)[place]]
    pairs = [
        (one, other)
        for one in map(with_group, editions[0].tables())
        for other in map(with_group, editions[1].tables())
        if all(one[place] == other[place] for place in same)
    ]
    found = read(editions, with_history=with_history)
    findings = {finding.cell: finding for finding in audit(found.system)}
    for rank, edition in enumerate(editions):
        for place, name in enumerate(CELLS):
            since = days[0] if place in same else edition.on
            finding = findings.get(Number(key(name), since))
            if finding is not None:
                possible = {pair[rank][place] for pair in pairs}
                assert finding.is_proven
                assert (finding.low, finding.high) == (min(possible), max(possible))


# ---------------------------------------------------------------- what is computed, formula by formula

_ARGUMENTS = {"response_rate": 3, "sum": 3, "mean": 3, "rank": 3, "complement": 1}
_OVER_TIME = frozenset({"growth", "points", "multiple", "index", "cagr"})


def counts(numbers: Table, function: str) -> list[Fact]:
    """Operands that the formula accepts: years of one series, or steps of one year."""
    if function in _OVER_TIME or function == "mean":
        return [fact(f"s/m/FR/{2020 + rank}", number) for rank, number in enumerate(numbers)]
    return [fact(f"s/m/FR/2024/step={PARTS[rank]}", number) for rank, number in enumerate(numbers)]


def result(numbers: Table, function: str) -> Derived | None:
    """None when the catalogue refuses: a part larger than its whole, a base that is nobody."""
    operands = [Term(operand=one) for one in counts(numbers, function)]
    try:
        if function in ("points", "complement"):
            whole = Term(operand=fact("s/m/FR/2024", 9)) if function == "complement" else None
            shares = [apply("share", [one, whole or _whole_of(one)]) for one in operands]
            return apply(function, [Term(operand=one) for one in shares])
        return apply(function, operands)
    except CalculationRefused:
        return None


def _whole_of(term: Term) -> Term:
    assert isinstance(term.operand, Fact)
    return Term(operand=fact(f"s/all/FR/{term.operand.key.period}", 9))


@settings(max_examples=300, deadline=None)
@given(
    function=st.sampled_from(sorted(set(FORMULAS) - {"cagr", "sample_size", "wilson_low", "wilson_high", "remaining"})),
    numbers=st.tuples(numbers, numbers, numbers),
    hidden=flags,
)
def test_a_result_that_is_shown_leaves_what_no_operands_exclude(
    function: str, numbers: Table, hidden: tuple[bool, ...]
) -> None:
    """Whatever withholds results of hidden operands today, a result that is printed would be read."""
    numbers = numbers[: _ARGUMENTS.get(function, 2)]
    made = result(numbers, function)
    assume(made is not None and made.value is not None and made.value.is_exact)
    assert made is not None
    assert made.value is not None
    concealed = [0 < number < 5 and hides for number, hides in zip(numbers, hidden, strict=False)]
    assume(any(concealed))
    hides = dict(zip((one.key for one in counts(numbers, function)), concealed, strict=True))
    cells = {}
    for operand in _facts_behind(made):
        content = BelowFive() if hides.get(operand.key) else Shown(operand.value or Value.exact(0))
        cells[operand.id] = cell(content, id=operand.id, period="2024", journey=Journey(key=operand.key))
    shown = cell(Shown(made.value), id=made.id, unit=made.measure.unit, period="2024", journey=Journey(formula="x"))
    found = known(
        Public(cells={**cells, made.id: shown}, policy=STATISTICAL_SECRET, text_of=content_text, requested=[made])
    )
    findings = {finding.cell: finding for finding in audit(found.system)}
    choices = [range(1, 5) if hides else [number] for number, hides in zip(numbers, concealed, strict=True)]
    alike = [other for other in product(*choices) if _value(other, function) == made.value]
    for place, one in enumerate(counts(numbers, function)):
        if concealed[place] and one.id in cells:
            finding = findings[Number(one.key, one.known_on)]
            possible = {other[place] for other in alike}
            assert finding.low is not None
            assert finding.high is not None
            assert finding.low <= min(possible) <= max(possible) <= finding.high
            if function != "rank":  # of which several orders may be possible: the attacker then says nothing
                assert (finding.low, finding.high) == (min(possible), max(possible))


def _value(numbers: Table, function: str) -> Value | None:
    made = result(numbers, function)
    return None if made is None else made.value


def _facts_behind(derived: Derived) -> Iterator[Fact]:
    for operand in derived.operands:
        if isinstance(operand, Fact):
            yield operand
        else:
            yield from _facts_behind(operand)


def test_statements_that_clash_are_refused() -> None:
    """Parts of 2, 1 and 2 add up to 5; the first cannot be « nc »."""
    edition = Edition(numbers=(2, 1, 2), hidden=(False,) * 4, places=0, prints_share=True, on=date(2026, 4, 2))
    cells = cells_of(edition, {})
    wrong = {
        name: evolve(one, content=NotCommunicated()) if one.journey.key == key("a") else one
        for name, one in cells.items()
    }
    ties = Ties(totals=TOTALS)
    with pytest.raises(Contradictory, match="total"):
        audit(
            known(Public(cells=wrong, policy=STATISTICAL_SECRET, text_of=content_text, requested=(), ties=ties)).system
        )
