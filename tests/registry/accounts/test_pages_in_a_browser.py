"""The pages of accounts in a real browser: accessible, on a small screen, with a passkey, by the State's provider."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import expect

from egide_registry.accounts import invitations
from egide_registry.accounts.rules import Role
from support.accounts import PASSWORD, Known, attached, known
from support.browser import axe_violations
from support.live import sign_in
from support.oidc_provider import Provider, running
from support.registry import World, acting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}


@pytest.fixture
def window(chromium: Browser, live: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=live)
    yield context
    context.close()


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running() as process, override_settings(EGIDE_OIDC=process.setting):
        yield process


def judged(page: Page) -> None:
    """Nothing to say for axe, and nothing wider than a small telephone."""
    assert axe_violations(page) == []
    before = page.viewport_size
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    if before:
        page.set_viewport_size(before)


def password(page: Page, who: Known) -> None:
    page.goto(reverse("accounts:sign_in"))
    page.get_by_label("Adresse électronique").fill(who.email)
    page.get_by_label("Mot de passe").fill(who.password)
    page.get_by_role("button", name="Continuer").click()


def test_first_access_then_sign_in_break_no_rule_of_accessibility(world: World, window: BrowserContext):
    with acting(world.administrator):
        mandate = world.new(Role.ADMINISTRATOR)
        link = reverse("accounts:invitation", args=[invitations.token(mandate.person)])
    page = window.new_page()
    page.goto(link)
    judged(page)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("group", name="réponses sont à corriger")).to_be_focused()
    judged(page)
    page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    page.get_by_label("Le même").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("img", name="Image à photographier")).to_be_visible()
    assert page.evaluate("document.querySelector('main img').naturalWidth") > 100
    judged(page)
    page.goto(reverse("accounts:invitation", args=["perdu"]))
    judged(page)


def test_sign_in_pages_break_no_rule(world: World, window: BrowserContext):
    who = known(world)
    page = window.new_page()
    page.goto(reverse("accounts:sign_in"))
    judged(page)
    password(page, who)
    judged(page)
    page.get_by_label("Code à six chiffres").fill("12")
    page.get_by_role("button", name="Se connecter").click()
    judged(page)
    page.get_by_label("Code à six chiffres").fill(f"{who.code()[:3]} {who.code()[3:]}")
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/administration/comptes/")


def test_the_pages_behind_break_no_rule(world: World, window: BrowserContext, live: str):
    who = known(world)
    page = window.new_page()
    sign_in(page, world.administrator, live)
    person = reverse("accounts:person", args=[who.mandate.person_id])
    mine = reverse("accounts:person", args=[world.administrator.person_id])
    names = ("people", "invite", "account", "choose")
    for address in (*(reverse(f"accounts:{name}") for name in names), person, mine):
        assert page.goto(address).status == 200
        judged(page)


def test_one_signs_in_without_script(world: World, chromium: Browser, live: str):
    who = known(world)
    context = chromium.new_context(base_url=live, java_script_enabled=False)
    page = context.new_page()
    password(page, who)
    expect(page.get_by_role("button", name="Utiliser une clé d’accès")).to_be_hidden()
    page.get_by_label("Code à six chiffres").fill(who.code())
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/administration/comptes/")
    context.close()


def authenticator(page: Page) -> None:
    """A security key that says yes, inside the browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": False,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_used_and_removed(world: World, window: BrowserContext, live: str):
    who = known(world)
    page = window.new_page()
    authenticator(page)
    sign_in(page, who.mandate, live)
    page.goto(reverse("accounts:account"))
    page.get_by_label("Nom de la clé").fill("ordinateur du bureau")
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    expect(page.get_by_text("Clé d’accès ajoutée.")).to_be_visible()
    judged(page)

    page.get_by_role("button", name="Se déconnecter").first.click()
    for _ in range(2):  # the counter goes on
        password(page, who)
        judged(page)
        page.get_by_role("button", name="Utiliser une clé d’accès").click()
        page.wait_for_url("**/administration/comptes/")
        page.context.clear_cookies()

    sign_in(page, who.mandate, live)
    page.goto(reverse("accounts:account"))
    page.get_by_role("button", name="Retirer ordinateur du bureau").click()
    expect(page.get_by_text("Clé d’accès retirée.")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").first.click()
    password(page, who)
    expect(page.get_by_role("button", name="Utiliser une clé d’accès")).to_have_count(0)


def test_an_authenticator_that_does_not_know_the_account_lets_the_code_be_given(
    world: World, window: BrowserContext, live: str
):
    who = known(world)
    page = window.new_page()
    authenticator(page)
    sign_in(page, who.mandate, live)
    page.goto(reverse("accounts:account"))
    page.get_by_label("Nom de la clé").fill("clé perdue")
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    expect(page.get_by_text("Clé d’accès ajoutée.")).to_be_visible()
    other = window.new_page()  # where no authenticator is plugged in but an empty one
    authenticator(other)
    window.clear_cookies()
    password(other, who)
    other.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(other.get_by_text("n’a pas répondu")).to_be_visible(timeout=20_000)
    other.get_by_label("Code à six chiffres").fill(who.code())
    other.get_by_role("button", name="Se connecter").click()
    other.wait_for_url("**/administration/comptes/")


def test_the_return_from_the_provider_of_the_state_ends_signed_in(
    world: World, window: BrowserContext, provider: Provider
):
    """The provider is another site for the browser: our strict cookies must survive the way back."""
    who, subject = attached(world, provider.issuer)
    provider.set(sub=subject)
    page = window.new_page()
    page.goto(reverse("accounts:sign_in"))
    judged(page)
    page.get_by_role("link", name="Se connecter avec ProConnect").click()
    page.wait_for_url("**/administration/comptes/")
    expect(page.get_by_role("banner").get_by_text(who.mandate.get_role_display())).to_be_visible()


def test_an_unknown_identity_is_told_where_to_turn(world: World, window: BrowserContext, provider: Provider):
    provider.set(sub=f"sub-{uuid4()}")
    page = window.new_page()
    page.goto(reverse("accounts:sign_in"))
    page.get_by_role("link", name="Se connecter avec ProConnect").click()
    expect(page.get_by_role("heading", name="Connexion impossible")).to_be_visible()
    judged(page)


def test_the_quick_exit_leaves_and_signs_out(world: World, window: BrowserContext, live: str):
    page = window.new_page()
    sign_in(page, world.administrator, live)
    with override_settings(EGIDE_QUICK_EXIT=reverse("theme:accessibility")):
        page.goto(reverse("accounts:account"))
        page.get_by_role("link", name="Quitter vite").click()
        page.wait_for_url(f"**{reverse('theme:accessibility')}")
    for _ in range(50):  # the browser signs out while it leaves: its answer is waited for by nobody
        where = window.request.get(reverse("accounts:account")).url
        if where.endswith(reverse("accounts:sign_in")):
            break
        page.wait_for_timeout(100)
    assert where.endswith(reverse("accounts:sign_in"))


def test_the_person_invited_from_the_page_is_listed(world: World, window: BrowserContext, live: str):
    page = window.new_page()
    sign_in(page, world.administrator, live)
    page.goto(reverse("accounts:invite"))
    page.get_by_label("Nom et prénom").fill("Personne Nouvelle")
    page.get_by_label("Adresse électronique professionnelle").fill(f"personne-{uuid4()}@essai.invalid")
    page.get_by_label("Structure").select_option(str(world.association.pk))
    page.get_by_label("Rôle").select_option("association")
    page.get_by_role("button", name="Inviter").click()
    expect(page.get_by_role("heading", name="Personne Nouvelle")).to_be_visible()
    expect(page.get_by_text("Invitation envoyée")).to_be_visible()
    assert "Personne" not in page.title()
