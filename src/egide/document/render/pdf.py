"""The document as one tagged PDF: PDF/UA-1 and PDF/A-3a, each figure's data inside. [I/O: reads template and fonts]

Nothing is taken from the machine: fonts and template travel with the package and every date is the document's own,
so the same document gives the same bytes. A warning of the typesetter is a refusal: a missing letter or font would
otherwise reach the reader in silence. See docs/decisions/pdf-by-typst.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import typst

from egide.document.model import Document
from egide.document.render.pdf_plain import page_data
from egide.errors import Defect, EditionRefused

if TYPE_CHECKING:
    from typst import PDFStandard

_ASSETS = files("egide.document.render") / "assets"
FONTS = Path(str(_ASSETS / "fonts"))
FAMILY = "Public Sans"


def render_pdf(document: Document, *, fonts: Path = FONTS, annex: bool = True) -> bytes:
    """The bytes of the PDF.

    `fonts` is a folder that holds the family Public Sans and is the only place letters come from. `annex` prints
    the data of the charts as tables at the end.
    Raises EditionRefused for a figure without alternative, a link or note to nowhere, a letter that no font holds,
    a level of heading that is skipped, and anything else the typesetter warns of.
    """
    content = json.dumps(page_data(document, annex=annex), ensure_ascii=False)
    return typeset(
        _template(), {"document": content}, on=document.published_on, standards=("a-3a", "ua-1"), fonts=fonts
    )


def typeset(
    template: bytes, inputs: dict[str, str], *, on: date, standards: Sequence[PDFStandard], fonts: Path = FONTS
) -> bytes:
    """The bytes of the PDF that a Typst template makes of plain data; `on` is the day it says it was made.

    Raises EditionRefused for whatever the typesetter refuses or warns of.
    """
    midnight = datetime.combine(on, time(), tzinfo=UTC)
    try:
        made, warnings = typst.compile_with_warnings(
            template,
            font_paths=_fonts(fonts),
            sys_inputs=inputs,
            pdf_standards=list(standards),
            timestamp=midnight,
        )
    except typst.TypstError as error:
        raise EditionRefused([_defect(error)]) from error
    if warnings:
        raise EditionRefused(_defect(warning) for warning in warnings)
    return made


@cache
def _template() -> bytes:
    return (_ASSETS / "letter.typ").read_bytes()


@cache
def _fonts(folder: Path) -> typst.Fonts:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    if FAMILY not in fonts.families():
        found = ", ".join(fonts.families()) or "aucune police"
        way_out = "Indiquez le dossier des polices de l’application."
        raise EditionRefused([Defect(place=str(folder), expected=FAMILY, got=found, way_out=way_out)])
    return fonts


def _defect(trouble: typst.TypstError | typst.TypstWarning) -> Defect:
    return Defect(
        place="mise en page du PDF",
        expected="une composition sans avertissement",
        got=f"« {trouble.message} »",
        way_out=" ; ".join(trouble.hints) or "Corrigez le passage en cause.",
    )
