"""Open a page in a real headless Chromium, judge its accessibility, see that it asks the network for nothing.

    def test_the_page_stands_alone(chromium, tmp_path):
        with visit(chromium, tmp_path / "index.html") as (page, outside):
            assert axe_violations(page) == []
        assert outside == []

The `chromium` fixture is in tests/conftest.py. Mark such tests `browser`.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

AXE = Path(__file__).with_name("axe") / "axe.min.js"
# Containers run as root, where Chromium's sandbox refuses to start; the rest keeps it from calling home.
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL = ("file:", "data:", "about:", "blob:")


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window. Slow to start: share it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        raise RuntimeError("the browser tests need Chromium: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser: Browser, target: Path | str, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """A page, and the list, filled as it lives, of the addresses it asked the network for. None gets through.

    A path is opened as a file, a text is taken as the HTML itself. Options are those of Playwright's
    `new_context`: `viewport`, `color_scheme`, `java_script_enabled`, `reduced_motion`…
    """
    outside: list[str] = []
    context = browser.new_context(**options)

    def guard(route: Any) -> None:
        if route.request.url.startswith(LOCAL):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    try:
        page = context.new_page()
        page.on("websocket", lambda socket: outside.append(socket.url))
        if isinstance(target, Path):
            page.goto(target.resolve().as_uri())
        else:
            page.set_content(target)
        yield page, outside
    finally:
        context.close()


def axe_violations(page: Page, include: str | None = None) -> list[str]:
    """Every rule of axe-core that the page, or the part a CSS selector names, breaks: one line per rule.

    What axe could not decide ("incomplete") is not listed: contrast over a picture, mostly. A person
    looks at those.
    """
    if not page.evaluate("() => 'axe' in window"):
        # Not through a <script>, which the page's own security policy would refuse.
        page.evaluate(AXE.read_text(encoding="utf-8"))
    run = "part => axe.run(part ?? document, {resultTypes: ['violations']})"
    return [_line(violation) for violation in page.evaluate(run, include)["violations"]]


def _line(violation: dict[str, Any]) -> str:
    places = [" ".join(map(str, node["target"])) for node in violation["nodes"]]
    more = f" and {len(places) - 5} more" if len(places) > 5 else ""
    return f"{violation['id']} ({violation['impact']}): {violation['help']}: {', '.join(places[:5])}{more}"
