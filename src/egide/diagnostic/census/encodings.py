"""In what encoding a text file is written, found without guessing letter by letter. [I/O]

UTF-8 and UTF-16 prove themselves; what is neither is windows-1252, as French spreadsheets write it, unless a part of
the file is UTF-8: two exports glued together would otherwise give wrong letters in silence.
Source: docs/methods/ad-census.md.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from egide.diagnostic.census import messages
from egide.sources import file_messages
from egide.sources.archive import Unreadable

CHUNK = 2**20
_NEWLINE = b"\n"
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ESCAPED = re.compile("[\udc80-\udcff]")
_WIDE = re.compile("[^\x00-\x7f\udc80-\udcff]")
_MOSTLY = 0.3  # share of nul bytes on one side that tells UTF-16 from a binary file


def encoding_of(path: Path) -> str:
    """A name for `open`. Raises Unreadable for a binary file, a mixture, or an encoding that is none of ours."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(_UTF32):
        raise Unreadable(file_messages.wrong_encoding("utf-8", "du texte en UTF-32"))
    if head.startswith(_UTF16):
        return _proven(path, "utf-16")
    if head.startswith(codecs.BOM_UTF8):
        return _proven(path, "utf-8-sig")
    for first, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        if head[first::2].count(0) > _MOSTLY * len(head) / 2 and not head[1 - first :: 2].count(0):
            return _proven(path, codec)
    return _utf8_or_windows(path)


def _proven(path: Path, codec: str) -> str:
    place = _first_wrong_line(path, codec)
    if place:
        raise Unreadable(file_messages.wrong_encoding("utf-8", f"du texte abîmé en {codec.upper()}"), place)
    return codec


def _utf8_or_windows(path: Path) -> str:
    wrong = _first_wrong_line(path, "utf-8")
    if not wrong:
        return "utf-8"
    broken = wide = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            text = chunk.decode("utf-8", errors="surrogateescape")
            broken += len(_ESCAPED.findall(text))
            wide += len(_WIDE.findall(text))
    # Windows-1252 holds the odd pair that UTF-8 allows (« É» », say); a mixture holds as many as the other has errors.
    if wide >= broken:
        raise Unreadable(messages.mixed_encodings(wrong.removeprefix(", ")))
    if _first_wrong_line(path, "cp1252"):
        raise Unreadable(messages.unknown_encoding())
    return "cp1252"


def _first_wrong_line(path: Path, codec: str) -> str:
    """`", ligne 12"` of the first byte that the codec refuses, `""` when there is none. Raises for nul bytes."""
    decoder = codecs.getincrementaldecoder(codec)()
    lines = 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            if b"\0" in chunk and not codec.startswith("utf-16"):
                nul = lines + chunk.count(_NEWLINE, 0, chunk.index(b"\0"))
                raise Unreadable(file_messages.binary_content(), f", ligne {nul}")
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return f", ligne {lines + chunk.count(_NEWLINE, 0, max(error.start, 0))}"
            if not chunk:
                return ""
            lines += chunk.count(_NEWLINE)
