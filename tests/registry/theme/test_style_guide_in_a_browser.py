"""Every component in a real browser: accessible by day, by night, on a phone, zoomed, by keyboard, without script."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from support.browser import axe_violations

pytestmark = pytest.mark.browser

GUIDE = "/aide/composants/"
DESKTOP = {"width": 1280, "height": 900}
WAYS = {
    "day": {"viewport": DESKTOP},
    "night": {"viewport": DESKTOP, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}, "has_touch": True},
    "phone at night": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
    "zoomed": {"viewport": {"width": 640, "height": 450}},  # 1280 px at 200 %
    "forced colours": {"viewport": DESKTOP, "forced_colors": "active"},
}
PAGES = ["/accessibilite/", "/refus/", "/refus-urgence/", "/nulle-part/", "/panne/", "/suspect/", "/connecte/"]
FAILING = {"/refus/": 403, "/refus-urgence/": 403, "/nulle-part/": 404, "/panne/": 500, "/suspect/": 400}


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def focused(page):
    return page.evaluate("(document.activeElement.textContent || document.activeElement.name).trim()")


@pytest.mark.parametrize("way", WAYS)
def test_no_rule_of_accessibility_is_broken_and_nothing_overflows(opened, way):
    with opened(**WAYS[way]) as context:
        page = context.new_page()
        page.goto(GUIDE)
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        assert axe_violations(page) == []
        assert overflow(page) == 0


@pytest.mark.parametrize("way", ["day", "night", "phone"])
def test_a_refused_form_breaks_no_rule_either(opened, way):
    with opened(**WAYS[way]) as context:
        page = context.new_page()
        page.goto(GUIDE)
        page.get_by_role("button", name="Envoyer").click()
        expect(page).to_have_title("Erreur\u00a0: Composants – Espace de travail")
        assert axe_violations(page) == []
        assert overflow(page) == 0


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("way", ["day", "night"])
def test_the_other_pages_break_no_rule(chromium, address, path, way):
    context = chromium.new_context(base_url=address, **WAYS[way])
    page = context.new_page()
    answer = page.goto(path)
    assert answer.status == FAILING.get(path, 200)
    assert axe_violations(page) == []
    context.close()


def test_the_errors_of_a_form_take_the_focus_and_lead_to_their_fields(opened):
    with opened() as context:
        page = context.new_page()
        page.goto(GUIDE)
        page.get_by_role("button", name="Envoyer").click()
        summary = page.get_by_role("group", name="réponses sont à corriger")
        expect(summary).to_be_focused()
        summary.get_by_role("link", name="Délai souhaité").click()
        expect(page.get_by_label("Cette semaine")).to_be_focused()
        assert page.evaluate("document.activeElement.closest('fieldset').getAttribute('aria-describedby')") == (
            "id_urgency_helptext id_urgency_error"
        )
        town = page.get_by_label("Commune")
        assert town.get_attribute("aria-invalid") == "true"
        assert town.get_attribute("aria-describedby") == "id_town_helptext id_town_error"
        assert page.locator("#id_town_error").text_content().strip() == "Erreur\u00a0: Ce champ est obligatoire."


def test_the_keyboard_meets_the_skip_links_the_name_the_exit_and_the_menu_in_this_order(opened):
    with opened(viewport=DESKTOP) as context:
        page = context.new_page()
        page.goto(GUIDE)
        met = []
        for _ in range(8):
            page.keyboard.press("Tab")
            met.append(focused(page).split("\n")[0])
        assert met[:2] == ["Aller au contenu", "Aller au menu"]
        assert met[2].startswith("Égide")
        assert met[3].startswith("Quitter vite")
        assert met[4:] == ["Accueil", "Demandes", "Séances", "Composants"]


def test_the_skip_link_leads_to_the_text_and_is_seen_when_it_has_the_focus(opened):
    with opened() as context:
        page = context.new_page()
        page.goto(GUIDE)
        page.keyboard.press("Tab")
        box = page.get_by_role("link", name="Aller au contenu").bounding_box()
        assert box["x"] >= 0 and box["y"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "contenu"


def test_every_stop_of_the_keyboard_shows_where_it_is(opened):
    with opened(viewport=DESKTOP) as context:
        page = context.new_page()
        page.goto(GUIDE)
        unseen = []
        for _ in range(60):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement);"
                " return document.activeElement === document.body"
                " || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2); }"
            )
            if not seen:
                unseen.append(focused(page))
        assert unseen == []


def test_what_is_to_be_pressed_is_large_enough(opened):
    """24 px at least, save links inside a sentence (WCAG 2.2, 2.5.8); buttons and choices 36."""
    with opened(viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.goto(GUIDE)
        small = page.evaluate(
            "() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden]), select, textarea')]"
            ".filter(e => !e.closest('p:not(.eg-brand), td, .eg-skip, .fr-enlarge-link, dialog') && e.offsetParent)"
            ".map(e => [e.outerHTML.slice(0, 80), e.labels?.length && /radio|checkbox/.test(e.type)"
            " ? e.labels[0].getBoundingClientRect().height : e.getBoundingClientRect().height])"
            ".filter(([html, height]) => height < (/btn|radio|checkbox/.test(html) ? 36 : 24))"
        )
        assert small == []


@pytest.mark.parametrize("script", [True, False])
def test_the_quick_exit_leads_elsewhere_with_and_without_script(opened, script):
    with opened(java_script_enabled=script) as context:
        page = context.new_page()
        page.goto("/connecte/")
        link = page.get_by_role("link", name="Quitter vite")
        assert set(link.get_attribute("rel").split()) == {"noreferrer", "noopener"}
        link.click()
        page.wait_for_url("**/ailleurs/")
        expect(page).to_have_title("Météo")


def test_with_a_script_the_quick_exit_signs_out_and_leaves_no_page_behind(chromium, address):
    context = chromium.new_context(
        base_url=address
    )  # nothing intercepted: a beacon outlives its page, a guard does not
    page = context.new_page()
    page.goto("/connecte/")
    assert context.request.get("/qui/").text() == "signed in"
    page.get_by_role("link", name="Quitter vite").click()
    page.wait_for_url("**/ailleurs/")
    until = time.monotonic() + 10  # nobody waits for the answer to a beacon
    while (said := context.request.get("/qui/").text()) != "nobody" and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert said == "nobody"
    page.go_back()
    assert "connecte" not in page.url
    context.close()


def test_three_strokes_of_escape_leave_and_two_do_not(opened):
    with opened() as context:
        page = context.new_page()
        page.goto(GUIDE)
        page.get_by_label("Commune").focus()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.keyboard.press("a")
        page.keyboard.press("Escape")
        assert page.url.endswith(GUIDE)
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.wait_for_url("**/ailleurs/")


def test_the_exit_stays_in_sight_however_far_the_page_is_read(opened):
    with opened(viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.goto(GUIDE)
        link = page.get_by_role("link", name="Quitter vite")
        at_top = link.bounding_box()
        page.evaluate("window.scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
        assert link.bounding_box() == at_top
        assert page.get_by_role("contentinfo").get_by_text("Version").bounding_box()["y"] + 24 < at_top["y"]


def test_after_thirteen_idle_minutes_the_page_asks_and_a_sign_of_life_keeps_the_session(opened):
    with opened() as context:
        page = context.new_page()
        page.clock.install()
        page.goto("/connecte/")
        page.clock.fast_forward("12:50")
        expect(page.get_by_role("dialog")).to_be_hidden()
        page.clock.fast_forward("00:15")
        asked = page.get_by_role("dialog", name="Êtes-vous toujours là")
        expect(asked).to_be_visible()
        assert axe_violations(page, "#inactivite") == []
        page.route("**/toujours-la/", lambda route: route.fulfill(status=204))
        with page.expect_response("**/toujours-la/"):
            page.get_by_role("button", name="Continuer ma session").click()
        expect(asked).to_be_hidden()
        page.clock.fast_forward("12:50")
        expect(asked).to_be_hidden()


def test_after_fifteen_idle_minutes_the_page_goes_and_asks_the_server_again(opened):
    with opened() as context:
        page = context.new_page()
        page.clock.install()
        page.goto("/connecte/")
        with page.expect_navigation():
            page.clock.fast_forward("15:05")
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_form_sent_under_our_headers_passes_the_csrf_check(opened):
    """Under `Referrer-Policy: no-referrer` the browser would send `Origin: null`, and Django refuse."""
    with opened() as context:
        page = context.new_page()
        page.goto(GUIDE)
        with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
            page.get_by_role("button", name="Envoyer").click()
        assert sent.value.status == 200
        assert sent.value.request.headers["origin"] != "null"


def test_the_page_is_set_in_public_sans(opened):
    with opened() as context:
        page = context.new_page()
        page.goto(GUIDE)
        page.evaluate("document.fonts.ready")
        assert page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
