"""Tables as somebody printed them: headings, labels, and cells that hold a count, a label of secrecy or nothing.

Source: docs/how-to/auditer-une-publication.md. Every defect of a table is found at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from attrs import field, frozen

from egide.disclosure.attack.system import Unknown
from egide.errors import Defect
from egide.indicators.words import quoted

LARGEST = 10**9  # a count of persons or acts; beyond, the attacker's arithmetic is not exact
USUAL_THRESHOLD = 5
MOST_DEFECTS = 10  # told one by one, for one table


@frozen(kw_only=True)
class Place:
    """Where a cell is printed. It names the cell."""

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}, ligne {quoted(self.row)}, colonne {quoted(self.column)}"


@frozen(kw_only=True)
class Hidden:
    """A cell that is not shown: its label, and what the label says by itself."""

    label: str
    under: int | None = None  # printed just below the range
    over: int | None = None  # printed just above it
    kind: str = "nc"  # "small" for `< 5`, "between" for `5 < nc < 20`, "nc", "withheld"

    def unknown(self, threshold: int, name: str) -> Unknown:
        """`threshold`: the first count that this publication shows, below which it prints `< 5`."""
        if self.kind == "small":
            return Unknown.below(self.over or threshold, name=name)
        if self.kind == "between":
            return Unknown.between(self.under, self.over, name=name)
        if self.kind == "withheld":
            return Unknown(label=self.label, low=0, plain=True, name=name)
        return Unknown.nc(threshold, name=name)


@frozen
class Aside:
    """A percentage or a mean: not a count, so no part of a total."""


Printed = int | Hidden | Aside | None  # None: there is no such cell


@frozen(kw_only=True)
class Table:
    """Rows and columns in their printed order. `codes`: names are codes, and `a_b` may be a part of `a`.

    A table of more than two dimensions crosses several of them in its rows: `coordinates` takes such a row apart, and
    `dimensions` names what its coordinates are, then what heads the columns.
    """

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], int | Hidden] = field(repr=False)
    aside: int = 0  # lines left out because they hold percentages or means
    codes: bool = False
    coordinates: Mapping[str, tuple[str, ...]] = field(factory=dict, repr=False)
    dimensions: tuple[str, ...] = ()

    def place(self, row: str, column: str) -> Place:
        return Place(table=self.name, row=row, column=column)

    def places(self) -> Iterator[tuple[Place, int | Hidden]]:
        return ((self.place(*where), cell) for where, cell in self.cells.items())


SPACES = re.compile(r"[\s\u00a0\u202f]+")
_NUMBER = re.compile(r"(?P<sign>[-−]?) ?(?P<whole>\d{1,3}(?: \d{3})+|\d+)(?:[.,](?P<decimals>\d+))?(?P<percent> ?%)?")
_SMALL = re.compile(r"(?:<|moins de|inférieur à) ?(\d{1,9})", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:(\d[\d ]{0,12}?) ?< ?)?n\.? ?c\.?(?: ?< ?(\d[\d ]{0,12}))?", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\d")
_NOTHING = frozenset({"", "-", "–", "—", "−"})
_WITHHELD = frozenset({"nd", "n.d.", "non diffusé", "non communiqué", "s", "c", "secret", "secret statistique"})
_SILENT = frozenset({".", "..", "...", "…", "///", "x", "*"})  # absent, null or hidden, according to who prints it


class Misprint(Exception):
    """What was expected in a cell, and what to do: for the caller to say where."""

    def __init__(self, expected: str, way_out: str) -> None:
        self.expected, self.way_out = expected, way_out
        super().__init__(expected)


def read_cell(text: str) -> Printed:
    """`1 062`, `< 5`, `moins de 5`, `nc`, `5 < nc < 20`, `–`. Raises Misprint for anything else."""
    plain = SPACES.sub(" ", text).strip()
    if plain in _NOTHING:
        return None
    if plain.lower() in _WITHHELD:
        return Hidden(label=plain, kind="withheld")
    if plain.lower() in _SILENT:
        way_out = "Écrivez « nd » si ce signe cache un effectif, « 0 » s’il vaut zéro, rien s’il n’y a pas de cellule."
        raise Misprint("un signe qui dit si la cellule est masquée, nulle ou absente", way_out)
    if found := _SMALL.fullmatch(plain):
        if not 2 <= (threshold := int(found[1])) <= LARGEST:
            raise Misprint("un seuil d’au moins 2", "Écrivez « < 5 » pour un effectif de 1 à 4.")
        return Hidden(label=f"< {threshold}", over=threshold, kind="small")
    if found := _BETWEEN.fullmatch(plain):
        return _between(*(None if end is None else int(end.replace(" ", "")) for end in found.groups()))
    if found := _NUMBER.fullmatch(plain):
        return _number(found)
    raise Misprint(
        "un effectif, « < 5 », « nc », « x < nc < y », ou rien", "Écrivez la cellule comme elle est publiée, sans note."
    )


def _between(under: int | None, over: int | None) -> Hidden:
    if under is None and over is None:
        return Hidden(label="nc")
    if over is not None and over - (-1 if under is None else under) < 2:
        raise Misprint("un intervalle qui contient un nombre entier", "Rétablissez ses deux bornes.")
    if max(under or 0, over or 0) > LARGEST:
        raise Misprint("un effectif d’au plus un milliard", "Vérifiez ce nombre.")
    label = " < ".join([*([str(under)] if under is not None else []), "nc", *([str(over)] if over is not None else [])])
    return Hidden(label=label, under=under, over=over, kind="between")


def _number(found: re.Match[str]) -> int | Aside:
    whole, decimals = found["whole"].replace(" ", ""), found["decimals"] or ""
    if found["percent"] or decimals.strip("0"):
        return Aside()
    if len(whole) > 30 or int(whole) > LARGEST:
        raise Misprint("un effectif d’au plus un milliard", "Vérifiez ce nombre.")
    if found["sign"] and int(whole):
        raise Misprint("un effectif, qui ne peut pas être négatif", "Un tableau d’évolutions ne s’audite pas ainsi.")
    return int(whole)


def is_withheld(text: str) -> bool:
    return text.lower() in _WITHHELD


def is_count(text: str) -> bool:
    """Nothing but a number, `< 5` or `nc`: a letter such as « C » may head a column."""
    try:
        cell = read_cell(text)
    except Misprint:
        return False
    return cell is not None and not (isinstance(cell, Hidden) and cell.kind == "withheld")


@frozen(kw_only=True)
class Line:
    """A whole row, or a whole column, of one table."""

    table: str
    axis: Literal["row", "column"]
    title: str

    def __str__(self) -> str:
        return f"{self.table}, {'ligne' if self.axis == 'row' else 'colonne'} {quoted(self.title)}"


def same_lines(one: Line, other: Line, tables: Sequence[Table]) -> tuple[list[tuple[Place, Place]], list[Defect]]:
    """The cells of two lines that are one line printed twice: those under the same title."""
    cells: list[dict[str, Place]] = []
    for line in (one, other):
        table = next((table for table in tables if table.name == line.table), None)
        held: dict[str, Place] = {}
        for row, column in table.cells if table else ():
            here, across = (row, column) if line.axis == "row" else (column, row)
            if table and here == line.title:
                held[across] = table.place(row, column)
        if not held:
            got, way_out = str(line), "Reprenez les titres à la lettre dans audit.toml."
            defect = Defect(place="audit.toml, same", expected="une ligne publiée", got=got, way_out=way_out)
            return [], [defect]
        cells.append(held)
    first, second = cells
    pairs = [(first[title], second[title]) for title in first if title in second]
    if pairs:
        return pairs, []
    expected = f"des titres communs à {one} et {other}"
    way_out = "Donnez les mêmes titres aux deux tableaux, ou déclarez les cellules une à une\u00a0: cells."
    return [], [Defect(place="audit.toml, same", expected=expected, got="aucun", way_out=way_out)]


def shortened(name: str, defects: list[Defect]) -> list[Defect]:
    """Ten examples say better than a thousand that this is another kind of file."""
    if len(defects) <= MOST_DEFECTS:
        return defects
    got = f"{len(defects) - MOST_DEFECTS} autres défauts"
    way_out = "Si ce n’est pas un tableau d’effectifs, retirez-le du dossier."
    return [*defects[:MOST_DEFECTS], Defect(place=name, expected="un tableau d’effectifs", got=got, way_out=way_out)]


def threshold_of(tables: Sequence[Table]) -> int:
    """The first count that the publication shows, read on its own labels; 5 when it has none."""
    small = [
        cell.over
        for table in tables
        for cell in table.cells.values()
        if isinstance(cell, Hidden) and cell.kind == "small" and cell.over is not None
    ]
    return min(small, default=USUAL_THRESHOLD)


@frozen(kw_only=True)
class Known:
    """A count that is public without being in a table: a fact that a claim uses."""

    name: str
    value: int
