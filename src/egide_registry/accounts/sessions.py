"""Sessions whose keys are hashed in the database, closed after fifteen idle minutes and eight hours in all.

A stolen dump holds no key that a browser could send. Source: docs/security.md, « Les sessions ».
"""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from attrs import frozen
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone

from egide_registry.accounts.models import Person


def hashed(key: str) -> str:
    """What the database knows of a session key."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """Django's sessions, found by the hash of their key."""

    def _get_session_from_db(self) -> Any:
        key, self._session_key = self.session_key, hashed(self.session_key or "")  # type: ignore[has-type]
        try:
            return super()._get_session_from_db()
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


def begin(request: HttpRequest, person: Person, *, how: str, now: datetime) -> None:
    """Open the session of a person who has proved who they are, all factors included. `how` goes to the journal."""
    request.session.cycle_key()
    request.session["person"] = str(person.pk)
    request.session["secret"] = person.get_session_auth_hash()
    request.session["how"] = how
    request.session["since"] = now.isoformat()


def signed_in(session: SessionBase) -> Signed | None:
    """Who the session speaks for, None when nobody signed in or eight hours have gone."""
    if "person" not in session:
        return None
    if timezone.now() - datetime.fromisoformat(session["since"]) > settings.EGIDE_SESSION_IN_ALL:
        session.flush()
        return None
    return Signed(person=UUID(session["person"]), secret=session["secret"])
