"""The site of support/theme_site.py, for a test client and, live, for a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client, override_settings
from django.test.testcases import LiveServerThread

from support import theme_site

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, BrowserContext

    OpenContext = Callable[..., AbstractContextManager[BrowserContext]]


@pytest.fixture(scope="module")
def site() -> Iterator[None]:
    with override_settings(**theme_site.SETTINGS):
        yield


@pytest.fixture
def client(site: None) -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture(scope="module")
def address(site: None) -> Iterator[str]:
    """The live site."""
    thread = LiveServerThread("localhost", StaticFilesHandler, port=0)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://localhost:{thread.port}"
    finally:
        thread.terminate()


@pytest.fixture
def opened(chromium: Browser, address: str) -> OpenContext:
    """A browser window, kept from asking anybody but the site; at the end nothing may have gone wrong in it."""

    @contextmanager
    def open_context(**options: Any) -> Iterator[BrowserContext]:
        context = chromium.new_context(base_url=address, **options)
        wrong: list[str] = []

        def guard(route: Any) -> None:
            if route.request.url.startswith(address):
                route.continue_()
            else:
                wrong.append(f"asked for {route.request.url}")
                route.abort()

        context.route("**/*", guard)
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on("console", lambda message: message.type in ("error", "warning") and wrong.append(message.text))
        try:
            yield context
        finally:
            context.close()
        assert wrong == []

    return open_context
