"""What the law leaves open is chosen by the department, and only by those who keep its secretariat or decide."""

from django.test import Client
from django.urls import reverse

from egide_registry.accounts.rules import Role
from egide_registry.psp.actions.common import settings_of
from egide_registry.psp.rules.settings import Settings
from support.live import sign_in
from support.registry import World, acting

CHOSEN = {
    "silence_days": 45,
    "reasons_min_length": 300,
    "implicit_rejection_months": 2,
    "closing_margin_days": 20,
    "not_effective_days": 15,
    "aps_lapse_days": 90,
    "outcome_window_days": 30,
    "suspension_extends": "on",
}


def test_the_delegate_chooses_and_the_department_follows(world: World):
    client = Client()
    sign_in(client, world[Role.DELEGATE])
    assert client.post(reverse("psp:choices"), CHOSEN).status_code == 302
    with acting(world[Role.ASSOCIATION]):
        assert settings_of(world.code) == Settings(**{**CHOSEN, "suspension_extends": True})
    with acting(World()[Role.ASSOCIATION]):
        assert settings_of("ZZZZ") == Settings()


def test_an_association_chooses_nothing(world: World):
    client = Client()
    sign_in(client, world[Role.ASSOCIATION])
    assert client.post(reverse("psp:choices"), CHOSEN).status_code == 403


def test_a_choice_out_of_bounds_is_refused_in_the_form(world: World):
    client = Client()
    sign_in(client, world[Role.PREFECT])
    assert client.post(reverse("psp:choices"), {**CHOSEN, "silence_days": 0}).status_code == 422
