"""Which files may be joined to a request. The bytes decide, never the name nor the type that a browser declares.

A file that is refused is refused with everything that is wrong with it. Its name is personal (« jugement Untel.pdf »),
so no message repeats it: only its extension, when it looks like one.
Source: docs/methods/supporting-documents.md.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from io import BytesIO

import filetype
import pikepdf
from attrs import field, frozen
from attrs.validators import ge
from PIL import Image

from egide.document.typography import digits
from egide.errors import Defect, Refused
from egide_registry.files import jpeg

PLACE = "Pièce jointe"
MEGABYTE = 1024 * 1024


class Kind(StrEnum):
    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"


EXTENSIONS = {Kind.PDF: ("pdf",), Kind.JPEG: ("jpg", "jpeg"), Kind.PNG: ("png",)}
LABELS = {Kind.PDF: "un document PDF", Kind.JPEG: "une image JPEG", Kind.PNG: "une image PNG"}
# Samsung and Apple telephones join a second picture to the first (MPO): the first is the one that is seen.
PICTURE_FORMATS = {Kind.JPEG: ["JPEG", "MPO"], Kind.PNG: ["PNG"]}

_BY_GUESS = {"pdf": Kind.PDF, "jpg": Kind.JPEG, "png": Kind.PNG, "apng": Kind.PNG}
_AS_PDF = "Ouvrez ce fichier, enregistrez-le ou imprimez-le en PDF, puis joignez le PDF."
_AS_JPEG = "Ouvrez cette image, enregistrez-la en JPEG ou en PNG, puis joignez-la de nouveau."
_OTHERS = {
    "docx": ("un document Word", _AS_PDF),
    "doc": ("un document Word", _AS_PDF),
    "odt": ("un document OpenDocument", _AS_PDF),
    "rtf": ("un document RTF", _AS_PDF),
    "xlsx": ("un classeur Excel", _AS_PDF),
    "xls": ("un classeur Excel", _AS_PDF),
    "ods": ("un classeur OpenDocument", _AS_PDF),
    "pptx": ("une présentation PowerPoint", _AS_PDF),
    "tif": ("une image TIFF", _AS_JPEG),
    "webp": ("une image WebP", _AS_JPEG),
    "gif": ("une image GIF", _AS_JPEG),
    "bmp": ("une image BMP", _AS_JPEG),
    "avif": ("une image AVIF", _AS_JPEG),
    "heic": ("une photo HEIC (iPhone)", _AS_JPEG),
    "zip": ("une archive ZIP", "Joignez séparément chacun des documents qu’elle contient."),
    "7z": ("une archive 7-Zip", "Joignez séparément chacun des documents qu’elle contient."),
    "rar": ("une archive RAR", "Joignez séparément chacun des documents qu’elle contient."),
    "exe": ("un programme", "Un programme ne se joint pas à une demande."),
}
_DAMAGED = "Ouvrez-le sur votre ordinateur pour vérifier qu’il est entier, puis joignez-le de nouveau."


@frozen(kw_only=True)
class Limits:
    """What a file may weigh once received, and once opened. Settings of the department's service, not law."""

    octets: int = field(default=15 * MEGABYTE, validator=ge(1))
    pages: int = field(default=200, validator=ge(1))
    pixels: int = field(default=60_000_000, validator=ge(1))  # of one picture
    unpacked: int = field(default=400 * MEGABYTE, validator=ge(1))  # of all the streams of a PDF together


DEFAULTS = Limits()

# The whole process, once: a stream of a few kilobytes may not unpack to gigabytes, nor hide behind twenty filters.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=DEFAULTS.unpacked,
    run_length_max_memory=DEFAULTS.unpacked,
    png_max_memory=DEFAULTS.unpacked,
    tiff_max_memory=DEFAULTS.unpacked,
    max_stream_filters=4,
)


@frozen(kw_only=True)
class Examined:
    """A file that may be joined."""

    kind: Kind
    pages: int  # 1 for a picture


class FileRefused(Refused):
    """A supporting document that cannot be taken, with every reason."""


def examine(name: str, data: bytes, limits: Limits = DEFAULTS) -> Examined:
    """The kind of a file, by its bytes and by opening it.

    Takes the name for its extension only. Refuses, all together: an empty or too heavy file, a kind that is not
    accepted, an extension that says another kind, an encrypted, damaged, XFA or oversized PDF, a damaged, animated or
    oversized picture.
    """
    if not data:
        raise FileRefused([_defect("un fichier", "un fichier vide", _DAMAGED)])
    defects: list[Defect] = []
    if len(data) > limits.octets:
        way_out = "Numérisez en niveaux de gris à 200 points par pouce, ou joignez le document en plusieurs fichiers."
        defects.append(_defect(f"{_megabytes(limits.octets)} au plus", _megabytes(len(data)), way_out))
    guess = filetype.guess_extension(data)
    kind = _BY_GUESS.get(guess or "")
    if kind is None:
        got, way_out = _OTHERS.get(guess or "", ("un autre type de fichier", _AS_PDF))
        raise FileRefused([*defects, _defect("un PDF, une image JPEG ou PNG", got, way_out)])
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in EXTENSIONS[kind]:
        wanted = " ou ".join(f".{one}" for one in EXTENSIONS[kind])
        got = f".{extension}" if re.fullmatch(r"[a-z0-9]{1,5}", extension) else "un nom sans extension connue"
        way_out = f"Le contenu est {LABELS[kind]}\u00a0: renommez le fichier, ou vérifiez que c’est le bon."
        defects.append(_defect(f"un nom en {wanted}", got, way_out))
    pages = 1
    if len(data) <= limits.octets:  # a file too heavy is not opened: opening is what costs
        if kind is Kind.PDF:
            found, pages = _pdf_defects(data, limits)
        else:
            found = list(_picture_defects(kind, data, limits))
        defects.extend(found)
    if defects:
        raise FileRefused(defects)
    return Examined(kind=kind, pages=pages)


def _pdf_defects(data: bytes, limits: Limits) -> tuple[list[Defect], int]:
    if _unpacked(data, limits.unpacked) > limits.unpacked:
        # Before the first reading: object streams are unpacked by the reading itself.
        got = f"plus de {_megabytes(limits.unpacked)} une fois décompressé"
        return [_defect("un PDF de taille ordinaire", got, _AS_PDF)], 0
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            return list(_opened_defects(pdf, limits)), len(pdf.pages)
    except pikepdf.PasswordError:
        return [_encrypted()], 0
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        return [_defect("un PDF qui s’ouvre", "un PDF abîmé ou incomplet", _DAMAGED)], 0


def _opened_defects(pdf: pikepdf.Pdf, limits: Limits) -> Iterator[Defect]:
    if pdf.is_encrypted:
        yield _encrypted()
    pages = len(pdf.pages)
    if not 1 <= pages <= limits.pages:
        way_out = "Joignez le document en plusieurs fichiers." if pages else _DAMAGED
        yield _defect(f"de 1 à {limits.pages} pages", f"{_number(pages)} pages", way_out)
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        way_out = "Ouvrez-le dans Acrobat, imprimez-le en PDF, puis joignez ce PDF."
        yield _defect("un PDF dont les pages sont écrites", "un formulaire dynamique (XFA)", way_out)
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == pikepdf.Name.Image:
            width, height = int(one.get("/Width", 0)), int(one.get("/Height", 0))
            if width * height > limits.pixels:
                yield _too_many_pixels(width, height, limits)


def _picture_defects(kind: Kind, data: bytes, limits: Limits) -> Iterator[Defect]:
    """Sizes are read in the header, before any pixel is unpacked."""
    try:
        width, height = jpeg.size(data) if kind is Kind.JPEG else _png_size(data)
        if width * height > limits.pixels:
            yield _too_many_pixels(width, height, limits)
            return
        with Image.open(BytesIO(data), formats=PICTURE_FORMATS[kind]) as picture:
            if kind is Kind.PNG and getattr(picture, "is_animated", False):
                yield _defect("une image fixe", "une image animée", _AS_JPEG)
            picture.load()
    except (OSError, ValueError, SyntaxError, IndexError, zlib.error):
        yield _defect("une image qui s’ouvre", "une image abîmée ou incomplète", _DAMAGED)


def _png_size(data: bytes) -> tuple[int, int]:
    if data[12:16] != b"IHDR":
        raise ValueError("no header")
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


_STREAM = re.compile(rb"stream[ \t]*\r?\n?")
_PIECE, _MOST_AT_ONCE = 16 * 1024, 4 * MEGABYTE
_DEFLATED = tuple(bytes((0x10 * window + 8,)) for window in range(8))  # first octet of a deflated stream


def _unpacked(data: bytes, most: int) -> int:
    """Octets read and written to unpack the deflated streams of a PDF; counting stops just above `most`."""
    total = 0
    for start in _STREAM.finditer(data):
        if data[start.end() : start.end() + 1] not in _DEFLATED:
            continue
        try:
            for spent in _spent(data, start.end()):
                total += spent
                if total > most:
                    return total
        except zlib.error:
            continue  # not deflated after all, or damaged: opening it will tell
    return total


def _spent(data: bytes, start: int) -> Iterator[int]:
    """What each step of unpacking one stream read and wrote: reading counts too, or empty blocks would cost nothing."""
    unpacker = zlib.decompressobj()
    for first in range(start, len(data), _PIECE):
        piece = data[first : first + _PIECE]
        yield len(piece)
        while piece and not unpacker.eof:
            yield len(unpacker.decompress(piece, _MOST_AT_ONCE))
            piece = unpacker.unconsumed_tail
        if unpacker.eof:
            return


def _encrypted() -> Defect:
    way_out = "Enregistrez-le sans mot de passe ni protection\u00a0: le registre chiffre lui-même chaque pièce."
    return _defect("un PDF sans mot de passe", "un PDF protégé", way_out)


def _too_many_pixels(width: int, height: int, limits: Limits) -> Defect:
    expected = f"une image de {_number(limits.pixels // 1_000_000)} millions de points au plus"
    way_out = "Réduisez l’image, ou numérisez à 200 points par pouce."
    return _defect(expected, f"{_number(width)} sur {_number(height)} points", way_out)


def _defect(expected: str, got: str, way_out: str) -> Defect:
    return Defect(place=PLACE, expected=expected, got=got, way_out=way_out)


def _number(number: int) -> str:
    return digits(Fraction(number))


def _megabytes(octets: int) -> str:
    return f"{digits(Fraction(octets, MEGABYTE), 1)}\u00a0Mo"
