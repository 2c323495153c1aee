"""Search, urgent access, review, second person, export, journal, conservation: in a real browser, without a script."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from egide_registry.access.actions import seconds
from egide_registry.accounts.models import Body
from egide_registry.accounts.rules import Role
from support import psp
from support.browser import axe_violations
from support.live import sign_in
from support.registry import World, acting

pytestmark = pytest.mark.browser

SMALL = {"width": 640, "height": 800}  # 200 % zoom of a usual window
WORDS = "La personne appelle en pleine nuit, son association est fermée jusqu’à lundi."


def judged(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*axe_violations(page), *(["wider than its window"] if wide else [])]


def search(page: Page, live: str) -> None:
    page.goto(live + reverse("access:search"))
    page.fill("#id_family", psp.FAMILY_NAME)
    page.fill("#id_given", psp.GIVEN_NAMES)
    page.fill("#id_born", "1998-04-05")
    page.click("text=Rechercher >> nth=-1")


def test_every_page_is_accessible_and_fits_at_200_percent(world: World, live: str, chromium: Browser):
    file = psp.filed(world).file
    psp.filed(world)
    with acting(world[Role.DELEGATE]):
        until = timezone.localdate() + timedelta(days=90)
        seconds.ask_hold(file.pk, until=until, by=world[Role.DELEGATE], now=timezone.now())
    pages = {
        Role.DELEGATE: ["search", "pairs", "glasses", "seconds", "export", ("hold", file.pk)],
        Role.PREFECT: ["seconds"],
        Role.ADMINISTRATOR: ["attach", "seconds"],
        Role.DPO: ["journal", "unusual", "glasses", "retention"],
    }
    found = {}
    for role, names in pages.items():
        with chromium.new_context(viewport=SMALL) as context:
            page = context.new_page()
            sign_in(page, world[role], live)
            for one in names:
                name, *args = one if isinstance(one, tuple) else (one,)
                page.goto(live + reverse("retention:home" if name == "retention" else f"access:{name}", args=args))
                assert page.locator("h1").count() == 1
                found[role, name] = judged(page)
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def test_an_emergency_from_the_search_to_the_review_with_the_keyboard_of_a_form_alone(
    world: World, live: str, chromium: Browser
):
    file = psp.filed(world).file
    stranger = world.new(Role.ASSOCIATION, body=world.body(Body.Kind.ASSOCIATION))
    with chromium.new_context(viewport=SMALL, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, stranger, live)
        search(page, live)
        assert file.reference in page.inner_text("main")
        assert psp.FAMILY_NAME not in page.inner_text("main")
        page.click("text=Accès d’urgence")
        page.check("input[value=danger]")
        page.click("text=Ouvrir le dossier")
        assert "Motif en clair" in page.inner_text("main")
        page.fill("textarea[name=words]", WORDS)
        page.click("text=Ouvrir le dossier")
        assert "Lecture seule" in page.inner_text("main")
        assert psp.FAMILY_NAME in page.inner_text("main")
        assert page.locator("main form").count() == 0  # nothing to write with
    with chromium.new_context(viewport=SMALL, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, world[Role.DPO], live)
        page.goto(live + reverse("access:glasses"))
        assert WORDS in page.inner_text("main")
        page.click("button[value=no]")
        assert "Non justifié" in page.inner_text("main")


def test_results_and_errors_are_accessible(world: World, live: str, chromium: Browser):
    file = psp.filed(world).file
    stranger = world.new(Role.ASSOCIATION, body=world.body(Body.Kind.ASSOCIATION))
    with chromium.new_context(viewport=SMALL) as context:
        page = context.new_page()
        sign_in(page, stranger, live)
        search(page, live)
        assert judged(page) == []
        page.click("text=Accès d’urgence")
        assert judged(page) == []
        page.click("text=Ouvrir le dossier")
        assert judged(page) == []
    with chromium.new_context(viewport=SMALL, accept_downloads=True) as context:
        page = context.new_page()
        sign_in(page, world[Role.DELEGATE], live)
        page.goto(live + reverse("access:export"))
        page.fill("textarea[name=references]", file.reference)
        page.select_option("[name=purpose]", index=1)
        page.select_option("[name=basis]", index=1)
        page.click("text=Continuer")
        assert judged(page) == []
        with page.expect_download() as sent:
            page.click("text=Télécharger l’archive")
        assert sent.value.suggested_filename.endswith(".zip")
        assert sent.value.path().stat().st_size > 1000
