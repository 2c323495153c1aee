"""The working copy of a supporting document: the same pages, without what the file says beside them.

The original is sealed as it came; people open the copy. What was removed is told in French by its nature, never by
its value. Antivirus is another matter: `scan`.
Source: docs/methods/supporting-documents.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from attrs import frozen
from PIL import Image, ImageCms

from egide.errors import Defect
from egide_registry.files.clean_pdf import clean_pdf
from egide_registry.files.kinds import PICTURE_FORMATS, PLACE, FileRefused, Kind

_ORIENTATION, _GPS, _MAKER_AND_DATES = 0x0112, 0x8825, 0x8769
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
QUALITY = 95  # of a JPEG made anew: its loss is not seen


@frozen(kw_only=True)
class CleanCopy:
    data: bytes
    removed: tuple[str, ...]  # "position GPS", "auteur et commentaires": natures, never values


def clean_copy(kind: Kind, data: bytes) -> CleanCopy:
    """The copy to work with, of a file that `kinds.examine` accepted. The same file gives the same copy.

    Refuses a file that cannot be rewritten whole: a half-cleaned copy would be believed clean.
    """
    if kind is Kind.PDF:
        made, removed = clean_pdf(data)
    else:
        try:
            made, removed = _clean_picture(kind, data)
        except (OSError, ValueError, SyntaxError) as problem:
            way_out = "Ouvrez cette image, enregistrez-la de nouveau en JPEG ou en PNG, puis joignez-la."
            got = "une image qui ne se réécrit pas"
            raise FileRefused([Defect(place=PLACE, expected="une image", got=got, way_out=way_out)]) from problem
    return CleanCopy(data=made, removed=removed)


def _clean_picture(kind: Kind, data: bytes) -> tuple[bytes, tuple[str, ...]]:
    with Image.open(BytesIO(data), formats=PICTURE_FORMATS[kind]) as opened:
        opened.load()
        removed = tuple(dict.fromkeys(_beside(opened)))
        turn = _UPRIGHT.get(opened.getexif().get(_ORIENTATION, 1))
        picture = _plain(kind, opened)
        if turn is not None:
            picture = picture.transpose(turn)
    # From its pixels alone: a copy made by Pillow would carry the comments of the first.
    fresh = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    made = BytesIO()
    if kind is Kind.JPEG:
        fresh.save(made, format="JPEG", quality=QUALITY, subsampling=0, optimize=True)
    else:
        fresh.save(made, format="PNG", optimize=True)
    return made.getvalue(), removed


def _plain(kind: Kind, picture: Image.Image) -> Image.Image:
    """Without palette, transparent colour nor profile: colours are brought to the usual ones (sRGB) first."""
    profile = picture.info.get("icc_profile")
    if picture.mode == "P" or "transparency" in picture.info:
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK"):
        usual = ImageCms.createProfile("sRGB")
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            picture = ImageCms.profileToProfile(picture, source, usual, outputMode=mode) or picture
        except (ImageCms.PyCMSError, OSError):
            pass  # a damaged profile changes no pixel: the picture is read as any viewer would without it
    if kind is Kind.JPEG and picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    return picture


def _beside(picture: Image.Image) -> Iterator[str]:
    """The nature of each thing that the file says beside its pixels."""
    exif = picture.getexif()
    if exif.get_ifd(_GPS):
        yield "position GPS"
    if exif.get_ifd(_MAKER_AND_DATES) or set(exif) - {_ORIENTATION}:
        yield "données de prise de vue (EXIF)\u00a0: appareil, dates, auteur"
    if exif.get(_ORIENTATION, 1) != 1:
        yield "indication d’orientation (l’image a été redressée)"
    if {"xmp", "XML:com.adobe.xmp"} & set(picture.info):
        yield "métadonnées XMP"
    if "photoshop" in picture.info:
        yield "métadonnées IPTC"
    if "comment" in picture.info or set(getattr(picture, "text", ())) - {"XML:com.adobe.xmp"}:
        yield "commentaires et textes joints à l’image"
    if "icc_profile" in picture.info:
        yield "profil de couleur de l’appareil (couleurs ramenées au profil usuel)"
    if getattr(picture, "n_frames", 1) > 1:
        yield "images secondaires ajoutées par le téléphone"
