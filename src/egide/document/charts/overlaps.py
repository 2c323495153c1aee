"""Who is on which lists: one row a combination of lists, its dots, and a bar as long as its count. Pure SVG.

Rows come in the order of how many lists they name, never in the order of counts: the place of a hidden count says
nothing of it, and its hatched box has one length for all. Source: docs/methods/estimate-page.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from attrs import frozen

from egide.disclosure.cells import Cell
from egide.document.charts import theme
from egide.document.charts.marks import width_of
from egide.document.typography import cell_text

_ROW = 21  # px
_STEP = 30  # px between the columns of two lists
_BOX = 22  # px of the hatched box of a hidden count
_GAP = 9  # px between groups of rows


@frozen(kw_only=True)
class Combination:
    """`on`: for each list, is one on it? `cell`: how many persons have exactly these lists."""

    on: tuple[bool, ...]
    cell: Cell

    @property
    def rank(self) -> tuple[int, tuple[bool, ...]]:
        return sum(self.on), tuple(not one for one in self.on)


def overlap_chart(lists: Sequence[str], combinations: Sequence[Combination]) -> str:
    """SVG ready to be finished like any chart. Refuses (ValueError) a combination of another number of lists."""
    if any(len(one.on) != len(lists) for one in combinations):
        raise ValueError("a combination says of each list whether one is on it")
    rows = sorted(combinations, key=lambda one: one.rank)
    head = 14 + max(width_of(name, theme.SMALL) for name in lists) * 0.75
    left = _STEP * len(lists) + 14
    room = theme.WIDTH - left - 74
    longest = max((float(one.cell.number) for one in rows if one.cell.is_shown), default=1.0) or 1.0
    parts = [_name(name, place, head) for place, name in enumerate(lists)]
    y, before = head + 10.0, 0
    for one in rows:
        if before and sum(one.on) != before:
            y += _GAP
        before = sum(one.on)
        parts += [_dots(one.on, y), _bar(one.cell, y, left, room / longest)]
        y += _ROW
    height = y + 4
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{theme.WIDTH}" height="{height:.0f}" '
        f'viewBox="0 0 {theme.WIDTH} {height:.0f}"><g font-family="{theme.FONT}" font-size="{theme.SMALL}px">'
        f"{''.join(parts)}</g></svg>"
    )


def _x(place: int) -> float:
    return 10 + _STEP * place


def _name(name: str, place: int, head: float) -> str:
    x = _x(place) - 2
    turned = f"rotate(-48 {x:g} {head:.1f})"
    return f'<text x="{x:g}" y="{head:.1f}" transform="{turned}" fill="{theme.INK}">{escape(name)}</text>'


def _dots(on: Sequence[bool], y: float) -> str:
    filled = [place for place, one in enumerate(on) if one]
    line = ""
    if len(filled) > 1:
        line = (
            f'<path d="M{_x(filled[0]):g},{y:g}H{_x(filled[-1]):g}" stroke="{theme.SERIES[0]}" stroke-width="2.4" '
            'fill="none"/>'
        )
    dots = "".join(
        f'<circle cx="{_x(place):g}" cy="{y:g}" r="5.5" '
        + (f'fill="{theme.SERIES[0]}"/>' if one else f'fill="{theme.GROUND}" stroke="{theme.AXIS}" stroke-width="1"/>')
        for place, one in enumerate(on)
    )
    return line + dots


def _bar(cell: Cell, y: float, left: float, scale: float) -> str:
    if cell.is_shown:
        width = float(cell.number) * scale
        box = f'<rect x="{left:g}" y="{y - 7:g}" width="{max(width, 0.8):.1f}" height="14" fill="{theme.SERIES[0]}"/>'
    else:
        width = _BOX
        box = (
            f'<rect x="{left:g}" y="{y - 7:g}" width="{width}" height="14" fill="{theme.HATCH}" '
            f'stroke="{theme.AXIS}" stroke-width="0.8"/>'
        )
    words = escape(cell_text(cell))
    return f'{box}<text x="{left + width + 6:.1f}" y="{y + 4.2:.1f}" fill="{theme.INK}">{words}</text>'
