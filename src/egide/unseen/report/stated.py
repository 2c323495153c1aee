"""Every number that a page may print beside the overlaps, stated once under its name and released. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import define

from egide.disclosure.cells import Cell
from egide.estimation.results import Answer, Estimate
from egide.unseen.appraise import spread
from egide.unseen.checks import Checks
from egide.unseen.report.findings import Findings
from egide.unseen.report.ledger import Ledger
from egide.unseen.report.overlaps import Frame
from egide.unseen.together import rounded


def stated(found: Findings, lists: Sequence[str], frame: Frame) -> Mapping[str, Cell]:
    """Cells by name.

    `vues`; `<method>.personnes`, `<method>.intervalle`; `ecart`; `modeles` and `indecidable`; `limite_<rank>.…`,
    `sans_<place of a list>.…`, `epreuve_<place of a list>.…`. A name that has no number is absent.
    """
    words = _Statements(ledger=Ledger(frame=frame), lists=tuple(lists), seen=found.seen[0])
    words.ledger.state("vues", "Personnes vues par une liste au moins", *found.seen)
    for one in found.judged:
        words.answer(one.method.name, one.method.title, one.answer)
    if (ends := spread(found.judged)) is not None:
        low, high = map(words.rounded, ends)
        words.ledger.state("ecart", "Estimations, de la plus basse à la plus haute", min(low, high), max(low, high))
    if found.usual is not None:
        words.checks(found.usual.checks)
    return words.ledger.released()


@define(kw_only=True)
class _Statements:
    ledger: Ledger
    lists: tuple[str, ...]
    seen: int

    def checks(self, checks: Checks) -> None:
        if checks.undecidable is not None:
            near = checks.undecidable.ranges[-1]
            if near.models > 1:
                low, high = (self.rounded(one.persons) for one in (near.low, near.high))
                self.ledger.state("indecidable", "Estimations des modèles que rien ne départage", low, high)
                self.ledger.state("modeles", "Modèles que rien ne départage", near.models, counts="modèles")
            for rank, largest in enumerate(checks.undecidable.largest):
                self.answer(f"limite_{rank}", "Modèle presque complet", largest)
        for row in () if checks.without is None else checks.without.rows:
            self.answer(f"sans_{self.lists.index(row.name)}", f"Sans la liste {row.name}", row.answer, row.seen)
        for truth in checks.truths:
            label = f"Personnes de la liste {truth.problem.name}, estimées par les autres"
            self.answer(f"epreuve_{self.lists.index(truth.problem.name)}", label, truth.answer, 0)

    def answer(self, name: str, label: str, answer: Answer, seen: int | None = None) -> None:
        """`seen`: persons that are counted anyway; those of the whole table unless told."""
        if not isinstance(answer, Estimate):
            return
        found = rounded(answer, self.seen if seen is None else seen)
        self.ledger.state(f"{name}.personnes", label, found.persons)
        if found.low is not None and found.high is not None:
            self.ledger.state(f"{name}.intervalle", f"{label}, intervalle", found.low, found.high)

    def rounded(self, persons: float) -> int:
        return rounded(Estimate(method="", persons=persons), self.seen).persons
