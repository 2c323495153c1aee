"""One reader in one window: what they open, press, type and read, in a real Chromium against the whole site.

    with reading(chromium, live, world[Role.ASSOCIATION], java_script_enabled=False) as reader:
        reader.open("psp:home")
        reader.press("Ouvrir un dossier")
        reader.reads("Les pages de la demande")

A reader notes what the browser complains of (`complaints`): errors of scripts, refusals of the security policy,
answers of the server above 500. Each journey ends on an empty list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from uuid import UUID

from django.urls import reverse
from playwright.sync_api import Browser, ConsoleMessage, Page, Response
from pypdf import PdfReader

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.rules import Role
from support import psp
from support.live import sign_in
from support.registry import World, today

DESK = {"width": 1280, "height": 900}
PAPER = {"name": "piece.pdf", "mimeType": "application/pdf", "buffer": psp.PDF}
NAMES = (psp.FAMILY_NAME, *psp.GIVEN_NAMES.split())
EXPECTED = ("422", "403", "404", "401")  # a page that says no is an answer: Chromium notes it in its console too


class Reader:
    """Who reads, in a window of their own."""

    def __init__(self, page: Page, live: str) -> None:
        self.page, self.live = page, live
        self.complaints: list[str] = []
        page.set_default_timeout(15_000)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        said = message.text
        if message.type == "error" and not any(f"status of {code}" in said for code in EXPECTED):
            self.complaints.append(said)

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")

    def open(self, name: str, *arguments: object) -> int:
        """Go to a page by the name of its address; gives the status."""
        return self.visit(reverse(name, args=arguments))

    def visit(self, path: str) -> int:
        answer = self.page.goto(self.live + path)
        assert answer is not None
        return answer.status

    def follow(self, link: str) -> None:
        """Click a link of the page's content by its words, or the beginning of them."""
        self.page.locator("main").get_by_role("link", name=link).first.click()

    def follow_beside(self, words: str, link: str) -> None:
        """Click a link in the row of a table that holds these words."""
        self.page.locator("main tr", has_text=words).get_by_role("link", name=link).click()

    def press(self, button: str) -> None:
        self.page.locator("main").get_by_role("button", name=button).first.click()

    def fill(self, answers: Mapping[str, Any]) -> None:
        """Answer by the names of the questions: text, day, one code or several, a box to tick, a file."""
        for name, answer in answers.items():
            self._answer(name, answer)

    def _answer(self, name: str, answer: Any) -> None:
        field = self.page.locator(f'main [name="{name}"]')
        kind = field.first.evaluate("field => field.type")
        if answer is True:
            field.check()
        elif kind in ("radio", "checkbox"):
            for code in [answer] if isinstance(answer, str) else answer:
                self.page.locator(f'main [name="{name}"][value="{code}"]').check()
        elif kind == "select-one":
            field.select_option(str(answer))
        elif kind == "file":
            field.set_input_files(answer)
        else:
            field.fill(str(answer))

    def told(self) -> str:
        """The words of the page, without its frame."""
        return self.page.inner_text("main")

    def reads(self, *words: str) -> None:
        """The page says all this. Capitals are those of the source, spaces are those of the screen."""
        said = " ".join(self.told().split())
        missing = [word for word in words if " ".join(word.split()) not in said]
        assert missing == [], f"{self.page.url}\n{said}"

    def misses(self, *words: str) -> None:
        """The page says none of this, nor hides it in its source."""
        source = self.page.content()
        assert [word for word in words if word in source] == []

    def key(self) -> UUID:
        """The opaque identifier in the address of the page."""
        return next(UUID(part) for part in self.page.url.split("/") if len(part) == 36)

    def download(self, link: str) -> bytes:
        """What a link gives to keep."""
        with self.page.expect_download() as waiting:
            self.page.locator("main").get_by_role("link", name=link).first.click()
        return waiting.value.path().read_bytes()

    def download_by(self, button: str) -> bytes:
        """What a button gives to keep."""
        with self.page.expect_download() as waiting:
            self.press(button)
        return waiting.value.path().read_bytes()


def words_of(document: bytes) -> str:
    """The text of a PDF."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages)


@contextmanager
def window(chromium: Browser, live: str, **options: Any) -> Iterator[Reader]:
    """A window where nobody is signed in. Nothing may have gone wrong behind the pages when it closes."""
    with chromium.new_context(**{"viewport": DESK, **options}) as context:
        reader = Reader(context.new_page(), live)
        yield reader
        assert reader.complaints == []


@contextmanager
def reading(chromium: Browser, live: str, mandate: Mandate, **options: Any) -> Iterator[Reader]:
    """The window of somebody who is signed in under this mandate."""
    with window(chromium, live, **options) as reader:
        sign_in(reader.page, mandate, live)
        yield reader


def said_first() -> dict[str, dict[str, Any]]:
    """The answers of a whole first request, by page."""
    return {
        name: psp.dated(given, today()) if name == "commitment" else dict(given) for name, given in psp.FIRST.items()
    }


def join(reader: Reader, kinds: Sequence[str]) -> None:
    """Join a document of each kind from the page of a request."""
    for kind in kinds:
        reader.fill({"kind": kind, "document": PAPER})
        reader.press("Joindre cette pièce")
        reader.reads("La pièce est jointe.")


def notify(reader: Reader, file: UUID) -> None:
    """The delegate puts a decision in the person's hands and keeps the proof."""
    reader.open("psp:file", file)
    reader.follow("Notifier")
    reader.fill({"means": "hand", "notified_on": today().isoformat(), "proof": PAPER})
    reader.press("Consigner la notification")
    reader.reads("La notification est consignée avec sa preuve.", "Décision notifiée")


ROLES = tuple(role for role in Role if role is not Role.KEEPER)


def everybody(world: World) -> tuple[Mandate, ...]:
    """A mandate of each role of a department that people hold."""
    return tuple(world[role] for role in ROLES)
