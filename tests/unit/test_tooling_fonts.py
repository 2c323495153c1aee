"""The vendored fonts draw every sign a French page of figures needs, in the PDF and in the figures.

Both engines fall back in silence when a font or a sign is missing, so look at the fonts that reach the file.
"""

import io
from pathlib import Path

import pypdf
import typst
import vl_convert

import egide

FONTS = Path(egide.__file__).parent / "document/render/assets/fonts"
SIGNS = "1\u202f234\u202f567 ; 12\u202f% ; «\u202fÉté\u202f» ; cœur ; l’an ; − × ≥ ≤ ≈ € … – — n° ½ ² ← ↑ → ↓"


def embedded(pdf: bytes) -> set[str]:
    """Names of the fonts inside a PDF, without the six letters that mark a subset."""
    names = set()
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            names.add(str(font.get_object()["/BaseFont"]).lstrip("/").split("+")[-1])
    return names


def test_typst_draws_every_sign_with_the_vendored_fonts_alone():
    page = f'#set text(font: "Public Sans", lang: "fr")\n{SIGNS} _{SIGNS}_ *{SIGNS}* _*{SIGNS}*_'
    pdf, warnings = typst.compile_with_warnings(page.encode(), font_paths=[FONTS], ignore_system_fonts=True)
    assert [warning.message for warning in warnings] == []
    assert {name.split("-Identity")[0] for name in embedded(pdf)} == {
        "PublicSans-Regular",
        "PublicSans-Italic",
        "PublicSans-Bold",
        "PublicSans-BoldItalic",
    }


def test_a_figure_draws_its_title_and_its_numbers_with_the_vendored_fonts_alone():
    vl_convert.register_font_directory(str(FONTS))
    chart = {
        "title": SIGNS,
        "data": {"values": [{"persons": 1234567}]},
        "mark": "bar",
        "encoding": {"x": {"field": "persons", "type": "quantitative", "axis": {"format": ",.0f"}}},
        "config": {"font": "Public Sans"},
    }
    numbers = {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u202f€"]}
    pdf = vl_convert.vegalite_to_pdf(chart, format_locale=numbers)
    assert {name.split("-")[0] for name in embedded(pdf)} == {"PublicSans"}
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "cœur" in text and "200\u202f000" in text
