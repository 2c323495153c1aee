"""The Letter of April 2026 as its readers get it: whole, traced to the line, searchable, read by everyone.

Built once, at the head of this file; every test reads what was written.
"""

from __future__ import annotations

import json
import re
import subprocess
from contextlib import contextmanager
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import expect
from pypdf import PdfReader

from support.browser import axe_violations, visit
from support.editions import build
from support.pdf_judge import judge

HEADINGS = "//main//*[self::h2 or self::h3 or self::h4 or self::h5]"
CHARTS = "//main//figure//*[local-name() = 'svg' and @role = 'img']"
NUMBERS = "//main//a[contains(concat(' ', @class, ' '), ' nombre ')]"
EDITION = Path(__file__).parents[2] / "editions" / "2026"
FIGURES = 27

# Every part and section a reader of the printed Letter looks for.
OUTLINE = """
    avant-propos      mot-observatoire rappels-de-droit sources conventions
    chiffres-cles     cles-ensemble cles-mineures cles-depuis
    victimes-majeures ligne-ecoute diagnostics-territoriaux bus-des-femmes antilles ssmsi-majeures
    victimes-mineures enfance-en-danger missions-mineurs acpe ecole ssmsi-mineures
    sante             aspire sante-sociale substances
    parcours-de-sortie psp-droit cdlp psp-personnes psp-demandes psp-obstacles afis psp-sortie
    sejour            aps sejour-sortie
    paris             paris-parcours
    clients           verbalisations
    stages            stages-loi stages-profil stages-mineurs stages-effet
    parquets          parquets-methode parquets-proxenetisme parquets-recours parquets-tenue-de-lieu parquets-mineures
    condamnations     condamnations-ensemble condamnations-aggravees condamnations-tenue-de-lieu condamnations-mineures
    evolutions        evolutions-proxenetisme evolutions-recours evolutions-mineures evolutions-condamnations
    bobigny           bobigny-annee bobigny-difficultes bobigny-decisions
    methodes          methodes-origine methodes-champ methodes-statut methodes-formules methodes-coherence
    methodes-secret
"""


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lettre") / "2026"
    run = build(EDITION, folder, "-q")
    assert (run.exit_code, run.stderr) == (0, "")
    return folder


@pytest.fixture(scope="module")
def page(letter: Path) -> Any:
    return html.fromstring((letter / "index.html").read_bytes().decode())


@pytest.fixture(scope="module")
def numbers(letter: Path) -> dict[str, dict[str, Any]]:
    listed = json.loads((letter / "trace.json").read_text(encoding="utf-8"))["numbers"]
    return {number["id"]: number for number in listed}


@pytest.fixture(scope="module")
def pdf(letter: Path) -> PdfReader:
    return PdfReader(letter / "lettre.pdf")


def spaced(text: str) -> str:
    """Every space a plain one: lines end where the page does."""
    return re.sub(r"\s+", " ", text).strip()


def text_of(element: Any) -> str:
    return spaced(element.text_content())


def own_text(heading: Any) -> str:
    """Without the sign that links to the heading."""
    return "".join(heading.xpath(".//text()[not(ancestor::*[contains(@class, 'ancre')])]"))


# ---------------------------------------------------------------- the whole Letter is there


def test_every_section_of_the_printed_letter_is_there(page):
    present = set(page.xpath(f"{HEADINGS}/@id"))
    assert [name for name in OUTLINE.split() if name not in present] == []


def test_the_figures_are_numbered_in_reading_order_without_a_gap(page):
    captions = [text_of(caption) for caption in page.xpath("//main//figure/figcaption")]
    numbered = [int(match[1]) for caption in captions if (match := re.match(r"Figure\s(\d+)", caption))]
    assert numbered == list(range(1, FIGURES + 1))


def test_every_chart_is_told_in_words_and_gives_its_numbers(page):
    charts = page.xpath(CHARTS)
    undrawn = set(page.xpath("//main//figure[not(.//*[local-name() = 'svg'])]/@id"))
    described = [page.get_element_by_id(chart.get("aria-describedby")) for chart in charts]
    assert undrawn == {"figure-f03", *(f"figure-f{number}" for number in range(10, 16))}  # no value sent; tables
    assert [one for one in described if len(text_of(one)) < 40] == []


def test_every_link_inside_the_page_leads_somewhere(page):
    places = set(page.xpath("//@id"))
    assert {link[1:] for link in page.xpath("//a/@href[starts-with(., '#')]")} - places - {""} == set()


def test_every_file_the_page_offers_was_written(page, letter):
    offered = {link for link in page.xpath("//a/@href") if not re.match(r"#|https:|mailto:", link)}
    assert len(offered) > FIGURES
    assert [name for name in offered if not (letter / name).is_file()] == []


# ---------------------------------------------------------------- every number has its way


def test_every_printed_number_has_a_journey(page, numbers):
    printed = page.xpath("//main//@data-id")
    assert len(printed) > 1000
    assert set(printed) - set(numbers) == set()


def test_every_printed_number_leads_to_its_entry(page, numbers):
    links = [(link.get("href"), link.xpath("./descendant-or-self::*/@data-id")) for link in page.xpath(NUMBERS)]
    wrong = [href for href, held in links for one in held if href != f"#{numbers[one]['anchor']}"]
    assert len(links) > 1000
    assert wrong == []


def test_the_value_a_program_reads_is_the_value_of_the_journey_but_for_its_rounding(page, numbers):
    stated = {(one.get("data-id"), one.get("value")) for one in page.xpath("//main//data[@data-id and @value]")}
    exact = [(value, numbers[name]["low"]) for name, value in stated if numbers[name]["low"] == numbers[name]["high"]]
    assert len(exact) > 500
    assert [pair for pair in exact if abs(Fraction(pair[0]) - Fraction(pair[1])) > Fraction(1, 2)] == []


def test_every_operand_of_every_number_is_there(numbers):
    missing = [(name, one) for name, number in numbers.items() for one in number["operands"] if one not in numbers]
    assert missing == []


def test_every_way_ends_at_lines_of_delivered_files(numbers):
    def ends(name: str) -> bool:
        number = numbers[name]
        steps = {step["name"] for step in number["steps"]}
        if number["operands"]:
            return "Calcul" in steps and all(ends(operand) for operand in number["operands"])
        return "Livraison" in steps

    assert [name for name in numbers if not ends(name)] == []


def test_no_fingerprint_of_a_delivered_file_is_published(letter):
    """A small file with one hidden cell is found again by trying its few values: its fingerprint would say which."""
    delivered = [sha256(path.read_bytes()).hexdigest() for path in (EDITION / "deliveries").iterdir()]
    kinds = (".html", ".json", ".csv", ".xml", ".ttl", ".jsonld")
    written = b"".join(path.read_bytes() for path in letter.rglob("*") if path.suffix in kinds)
    assert delivered
    assert [one for one in delivered if one.encode() in written] == []


def test_a_delivery_named_by_a_journey_is_in_the_edition(numbers):
    steps = [step["text"] for number in numbers.values() for step in number["steps"] if step["name"] == "Livraison"]
    named = {text.partition(",")[0] for text in steps}
    assert len(named) == 21
    assert named <= {path.name for path in (EDITION / "deliveries").iterdir()}


def test_a_hidden_number_is_nowhere_given_with_a_value(page, numbers):
    hidden = {name for name, number in numbers.items() if number["shown"] in ("nc", "<\u00a05")}
    assert len(hidden) >= 5
    assert [name for name in hidden if (numbers[name]["low"], numbers[name]["high"]) != (None, None)] == []
    assert hidden & set(page.xpath("//data[@value]/@data-id")) == set()


# ---------------------------------------------------------------- the PDF


def structure(pdf: PdfReader) -> list[Any]:
    found, waiting = [], [pdf.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            found += [node] if "/S" in node else []
            waiting += [node["/K"]] if "/K" in node else []
    return found


def test_the_pdf_tells_its_language_and_its_title_and_is_tagged(pdf):
    root = pdf.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == ("fr", True)
    assert pdf.metadata.title == "Lettre de l’observatoire"


def test_the_bookmarks_of_the_pdf_are_the_sections_of_the_page(pdf, page):
    def flat(marks: list[Any]) -> list[str]:
        return [title for mark in marks for title in (flat(mark) if isinstance(mark, list) else [mark.title])]

    headings = {spaced(own_text(heading)) for heading in page.xpath(HEADINGS)}
    marks = [spaced(title) for title in flat(pdf.outline)]
    assert len(marks) >= len(OUTLINE.split())
    assert set(marks) - headings == {"Les données des figures"}


def test_every_chart_of_the_pdf_has_its_words(pdf, page):
    told = [tag.get("/Alt", "") for tag in structure(pdf) if tag["/S"] == "/Figure"]
    assert len(told) == len(page.xpath(CHARTS))
    assert [words for words in told if len(words) < 40] == []


def test_the_pdf_carries_the_data_of_every_figure(pdf, letter):
    inside = {one.name: one.content for one in pdf.attachment_list}
    beside = {path.name: path.read_bytes() for path in (letter / "data" / "figures").iterdir()}
    assert {f"f{number:02d}.csv" for number in range(1, FIGURES + 1)} <= set(inside)
    assert inside == beside


def test_every_number_of_the_text_is_in_the_text_of_the_pdf(letter, page):
    read = subprocess.run(["pdftotext", letter / "lettre.pdf", "-"], capture_output=True, text=True, check=True).stdout
    read = spaced(read)
    said = {spaced(one.text_content()) for one in page.xpath("//main//p//*[@data-id] | //main//li//*[@data-id]")}
    assert len(said) > 400
    assert sorted(text for text in said if text not in read) == []


@pytest.mark.pdfjudge
def test_an_independent_judge_finds_no_failure_of_pdf_ua(letter):
    verdict = judge(letter / "lettre.pdf")
    assert verdict.failures == []
    assert verdict.passed_checks > 50_000


# ---------------------------------------------------------------- in a browser


DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}


@pytest.fixture
def reading(chromium, letter):
    """The page opened from the disk; at the end nothing may have been asked of the network, nothing gone wrong."""

    @contextmanager
    def open_page(**options: Any):
        with visit(chromium, letter / "index.html", reduced_motion="reduce", **options) as (opened, outside):
            wrong: list[str] = []
            opened.on("pageerror", lambda error: wrong.append(str(error)))
            opened.on("console", lambda message: wrong.append(message.text))
            yield opened
            assert (outside, wrong) == ([], [])

    return open_page


@pytest.mark.browser
def test_a_word_is_found_without_its_accents(reading):
    with reading(viewport=DESKTOP) as page:
        page.fill("#page-recherche-champ", "proxenetisme")
        found = page.locator(".resultats mark").first
        found.wait_for()  # not `expect`: where it must wait, it describes the whole page first, ten seconds of it
        assert found.inner_text().lower() == "proxénétisme"


@pytest.mark.browser
def test_a_click_on_a_number_shows_the_line_it_was_read_at(reading):
    with reading(viewport=DESKTOP) as page:
        page.locator("#psp-effectif").scroll_into_view_if_needed()
        page.locator("section:has(#psp-effectif) p .nombre", has_text="921").first.click()
        journey = page.get_by_role("dialog")
        assert journey.get_by_role("heading").inner_text().startswith("921")
        assert "sdfe-parcours-2025.xlsx, feuille Parcours" in journey.inner_text()


@pytest.mark.browser
def test_the_keyboard_alone_opens_and_closes_the_way_of_a_number(reading):
    with reading(viewport=DESKTOP) as page:
        number = page.locator("section:has(#psp-effectif) p .nombre").first
        number.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        assert number.evaluate("link => link === document.activeElement")


@pytest.mark.browser
def test_on_the_smallest_phone_nothing_overflows(reading):
    with reading(viewport=PHONE, has_touch=True) as page:
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.browser
def test_on_paper_only_the_text_and_its_figures_remain(reading):
    with reading(viewport=DESKTOP) as page:
        page.emulate_media(media="print")
        for gone in (".sommaire", ".recherche", ".origines"):
            assert not page.locator(gone).first.is_visible()
        assert page.locator("#figure-f01").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize(
    "way", [{"viewport": DESKTOP}, {"viewport": PHONE, "color_scheme": "dark"}], ids=["day", "night"]
)
def test_no_rule_of_accessibility_is_broken_by_the_text(reading, way):
    with reading(**way) as page:
        page.evaluate("document.querySelector('.origines').remove()")  # judged apart: five times longer than the text
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        assert axe_violations(page) == []


@pytest.mark.browser
def test_no_rule_of_accessibility_is_broken_by_the_annex(reading):
    """Its entries are all made alike: the first ones stand for the others."""
    with reading(viewport=DESKTOP) as page:
        page.evaluate("for (const part of document.querySelectorAll('main > :not(.origines)')) part.remove()")
        page.evaluate("[...document.querySelectorAll('.origines article')].slice(60).forEach(one => one.remove())")
        assert page.locator(".origines article").count() == 60
        assert axe_violations(page) == []
