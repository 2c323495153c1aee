"""What the authors ask of each figure and table, read from the edition's TOML. Pure: a mapping in, models out.

Values are expressions of the indicators language. A series over periods is a template in `x`:
`values = "ssmsi_vict_adult[x]"`, or inside quotation marks `{x}`: `sdfe_psp_growth["2017-12-31..{x}"]`. Otherwise
`values` lists one expression a position; an empty one is a position the series does not have (the growth of the
first year), which is not a missing point. How-to: docs/how-to/ajouter-une-figure.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from attrs import frozen

_X = re.compile(r"\{x\}|(?<![\w\"])x(?![\w\"])")
DASH = "dash"  # written instead of an expression: a sentence that the offence cannot carry


class Kind(StrEnum):
    """Forms a figure may take."""

    LINE = "line"
    BAR = "bar"  # columns over periods, horizontal bars over categories
    STACKED = "stacked"  # columns whose parts add up to a whole
    SHARES = "shares"  # one bar a series, cut in parts of 100 %
    INDEX = "index"  # growth since a base year, drawn from base 100
    COMBINED = "combined"  # panels over the same periods: counts above, shares below
    MAP = "map"
    ZONES = "zones"  # one department: symbols of a few sizes at the label points of its zones
    FLOW = "flow"  # the penal chain; holds no number
    TABLE = "table"


def at(template: str, period: str) -> str:
    """The expression of one period: `name[x]` gives `name[2025]` or `name["2025-12-31"]`."""
    bare = period if period.isdigit() else f'"{period}"'
    return _X.sub(lambda match: period if match[0] == "{x}" else bare, template)


@frozen(kw_only=True)
class SeriesSpec:
    """One line, one colour of columns, one bar of parts."""

    label: str
    expressions: tuple[str, ...]  # one a position; "" where the series has none
    panel: str = ""  # heading of the panel it is drawn in; series of one panel share a unit


@frozen(kw_only=True)
class ClassSpec:
    """A class of a map: bounds of the values it holds, and how many territories are in it."""

    label: str
    low: int
    high: int | None = None  # None: no upper bound
    count: str = ""  # expression


@frozen(kw_only=True)
class ZonePoint:
    """Where the symbols of a zone stand: its label point in degrees, never the place of a fact."""

    label: str
    longitude: float
    latitude: float


@frozen(kw_only=True)
class RowSpec:
    label: str
    expressions: tuple[str, ...]  # one a column; "" leaves the cell empty; or DASH
    indent: int = 0  # 1 for a "dont" row


@frozen(kw_only=True)
class TableSpec:
    """Rows by columns of expressions. `corner` names what the rows are."""

    id: str
    title: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[RowSpec, ...]
    source: str = ""
    scope: str = ""
    notes: tuple[str, ...] = ()
    missing: str = ""

    def expressions(self) -> tuple[str, ...]:
        """Every expression it needs, each once, in reading order."""
        return _once(one for row in self.rows for one in row.expressions if one and one != DASH)


@frozen(kw_only=True)
class FigureSpec:
    """One figure of the publication. `number` 0 is a small chart of the key figures, outside the numbered series."""

    id: str
    number: int
    kind: Kind
    title: str
    series: tuple[SeriesSpec, ...] = ()
    positions: tuple[str, ...] = ()  # periods, categories or department codes
    dated: bool = False  # positions are periods
    small: bool = False  # a chart of the key figures
    base: str = ""  # period of the index base
    classes: tuple[ClassSpec, ...] = ()
    department: str = ""  # of a map of zones: Insee code
    zones: tuple[ZonePoint, ...] = ()  # one a position
    table: TableSpec | None = None
    source: str = ""
    scope: str = ""
    missing: str = ""  # why points are missing
    notes: tuple[str, ...] = ()
    alternative: str = ""  # words of the author; required where the chart holds no number

    def expressions(self) -> tuple[str, ...]:
        """Every expression it needs, each once, in reading order."""
        drawn = [one for series in self.series for one in series.expressions]
        counts = [one.count for one in self.classes]
        return _once([*filter(None, drawn + counts), *(self.table.expressions() if self.table else ())])


def _once(texts: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
