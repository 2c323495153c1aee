"""A question that hangs on another one is on the screen while it is asked, and only then."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from egide_registry.accounts.rules import Role
from support import psp
from support.live import sign_in
from support.registry import World


@pytest.mark.browser
def test_a_conditional_question_appears_with_the_answer_that_asks_it(world: World, live: str, chromium: Browser):
    request = psp.draft(world)
    with chromium.new_context() as window:
        page = window.new_page()
        sign_in(page, world[Role.ASSOCIATION], live)
        page.goto(live + reverse("psp:section", args=[request.pk, "identity"]))
        other = page.locator('[name="notification_address_other"]')
        page.get_by_label("À l’association", exact=True).check()
        assert not other.is_visible()
        assert other.is_disabled()
        page.get_by_label("À une autre adresse", exact=True).check()
        assert other.is_visible()
        assert other.is_enabled()
