"""A secretariat and an empty post office for each test."""

import pytest
from django.core import mail

from support.commission import Desk
from support.registry import World


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


@pytest.fixture(autouse=True)
def letters(monkeypatch: pytest.MonkeyPatch) -> list:
    """What the post office of the tests holds; empty at the beginning of each."""
    monkeypatch.setattr(mail, "outbox", [], raising=False)
    return mail.outbox
