"""The administration of accounts: its own department, never oneself, no file, no mimicry."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from egide_registry.accounts import actions
from egide_registry.accounts.models import Mandate, Person
from egide_registry.accounts.rules import Role
from egide_registry.audit.events import Event
from egide_registry.audit.models import Entry
from support.accounts import enter, give_password, known, told
from support.live import sign_in
from support.registry import BEGINNING, World, acting


@pytest.fixture
def administrator(world: World, client: Client) -> Client:
    sign_in(client, world.administrator)
    return client


def grant_data(world: World, **more: str) -> dict[str, str]:
    return {"body": str(world.prefecture.pk), "role": "dpo", "starts_on": "2026-01-01", "ends_on": "", **more}


def test_the_list_shows_the_department_and_no_other(world: World, administrator: Client):
    here, elsewhere = known(world), known(World())
    page = told(administrator.get(reverse("accounts:people")))
    assert str(here.mandate.person_id) in page
    assert str(elsewhere.mandate.person_id) not in page


def test_a_person_of_another_department_is_not_found(world: World, administrator: Client):
    other = known(World())
    person, mandate = other.mandate.person_id, other.mandate.pk
    assert administrator.get(reverse("accounts:person", args=[person])).status_code == 404
    assert administrator.post(reverse("accounts:close", args=[person])).status_code == 404
    assert administrator.post(reverse("accounts:send_again", args=[person])).status_code == 404
    assert administrator.post(reverse("accounts:end", args=[mandate])).status_code == 404


OTHERS = [role for role in Role if role not in (Role.ADMINISTRATOR, Role.KEEPER)]


@pytest.mark.parametrize("role", OTHERS)
def test_no_other_role_administers_accounts(world: World, role: Role):
    by = world[role]
    with pytest.raises(PermissionDenied), acting(by):
        actions.invite(name="Personne Essai", email="x@essai.invalid", by=by, on=date(2026, 1, 1))
    with pytest.raises(PermissionDenied), acting(by):
        actions.close(by.person, by=by)


@pytest.mark.parametrize("page", ["accounts:people", "accounts:invite"])
def test_no_other_role_opens_these_pages(world: World, client: Client, page: str):
    sign_in(client, world[Role.DPO])
    assert client.get(reverse(page)).status_code == 403


def test_a_mandate_is_given_and_ended_by_the_page(world: World, administrator: Client):
    who = known(world)
    page = reverse("accounts:person", args=[who.mandate.person_id])
    assert administrator.post(page, grant_data(world)).status_code == 302
    with acting(world.administrator):
        mandate = Mandate.objects.get(person_id=who.mandate.person_id, role="dpo")
    assert administrator.post(reverse("accounts:end", args=[mandate.pk])).status_code == 302
    with acting(world.administrator):
        mandate.refresh_from_db(using="default")
    assert mandate.ends_on is not None and mandate.ends_on < timezone.localdate()


def test_a_mandate_that_ends_before_it_begins_is_refused_with_the_way_out(world: World, administrator: Client):
    page = reverse("accounts:person", args=[known(world).mandate.person_id])
    answer = administrator.post(page, grant_data(world, ends_on="2025-01-01"))
    assert answer.status_code == 200 and "précède le premier" in told(answer)


def test_nobody_gives_themselves_a_mandate_by_the_page_by_the_action_or_in_the_database(
    world: World, administrator: Client
):
    me = world.administrator
    page = reverse("accounts:person", args=[me.person_id])
    assert administrator.post(page, grant_data(world)).status_code == 403
    with pytest.raises(PermissionDenied), acting(me):
        actions.grant(me.person_id, body=world.prefecture, role=Role.PREFECT, by=me, starts_on=date(2026, 1, 1))
    mine = Mandate(
        id=uuid4(),
        person_id=me.person_id,
        body=world.prefecture,
        department_id=world.code,
        role=Role.PREFECT,
        starts_on=date(2026, 1, 1),
    )
    with pytest.raises(ProgrammingError), acting(me):
        mine.save(using="default", force_insert=True)


@pytest.mark.parametrize("role", [Role.ASSOCIATION, Role.OBSERVATORY])
def test_a_body_gives_only_the_roles_of_its_kind(world: World, administrator: Client, role: Role):
    page = reverse("accounts:person", args=[known(world).mandate.person_id])
    answer = administrator.post(page, grant_data(world, role=role))
    assert "Cette structure ne donne pas ce rôle" in told(answer)
    assert administrator.post(page, grant_data(world, role=Role.PREFECT)).status_code == 302


def test_the_role_of_the_automate_is_given_to_nobody(world: World):
    by = world.administrator
    with pytest.raises(PermissionDenied), acting(by):
        actions.grant(
            known(world).mandate.person_id,
            body=world.prefecture,
            role=Role.KEEPER,
            by=by,
            starts_on=date(2026, 1, 1),
        )


def test_the_link_is_sent_again_to_those_who_have_not_come_yet_and_to_no_other(world: World, administrator: Client):
    from django.core import mail

    with acting(world.administrator):
        waiting = world.new(Role.DPO)
    mail.outbox = []
    assert administrator.post(reverse("accounts:send_again", args=[waiting.person_id])).status_code == 302
    assert len(mail.outbox) == 1
    there = known(world).mandate.person_id
    assert administrator.post(reverse("accounts:send_again", args=[there])).status_code == 404


def test_no_address_lets_anybody_act_as_another():
    names = " ".join(str(pattern.pattern) for pattern in get_resolver("egide_registry.accounts.urls").url_patterns)
    for word in ("hijack", "incarner", "impersonat", "comme", "endosser"):
        assert word not in names


def entries(world: World, event: Event) -> list[Entry]:
    with acting(world[Role.DPO]):
        return list(Entry.objects.filter(chain=world.code, event=event).order_by("seq"))


def test_what_the_administration_does_is_in_the_journal(world: World, administrator: Client):
    assert world[Role.DPO]  # who reads the journal below
    who = known(world)
    person = who.mandate.person_id
    administrator.post(reverse("accounts:end", args=[who.mandate.pk]))
    administrator.post(reverse("accounts:close", args=[person]))
    for event in (Event.ACCOUNT_INVITED, Event.MANDATE_GRANTED, Event.MANDATE_ENDED, Event.ACCOUNT_CLOSED):
        (*_, last) = entries(world, event)
        assert (last.subject, last.person) == (person, world.administrator.person_id)


def test_the_choice_of_a_mandate_is_in_the_journal_of_its_department(world: World, client: Client):
    who = known(world)
    enter(client, who)
    assert entries(world, Event.MANDATE_CHOSEN)[-1].person == who.mandate.person_id
    client.post(reverse("accounts:sign_out"))
    assert entries(world, Event.SIGNED_OUT)[-1].person == who.mandate.person_id


def test_entering_and_failing_are_in_the_journal_without_an_address(world: World, client: Client):
    from django.db import connections

    who = known(world)
    give_password(client, who.email, "faux faux faux")
    enter(client, who)
    with connections["journal"].cursor() as cursor:
        cursor.execute(
            "SELECT event, detail FROM audit_entry WHERE chain = 'compte' AND subject = %s ORDER BY seq",
            [who.mandate.person_id],
        )
        assert cursor.fetchall() == [
            ("sign_in_refused", '{"step":"password"}'),
            ("signed_in", '{"how":"totp"}'),
        ]


def test_an_account_used_in_another_department_is_not_closed_from_here(world: World):
    other = World()
    email = f"partage-{uuid4()}@essai.invalid"
    for one in (other, world):
        with acting(one.administrator):
            person = actions.invite(name="Personne Partagée", email=email, by=one.administrator, on=BEGINNING)
            actions.grant(person.pk, body=one.prefecture, role=Role.DELEGATE, by=one.administrator, starts_on=BEGINNING)
    with acting(world.administrator), pytest.raises(PermissionDenied, match="autre département"), transaction.atomic():
        actions.close(person, by=world.administrator)
    with acting(world.administrator), pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_active=False)
