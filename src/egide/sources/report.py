"""What the check of one delivery says: facts when all is well, every defect otherwise. Never both."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from attrs import frozen

from egide.errors import Defect, DeliveryRefused
from egide.facts.model import Fact
from egide.sources.messages import NBSP, THIN, Complaint, counted


@frozen(kw_only=True)
class DeliveryDefect(Defect):
    """A defect with its coordinates, for programs."""

    rule: str
    sheet: str = ""
    row: int | None = None  # as the spreadsheet numbers it; None: the sheet or the file as a whole
    column: str = ""

    @classmethod
    def of(
        cls, complaint: Complaint, place: str, *, sheet: str = "", row: int | None = None, column: str = ""
    ) -> DeliveryDefect:
        return cls(
            place=place,
            expected=complaint.expected,
            got=complaint.got,
            way_out=complaint.way_out,
            rule=complaint.rule,
            sheet=sheet,
            row=row,
            column=column,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "place": self.place,
            "expected": self.expected,
            "got": self.got,
            "way_out": self.way_out,
        }


@frozen(kw_only=True)
class DeliveryReport:
    """Facts, or defects. `exit_code` is 0 or 3."""

    source: str
    file_name: str
    facts: tuple[Fact, ...]
    defects: tuple[DeliveryDefect, ...]  # sheet by sheet, in row order
    unlisted: int = 0  # defects beyond those listed, when there are too many

    @property
    def accepted(self) -> bool:
        return not self.defects

    @property
    def exit_code(self) -> int:
        return 0 if self.accepted else DeliveryRefused.exit_code

    def text(self) -> str:
        """For the sender: one line a defect, sheet by sheet, then the verdict. French."""
        if self.accepted:
            return "\n".join([self._title("aucun défaut"), "", self._accepted()])
        lines = [self._title(counted(len(self.defects) + self.unlisted, "défaut"))]
        for sheet, group in groupby(self.defects, key=lambda defect: defect.sheet):
            found = list(group)
            name = f"Feuille {sheet}" if sheet else "Fichier"
            lines += ["", f"{name}{NBSP}: {counted(len(found), 'défaut')}", *(f"- {item.text()}" for item in found)]
        return "\n".join([*lines, "", self._refused()])

    def to_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "file": self.file_name,
            "accepted": self.accepted,
            "facts": len(self.facts),
            "unlisted": self.unlisted,
            "defects": [defect.to_json() for defect in self.defects],
        }

    def or_refuse(self) -> tuple[Fact, ...]:
        """The facts. Raises DeliveryRefused with every defect when there is one."""
        if not self.accepted:
            raise DeliveryRefused(self.defects)
        return self.facts

    def _title(self, verdict: str) -> str:
        return f"{self.file_name} (source {self.source}){NBSP}: {verdict}"

    def _accepted(self) -> str:
        measures = len({fact.key.measure for fact in self.facts})
        size = f"{counted(len(self.facts), 'fait')}, {counted(measures, 'indicateur')}"
        return f"Verdict{NBSP}: livraison acceptée ({size})."

    def _refused(self) -> str:
        beyond = counted(self.unlisted, "autre défaut", "autres défauts")
        more = f" Non listés{NBSP}: {beyond}." if self.unlisted else ""
        return (
            f"Verdict{NBSP}: livraison refusée, rien n’est enregistré.{more}"
            f" Corrigez le fichier et renvoyez-le entier{THIN}; il sera relu depuis le début."
        )
