"""What the whole publication gives away of its hidden counts, looked for before it is published. Pure.

The attacker reads every released cell, every declared total, every printed share, growth or sum of counts that the
edition's checks name, and knows what
`< 5` and `nc` mean. A small count for which one of the values 1 to 4 is no longer possible is a leak. The edition lists
those that its sources have already published, with the reason; any other one refuses the build.
Source: docs/methods/attacker.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import asdict, frozen

from egide.disclosure.attack import audit
from egide.disclosure.attack.findings import Breach, Findings, protection
from egide.disclosure.attack.reasons import explain
from egide.disclosure.attack.system import Shown, Statement, System, Unknown, rounding
from egide.disclosure.cells import Cell
from egide.disclosure.cells import Shown as ShownContent
from egide.disclosure.release import Candidate, Release
from egide.document.typography import cell_text
from egide.errors import Defect, EditionRefused, ReleaseRefused
from egide.facts.model import Fact, FactKey, Unit
from egide.facts.relations import Relation
from egide.indicators.derived import Derived, Operand, linear
from egide.indicators.language import parse
from egide.letter.checks import Same
from egide.reference.periods import Period

SHARES = frozenset({"share", "prosecution_rate"})


@frozen(kw_only=True)
class Leak:
    """A small count that the publication narrows: where, to what, by which arithmetic, and why it is accepted."""

    cell: str  # expression, as the authors write it
    label: str
    shown: str
    low: int | None
    high: int | None
    proven: bool  # False: the search stopped first, which counts as a leak
    arithmetic: tuple[str, ...]  # French, one deduction a line
    accepted: str = ""

    def text(self) -> str:
        left = f"de {self.low} à {self.high}" if self.proven else "sans preuve que toutes ses valeurs soient possibles"
        heading = f"{self.label} ({self.cell}, {self.shown}) : {left}"
        return "\n".join([heading, *(f"  {line}" for line in self.arithmetic)])


def leaks_of(
    candidates: Mapping[str, Candidate], released: Release, relations: Iterable[Relation], pairs: Iterable[Same]
) -> tuple[Leak, ...]:
    """Every small count that is not fully protected, in the order of the cells.

    In:     `candidates` by canonical expression, as given to the release; `pairs`, statements that print alike: where
            one is a share of two counts and the other is printed, the print is known to the reader.
    """
    cells = {key: cell for cell in released.by_id.values() if (key := cell.journey.key) is not None}
    totals = tuple(relations)
    needed = dict.fromkeys(key for relation in totals for key in relation.keys)
    unknowns, shown = _known(cells, needed)
    statements = [*_totals(totals, cells), *_prints(candidates, released, pairs, unknowns.keys() | shown.keys())]
    findings = audit.audit(System.of(unknowns, statements, shown), small_only=True)
    expressions = {cell.journey.key: text for text, cell in released.by_expression.items()}
    return tuple(_leak(breach, findings, cells, expressions) for breach in protection(findings))


def _leak(
    breach: Breach, findings: Findings, cells: Mapping[FactKey, Cell], expressions: Mapping[FactKey | None, str]
) -> Leak:
    key = breach.finding.cell
    assert isinstance(key, FactKey)  # cells are named by their facts here
    reason = explain(findings, key)
    return Leak(
        cell=expressions.get(key, str(key)),
        label=_name(cells[key]),
        shown=cell_text(cells[key]),
        low=breach.finding.low,
        high=breach.finding.high,
        proven=breach.proven,
        arithmetic=reason.lines if reason is not None else (),
    )


def judged(leaks: Iterable[Leak], accepted: Mapping[str, str]) -> tuple[Leak, ...]:
    """The leaks with the reason each is accepted.

    Raises ReleaseRefused for those nobody listed, EditionRefused for a listed one that is no longer there.
    """
    found = {leak.cell: leak for leak in leaks}
    unlisted = [leak for name, leak in found.items() if name not in accepted]
    if unlisted:
        told = "\n".join(leak.text() for leak in unlisted)
        raise ReleaseRefused(
            f"La publication laisserait deviner {len(unlisted)} effectif(s) masqué(s) :\n{told}\n"
            "Retirez ce qui le trahit ([withheld]) ; si la source l’a déjà publié, dites-le dans [accepted_leaks]."
        )
    stale = sorted(set(accepted) - set(found))
    if stale:
        raise EditionRefused(
            Defect(
                place="edition.toml, [accepted_leaks]",
                expected="une fuite que la publication comporte",
                got=f"« {name} »",
                way_out="Retirez-la : elle n’existe plus, ou son nom a changé.",
            )
            for name in stale
        )
    return tuple(Leak(**{**asdict(leak), "accepted": accepted[name]}) for name, leak in found.items())


def to_json(leaks: Iterable[Leak]) -> list[dict[str, Any]]:
    return [asdict(leak) for leak in leaks]


# ---------------------------------------------------------------- what the reader knows


def _known(
    cells: Mapping[FactKey, Cell], needed: Iterable[FactKey]
) -> tuple[dict[Hashable, Unknown], dict[Hashable, Shown]]:
    """Hidden counts as unknowns, shown ones as constants; a fact of a total that is not published is an unknown."""
    unknowns: dict[Hashable, Unknown] = {}
    shown: dict[Hashable, Shown] = {}
    for key, cell in cells.items():
        if cell.measure.unit is not Unit.COUNT:
            continue
        if isinstance(cell.content, ShownContent) and cell.content.value.is_exact:
            shown[key] = Shown(value=cell.content.value.number, name=_name(cell))
        else:
            unknowns[key] = Unknown.of(cell.content, name=_name(cell))
    for key in needed:
        if key not in cells:
            unknowns[key] = Unknown.withheld(name=str(key))
    return unknowns, shown


def _totals(relations: Iterable[Relation], cells: Mapping[FactKey, Cell]) -> Iterator[Statement]:
    for relation in relations:
        first = relation.keys[0]
        name = _name(cells[first]) if first in cells else str(first)
        yield Statement.equal(relation.terms, relation.constant, said=f"total « {name} »")


def _prints(
    candidates: Mapping[str, Candidate], released: Release, pairs: Iterable[Same], known: Iterable[Hashable]
) -> Iterator[Statement]:
    """What the pairs say of counts: a result computed from counts on one side, the same thing printed on the other."""
    countable = frozenset(known)
    for pair in pairs:
        sides = [parse(text).canonical for text in (pair.left, pair.right)]
        for computed, printed in (sides, sides[::-1]):
            one, cell = candidates.get(computed), released.by_expression.get(printed)
            if isinstance(one, Derived) and cell is not None and not pair.accepted:
                yield from _printed(one, cell, countable, f"« {pair.says} » : {cell_text(cell)}")


def _printed(one: Derived, cell: Cell, countable: frozenset[Hashable], said: str) -> Iterator[Statement]:
    terms = [_terms(operand) for operand in one.operands]
    if any(names is None or not names.keys() <= countable for names in terms):
        return
    counts = [names for names in terms if names is not None]
    if one.function in SHARES and cell.is_shown and cell.value.is_exact:
        yield from _rounded(counts[0], counts[1], cell.number, said)
    elif one.function == "growth" and cell.is_shown and cell.value.is_exact:
        earlier, later = counts
        yield from _rounded(_minus(later, earlier), earlier, cell.number, said)
    elif (whole := _terms(one)) is not None and one.measure.unit is Unit.COUNT and cell.journey.key in countable:
        yield Statement.equal(_minus(whole, {cell.journey.key: Fraction(1)}).items(), said=said)


Terms = Mapping[Hashable, Fraction]


def _terms(operand: Operand) -> Terms | None:
    """A number as a weighted sum of facts; None when it is not one."""
    form = linear(operand).values()
    facts: dict[Hashable, Fraction] = {one.key: times for one, times in form if isinstance(one, Fact)}
    return facts if len(facts) == len(form) else None


def _minus(one: Terms, other: Terms) -> Terms:
    return {key: one.get(key, Fraction(0)) - other.get(key, Fraction(0)) for key in {**one, **other}}


def _rounded(part: Terms, whole: Terms, printed: Fraction, said: str) -> Iterator[Statement]:
    """100 × part / whole is printed so, in whole per cents: two inequalities, the whole being positive."""
    low, high, low_strict, high_strict = rounding(printed)
    for_low, for_high = (_minus(_times(part, Fraction(100)), _times(whole, bound)) for bound in (low, high))
    yield Statement(terms=tuple(for_low.items()), low=0, low_strict=low_strict, said=said)
    yield Statement(terms=tuple(for_high.items()), high=0, high_strict=high_strict, said=said)


def _times(terms: Terms, factor: Fraction) -> Terms:
    return {key: factor * times for key, times in terms.items()}


def _name(cell: Cell) -> str:
    return f"{cell.label}, {Period.parse(cell.period).french()}"
