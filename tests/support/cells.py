"""Released cells drawn by hand, for tests of what stands after the door."""

from __future__ import annotations

from fractions import Fraction

from egide.disclosure.cells import SEAL, BelowFive, Cell, Content, Journey, NotCommunicated, Shown
from egide.facts.model import Kind, Measure, Status, Unit
from egide.facts.values import Value


def cell(
    content: Content,
    *,
    id: str = "test/mesure/FR/2025@2026-04-02",
    unit: Unit = Unit.COUNT,
    label: str = "Victimes enregistrées",
    territory: str = "FR",
    period: str = "2025",
    status: Status = Status.NORMAL,
    journey: Journey | None = None,
    sources: tuple[str, ...] = ("test",),
) -> Cell:
    kind = Kind.FLOW if unit is Unit.COUNT else Kind.LEVEL
    return Cell(
        id=id,
        label=label,
        content=content,
        measure=Measure(code="mesure", label=label, unit=unit, kind=kind, counts="personnes"),
        territory=territory,
        period=period,
        sources=sources,
        status=status,
        journey=journey or Journey(),
        seal=SEAL,
    )


def shown(number: int | Fraction, **details: object) -> Cell:
    return cell(Shown(Value.exact(number)), **details)  # type: ignore[arg-type]


def shown_between(low: int, high: int | None, **details: object) -> Cell:
    return cell(Shown(Value(low, high)), **details)  # type: ignore[arg-type]


def below_five(**details: object) -> Cell:
    return cell(BelowFive(), **details)  # type: ignore[arg-type]


def nc(**details: object) -> Cell:
    return cell(NotCommunicated(), **details)  # type: ignore[arg-type]
