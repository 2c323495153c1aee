"""[I/O] What is kept on the server while a person is at the State's provider: once, ten minutes, outside a session.

Our session cookie is SameSite=Strict: the browser does not send it with the return. A cookie of its own, SameSite=Lax,
carries the key of a row of the table of sessions; the row is deleted when it is read, so that a return is used once.
"""

import logging
from secrets import compare_digest
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from egide_registry.accounts.oidc import Started
from egide_registry.accounts.sessions import SessionStore

LOG: Final = logging.getLogger(__name__)
LIFE: Final = 10 * 60  # seconds


def _cookie() -> str:
    return f"{settings.SESSION_COOKIE_NAME}-state"


def keep(response: HttpResponse, started: Started) -> None:
    """Store the three values and give the browser the key to them."""
    store = SessionStore()
    store.set_expiry(LIFE)
    store["state"], store["nonce"], store["verifier"] = started.state, started.nonce, started.verifier
    store.save()
    response.set_cookie(
        _cookie(),
        str(store.session_key),
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def take(request: HttpRequest) -> Started | None:
    """The values, taken out for good; None if there are none, or too late."""
    key = request.COOKIES.get(_cookie())
    if not key:
        return None
    store = SessionStore(key)
    kept = {name: str(store.get(name) or "") for name in ("state", "nonce", "verifier")}
    store.delete(key)
    return Started(**kept) if all(kept.values()) else None


def drop(response: HttpResponse) -> None:
    """Ask the browser to forget the key."""
    response.delete_cookie(_cookie(), samesite="Lax")


def same(left: str, right: str) -> bool:
    """Compared in constant time."""
    return compare_digest(left.encode(), right.encode())
