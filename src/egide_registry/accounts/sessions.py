"""Sessions whose keys are hashed in the database, closed after fifteen idle minutes and eight hours in all.

A stolen dump holds no key that a browser could send. Source: docs/security.md, « The sessions ».
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from attrs import frozen
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone

from egide_registry.accounts.models import Person

# The names of what a session holds: identifiers and digests, never a name, an address or a secret in clear.
PERSON: Final = "person"
SECRET: Final = "secret"
HOW: Final = "how"
SINCE: Final = "since"
MANDATE: Final = "mandate"
PENDING: Final = "pending"  # before the last factor: nobody is signed in yet
CHALLENGE: Final = "challenge"  # what a passkey must sign, once

PENDING_LIFE: Final = timedelta(minutes=10)


def hashed(key: str) -> str:
    """What the database knows of a session key."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """Django's sessions, found by the hash of their key, and signed for it: a row copied over another opens nothing."""

    @property
    def key_salt(self) -> str:
        """What the contents are signed with besides the secret of the site."""
        return f"egide.session.{hashed(self.session_key or '')}"

    def _get_session_from_db(self) -> Any:
        key, self._session_key = self.session_key, hashed(self.session_key or "")
        try:
            return super()._get_session_from_db()  # type: ignore[misc]  # unknown to its stubs
        finally:
            if self._session_key is not None:
                self._session_key = key

    def exists(self, session_key: str) -> bool:
        return bool(self.model.objects.filter(session_key=hashed(session_key)).exists())

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        instance = super().create_model_instance(data)
        instance.session_key = hashed(instance.session_key)
        return instance

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=hashed(key)).delete()

    @classmethod
    def get_model_class(cls) -> Any:
        return DatabaseStore.get_model_class()


@frozen(kw_only=True)
class Signed:
    """Who signed in: the person, and a digest of their secret, so that a new password closes every session."""

    person: UUID
    secret: str


@frozen(kw_only=True)
class Pending:
    """Somebody half-way in. `password` is set at a first access only: the hash that waits for its factor."""

    person: UUID
    login: str
    proof: str  # of the password, or the token of the invitation
    since: datetime
    password: str | None = None


def fill(session: SessionBase, person: Person, *, how: str, now: datetime) -> None:
    """Make this session speak for a person."""
    session[PERSON] = str(person.pk)
    session[SECRET] = person.get_session_auth_hash()
    session[HOW] = how
    session[SINCE] = now.isoformat()


def begin(request: HttpRequest, person: Person, *, how: str, now: datetime) -> None:
    """Open the session of a person who has proved who they are, all factors included: a new key, an empty session."""
    request.session.flush()
    fill(request.session, person, how=how, now=now)


def signed_in(session: SessionBase) -> Signed | None:
    """Who the session speaks for, None when nobody signed in or eight hours have gone."""
    if PERSON not in session:
        return None
    if timezone.now() - datetime.fromisoformat(session[SINCE]) > settings.EGIDE_SESSION_IN_ALL:
        session.flush()
        return None
    return Signed(person=UUID(session[PERSON]), secret=session[SECRET])


def wait_for_factor(session: SessionBase, pending: Pending) -> None:
    """Keep who is half-way, under a new key."""
    session.flush()
    session[PENDING] = {
        "person": str(pending.person),
        "login": pending.login,
        "proof": pending.proof,
        "since": pending.since.isoformat(),
        "password": pending.password,
    }


def pending(session: SessionBase) -> Pending | None:
    """Who is half-way, None when nobody is, or for more than ten minutes."""
    kept = session.get(PENDING)
    if kept is None:
        return None
    since = datetime.fromisoformat(kept["since"])
    if timezone.now() - since > PENDING_LIFE:
        session.flush()
        return None
    return Pending(
        person=UUID(kept["person"]), login=kept["login"], proof=kept["proof"], since=since, password=kept["password"]
    )
