"""Read the folder of a publication to be audited: tables, facts, claims and `audit.toml`. [I/O]

CSV in UTF-8 or Windows-1252, separated by commas or semicolons; XLSX. Every file that cannot be read is told at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from egide.disclosure.printed.facts import tables_of_facts
from egide.disclosure.printed.publication import Publication
from egide.disclosure.printed.reading import read_table, split_tables
from egide.disclosure.printed.tables import Line, Place, Table, same_lines
from egide.disclosure.printed.totals import Axis, DeclaredSum, DeclaredTotal
from egide.errors import Defect, DeliveryRefused, StoreError
from egide.indicators.claims import CLAIM_COLUMNS, FACT_COLUMNS, Row
from egide.indicators.words import listed, quoted
from egide.sources import archive, delimited, file_messages, ooxml
from egide.sources.archive import Unreadable
from egide.sources.messages import uncomputed
from egide.sources.read import MAX_BYTES, as_text

SETTINGS = "audit.toml"
_SUFFIXES = frozenset({".csv", ".xlsx"})
DELIMITERS = (";", "\t", ",")  # French numbers hold commas: it comes last
FIRST_LINES = 20
MOST_CELLS = 20_000_000  # a million lines of codes; the size of the file is bounded besides
_TOTAL_KEYS = ({"table", "row", "parts"}, {"table", "column", "parts"}, {"table", "dimension", "whole", "parts"})
_TABLE_TOTAL_KEYS = frozenset({"table", "tables"})
_LINE_KEYS = (frozenset({"table", "row"}), frozenset({"table", "column"}))


def read_publication(folder: Path) -> Publication:
    """Everything the folder publishes. Sub-folders and other kinds of files are not read.

    Raises: StoreError when there is no such folder; DeliveryRefused with every defect of every file.
    """
    if not folder.is_dir():
        raise StoreError(f"{folder}\u00a0: attendu un dossier de tableaux, reçu {_what(folder)}.")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES and path.name[0] not in "~.")
    if not paths:
        way_out = "Déposez-y les tableaux tels que publiés, un fichier par tableau ou un classeur."
        got = "un dossier qui n’en tient aucun"
        place = folder.name or str(folder)
        raise DeliveryRefused([Defect(place=place, expected="des fichiers .csv ou .xlsx", got=got, way_out=way_out)])
    read = _Reading()
    for path in paths:
        read.file(path)
    read.settings(folder / SETTINGS)
    if read.defects:
        raise DeliveryRefused(read.defects)
    return read.publication()


def _what(path: Path) -> str:
    return "un fichier" if path.exists() else "un chemin où rien n’existe"


class _Reading:
    """What has been read so far, and everything wrong with it."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.defects: list[Defect] = []
        self.claims: list[Row] = []
        self.identifiers: dict[str, Place] = {}
        self.known: dict[str, Any] = {}
        self.same: list[tuple[Place, Place]] = []
        self.declared: list[DeclaredTotal] = []
        self.declared_sums: list[DeclaredSum] = []

    def publication(self) -> Publication:
        return Publication(
            tables=tuple(self.tables),
            declared=tuple(self.declared),
            declared_sums=tuple(self.declared_sums),
            same=tuple(self.same),
            claims=tuple(self.claims),
            identifiers=self.identifiers,
            known=self.known,
        )

    def file(self, path: Path) -> None:
        try:
            sheets = list(_sheets(path))
        except Unreadable as fault:
            complaint = fault.complaint
            self.defects.append(
                Defect(
                    place=path.name + fault.where,
                    expected=complaint.expected,
                    got=complaint.got,
                    way_out=complaint.way_out,
                )
            )
            return
        for name, lines in (part for sheet in sheets for part in split_tables(*sheet)):
            heading = {cell.strip() for cell in lines[0]} if lines else set()
            if heading >= set(CLAIM_COLUMNS):
                self.claims += self._records(name, lines)
            elif heading >= set(FACT_COLUMNS):
                self._facts(name, self._records(name, lines))
            else:
                table, defects = read_table(name, lines)
                self.defects += defects
                self.tables += [] if table is None else [table]

    def _records(self, name: str, lines: list[tuple[str, ...]]) -> list[Row]:
        heading = [cell.strip() for cell in lines[0]]
        for number, line in enumerate(lines[1:], 2):
            if len(line) != len(heading):
                got, way_out = f"{len(line)}", "Entourez de guillemets une cellule qui contient le séparateur."
                place = f"{name}, ligne {number}"
                self.defects.append(Defect(place=place, expected=f"{len(heading)} cellules", got=got, way_out=way_out))
        return [dict(zip(heading, line, strict=True)) for line in lines[1:] if len(line) == len(heading)]

    def _facts(self, name: str, rows: list[Row]) -> None:
        found, defects = tables_of_facts(name, rows)
        self.defects += defects
        for table in found.tables:
            if any(table.name == other.name for other in self.tables):
                got, way_out = quoted(table.name), "Réunissez les faits dans un seul fichier."
                self.defects.append(Defect(place=name, expected="un nom de tableau à chacun", got=got, way_out=way_out))
        self.tables += found.tables
        self.identifiers |= found.places
        self.known |= found.known
        self.same += found.same

    def settings(self, path: Path) -> None:
        if not path.exists():
            return
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
            way_out = "Voyez docs/how-to/auditer-une-publication.md."
            self._settings_defect("un fichier TOML en UTF-8", str(problem), way_out)
            return
        if others := told.keys() - {"total", "same"}:
            got = listed(map(quoted, sorted(others)))
            self._settings_defect("des tables [[total]] et [[same]]", got, "Retirez ce qui est en trop.")
        for one in _entries(told.get("total")):
            self._total(one)
        for one in _entries(told.get("same")):
            self._same(one)

    def _total(self, one: Any) -> None:
        entry: dict[str, Any] = one if isinstance(one, dict) else {}
        keys = entry.keys()
        if keys == _TABLE_TOTAL_KEYS and isinstance(entry["table"], str) and _is_titles(entry["tables"]):
            self.declared_sums.append(DeclaredSum(table=entry["table"], tables=tuple(entry["tables"])))
            return
        axis: Axis = "column" if "column" in keys else "row"
        texts = [entry.get("table"), entry.get("dimension", ""), entry.get("whole" if "whole" in keys else axis)]
        if keys not in _TOTAL_KEYS or not _is_texts(texts) or not _is_titles(entry["parts"]):
            expected = 'table = "…", row = "…" ou column = "…", et parts = ["…", "…"] sans répétition'
            way_out = "Complétez cette table [[total]] ; pour un fichier de codes\u00a0: dimension, whole et parts ; "
            way_out += "pour un tableau entier\u00a0: table et tables."
            self._settings_defect(expected, str(one), way_out)
            return
        table, dimension, whole = texts
        self.declared.append(
            DeclaredTotal(table=table, axis=axis, whole=whole, parts=tuple(entry["parts"]), dimension=dimension)
        )

    def _same(self, one: Any) -> None:
        cells = one.get("cells") if isinstance(one, dict) and one.keys() == {"cells"} else None
        lines = one.get("lines") if isinstance(one, dict) and one.keys() == {"lines"} else None
        if isinstance(cells, list) and len(cells) > 1 and all(_is_texts(c) and len(c) == 3 for c in cells):
            first, *others = (Place(table=table, row=row, column=column) for table, row, column in cells)
            self.same += [(first, other) for other in others]
        elif isinstance(lines, list) and len(lines) > 1 and all(map(_is_line, lines)):
            start, *rest = (_line(each) for each in lines)
            for other in rest:
                pairs, defects = same_lines(start, other, self.tables)
                self.same += pairs
                self.defects += defects
        else:
            expected = 'cells = [["tableau", "ligne", "colonne"], ["tableau", "ligne", "colonne"]], '
            expected += 'ou lines = [{table = "…", row = "…"}, {table = "…", row = "…"}]'
            self._settings_defect(expected, str(one), "Complétez cette table [[same]].")

    def _settings_defect(self, expected: str, got: str, way_out: str) -> None:
        self.defects.append(Defect(place=SETTINGS, expected=expected, got=got, way_out=way_out))


def _entries(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [] if told is None else [told]


def _is_texts(told: Any) -> bool:
    return isinstance(told, list) and all(isinstance(one, str) for one in told)


def _is_titles(told: Any) -> bool:
    return _is_texts(told) and len(set(told)) == len(told)


def _is_line(told: Any) -> bool:
    return isinstance(told, dict) and told.keys() in _LINE_KEYS and all(isinstance(one, str) for one in told.values())


def _line(told: dict[str, str]) -> Line:
    axis: Axis = "row" if "row" in told else "column"
    return Line(table=told["table"], axis=axis, title=told[axis])


def _sheets(path: Path) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """The tables of one file: `peines.csv`, `peines.xlsx/Feuille 1`."""
    content = _content(path)
    if path.suffix.lower() == ".csv":
        yield path.name, list(_csv(content))
        return
    book = _workbook(content)
    for name, lines in book:
        if any(map(any, lines)):
            yield f"{path.name}/{name}", lines


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unreadable(file_messages.closed_file(type(error).__name__)) from None
    if not content:
        raise Unreadable(file_messages.empty_file())
    if len(content) > MAX_BYTES:
        raise Unreadable(file_messages.too_big("un fichier plus gros", f"{MAX_BYTES // 2**20} Mo"))
    return content


def _csv(content: bytes) -> tuple[tuple[str, ...], ...]:
    encoding = "utf-8"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        encoding = "windows-1252"
    text = delimited.decoded(content, encoding)
    return delimited.parse(content, encoding, _delimiter(text), (), MOST_CELLS).rows


def _delimiter(text: str) -> str:
    """The one that the longest of the first lines uses most: a title alone above the headings uses none."""
    first = [line for line in islice(StringIO(text), FIRST_LINES) if line.strip(' ;,\t"\r\n')]
    return max(DELIMITERS, key=lambda one: max((line.count(one) for line in first), default=0))


def _workbook(content: bytes) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Every sheet as a reader sees it: `12%` stays a percentage, a formula without its result is refused."""
    members = archive.unpacked(content, "xlsx")
    if "xl/workbook.xml" not in members:
        raise Unreadable(file_messages.wrong_content("xlsx"))
    styles = ooxml.percent_styles(members)
    parts = {name: part for name, part in ooxml.sheet_parts(members).items() if part in members}
    notables = {name: ooxml.notable(members[part], styles) for name, part in parts.items()}
    for name, notable in notables.items():
        if notable.uncomputed:
            row, column = min(notable.uncomputed)
            raise Unreadable(uncomputed(), f", feuille {name}, ligne {row}, colonne n° {column}")
    try:
        book = CalamineWorkbook.from_filelike(archive.packed(members))
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in notables}
    except CalamineError:
        raise Unreadable(file_messages.broken_file("xlsx")) from None
    except BaseException as error:  # a panic of the library is no Exception
        if type(error).__name__ != "PanicException" and not isinstance(error, Exception):
            raise
        raise Unreadable(file_messages.broken_file("xlsx")) from None
    return [(name, _as_seen(stored, notables[name])) for name, stored in sheets.items()]


def _as_seen(stored: Sequence[Sequence[Any]], notable: ooxml.Notable) -> list[tuple[str, ...]]:
    """Cells of text without the empty columns before the table."""
    rows = [
        tuple(notable.texts.get((row, column), as_text(cell)) for column, cell in enumerate(cells, 1))
        for row, cells in enumerate(stored, 1)
    ]
    filled = (row for row in rows if any(cell.strip() for cell in row))
    margin = min((next(n for n, cell in enumerate(row) if cell.strip()) for row in filled), default=0)
    return [row[margin:] for row in rows]
