"""What the streams inside a PDF say beside what they draw: pictures taken by a telephone, profiles of a screen.

Pixels and colours stay as they are: only what describes the device, the place or the author is cut or blanked.
Source: docs/methods/supporting-documents.md; ITU-T T.81, ISO 15444-1 annex I, ICC.1:2022.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterator, Mapping

from pikepdf import Array, Dictionary, Name, Stream

from egide_registry.files import jpeg

PICTURES = "métadonnées des images du document"
_PROFILES = "description des profils de couleur"
_DRAWN_BOXES = (b"jP  ", b"ftyp", b"rreq", b"jp2h", b"jp2c", b"jpch", b"jplh", b"ftbl", b"mdat")
_TEXTS = (b"desc", b"cprt", b"dmnd", b"dmdd", b"meta", b"dscm", b"vued", b"view", b"targ", b"tech", b"calt", b"psid")
_UNWRAP: Mapping[str, Callable[[bytes], bytes]] = {
    "/FlateDecode": zlib.decompress,
    "/ASCII85Decode": lambda data: base64.a85decode(data.strip().removesuffix(b"~>")),
    "/ASCIIHexDecode": lambda data: bytes.fromhex(data.strip().removesuffix(b">").decode("ascii")),
}
_KNOWN = {*_UNWRAP, "/LZWDecode", "/RunLengthDecode", "/CCITTFaxDecode", "/JBIG2Decode", "/DCTDecode", "/JPXDecode"}


def clean_stream(one: Stream) -> Iterator[str]:
    """Relieve one stream in place; tells the nature of what was removed.

    Refuses (ValueError) an unknown filter, and a picture that cannot be read segment by segment.
    """
    for key in ("/F", "/FFilter", "/FDecodeParms"):  # the content of a stream may be in a file outside
        if key in one:
            del one[key]
    filters = _filters(one)
    if unknown := set(filters) - _KNOWN:
        raise ValueError(f"nobody reads a stream of {sorted(unknown)}")
    if filters[-1:] == ["/DCTDecode"]:
        yield from _replaced(one, filters, jpeg.stripped)
    elif filters[-1:] == ["/JPXDecode"]:
        yield from _replaced(one, filters, drawn_boxes)
    elif "/N" in one and isinstance(one.get("/N"), int) and "/Type" not in one:
        profile = one.read_bytes()
        if profile[36:40] == b"acsp":
            blank = blanked_profile(profile)
            if blank != profile:
                one.write(blank)
                yield _PROFILES


def _filters(one: Stream) -> list[str]:
    value = one.get("/Filter")
    if isinstance(value, Array):
        return [str(each) for each in value]
    return [] if value is None else [str(value)]


def _replaced(one: Stream, filters: list[str], strip: Callable[[bytes], bytes]) -> Iterator[str]:
    picture = one.read_raw_bytes()
    for wrapping in filters[:-1]:
        if wrapping not in _UNWRAP:
            raise ValueError(f"a picture wrapped by {wrapping}")
        picture = _UNWRAP[wrapping](picture)
    bare = strip(picture)
    if len(filters) == 1 and bare == picture:
        return
    parameters = one.get("/DecodeParms")
    if isinstance(parameters, Array):  # one for each filter; only the last is left
        parameters = parameters[len(parameters) - 1]
    one.write(bare, filter=Name(filters[-1]), decode_parms=parameters if isinstance(parameters, Dictionary) else None)
    if bare != picture:
        yield PICTURES


def drawn_boxes(data: bytes) -> bytes:
    """A JPEG 2000 file with only the boxes that draw; a bare codestream as it is."""
    if data[:4] == b"\xff\x4f\xff\x51":
        return data
    kept, start = b"", 0
    while start + 8 <= len(data):
        length, kind = int.from_bytes(data[start : start + 4]), data[start + 4 : start + 8]
        if length == 1:
            length = int.from_bytes(data[start + 8 : start + 16])
        elif length == 0:  # up to the end of the file
            length = len(data) - start
        if length < 8:
            raise ValueError("a box shorter than its own header")
        if kind in _DRAWN_BOXES:
            kept += data[start : start + length]
        start += length
    return kept


def blanked_profile(data: bytes) -> bytes:
    """An ICC profile whose numbers stay and whose texts (a screen's name is often its owner's) and dates are zeros."""
    profile = bytearray(data)
    for first, last in ((24, 36), (48, 56), (80, 100)):  # date; maker and model; program and identifier
        profile[first:last] = bytes(last - first)
    for entry in range(132, 132 + 12 * int.from_bytes(data[128:132]), 12):
        if entry + 12 > len(data):
            raise ValueError("a profile shorter than its table")
        start, size = int.from_bytes(data[entry + 4 : entry + 8]), int.from_bytes(data[entry + 8 : entry + 12])
        if data[entry : entry + 4] in _TEXTS and start + size <= len(data):
            profile[start + 8 : start + size] = bytes(max(0, size - 8))  # its type stays
    return bytes(profile)
