"""A reader opens the Letter from a disk, in a real browser: what is seen, asked for, and reached."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from egide.document.render.html import Download, render_html
from egide.document.render.load import load_assets
from support.browser import axe_violations, visit
from support.sample_document import SAMPLE

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}
WAYS = {
    "day": {"viewport": DESKTOP},
    "night": {"viewport": DESKTOP, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "has_touch": True},
    "calm": {"viewport": DESKTOP, "reduced_motion": "reduce"},
    "zoomed": {"viewport": {"width": 640, "height": 450}},  # 1280 px at 200 %
    "forced colours": {"viewport": DESKTOP, "forced_colors": "active"},
    "forced colours at night": {"viewport": DESKTOP, "forced_colors": "active", "color_scheme": "dark"},
}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    downloads = (Download(title="La Lettre", format="PDF", href="lettre.pdf", bytes=1_712_000, description="Balisé."),)
    path = tmp_path_factory.mktemp("lettre") / "index.html"
    path.write_text(render_html(SAMPLE, downloads=downloads, assets=load_assets()), encoding="utf-8")
    return path


@pytest.fixture
def reading(chromium, path):
    """The page, opened; at the end nothing may have been asked for and nothing may have gone wrong."""

    @contextmanager
    def open_page(**options):
        with visit(chromium, path, **(options or WAYS["calm"])) as (page, outside):
            wrong: list[str] = []
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("console", lambda message: wrong.append(message.text))
            page.reload()
            yield page
            assert outside == []
            assert wrong == []

    return open_page


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def open_everything(page):
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")


def search(page, words):
    """Type, and wait until the page has answered this very question."""
    said = page.locator(".recherche [role=status]")
    page.fill("#page-recherche-champ", "")
    expect(said).to_have_text("")
    page.fill("#page-recherche-champ", words)
    expect(said).not_to_have_text("")


def first_number(page):
    return page.locator("main p .nombre", has_text="880").last


# ---------------------------------------------------------------- accessible


@pytest.mark.parametrize("way", WAYS)
def test_no_rule_of_accessibility_is_broken_as_it_opens(reading, way):
    with reading(**WAYS[way]) as page:
        assert axe_violations(page) == []
        assert overflow(page) == 0


@pytest.mark.parametrize("way", ["day", "night", "phone"])
def test_no_rule_of_accessibility_is_broken_with_everything_open(reading, way):
    with reading(**WAYS[way]) as page:
        open_everything(page)
        assert axe_violations(page) == []
        assert overflow(page) == 0
        search(page, "victimes")
        assert axe_violations(page) == []
        assert overflow(page) == 0
        first_number(page).click()
        page.wait_for_timeout(300)  # a fading text has no contrast to judge
        assert axe_violations(page, ".parcours") == []


def test_the_landmarks_are_there_and_named(reading):
    with reading() as page:
        for role, name in [
            ("banner", None),
            ("main", None),
            ("contentinfo", None),
            ("search", None),
            ("navigation", "Sommaire"),
        ]:
            assert page.get_by_role(role, **({"name": name} if name else {})).count() == 1


def test_a_chart_has_a_name_and_a_description(reading):
    with reading() as page:
        chart = page.get_by_role("img", name="Figure 1. Victimes majeures enregistrées, 2021-2025")
        described = chart.get_attribute("aria-describedby")
        assert "880 en 2025" in page.locator(f"#{described}").text_content()


def test_a_block_is_a_stop_of_the_keyboard_only_where_it_scrolls(reading):
    with reading(**WAYS["phone"]) as page:
        assert page.get_by_role("region", name="Graphique, Figure 1").get_attribute("tabindex") == "0"
        assert page.get_by_role("region", name="Tableau, Figure 2").count() == 0  # two narrow columns
    with reading(**WAYS["day"]) as page:
        assert page.get_by_role("region", name="Graphique, Figure 1").count() == 0


def test_the_skip_link_is_the_first_stop_and_leads_to_the_text(reading):
    with reading() as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "page-contenu"


# ---------------------------------------------------------------- a number's journey


def test_a_click_on_a_number_shows_its_journey_and_the_text_stays_in_sight(reading):
    with reading() as page:
        number = first_number(page)
        number.click()
        dialog = page.get_by_role("dialog")
        assert dialog.get_by_role("heading").inner_text().startswith("880")
        assert "ligne 6, colonne effectif" in dialog.inner_text()
        assert number.bounding_box()["x"] > dialog.bounding_box()["width"]


def test_with_the_keyboard_alone_a_journey_opens_goes_deeper_comes_back_and_closes(reading):
    with reading() as page:
        growth = page.locator("main p .nombre", has_text="8\u202f%")
        growth.focus()
        page.keyboard.press("Enter")
        heading = page.locator("#page-parcours-titre")
        assert "Évolution" in heading.inner_text()
        for _ in range(10):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == "952 à 955":
                break
        page.keyboard.press("Enter")
        assert "952 à 955" in heading.inner_text()
        page.get_by_role("button", name="Nombre précédent").focus()
        page.keyboard.press("Enter")
        assert "Évolution" in heading.inner_text()
        page.keyboard.press("Escape")
        assert not page.get_by_role("dialog").is_visible()
        assert growth.evaluate("link => link === document.activeElement")


def test_a_journey_leads_back_to_a_place_of_the_text_even_a_closed_one(reading):
    with reading() as page:
        first_number(page).click()
        page.get_by_role("dialog").get_by_role("link", name="Figure 1", exact=True).click()
        expect(page.locator(".figure td .nombre:focus")).to_be_visible()
        assert not page.get_by_role("dialog").is_visible()
        assert page.locator(".figure details[open] .nombre:focus").is_visible()


def test_the_identifier_of_a_number_can_be_copied(reading):
    with reading(**WAYS["calm"], permissions=["clipboard-read", "clipboard-write"]) as page:
        first_number(page).click()
        page.get_by_role("button", name="Copier l’identifiant").click()
        page.get_by_text("Identifiant copié.").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == "ssmsi/victimes/FR/2025/age=ge18@2026-04-02"


def test_the_button_closes_the_journey_and_the_focus_returns(reading):
    with reading() as page:
        number = first_number(page)
        number.click()
        page.get_by_role("button", name="Fermer").click()
        assert number.evaluate("link => link === document.activeElement")


# ---------------------------------------------------------------- search


@pytest.mark.parametrize(
    "words",
    ["proxenetisme", "PROXÉNÉTISME", "proxénétismes", "l'achat", "l’acte sexuel", "victime majeure"],
)
def test_a_word_is_found_whatever_its_accents_case_plural_or_apostrophe(reading, words):
    with reading() as page:
        search(page, words)
        assert "enregistrées par les services de police" in page.locator(".resultats").inner_text()
        assert page.locator(".resultats mark").count() > 0


def test_a_number_is_found_by_its_digits_with_or_without_a_space(reading):
    with reading() as page:
        for typed in ("12704", "12 704"):
            search(page, typed)
            assert "Victimes mineures enregistrées" in page.locator(".resultats").inner_text()


def test_nothing_found_is_said(reading):
    with reading() as page:
        search(page, "ornithorynque")
        assert page.locator(".recherche [role=status]").inner_text() == "Aucun résultat pour « ornithorynque »."


def test_the_number_of_results_is_said(reading):
    with reading() as page:
        search(page, "motives")
        assert page.locator(".recherche [role=status]").inner_text() == "1 résultat."


def test_results_are_walked_through_with_the_arrows_and_left_with_escape(reading):
    with reading() as page:
        page.locator("body").press("/")
        assert page.evaluate("document.activeElement.id") == "page-recherche-champ"
        page.keyboard.type("victimes")
        page.locator(".resultats a").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("[...document.querySelectorAll('.resultats a')].indexOf(document.activeElement)") == 1
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") != ""
        page.locator("#page-recherche-champ").press("Escape")
        assert page.locator(".resultats a").count() == 0


def test_enter_goes_to_the_first_result_and_the_focus_follows(reading):
    with reading() as page:
        page.fill("#page-recherche-champ", "refus")
        page.locator("#page-recherche-champ").press("Enter")
        expect(page.locator("#refus")).to_be_focused()


def test_a_number_among_the_results_opens_its_journey(reading):
    with reading() as page:
        search(page, "12704")
        page.locator(".resultats a", has_text="Nombre").click()
        assert page.get_by_role("dialog").is_visible()


def test_the_slash_key_takes_no_letter_typed_and_can_be_turned_off(reading):
    with reading() as page:
        page.locator("#page-recherche-champ").press_sequentially("et/ou")
        assert page.input_value("#page-recherche-champ") == "et/ou"
        box = page.get_by_label("mène à la recherche")
        box.press("Space")  # by keyboard: results that appear meanwhile move the box from under a pointer
        assert not box.is_checked()
        page.locator("#page-contenu").press("/")
        assert page.evaluate("document.activeElement.id") == "page-contenu"


# ---------------------------------------------------------------- elsewhere and without


def test_without_script_a_number_leads_to_its_entry_and_no_empty_tool_is_shown(reading):
    with reading(java_script_enabled=False, viewport=DESKTOP) as page:
        assert not page.locator("#page-recherche-champ").is_visible()
        first_number(page).click()
        assert page.url.endswith("#n-8aa0f6d317")
        assert page.locator("#n-8aa0f6d317").is_visible()
        assert page.get_by_role("dialog").count() == 0


def test_a_hostile_text_is_printed_and_does_nothing(reading):
    with reading() as page:
        assert page.evaluate("window.broken") is None
        assert page.get_by_text("<script>window.broken = true</script>").count() == 2


def test_a_script_slipped_into_the_page_would_not_run(chromium, path, tmp_path):
    """The second lock: even an escaping fault upstream is stopped by the page's own policy."""
    broken = tmp_path / "index.html"
    text = path.read_text(encoding="utf-8").replace("<main", "<script>window.broken = true</script><main", 1)
    broken.write_text(text, encoding="utf-8")
    with visit(chromium, broken) as (page, _):
        assert page.evaluate("window.broken") is None


def test_on_paper_only_the_text_and_its_figures_remain(reading):
    with reading(**WAYS["night"]) as page:
        page.emulate_media(media="print", color_scheme="dark")
        for gone in (".sommaire", ".recherche", ".evitement", ".origines", ".ancre", ".pied"):
            assert not page.locator(gone).first.is_visible()
        assert page.locator("figure").first.is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_chart_follows_the_page_into_the_night(reading):
    bar = "document.querySelector('.graphique path')"
    with reading(**WAYS["day"]) as page:
        assert page.evaluate(f"getComputedStyle({bar}).fill") == "rgb(31, 58, 110)"
    with reading(**WAYS["night"]) as page:
        assert page.evaluate(f"getComputedStyle({bar}).fill") == "rgb(156, 185, 245)"


def test_the_contents_say_where_the_reader_is(reading):
    with reading(**WAYS["calm"]) as page:
        page.evaluate("document.getElementById('refus').scrollIntoView()")
        expect(page.locator(".sommaire [aria-current]")).to_have_attribute("href", "#refus")


def test_on_a_phone_the_contents_are_folded_and_open(reading):
    with reading(**WAYS["phone"]) as page:
        link = page.locator(".sommaire").get_by_role("link", name="Les victimes majeures", exact=True)
        assert not link.is_visible()
        page.locator(".sommaire summary").first.click()
        assert link.is_visible()
