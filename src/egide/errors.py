"""Every way Égide refuses, and the exit code of each. What a user reads is French.

| code | meaning                                                            |
|------|--------------------------------------------------------------------|
| 0    | done, nothing to report                                            |
| 1    | checked, and something disagrees (`verify`, `diff --exit-code`)    |
| 2    | the command was called wrongly (click's own code)                  |
| 3    | a delivery has defects: nothing was stored                         |
| 4    | a store or a folder cannot be read or written as asked             |
| 5    | a calculation is refused (scope, family, stock and flow, base)     |
| 6    | a release is refused: it would show what must stay hidden          |
| 7    | an edition does not build: prose, figure or table with defects     |
| 8    | nothing has this name                                              |
| 130  | interrupted                                                        |
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen


@frozen(kw_only=True)
class Defect:
    """One thing wrong: where, what was expected, what came, and what to do about it."""

    place: str  # "sdfe-2026.xlsx, feuille PSP, ligne 41, colonne effectif"
    expected: str
    got: str
    way_out: str

    def text(self) -> str:
        return f"{self.place} : attendu {self.expected}, reçu {self.got}. {self.way_out}"


class EgideError(Exception):
    """Anything Égide refuses. The message is complete: it can be shown as it is."""

    exit_code = 1


class Refused(EgideError):
    """A refusal that lists every defect at once."""

    def __init__(self, defects: Iterable[Defect]) -> None:
        self.defects = tuple(defects)
        super().__init__("\n".join(defect.text() for defect in self.defects))


class DeliveryRefused(Refused):
    exit_code = 3


class StoreError(EgideError):
    exit_code = 4


class CalculationRefused(EgideError):
    exit_code = 5


class ReleaseRefused(EgideError):
    exit_code = 6


class EditionRefused(Refused):
    exit_code = 7


class UnknownIdentifier(EgideError):
    exit_code = 8
