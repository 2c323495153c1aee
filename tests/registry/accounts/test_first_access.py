"""The link of a first access: neutral, short-lived, used once."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from egide_registry.accounts import invitations, totp
from egide_registry.accounts.rules import Role
from support.accounts import is_in, told
from support.live import sign_in
from support.registry import World

NEW = {"new": "une phrase assez longue", "again": "une phrase assez longue"}


def invite(world: World, email: str, *, name: str = "Personne Invitée", role: Role = Role.ADMINISTRATOR):
    """By the page; gives the mail, None if there was none."""
    mail.outbox = []
    administrator = Client()
    sign_in(administrator, world.administrator)
    data = {"name": name, "email": email, "body": str(world.prefecture.pk), "role": role, "starts_on": "2026-01-01"}
    answer = administrator.post(reverse("accounts:invite"), data)
    assert answer.status_code == 302, told(answer)
    return mail.outbox[0] if mail.outbox else None


def link(message) -> str:
    (found,) = re.findall(r"http://testserver(\S+)", message.body)
    return found


def secret(page: str) -> bytes:
    import base64

    (text,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)
    return base64.b32decode(text.replace(" ", ""))


def digits(key: bytes) -> str:
    return totp.code(key, int(timezone.now().timestamp()) // totp.STEP)


def finish(client: Client, address: str) -> bytes:
    assert client.post(address, NEW).headers["Location"] == reverse("accounts:first_access")
    key = secret(told(client.get(reverse("accounts:first_access"))))
    assert client.post(reverse("accounts:first_access"), {"code": digits(key)}).headers["Location"] == "/"
    return key


@pytest.fixture
def email() -> str:
    from uuid import uuid4

    return f"personne-{uuid4()}@essai.invalid"


def test_the_mail_names_nobody_and_nothing_that_is_done_here(world: World, email: str):
    message = invite(world, email, name="Personne Très Reconnaissable")
    words = f"{message.subject} {message.body} {message.from_email}"
    assert message.to == [email]
    for word in ("Personne", "Reconnaissable", email, "psp", "prostitution", "commission", "préfecture", world.code):
        assert word.casefold() not in words.casefold().replace(link(message).casefold(), "")
    assert email not in link(message) and "@" not in link(message)


def test_the_link_leads_to_a_password_then_a_second_factor_then_in(world: World, client: Client, email: str):
    address = link(invite(world, email))
    assert client.get(address).status_code == 200
    finish(client, address)
    assert is_in(client)


def test_between_the_two_steps_nothing_is_open_and_nothing_is_set(world: World, client: Client, email: str):
    address = link(invite(world, email))
    client.post(address, NEW)
    assert not is_in(client)
    other = Client()
    answer = other.post(reverse("accounts:sign_in"), {"email": email, "password": NEW["new"]})
    assert "incorrect" in told(answer)
    assert client.get(address).status_code == 200  # interrupted, one may begin again


def test_the_link_serves_once(world: World, client: Client, email: str):
    address = link(invite(world, email))
    finish(client, address)
    for answer in (Client().get(address), Client().post(address, NEW)):
        assert answer.status_code == 403 and "déjà servi" in told(answer)


def test_the_link_dies_after_seventy_two_hours(world: World, client: Client, email: str, monkeypatch):
    import time

    address = link(invite(world, email))
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 72 * 3600 + 1)
    assert client.get(address).status_code == 403


def test_the_first_administrator_of_a_department_comes_in_by_the_link_that_the_command_prints(
    world: World, client: Client
):
    address = invitations.link(world.administrator.person).removeprefix("https://localhost")
    finish(client, address)
    assert told(client.get(reverse("accounts:people")))


def test_an_altered_link_opens_nothing(world: World, client: Client, email: str):
    address = link(invite(world, email))
    assert client.get(address[:-2] + "A/").status_code == 403
    assert client.get(reverse("accounts:invitation", args=["n-importe-quoi"])).status_code == 403


def test_a_wrong_first_code_sets_nothing(world: World, client: Client, email: str):
    client.post(link(invite(world, email)), NEW)
    key = secret(told(client.get(reverse("accounts:first_access"))))
    wrong = "000000" if digits(key) != "000000" else "111111"
    assert "pas valable" in told(client.post(reverse("accounts:first_access"), {"code": wrong}))
    assert not is_in(client)


def test_the_picture_and_the_text_say_the_same_and_need_nothing_inline(world: World, client: Client, email: str):
    client.post(link(invite(world, email)), NEW)
    page = client.get(reverse("accounts:first_access"))
    assert 'src="data:image/svg+xml' in told(page)
    assert "style=" not in told(page)
    assert email not in told(page)
    assert page.headers["Cache-Control"] == "no-store"


def test_a_known_address_gets_one_more_mandate_and_no_second_account(world: World, client: Client, email: str):
    key = finish(client, link(invite(world, email)))
    elsewhere = World()
    assert invite(elsewhere, email, role=Role.ADMINISTRATOR) is None
    choosing = Client()
    from support.accounts import Known

    who = Known(mandate=world.administrator, email=email, secret=key)
    choosing.post(reverse("accounts:sign_in"), {"email": email, "password": who.password})
    answer = choosing.post(reverse("accounts:second_factor"), {"code": who.code(steps=1)})
    assert answer.headers["Location"] == reverse("accounts:choose")
    page = told(choosing.get(reverse("accounts:choose")))
    assert world.department.name in page and elsewhere.department.name in page


def test_after_the_loss_of_a_telephone_the_account_is_closed_and_the_person_invited_anew(
    world: World, client: Client, email: str
):
    finish(client, link(invite(world, email)))
    administrator = Client()
    sign_in(administrator, world.administrator)
    page = told(administrator.get(reverse("accounts:people")))
    assert "Personne Invitée" in page
    person = client.session["person"]
    assert administrator.post(reverse("accounts:close", args=[person])).status_code == 302
    assert not is_in(client)
    fresh = Client()
    finish(fresh, link(invite(world, email)))
    assert is_in(fresh)
