"""What the whole publication gives away of its hidden counts, looked for before it is published. Pure.

The attacker reads every released cell, printed or not, everything that institutions and authors declare between them,
every result and every worded claim, and all that was published before; it knows what `< 5` and `nc` mean. A small
count that keeps fewer values than the policy asks for is a leak, told with its arithmetic and with every sentence,
figure or file that prints a number of it. The edition lists those that its sources have already published, with the
reason; any other one refuses the build. Source: docs/methods/attacker.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import asdict, evolve, frozen

from egide.disclosure.attack import audit
from egide.disclosure.attack.findings import Breach, Finding, Findings, protection
from egide.disclosure.attack.reasons import explain
from egide.disclosure.attack.settle import How
from egide.disclosure.attack.system import Contradictory, Statement
from egide.disclosure.cells import Cell
from egide.disclosure.policy import Policy
from egide.disclosure.published import PublishedEdition
from egide.disclosure.release import Release
from egide.disclosure.statements.holdings import Print, name_of
from egide.disclosure.statements.identities import Number
from egide.disclosure.statements.kept import to_publish
from egide.disclosure.statements.public import Known, Public, known
from egide.document.typography import cell_text
from egide.document.uses import Use
from egide.errors import Defect, EditionRefused, ReleaseRefused

HOW = {
    How.PROPAGATION: "de proche en proche",
    How.COMPONENT: "en essayant toutes les répartitions",
    How.EXACT_SOLVER: "par une preuve exacte",
    How.NOT_PROVEN: "non prouvé",
    How.NOT_SOUGHT: "non cherché",
}


@frozen(kw_only=True)
class Clue:
    """One number of the arithmetic, as printed, and a place where it is read."""

    number: str
    shown: str
    where: str


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
    clues: tuple[Clue, ...] = ()
    accepted: str = ""

    def text(self) -> str:
        left = f"de {self.low} à {self.high}" if self.proven else "sans preuve que toutes ses valeurs soient possibles"
        heading = f"{self.label} ({self.cell}, {self.shown}) : {left}"
        read = [f"lu : {clue.number}, {clue.shown} ({clue.where})" for clue in self.clues]
        return "\n".join([heading, *(f"  {line}" for line in (*self.arithmetic, *read))])


@frozen(kw_only=True)
class Kept:
    """What a hidden small count still hides."""

    cell: str
    label: str
    shown: str
    low: int | None
    high: int | None
    values: tuple[int, ...]  # those proven possible, one by one
    how: str  # French: how it was proven


@frozen(kw_only=True)
class Attack:
    """What was found, and the publication as the next ones will hold it."""

    leaks: tuple[Leak, ...]
    kept: tuple[Kept, ...]
    published: PublishedEdition


def attack(public: Public, released: Release, *, edition: str, on: date, uses: Iterable[Use] = ()) -> Attack:
    """Every small count that is not protected, and what each of them keeps, in the order of the cells.

    In:     `edition` and `on`, what the publication is called and when; `uses`, where each cell is printed, for the
            leaks to name the sentences.
    Raises: ReleaseRefused when labels or statements contradict each other.
    """
    try:
        found = known(public)
        findings = audit.audit(found.system, small_only=True)
    except Contradictory as clash:
        message = f"Aucun nombre ne satisfait tout ce que dirait la publication. {clash}\n{_WAY_OUT}"
        raise Contradictory(message, clash.statements) from None
    telling = _Telling(found, released, uses)
    small = [finding for finding, unknown in zip(findings, found.system.unknowns, strict=True) if unknown.small]
    silent = [finding for finding in small if finding.cell in found.silent]
    breaches = [
        *protection(findings, public.policy.level),
        *(breach for finding in silent if (breach := _told_by_others(finding, public.policy)) is not None),
    ]
    return Attack(
        leaks=tuple(telling.leak(breach, findings) for breach in breaches),
        kept=tuple(telling.kept(finding) for finding in small if finding.cell not in found.silent),
        published=to_publish(public, found, telling.expressions, edition, on),
    )


def _told_by_others(finding: Finding, policy: Policy) -> Breach | None:
    """A small count that is printed nowhere, of which what is printed excludes a small value. `protection` cannot
    tell: a number without a label may be any."""
    missing = frozenset(range(policy.least_hidden, policy.threshold)) - finding.values
    if policy.level.least_values is None and missing:
        return Breach(finding=finding, missing=missing, proven=finding.is_proven)
    return None


_WAY_OUT = (
    "Faites corriger la livraison en cause par son expéditeur ; un nombre publié autrefois et changé depuis est une "
    "révision, à enregistrer à son propre jour."
)


class _Telling:
    """Turns what the attacker found into words: names of cells, places of numbers."""

    def __init__(self, found: Known, released: Release, uses: Iterable[Use]) -> None:
        self._found = found
        self._by_id = released.by_id
        self.expressions = {cell.id: text for text, cell in released.by_expression.items()}
        self._uses: dict[str, list[str]] = {}
        for use in uses:
            self._uses.setdefault(use.cell_id, []).append(use.where)

    def leak(self, breach: Breach, findings: Findings) -> Leak:
        finding = breach.finding
        cell, label, shown = self._named(finding)
        reason = explain(findings, finding.cell)
        return Leak(
            cell=cell,
            label=label,
            shown=shown,
            low=finding.low,
            high=finding.high,
            proven=breach.proven,
            arithmetic=() if reason is None else reason.lines,
            clues=() if reason is None else tuple(dict.fromkeys(self._clues(reason.statements))),
        )

    def kept(self, finding: Finding) -> Kept:
        cell, label, shown = self._named(finding)
        return Kept(
            cell=cell,
            label=label,
            shown=shown,
            low=finding.low,
            high=finding.high,
            values=tuple(sorted(finding.values)),
            how=HOW[finding.how],
        )

    def _named(self, finding: Finding) -> tuple[str, str, str]:
        """What the authors call it, what it counts, how it is printed."""
        number = finding.cell
        if number in self._found.silent:
            return _dated(number), self._found.silent[number], finding.label
        if (cell := self._found.cell_of.get(number)) is not None:
            return self.expressions.get(cell.id, cell.id), name_of(cell.label, cell.period), cell_text(cell)
        last = self._found.holdings.prints[number][-1]
        return f"{last.called or _dated(number)} ({last.where})", last.name, finding.label

    # ------------------------------------------------------------ where the numbers of the arithmetic are read

    def _clues(self, statements: Sequence[Statement]) -> Iterator[Clue]:
        for statement in statements:
            for identifier in self._found.said.get(statement, ()):
                yield from self._of_cell(self._by_id[identifier])
            for number, _ in statement.terms:
                if number in self._found.holdings.shown:
                    yield from self._of_number(number)

    def _of_cell(self, cell: Cell) -> Iterator[Clue]:
        number = name_of(cell.label, cell.period)
        for where in self._uses.get(cell.id, [f"données ouvertes, {cell.id}"]):
            yield Clue(number=number, shown=cell_text(cell), where=where)

    def _of_number(self, number: Hashable) -> Iterator[Clue]:
        cell = self._found.cell_of.get(number)
        if cell is not None and cell.is_shown:
            yield from self._of_cell(cell)
            return
        yield from (_clue(one) for one in self._found.holdings.prints[number] if one.exact is not None)


def _dated(number: Hashable) -> str:
    """A number that the authors gave no name, told from what was stated of the same key on other days."""
    return f"{number}@{number.since.isoformat()}" if isinstance(number, Number) else str(number)


def _clue(one: Print) -> Clue:
    return Clue(number=one.name, shown=one.label, where=one.where)


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
            "Retirez ce qui le trahit ([withheld]), ou publiez la série « non diffusée » : elle sera masquée, avec "
            "ce qui la rendrait. Si la source a déjà publié ces nombres, dites-le dans [accepted_leaks]."
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
    return tuple(evolve(leak, accepted=accepted[name]) for name, leak in found.items())


def to_json(leaks: Iterable[Leak], kept: Iterable[Kept] = ()) -> dict[str, list[dict[str, Any]]]:
    return {"leaks": [asdict(leak) for leak in leaks], "kept": [asdict(one) for one in kept]}
