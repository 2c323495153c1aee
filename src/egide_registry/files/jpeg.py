"""The segments of a JPEG file: its size without opening it, and the same picture without what is written beside it.

The picture inside a PDF is kept octet for octet (no new loss), so what hides in it must be cut out, not re-encoded.
Source: ITU-T T.81, annex B.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP14 = 0xE0, 0xEE
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_DRAWN = frozenset(range(0xC0, 0xD0)) | {_SOS, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF}  # frames, tables, scans
# After a scan, the next marker that is neither a stuffed zero, a restart nor a fill octet.
_NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels. Refuses (ValueError) what has no frame."""
    for marker, start, _ in _segments(data):
        if marker in _SIZES:
            return int.from_bytes(data[start + 7 : start + 9]), int.from_bytes(data[start + 5 : start + 7])
    raise ValueError("no frame in this JPEG")


def stripped(data: bytes) -> bytes:
    """The same pixels without EXIF, XMP, IPTC, profiles, comments, thumbnails, second pictures and what follows.

    What draws is kept, and of the rest only the two notes that say how colours are coded, cut to their fixed part: the
    picture would not be the same without them.
    """
    kept = [_kept(marker, data[start:end]) for marker, start, end in _segments(data)]
    return b"".join((bytes((0xFF, _SOI)), *kept, bytes((0xFF, _EOI))))


def _kept(marker: int, segment: bytes) -> bytes:
    if marker in _DRAWN:
        return segment
    if marker == _APP0 and segment[4:9] == b"JFIF\0":
        return b"\xff\xe0\x00\x10" + segment[4:16].ljust(12, b"\0") + b"\x00\x00"  # a thumbnail of 0 by 0
    if marker == _APP14 and segment[4:9] == b"Adobe":
        return b"\xff\xee\x00\x0e" + segment[4:16].ljust(12, b"\0")
    return b""


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
