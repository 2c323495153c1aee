"""Figures: from a specification and released cells to a chart, its words, its table and its file. Pure but for drawing.

`build_figure` invents no point: what no delivery knows is not drawn, and the figure says which points are missing.
Drawing is the one slow step; `render` receives it, so that a build can keep drawings from one run to the next:

    def cached(spec): return store.setdefault(spec_digest(spec), svg_of(spec))
    build_figure(spec, cells, institutions=names, render=cached)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from egide.disclosure.cells import Cell
from egide.document.charts.drawing import drawing
from egide.document.charts.flow import penal_chain
from egide.document.charts.maps import MAP_NOTES
from egide.document.charts.svg import finished, svg_of
from egide.document.charts.zones import ZONE_NOTES
from egide.document.figures.alternatives import alternative_of
from egide.document.figures.credits import scope_line, source_line
from egide.document.figures.data import frame_of, notes_of
from egide.document.figures.labels import plain, runs
from egide.document.figures.specs import FigureSpec, Kind
from egide.document.figures.tables import csv_of, data_table, legend_of, rows_of
from egide.document.model import Figure, Table

_MAP_NOTES = {Kind.MAP: MAP_NOTES, Kind.ZONES: ZONE_NOTES}


def build_figure(
    spec: FigureSpec,
    cells: Mapping[str, Cell | None],
    *,
    institutions: Mapping[str, str],
    render: Callable[[dict[str, Any]], str] = svg_of,
) -> Figure:
    """The figure with all a reader needs beside it.

    In:     cells by expression as the specification writes it; None, or no key: no delivery knows it.
            `institutions` names sources in French, by identifier.
    Raises: EditionRefused for a source without a name.
    """
    frame = frame_of(spec, cells)
    held = tuple(cell for one in spec.expressions() if (cell := cells.get(one)) is not None)
    alternative = alternative_of(spec, frame, cells)
    if spec.kind is Kind.TABLE and spec.table is not None:
        table = Table(id=f"{spec.id}-donnees", caption=runs(spec.title), rows=rows_of(spec.table, cells))
        notes = legend_of(spec.table, cells)
    else:
        table = data_table(spec, frame, cells)
        notes = (*notes_of(spec, frame), *_MAP_NOTES.get(spec.kind, ()))
    return Figure(
        id=spec.id,
        number=spec.number,
        title=runs(spec.title),
        svg=_svg(spec, drawing(spec, frame, cells), alternative, render),
        alternative=alternative,
        table=table,
        source=source_line(f"figures.toml, {spec.id}", held, institutions, spec.source),
        scope=scope_line(held, spec.scope),
        notes=notes,
        csv=csv_of(table),
    )


def _svg(
    spec: FigureSpec, chart: dict[str, Any] | None, alternative: str, render: Callable[[dict[str, Any]], str]
) -> str:
    if spec.kind is Kind.FLOW:
        drawn = penal_chain()
    elif chart is not None:
        drawn = render(chart)
    else:
        return ""
    return finished(drawn, id=spec.id, title=plain(spec.title), description=alternative)
