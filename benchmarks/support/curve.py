"""Processor seconds against cells that are not zero, drawn on two logarithmic scales; and the slope of the line."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from attrs import frozen


@frozen
class Point:
    """One measure of one method. `seconds` of nothing measurable are a hundredth."""

    method: str
    filled: int
    seconds: float


def slope(points: Sequence[Point]) -> float | None:
    """Least squares of log seconds against log cells: 1 is linear. None with fewer than two sizes."""
    if len({one.filled for one in points}) < 2:
        return None
    across = [log(one.filled) for one in points]
    up = [log(max(one.seconds, 0.01)) for one in points]
    middle, height = sum(across) / len(across), sum(up) / len(up)
    products = sum((x - middle) * (y - height) for x, y in zip(across, up, strict=True))
    return products / sum((x - middle) ** 2 for x in across)


def drawn(points: Sequence[Point], across: str = "cellules non nulles") -> str:
    """An SVG, by the renderer of the project's charts; `across` is the title of the sizes."""
    from egide.document.charts.svg import svg_of

    values = [{"méthode": one.method, "cellules": one.filled, "s": max(one.seconds, 0.01)} for one in points]
    encoding = {
        "x": {"field": "cellules", "type": "quantitative", "scale": {"type": "log"}, "title": across},
        "y": {"field": "s", "type": "quantitative", "scale": {"type": "log"}, "title": "secondes de processeur"},
        "color": {"field": "méthode", "type": "nominal", "title": None},
        "shape": {"field": "méthode", "type": "nominal", "title": None},
    }
    marks = [{"mark": {"type": "line", "point": {"filled": True, "size": 60}}, "encoding": encoding}]
    return svg_of({"width": 520, "height": 320, "data": {"values": values}, "layer": marks})
