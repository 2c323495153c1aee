"""From cells of text to tables: where a table begins, what its titles are, whether it has one line per cell.

Source: docs/how-to/auditer-une-publication.md. What is not certain is refused, with what to write instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from egide.disclosure.printed.tables import (
    MOST_DEFECTS,
    SPACES,
    YEAR,
    Aside,
    Hidden,
    Misprint,
    Place,
    Printed,
    Table,
    is_count,
    is_withheld,
    read_cell,
    shortened,
)
from egide.errors import Defect
from egide.indicators.words import listed, quoted


def split_tables(name: str, lines: Sequence[Sequence[str]]) -> list[tuple[str, list[tuple[str, ...]]]]:
    """The tables printed one under the other, without their empty lines: `name`, then `name (2)`.

    An empty line separates two tables when headings follow it: words, and not a count.
    """
    blocks: list[list[tuple[str, ...]]] = [[]]
    after_empty = False
    for line in map(tuple, lines):
        if not any(map(str.strip, line)):
            after_empty = True
            continue
        filled = [cell for cell in line[1:] if cell.strip()]
        if after_empty and _heads(filled) and not all(map(_is_alone, blocks[-1])):
            blocks.append([])
        blocks[-1].append(line)
        after_empty = False
    return [(name if rank == 1 else f"{name} ({rank})", block) for rank, block in enumerate(blocks, 1)]


def _heads(cells: Sequence[str]) -> bool:
    """Words or years, and at least two of them."""
    return len(cells) > 1 and all(not is_count(cell) or YEAR.fullmatch(cell.strip()) for cell in cells)


def read_table(name: str, printed: Sequence[Sequence[str]]) -> tuple[Table | None, list[Defect]]:
    """A table from its cells of text, the first line being the headings. The table is None when there are defects.

    A title above the headings, and notes below the cells, are lines of one cell: they hold no count.
    """
    lines = [line for line in (tuple(map(str.strip, cells)) for cells in printed) if any(line)]
    while len(lines) > 2 and _is_alone(lines[0]):
        lines = lines[1:]
    if len(lines) < 2 or len(lines[0]) < 2:
        got = "un tableau vide" if not lines else "un tableau sans cellule"
        way_out = "La première ligne porte les titres des colonnes, la première colonne ceux des lignes."
        return None, [Defect(place=name, expected="un tableau", got=got, way_out=way_out)]
    width = len(lines[0])
    while width > 2 and not any(line[width - 1] for line in lines if len(line) >= width):
        width -= 1
    lines = [line[:width] if not any(line[width:]) else line for line in lines]
    lines = [line + ("",) * (width - len(line)) if _is_alone(line) else line for line in lines]
    if defect := _two_lines_of_headings(name, lines):
        return None, [defect]
    if is_long(lines):
        return read_long(name, lines)
    if defect := _two_columns_of_headings(name, lines):
        return None, [defect]
    columns, rows = tuple(map(_title, lines[0][1:])), tuple(_title(line[0]) for line in lines[1:])
    defects = [*_headings(name, "colonne", columns), *_headings(name, "ligne", rows)]
    read: dict[tuple[str, str], Printed] = {}
    known: dict[str, Printed | Misprint] = {}
    for row, line in zip(rows, lines[1:], strict=True):
        if len(line) != width:
            got = f"{len(line) - 1} pour {len(columns)} colonnes"
            way_out = "Donnez à chaque ligne toutes ses cellules, vides s’il le faut."
            place = f"{name}, ligne {quoted(row)}"
            defects.append(Defect(place=place, expected="une cellule par colonne", got=got, way_out=way_out))
            continue
        for column, text in zip(columns, line[1:], strict=True):
            cell = _read(text, known)
            if isinstance(cell, Misprint):
                defects.append(_misprinted(Place(table=name, row=row, column=column), text, cell))
            else:
                read[row, column] = cell
    return (None, shortened(name, defects)) if defects else (_without_percentages(name, rows, columns, read), [])


def _read(text: str, known: dict[str, Printed | Misprint]) -> Printed | Misprint:
    """The same text is read once: a table of a million cells has few different ones."""
    if text not in known:
        try:
            known[text] = read_cell(text)
        except Misprint as fault:
            known[text] = fault
    return known[text]


def _misprinted(place: Place, text: str, fault: Misprint) -> Defect:
    return Defect(place=str(place), expected=fault.expected, got=quoted(text[:60]), way_out=fault.way_out)


def _title(text: str) -> str:
    return SPACES.sub(" ", text)


def _is_alone(line: Sequence[str]) -> bool:
    """Something in its first cell, and in no other."""
    return bool(line[0]) and not any(line[1:])


def _two_lines_of_headings(name: str, lines: Sequence[Sequence[str]]) -> Defect | None:
    """« 2023 | | 2024 | » above « femmes | hommes | femmes | hommes »: a reader sees merged cells, a file does not."""
    first, second = lines[0][1:], lines[1]
    if "" not in first or second[0] or any(is_count(cell) for cell in second[1:]):
        return None
    got = f"{quoted(first[0])} au-dessus de {quoted(second[1])}"
    way_out = f"Réunissez-les\u00a0: « {first[0]}, {second[1]} »."
    return Defect(place=name, expected="une seule ligne de titres", got=got, way_out=way_out)


def _two_columns_of_headings(name: str, lines: Sequence[Sequence[str]]) -> Defect | None:
    """« Prison | ferme | 12 »: words in the second column, and not one count."""
    second = [line[1] for line in lines[1:] if len(line) > 2 and line[1]]
    if not second or any(map(is_count, second)) or not any(map(is_count, lines[1][2:])):
        return None
    if any(is_withheld(cell) or cell[0].isdigit() for cell in second):
        return None
    got = f"{quoted(lines[0][0])} et {quoted(lines[0][1])}"
    way_out = f"Réunissez-les, en répétant ce qui était fusionné\u00a0: « {lines[1][0]}, {lines[1][1]} »."
    return Defect(place=name, expected="une seule colonne de titres", got=got, way_out=way_out)


def is_long(lines: Sequence[Sequence[str]]) -> bool:
    """One line per cell: columns of codes that repeat, then one count.

    A printed table is never taken for one: the numbers of its middle columns are no codes. Codes are words or years.
    """
    width = len(lines[0])
    body = [line for line in lines[1:] if len(line) == width]
    if width < 3 or len({line[0] for line in body}) == len(body):
        return False
    titles, *codes, counts = ({line[number] for line in body} for number in range(width))
    return "" not in titles and all(map(_are_codes, codes)) and any(map(is_count, counts))


def _are_codes(column: Collection[str]) -> bool:
    """A word among them, or nothing but years."""
    return "" not in column and (not all(map(is_count, column)) or all(map(YEAR.fullmatch, column)))


def read_long(name: str, lines: Sequence[Sequence[str]]) -> tuple[Table | None, list[Defect]]:
    """One line per cell. The last code heads the columns, the others together head the rows."""
    dimensions = tuple(map(_title, lines[0][:-1]))
    defects = list(_headings(name, "colonne", dimensions))
    cells: dict[tuple[str, str], int | Hidden] = {}
    coordinates: dict[str, tuple[str, ...]] = {}
    columns: dict[str, None] = {}
    first_line: dict[tuple[str, str], int] = {}
    known: dict[str, Printed | Misprint] = {}
    for number, line in enumerate(lines[1:], 2):
        if len(line) != len(lines[0]):
            got, way_out = f"{len(line)}", "Donnez à chaque ligne ses codes et son effectif."
            expected = f"{len(lines[0])} cellules"
            defects.append(Defect(place=f"{name}, ligne {number}", expected=expected, got=got, way_out=way_out))
            continue
        *before, column, text = line
        row = ", ".join(before)
        if (row, column) in first_line:
            got = f"une cellule déjà donnée à la ligne {first_line[row, column]}"
            place = f"{name}, ligne {number}, {quoted(f'{row}, {column}')}"
            way_out = "Gardez une seule des deux, ou ajoutez la colonne qui les distingue."
            defects.append(Defect(place=place, expected="une ligne par cellule", got=got, way_out=way_out))
            continue
        first_line[row, column] = number
        cell = _read(text, known)
        if isinstance(cell, Misprint | Aside):
            fault = cell if isinstance(cell, Misprint) else Misprint("un effectif", "Retirez ce qui n’en est pas un.")
            defects.append(_misprinted(Place(table=name, row=row, column=column), text, fault))
            continue
        coordinates[row], columns[column] = tuple(before), None
        if cell is not None:
            cells[row, column] = cell
    if defects:
        return None, shortened(name, defects)
    rows = tuple(coordinates)
    table = Table(
        name=name,
        rows=rows,
        columns=tuple(columns),
        cells=cells,
        coordinates=coordinates if len(dimensions) > 2 else {},
        dimensions=dimensions,
    )
    return table, []


def _headings(name: str, axis: str, headings: Sequence[str]) -> Iterator[Defect]:
    twice = [heading for heading, times in Counter(headings).items() if heading and times > 1]
    if twice:
        way_out = "Nommez chacune d’un titre à elle, sinon ses cellules ne peuvent être désignées."
        got = f"plusieurs fois {listed(map(quoted, twice[:MOST_DEFECTS]))}"
        yield Defect(place=name, expected=f"un titre différent par {axis}", got=got, way_out=way_out)
    if "" in headings:
        got = f"la {axis} {headings.index('') + 1 + (axis == 'ligne') + (axis == 'colonne')} sans titre"
        way_out = "Donnez-lui un titre ; celui d’une cellule fusionnée se répète."
        yield Defect(place=name, expected=f"un titre à chaque {axis}", got=got, way_out=way_out)


def _without_percentages(
    name: str, rows: tuple[str, ...], columns: tuple[str, ...], read: Mapping[tuple[str, str], Printed]
) -> Table:
    """Leave out lines of percentages and means, and those whose title says so: they add up to nothing."""
    odd = {where for where, cell in read.items() if isinstance(cell, Aside)}
    odd_rows = {row for row, _ in odd}
    kept_rows = tuple(
        row
        for row in rows
        if "%" not in row and (row not in odd_rows or any(isinstance(read[row, column], int) for column in columns))
    )
    held = frozenset(kept_rows)
    odd_columns = {column for row, column in odd if row in held}
    kept_columns = tuple(column for column in columns if "%" not in column and column not in odd_columns)
    wide = frozenset(kept_columns)
    cells = {
        (row, column): cell
        for (row, column), cell in read.items()
        if row in held and column in wide and isinstance(cell, int | Hidden)
    }
    aside = len(rows) - len(kept_rows) + len(columns) - len(kept_columns)
    return Table(name=name, rows=kept_rows, columns=kept_columns, cells=cells, aside=aside)
