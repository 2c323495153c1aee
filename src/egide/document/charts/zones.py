"""Map of one department: a symbol of one of a few sizes at the label point of each zone, one shape a layer.

No size follows a count, no mark carries one: a reader learns the class, and nothing from the pixels. What is hidden
and what is zero share one hatched box. Contours: IGN, Admin Express COG 2018, Licence Ouverte.
Source: docs/methods/maps.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import cos, radians
from typing import Any

from attrs import frozen

from egide.document.charts import theme
from egide.document.charts.marks import Spec, layer, text, width_of
from egide.reference import load

ZONE_NOTES = (
    "Un symbole est placé au centre de sa zone, non au lieu des faits ; sa taille ne suit que la classe.",
    "Contours\u00a0: IGN, Admin Express COG, Licence Ouverte.",
)
NONE_OR_FEW = "aucune, ou trop peu pour être montré"
Ring = list[tuple[float, float]]

_TALLEST = 460  # px of the outline
_MARGIN = 46  # px around it: a name may stand out of the department
_SIDES = (9, 15, 22)  # px of a symbol, from the first class to the last
_STEP = 27  # px between the layers of one place
_LINE = 22  # px of a line of the legend


@frozen(kw_only=True)
class Place:
    """A zone at its label point, with one entry a layer: rank of a class, HIDDEN, or ABSENT where nothing is asked."""

    name: str
    longitude: float
    latitude: float
    ranks: tuple[int, ...]


HIDDEN, ABSENT = -1, -2


def zone_map(department: str, places: Sequence[Place], layers: Sequence[str], classes: Sequence[str]) -> Spec:
    """The department's outline, its zones, and a legend.

    In:     `department`, an Insee code, overseas included; at most three classes, from the fewest to the most.
    Raises: KeyError for a department without an outline; ValueError for more than three classes or five layers.
    """
    if len(classes) > len(_SIDES) or len(layers) > len(theme.SHAPES):
        raise ValueError(f"at most {len(_SIDES)} classes and {len(theme.SHAPES)} layers")
    frame = _Frame.of(department)
    height = frame.height + 2 * _MARGIN
    legend_lines = 1 + len(classes) + (len(layers) if len(layers) > 1 else 0)
    return {
        "width": theme.WIDTH,
        "height": height + _LINE * legend_lines,
        "layer": [
            _outline(frame),
            *(mark for place in places for mark in _place(place, frame)),
            *_legend(layers, classes, top=height + 8),
        ],
    }


def has_outline(department: str) -> bool:
    """The 101 departments and the six inhabited collectivities."""
    return department in _rings()


def holds(department: str, longitude: float, latitude: float) -> bool:
    """Whether a point falls on the page of the department's map: its box, and a tenth of it around."""
    points = [point for ring in _rings()[department] for point in ring]
    for place, values in ((longitude, [x for x, _ in points]), (latitude, [y for _, y in points])):
        around = (max(values) - min(values)) / 10
        if not min(values) - around <= place <= max(values) + around:
            return False
    return True


@frozen(kw_only=True)
class _Frame:
    """From degrees to px: equal distances in both directions at the middle of the department."""

    rings: tuple[Ring, ...]
    left: float
    top: float
    scale: float  # px a degree of latitude
    squeeze: float  # of a degree of longitude
    height: float

    @classmethod
    def of(cls, department: str) -> _Frame:
        rings = _rings()[department]
        xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
        squeeze = cos(radians((min(ys) + max(ys)) / 2))
        wide, high = (max(xs) - min(xs)) * squeeze, max(ys) - min(ys)
        scale = min((theme.WIDTH - 2 * _MARGIN) / wide, _TALLEST / high)
        left = min(xs) - (theme.WIDTH / scale - wide) / 2 / squeeze
        return cls(rings=rings, left=left, top=max(ys), scale=scale, squeeze=squeeze, height=round(high * scale))

    def pixel(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (
            round((longitude - self.left) * self.squeeze * self.scale, 1),
            round((self.top - latitude) * self.scale + _MARGIN, 1),
        )


@cache
def _rings() -> Mapping[str, tuple[Ring, ...]]:
    found: dict[str, tuple[Ring, ...]] = {}
    outlines = ("departements.geojson", "collectivites-outre-mer.geojson")
    for feature in (one for name in outlines for one in load.document(name)["features"]):
        geometry = feature["geometry"]
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        found[feature["properties"]["code"]] = tuple(
            [(float(x), float(y)) for x, y in ring] for polygon in polygons for ring in polygon
        )
    return found


def _outline(frame: _Frame) -> Spec:
    rings = [[list(map(round, frame.pixel(*corner))) for corner in ring] for ring in frame.rings]
    return {
        "mark": {"type": "geoshape", "fill": theme.BAND, "stroke": theme.AXIS, "strokeWidth": 0.8},
        "data": {
            "values": [{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}} for ring in rings]
        },
        "projection": {"type": "identity", "scale": 1, "translate": [0, 0]},
    }


def _place(place: Place, frame: _Frame) -> Iterator[Spec]:
    x, y = frame.pixel(place.longitude, place.latitude)
    drawn = [(layer_rank, rank) for layer_rank, rank in enumerate(place.ranks) if rank != ABSENT]
    left = x - _STEP * (len(drawn) - 1) / 2
    for position, (layer_rank, rank) in enumerate(drawn):
        yield _symbol(left + _STEP * position, y, layer_rank, rank)
    half = width_of(place.name, 11) / 2
    centre = min(max(x, half + 2), theme.WIDTH - half - 2)
    yield text(
        [{"t": place.name}], x={"value": centre}, y={"value": y + 20}, baseline="middle", fontSize=11, fontWeight=600
    )


def _symbol(x: float, y: float, layer_rank: int, rank: int) -> Spec:
    if rank == HIDDEN:
        return layer(
            {"type": "rect", "fill": theme.HATCH, "stroke": theme.SERIES[layer_rank],
             "x": x - 7, "x2": x + 7, "y": y - 7, "y2": y + 7},
            [{}],
        )  # fmt: skip
    return layer(
        {"type": "point", "shape": theme.SHAPES[layer_rank], "size": _SIDES[rank] ** 2, "filled": True, "opacity": 1,
         "fill": theme.SERIES[layer_rank], "stroke": theme.GROUND, "strokeWidth": 1, "x": x, "y": y},
        [{}],
    )  # fmt: skip


def _legend(layers: Sequence[str], classes: Sequence[str], *, top: float) -> Iterator[Spec]:
    entries: list[tuple[Any, str]] = []
    if len(layers) > 1:
        entries += [(_symbol(14, 0, rank, 1), name) for rank, name in enumerate(layers)]
    entries += [(_symbol(14, 0, 0, rank), name) for rank, name in enumerate(classes)]
    entries.append((_symbol(14, 0, 0, HIDDEN), NONE_OR_FEW))
    for line, (symbol, words) in enumerate(entries):
        y = top + _LINE * line + _LINE / 2
        yield {**symbol, "mark": _moved(symbol["mark"], y)}
        yield text(
            [{"t": words}], x={"value": 34}, y={"value": y}, align="left", baseline="middle", fontSize=theme.SMALL
        )


def _moved(mark: Mapping[str, Any], y: float) -> dict[str, Any]:
    return {key: value + y if key in ("y", "y2") else value for key, value in mark.items()}
