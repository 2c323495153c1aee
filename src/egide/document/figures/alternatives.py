"""What a chart shows, in words, for who does not see it. Written from the same cells, and from nothing else.

It tells the form, the first and last values, the extremes, the direction, what is hidden and what is missing. No
number in it is other than a cell's: no count of points, no difference computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from egide.disclosure.cells import Cell
from egide.document.figures.data import NOT_SENT, Frame, Point, Row, State, missing_note
from egide.document.figures.labels import plain
from egide.document.figures.specs import FigureSpec, Kind
from egide.document.typography import NBSP, THIN, cell_text
from egide.facts.values import Value
from egide.reference.periods import Period
from egide.reference.territories import territory_name

_FORMS = {
    Kind.LINE: "Graphique en courbes",
    Kind.BAR: "Diagramme en colonnes",
    Kind.STACKED: "Diagramme en colonnes empilées",
    Kind.SHARES: "Barre de répartition",
    Kind.INDEX: "Graphique d’évolution depuis une année de base",
    Kind.COMBINED: "Diagrammes superposés sur les mêmes périodes",
    Kind.MAP: "Carte des départements",
    Kind.ZONES: "Carte du département par zones",
    Kind.FLOW: "Schéma",
    Kind.TABLE: "Tableau",
}


def alternative_of(spec: FigureSpec, frame: Frame, cells: Mapping[str, Cell | None]) -> str:
    """Never empty: a figure that lost all its points says so."""
    if spec.alternative:
        return plain(spec.alternative)
    if spec.kind is Kind.TABLE:
        return _of_table(spec)
    opening = f"{_form(spec, frame)}. {plain(spec.title)}."
    if not frame.known():
        return f"{opening} {missing_note(frame)}"
    if spec.kind is Kind.MAP:
        sentences = _of_map(spec, frame, cells)
    elif frame.dated:
        sentences = [_of_series(spec, row, frame) for row in frame.rows if row.known()]
    else:
        sentences = [_of_categories(row, frame, alone=len(frame.rows) == 1) for row in frame.rows]
    return " ".join(one for one in (opening, *sentences, missing_note(frame)) if one)


def _form(spec: FigureSpec, frame: Frame) -> str:
    if spec.kind in (Kind.BAR, Kind.LINE, Kind.COMBINED, Kind.STACKED):
        if not frame.dated or len(frame.known_positions()) == 1:
            return "Diagramme en barres"
        if spec.kind is Kind.LINE and not _has_line(frame):
            return "Graphique en points"
    return _FORMS[spec.kind]


def _has_line(frame: Frame) -> bool:
    return any(
        one.drawn and two.drawn for row in frame.rows for one, two in zip(row.points, row.points[1:], strict=False)
    )


def _lowered(title: str) -> str:
    """A title inside a sentence; initials and acronyms keep their capitals."""
    return title[0].lower() + title[1:] if title[1:2].islower() else title


def when(period: str) -> str:
    """`en 2025`, `le 31 décembre 2025`, `sur la période 2017-2025`, `pour l’année scolaire 2024-2025`."""
    parsed = Period.parse(period)
    words = parsed.french()
    if parsed.is_span:
        return f"sur la période {words}"
    if parsed.is_day:
        return f"le {words}"
    return f"pour l’{words}" if words.startswith("année") else f"en {words}"


def _of_series(spec: FigureSpec, row: Row, frame: Frame) -> str:
    """First, extremes, last, direction; every point when there are three or fewer."""
    known = row.known()
    subject = "" if len(frame.rows) == 1 and not row.panel else f"{_subject(row)}{NBSP}: "
    index = spec.kind is Kind.INDEX

    def told(point: Point) -> str:
        return f"{point.text(signed=index)} {when(frame.positions[point.position])}"

    if len(known) <= 3:
        body = ", ".join(told(point) for point in known)
    else:
        body = f"d’abord {told(known[0])}, enfin {told(known[-1])}{_extremes(row, frame)}"
    since = f" par rapport à {plain(spec.base)}" if index else _direction(known)
    sentence = f"{subject}{body}{since}."
    return sentence if subject else sentence[0].upper() + sentence[1:]


def _subject(row: Row) -> str:
    return row.label if not row.panel or row.panel == row.label else f"{row.panel}, {_lowered(row.label)}"


def _extremes(row: Row, frame: Frame) -> str:
    """Lowest and highest points, when they lie between the ends and when no range leaves another one possible."""
    known = row.known()
    inner = known[1:-1]
    pieces = []
    for words, candidates in (
        ("au plus bas", [one for one in inner if all(_above(other, one) for other in known if other is not one)]),
        ("au plus haut", [one for one in inner if all(_above(one, other) for other in known if other is not one)]),
    ):
        pieces += [f"{words} {one.text()} {when(frame.positions[one.position])}" for one in candidates[:1]]
    return f", {' et '.join(pieces)}" if pieces else ""


def _above(one: Point, other: Point) -> bool:
    """Is the first surely at least as high as the second?"""
    high, low = _printed_value(other).high, _printed_value(one).low
    return high is not None and low is not None and low >= high


def _direction(known: Sequence[Point]) -> str:
    """Between the first and the last known point, when nothing they leave possible says otherwise."""
    if len(known) < 2:
        return ""
    first, last = (_printed_value(point) for point in (known[0], known[-1]))
    if first.low is not None and first == last and first.is_exact:
        exact = all(_printed_value(point) == first for point in known)
        return f"{THIN}; valeur constante" if exact else f"{THIN}; même valeur au début et à la fin"
    if first.high is not None and last.low is not None and last.low > first.high:
        return f"{THIN}; en hausse entre ces deux dates"
    if first.low is not None and last.high is not None and last.high < first.low:
        return f"{THIN}; en baisse entre ces deux dates"
    return f"{THIN}; le sens de l’évolution ne peut pas être établi"


def _printed_value(point: Point) -> Value:
    """What the reader of the label is left with: a hidden cell keeps its public bounds."""
    if not point.drawn:
        return point.cell.value if point.cell else Value(None, None)
    low, high = (None if bound is None else Fraction(str(bound)) for bound in (point.low, point.high))
    return Value(low, high)


def _of_categories(row: Row, frame: Frame, *, alone: bool) -> str:
    pieces = [
        f"{_lowered(frame.full(point.position))}{NBSP}: {point.text() if point.cell else NOT_SENT}"
        for point in row.points
        if point.expression
    ]
    body = f"{THIN}; ".join(pieces)
    return f"{body[0].upper()}{body[1:]}." if alone else f"{row.label}, {body}."


def _of_map(spec: FigureSpec, frame: Frame, cells: Mapping[str, Cell | None]) -> list[str]:
    """Known departments from the most to the least, hidden ones apart, then how many departments each class holds."""
    row = frame.rows[0]
    drawn = sorted(row.drawn(), key=lambda point: (-(point.low or 0.0), frame.positions[point.position]))
    names = [f"{territory_name(frame.positions[point.position])} {point.text()}" for point in drawn]
    hidden = [
        f"{territory_name(frame.positions[point.position])} {point.text()}"
        for point in row.points
        if point.state is State.HIDDEN
    ]
    sentences = []
    if names:
        sentences.append(f"{row.label}{NBSP}: {', '.join(names)}.")
    if hidden:
        sentences.append(f"Valeurs masquées{NBSP}: {', '.join(hidden)}.")
    counts = [
        f"{plain(one.label)}, {cell_text(cell)}"
        for one in spec.classes
        if one.count and (cell := cells.get(one.count)) is not None
    ]
    if counts:
        sentences.append(f"Nombre de départements par classe{NBSP}: " + f"{THIN}; ".join(counts) + ".")
    sentences.append(f"Le détail des autres départements est {NOT_SENT}.")
    return sentences


def _of_table(spec: FigureSpec) -> str:
    """A table is read as a table: the words only say what is in it."""
    table = spec.table
    if table is None:
        raise ValueError(f"{spec.id}: a table figure without a table")
    columns = ", ".join(_lowered(plain(one)) for one in table.columns)
    rows = ", ".join(_lowered(plain(row.label)) for row in table.rows if not row.indent)
    return (
        f"{_FORMS[Kind.TABLE]}{NBSP}: {_lowered(plain(spec.title))}. En lignes{NBSP}: {rows}. "
        f"En colonnes{NBSP}: {columns}."
    )
