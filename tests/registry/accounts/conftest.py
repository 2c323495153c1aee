"""A browser without a screen and a clock, for the tests of sign-in and of sessions."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from support.accounts import Clock


@pytest.fixture(autouse=True)
def quick_hasher() -> Iterator[None]:
    """These tests sign in a hundred times. The one about time takes the real hasher."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def client(database: None) -> Client:
    return Client()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)
