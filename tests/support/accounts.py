"""Accounts that can sign in, and a clock that moves, for the tests of sign-in."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from attrs import frozen
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from egide_registry.access.models import FourEyes
from egide_registry.accounts import actions, totp
from egide_registry.accounts.models import Mandate
from egide_registry.accounts.rules import Role
from egide_registry.accounts.sign_in import state_index
from egide_registry.security import vault
from support.registry import BEGINNING, World, acting

PASSWORD = "une phrase assez longue"


@frozen(kw_only=True)
class Known:
    """A person whose first access is over, with all they know."""

    mandate: Mandate
    email: str
    secret: bytes
    password: str = PASSWORD

    def code(self, *, steps: int = 0) -> str:
        """The code their telephone shows, or that of another step."""
        return totp.code(self.secret, int(timezone.now().timestamp()) // totp.STEP + steps)


def known(world: World, role: Role = Role.ADMINISTRATOR) -> Known:
    """Somebody new with one mandate, a password and a second factor."""
    email = f"personne-{uuid4()}@essai.invalid"
    by = world.administrator
    with acting(by):
        person = actions.invite(name="Personne Essai", email=email, by=by, on=BEGINNING)
        body = world.association if role == Role.ASSOCIATION else world.prefecture
        mandate = actions.grant(person.pk, body=body, role=role, by=by, starts_on=BEGINNING)
    secret = totp.secret()
    with acting(mandate):
        vault.open_for(person.pk, owner=vault.ACCOUNTS).seal_bytes(person, "totp", secret)
        person.set_password(PASSWORD)
        person.totp_confirmed_at = timezone.now()
        person.save()
    return Known(mandate=mandate, email=email, secret=secret)


def give_password(client: Client, email: str, password: str = PASSWORD) -> HttpResponse:
    """The first page of sign-in."""
    return client.post(reverse("accounts:sign_in"), {"email": email, "password": password})


def give_code(client: Client, code: str) -> HttpResponse:
    """The second."""
    return client.post(reverse("accounts:second_factor"), {"code": code})


def enter(client: Client, who: Known) -> HttpResponse:
    """Both, rightly."""
    give_password(client, who.email, who.password)
    return give_code(client, who.code())


def is_in(client: Client) -> bool:
    """Whether the site knows who this is."""
    return client.get(reverse("accounts:account")).status_code == 200


def told(answer: HttpResponse) -> str:
    """The words of a page."""
    return unescape(answer.content.decode())


def confirmed(world: World, who: Mandate, index: str, *, yes: bool = True) -> UUID:
    """The question asked by one administrator and confirmed (or turned down) by another."""
    first, second = world.administrator, world.new(Role.ADMINISTRATOR)
    question = FourEyes(
        id=uuid4(),
        kind=FourEyes.Kind.ATTACH,
        department_id=world.code,
        target=actions.attachment(who.person_id, index),
        asked_by_id=first.pk,
        asked_person=first.person_id,
        asked_at=timezone.now(),
    )
    with acting(first):
        question.save(force_insert=True)
    with acting(second):
        question.decided_by, question.decided_person = second, second.person_id
        question.decided_at, question.confirmed = timezone.now(), yes
        question.save()
    return question.pk


def attached(world: World, issuer: str) -> tuple[Known, str]:
    """Somebody whose identity at the provider was attached by two persons; gives the subject too."""
    who, subject = known(world), f"sub-{uuid4()}"
    index = state_index(issuer, subject)
    question = confirmed(world, who.mandate, index)
    with acting(world.administrator):
        actions.attach_identity(
            who.mandate.person, index, by=world.administrator, four_eyes_id=question, on=timezone.localdate()
        )
    return who, subject


class CountingHasher(ScryptPasswordHasher):
    """The hasher of production, which counts its long computations."""

    done = 0

    def encode(self, *args: Any, **kwargs: Any) -> str:
        type(self).done += 1
        return str(super().encode(*args, **kwargs))


class Clock:
    """Moves the time that the site reads; the database keeps its own."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.moved = timedelta(0)
        real = timezone.now
        patch.setattr(timezone, "now", lambda: real() + self.moved)

    def forward(self, **by: float) -> None:
        self.moved += timedelta(**by)
