"""Numbers of a page on their way to the door: each is stated once with its words, and comes back as a released cell."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import define, field

from egide.disclosure.cells import Cell
from egide.disclosure.policy import STATISTICAL_SECRET
from egide.disclosure.release import Candidates, release
from egide.facts.model import Fact, FactKey, Kind, Measure, Origin, Status, Unit
from egide.facts.values import Value
from egide.unseen.report.overlaps import SOURCE, Frame

FROM = "calculé sur le seul tableau publié des recoupements"


@define(kw_only=True)
class Ledger:
    """Estimates count nobody in particular: they are worked out from released counts and hide nothing themselves."""

    frame: Frame
    _facts: dict[str, Fact] = field(factory=dict, init=False)
    _labels: dict[str, str] = field(factory=dict, init=False)

    def state(
        self, name: str, label: str, low: int, high: int | None = None, *, counts: str = "personnes estimées"
    ) -> str:
        """A number, or from `low` to `high`; gives `name` back."""
        measure = Measure(code=name, label=label, unit=Unit.COUNT, kind=Kind.LEVEL, counts=counts)
        self._facts[name] = Fact(
            key=FactKey(source=SOURCE, measure=name, territory=self.frame.territory, period=self.frame.period),
            measure=measure,
            value=Value(Fraction(low), Fraction(low if high is None else high)),
            status=Status.ESTIMATED,
            known_on=self.frame.known_on,
            origin=Origin(delivery=self.frame.file_name, sha256="", sheet="", row=1, column=FROM),
            note=f"Estimation, {FROM}.",
        )
        self._labels[name] = label
        return name

    def released(self) -> Mapping[str, Cell]:
        """The cells by name."""
        made = release(
            Candidates(
                requested=dict(self._facts),
                labels={fact.key.series: self._labels[name] for name, fact in self._facts.items()},
            ),
            STATISTICAL_SECRET,
        )
        return made.by_expression
