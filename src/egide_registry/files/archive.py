"""What leaves the registry: one encrypted archive, every page of it stamped. [I/O: chance, for the password and salts]

AES-256 (WinZip AE-2: no checksum of the clear text is left outside). A zip shows the names and sizes of its files to
anybody: names are numbers here, and what each file is stands in the manifest, which is encrypted like the rest. The
password is returned apart and stored nowhere.
Source: docs/methods/supporting-documents.md.
"""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from io import BytesIO

import pikepdf
import pyzipper
from attrs import field, frozen
from attrs.validators import instance_of, min_len
from pikepdf import Dictionary, Name, Stream
from PIL import Image, ImageOps

from egide_registry.files.kinds import PICTURE_FORMATS, Kind
from egide_registry.files.stamp import Watermark, stamped

MANIFEST = "manifeste.json"
# Read aloud and typed without doubt: no capital, no i, l, o, 0, 1.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _LETTERS_A_GROUP = 8, 4  # 158 bits
_A4, _MARGIN = (595.28, 841.89), 36.0


@frozen(kw_only=True)
class Exported:
    """One file to export, from clean copies or acts."""

    label: str = field(validator=min_len(1))  # "arrêté de refus": told in the manifest only
    kind: Kind = field(validator=instance_of(Kind))
    data: bytes = field(repr=False)


@frozen(kw_only=True)
class Archive:
    """The archive, and apart its password: they must not travel by the same way."""

    data: bytes = field(repr=False)
    password: str = field(repr=False)
    sha256: str  # of the archive, for the journal
    files: int


def new_password() -> str:
    """Eight groups of four letters and digits, drawn by the system's generator: « k7mq-x2hd-… »."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(_LETTERS_A_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def archive(files: Iterable[Exported], watermark: Watermark, *, password: str | None = None) -> Archive:
    """Every file as a stamped PDF, a manifest with their fingerprints, in one encrypted zip.

    `password`: one of `new_password` that was shown already, or none to draw one.
    Refuses (ValueError) an export of nothing.
    """
    pages = [(one.label, stamped(_as_pdf(one), watermark)) for one in files]
    if not pages:
        raise ValueError("Un export contient au moins un fichier.")
    named = {f"piece-{number:03}.pdf": page for number, page in enumerate(pages, start=1)}
    password = password or new_password()
    made = BytesIO()
    with pyzipper.AESZipFile(made, "w", compression=pyzipper.ZIP_DEFLATED) as folder:
        folder.setpassword(password.encode("ascii"))
        folder.setencryption(pyzipper.WZ_AES, nbits=256, force_wz_aes_version=2)
        for name, data in [
            (MANIFEST, manifest(named, watermark)),
            *((name, data) for name, (_, data) in named.items()),
        ]:
            entry = folder.zipinfo_cls(filename=name, date_time=_midnight(watermark.on))
            entry.compress_type = pyzipper.ZIP_DEFLATED
            folder.writestr(entry, data)
    data = made.getvalue()
    return Archive(data=data, password=password, sha256=sha256(data).hexdigest(), files=len(pages))


def manifest(named: dict[str, tuple[str, bytes]], watermark: Watermark) -> bytes:
    """Who exported what, why, until when, and the SHA-256 of each file, as JSON that a person can read."""
    said = {
        "export": {
            "journal": watermark.journal,
            "mandat": watermark.mandate,
            "motif": watermark.purpose,
            "fait le": watermark.on.isoformat(),
            "à détruire avant le": watermark.expires.isoformat(),
        },
        "fichiers": [
            {"nom": name, "contenu": label, "octets": len(data), "sha256": sha256(data).hexdigest()}
            for name, (label, data) in named.items()
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=2).encode() + b"\n"


def _as_pdf(one: Exported) -> bytes:
    return one.data if one.kind is Kind.PDF else picture_page(one.kind, one.data)


def picture_page(kind: Kind, data: bytes) -> bytes:
    """One A4 page that shows a picture whole and never larger than 100 points per inch: it can then bear the stamp."""
    with Image.open(BytesIO(data), formats=PICTURE_FORMATS[kind]) as opened:
        upright = ImageOps.exif_transpose(opened)
        if upright.mode in ("LA", "PA", "P", "RGBA") or "transparency" in upright.info:
            seen = upright.convert("RGBA")
            ground = Image.new("RGBA", seen.size, "white")  # what is transparent shows the paper
            picture = Image.alpha_composite(ground, seen).convert("RGB")
        else:
            picture = upright.convert("L" if upright.mode in ("1", "L") else "RGB")
    width, height = picture.size
    paper = _A4 if height >= width else _A4[::-1]
    scale = min((paper[0] - 2 * _MARGIN) / width, (paper[1] - 2 * _MARGIN) / height, 72 / 100)
    drawn = (width * scale, height * scale)
    left, bottom = (paper[0] - drawn[0]) / 2, (paper[1] - drawn[1]) / 2
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=paper)
        raw = Stream(pdf, zlib.compress(picture.tobytes()))
        raw.Type, raw.Subtype, raw.Filter = Name.XObject, Name.Image, Name.FlateDecode
        raw.Width, raw.Height, raw.BitsPerComponent = width, height, 8
        raw.ColorSpace = Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB
        page = pdf.pages[0]
        page.obj.Resources = Dictionary(XObject=Dictionary(Image=raw))
        page.obj.Contents = Stream(
            pdf, f"q {drawn[0]:.3f} 0 0 {drawn[1]:.3f} {left:.3f} {bottom:.3f} cm /Image Do Q".encode()
        )
        made = BytesIO()
        pdf.save(made, deterministic_id=True)
        return made.getvalue()


def _midnight(day: date) -> tuple[int, int, int, int, int, int]:
    return (day.year, day.month, day.day, 0, 0, 0)
