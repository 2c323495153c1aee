"""Open a delivery and turn it into cells of text. The only file of `sources` that opens a delivery. [I/O]

Whatever the bytes, the answer is a RawDelivery or a DeliveryRefused in French: never another exception, never more
memory or time than the limits below allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from egide.errors import DeliveryRefused
from egide.sources import archive, delimited, file_messages, ooxml, opendocument
from egide.sources.archive import Unreadable
from egide.sources.check import DeliveryReport, check_delivery
from egide.sources.raw import RawDelivery, RawSheet, Row
from egide.sources.report import DeliveryDefect
from egide.sources.schema import FileFormat, SourceSchema

MAX_BYTES = 64 * 2**20
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # container of .xls and of encrypted .xlsx
_ZIP = b"PK\x03\x04"

_Stored = int | float | str | bool | time | date | datetime | timedelta


def read_delivery(path: Path, schema: SourceSchema) -> RawDelivery:
    """The cells of every sheet the schema knows. Other sheets come without rows, for the check to name them.

    Raises: DeliveryRefused when the file is not what the schema announces or cannot be read whole.
    """
    try:
        content = _content(path, schema.format)
        sheets = _sheets(content, schema)
    except Unreadable as fault:
        raise DeliveryRefused([DeliveryDefect.of(fault.complaint, path.name + fault.where)]) from None
    return RawDelivery(file_name=path.name, sha256=sha256(content).hexdigest(), sheets=sheets)


def check_file(path: Path, schema: SourceSchema, known_on: date) -> DeliveryReport:
    """Read and check: one report whatever happens, so that a sender sees the same thing for any fault."""
    try:
        raw = read_delivery(path, schema)
    except DeliveryRefused as refusal:
        return DeliveryReport(
            source=schema.source,
            file_name=path.name,
            facts=(),
            defects=tuple(defect for defect in refusal.defects if isinstance(defect, DeliveryDefect)),
        )
    return check_delivery(raw, schema, known_on)


def _content(path: Path, expected: FileFormat) -> bytes:
    try:
        if not path.exists():
            raise Unreadable(file_messages.absent_file())
        if not path.is_file():
            raise Unreadable(file_messages.not_a_file())
        if path.suffix.lower() != f".{expected}":
            raise Unreadable(file_messages.wrong_suffix(expected, path.suffix))
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name no file system takes
        raise Unreadable(file_messages.closed_file(type(error).__name__)) from None
    if not content:
        raise Unreadable(file_messages.empty_file())
    if len(content) > MAX_BYTES:
        raise Unreadable(file_messages.too_big("un fichier plus gros", f"{MAX_BYTES // 2**20} Mo"))
    return content


def _sheets(content: bytes, schema: SourceSchema) -> tuple[RawSheet, ...]:
    if schema.format is FileFormat.CSV:
        if content.startswith((_OLE, _ZIP)):
            raise Unreadable(file_messages.wrong_content("csv", "un classeur"))
        names = [spec.name for spec in schema.sheets[0].fields]
        return (delimited.parse(content, schema.encoding, schema.delimiter, names),)
    if content.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise Unreadable(
            file_messages.locked_file()
            if encrypted
            else file_messages.wrong_content(schema.format, "un ancien classeur .xls")
        )
    if not content.startswith(_ZIP):
        raise Unreadable(file_messages.wrong_content(schema.format))
    members = archive.unpacked(content, schema.format)
    scan = _scan_xlsx if schema.format is FileFormat.XLSX else _scan_ods
    return _workbook(members, scan(members, [sheet.name for sheet in schema.sheets]), schema)


def _scan_xlsx(members: dict[str, bytes], wanted: Sequence[str]) -> dict[str, ooxml.Notable]:
    if "xl/workbook.xml" not in members:
        raise Unreadable(file_messages.wrong_content("xlsx"))
    parts = ooxml.sheet_parts(members)
    styles = ooxml.percent_styles(members)
    if any(parts[name] not in members for name in wanted if name in parts):
        raise Unreadable(file_messages.broken_file("xlsx"))
    return {name: ooxml.notable(members[parts[name]], styles) for name in wanted if name in parts}


def _scan_ods(members: dict[str, bytes], _wanted: Sequence[str]) -> dict[str, ooxml.Notable]:
    if members.get("mimetype") != opendocument.MIMETYPE or "content.xml" not in members:
        raise Unreadable(file_messages.wrong_content("ods"))
    if b"encryption-data" in members.get("META-INF/manifest.xml", b""):
        raise Unreadable(file_messages.locked_file())
    return opendocument.notable(members["content.xml"])


def _workbook(
    members: dict[str, bytes], notables: dict[str, ooxml.Notable], schema: SourceSchema
) -> tuple[RawSheet, ...]:
    try:
        book = CalamineWorkbook.from_filelike(archive.packed(members))
        names = list(book.sheet_names)
        tables = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in names
            if name in notables and schema.sheet(name)
        }
    except CalamineError:
        raise Unreadable(file_messages.broken_file(schema.format)) from None
    except BaseException as error:  # a panic of the library is no Exception
        if type(error).__name__ != "PanicException" and not isinstance(error, Exception):
            raise
        raise Unreadable(file_messages.broken_file(schema.format)) from None
    return tuple(
        _sheet(name, tables[name], notables[name]) if name in tables else RawSheet(name=name, rows=()) for name in names
    )


def _sheet(name: str, table: list[list[_Stored]], notable: ooxml.Notable) -> RawSheet:
    rows: list[Row] = [tuple(map(as_text, row)) for row in table]
    # The library stops at the last cell with a result.
    rows += [()] * (max((row for row, _ in notable.uncomputed), default=0) - len(rows))
    for (row, column), text in notable.texts.items():
        if row <= len(rows) and column <= len(rows[row - 1]):
            cells = list(rows[row - 1])
            cells[column - 1] = text
            rows[row - 1] = tuple(cells)
    return RawSheet(name=name, rows=tuple(rows), uncomputed=notable.uncomputed)


def as_text(stored: _Stored) -> str:
    """What a person would type to store the same thing: `12`, `12.5`, `2025-12-31`, `VRAI`."""
    match stored:
        case str():
            return stored
        case bool():
            return "VRAI" if stored else "FAUX"
        case int() | float():
            return f"{Decimal(repr(stored)).normalize():f}"
        case datetime() if stored.time() == time():
            return stored.date().isoformat()
        case datetime() | date() | time():
            return stored.isoformat()
        case _:
            return str(stored)
