"""Charts without a time axis: horizontal bars over categories, bars cut in parts of 100 %. Gives Vega-Lite mappings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from egide.document.charts import theme
from egide.document.charts.marks import Scale, Spec, colour, filled, layer, text, width_of, wrapped
from egide.document.figures.data import NOT_SENT, Frame, Point, Row, State
from egide.facts.model import Unit

_STEP = 36  # px of a bar and its gap
_LABELS = 205  # px for the names of the bars
_VALUES = 110  # px for the values beyond the longest bar
_BAR = 20


@frozen(kw_only=True)
class Item:
    """One bar: its name, its point, its colour."""

    label: str
    point: Point
    rank: int


def one_position(frame: Frame, position: int) -> Spec:
    """Series compared at the only period that is known, or at one category: a bar a series."""
    groups = []
    for heading, rows in frame.panels():
        items = [Item(label=row.label, point=row.points[position], rank=row.rank) for row in rows]
        kept = [item for item in items if item.point.known or item.point.state is State.MISSING]
        title = f"{heading}, {frame.full(position)}" if heading else frame.full(position)
        groups.append((title, kept))
    return _bars([group for group in groups if group[1]], mixed=_mixed(frame))


def over_categories(frame: Frame) -> Spec:
    """A bar a category, in the order of the specification; a group of bars a category when there are several series."""
    groups: list[tuple[str, list[Item]]] = []
    if len(frame.rows) == 1:
        row = frame.rows[0]
        groups = [("", [Item(label=frame.full(p.position), point=p, rank=0) for p in row.points])]
    else:
        for position in range(len(frame.positions)):
            items = [Item(label=row.label, point=row.points[position], rank=row.rank) for row in frame.rows]
            groups.append((frame.full(position), items))
    return _bars(groups, mixed=_mixed(frame))


def _mixed(frame: Frame) -> bool:
    return len({point.status for point in frame.known()}) > 1


def _bars(groups: Sequence[tuple[str, Sequence[Item]]], *, mixed: bool) -> Spec:
    views = [_group(heading, items, mixed=mixed) for heading, items in groups]
    return views[0] if len(views) == 1 else {"vconcat": views, "spacing": 34}


def _group(heading: str, items: Sequence[Item], *, mixed: bool) -> Spec:
    unit = next((item.point.unit for item in items if item.point.unit), Unit.COUNT)
    bounds = [
        bound for item in items for bound in (item.point.low, item.point.high) if item.point.drawn and bound is not None
    ]
    scale = Scale.of(bounds, unit)
    width, height = theme.WIDTH - _LABELS - _VALUES, _STEP * len(items)
    x = {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": [scale.low, scale.high], "nice": False},
        "axis": None,
    }
    layers: list[Spec] = []
    for rank, item in enumerate(items):
        middle = _STEP * (rank + 0.5)
        layers += _bar(item, x, scale, width, middle, mixed=mixed)
        name = wrapped(item.label, 30)
        layers.append(
            text(
                [{"t": name}],
                x={"value": -10},
                y={"value": middle - 7.5 * name.count("\n")},
                align="right",
                baseline="middle",
                fontSize=theme.TEXT,
            )
        )
    layers.append(
        layer(
            {"type": "rule", "stroke": theme.AXIS, "y": 0, "y2": height},
            [{"x": max(0.0, scale.low)}],
            x=x,
        )
    )
    if heading:
        layers.append(
            text(
                [{"t": heading}],
                x={"value": -_LABELS + 6},
                y={"value": -14},
                align="left",
                baseline="middle",
                fontSize=theme.TEXT,
                fontWeight=700,
            )
        )
    return {"width": width, "height": height, "layer": layers}


def _bar(item: Item, x: Spec, scale: Scale, width: float, middle: float, *, mixed: bool) -> Iterator[Spec]:
    point = item.point
    words = point.text(mark=mixed)
    place = {"align": "left", "baseline": "middle", "fontSize": theme.TEXT}
    if not point.drawn:
        # Beside the axis, in words: neither a hidden value nor a missing one has a length.
        style = {"color": theme.MUTED, "fontStyle": "italic"} if point.state is State.MISSING else {"fontWeight": 600}
        shown = f"{words} (masqué)" if point.state is State.HIDDEN else words
        yield text([{"t": shown}], x={"value": 8}, y={"value": middle}, **place, **style)
        return
    low, high = point.low, point.high
    if low is not None:
        yield layer(
            {"type": "rect", **filled(point, colour(item.rank))},
            [{"x": low, "z": 0}],
            x=x,
            x2={"field": "z"},
            y={"value": middle - _BAR / 2},
            y2={"value": middle + _BAR / 2},
        )
    end = max(high if high is not None else scale.high, low or 0, 0)
    if point.state is State.RANGE:
        ends = {"x": low if low is not None else scale.low, "z": end}
        hue = colour(item.rank)
        yield layer(
            {"type": "rule", "stroke": hue, "strokeWidth": 2}, [ends], x=x, x2={"field": "z"}, y={"value": middle}
        )
        if high is None:
            arrow = {"type": "point", "shape": "triangle-right", "size": 70, "fill": hue, "stroke": hue, "opacity": 1}
            yield layer(arrow, [{"x": end}], x=x, y={"value": middle})
    pixel = width * (end - scale.low) / (scale.high - scale.low)
    yield text([{"t": words}], x={"value": pixel + 8}, y={"value": middle}, fontWeight=600, **place)


def shares(frame: Frame) -> Spec:
    """A bar a series, cut in its parts. What is missing or hidden stays hatched: it is never shared out."""
    mixed = _mixed(frame)
    views = [_whole(frame, row, mixed=mixed) for row in frame.rows]
    return views[0] if len(views) == 1 else {"vconcat": views, "spacing": 30}


def _whole(frame: Frame, row: Row, *, mixed: bool) -> Spec:
    height, width = 46, theme.WIDTH - 20
    x = {"field": "x", "type": "quantitative", "scale": {"domain": [0, 100], "nice": False}, "axis": None}
    across: Spec = {"y": {"value": 0}, "y2": {"value": height}}
    layers: list[Spec] = []
    reached = 0.0
    names: list[tuple[float, float, str, str]] = []
    for point in row.points:
        if point.state is not State.EXACT:
            continue
        size = point.low or 0.0
        mark = {"type": "rect", **filled(point, colour(point.position))}
        layers.append(
            layer(
                {**mark, "stroke": theme.GROUND, "strokeWidth": 2},
                [{"x": reached, "z": reached + size}],
                x=x,
                x2={"field": "z"},
                **across,
            )
        )
        words = point.text(mark=mixed)
        middle = (reached + size / 2) * width / 100
        inside = width_of(words) + 8 <= size * width / 100
        if inside:
            hue = theme.INK if point.mark else theme.GROUND
            layers.append(
                text([{"t": words}], x={"value": middle}, y={"value": height / 2}, baseline="middle",
                     color=hue, fontSize=theme.TEXT + 2, fontWeight=700)
            )  # fmt: skip
        name = frame.full(point.position) + ("" if inside else f"\u00a0: {words}")
        names.append((middle, size * width / 100, name, colour(point.position)))
        reached += size
    rest = [point for point in row.points if point.state in (State.MISSING, State.HIDDEN, State.RANGE)]
    if rest and reached < 100:
        mark = {"type": "rect", "fill": theme.HATCH}
        layers.append(layer(mark, [{"x": reached, "z": 100}], x=x, x2={"field": "z"}, **across))
        told = ", ".join(f"{frame.full(point.position)}\u00a0: {point.text() or NOT_SENT}" for point in rest)
        names.append(((reached + 100) / 2 * width / 100, (100 - reached) * width / 100, told, theme.MUTED))
    layers += _part_names(names, height)
    if len(frame.rows) > 1:
        layers.append(
            text([{"t": row.label}], x={"value": 0}, y={"value": -12}, align="left", baseline="middle",
                 fontSize=theme.TEXT, fontWeight=700)
        )  # fmt: skip
    return {"width": width, "height": height, "layer": layers}


def _part_names(names: Sequence[tuple[float, float, str, str]], height: float) -> Iterator[Spec]:
    """The name of each part under it. One wider than its part goes lower, left of a thin line: none crosses a name."""
    lower = 0
    for middle, room, name, hue in names:
        wide = width_of(name)
        lower += wide > room
        line = lower if wide > room else 0
        y, left_is_free = height + 14 + 20 * line, middle > wide
        if line:
            tie = {"type": "rule", "stroke": hue, "x": middle, "x2": middle}
            yield layer(tie, [{}], y={"value": height}, y2={"value": y + 6})
        yield text(
            [{"t": name}],
            x={"value": middle if not line else middle - 6 if left_is_free else middle + 6},
            y={"value": y},
            align="center" if not line else "right" if left_is_free else "left",
            baseline="middle",
            color=hue,
            fontSize=theme.TEXT,
            fontWeight=600,
        )
