"""The PDF as its readers get it: seen, listened to, searched, its data taken out again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, fields, has
from pypdf import PdfReader

from egide.document.model import Document, Figure, Number, Section, Text
from egide.document.render.pdf import render_pdf
from egide.document.runs import plain
from egide.errors import EditionRefused
from support.pdf_judge import judge
from support.sample_document import CHART, SAMPLE, TABLE_FIGURE

FIGURES = (CHART, TABLE_FIGURE)


@pytest.fixture(scope="module")
def made() -> bytes:
    return render_pdf(SAMPLE)


@pytest.fixture(scope="module")
def pdf(made: bytes) -> PdfReader:
    return PdfReader(BytesIO(made))


def numbers(part: Any) -> Iterator[Number]:
    """Every bound number, however deep."""
    if isinstance(part, Number):
        yield part
    elif has(type(part)):
        for one in fields(type(part)):
            yield from numbers(getattr(part, one.name))
    elif isinstance(part, tuple):
        for one in part:
            yield from numbers(one)


def one_line(text: str) -> str:
    """Ends of lines are the page's; spaces that do not break stay what they are."""
    return re.sub(r"[ \n]+", " ", text)


def text_of(pdf: PdfReader) -> str:
    return one_line("\n".join(page.extract_text() for page in pdf.pages))


def tags(node: Any) -> Iterator[Any]:
    """Every element of the structure, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from tags(child)
    elif isinstance(node, dict):
        yield node
        if "/K" in node:
            yield from tags(node["/K"])


def structure(pdf: PdfReader) -> list[Any]:
    return [tag for tag in tags(pdf.trailer["/Root"]["/StructTreeRoot"]["/K"]) if "/S" in tag]


def titles(sections: tuple[Section, ...]) -> list[Any]:
    found: list[Any] = []
    for section in sections:
        found.append(plain(section.title))
        if section.sections:
            found.append(titles(section.sections))
    return found


def bookmarks(outline: list[Any]) -> list[Any]:
    return [bookmarks(mark) if isinstance(mark, list) else mark.title for mark in outline]


def test_a_screen_reader_is_told_the_language_and_the_title(pdf):
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 (a PDF boolean)
    assert pdf.metadata.title == SAMPLE.title
    assert pdf.metadata.author == SAMPLE.publisher


def test_every_kind_of_thing_has_its_tag(pdf):
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712
    kinds = {tag["/S"] for tag in structure(pdf)}
    assert {"/H1", "/H2", "/P", "/Figure", "/Caption", "/Table", "/TH", "/TD", "/L", "/LI", "/Note", "/Link"} <= kinds
    assert {"/Title", "/TOC", "/TOCI", "/THead", "/TBody", "/Strong", "/Em"} <= kinds


def test_each_chart_is_told_in_words(pdf):
    told = [tag["/Alt"] for tag in structure(pdf) if tag["/S"] == "/Figure"]
    assert told == [figure.alternative for figure in FIGURES if figure.svg]


def test_the_bookmarks_are_the_sections_and_the_data_of_the_charts(pdf):
    assert bookmarks(pdf.outline) == [*titles(SAMPLE.sections), "Les données des figures"]


def test_the_contents_give_each_title_its_page(pdf):
    contents = one_line(pdf.pages[1].extract_text())
    assert re.search(r"Chiffres clés 2025 [. ]*3 Les victimes majeures [. ]*4 ", contents)


def test_each_page_says_which_one_it_is(pdf):
    feet = [one_line(page.extract_text()) for page in pdf.pages[1:]]
    assert all(f"{rank} / {len(pdf.pages)}" in foot for rank, foot in enumerate(feet, start=2))


def test_the_data_of_each_figure_are_inside_byte_for_byte(pdf):
    inside = {one.name: one for one in pdf.attachment_list}
    assert {name: one.content for name, one in inside.items()} == {f"{f.id}.csv": f.csv.encode() for f in FIGURES}
    assert {one.associated_file_relationship for one in inside.values()} == {"/Data"}
    assert [one.description for one in inside.values()] == [
        f"Données de la figure {figure.number} : {plain(figure.title)}" for figure in FIGURES
    ]


def test_every_number_of_the_page_can_be_found_by_searching(pdf):
    text = text_of(pdf)
    printed = {one_line(number.text) for number in numbers((SAMPLE.sections, SAMPLE.notes))}
    assert len(printed) >= 10
    assert [number for number in printed if number not in text] == []


def test_spaces_that_hold_a_number_together_survive(pdf):
    text = text_of(pdf)
    assert "12\u202f704" in text
    assert "6\u202f%" in text
    assert "«\u00a0Les refus ne sont pas motivés.\u00a0»" in text or "« Les refus ne sont pas motivés. »" in text


def links(pdf: PdfReader) -> set[tuple[str, int]]:
    """What each link inside the text says to who hears it, and the number of the page it leads to."""
    pages = {page.indirect_reference.idnum: rank for rank, page in enumerate(pdf.pages, start=1)}
    found = [link.get_object() for page in pdf.pages for link in page.get("/Annots", [])]
    inner = [(one["/Contents"], one["/Dest"]) for one in found if "/Dest" in one]
    return {(said, pages[place[0].idnum]) for said, place in inner if isinstance(place, list)}


def test_a_link_says_where_it_goes_and_goes_there(pdf):
    assert {("Figure 1", 4), ("Données de la figure 1", 6), ("Note 1", 4)} <= links(pdf)


def test_the_same_document_gives_the_same_bytes(made):
    assert render_pdf(SAMPLE) == made


def test_the_only_date_inside_is_the_day_of_publication(pdf):
    assert pdf.metadata.creation_date == pdf.metadata.modification_date
    assert pdf.metadata.creation_date.date() == SAMPLE.published_on


def with_chart(figure: Figure) -> Document:
    part = Section(id="partie", level=1, title=(Text("Partie"),), blocks=(figure,))
    return evolve(SAMPLE, sections=(part,))


def test_a_chart_that_is_not_told_in_words_is_not_published():
    with pytest.raises(EditionRefused, match=r"figure « f01 » .*texte de remplacement"):
        render_pdf(with_chart(evolve(CHART, alternative="")))


@pytest.mark.pdfjudge
@pytest.mark.parametrize("annex", [True, False])
def test_an_independent_judge_finds_no_failure_of_pdf_ua(tmp_path: Path, annex: bool):
    path = tmp_path / "lettre.pdf"
    path.write_bytes(render_pdf(SAMPLE, annex=annex))
    verdict = judge(path)
    assert verdict.failures == []
    assert verdict.passed_checks > 5000
