"""Every digit of the prose is bound or declared; what is not stops the build, with its line and its value."""

from __future__ import annotations

import pytest

from egide.disclosure.cells import Cell
from egide.document.bind import BoundProse, Sources, bind
from egide.document.model import BulletList, Declared, KeyFigures, NoteReference, Number, Paragraph, Section
from egide.document.prose import read_prose
from egide.document.runs import plain
from egide.errors import EditionRefused
from egide.facts.model import Unit
from support.cells import below_five, shown

CELLS: dict[str, Cell] = {
    "adult[2025]": shown(880, id="ssmsi/adult/FR/2025@2026-04-02"),
    "fines[2025]": shown(1442, id="ocrteh/fines/FR_AVEC_COM/2025@2026-04-02"),
    "fall": shown(-8, id="=growth@2026-04-02", unit=Unit.PERCENT),
    "alternatives[2024]": below_five(id="sser/alternatives/FR/2024@2026-04-02"),
}


def bound(text: str, **details: object) -> BoundProse:
    sources = Sources(cells=CELLS, names={"3919"}, **details)  # type: ignore[arg-type]
    return bind([read_prose("01.md", text)], sources)


def defects(text: str) -> list[str]:
    with pytest.raises(EditionRefused) as refusal:
        bound(text)
    return [defect.text() for defect in refusal.value.defects]


def first_paragraph(text: str) -> str:
    block = bound(f"# Partie\n\n{text}").sections[0].blocks[0]
    assert isinstance(block, Paragraph)
    return plain(block.runs)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("On compte {{ adult[2025] }} victimes.", "On compte 880\u00a0victimes."),
        ("{{ fines[2025] }} amendes", "1\u202f442\u00a0amendes"),
        (
            "Une baisse de {{ fall | abs }} ; soit {{ fall }} : net",
            "Une baisse de 8\u202f%\u202f; soit −\u202f8\u202f%\u00a0: net",
        ),
        ('{{ adult[2025] : "Près de 900" }} victimes', "Près de 900 victimes"),
        ('{{ fines[2025] : "plus de 1 400" }}', "plus de 1\u202f400"),
        ("Le {3919}, en {2025}, l'article {225-12-1}", "Le 3919, en 2025, l’article 225-12-1"),
        ("Les alternatives : {{ alternatives[2024] }}", "Les alternatives\u00a0: <\u00a05"),
        ("depuis le {31 décembre 2025} « ici »", "depuis le 31\u00a0décembre\u00a02025 «\u00a0ici\u00a0»"),
    ],
)
def test_numbers_and_typography(written: str, read: str) -> None:
    assert first_paragraph(written) == read


def test_a_number_on_the_page_holds_the_released_cell() -> None:
    paragraph = bound("# P\n\n{{ adult[2025] }}").sections[0].blocks[0]
    assert isinstance(paragraph, Paragraph)
    assert paragraph.runs == (Number(cell=CELLS["adult[2025]"], text="880"),)


@pytest.mark.parametrize(
    ("written", "line", "value"),
    [
        ("# P\n\nSoit 12 victimes.", 3, "« 12 »"),
        ("# P\n\nune ligne\nune autre, 45 %\n", 4, "« 45 »"),
        ("# Partie 2\n\ntexte", 1, "« 2 »"),
        ("# P\n\n- un\n- 7 fois", 4, "« 7 »"),
        ("# P\n\n**3**", 3, "« 3 »"),
        ("# P\n\nEn {12}, rien", 3, "« {12} »"),
        ("# P\n\nLe {119}, rien", 3, "« {119} »"),
        ('# P\n\n{{ adult[2025] : "plus de 900" }}', 3, "880"),
        ('# P\n\n{{ adult[2025] : "énormément" }}', 3, "« énormément »"),
        ('# P\n\n{{ alternatives[2024] : "moins de 5" }}', 3, "<\u00a05"),
        ("# P\n\n{{ adult[2025] | gras }}", 3, "adult[2025] | gras"),
        ("# P\n\n{{ fines[2025] | words }}", 3, "1\u202f442"),
        ("# P\n\n::: figure f01\n:::", 3, "« f01 »"),
        ("# P\n\n| a |\n|---|\n\n    code", 6, "code_block"),
        ("# P\n\n### Trop profond", 3, "niveau 3"),
        ("texte sans titre", 1, "avant tout titre"),
        ("# P\n\n::: chiffres-cles\n- sans nombre\n:::", 4, "« sans nombre »"),
        ("# P\n\n::: source\nOrigine : x\n:::", 3, "« Origine"),
    ],
)
def test_what_stops_the_build_names_line_and_value(written: str, line: int, value: str) -> None:
    (message,) = [text for text in defects(written) if f"01.md, ligne {line} " in text]
    assert value in message


def test_all_defects_come_at_once() -> None:
    assert len(defects("# P 1\n\n2 et 3\n\n{4}\n")) == 4


def test_headings_nest_and_have_addresses() -> None:
    part = bound("# Victimes {#victimes}\n\n## Âge & sexe\n\ntexte\n\n## Âge & sexe\n\n### Détail\n\ntexte").sections[0]

    def outline(section: Section) -> object:
        return (section.id, section.level, [outline(one) for one in section.sections])

    assert outline(part) == (
        "victimes",
        1,
        [("age-sexe", 2, []), ("age-sexe-2", 2, [("detail", 3, [])])],
    )


def test_a_section_says_its_source_and_scope() -> None:
    part = bound("# P\n\n::: source\nSource : SSMSI, {2025}\nChamp : France\n:::\n\ntexte").sections[0]
    assert (part.source, part.scope) == ("Source\u00a0: SSMSI, 2025", "Champ\u00a0: France")


def test_key_figures_are_tiles_with_their_source() -> None:
    text = "# P\n\n::: chiffres-cles\n- {{ adult[2025] }} victimes majeures (SSMSI)\n- {{ fines[2025] }} amendes\n:::"
    tiles = bound(text).sections[0].blocks[0]
    assert isinstance(tiles, KeyFigures)
    assert [(one.number.text, plain(one.label), one.source) for one in tiles.tiles] == [
        ("880", "victimes majeures", "SSMSI"),
        ("1\u202f442", "amendes", ""),
    ]


def test_notes_are_numbered_through_the_whole_publication() -> None:
    sources = Sources(cells=CELLS)
    texts = [
        "# A\n\nun[^a]\n\n[^a]: première",
        "# B\n\ndeux[^a]\n\n- {2024}[^b]\n\n[^a]: seconde\n[^b]: {{ adult[2025] }}",
    ]
    prose = bind([read_prose(f"{rank}.md", text) for rank, text in enumerate(texts)], sources)
    assert [(note.id, plain(note.runs)) for note in prose.notes] == [
        ("note-1", "première"),
        ("note-2", "seconde"),
        ("note-3", "880"),
    ]
    items = prose.sections[1].blocks[1]
    assert isinstance(items, BulletList)
    assert items.items[0][0] == Paragraph((Declared("2024"), NoteReference("note-3")))


def test_html_in_prose_is_text() -> None:
    assert first_paragraph("<b>gras</b>") == "<b>gras</b>"
