"""The figures and tables of a page: released cells in, drawings, tables and words out. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from attrs import frozen

from egide.disclosure.cells import BelowThreshold, Cell, NotCommunicated
from egide.document.charts.overlaps import Combination, overlap_chart
from egide.document.charts.ranges import Answer, range_chart
from egide.document.charts.svg import finished
from egide.document.figures.labels import plain, runs
from egide.document.model import Align, Declared, Figure, Number, Run, Runs, Table, TableCell, Text
from egide.document.typography import NBSP, THIN, cell_text, sentence
from egide.unseen.reading import history_name
from egide.unseen.report.overlaps import Overlaps

BELOW = f"{{<{NBSP}5}}{NBSP}: effectif de un à quatre, que l’on ne montre pas."
NC = f"nc{NBSP}: effectif de cinq ou plus, masqué pour qu’un autre ne se retrouve pas par soustraction."
NO_ZEROS = "Les croisements de listes où personne n’a été vu ne sont pas dessinés."
SAME_BOX = (
    "La case hachurée a la même longueur pour tout effectif masqué, et l’ordre des lignes ne suit pas les effectifs."
)


@frozen(kw_only=True)
class Row:
    """One row of a table: its name, and what each column holds."""

    name: str
    cells: tuple[Cell | str | None, ...]


def number(cell: Cell) -> Number:
    return Number(cell=cell, text=cell_text(cell))


def table(id: str, caption: str, heads: Sequence[str], rows: Iterable[Row], legend: Iterable[str] = ()) -> Table:
    """A table whose numbers are bound; an absent one is a dash."""
    held = list(rows)
    right = [False, *(any(isinstance(row.cells[place], Cell) for row in held) for place in range(len(heads) - 1))]
    heading = tuple(
        TableCell(runs=runs(one), header=True, align=Align.RIGHT if numbers else Align.LEFT)
        for one, numbers in zip(heads, right, strict=True)
    )
    body = tuple((TableCell(runs=named(row.name), header=True), *(_held(one) for one in row.cells)) for row in held)
    return Table(id=id, caption=runs(caption), rows=(heading, *body), legend=tuple(map(plain, legend)))


def named(name: str) -> Runs:
    """A name given by the user: its digits are its own, not a figure of ours."""
    return (Declared(name) if any(letter.isdigit() for letter in name) else Text(sentence(name)),)


def _held(one: Cell | str | None) -> TableCell:
    if isinstance(one, Cell):
        return TableCell(runs=(number(one),), align=Align.RIGHT)
    words: Run = Declared(one) if one and any(letter.isdigit() for letter in one) else Text(one or "–")
    return TableCell(runs=(words,))


def csv_text(table_: Table) -> str:
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in table_.rows:
        writer.writerow(["".join(_said(run) for run in cell.runs) for cell in row])
    return "\ufeff" + text.getvalue()


def _said(run: Run) -> str:
    return run.text if isinstance(run, (Text, Declared, Number)) else ""


def overlap_figure(public: Overlaps, rank: int, *, source: str, scope: str) -> Figure:
    """Every history that somebody has, as released."""
    held = {cell: one for cell, one in public.cells.items() if not (one.is_shown and one.number == 0)}
    k = len(public.lists)
    combinations = [
        Combination(on=tuple(bool(cell >> place & 1) for place in range(k)), cell=one) for cell, one in held.items()
    ]
    order = sorted(held, key=lambda cell: (cell.bit_count(), cell))
    data = table(
        "recoupements-donnees",
        "Personnes vues, par listes qui les ont vues",
        ("Listes, et aucune autre", "Personnes vues"),
        [Row(name=history_name(public.lists, cell), cells=(held[cell],)) for cell in order],
    )
    words = [f"{history_name(public.lists, cell)}{NBSP}: {cell_text(held[cell])}" for cell in order]
    alternative = (
        "Diagramme de recoupements\u00a0: une ligne par croisement de listes, un point plein par liste qui a vu ces "
        f"personnes, une barre aussi longue que leur nombre. {f'{THIN}; '.join(words)}."
    )
    title = "Personnes vues, selon les listes qui les ont vues"
    return Figure(
        id="recoupements",
        number=rank,
        title=runs(title),
        svg=finished(
            overlap_chart(public.lists, combinations), id="recoupements", title=title, description=alternative
        ),
        alternative=alternative,
        table=data,
        source=source,
        scope=scope,
        notes=tuple(plain(one) for one in (*_legend(held.values()), NO_ZEROS)),
        csv=csv_text(data),
    )


def _legend(cells: Iterable[Cell]) -> list[str]:
    contents = [cell.content for cell in cells]
    lines = []
    if any(isinstance(one, BelowThreshold) for one in contents):
        lines.append(BELOW)
    if any(isinstance(one, NotCommunicated) for one in contents):
        lines.append(NC)
    return [*lines, SAME_BOX] if lines else lines


def answers_figure(
    answers: Sequence[Answer], data: Table, rank: int, *, source: str, scope: str, notes: Sequence[str]
) -> Figure:
    """All methods side by side."""
    title = "Ce que répond chaque méthode"
    said = [
        f"{one.name}{NBSP}: {'au moins ' if one.bound else ''}{cell_text(one.point)}"
        + (f", intervalle de {cell_text(one.span)}" if one.span is not None else "")
        for one in answers
    ]
    alternative = (
        "Graphique en points et intervalles, une ligne par méthode, sur un même axe de personnes. "
        f"{f'{THIN}; '.join(said)}."
    )
    return Figure(
        id="methodes",
        number=rank,
        title=runs(title),
        svg=finished(
            range_chart(answers, unit="Personnes, vues et non vues"),
            id="methodes",
            title=title,
            description=alternative,
        ),
        alternative=alternative,
        table=data,
        source=source,
        scope=scope,
        notes=tuple(plain(one) for one in notes),
        csv=csv_text(data),
    )
