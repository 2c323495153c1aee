"""The pages of the prefecture in a real browser: axe has nothing to say, no page is wider than a small window."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page

from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import appeals, transfers
from egide_registry.psp.rules.states import AppealKind
from support import psp
from support.browser import axe_violations
from support.live import sign_in
from support.registry import World, acting, today

pytestmark = pytest.mark.browser

SMALL = {"width": 640, "height": 800}  # 200 % zoom of a usual window


def pages_of(world: World, there: World) -> dict[Role, list[str]]:
    """The addresses of each page of an act, in a state where it makes sense."""
    heard, proposed = psp.with_opinion(world, on=today()), psp.refusal_proposed(world, on=today())
    granted = psp.notified(world, psp.granted(world, today()), on=today())
    refused, by = psp.refused_notified(world, on=today()), world[Role.ASSOCIATION]
    with acting(by):
        court = appeals.lodge(refused.pk, AppealKind.TRIBUNAL, "Des faits.", by=by, filed_on=today(), on=today())
        transfers.ask(granted.file_id, to_department=there.code, to_body=there.association, by=by, on=today())
    path, draft = granted.file_id, heard.file_id
    named = {
        Role.DELEGATE: [
            *(("transfers",), ("states",), ("transfer", draft), ("file", path), ("suspend", path)),
            *(("ask_pieces", heard.pk), ("propose_refusal", heard.pk), ("notify", granted.pk), ("lodge", refused.pk)),
            *(("propose_exit", path), ("decision", refused.pk), ("appeal", court.pk)),
        ],
        Role.PREFECT: [("grant", heard.pk), ("confirm_refusal", proposed.pk), ("decision", proposed.pk)],
        Role.ASSOCIATION: [("afis", path), ("right_new", path), ("outcome", path, "end"), ("end_on_request", path)],
    }
    return {role: [reverse(f"psp:{name}", args=args) for name, *args in pages] for role, pages in named.items()}


def judged(page: Page) -> list[str]:
    """What is wrong with a page as it stands."""
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*axe_violations(page), *(["wider than its window"] if wide else [])]


def test_every_page_is_accessible_and_fits_at_200_percent(world: World, live: str, chromium: Browser):
    found = {}
    for role, addresses in pages_of(world, World()).items():
        with chromium.new_context(viewport=SMALL) as context:
            page = context.new_page()
            sign_in(page, world[role], live)
            for address in addresses:
                page.goto(live + address)
                found[role, address] = judged(page)
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def test_errors_and_results_are_accessible_without_javascript(world: World, live: str, chromium: Browser):
    heard, granted = psp.with_opinion(world, on=today()), psp.granted(world, today())
    sent = (
        (Role.DELEGATE, reverse("psp:propose_refusal", args=[heard.pk]), "200 caractères au moins"),
        (Role.DELEGATE, reverse("psp:notify", args=[granted.pk]), "obligatoire"),
        (Role.ASSOCIATION, reverse("psp:afis", args=[granted.file_id]), "D’où vient ce montant"),
    )
    for role, address, said in sent:
        with chromium.new_context(viewport=SMALL, java_script_enabled=False) as context:
            page = context.new_page()
            sign_in(page, world[role], live)
            page.goto(live + address)
            page.click("main form button[type=submit]")
            assert said in page.inner_text("main")
    for role, address, _ in sent:
        with chromium.new_context(viewport=SMALL) as context:
            page = context.new_page()
            sign_in(page, world[role], live)
            page.goto(live + address)
            page.click("main form button[type=submit]")
            assert judged(page) == []
