"""Which chart for which figure: a specification and its points give a Vega-Lite mapping. Pure and quick."""

from __future__ import annotations

from collections.abc import Mapping

from egide.disclosure.cells import Cell
from egide.document.charts.maps import department_map
from egide.document.charts.marks import Spec, chart
from egide.document.charts.over_time import over_periods
from egide.document.charts.parts import one_position, over_categories, shares
from egide.document.figures.data import Frame
from egide.document.figures.specs import FigureSpec, Kind


def drawing(spec: FigureSpec, frame: Frame, cells: Mapping[str, Cell | None]) -> Spec | None:
    """The chart to draw, or None when nothing of it is known or when it is not made of values.

    A figure over periods of which one only is known becomes bars of that period: an axis of time would be empty.
    """
    if spec.kind in (Kind.TABLE, Kind.FLOW) or not frame.known():
        return None
    if spec.kind is Kind.MAP:
        return chart(department_map(spec, frame, cells))
    if spec.kind is Kind.SHARES:
        return chart(shares(frame))
    if not spec.dated:
        return chart(over_categories(frame))
    known = frame.known_positions()
    if len(known) == 1 and spec.kind is not Kind.INDEX:
        return chart(one_position(frame, known[0]))
    return chart(over_periods(frame, spec.kind, spec.base, small=spec.small))
