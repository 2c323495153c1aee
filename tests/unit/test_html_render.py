"""The page of the Letter as text: what it says, what it never says, what it refuses. No browser here."""

from __future__ import annotations

import base64
import hashlib
import re
from fractions import Fraction
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.document.charts.theme import THEME_COLOURS, THEME_COLOURS_DARK
from egide.document.model import Link, NoteReference, Number, Paragraph, Section, Text
from egide.document.render.html import Download, machine_value, render_html, weight
from egide.document.render.load import load_assets
from egide.document.render.svg import inline_svg, theme_css
from egide.errors import EditionRefused
from egide.facts.model import Unit
from support.cells import below_five, nc, shown, shown_between
from support.sample_document import ADULTS_2025, CHART, HOSTILE, SAMPLE, SVG, number

DOWNLOADS = (Download(title="La Lettre", format="PDF", href="lettre.pdf", bytes=1_712_000),)


def rendered(document=SAMPLE):
    return render_html(document, downloads=DOWNLOADS, assets=load_assets())


def page_of(*runs):
    """A page of one paragraph."""
    section = Section(id="seule", level=1, title=(Text("Seule"),), blocks=(Paragraph(tuple(runs)),))
    return rendered(evolve(SAMPLE, sections=(section,), notes=()))


class Elements(HTMLParser):
    """Every element with its attributes, in order, and the whole text."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.text = ""
        self.feed(page)

    def handle_data(self, data):
        self.text += data

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def page():
    return rendered()


@pytest.fixture(scope="module")
def elements(page):
    return Elements(page)


def test_the_same_document_gives_the_same_bytes(page):
    assert rendered() == page


def test_no_identifier_is_used_twice(elements):
    identifiers = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert sorted(identifiers) == sorted(set(identifiers))


def test_every_link_inside_the_page_leads_somewhere(elements):
    identifiers = {attributes.get("id") for _, attributes in elements.found}
    inner = [link["href"][1:] for link in elements.of("a") if link["href"].startswith("#")]
    assert [target for target in inner if target not in identifiers] == []


def test_every_name_that_an_attribute_refers_to_exists(elements):
    identifiers = {attributes.get("id") for _, attributes in elements.found}
    named = ("aria-labelledby", "aria-describedby", "aria-controls", "for")
    wanted = {attributes[name] for _, attributes in elements.found for name in named if name in attributes}
    assert wanted <= identifiers


def test_heading_levels_never_skip_one(elements):
    levels = [int(tag[1]) for tag, _ in elements.found if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert [b for a, b in pairwise(levels) if b > a + 1] == []


def test_every_printed_number_carries_its_identifier_and_a_link_to_its_journey(page):
    assert f'<data value="880" data-id="{ADULTS_2025.id}">880</data></a> victimes majeures de proxénétisme' in page


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (shown(880), "880"),
        (shown(-17), "-17"),
        (shown(Fraction(264137, 10000), unit=Unit.PERCENT), "26"),
        (shown(Fraction(153, 10), unit=Unit.YEARS), "15.3"),
        (shown(Fraction(5, 2), unit=Unit.PERCENT), "3"),
        (shown_between(952, 955), None),
        (shown_between(2501, None), None),
        (below_five(), None),
        (nc(), None),
    ],
)
def test_the_number_for_machines_says_no_more_than_the_printed_one(cell, value):
    assert machine_value(cell) == value


def test_a_hidden_number_has_no_value_anywhere(elements):
    hidden = [attributes for attributes in elements.of("span") if "DEP-62" in attributes.get("data-id", "")]
    assert hidden and all(set(attributes) == {"data-id"} for attributes in hidden)
    assert not [one for one in elements.of("data") if "DEP-62" in one["data-id"] or "DEP-75" in one["data-id"]]


def test_an_entry_says_where_its_number_is_used(page):
    entry = page[page.index('<article id="n-8aa0f6d317">') :].partition("</article>")[0]
    assert "ssmsi-2026.xlsx, feuille Victimes, ligne 6, colonne effectif" in entry
    assert "874 (provisoire), connu le 30 janvier 2026" in entry
    assert '<a href="#vu-1">Chiffres clés 2025</a>' in entry
    assert ">Figure 1</a>" in entry


def test_an_operand_that_the_text_never_prints_still_has_its_entry():
    alone = page_of(number(SAMPLE.cells[1]))
    assert "Nombres qui ne servent qu’à des calculs" in alone
    assert alone.count("<article ") == len(SAMPLE.cells)


# Characters that open, close or quote something in HTML, CSS, JavaScript or a template.
@settings(max_examples=30)
@given(st.text(alphabet="<>&\"'{}%#x=/ éa", max_size=40))
def test_whatever_the_text_says_it_stays_text(text):
    page = page_of(Text(f"«{text}»"))
    assert len(Elements(page).found) == len(Elements(page_of(Text("«»"))).found)
    assert Elements(page).text.count(f"«{text}»") == 1


def test_a_hostile_text_never_becomes_an_element(elements):
    assert HOSTILE.startswith("<script>")
    assert len(elements.of("script")) == 1
    assert elements.of("img") == []


def test_the_policy_allows_this_script_and_this_style_only(page):
    policy = Elements(page).of("meta")[1]["content"]
    for tag in ("script", "style"):
        body = page.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
        assert base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() in policy
    assert policy.startswith("default-src 'none'; ")


def test_the_page_names_no_address_but_the_links_of_its_text(page):
    addresses = set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+[^\s\"')]*", re.sub(r"base64,[^)]*", "", page)))
    assert addresses == {"http://www.w3.org/2000/svg", "https://arretonslesviolences.gouv.fr/"}


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (Link("#nulle-part", (Text("là"),)), "« #nulle-part »"),
        (Link("javascript:alert(1)", (Text("là"),)), "« javascript:alert(1) »"),
        (Link("http://exemple.fr/", (Text("là"),)), "« http://exemple.fr/ »"),
        (NoteReference("absente"), "« absente »"),
        (Number(cell=shown(3, id="inconnue"), text="3"), "« inconnue »"),
    ],
)
def test_what_would_break_the_page_is_refused_by_name(run, said):
    with pytest.raises(EditionRefused, match=re.escape(said)):
        page_of(run)


def test_two_places_of_the_same_address_are_refused():
    section = Section(id="deux", level=1, title=(Text("Deux"),))
    with pytest.raises(EditionRefused, match="« #deux » deux fois"):
        rendered(evolve(SAMPLE, sections=(section, section)))


@pytest.mark.parametrize("href", ["https://exemple.fr/a.csv", "/a.csv", "../a.csv", "javascript:1", ""])
def test_a_download_lies_beside_the_page(href):
    with pytest.raises(ValueError, match="beside the page"):
        Download(title="Données", format="CSV", href=href)


@pytest.mark.parametrize(("size", "text"), [(245_300, "245\u00a0ko"), (1_712_000, "1,7\u00a0Mo"), (400, "0\u00a0ko")])
def test_a_files_size_is_written_in_french(size, text):
    assert weight(size) == text


def test_a_small_chart_without_number_is_named_by_its_title_and_not_listed():
    small = evolve(CHART, id="k01", number=0)
    page = rendered(
        evolve(SAMPLE, sections=(Section(id="s", level=1, title=(Text("Clés"),), blocks=(small,)),), notes=())
    )
    assert "Figure 0" not in page
    assert 'aria-label="Victimes majeures enregistrées, 2021-2025"' in page
    assert "Liste des figures" not in page


def test_a_scheme_without_data_offers_none():
    scheme = evolve(CHART, table=evolve(CHART.table, rows=CHART.table.rows[:1]), csv="")
    page = rendered(
        evolve(SAMPLE, sections=(Section(id="s", level=1, title=(Text("S"),), blocks=(scheme,)),), notes=())
    )
    assert "Données de la figure" not in page
    assert "data/figures" not in page


# ---------------------------------------------------------------- charts


def drawing(inside="", more=""):
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" {more}>{inside}</svg>'


def inlined(svg):
    return inline_svg(svg, prefix="f09", label="Figure 9", described_by="d")


def test_two_charts_on_a_page_keep_their_own_clips():
    chart = inlined(SVG)
    assert 'id="f09-clip0"' in chart
    assert 'clip-path="url(#f09-clip0)"' in chart


def test_a_chart_says_nothing_of_its_own_beside_its_name():
    chart = inlined(SVG)
    assert chart.count("aria-") == 2
    assert chart.count("role=") == 1


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        "<foreignObject/>",
        '<image href="https://exemple.fr/a.png"/>',
        '<rect onclick="1"/>',
        '<use href="https://exemple.fr/a.svg#b"/>',
        '<rect fill="url(https://exemple.fr/a.svg#b)"/>',
        "<style>*{}</style>",
    ],
)
def test_a_chart_that_is_more_than_a_drawing_is_refused(inside):
    with pytest.raises(ValueError, match="f09: a chart"):
        inlined(drawing(inside))


def test_a_chart_without_its_frame_is_refused():
    with pytest.raises(ValueError, match="viewBox"):
        inlined('<svg xmlns="http://www.w3.org/2000/svg" width="10"/>')


def test_every_colour_of_the_charts_follows_the_theme():
    css = theme_css(THEME_COLOURS, THEME_COLOURS_DARK)
    for name, colour in THEME_COLOURS.items():
        assert f'.graphique [fill="{colour}" i]{{fill:var(--svg-{name})}}' in css
        assert f"--svg-{name}:{THEME_COLOURS_DARK[name]}" in css


def test_a_dark_colour_of_no_chart_is_refused():
    with pytest.raises(ValueError, match="'ciel'"):
        theme_css({"encre": "#000000"}, {"ciel": "#112233"})
