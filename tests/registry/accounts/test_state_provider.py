"""Sign-in through the State's provider, against a real one in another process: what is believed, and what is not."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import requests
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from egide_registry.accounts import actions
from egide_registry.accounts.models import Person, StateIdentity
from egide_registry.accounts.rules import Role
from egide_registry.accounts.sign_in import state_index
from egide_registry.security import context
from support.accounts import Clock, attached, confirmed, is_in, known, told
from support.oidc_provider import Provider, running
from support.registry import BEGINNING, World, acting


@pytest.fixture(scope="module")
def process() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(process: Provider) -> Iterator[Provider]:
    process.set()
    with override_settings(EGIDE_OIDC=process.setting):
        yield process


def leave(client: Client) -> str:
    """The question, as an address of the provider."""
    return client.get(reverse("accounts:to_state")).headers["Location"]


def answered(question: str) -> str:
    """The address that the provider sends back to, with a fresh code."""
    return requests.get(question, allow_redirects=False, timeout=10).headers["Location"]


def go(client: Client) -> str:
    """Leave for the provider; gives the address it sends back to."""
    return answered(leave(client))


def come_back(client: Client, address: str) -> HttpResponse:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def test_an_attached_identity_signs_in(world: World, client: Client, provider: Provider):
    _, subject = attached(world, provider.issuer)
    provider.set(sub=subject)
    answer = come_back(client, go(client))
    # A page, not a redirection: a SameSite=Strict cookie would not follow it.
    assert answer.status_code == 200 and 'http-equiv="refresh"' in told(answer)
    assert is_in(client)


def test_user_information_in_plain_json_is_read_too(world: World, client: Client, provider: Provider):
    _, subject = attached(world, provider.issuer)
    provider.set(sub=subject, userinfo_jwt=False)
    come_back(client, go(client))
    assert is_in(client)


def test_the_question_asks_for_two_factors_and_binds_the_answer(world: World, client: Client, provider: Provider):
    go(client)
    asked = provider.seen()
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert '"acr":{"essential":true,"values":["eidas0-mfa","eidas1-mfa","eidas2","eidas3"]}' in asked["claims"]
    assert len(asked["state"]) > 40 and len(asked["nonce"]) > 40 and asked["state"] != asked["nonce"]


LIES = {
    "one factor": {"acr": "eidas1"},
    "no level at all": {"acr": None},
    "a level that its ways deny": {"amr": ["pwd"]},
    "another nonce": {"nonce": "another"},
    "another audience": {"aud": "another-site"},
    "several audiences, not first for us": {"aud": ["egide-essai", "another-site"]},
    "another issuer": {"iss": "https://another.invalid"},
    "expired": {"expires_in": -120},
    "no signature": {"alg": "none"},
    "the public key as a secret": {"alg": "HS256"},
    "altered after signature": {"tampered": True},
    "the information of somebody else": {"userinfo_sub": "somebody-else"},
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_not_believed_opens_no_session(world: World, client: Client, provider: Provider, lie: str):
    _, subject = attached(world, provider.issuer)
    provider.set(sub=subject, **LIES[lie])
    answer = come_back(client, go(client))
    assert answer.status_code == 403
    assert not is_in(client)
    assert "sessionid" not in client.cookies


def test_too_low_a_level_is_told_with_the_way_out(world: World, client: Client, provider: Provider):
    _, subject = attached(world, provider.issuer)
    provider.set(sub=subject, acr="eidas1")
    assert "second facteur" in told(come_back(client, go(client)))


def test_a_return_serves_once(world: World, client: Client, provider: Provider):
    _, subject = attached(world, provider.issuer)
    provider.set(sub=subject)
    question = leave(client)
    cookie = client.cookies["sessionid-state"].value
    address = answered(question)
    come_back(client, address)
    thief = Client()
    for again in (address, answered(question)):  # even with a code that was never used
        thief.cookies["sessionid-state"] = cookie
        assert come_back(thief, again).status_code == 403
        assert not is_in(thief)


def test_a_return_with_another_state_is_refused(world: World, client: Client, provider: Provider):
    _, subject = attached(world, provider.issuer)
    provider.set(sub=subject)
    address = go(client)
    state = parse_qs(urlsplit(address).query)["state"][0]
    assert come_back(client, address.replace(state, state[::-1])).status_code == 403
    assert not is_in(client)


def test_a_return_that_nobody_here_began_is_refused(world: World, client: Client, provider: Provider):
    """Somebody made to open a link would otherwise work in the account of another."""
    _, subject = attached(world, provider.issuer)
    provider.set(sub=subject)
    address = go(client)
    victim = Client()
    go(victim)
    assert come_back(victim, address).status_code == 403
    assert not is_in(victim)


def test_a_return_after_ten_minutes_is_refused(world: World, client: Client, provider: Provider, clock: Clock):
    _, subject = attached(world, provider.issuer)
    provider.set(sub=subject)
    address = go(client)
    clock.forward(minutes=11)
    assert come_back(client, address).status_code == 403


def test_an_answer_of_another_issuer_is_refused(world: World, client: Client, provider: Provider):
    _, subject = attached(world, provider.issuer)
    provider.set(sub=subject)
    address = go(client)
    issuer = parse_qs(urlsplit(address).query)["iss"][0]
    answer = come_back(client, address.replace(issuer.replace(":", "%3A").replace("/", "%2F"), "https%3A%2F%2Fother"))
    assert answer.status_code == 403


def test_a_new_key_of_the_provider_is_followed(world: World, client: Client, provider: Provider):
    _, subject = attached(world, provider.issuer)
    provider.set(sub=subject)
    provider.rotate()
    come_back(client, go(client))
    assert is_in(client)


def test_a_token_signed_before_the_new_key_is_refused(world: World, client: Client, provider: Provider):
    from egide_registry.accounts import oidc

    named = oidc.Provider(**provider.setting)
    keys = requests.get(f"{provider.issuer}/jwks", timeout=10).json()
    token = requests.get(f"{provider.issuer}/userinfo", timeout=10).text
    assert oidc.believed(token, keys, provider=named, required=["sub"])["sub"]
    provider.rotate()
    keys = requests.get(f"{provider.issuer}/jwks", timeout=10).json()
    with pytest.raises(oidc.Untrusted):
        oidc.believed(token, keys, provider=named, required=["sub"])


def test_an_unknown_identity_is_attached_to_nobody_even_with_a_known_address(
    world: World, client: Client, provider: Provider
):
    who = known(world)
    subject = f"sub-{uuid4()}"
    provider.set(sub=subject, email=who.email)
    answer = come_back(client, go(client))
    index = state_index(provider.issuer, subject)
    assert answer.status_code == 403 and index in told(answer)
    assert not is_in(client)
    with transaction.atomic():
        context.enter(login=index)
        assert not StateIdentity.objects.exists()


def test_the_database_attaches_an_identity_only_after_a_second_person(world: World, provider: Provider):
    who = known(world)
    index = state_index(provider.issuer, f"sub-{uuid4()}")
    by = world.administrator
    with pytest.raises(IntegrityError), acting(by):
        actions.attach_identity(who.mandate.person, index, by=by, four_eyes_id=uuid4(), on=timezone.localdate())


def test_an_attachment_turned_down_is_refused(world: World, provider: Provider):
    who, by = known(world), world.administrator
    index = state_index(provider.issuer, f"sub-{uuid4()}")
    question = confirmed(world, who.mandate, index, yes=False)
    with pytest.raises(IntegrityError), acting(by):
        actions.attach_identity(who.mandate.person, index, by=by, four_eyes_id=question, on=timezone.localdate())


def test_a_confirmation_for_one_identity_does_not_serve_for_another(world: World, provider: Provider):
    who = known(world)
    by = world.administrator
    question = confirmed(world, who.mandate, state_index(provider.issuer, f"sub-{uuid4()}"))
    other = state_index(provider.issuer, f"sub-{uuid4()}")
    with pytest.raises(IntegrityError), acting(by):
        actions.attach_identity(who.mandate.person, other, by=by, four_eyes_id=question, on=timezone.localdate())


def test_without_a_live_mandate_an_identity_does_not_sign_in(world: World, client: Client, provider: Provider):
    who, subject = attached(world, provider.issuer)
    with acting(world.administrator):
        actions.end(who.mandate, by=world.administrator, on=timezone.localdate())
    provider.set(sub=subject)
    answer = come_back(client, go(client))
    assert "pas de mandat en cours" in told(answer)
    assert not is_in(client)


def test_the_identity_of_a_closed_account_may_go_to_the_next_account(world: World, client: Client, provider: Provider):
    who, subject = attached(world, provider.issuer)
    by = world.administrator
    with acting(by):
        actions.close(who.mandate.person, by=by)
    provider.set(sub=subject)
    assert come_back(client, go(client)).status_code == 403
    with acting(by):
        again = actions.invite(name="Personne Essai", email=who.email, by=by, on=BEGINNING)
        mandate = actions.grant(again.pk, body=world.prefecture, role=Role.DPO, by=by, starts_on=date(2026, 1, 1))
    index = state_index(provider.issuer, subject)
    question = confirmed(world, mandate, index)
    with acting(by):
        actions.attach_identity(
            Person.objects.get(pk=again.pk), index, by=by, four_eyes_id=question, on=timezone.localdate()
        )
    assert come_back(client, go(client)).status_code == 200


def test_a_site_without_a_provider_offers_none(world: World, client: Client):
    assert "ProConnect" not in told(client.get(reverse("accounts:sign_in")))
    assert client.get(reverse("accounts:to_state")).status_code == 404
    assert client.get(reverse("accounts:from_state")).status_code == 404


def test_a_provider_that_does_not_answer_is_told_without_an_error_page(world: World, client: Client):
    dead = {"issuer": "http://127.0.0.1:9", "client_id": "x", "client_secret": "y"}
    with override_settings(EGIDE_OIDC=dead):
        assert client.get(reverse("accounts:to_state")).status_code == 403


def test_a_provider_must_answer_over_https_outside_this_machine():
    from egide_registry.accounts import oidc

    named = oidc.Provider(issuer="https://issuer.invalid", client_id="x", client_secret="y")
    with pytest.raises(oidc.Untrusted):
        oidc._safe("http://issuer.invalid/token", named)
