"""The segments of a JPEG file: its size without opening it, and the same picture without what is written beside it.

The picture inside a PDF is kept octet for octet (no new loss), so what hides in it must be cut out, not re-encoded.
Source: ITU-T T.81, annex B.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_APP0, _APP14, _APP15 = 0xE0, 0xEE, 0xEF
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# After a scan, the next marker that is neither a stuffed zero, a restart nor a fill octet.
_NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels. Refuses (ValueError) what has no frame."""
    for marker, start, _ in _segments(data):
        if marker in _SIZES:
            return int.from_bytes(data[start + 7 : start + 9]), int.from_bytes(data[start + 5 : start + 7])
    raise ValueError("no frame in this JPEG")


def stripped(data: bytes) -> bytes:
    """The same pixels without EXIF, XMP, IPTC, profiles, comments, second pictures and what follows the end.

    APP0 (JFIF) and APP14 (Adobe, which says how colours are coded) stay: the picture is not the same without them.
    """
    kept = [data[start:end] for marker, start, end in _segments(data) if not _is_aside(marker)]
    return b"".join((bytes((0xFF, _SOI)), *kept, bytes((0xFF, _EOI))))


def _is_aside(marker: int) -> bool:
    return marker == _COM or (_APP0 < marker <= _APP15 and marker != _APP14)


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, first octet, octet after the last) of each segment up to the end of the picture; a scan has its data."""
    if data[:2] != bytes((0xFF, _SOI)):
        raise ValueError("not a JPEG")
    start = 2
    while start + 4 <= len(data):
        if data[start] != 0xFF:
            raise ValueError(f"no marker at {start}")
        marker = data[start + 1]
        if marker == 0xFF:  # a fill octet
            start += 1
            continue
        if marker == _EOI:
            return
        end = start + 2 + int.from_bytes(data[start + 2 : start + 4])
        if marker == _SOS:
            following = _NEXT.search(data, end)
            end = following.start() if following else len(data)
        yield marker, start, end
        start = end
