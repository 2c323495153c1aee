"""What is missing is said once, and no button is offered that would be refused."""

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from egide_registry.accounts.rules import Role
from support import psp
from support.live import sign_in
from support.registry import World


def test_filing_an_empty_draft_says_in_one_sentence_where_to_look(world: World):
    client = Client()
    sign_in(client, world[Role.ASSOCIATION])
    made = client.post(reverse("psp:new"), follow=True)
    address = made.redirect_chain[-1][0]
    page = client.post(address)
    assert page.status_code == 422
    said = page.content.decode()
    assert "réponses manquantes ou à corriger" in said
    assert said.count("une réponse") < 5


def test_the_term_is_not_offered_before_its_day(world: World):
    request = psp.granted(world, timezone.localdate())
    client = Client()
    sign_in(client, world[Role.DELEGATE])
    page = client.get(reverse("psp:file", args=[request.file_id])).content.decode()
    assert reverse("psp:end_at_term", args=[request.file_id]) not in page


def test_a_grant_after_an_appeal_is_not_offered_without_an_upheld_one(world: World):
    request = psp.refused_notified(world)
    client = Client()
    sign_in(client, world[Role.PREFECT])
    page = client.get(reverse("psp:file", args=[request.file_id])).content.decode()
    assert reverse("psp:grant", args=[request.pk]) not in page
