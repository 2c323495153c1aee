"""The points of a figure: what each position holds, known or not. Charts, tables, words and files all read this.

A point is drawn where its printed value stands: geometry never says more than the label beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from attrs import frozen

from egide.disclosure.cells import BelowThreshold, Cell, Shown
from egide.document.figures.labels import plain
from egide.document.figures.specs import FigureSpec, Kind
from egide.document.typography import NBSP, THIN, Style, cell_text, places_of
from egide.facts.model import Status, Unit
from egide.facts.values import rounded
from egide.reference.periods import Period

STATUS_MARKS = {
    Status.NORMAL: "",
    Status.PROVISIONAL: "p",
    Status.SEMI_DEFINITIVE: "sd",
    Status.ESTIMATED: "e",
}
STATUS_WORDS = {
    Status.PROVISIONAL: ("provisoire", "provisoires"),
    Status.SEMI_DEFINITIVE: ("semi-définitive", "semi-définitives"),
    Status.ESTIMATED: ("estimée", "estimées"),
}
NOT_SENT = "non transmis"


class State(StrEnum):
    EMPTY = "empty"  # the series has no such point
    MISSING = "missing"  # no delivery knows it
    EXACT = "exact"
    RANGE = "range"  # the source states a range
    HIDDEN = "hidden"  # `< 5`, `nc`


@frozen(kw_only=True)
class Point:
    position: int
    expression: str
    cell: Cell | None

    @cached_property
    def state(self) -> State:
        if not self.expression:
            return State.EMPTY
        if self.cell is None:
            return State.MISSING
        if not isinstance(self.cell.content, Shown):
            return State.HIDDEN
        return State.EXACT if self.low == self.high else State.RANGE

    @property
    def known(self) -> bool:
        return self.state in (State.EXACT, State.RANGE, State.HIDDEN)

    @property
    def drawn(self) -> bool:
        """Has a place on the scale of values."""
        return self.state in (State.EXACT, State.RANGE)

    @cached_property
    def low(self) -> float | None:
        return self._bound(self.cell.content.value.low if self.cell else None)

    @cached_property
    def high(self) -> float | None:
        return self._bound(self.cell.content.value.high if self.cell else None)

    def _bound(self, bound: Fraction | None) -> float | None:
        if bound is None or self.cell is None:
            return None
        return float(rounded(bound, places_of(self.cell.measure.unit, bound)))

    @property
    def unit(self) -> Unit | None:
        return self.cell.measure.unit if self.cell else None

    @property
    def status(self) -> Status:
        return self.cell.status if self.cell else Status.NORMAL

    @property
    def mark(self) -> str:
        """`p`, `e`, `sd`, or nothing for a definitive value."""
        return STATUS_MARKS[self.status]

    def text(self, *, mark: bool = True, signed: bool = False) -> str:
        """As printed: `880`, `300 à 301`, `< 5`, with `(p)` when the value is not definitive."""
        if self.cell is None:
            return NOT_SENT if self.expression else ""
        words = cell_text(self.cell, style=Style.SIGNED if signed else Style.USUAL)
        return f"{words}{NBSP}({self.mark})" if mark and self.mark else words


@frozen(kw_only=True)
class Row:
    """A series: its label and one point a position."""

    label: str
    panel: str
    rank: int  # its colour, dash and shape, from 0
    points: tuple[Point, ...]

    def known(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.known)

    def drawn(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.drawn)

    def missing(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.state is State.MISSING)

    @property
    def unit(self) -> Unit:
        return next((point.unit for point in self.points if point.unit), Unit.COUNT)


@frozen(kw_only=True)
class Frame:
    """Every point of a figure."""

    rows: tuple[Row, ...]
    positions: tuple[str, ...]  # as the specification gives them
    dated: bool

    def points(self) -> Iterator[Point]:
        for row in self.rows:
            yield from row.points

    def known(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points() if point.known)

    def cells(self) -> tuple[Cell, ...]:
        return tuple(point.cell for point in self.points() if point.cell is not None)

    def panels(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """Heading and series of each panel, in order."""
        headings = dict.fromkeys(row.panel for row in self.rows)
        return tuple((panel, tuple(row for row in self.rows if row.panel == panel)) for panel in headings)

    def known_positions(self) -> tuple[int, ...]:
        """Positions where at least one series is known."""
        return tuple(sorted({point.position for point in self.known()}))

    def short(self, position: int) -> str:
        """On an axis: a stock counted each year on the same day is told by its year."""
        text = self.positions[position]
        if not self.dated:
            return plain(text)
        period = Period.parse(text)
        if self.same_day:
            return str(period.year)
        return period.french().removeprefix("année scolaire ")

    @cached_property
    def same_day(self) -> bool:
        """Are all positions the same day of successive years?"""
        if not self.dated:
            return False
        periods = [Period.parse(one) for one in self.positions]
        return all(one.is_day for one in periods) and len({(one.last.month, one.last.day) for one in periods}) == 1

    def full(self, position: int) -> str:
        """In a table: `2025`, `31 décembre 2025`."""
        text = self.positions[position]
        return Period.parse(text).french() if self.dated else plain(text)


def frame_of(spec: FigureSpec, cells: Mapping[str, Cell | None]) -> Frame:
    """Join what the figure asks to what was released. An expression that has no cell is a missing point."""
    panels: dict[str, int] = {}
    rows = []
    for series in spec.series:
        rank = panels.setdefault(series.panel, 0)
        panels[series.panel] += 1
        points = tuple(
            Point(position=position, expression=one, cell=cells.get(one) if one else None)
            for position, one in enumerate(series.expressions)
        )
        rows.append(Row(label=plain(series.label), panel=plain(series.panel), rank=rank, points=points))
    return Frame(rows=tuple(rows), positions=spec.positions, dated=spec.dated)


def notes_of(spec: FigureSpec, frame: Frame) -> tuple[str, ...]:
    """What a reader must know beside the chart: firmness, hidden values, missing points and why."""
    missing = "" if spec.kind is Kind.FLOW else missing_note(frame)
    return tuple(
        note
        for note in (
            *status_notes(frame),
            *hidden_notes(frame.cells()),
            missing,
            plain(spec.missing) if missing else "",
            *map(plain, spec.notes),
        )
        if note
    )


def status_notes(frame: Frame) -> Iterator[str]:
    """`Données provisoires (p) : 2025.`"""
    known = frame.known()
    for status, (singular, plural) in STATUS_WORDS.items():
        marked = [point for point in known if point.status is status]
        if not marked:
            continue
        mark = STATUS_MARKS[status]
        if len(marked) == len(known):
            word = plural if len(known) > 1 else singular
            yield (f"Toutes les données sont {plural} ({mark})." if len(known) > 1 else f"Donnée {word} ({mark}).")
        else:
            places = enumeration(frame, marked)
            subject = f"Données {plural}" if len(marked) > 1 else f"Donnée {singular}"
            yield f"{subject} ({mark}){NBSP}: {places}."


def hidden_notes(cells: Sequence[Cell]) -> Iterator[str]:
    """What `< 5` and `nc` mean, when they occur."""
    hidden = [cell.content for cell in cells if not isinstance(cell.content, Shown)]
    small = {(one.limit, one.least) for one in hidden if isinstance(one, BelowThreshold)}
    for limit, least in sorted(small):
        yield f"<{NBSP}{limit}{NBSP}: de {least} à {limit - 1}, masqué par le secret statistique."
    if any(not isinstance(content, BelowThreshold) for content in hidden):
        yield f"nc{NBSP}: non communiqué, pour ne pas révéler une autre valeur masquée."


def missing_note(frame: Frame) -> str:
    """`Points non transmis : 2022, 2023, 2024.`, by series when they differ."""
    if frame.known() and not any(row.missing() for row in frame.rows):
        return ""
    if not frame.known():
        return "Aucun point de cette figure n’a été transmis."
    asked = [row for row in frame.rows if any(point.expression for point in row.points)]
    by_row = {row.label: [point.position for point in row.missing()] for row in asked}
    if len({tuple(positions) for positions in by_row.values()}) == 1:
        positions = next(iter(by_row.values()))
        label = "Point non transmis" if len(positions) == 1 else "Points non transmis"
        return f"{label}{NBSP}: {_listed(frame, positions)}."
    pieces = []
    for row in asked:
        positions = by_row[row.label]
        if not row.known():
            pieces.append(f"{row.label} (aucun point transmis)")
        elif positions:
            pieces.append(f"{row.label} ({_listed(frame, positions)})")
    return f"Points non transmis{NBSP}: " + f"{THIN}; ".join(pieces) + "."


def enumeration(frame: Frame, points: Sequence[Point]) -> str:
    """Positions of some points, with their series where only some series have them."""
    rows_of: dict[int, list[str]] = {}
    for row in frame.rows:
        for point in row.points:
            if any(point is one for one in points):
                rows_of.setdefault(point.position, []).append(row.label)
    whole = {
        position: all(
            any(point is one for one in points)
            for row in frame.rows
            for point in row.points
            if point.position == position and point.known
        )
        for position in rows_of
    }
    if all(whole.values()):
        return _listed(frame, sorted(rows_of))
    by_row = {
        row.label: [one.position for one in row.points if any(one is point for point in points)] for row in frame.rows
    }
    return f"{THIN}; ".join(f"{label} ({_listed(frame, held)})" for label, held in by_row.items() if held)


def _listed(frame: Frame, positions: Sequence[int]) -> str:
    """`2018 à 2020, 2022`: runs of three or more are told by their ends."""
    runs: list[list[int]] = []
    for position in positions:
        if runs and position == runs[-1][-1] + 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    pieces: list[str] = []
    for run in runs:
        if frame.dated and len(run) > 3:
            pieces.append(f"{frame.short(run[0])} à {frame.short(run[-1])}")
        else:
            pieces += [frame.short(position) for position in run]
    return ", ".join(pieces)
