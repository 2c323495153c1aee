"""Small figures and tables drawn by hand, and what their drawings hold, for tests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from egide.disclosure.cells import Cell
from egide.document.figures.build import build_figure
from egide.document.figures.specs import FigureSpec, Kind, SeriesSpec
from egide.document.model import Figure

INSTITUTIONS = {"test": "Institution d’essai"}


def spec_of(kind: str, *series: str, years: Sequence[int] = range(2021, 2026), **details: Any) -> FigureSpec:
    """A figure over years: its series are named `a`, `b`… and ask for `a[2021]`…"""
    return FigureSpec(
        id="f99",
        number=99,
        kind=Kind(kind),
        title="Une figure d’essai",
        series=tuple(
            SeriesSpec(label=f"Série {name}", expressions=tuple(f"{name}[{year}]" for year in years))
            for name in series or ("a",)
        ),
        positions=tuple(map(str, years)),
        dated=True,
        **details,
    )


def built(spec: FigureSpec, cells: Mapping[str, Cell | None]) -> Figure:
    return build_figure(spec, cells, institutions=INSTITUTIONS)


def words_of(svg: str) -> str:
    """The text of a drawing, in reading order, on one line."""
    return " ".join(re.findall(r">([^<>]+)</(?:text|tspan)>", svg))


def layers_of(chart: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every layer of a Vega-Lite mapping, panel after panel."""
    for view in chart.get("vconcat", [chart]):
        yield from view["layer"]


def marks_of(chart: dict[str, Any], *types: str) -> list[dict[str, Any]]:
    return [layer for layer in layers_of(chart) if layer["mark"]["type"] in types]
