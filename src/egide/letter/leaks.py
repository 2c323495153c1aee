"""What the whole publication gives away of its hidden counts, looked for before it is published. Pure.

The attacker reads every released cell, every declared total and every printed share of two counts, and knows what
`< 5` and `nc` mean. A small count for which one of the values 1 to 4 is no longer possible is a leak. The edition lists
those that its sources have already published, with the reason; any other one refuses the build.
Source: docs/methods/attacker.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from attrs import asdict, frozen

from egide.disclosure import audit
from egide.disclosure.cells import Cell
from egide.disclosure.cells import Shown as ShownContent
from egide.disclosure.findings import Breach, Findings, protection
from egide.disclosure.reasons import explain
from egide.disclosure.release import Candidate, Release
from egide.disclosure.system import Shown, Statement, System, Unknown, rounding
from egide.document.typography import cell_text
from egide.errors import Defect, EditionRefused, ReleaseRefused
from egide.facts.model import Fact, FactKey, Unit
from egide.facts.relations import Relation
from egide.indicators.derived import Derived, linear
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
    statements = [*_totals(totals, cells), *_shares(candidates, released, pairs, unknowns.keys() | shown.keys())]
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


def _shares(
    candidates: Mapping[str, Candidate], released: Release, pairs: Iterable[Same], known: Iterable[Hashable]
) -> Iterator[Statement]:
    """A share of two counts that is printed, whole per cents: two inequalities."""
    countable = set(known)
    for pair in pairs:
        for computed, printed in ((pair.left, pair.right), (pair.right, pair.left)):
            one, cell = candidates.get(computed), released.by_expression.get(printed)
            if not isinstance(one, Derived) or one.function not in SHARES or cell is None or not cell.is_shown:
                continue
            forms = [linear(operand) for operand in one.operands]
            keys = [operand.key for form in forms for operand, _ in form.values() if isinstance(operand, Fact)]
            if pair.accepted or not cell.value.is_exact or not set(keys) <= countable:
                continue
            part, whole = ([(operand.key, times) for operand, times in form.values()] for form in forms)  # type: ignore[union-attr]
            yield from _rounded(part, whole, cell, f"« {pair.says} » : {cell_text(cell)}")


def _rounded(part: list[Any], whole: list[Any], cell: Cell, said: str) -> Iterator[Statement]:
    low, high, low_strict, high_strict = rounding(cell.number)
    yield Statement(terms=_over(part, whole, low), low=0, low_strict=low_strict, said=said)
    yield Statement(terms=_over(part, whole, high), high=0, high_strict=high_strict, said=said)


def _over(part: list[Any], whole: list[Any], share: Fraction) -> tuple[tuple[Hashable, Fraction], ...]:
    """100 × part − share × whole."""
    return (*((key, 100 * times) for key, times in part), *((key, -share * times) for key, times in whole))


def _name(cell: Cell) -> str:
    return f"{cell.label}, {Period.parse(cell.period).french()}"
