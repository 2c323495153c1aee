"""Small pieces that every chart is made of: layers, scales, marks by firmness. Pure; gives Vega-Lite as plain mappings.

Vega-Lite is written directly: importing Altair alone costs a second, and these few marks need none of its help.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor, log10
from typing import Any

from attrs import frozen

from egide.document.charts import theme
from egide.document.figures.data import Point
from egide.facts.model import Status, Unit

Spec = dict[str, Any]
_LETTER = 6.6  # px, mean width of a letter at theme.TEXT


def layer(mark: Spec, values: Sequence[Spec], **encoding: Any) -> Spec:
    return {"mark": mark, "data": {"values": list(values)}, "encoding": encoding}


def text(values: Sequence[Spec], *, x: Any, y: Any, **mark: Any) -> Spec:
    """Words of the key `t` at their places."""
    return layer({"type": "text", "lineBreak": "\n", **mark}, values, x=x, y=y, text={"field": "t"})


def chart(view: Spec) -> Spec:
    """A whole chart around a view: the size follows what is drawn."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": None,
        "padding": 4,
        "config": theme.config(),
        **view,
    }


def width_of(words: str, size: int = theme.TEXT) -> float:
    """About how many px a text takes: enough to choose a place, never to cut."""
    return max((len(line) for line in words.split("\n")), default=0) * _LETTER * size / theme.TEXT


def wrapped(words: str, letters: int) -> str:
    """The words on lines of about so many letters; no word is cut."""
    lines: list[str] = []
    for word in words.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


@frozen(kw_only=True)
class Scale:
    """Bounds and ticks of an axis of values."""

    low: float
    high: float
    ticks: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float], unit: Unit, *, zero: bool = True, ticks: int = 4) -> Scale:
        """Round bounds around the values; shares of a whole always run from 0 to 100."""
        known = [*values]
        low, high = min(known, default=0.0), max(known, default=1.0)
        if unit is Unit.PERCENT and low >= 0 and high <= 100 and zero:
            return cls(low=0, high=100, ticks=(0, 25, 50, 75, 100))
        if zero:
            low, high = min(low, 0.0), max(high, 0.0)
        if low == high:
            high = low + 1
        step = _nice_step((high - low) / ticks)
        first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
        marks = tuple(round(step * rank, 10) for rank in range(first, last + 1))
        return cls(low=marks[0], high=marks[-1], ticks=marks)

    def pixel(self, value: float, length: float) -> float:
        """Distance from the high end."""
        return length * (self.high - value) / (self.high - self.low)


def _nice_step(rough: float) -> float:
    power = 10.0 ** floor(log10(rough))
    return next(power * one for one in (1, 2, 2.5, 5, 10) if power * one >= rough - 1e-12)


def spread(places: Sequence[float], gap: float) -> list[float]:
    """The places moved as little as needed so that neighbours are `gap` apart; the order is kept."""
    order = sorted(range(len(places)), key=lambda one: places[one])
    blocks: list[list[float]] = []  # centre, count
    for index in order:
        blocks.append([places[index], 1])
        while len(blocks) > 1 and blocks[-1][0] - blocks[-2][0] < gap * (blocks[-1][1] + blocks[-2][1]) / 2:
            last, before = blocks.pop(), blocks.pop()
            count = last[1] + before[1]
            blocks.append([(last[0] * last[1] + before[0] * before[1]) / count, count])
    moved = [0.0] * len(places)
    queue = iter(order)
    for centre, count in blocks:
        for rank in range(int(count)):
            moved[next(queue)] = centre + (rank - (count - 1) / 2) * gap
    return moved


def colour(rank: int) -> str:
    return theme.SERIES[rank % len(theme.SERIES)]


def filled(point: Point, hue: str) -> Spec:
    """How a column or a bar shows its firmness: full when definitive, tinted and outlined otherwise."""
    if point.status is Status.NORMAL:
        return {"fill": hue, "stroke": hue, "strokeWidth": 1.2}
    dash = {"strokeDash": [3, 2]} if point.status is Status.ESTIMATED else {}
    return {"fill": hue, "fillOpacity": 0.28, "stroke": hue, "strokeWidth": 1.4, **dash}


def dot(point: Point, rank: int, size: int = 58) -> Spec:
    """How a point shows its firmness: full when definitive, hollow otherwise."""
    hue = colour(rank)
    return {
        "type": "point",
        "shape": theme.SHAPES[rank % len(theme.SHAPES)],
        "size": size,
        "opacity": 1,
        "fill": hue if point.status is Status.NORMAL else theme.GROUND,
        "stroke": hue,
        "strokeWidth": 2,
    }
