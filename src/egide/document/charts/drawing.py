"""Which chart for which figure: a specification and its points give a Vega-Lite mapping. Pure and quick."""

from __future__ import annotations

from collections.abc import Mapping

from egide.disclosure.cells import Cell
from egide.document.charts.maps import class_of, department_map
from egide.document.charts.marks import Spec, chart
from egide.document.charts.over_time import over_periods
from egide.document.charts.parts import one_position, over_categories, shares
from egide.document.charts.zones import ABSENT, HIDDEN, Place, zone_map
from egide.document.figures.data import Frame, Point
from egide.document.figures.labels import plain
from egide.document.figures.specs import FigureSpec, Kind


def drawing(spec: FigureSpec, frame: Frame, cells: Mapping[str, Cell | None]) -> Spec | None:
    """The chart to draw, or None when nothing of it is known or when it is not made of values.

    A figure over periods of which one only is known becomes bars of that period: an axis of time would be empty.
    """
    if spec.kind in (Kind.TABLE, Kind.FLOW) or not frame.known():
        return None
    if spec.kind is Kind.MAP:
        return chart(department_map(spec, frame, cells))
    if spec.kind is Kind.ZONES:
        return chart(zone_map(spec.department, _places(spec, frame), _layers(spec), _classes(spec)))
    if spec.kind is Kind.SHARES:
        return chart(shares(frame))
    if not spec.dated:
        return chart(over_categories(frame))
    known = frame.known_positions()
    if len(known) == 1 and spec.kind is not Kind.INDEX:
        return chart(one_position(frame, known[0]))
    return chart(over_periods(frame, spec.kind, spec.base, small=spec.small))


def _places(spec: FigureSpec, frame: Frame) -> list[Place]:
    return [
        Place(
            name=plain(zone.label),
            longitude=zone.longitude,
            latitude=zone.latitude,
            ranks=tuple(_rank(spec, row.points[position]) for row in frame.rows),
        )
        for position, zone in enumerate(spec.zones)
    ]


def _rank(spec: FigureSpec, point: Point) -> int:
    """The class a symbol shows. A hidden number and one below every class look alike."""
    if not point.known:
        return ABSENT
    rank = class_of(spec, point)
    return HIDDEN if rank is None else rank


def _layers(spec: FigureSpec) -> list[str]:
    return [plain(series.label) for series in spec.series]


def _classes(spec: FigureSpec) -> list[str]:
    return [plain(one.label) for one in spec.classes]
