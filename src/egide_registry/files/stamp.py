"""Who exported a page, why and until when, printed on the page itself. [I/O: reads the template and the fonts]

Each page grows a band at its foot, so that nothing of the document is hidden, and bears the journal number across.
The stamp is an artifact: a screen reader passes it, and a tagged document stays PDF/UA.
Source: docs/methods/supporting-documents.md.
"""

from __future__ import annotations

import json
import math
from datetime import date
from io import BytesIO
from itertools import count

import pikepdf
from attrs import field, frozen
from attrs.validators import matches_re, min_len
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

from egide.document.render.pdf import typeset
from egide.document.typography import sentence
from egide_registry.files.pdf import day, template

_SIZE, _LINE, _AROUND = 6.5, 9.0, 10.0  # points: letters, lines, white around the band
_WIDEST_LETTER = 0.62  # of its size, on average over a line of capitals and digits


@frozen(kw_only=True)
class Watermark:
    """What an exported page says of its export. Codes and purpose only: the mandate is told by its opaque id."""

    mandate: str = field(validator=matches_re(r"[A-Za-z0-9-]{1,40}"))
    journal: str = field(validator=matches_re(r"[A-Za-z0-9-]{1,40}"))  # number of the journal's entry
    purpose: str = field(validator=min_len(1))
    on: date
    expires: date

    def __attrs_post_init__(self) -> None:
        if self.expires < self.on:
            raise ValueError("Un export expire après le jour où il est fait.")

    @property
    def text(self) -> str:
        return sentence(
            f"Export n° {self.journal} – mandat {self.mandate} – motif : {self.purpose} – fait le {day(self.on)} – "
            f"à détruire avant le {day(self.expires)} – document confidentiel, diffusion interdite"
        )


def stamped(data: bytes, watermark: Watermark) -> bytes:
    """The same PDF with the stamp on each page. The same bytes and stamp give the same result."""
    forms: dict[tuple[float, float], Object] = {}
    with pikepdf.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            _stamp(pdf, page, watermark, forms)
        made = BytesIO()
        pdf.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        return made.getvalue()


def _stamp(pdf: Pdf, page: Page, watermark: Watermark, forms: dict[tuple[float, float], Object]) -> None:
    left, bottom, right, top = _box(page)
    turn = int(page.obj.get("/Rotate", 0)) % 360
    lying = turn in (90, 270)
    width, height = (top - bottom, right - left) if lying else (right - left, top - bottom)
    band = _band(width, watermark)
    # The band is at the foot of the page as it is seen: which edge that is depends on how the page is turned.
    match turn:
        case 90:
            right += band
            matrix = (0, 1, -1, 0, right, bottom)
        case 180:
            top += band
            matrix = (-1, 0, 0, -1, right, top)
        case 270:
            left -= band
            matrix = (0, -1, 1, 0, left, top)
        case _:
            bottom -= band
            matrix = (1, 0, 0, 1, left, bottom)
    size = (round(width, 2), round(height + band, 2))
    if size not in forms:
        forms[size] = _form(pdf, watermark, *size, band)
    for key in ("/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"):
        if key in page.obj:
            del page.obj[key]
    page.obj["/MediaBox"] = Array([left, bottom, right, top])
    name = page.add_resource(forms[size], Name.XObject, _free_name(page))
    numbers = " ".join(f"{one:.4f}".rstrip("0").rstrip(".") for one in matrix)
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"\nQ\n/Artifact BMC\nq {numbers} cm {name} Do Q\nEMC\n".encode("ascii"))


def _free_name(page: Page) -> Name:
    """A name that the page gives to nothing else; not drawn at random, so that the same export gives the same bytes."""
    taken = page.resources.get("/XObject", Dictionary()).keys()
    return Name(next(name for number in count(1) if (name := f"/Tampon{number}") not in taken))


def _box(page: Page) -> tuple[float, float, float, float]:
    """What is seen of the page: its crop box within its media box."""
    first, second = ([float(one) for one in box.as_list()] for box in (page.mediabox, page.cropbox))
    media, crop = ((min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in (first, second))
    return max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3])


def _band(width: float, watermark: Watermark) -> float:
    letters_a_line = max(10.0, (width - 2 * _AROUND) / (_SIZE * _WIDEST_LETTER))
    return _AROUND + _LINE * math.ceil(len(watermark.text) / letters_a_line)


def _form(pdf: Pdf, watermark: Watermark, width: float, height: float, band: float) -> Object:
    said: dict[str, float | str] = {"width": width, "height": height, "band": band, "size": _SIZE, "around": _AROUND}
    said |= {"text": watermark.text, "across": f"EXPORT {watermark.journal}"}
    inputs = {"stamp": json.dumps(said, ensure_ascii=False)}
    drawn = typeset(template("stamp.typ"), inputs, on=watermark.on, standards=())
    with pikepdf.open(BytesIO(drawn)) as stamp:
        form = stamp.pages[0].as_form_xobject()
        for key in ("/StructParents", "/StructParent"):
            if key in form:
                del form[key]
        return pdf.copy_foreign(form)
