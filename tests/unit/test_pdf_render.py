"""What the PDF is made from: plain words, checked before anything is set."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from egide.document.model import (
    Box,
    BulletList,
    Document,
    Figure,
    KeyFigure,
    KeyFigures,
    Link,
    Note,
    NoteReference,
    Paragraph,
    Section,
    Table,
    TableCell,
    Text,
)
from egide.document.render.pdf import render_pdf
from egide.document.render.pdf_plain import ANNEX, page_data
from egide.document.walk import titled
from egide.errors import EditionRefused
from support.cells import shown
from support.sample_document import CHART, HOSTILE, SAMPLE, number

LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1)


def letter(*blocks: object, notes: tuple[Note, ...] = (), **changes: object) -> Document:
    """A Letter of one part."""
    part = Section(id="partie", level=1, title=(Text("Partie"),), blocks=blocks)  # type: ignore[arg-type]
    made = Document(
        title="Essai",
        subtitle="",
        issue="n° 1",
        published_on=date(2026, 4, 13),
        known_on=date(2026, 4, 2),
        publisher="Observatoire",
        sections=(part,),
        notes=notes,
    )
    return evolve(made, **changes)  # type: ignore[arg-type]


def said(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def table(*rows: list[str]) -> Table:
    cells = tuple(tuple(TableCell(runs=(Text(text),)) for text in row) for row in rows)
    return Table(id="t01", caption=(Text("Titre"),), rows=cells)


def block_of(document: Document, place: int = 0) -> dict[str, object]:
    return page_data(document, annex=True)["parts"][0]["blocks"][place]  # type: ignore[no-any-return]


def test_words_that_look_like_commands_stay_words():
    assert block_of(letter(said("#pagebreak() *gras* $x$ @note")))["runs"] == ["#pagebreak() *gras* $x$ @note"]


@given(st.lists(LETTERS, min_size=1))
def test_neighbouring_words_become_one_string_and_lose_nothing(texts):
    paragraph = Paragraph(tuple(Text(text) for text in texts))
    assert block_of(letter(paragraph))["runs"] == ["".join(texts)]


@given(LETTERS)
def test_what_is_written_reaches_the_template_unchanged(text):
    sent = json.loads(json.dumps(page_data(letter(said(text)), annex=True)))
    assert sent["parts"][0]["blocks"][0]["runs"] == [text]


def test_a_note_called_twice_is_printed_once():
    called = Paragraph((NoteReference("champ"), Text(" puis "), NoteReference("champ")))
    first, _, again = block_of(letter(called, notes=(Note(id="champ", runs=(Text("France"),)),)))["runs"]
    assert (first["first"], first["runs"]) == (True, ["France"])
    assert (again["first"], again["runs"]) == (False, [])


def test_every_way_to_name_a_place_leads_to_it():
    links = [Paragraph((Link(target, (Text("voir"),)),)) for target in ("#f01", "#figure-f01", "#partie")]
    labels = [block_of(letter(CHART, *links), place)["runs"][0]["label"] for place in (1, 2, 3)]
    assert labels == ["figure-f01", "figure-f01", "partie"]


def test_everything_that_cannot_be_set_is_refused_at_once():
    blind = evolve(CHART, alternative=" ")
    broken = Paragraph((Link("#nulle-part", (Text("voir"),)), NoteReference("absente")))
    with pytest.raises(EditionRefused) as refusal:
        page_data(letter(blind, BulletList(((broken,),))), annex=True)
    places = {defect.place for defect in refusal.value.defects}
    assert places == {"lien « #nulle-part »", "note « absente »", "figure « f01 »"}


@pytest.mark.parametrize("target", ["http://exemple.fr", "javascript:alert()", "fichier.html"])
def test_a_link_outside_is_a_secure_address_or_nothing(target):
    with pytest.raises(EditionRefused, match="adresse https"):
        page_data(letter(Paragraph((Link(target, (Text("voir"),)),))), annex=True)


@pytest.mark.parametrize(
    ("tiles", "abreast"), [(1, 1), (2, 2), (3, 3), (4, 2), (5, 3), (6, 3), (7, 3), (8, 2), (9, 3), (10, 2)]
)
def test_tiles_fill_their_rows_when_they_can(tiles, abreast):
    one = KeyFigure(number=number(shown(12)), label=(Text("victimes"),), source="")
    assert block_of(letter(KeyFigures((one,) * tiles)))["columns"] == abreast


def test_a_column_of_long_words_is_wider_than_a_column_of_digits():
    widths = block_of(letter(table(["Année", "Proxénétisme", "Recours"], ["2025", "1", "2"])))["widths"]
    assert widths[1] > widths[2]


@given(st.lists(st.lists(LETTERS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_every_column_has_a_place_and_a_table_never_leaves_the_page(rows):
    made = block_of(letter(table(*rows)))
    assert len(made["widths"]) == 3
    assert min(made["widths"]) >= 8
    assert 0.35 <= made["width"] <= 1


def test_a_long_table_may_run_over_and_a_short_one_stays_whole():
    assert block_of(letter(table(*[["a", "b"]] * 14)))["whole"] is True
    assert block_of(letter(table(*[["a", "b"]] * 15)))["whole"] is False


def drawing(size: str) -> Figure:
    return evolve(CHART, svg=f'<svg xmlns="http://www.w3.org/2000/svg" {size}></svg>')


@pytest.mark.parametrize(
    ("size", "width"),
    [
        ('viewBox="0 0 620 300"', 1.0),
        ('viewBox="0 0 310 300"', 0.5),
        ('viewBox="0,0,600,1260"', 0.5),
        ('width="600" height="300"', 1.0),
    ],
)
def test_a_chart_has_the_width_it_was_drawn_for_unless_it_would_be_too_tall(size, width):
    assert block_of(letter(drawing(size)))["width"] == width


def test_the_data_of_charts_are_printed_at_the_end_unless_asked_not_to():
    assert page_data(SAMPLE, annex=True)["parts"][-1]["id"] == ANNEX
    assert page_data(SAMPLE, annex=False)["parts"][-1]["id"] == "parcours"
    assert page_data(letter(said("Rien à tracer.")), annex=True)["parts"][-1]["id"] == "partie"


def test_a_figure_that_is_a_table_keeps_its_legend_its_source_and_its_scope():
    lines = page_data(SAMPLE, annex=True)["parts"][2]["blocks"][3]["lines"]
    assert [line.partition(" ")[0] for line in lines] == ["«", "«", "Source", "Champ"]


def test_a_letter_that_no_font_holds_is_refused_by_name():
    with pytest.raises(EditionRefused, match="中"):
        render_pdf(letter(said("中")))


def test_a_skipped_level_of_heading_is_refused():
    deep = Section(id="profond", level=3, title=(Text("Profond"),))
    part = Section(id="partie", level=1, title=(Text("Partie"),), sections=(deep,))
    with pytest.raises(EditionRefused, match="heading"):
        render_pdf(letter(sections=(part,)))


def test_a_folder_without_the_font_of_the_publication_is_refused(tmp_path: Path):
    with pytest.raises(EditionRefused, match="attendu Public Sans, reçu aucune police"):
        render_pdf(SAMPLE, fonts=tmp_path)


def test_a_title_that_tries_to_break_out_is_printed_as_it_is():
    assert render_pdf(letter(said(HOSTILE), title=HOSTILE)).startswith(b"%PDF-1.7")


def test_a_warning_of_the_typesetter_is_a_refusal(monkeypatch: pytest.MonkeyPatch):
    template = b'#set document(title: "Essai")\n#set text(lang: "fr", font: ("Absente", "Public Sans"))\n= Titre'
    monkeypatch.setattr("egide.document.render.pdf._template", lambda: template)
    with pytest.raises(EditionRefused, match="unknown font family: absente"):
        render_pdf(SAMPLE)


def test_a_short_box_stays_whole_and_a_long_one_may_run_over():
    short = Box(kind="zoom", title=(Text("Zoom"),), blocks=(said("mot " * 300),))
    long = Box(kind="zoom", title=(Text("Zoom"),), blocks=(said("mot " * 300), BulletList(((said("mot " * 80),),))))
    drawn = Box(kind="zoom", title=(Text("Zoom"),), blocks=(CHART,))
    assert [block_of(letter(box))["whole"] for box in (short, long, drawn)] == [True, False, False]


def test_a_small_figure_without_number_is_known_by_its_title():
    small = evolve(CHART, number=0)
    document = page_data(letter(small), annex=True)
    assert document["parts"][0]["blocks"][0]["title"] == ["Victimes majeures enregistrées, 2021-2025"]
    assert document["files"][0]["title"] == "Données : Victimes majeures enregistrées, 2021-2025"
    assert titled(small) == "Victimes majeures enregistrées, 2021-2025"
