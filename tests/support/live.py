"""The site itself, served on this machine for a browser, and a quick way in for tests that are not about sign-in.

with live_site() as address:
    sign_in(page, world[Role.DELEGATE], address)
    page.goto(f"{address}/…")

sign_in(client, world[Role.DELEGATE])  # django.test.Client: the address is not needed
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from django.utils import timezone

from egide_registry.accounts import sessions
from egide_registry.accounts.models import Mandate, Person
from support.registry import acting

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Playwright keeps an event loop in the thread of the tests, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


class _Server(ThreadedWSGIServer):
    """One thread a request, each with connections of its own, closed with it."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves in the middle of an answer is no failure; a page that fails says so by its status."""


@contextmanager
def live_site() -> Iterator[str]:
    """The whole site behind a port of its own; gives its address. The name is localhost: passkeys refuse numbers."""
    server = _Server(("127.0.0.1", 0), QuietWSGIRequestHandler, connections_override={})
    server.set_app(WSGIHandler())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def session_of(mandate: Mandate) -> str:
    """The key of a new session of this person, the mandate chosen."""
    store = sessions.SessionStore()
    with acting(mandate):
        sessions.fill(store, Person.objects.get(pk=mandate.person_id), how="test", now=timezone.now())
    store[sessions.MANDATE] = str(mandate.pk)
    store.save()
    return str(store.session_key)


def sign_in(browser: Client | Page, mandate: Mandate, address: str = "") -> None:
    """Sign in without passing the doors: a cookie of a session made here. A page needs the address of the live site."""
    key = session_of(mandate)
    if isinstance(browser, Client):
        browser.cookies[settings.SESSION_COOKIE_NAME] = key
    else:
        browser.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": address}])
