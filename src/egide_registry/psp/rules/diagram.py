"""The drawing of a state table: an SVG that holds its own text, and no style that a strict policy would refuse.

Colours follow the text colour of the page. Acts are numbered as in `StateTable.as_text`, which is the long description.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from html import escape
from math import hypot
from textwrap import wrap
from typing import TypeVar

from egide_registry.psp.rules.state_table import State, StateTable

WIDTH, HEIGHT = 150, 48  # of a box
STEP_X, STEP_Y = 230, 110  # from a box to the next
MARGIN = 46
BOWS = (0, 24, -24, 48, -48, 80, -80, 120, -120, 170, -170)  # how far a line may curve to pass beside a box
RADIUS = 10  # of a number on a line
STEPS = 40  # points looked at along a line

Point = tuple[float, float]
S = TypeVar("S", bound=StrEnum)


def draw(table: StateTable[S], *, id: str) -> str:
    """An SVG element. `id` begins the identifiers inside it, so that two drawings live on one page."""
    centres = {state.code: _centre(state) for state in table.states}
    width = max(x for x, _ in centres.values()) + WIDTH / 2 + MARGIN
    height = max(y for _, y in centres.values()) + HEIGHT / 2 + MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="state-diagram" role="img" '
        f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
        f'aria-labelledby="{id}-title" aria-describedby="{id}-desc" font-family="inherit" font-size="13" '
        'fill="currentColor" stroke="none">',
        f'<title id="{id}-title">États et actes : {escape(table.name)}</title>',
        f'<desc id="{id}-desc">{escape(table.as_text())}</desc>',
        f'<defs><marker id="{id}-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0 8 4 0 8z" fill="currentColor"/></marker></defs>',
        *_edges(table, centres, arrow=f"{id}-arrow"),
        *(line for state in table.states for line in _box(state, final=state.code in table.final)),
        "</svg>",
    ]
    return "\n".join(lines)


def _centre(state: State[S]) -> Point:
    column, row = state.at
    return MARGIN + WIDTH / 2 + column * STEP_X, MARGIN + HEIGHT / 2 + row * STEP_Y


def _box(state: State[S], *, final: bool) -> Iterator[str]:
    x, y = _centre(state)
    yield (
        f'<rect x="{x - WIDTH / 2:g}" y="{y - HEIGHT / 2:g}" width="{WIDTH}" height="{HEIGHT}" rx="4" fill="none" '
        f'stroke="currentColor" stroke-width="{3 if final else 1.5:g}"/>'
    )
    words = wrap(state.label, 20)
    for line, text in enumerate(words):
        middle = y + 4.5 + (line - (len(words) - 1) / 2) * 16
        yield f'<text x="{x:g}" y="{middle:g}" text-anchor="middle">{escape(text)}</text>'


def _edges(table: StateTable[S], centres: dict[S, Point], *, arrow: str) -> Iterator[str]:
    """One line for each pair of states, with the numbers of its acts in its middle."""
    numbers: dict[tuple[S, S], list[int]] = {}
    for number, transition in enumerate(table.transitions, start=1):
        numbers.setdefault((transition.source, transition.target), []).append(number)
    for (source, target), acts in numbers.items():
        others = [centre for code, centre in centres.items() if code not in (source, target)]
        both_ways = (target, source) in numbers
        curve = _curve(centres[source], centres[target], others, both_ways=both_ways)
        start, bend, end = _clipped(curve, centres[source], centres[target])
        mark = _points(curve)[STEPS // 2]
        yield (
            f'<path d="M{start[0]:.1f} {start[1]:.1f}Q{bend[0]:.1f} {bend[1]:.1f} {end[0]:.1f} {end[1]:.1f}" '
            f'fill="none" stroke="currentColor" marker-end="url(#{arrow})"/>'
        )
        label = ", ".join(map(str, acts))
        half = RADIUS + 4 * (len(label) - 1)
        yield (
            f'<rect class="state-diagram__number" x="{mark[0] - half:.1f}" y="{mark[1] - RADIUS:.1f}" '
            f'width="{2 * half}" height="{2 * RADIUS}" rx="{RADIUS}" fill="Canvas" stroke="currentColor"/>'
        )
        yield f'<text x="{mark[0]:.1f}" y="{mark[1] + 4:.1f}" text-anchor="middle" font-size="11">{label}</text>'


def _curve(start: Point, end: Point, boxes: list[Point], *, both_ways: bool) -> tuple[Point, Point, Point]:
    """A quadratic curve that passes beside every other box; bent to its own side where another goes the other way."""
    bows = BOWS[1:] if both_ways else BOWS
    curves = [(start, _bend(start, end, bow), end) for bow in bows]
    free = [curve for curve in curves if not any(_inside(point, box) for point in _points(curve) for box in boxes)]
    return (free or curves)[0]


def _bend(start: Point, end: Point, bow: float) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy)
    return (start[0] + end[0]) / 2 - 2 * bow * dy / length, (start[1] + end[1]) / 2 + 2 * bow * dx / length


def _points(curve: tuple[Point, Point, Point]) -> list[Point]:
    (x0, y0), (x1, y1), (x2, y2) = curve
    steps = [step / STEPS for step in range(STEPS + 1)]
    return [
        ((1 - t) ** 2 * x0 + 2 * t * (1 - t) * x1 + t * t * x2, (1 - t) ** 2 * y0 + 2 * t * (1 - t) * y1 + t * t * y2)
        for t in steps
    ]


def _inside(point: Point, box: Point, *, around: float = 6) -> bool:
    return abs(point[0] - box[0]) < WIDTH / 2 + around and abs(point[1] - box[1]) < HEIGHT / 2 + around


def _clipped(curve: tuple[Point, Point, Point], source: Point, target: Point) -> tuple[Point, Point, Point]:
    """The part of a curve between its two boxes: the same parabola, cut by de Casteljau."""
    free = [i for i, point in enumerate(_points(curve)) if not _inside(point, source, around=0)]
    first = free[0] / STEPS
    last = max(i for i, point in enumerate(_points(curve)) if not _inside(point, target, around=2)) / STEPS

    def mix(p: Point, q: Point, t: float) -> Point:
        return p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t

    def blossom(u: float, v: float) -> Point:
        return mix(mix(curve[0], curve[1], u), mix(curve[1], curve[2], u), v)

    return blossom(first, first), blossom(first, last), blossom(last, last)
