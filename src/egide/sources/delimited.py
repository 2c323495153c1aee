"""A CSV, strictly: the declared encoding, the declared delimiter, quotes that close.

A file that happens to decode in another encoding would put wrong letters into labels and notes, so doubt refuses.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Collection
from io import StringIO

from egide.sources import file_messages
from egide.sources.archive import MAX_CELLS, Unreadable
from egide.sources.messages import counted
from egide.sources.raw import RawSheet, Row

NEWLINE = b"\n"
MAX_CELL = 100_000  # characters
_BOMS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def parse(
    content: bytes, encoding: str, delimiter: str, headings: Collection[str], most_cells: int = MAX_CELLS
) -> RawSheet:
    """The rows of a CSV. `headings`, the columns of the schema, serve to recognise a wrong delimiter."""
    text = decoded(content, encoding)
    first_line = text.partition("\n")[0].strip("\r")
    if other := _other_delimiter(first_line, delimiter, headings):
        raise Unreadable(file_messages.wrong_delimiter(delimiter, other))
    return RawSheet(name="", rows=_rows(text, delimiter, most_cells))


def decoded(content: bytes, encoding: str) -> str:
    """The text. A byte order mark is accepted before UTF-8, which Excel writes; nowhere else."""
    for mark, name in _BOMS.items():
        if content.startswith(mark):
            raise Unreadable(file_messages.wrong_encoding(encoding, f"du texte en {name}"))
    if b"\0" in content:
        raise Unreadable(file_messages.binary_content(), _line(content, content.index(b"\0")))
    if encoding == "utf-8":
        return _decode(content.removeprefix(codecs.BOM_UTF8), "utf-8", encoding)
    if content.startswith(codecs.BOM_UTF8) or (not content.isascii() and _is_utf8(content)):
        raise Unreadable(file_messages.wrong_encoding(encoding, "du texte en UTF-8"))
    return _decode(content, "cp1252", encoding)


def _decode(content: bytes, codec: str, encoding: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        got = f"l’octet 0x{content[error.start]:02X}"
        where = _line(content, error.start)
    raise Unreadable(file_messages.wrong_encoding(encoding, got), where)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line(content: bytes, position: int) -> str:
    return f", ligne {content.count(NEWLINE, 0, position) + 1}"


def _other_delimiter(line: str, declared: str, headings: Collection[str]) -> str | None:
    """The delimiter that finds more of the expected headings than the declared one, if any."""
    found = {
        delimiter: len({cell.strip(' "') for cell in line.split(delimiter)} & set(headings))
        for delimiter in file_messages.DELIMITER_NAMES
    }
    best = max(found, key=lambda delimiter: found[delimiter])
    return best if found[best] > max(found[declared], 1) else None


def _rows(text: str, delimiter: str, most_cells: int) -> tuple[Row, ...]:
    rows: list[Row] = []
    cells = 0
    previous = csv.field_size_limit(MAX_CELL)
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(tuple(row))
            cells += len(row)
            if cells > most_cells:
                limit = counted(most_cells, "cellule")
                raise Unreadable(file_messages.too_big("un fichier bien plus grand", limit))
    except csv.Error as error:
        complaint = file_messages.endless_cell() if "limit" in str(error) else file_messages.broken_quotes()
        raise Unreadable(complaint, f", ligne {len(rows) + 1}") from None
    finally:
        csv.field_size_limit(previous)
    while rows and not any(rows[-1]):
        rows.pop()
    return tuple(rows)
