"""Facts drawn by hand, for tests of what stands behind the door."""

from __future__ import annotations

from datetime import date

from egide.facts.model import Fact, FactKey, Kind, Measure, Origin, Secret, Status, Unit
from egide.facts.values import BELOW_FIVE, NOT_COMMUNICATED, Value

ORIGIN = Origin(delivery="essai.csv", sha256="0" * 64, sheet="", row=2, column="effectif")
HIDDEN = {Secret.BELOW_FIVE: BELOW_FIVE, Secret.NOT_COMMUNICATED: NOT_COMMUNICATED}


def fact(
    identifier: str,
    value: int | Value | Secret | None,
    *,
    known_on: str = "2026-04-02",
    unit: Unit = Unit.COUNT,
    kind: Kind = Kind.FLOW,
    counts: str = "personnes",
    overlapping: tuple[str, ...] = (),
    status: Status = Status.NORMAL,
    row: int = 2,
    note: str = "",
) -> Fact:
    """`source/measure/territory/period[/dim=code]` and its value: a number, an interval, a secret, or None."""
    key = FactKey.parse(identifier)
    secret = value if isinstance(value, Secret) else Secret.NONE
    known = HIDDEN[secret] if secret else Value.exact(value) if isinstance(value, int) else value
    assert known is None or isinstance(known, Value)
    return Fact(
        key=key,
        measure=Measure(
            code=key.measure,
            label=f"Mesure {key.measure}",
            unit=unit,
            kind=kind,
            counts=counts,
            overlapping=overlapping,
        ),
        value=known,
        status=status,
        secret=secret,
        known_on=date.fromisoformat(known_on),
        origin=Origin(delivery=ORIGIN.delivery, sha256=ORIGIN.sha256, sheet="", row=row, column="effectif"),
        note=note,
    )
