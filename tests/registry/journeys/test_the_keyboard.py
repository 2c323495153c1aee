"""From sign-in to a file and back, without a mouse: every stop is seen, and the content is one key away."""

import pytest
from playwright.sync_api import Browser

from egide_registry.accounts import actions
from egide_registry.accounts.rules import LABELS, Role
from support import psp
from support.accounts import known
from support.journeys import Reader, window
from support.registry import BEGINNING, World, acting

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  return {
    name: at.getAttribute("aria-label") || (at.labels?.[0] ?? at).innerText.trim() || at.name,
    main: document.querySelector("main").contains(at),
    drawn: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
  };
}"""
MOST = 60  # stops before we say that something cannot be reached


def tab(reader: Reader) -> dict:
    """One stop further: it is on the screen and one sees where one is."""
    reader.page.keyboard.press("Tab")
    stop = reader.page.evaluate(FOCUSED)
    assert (stop["drawn"], stop["inside"]) == (True, True), stop
    return stop


def tab_to(reader: Reader, words: str) -> None:
    """Tab until the stop that carries these words."""
    met = []
    for _ in range(MOST):
        met.append(tab(reader)["name"])
        if words in met[-1]:
            return
    raise AssertionError(f"« {words} » is out of reach: {met}")


def enter(reader: Reader) -> None:
    """Enter, and the page that follows."""
    with reader.page.expect_navigation():
        reader.page.keyboard.press("Enter")
    reader.page.wait_for_load_state()


def test_one_signs_in_and_reads_a_file_by_the_keyboard_alone(world: World, live: str, chromium: Browser):
    file = psp.filed(world).file
    who = known(world, Role.DELEGATE)
    with acting(world.administrator):
        actions.grant(
            who.mandate.person_id, body=world.prefecture, role=Role.DPO, by=world.administrator, starts_on=BEGINNING
        )
    with window(chromium, live) as reader:
        # Sign-in, with the two factors.
        reader.open("accounts:sign_in")
        tab_to(reader, "Adresse électronique")
        reader.page.keyboard.type(who.email)
        tab_to(reader, "Mot de passe")
        reader.page.keyboard.type(who.password)
        enter(reader)
        tab_to(reader, "Code à six chiffres")
        reader.page.keyboard.type(who.code())
        enter(reader)

        # Two mandates: one is chosen.
        reader.reads("Choisir un mandat")
        tab_to(reader, LABELS[Role.DELEGATE])
        enter(reader)
        assert "/dossiers/" in reader.page.url

        # The first stop jumps over the menu, straight to the content.
        assert tab(reader)["name"] == "Aller au contenu"
        reader.page.keyboard.press("Enter")
        assert tab(reader)["main"]
        tab_to(reader, file.reference)
        enter(reader)
        reader.reads(psp.FAMILY_NAME)

        # And back to the list by the menu.
        tab_to(reader, "Aller au menu")
        reader.page.keyboard.press("Enter")
        tab_to(reader, "Dossiers")
        enter(reader)
        assert reader.page.url == f"{live}/dossiers/"
        reader.reads(file.reference)
