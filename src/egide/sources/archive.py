"""Open a zipped spreadsheet without trusting it: bounded size, nothing encrypted, XML without entities.

The members are read once, here, and packed again before the spreadsheet library sees them: what was measured is
what is parsed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Protocol
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from egide.sources import file_messages
from egide.sources.messages import Complaint, counted

MAX_UNPACKED = 128 * 2**20  # bytes, over all the members of one file
MAX_MEMBERS = 2_000
MAX_CELLS = 4_000_000  # of one sheet, up to its last filled row and column

_DAMAGE = (
    BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    OverflowError,
    ValueError,
    struct.error,
    zlib.error,
)


class Unreadable(Exception):
    """The file cannot be read. `where` follows the file name: ", ligne 12"."""

    def __init__(self, complaint: Complaint, where: str = "") -> None:
        self.complaint = complaint
        self.where = where
        super().__init__(complaint.got)


def unpacked(content: bytes, suffix: str) -> dict[str, bytes]:
    """Every member of the archive. Raises Unreadable when it is broken, encrypted or too big once unpacked."""
    members: dict[str, bytes] = {}
    room = MAX_UNPACKED
    try:
        with ZipFile(BytesIO(content)) as archive:
            if len(archive.infolist()) > MAX_MEMBERS:
                raise Unreadable(file_messages.broken_file(suffix))
            for info in archive.infolist():
                if info.flag_bits & 1:
                    raise Unreadable(file_messages.locked_file())
                if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or info.filename in members:
                    raise Unreadable(file_messages.broken_file(suffix))
                with archive.open(info) as stream:
                    members[info.filename] = stream.read(room + 1)
                room -= len(members[info.filename])
                if room < 0:
                    limit = f"{MAX_UNPACKED // 2**20} Mo une fois décompressé"
                    raise Unreadable(file_messages.too_big("bien davantage", limit))
    except _DAMAGE:
        raise Unreadable(file_messages.broken_file(suffix)) from None
    return members


def packed(members: Mapping[str, bytes]) -> BytesIO:
    """The same members in a plain archive, for a library that wants a file."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    file.seek(0)
    return file


class Handler(Protocol):
    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, data: str) -> None: ...


def walk(xml: bytes, handler: Handler, suffix: str) -> None:
    """Feed one XML member to a handler. Names are "namespace local", attributes without namespace are bare."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError):
        raise Unreadable(file_messages.broken_file(suffix)) from None


def _refuse_doctype(*_declaration: object) -> None:
    raise ValueError("a spreadsheet declares no document type, hence no entity")


def check_area(rows: int, columns: int) -> None:
    """A cell filled at the far end of a sheet would make the library allocate everything before it."""
    if rows * columns > MAX_CELLS:
        got = f"{counted(rows, 'ligne')} sur {counted(columns, 'colonne')}"
        raise Unreadable(file_messages.too_big(got, counted(MAX_CELLS, "cellule") + " par feuille"))
