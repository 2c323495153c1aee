"""Map of the departments, overseas insets and magnified Paris included. Reads without colour: values are printed.

Contours: IGN, Admin Express COG 2018, Licence Ouverte (egide/reference/data/README.md). Coordinates are brought to
px and thinned here, so that the SVG stays near 60 kB.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby, pairwise
from typing import Any

from egide.disclosure.cells import Cell
from egide.document.charts import theme
from egide.document.charts.marks import Spec, layer, text, width_of
from egide.document.figures.data import NOT_SENT, Frame, Point, State
from egide.document.figures.labels import plain
from egide.document.figures.specs import FigureSpec
from egide.document.typography import NBSP, cell_text
from egide.reference import load

MAP_NOTES = (
    "Les territoires ne sont pas à la même échelle.",
    "Contours\u00a0: IGN, Admin Express COG, Licence Ouverte.",
)
_LEGEND = 92  # px under the map
Ring = list[tuple[float, float]]


def department_map(spec: FigureSpec, frame: Frame, cells: Mapping[str, Cell | None]) -> Spec:
    """Departments tinted by class, their value printed; hatched where nothing was sent."""
    points = {frame.positions[point.position].removeprefix("DEP-"): point for point in frame.rows[0].points}
    layers = [*_areas(spec, points), *_frames(), *_values(points), *_legend(spec, cells)]
    return {"width": theme.WIDTH, "height": _height() + _LEGEND, "layer": layers}


def class_of(spec: FigureSpec, point: Point) -> int | None:
    """Rank of the class that holds everything the point leaves possible."""
    if not point.known or point.low is None:
        return None
    for rank, one in enumerate(spec.classes):
        top = point.high if point.high is not None else float("inf")
        if one.low <= point.low and (one.high is None or top <= one.high):
            return rank
    return None


def _tints(spec: FigureSpec) -> tuple[str, ...]:
    """A class that starts at zero is left blank; the others go from light to dark."""
    blank = 1 if spec.classes and spec.classes[0].low == 0 else 0
    return ((theme.GROUND,) * blank + theme.CLASSES)[: max(len(spec.classes), 1)]


def _fill(spec: FigureSpec, point: Point | None) -> str:
    if point is None or point.state is State.MISSING:
        return theme.HATCH
    rank = class_of(spec, point)
    return theme.BAND if rank is None else _tints(spec)[rank]


def _areas(spec: FigureSpec, points: Mapping[str, Point]) -> Iterator[Spec]:
    shapes: dict[str, list[Any]] = {}
    for code, geometry in _shapes():
        shapes.setdefault(_fill(spec, points.get(code)), []).append({"type": "Feature", "geometry": geometry})
    for fill in sorted(shapes):
        yield {
            "mark": {"type": "geoshape", "fill": fill, "stroke": theme.AXIS, "strokeWidth": 0.6},
            "data": {"values": shapes[fill]},
            "projection": {"type": "identity", "scale": 1, "translate": [0, 0]},
        }


def _frames() -> Iterator[Spec]:
    for frame in load.document("departements-carte-cadres.geojson")["features"]:
        (left, top), (right, bottom) = _corners(frame["geometry"]["coordinates"][0])
        yield layer(
            {"type": "rect", "fill": None, "stroke": theme.GRID, "x": left, "x2": right, "y": top, "y2": bottom},
            [{}],
        )
        x, y = _pixel(frame["properties"]["x"], frame["properties"]["y"])
        name = frame["properties"]["cadre"]
        wide = width_of(name, 10) > right - left - 6  # above its frame rather than across it
        yield text(
            [{"t": name}],
            x={"value": x},
            y={"value": top - 7 if wide else y + 4},
            baseline="middle",
            fontSize=10,
            color=theme.MUTED,
        )


def _values(points: Mapping[str, Point]) -> Iterator[Spec]:
    """The value on each known department, on a small card of the ground's colour so that it reads on any tint."""
    for code, point in points.items():
        if not point.known:
            continue
        x, y = _anchors()[code]
        words = point.text(mark=False)
        half = width_of(words, 12) / 2 + 3
        yield layer(
            {"type": "rect", "fill": theme.GROUND, "stroke": theme.INK, "strokeWidth": 0.8, "cornerRadius": 3,
             "x": x - half, "x2": x + half, "y": y - 9, "y2": y + 9},
            [{}],
        )  # fmt: skip
        yield text([{"t": words}], x={"value": x}, y={"value": y + 1}, baseline="middle", fontSize=12, fontWeight=700)


def _legend(spec: FigureSpec, cells: Mapping[str, Cell | None]) -> Iterator[Spec]:
    """One box a class, with the number of departments in it, and the hatching."""
    top, step = _height() + 30, theme.WIDTH / (len(spec.classes) + 1)
    yield text(
        [{"t": f"{plain(spec.series[0].label)}, et nombre de départements de chaque classe"}],
        x={"value": 0},
        y={"value": top - 14},
        align="left",
        baseline="middle",
        fontSize=theme.SMALL,
        fontWeight=700,
    )
    boxes = [(plain(one.label), _tints(spec)[rank], one.count) for rank, one in enumerate(spec.classes)]
    for rank, (label, fill, count) in enumerate([*boxes, (f"détail{NBSP}{NOT_SENT}", theme.HATCH, "")]):
        left = rank * step
        yield layer(
            {"type": "rect", "fill": fill, "stroke": theme.AXIS, "x": left, "x2": left + 26, "y": top, "y2": top + 16},
            [{}],
        )
        cell = cells.get(count) if count else None
        told = [label] if cell is None else [label, cell_text(cell)]
        if count and cell is None:
            told = [label, NOT_SENT]
        for line, words in enumerate(told):
            yield text(
                [{"t": words}],
                x={"value": left + (32 if line == 0 else 13)},
                y={"value": top + (8 if line == 0 else 30)},
                align="left" if line == 0 else "center",
                baseline="middle",
                fontSize=theme.SMALL,
                fontWeight=400 if line == 0 else 600,
            )


@cache
def _bounds() -> tuple[float, float, float, float]:
    corners = [
        corner
        for name in ("departements-carte.geojson", "departements-carte-cadres.geojson")
        for feature in load.document(name)["features"]
        for polygon in _polygons(feature["geometry"])
        for ring in polygon
        for corner in ring
    ]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _scale() -> float:
    left, _, right, _ = _bounds()
    return (theme.WIDTH - 4) / (right - left)


def _height() -> float:
    _, bottom, _, top = _bounds()
    return round((top - bottom) * _scale()) + 4.0


def _pixel(x: float, y: float) -> tuple[float, float]:
    left, _, _, top = _bounds()
    return round((x - left) * _scale() + 2, 1), round((top - y) * _scale() + 2, 1)


def _polygons(geometry: Mapping[str, Any]) -> list[list[Ring]]:
    coordinates = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


@cache
def _shapes() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Code and outline in px of each of the 105 drawings."""
    found = []
    for feature in load.document("departements-carte.geojson")["features"]:
        polygons = [[_thinned(ring) for ring in polygon] for polygon in _polygons(feature["geometry"])]
        kept = [[ring for ring in polygon if len(ring) > 3] for polygon in polygons]
        found.append(
            (feature["properties"]["code"], {"type": "MultiPolygon", "coordinates": [one for one in kept if one]})
        )
    return tuple(found)


def _thinned(ring: Ring) -> Ring:
    """Corners at whole px, each once in a row: two neighbours keep exactly the same border."""
    corners = ((round(x), round(y)) for x, y in (_pixel(*corner) for corner in ring))
    return [(float(x), float(y)) for (x, y), _ in groupby(corners)]


def _corners(ring: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], tuple[float, float]]:
    places = [_pixel(x, y) for x, y in ring]
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return (min(xs), min(ys)), (max(xs), max(ys))


@cache
def _anchors() -> dict[str, tuple[float, float]]:
    """Where a department's value is printed: the middle of its largest outline; of the magnified one around Paris."""
    places: dict[str, tuple[float, float]] = {}
    for code, geometry in _shapes():  # the magnified drawings come last and win
        ring = max((polygon[0] for polygon in geometry["coordinates"]), key=_area)
        places[code] = _centre(ring)
    return places


def _area(ring: Ring) -> float:
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring))) / 2


def _centre(ring: Ring) -> tuple[float, float]:
    """Centroid of a closed ring."""
    crosses = [(ax * by - bx * ay, ax + bx, ay + by) for (ax, ay), (bx, by) in pairwise(ring)]
    area = sum(cross for cross, _, _ in crosses)
    if area == 0:
        return ring[0]
    return (
        round(sum(cross * x for cross, x, _ in crosses) / (3 * area), 1),
        round(sum(cross * y for cross, _, y in crosses) / (3 * area), 1),
    )
