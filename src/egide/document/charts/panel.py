"""One set of axes over periods: its series, its scales, where each point and each missing run stands. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from egide.document.charts.marks import Scale, Spec
from egide.document.figures.data import Frame, Point, Row, State
from egide.document.figures.specs import Kind
from egide.facts.model import Unit

BASE_VALUE = 100.0
AXIS_WIDTH = 44  # px kept for the labels of values
STRIP = 17  # px of a line of hidden values under the axis


@frozen(kw_only=True)
class Panel:
    """One set of axes: which series, in which form, how large."""

    frame: Frame
    rows: tuple[Row, ...]
    kind: Kind
    heading: str
    height: int
    width: int
    scale: Scale
    base: int | None  # position of the index base
    shift: float  # added to growth to make an index
    unit: Unit
    mixed: bool  # do statuses differ? then each value carries its mark
    last: bool = True  # the lowest panel carries the periods

    @property
    def step(self) -> float:
        return self.width / len(self.frame.positions)

    def x(self, **more: object) -> Spec:
        domain = [self.frame.short(rank) for rank in range(len(self.frame.positions))]
        axis: Spec | None = None
        if self.last:
            axis = {
                "labelAngle": 0,
                "labelOverlap": False,
                "ticks": False,
                "title": self._title(),
                "labelPadding": 6,
                "offset": STRIP * len(self.below()),
                "domain": not self.below(),
            }
        scale = {"type": "band", "domain": domain, "padding": 0}
        return {"field": "x", "type": "ordinal", "scale": scale, "axis": axis, **more}

    def _title(self) -> str | None:
        if not self.frame.same_day:
            return None
        return f"Au {self.frame.full(0).rpartition(' ')[0]} de chaque année"

    @property
    def labelled(self) -> bool:
        """Does every mark carry its value? Then no axis of values is needed."""
        return self.kind is Kind.STACKED or (self.kind is Kind.BAR and len(self.rows) == 1)

    def y(self, field: str = "y") -> Spec:
        axis: Spec | None = (
            None
            if self.labelled
            else {
                "values": list(self.scale.ticks),
                "format": ",~f",
                "domain": False,
                "ticks": False,
                "title": None,
                "labelExpr": "datum.label + '\u202f%'"
                if self.unit is Unit.PERCENT and not self.shift
                else "datum.label",
            }
        )
        scale = {"domain": [self.scale.low, self.scale.high], "nice": False, "zero": False}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}

    def told_below(self, point: Point) -> bool:
        """Is it known without a place on the scale: hidden, or part of a stack that lacks another part?"""
        incomplete = self.kind is Kind.STACKED and point.known and point.position not in stacks(self.rows)
        return point.state is State.HIDDEN or incomplete

    def below(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if any(self.told_below(point) for point in row.points))

    def value(self, bound: float | None) -> float | None:
        return None if bound is None else bound + self.shift

    def place(self, point: Point) -> float:
        """Where a point's label belongs on the scale."""
        bounds = [bound for bound in (self.value(point.low), self.value(point.high)) if bound is not None]
        return sum(bounds) / len(bounds)

    def pixel(self, point: Point) -> float:
        return self.scale.pixel(self.place(point), self.height)

    def label(self, point: Point) -> str:
        return point.text(mark=self.mixed, signed=bool(self.shift))


def scale_of(rows: Sequence[Row], kind: Kind, unit: Unit, shift: float) -> Scale:
    bounds = [
        bound + shift for row in rows for point in row.drawn() for bound in (point.low, point.high) if bound is not None
    ]
    if kind is Kind.STACKED:
        sums = [sum(part.high or 0 for part in parts) for parts in stacks(rows).values()]
        return Scale.of(sums, unit)
    if any(point.state is State.RANGE and point.high is None for row in rows for point in row.points):
        bounds.append(max(bounds) * 1.3)  # room to show that the range has no upper end
    if kind is Kind.INDEX:
        scale = Scale.of([*bounds, BASE_VALUE], unit, zero=False)
        step = scale.ticks[1] - scale.ticks[0]
        if scale.low < BASE_VALUE:
            return scale
        return Scale(low=scale.low - step, high=scale.high, ticks=(scale.low - step, *scale.ticks))
    return Scale.of(bounds, unit)


def stacks(rows: Sequence[Row]) -> dict[int, list[Point]]:
    """Positions where every part is an exact number: a stack that lacks a part would show a wrong whole."""
    columns = zip(*(row.points for row in rows), strict=True)
    return {
        position: list(parts)
        for position, parts in enumerate(columns)
        if all(part.state is State.EXACT for part in parts)
    }


def missing_runs(panel: Panel) -> list[list[int]]:
    """Runs of positions with a missing point and no known one in any series of the panel."""
    runs: list[list[int]] = []
    for position in range(len(panel.frame.positions)):
        points = [row.points[position] for row in panel.rows]
        drawn = any(point.known and not panel.told_below(point) for point in points)
        hidden = any(point.state is State.HIDDEN for point in points)
        empty = not drawn and not hidden and position != panel.base
        if not empty or not any(point.state is State.MISSING for point in points):
            continue
        if runs and runs[-1][-1] == position - 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    return runs
