"""The attacker against brute force: every whole table that fits is written out, and both must tell the same.

The oracle below knows nothing of propagation, parts or solvers: it tries every choice of numbers and keeps those that
satisfy all the statements, with fractions.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from egide.disclosure.attack.audit import audit
from egide.disclosure.attack.findings import FULL, ambiguous, protection
from egide.disclosure.attack.reasons import explain
from egide.disclosure.attack.settle import How, Limits
from egide.disclosure.attack.system import Attacker, Contradictory, Shown, Statement, System, Unknown
from support.examples import examples

REACH = 7  # an unknown without upper bound is closed here, by a statement that both sides read
BY_SOLVER = Limits(trials=0)  # nothing is enumerated: propagation, solver and exact checks only
LIMITS = pytest.mark.parametrize("limits", [Limits(), BY_SOLVER], ids=["enumeration", "solver"])
thorough = settings(max_examples=examples(100), suppress_health_check=[HealthCheck.too_slow])


def exact(number: int | Fraction | None) -> int | Fraction | None:
    """The same number, as an int where it is one: ints add up ten times faster than fractions."""
    return number.numerator if number is not None and number.denominator == 1 else number


class Said:
    """What a statement asks of numbers, read once for all the tables that are tried."""

    def __init__(self, statement: Statement) -> None:
        self.terms = [(cell, exact(weight)) for cell, weight in statement.terms]
        self.low, self.low_strict = exact(statement.low), statement.low_strict
        self.high, self.high_strict = exact(statement.high), statement.high_strict

    def fits(self, numbers: dict) -> bool:
        total = 0
        for cell, weight in self.terms:
            total += weight * numbers[cell]
        if self.low is not None and (total < self.low or (self.low_strict and total == self.low)):
            return False
        return self.high is None or total < self.high or (total == self.high and not self.high_strict)


def every_table(unknowns: dict, statements: list, shown: dict) -> list[dict]:
    """All the whole numbers that the hidden cells can take together."""
    ranges = {
        cell: range(0 if one.low is None else one.low, (REACH if one.high is None else one.high) + 1)
        for cell, one in unknowns.items()
    }
    waiting = [(Said(one), {cell for cell, _ in one.terms if cell in unknowns}) for one in statements]
    tables = [{cell: one.value for cell, one in shown.items()}]
    tables = [table for table in tables if all(said.fits(table) for said, cells in waiting if not cells)]
    known = set()
    for cell in unknowns:
        known.add(cell)
        # A statement is read as soon as all its cells have a number, so that the list stays short.
        readable = [said for said, cells in waiting if cell in cells and cells <= known]
        longer = (table | {cell: number} for table in tables for number in ranges[cell])
        tables = [table for table in longer if all(one.fits(table) for one in readable)]
    return tables


def agree(unknowns: dict, statements: list, shown: dict, limits: Limits) -> None:
    closed = [
        Statement(terms=((cell, 1),), high=REACH, said="borne de l’essai")
        for cell, unknown in unknowns.items()
        if unknown.high is None
    ]
    tables = every_table(unknowns, statements + closed, shown)
    try:
        findings = audit(System.of(unknowns, statements + closed, shown), limits)
    except Contradictory as refusal:
        assert not tables
        alone = list(refusal.statements)
        assert not every_table(unknowns, alone, shown), "what is said to clash does clash by itself"
        return
    assert tables
    assert not findings.unproven.any()
    for cell, unknown in unknowns.items():
        met = {table[cell] for table in tables}
        finding = findings[cell]
        assert (finding.low, finding.high) == (min(met), max(met))
        assert finding.values <= met
        if unknown.small:
            assert finding.complete and finding.values == met
    small = {cell: {table[cell] for table in tables} for cell, unknown in unknowns.items() if unknown.small}
    breached = {breach.finding.cell for breach in protection(findings, FULL)}
    labelled = {cell: set(range(1, unknowns[cell].high + 1)) for cell in small}
    assert breached == {cell for cell, met in small.items() if met != labelled[cell]}
    at_least_two = {breach.finding.cell for breach in protection(findings, ambiguous(2))}
    assert at_least_two == {cell for cell, met in small.items() if len(met) < 2}


def hidden(number: int, how: int) -> Unknown | None:
    """What could be printed instead of this number, or None to show it."""
    if how == 0:
        return None
    if 1 <= number <= 4:
        return Unknown.below() if how < 3 else Unknown.withheld()
    if number >= 5:
        return [Unknown.nc(), Unknown.between(number - 2, number + 2), Unknown.withheld()][how - 1]
    return Unknown.withheld() if how == 3 else None


@st.composite
def published(draw, shape, relations, most_hidden=6):
    """Inner cells drawn, totals added along the relations, some cells hidden; what is printed is always true."""
    cells = {cell: draw(st.integers(0, 5)) for cell in shape}
    for whole, parts in relations:
        cells[whole] = sum(cells[part] for part in parts)
    unknowns, shown = {}, {}
    for cell in draw(st.permutations(sorted(cells))):
        number = cells[cell]
        unknown = hidden(number, draw(st.integers(0, 3))) if len(unknowns) < most_hidden and number <= REACH else None
        if unknown is None:
            shown[cell] = Shown(value=number)
        else:
            unknowns[cell] = unknown
    statements = [
        Statement.total(whole, parts, said=f"total {number}") for number, (whole, parts) in enumerate(relations)
    ]
    return unknowns, statements, shown, cells


def labelled(unknowns: dict) -> list[Statement]:
    """What the labels say, as statements."""
    return [Statement(terms=((cell, 1),), low=one.low, high=one.high, said="libellé") for cell, one in unknowns.items()]


def two_way(rows: str, columns: str, name: str = "") -> tuple[list, list]:
    inner = [name + row + column for row in rows for column in columns]
    relations = [(f"{name}{row}.", [name + row + column for column in columns]) for row in rows]
    relations += [(f"{name}.{column}", [name + row + column for row in rows]) for column in columns]
    relations.append((f"{name}..", [f"{name}{row}." for row in rows]))
    relations.append((f"{name}..", [f"{name}.{column}" for column in columns]))
    return inner, relations


THREE_WAY = (
    [a + b + c for a in "ab" for b in "xy" for c in "mf"],
    [
        *((f".{b}{c}", [f"a{b}{c}", f"b{b}{c}"]) for b in "xy" for c in "mf"),
        *((f"{a}.{c}", [f"{a}x{c}", f"{a}y{c}"]) for a in "ab" for c in "mf"),
        *((f"{a}{b}.", [f"{a}{b}m", f"{a}{b}f"]) for a in "ab" for b in "xy"),
    ],
)
HIERARCHY = (
    ["59", "62", "75", "93"],
    [("HDF", ["59", "62"]), ("IDF", ["75", "93"]), ("FR", ["HDF", "IDF"])],
)
LINKED = (
    ["f<18", "m<18", "f18", "m18"],
    [("f", ["f<18", "f18"]), ("m", ["m<18", "m18"]), ("<18", ["f<18", "m<18"]), ("all", ["f", "m"])],
)


@LIMITS
@thorough
@given(printed=published(*two_way("ab", "xyz")))
def test_tables_of_two_ways(limits, printed):
    agree(*printed[:3], limits)


BY_EXCHANGES = Limits(trials=0, sweeps=0, work=0, near=0)  # nothing but squares of cells, from the true table


@thorough
@given(printed=published(*two_way("abc", "xyz"), most_hidden=9))
def test_what_small_exchanges_meet_is_met_by_a_whole_table(printed):
    unknowns, statements, shown, cells = printed
    truth = np.array([cells[cell] for cell in unknowns], dtype=np.int64)
    findings = audit(System.of(unknowns, statements, shown), BY_EXCHANGES, truth=truth)
    closed = [
        Statement(terms=((cell, 1),), high=cells[cell] + 4, low=max(0, cells[cell] - 4), said="borne de l’essai")
        for cell in unknowns
    ]
    wide = {cell: Unknown(label="?", low=one.low, high=cells[cell] + 4) for cell, one in unknowns.items()}
    tables = every_table(wide, [*statements, *closed, *labelled(unknowns)], shown)
    for cell in unknowns:
        met = {table[cell] for table in tables}
        near = {one for one in findings[cell].values if abs(one - cells[cell]) <= 4}
        if findings[cell].how in (How.NOT_PROVEN, How.EXACT_SOLVER):
            assert near <= met
            assert cells[cell] in near


@LIMITS
@thorough
@given(printed=published(*THREE_WAY))
def test_tables_of_three_ways(limits, printed):
    agree(*printed[:3], limits)


@LIMITS
@thorough
@given(printed=published(*HIERARCHY, most_hidden=5))
def test_hierarchies(limits, printed):
    agree(*printed[:3], limits)


@LIMITS
@thorough
@given(printed=published(*LINKED, most_hidden=5), data=st.data())
def test_tables_that_share_a_margin(limits, printed, data):
    unknowns, statements, shown, cells = printed
    # The second table splits the same minors otherwise.
    first = data.draw(st.integers(0, cells["<18"]))
    second = {"<18 c": first, "<18 d": cells["<18"] - first}
    for cell, number in second.items():
        unknown = hidden(number, data.draw(st.integers(0, 3))) if number <= REACH else None
        if unknown is None:
            shown[cell] = Shown(value=number)
        else:
            unknowns[cell] = unknown
    agree(unknowns, [*statements, Statement.total("<18", list(second), said="second tableau")], shown, limits)


def printed_percent(part: int, whole: int, places: int) -> Fraction:
    scale = 10**places
    return Fraction((Fraction(100 * part * scale, whole) + Fraction(1, 2)).__floor__(), scale)


@LIMITS
@thorough
@given(printed=published(*two_way("ab", "xy"), most_hidden=5), places=st.integers(0, 1), data=st.data())
def test_tables_with_a_rounded_share_in_a_sentence(limits, printed, places, data):
    unknowns, statements, shown, cells = printed
    part, whole = data.draw(st.sampled_from([("ax", "a."), ("by", ".y"), ("a.", ".."), ("bx", "ax")]))
    if cells[whole] == 0:
        return
    percent = printed_percent(cells[part], cells[whole], places)
    share = Statement.share(part, whole, percent, places, said="phrase")
    agree(unknowns, [*statements, *share], shown, limits)


LABELS = st.sampled_from(
    [
        Unknown.below(),
        Unknown.below(3),
        Unknown.nc(),
        Unknown.between(2, 6),
        Unknown.between(None, 4),
        Unknown.withheld(),
        Unknown(label="fourchette", low=2, high=5),
    ]
)
WEIGHTS = st.sampled_from([1, 1, 1, -1, -1, 2, 3, -2, Fraction(1, 2), Fraction(-7, 3)])
BOUNDS = st.none() | st.fractions(-6, 14, max_denominator=4)


@st.composite
def anything_said(draw):
    """Statements with any weights and bounds, strict or not: often contradictory."""
    unknowns = dict(enumerate(draw(st.lists(LABELS, min_size=1, max_size=4))))
    statements = []
    for number in range(draw(st.integers(1, 4))):
        cells = draw(st.lists(st.sampled_from(sorted(unknowns)), min_size=1, max_size=4))
        terms = tuple((cell, draw(WEIGHTS)) for cell in cells)
        low = draw(BOUNDS)
        high = low if draw(st.booleans()) else draw(BOUNDS)
        strict = low != high
        statements.append(
            Statement(
                terms=terms,
                low=low,
                high=high,
                low_strict=strict and draw(st.booleans()),
                high_strict=strict and draw(st.booleans()),
                said=str(number),
            )
        )
    return unknowns, statements


@LIMITS
@settings(max_examples=examples(300), suppress_health_check=[HealthCheck.too_slow])
@given(said=anything_said())
def test_any_statements_at_all(limits, said):
    unknowns, statements = said
    try:
        System.of(unknowns, statements)
    except Contradictory as refusal:
        assert not every_table(unknowns, list(refusal.statements), {})
        return
    agree(unknowns, statements, {}, limits)


@thorough
@given(printed=published(*two_way("ab", "xyz")))
def test_knowing_less_never_narrows_more(printed):
    unknowns, statements, shown, _ = printed
    knows = audit(System.of(unknowns, statements, shown))
    guesses = audit(System.of(unknowns, statements, shown, Attacker.POSITIVE_ONLY))
    for cell in unknowns:
        one, other = knows[cell], guesses[cell]
        assert other.low is None or other.low <= one.low
        assert other.high is None or (one.high is not None and one.high <= other.high)


@thorough
@given(printed=published(*two_way("ab", "xyz")))
def test_what_is_behind_the_labels_is_never_excluded(printed):
    unknowns, statements, shown, cells = printed
    findings = audit(System.of(unknowns, statements, shown))
    for cell in unknowns:
        low, high = findings[cell].low, findings[cell].high
        assert (low is None or low <= cells[cell]) and (high is None or cells[cell] <= high)


@settings(max_examples=examples(80), suppress_health_check=[HealthCheck.too_slow])
@given(printed=published(*two_way("ab", "xyz"), most_hidden=7))
def test_the_statements_of_a_reason_give_the_cell_away_by_themselves(printed):
    unknowns, statements, shown, _ = printed
    findings = audit(System.of(unknowns, statements, shown))
    for finding in findings:
        reason = explain(findings, finding.cell)
        if reason is None:
            assert not finding.narrowed
            continue
        alone = audit(System.of(unknowns, reason.statements, shown))[finding.cell]
        assert (alone.low, alone.high) == (finding.low, finding.high)
        assert reason.lines
