"""Tables as somebody printed them: headings, labels, and cells that hold a count, a label of secrecy or nothing.

Source: docs/how-to/auditer-une-publication.md. Every defect of a table is found at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from attrs import field, frozen

from egide.disclosure.attack.system import Unknown
from egide.errors import Defect
from egide.indicators.words import listed, quoted

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
        return Unknown.withheld(name=name) if self.kind == "withheld" else Unknown.nc(threshold, name=name)


@frozen
class Aside:
    """A percentage or a mean: not a count, so no part of a total."""


Printed = int | Hidden | Aside | None  # None: there is no such cell


@frozen(kw_only=True)
class Table:
    """Rows and columns in their printed order. `codes`: names are codes, and `a_b` may be a part of `a`."""

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], int | Hidden] = field(repr=False)
    aside: int = 0  # lines left out because they hold percentages or means
    codes: bool = False

    def place(self, row: str, column: str) -> Place:
        return Place(table=self.name, row=row, column=column)

    def places(self) -> Iterator[tuple[Place, int | Hidden]]:
        return ((self.place(*where), cell) for where, cell in self.cells.items())


_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_NUMBER = re.compile(r"(?P<sign>[-−]?) ?(?P<whole>\d{1,3}(?: \d{3})+|\d+)(?:[.,](?P<decimals>\d+))?(?P<percent> ?%)?")
_SMALL = re.compile(r"(?:<|moins de|inférieur à) ?(\d{1,9})", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:(\d[\d ]{0,12}?) ?< ?)?n\.? ?c\.?(?: ?< ?(\d[\d ]{0,12}))?", re.IGNORECASE)
_NOTHING = frozenset({"", "-", "–", "—", "−", "."})
_WITHHELD = frozenset({"nd", "n.d.", "non diffusé", "non communiqué"})


class Misprint(Exception):
    """What was expected in a cell, and what to do: for the caller to say where."""

    def __init__(self, expected: str, way_out: str) -> None:
        self.expected, self.way_out = expected, way_out
        super().__init__(expected)


def read_cell(text: str) -> Printed:
    """`1 062`, `< 5`, `moins de 5`, `nc`, `5 < nc < 20`, `–`. Raises Misprint for anything else."""
    plain = _SPACES.sub(" ", text).strip()
    if plain in _NOTHING:
        return None
    if plain.lower() in _WITHHELD:
        return Hidden(label=plain, kind="withheld")
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


def read_table(name: str, lines: Sequence[Sequence[str]]) -> tuple[Table | None, list[Defect]]:
    """A table from its cells of text, the first line being the headings. The table is None when there are defects."""
    lines = [tuple(_SPACES.sub(" ", cell).strip() for cell in line) for line in lines]
    lines = [line for line in lines if any(line)]
    if len(lines) < 2 or len(lines[0]) < 2:
        got = "un tableau vide" if not lines else "un tableau sans cellule"
        way_out = "La première ligne porte les titres des colonnes, la première colonne ceux des lignes."
        return None, [Defect(place=name, expected="un tableau", got=got, way_out=way_out)]
    width = len(lines[0])
    while width > 2 and not any(line[width - 1] for line in lines if len(line) >= width):
        width -= 1
    lines = [line[:width] if not any(line[width:]) else line for line in lines]
    columns, rows = tuple(lines[0][1:]), tuple(line[0] for line in lines[1:])
    defects = [*_headings(name, "colonne", columns), *_headings(name, "ligne", rows)]
    read: dict[tuple[str, str], Printed] = {}
    for row, *cells in lines[1:]:
        if len(cells) != len(columns):
            got = f"{len(cells)} pour {len(columns)} colonnes"
            way_out = "Donnez à chaque ligne toutes ses cellules, vides s’il le faut."
            place = f"{name}, ligne {quoted(row)}"
            defects.append(Defect(place=place, expected="une cellule par colonne", got=got, way_out=way_out))
            continue
        for column, text in zip(columns, cells, strict=True):
            try:
                read[row, column] = read_cell(text)
            except Misprint as fault:
                where = str(Place(table=name, row=row, column=column))
                got = quoted(text[:60])
                defects.append(Defect(place=where, expected=fault.expected, got=got, way_out=fault.way_out))
    if len(defects) > MOST_DEFECTS:  # this is another kind of file: ten examples say it better than a thousand
        got = f"{len(defects) - MOST_DEFECTS} autres défauts"
        way_out = "Si ce fichier n’est pas un tableau d’effectifs, retirez-le du dossier."
        defects[MOST_DEFECTS:] = [Defect(place=name, expected="un tableau d’effectifs", got=got, way_out=way_out)]
    return (None, defects) if defects else (_without_percentages(name, rows, columns, read), [])


def _headings(name: str, axis: str, headings: Sequence[str]) -> Iterator[Defect]:
    twice = [heading for heading, times in Counter(headings).items() if heading and times > 1]
    if twice:
        way_out = "Nommez chacune d’un titre à elle, sinon ses cellules ne peuvent être désignées."
        got = f"plusieurs fois {listed(map(quoted, twice))}"
        yield Defect(place=name, expected=f"un titre différent par {axis}", got=got, way_out=way_out)
    if "" in headings:
        got = f"la {axis} {headings.index('') + 1 + (axis == 'ligne') + (axis == 'colonne')} sans titre"
        yield Defect(place=name, expected=f"un titre à chaque {axis}", got=got, way_out="Donnez-lui un titre.")


def _without_percentages(
    name: str, rows: tuple[str, ...], columns: tuple[str, ...], read: Mapping[tuple[str, str], Printed]
) -> Table:
    """Leave out lines of percentages and means: they add up to nothing."""
    odd = {where for where, cell in read.items() if isinstance(cell, Aside)}
    kept_rows = tuple(
        row
        for row in rows
        if not any((row, column) in odd for column in columns)
        or any(isinstance(read[row, column], int) for column in columns)
    )
    kept_columns = tuple(column for column in columns if not any((row, column) in odd for row in kept_rows))
    cells = {
        (row, column): cell
        for (row, column), cell in read.items()
        if row in kept_rows and column in kept_columns and cell is not None and not isinstance(cell, Aside)
    }
    aside = len(rows) - len(kept_rows) + len(columns) - len(kept_columns)
    return Table(name=name, rows=kept_rows, columns=kept_columns, cells=cells, aside=aside)


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
