"""Charts over periods: lines, columns, parts stacked, growth from base 100; one panel or several.

What no delivery covers is a band that says so; a line breaks there. A hidden value is written under the axis, off
the scale. Source: docs/how-to/ajouter-une-figure.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from egide.document.charts import theme
from egide.document.charts.marks import (
    Spec,
    colour,
    dot,
    filled,
    layer,
    spread,
    text,
    width_of,
    wrapped,
)
from egide.document.charts.panel import (
    AXIS_WIDTH,
    BASE_VALUE,
    STRIP,
    Panel,
    missing_runs,
    scale_of,
    stacks,
)
from egide.document.figures.data import NOT_SENT, Frame, Point, Row, State
from egide.document.figures.specs import Kind
from egide.facts.model import Unit

_LABEL = 15  # px between two labels


def over_periods(frame: Frame, kind: Kind, base: str, *, small: bool = False) -> Spec:
    """The chart of one figure over periods."""
    panels = frame.panels()
    statuses = {point.status for point in frame.known()}
    margin = _right_margin(frame, kind)
    views = []
    for rank, (heading, rows) in enumerate(panels):
        unit = next((row.unit for row in rows if row.known()), rows[0].unit)
        form = kind
        if kind is Kind.COMBINED:
            form = Kind.BAR if unit is Unit.COUNT and len(rows) == 1 else Kind.LINE
        shift = BASE_VALUE if kind is Kind.INDEX and unit is Unit.PERCENT else 0.0
        panel = Panel(
            frame=frame,
            rows=rows,
            kind=form,
            heading=heading,
            height=_height(rank, len(panels), small=small),
            width=(theme.WIDTH if not small else 110 + 46 * len(frame.positions)) - AXIS_WIDTH - margin,
            scale=scale_of(rows, form, unit, shift),
            base=frame.positions.index(base) if kind is Kind.INDEX and base in frame.positions else None,
            shift=shift,
            unit=unit,
            mixed=len(statuses) > 1,
            last=rank == len(panels) - 1,
        )
        views.append(_view(panel))
    return views[0] if len(views) == 1 else {"vconcat": views, "spacing": 24}


def _height(rank: int, panels: int, *, small: bool) -> int:
    if small:
        return 110
    return 84 if panels > 2 else 230 if rank == 0 else 130


def _right_margin(frame: Frame, kind: Kind) -> int:
    """Room for the names of the series beside their last point."""
    if all(len(rows) == 1 for _, rows in frame.panels()) and kind is not Kind.STACKED:
        return 30
    return 150


def _view(panel: Panel) -> Spec:
    layers = [*_bands(panel), *_axes(panel)]
    if panel.kind is Kind.STACKED:
        layers += _stacked(panel)
    elif panel.kind is Kind.BAR:
        layers += [*_columns(panel), *(_names(panel) if len(panel.rows) > 1 else ())]
    else:
        layers += _lines(panel)
    layers += [*_hidden(panel), *_heading(panel)]
    return {"width": panel.width, "height": panel.height, "layer": layers}


def _axes(panel: Panel) -> Iterator[Spec]:
    """Both axes, even of a panel without a point, and the line of zero."""
    everywhere = [{"x": panel.frame.short(rank), "t": ""} for rank in range(len(panel.frame.positions))]
    yield text(everywhere, x=panel.x(bandPosition=0.5), y={"value": 0})
    zero = [{"y": BASE_VALUE if panel.base is not None else max(0.0, panel.scale.low)}]
    yield layer({"type": "rule", "stroke": theme.AXIS}, zero, x={"value": 0}, x2={"value": panel.width}, y=panel.y())


def _bands(panel: Panel) -> Iterator[Spec]:
    """A band over each run of periods that no series of the panel knows."""
    for run in missing_runs(panel):
        first, last = run[0] * panel.step, (run[-1] + 1) * panel.step
        yield layer(
            {"type": "rect", "fill": theme.BAND, "x": first + 2, "x2": last - 2},
            [{}],
            y={"value": 0},
            y2={"value": panel.height},
        )
        narrow = last - first < width_of(NOT_SENT) + 12
        yield text(
            [{"t": NOT_SENT}],
            x={"value": (first + last) / 2},
            y={"value": panel.height / 2},
            angle=270 if narrow else 0,
            color=theme.MUTED,
            fontStyle="italic",
            fontSize=theme.SMALL,
        )


def _columns(panel: Panel) -> Iterator[Spec]:
    count = len(panel.rows)
    width = min(60.0, panel.step * 0.72 / count)
    for rank, row in enumerate(panel.rows):
        offset = (rank - (count - 1) / 2) * (width + 2)
        for point in row.drawn():
            at = [{"x": panel.frame.short(point.position), "y": panel.value(point.low), "y2": 0}]
            mark = {"type": "bar", "width": width, "xOffset": offset, **filled(point, colour(row.rank))}
            if point.low is not None:
                if count > 1 and point.mark:  # the lines of the scale do not show through
                    under = {"type": "bar", "width": width, "xOffset": offset, "fill": theme.GROUND}
                    yield layer(under, at, x=panel.x(bandPosition=0.5), y=panel.y(), y2={"field": "y2"})
                yield layer(mark, at, x=panel.x(bandPosition=0.5), y=panel.y(), y2={"field": "y2"})
            yield from _range(panel, point, row.rank, offset)
            label = panel.label(point)
            if count == 1:
                label = _fitted(panel, label)
            if count == 1 or width_of(label, theme.SMALL) <= width:
                top = panel.scale.pixel(max(panel.value(point.high) or panel.place(point), 0.0), panel.height)
                yield _words(panel, point, label, top - 9 - 14 * label.count("\n"), offset=offset, hue=theme.INK)


def _range(panel: Panel, point: Point, rank: int, offset: float = 0) -> Iterator[Spec]:
    """A vertical line over the range, closed by bars; an arrow where the range has no end."""
    if point.state is not State.RANGE:
        return
    hue = colour(rank)
    low, high = panel.value(point.low), panel.value(point.high)
    x = panel.x(bandPosition=0.5)
    ends = {
        "x": panel.frame.short(point.position),
        "y": panel.scale.low if low is None else low,
        "y2": panel.scale.high if high is None else high,
    }
    yield layer(
        {"type": "rule", "stroke": hue, "strokeWidth": 2, "xOffset": offset, "x2Offset": offset},
        [ends],
        x=x,
        y=panel.y(),
        y2={"field": "y2"},
    )
    for bound, field, arrow in ((low, "y", "triangle-down"), (high, "y2", "triangle-up")):
        shape = "stroke" if bound is not None else arrow
        mark = {"type": "point", "shape": shape, "size": 150 if bound is not None else 60, "opacity": 1}
        yield layer(
            {**mark, "stroke": hue, "fill": hue, "strokeWidth": 2, "xOffset": offset}, [ends], x=x, y=panel.y(field)
        )


def _words(
    panel: Panel, point: Point, words: str, pixel: float, *, hue: str, offset: float = 0, **mark: object
) -> Spec:
    """A label centred on its period, its middle at so many px from the top."""
    return text(
        [{"x": panel.frame.short(point.position), "t": words}],
        x=panel.x(bandPosition=0.5),
        y={"value": pixel},
        **{"xOffset": offset, "color": hue, "baseline": "middle", "fontWeight": 600, **mark},
    )


def _lines(panel: Panel) -> Iterator[Spec]:
    for row in panel.rows:
        yield from _segments(panel, row)
    for row in panel.rows:
        if panel.base is not None:
            at = [{"x": panel.frame.short(panel.base), "y": BASE_VALUE}]
            base: Spec = {"type": "point", "shape": "circle", "size": 58, "opacity": 1}
            base |= {"fill": theme.INK, "stroke": theme.INK}
            yield layer(base, at, x=panel.x(bandPosition=0.5), y=panel.y())
        for point in row.drawn():
            at = [{"x": panel.frame.short(point.position), "y": panel.place(point)}]
            if point.state is State.EXACT:
                yield layer(dot(point, row.rank), at, x=panel.x(bandPosition=0.5), y=panel.y())
            yield from _range(panel, point, row.rank)
    yield from _line_labels(panel)
    if len(panel.rows) > 1:
        yield from _names(panel)


def _segments(panel: Panel, row: Row) -> Iterator[Spec]:
    """A line between neighbours only: nothing is drawn across a missing point."""
    exact = State.EXACT
    pairs = [(one, other) for one, other in pairwise(row.points) if one.state is exact and other.state is exact]
    values = [
        {"x": panel.frame.short(point.position), "y": panel.place(point), "s": rank}
        for rank, pair in enumerate(pairs)
        for point in pair
    ]
    if values:
        dash = theme.DASHES[row.rank % len(theme.DASHES)] or None
        yield layer(
            {"type": "line", "stroke": colour(row.rank), "strokeWidth": 2, "strokeDash": dash},
            values,
            x=panel.x(bandPosition=0.5),
            y=panel.y(),
            detail={"field": "s", "type": "nominal"},
        )


def _line_labels(panel: Panel) -> Iterator[Spec]:
    """Values beside their points, above for the highest series, below for the others."""
    last = len(panel.frame.positions) - 1
    for position in range(last + 1):
        if panel.base == position:
            yield text(
                [{"x": panel.frame.short(position), "t": "base\u00a0100"}],
                x=panel.x(bandPosition=0.5),
                y={"value": panel.scale.pixel(BASE_VALUE, panel.height) - 15},
                baseline="middle",
                color=theme.INK,
            )
        here = [(row, row.points[position]) for row in panel.rows if row.points[position].drawn]
        if position == last and len(panel.rows) > 1:
            continue  # told beside the names
        if len(panel.rows) == 1:
            for row, point in here:
                yield _beside_line(panel, row, point)
            continue
        here.sort(key=lambda one: panel.pixel(one[1]))
        wanted = [panel.pixel(point) + (-14 if rank == 0 else 15) for rank, (_, point) in enumerate(here)]
        for (row, point), pixel in zip(here, spread(wanted, _LABEL), strict=True):
            yield _words(panel, point, panel.label(point), pixel, hue=colour(row.rank))


def _beside_line(panel: Panel, row: Row, point: Point) -> Spec:
    """The value of a point of a lone line, on the side that the line leaves free."""
    label = _fitted(panel, panel.label(point))
    lines = label.count("\n")
    if point.state is State.RANGE and point.high is None:
        return _words(panel, point, label, panel.pixel(point) + 15, hue=theme.INK)
    around = [row.points[one] for one in (point.position - 1, point.position + 1) if 0 <= one < len(row.points)]
    steep = 22  # px: a gentler line passes under the label
    rises = [one.state is State.EXACT and panel.pixel(point) - panel.pixel(one) > steep for one in around]
    before = rises[0] if point.position else False
    after = rises[-1] if point.position + 1 < len(row.points) else False
    if before and after and panel.pixel(point) + 24 < panel.height:
        return _words(panel, point, label, panel.pixel(point) + 15, hue=theme.INK)
    offset = 16 * (before - after)
    return _words(panel, point, label, panel.pixel(point) - 14 - 14 * lines, hue=theme.INK, offset=offset)


def _fitted(panel: Panel, label: str) -> str:
    """On two lines when it is wider than its period."""
    return wrapped(label, 9) if width_of(label, theme.SMALL) > panel.step + 4 else label


def _names(panel: Panel) -> Iterator[Spec]:
    """The name of each series at the right, at the height of its last point, with that point's value."""
    last = len(panel.frame.positions) - 1
    named = [(row, row.drawn()[-1]) for row in panel.rows if row.drawn()]
    blocks = []
    for row, point in named:
        name = wrapped(row.label, 21)
        value = panel.label(point) if point.position == last else ""
        blocks.append((row, name, value, panel.pixel(point)))
    gap = max((15.0 * (name.count("\n") + 1 + bool(value)) + 7 for _, name, value, _ in blocks), default=0)
    for (row, name, value, _), pixel in zip(blocks, spread([one[3] for one in blocks], gap), strict=True):
        lines = name.count("\n") + 1
        top = pixel - 7.5 * (lines - 1 + bool(value))
        hue = colour(row.rank)
        left = {"value": panel.width + 6}
        beside: Spec = {"align": "left", "baseline": "middle", "color": hue}
        if value:
            yield text(
                [{"t": value}], x=left, y={"value": top}, align="left", baseline="middle", color=hue, fontWeight=600
            )
        yield text(
            [{"t": name}],
            x=left,
            y={"value": top + (15 if value else 0)},
            **beside,
        )


def _stacked(panel: Panel) -> Iterator[Spec]:
    complete = stacks(panel.rows)
    width = min(64.0, panel.step * 0.86)
    for position, parts in complete.items():
        reached = 0.0
        for row, point in zip(panel.rows, parts, strict=True):
            size = point.low or 0.0
            ends = {"x": panel.frame.short(position), "y": reached + size, "y2": reached}
            mark = {"type": "bar", "width": width, **filled(point, colour(row.rank))}
            yield layer(mark, [ends], x=panel.x(bandPosition=0.5), y=panel.y(), y2={"field": "y2"})
            middle = panel.scale.pixel(reached + size / 2, panel.height)
            if panel.height * size / (panel.scale.high - panel.scale.low) >= 16:
                solid = not point.mark
                yield _words(panel, point, panel.label(point), middle, hue=theme.GROUND if solid else theme.INK)
            if position == max(complete):
                left = (position + 0.5) * panel.step + width / 2 + 8
                yield text(
                    [{"t": wrapped(row.label, 24)}],
                    x={"value": left},
                    y={"value": middle - 7.5 * wrapped(row.label, 24).count("\n")},
                    align="left",
                    baseline="middle",
                    color=colour(row.rank),
                    fontWeight=600,
                )
            reached += size


def _hidden(panel: Panel) -> Iterator[Spec]:
    """Hidden values, in words, under the axis: they have no place on the scale."""
    for rank, row in enumerate(panel.below()):
        hue = colour(row.rank) if len(panel.rows) > 1 else theme.INK
        height: Spec = {"value": panel.height + 11 + STRIP * rank}
        if len(panel.rows) > 1:
            name = [{"t": row.label}]
            yield text(name, x={"value": panel.width + 6}, y=height, align="left", baseline="middle", color=hue)
        for point in row.points:
            if panel.told_below(point):
                yield text(
                    [{"t": panel.label(point)}],
                    x={"value": (point.position + 0.5) * panel.step},
                    y=height,
                    baseline="middle",
                    color=hue,
                    fontWeight=600,
                )


def _heading(panel: Panel) -> Iterator[Spec]:
    if panel.heading:
        yield text(
            [{"t": panel.heading}],
            x={"value": -AXIS_WIDTH + 6},
            y={"value": -36},
            align="left",
            baseline="middle",
            fontSize=theme.TEXT,
            fontWeight=700,
        )
