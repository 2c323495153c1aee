"""Fifteen minutes without a gesture close the session; what was being written is in the draft, and nowhere else."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect

from egide_registry.accounts import sessions
from egide_registry.accounts.rules import Role
from support import psp
from support.accounts import Known, known
from support.journeys import Reader, window
from support.registry import World

pytestmark = pytest.mark.browser

WRITTEN = "Une évaluation inventée, longue à écrire."


def sign_in(reader: Reader, who: Known, *, steps: int = 0) -> None:
    """By the real doors. A code serves once: the second time, the next one."""
    reader.fill({"email": who.email, "password": who.password})
    reader.press("Continuer")
    reader.fill({"code": who.code(steps=steps)})
    reader.press("Se connecter")
    reader.page.wait_for_url(f"**{reverse('psp:home')}")


def fifteen_minutes_pass(reader: Reader) -> None:
    """The row of this session is past its end."""
    cookies = {one["name"]: one["value"] for one in reader.page.context.cookies()}
    rows = sessions.SessionStore.get_model_class().objects
    mine = rows.filter(session_key=sessions.hashed(cookies[settings.SESSION_COOKIE_NAME]))
    assert mine.update(expire_date=timezone.now() - timedelta(seconds=1)) == 1


def test_a_session_that_closes_loses_nothing_of_a_page_being_written(world: World, live: str, chromium: Browser):
    draft, who = psp.draft(world), known(world, Role.ASSOCIATION)
    page = ("psp:section", draft.pk, "situation")
    with window(chromium, live) as reader:
        reader.page.clock.install()
        reader.open("accounts:sign_in")
        sign_in(reader, who)

        # Somebody writes, and stops: the page says that it is kept.
        reader.open(*page)
        reader.page.locator('[name="assessment"]').fill(WRITTEN)
        reader.page.clock.run_for(16_000)
        expect(reader.page.locator("[data-kept]")).to_contain_text("gardé dans le brouillon")

        # The session closes; the button leads to sign-in, where nothing of the file shows.
        fifteen_minutes_pass(reader)
        reader.press("Enregistrer et continuer")
        reader.page.wait_for_url(f"**{reverse('accounts:sign_in')}*")
        reader.misses(WRITTEN, psp.FAMILY_NAME)

        # Signed in again, the words are where they were left.
        sign_in(reader, who, steps=1)
        reader.open(*page)
        assert reader.page.input_value('[name="assessment"]') == WRITTEN


def test_without_a_script_what_was_saved_page_by_page_is_there(world: World, live: str, chromium: Browser):
    draft, who = psp.draft(world), known(world, Role.ASSOCIATION)
    with window(chromium, live, java_script_enabled=False) as reader:
        reader.open("accounts:sign_in")
        sign_in(reader, who)
        reader.open("psp:section", draft.pk, "work")
        reader.fill({"work_project": WRITTEN})
        reader.press("Enregistrer et continuer")
        fifteen_minutes_pass(reader)
        reader.press("Enregistrer et continuer")
        reader.page.wait_for_url(f"**{reverse('accounts:sign_in')}*")
        sign_in(reader, who, steps=1)
        reader.open("psp:section", draft.pk, "work")
        assert reader.page.input_value('[name="work_project"]') == WRITTEN
