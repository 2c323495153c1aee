"""Several answers to one question: a line of numbers, one row an answer, its point and its interval. Pure SVG.

The axis begins at zero, unless the ends are more than eight times apart: it is then logarithmic and says so.
Source: docs/methods/estimate-page.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import log10
from xml.sax.saxutils import escape

from attrs import frozen

from egide.disclosure.cells import Cell
from egide.document.charts import theme
from egide.document.charts.marks import Scale, width_of, wrapped
from egide.document.typography import digits
from egide.facts.model import Unit

_LEFT = 214  # px of the names
_RIGHT = 22
_LINE = 15
_APART = 8.0  # times


@frozen(kw_only=True)
class Answer:
    """`point`: the estimate, a released number; `span`: its interval, None where there is none.

    bound: the point is a lower end, drawn as an arrow.
    """

    name: str
    point: Cell
    span: Cell | None = None
    bound: bool = False


def is_logarithmic(answers: Sequence[Answer]) -> bool:
    low, high = _ends(answers)
    return low > 0 and high / low > _APART


def range_chart(answers: Sequence[Answer], *, unit: str) -> str:
    """SVG ready to be finished. `unit`: what the axis counts, in French. Refuses (ValueError) an empty list."""
    if not answers:
        raise ValueError("nothing to draw")
    place, ticks = _axis(answers)
    names = [wrapped(one.name, 31).split("\n") for one in answers]
    heights = [max(_LINE * len(lines) + 12, 30) for lines in names]
    foot = 8 + sum(heights)
    grid = "".join(
        f'<path d="M{place(tick):.1f},4V{foot}" stroke="{theme.GRID}" stroke-width="1" fill="none"/>'
        f'<text x="{_inside(place(tick), _said(tick)):.1f}" y="{foot + 17}" text-anchor="middle" '
        f'fill="{theme.MUTED}">{_said(tick)}</text>'
        for tick in ticks
    )
    rows, y = [], 8.0
    for one, lines, height in zip(answers, names, heights, strict=True):
        rows.append(_row(one, lines, y + height / 2, place))
        y += height
    scale = f"{unit} (échelle logarithmique)" if is_logarithmic(answers) else unit
    height = foot + 46
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{theme.WIDTH}" height="{height:.0f}" '
        f'viewBox="0 0 {theme.WIDTH} {height:.0f}"><g font-family="{theme.FONT}" font-size="{theme.SMALL}px">{grid}'
        f"{''.join(rows)}"
        f'<text x="{(theme.WIDTH + _LEFT) / 2:g}" y="{foot + 37}" text-anchor="middle" fill="{theme.MUTED}">'
        f"{escape(scale)}</text></g></svg>"
    )


def _ends(answers: Sequence[Answer]) -> tuple[float, float]:
    values = [float(one.point.number) for one in answers]
    for one in answers:
        if one.span is not None:
            values += [float(end) for end in (one.span.value.low, one.span.value.high) if end is not None]
    return min(values), max(values)


def _axis(answers: Sequence[Answer]) -> tuple[Callable[[float], float], tuple[float, ...]]:
    """Where a number stands, in px, and the numbers written under the axis."""
    low, high = _ends(answers)
    width = theme.WIDTH - _LEFT - _RIGHT
    if is_logarithmic(answers):
        start, end = log10(low) - 0.04, log10(high) + 0.04
        steps = (1, 3) if high / low < 1000 else (1,)
        ticks = tuple(
            step * 10.0**power
            for power in range(int(start) - 1, int(end) + 2)
            for step in steps
            if start <= log10(step * 10.0**power) <= end
        )
        return lambda value: _LEFT + width * (log10(value) - start) / (end - start), ticks
    scale = Scale.of([low, high], Unit.COUNT)
    return lambda value: _LEFT + width * (value - scale.low) / (scale.high - scale.low), scale.ticks


def _said(tick: float) -> str:
    return digits(Fraction(tick).limit_denominator(10))


def _inside(x: float, words: str) -> float:
    return min(x, theme.WIDTH - width_of(words, theme.SMALL) / 2)


def _row(one: Answer, lines: Sequence[str], y: float, place: Callable[[float], float]) -> str:
    first = y - _LINE * (len(lines) - 1) / 2 + 4
    words = "".join(
        f'<text x="{_LEFT - 14}" y="{first + _LINE * rank:.1f}" text-anchor="end" fill="{theme.INK}">'
        f"{escape(line)}</text>"
        for rank, line in enumerate(lines)
    )
    return words + _span(one, y, place) + _point(one, y, place)


def _span(one: Answer, y: float, place: Callable[[float], float]) -> str:
    if one.span is None or one.span.value.low is None or one.span.value.high is None:
        return ""
    low, high = place(float(one.span.value.low)), place(float(one.span.value.high))
    return (
        f'<path d="M{low:.1f},{y:g}H{high:.1f}M{low:.1f},{y - 5:g}v10M{high:.1f},{y - 5:g}v10" '
        f'stroke="{theme.SERIES[0]}" stroke-width="2" fill="none"/>'
    )


def _point(one: Answer, y: float, place: Callable[[float], float]) -> str:
    x = place(float(one.point.number))
    if one.bound:
        return (
            f'<path d="M{x:.1f},{y - 7:g}v14M{x:.1f},{y:g}h16" stroke="{theme.SERIES[1]}" stroke-width="2" '
            f'fill="none"/><path d="M{x + 22:.1f},{y:g}l-8,-5v10Z" fill="{theme.SERIES[1]}"/>'
        )
    return f'<circle cx="{x:.1f}" cy="{y:g}" r="5.5" fill="{theme.SERIES[0]}"/>'
