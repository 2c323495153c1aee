"""A session ends by itself, and at once when what it stands on is gone."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from egide_registry.accounts import actions
from egide_registry.accounts.models import Mandate, Person
from egide_registry.accounts.rules import Role
from egide_registry.accounts.sessions import hashed
from support.accounts import PASSWORD, Clock, enter, is_in, known, told
from support.live import sign_in
from support.registry import BEGINNING, World, acting


def test_the_helper_of_the_tests_opens_a_session_like_any_other(world: World, client: Client):
    sign_in(client, world.administrator)
    assert is_in(client)
    assert client.get(reverse("accounts:people")).status_code == 200


def test_fifteen_minutes_without_a_gesture_close_the_session(world: World, client: Client, clock: Clock):
    sign_in(client, world.administrator)
    clock.forward(minutes=14)
    assert is_in(client)
    clock.forward(minutes=14)
    assert is_in(client)  # the gesture before counted
    clock.forward(minutes=15, seconds=1)
    assert not is_in(client)


def test_eight_hours_close_it_whatever_the_gestures(world: World, client: Client, clock: Clock):
    sign_in(client, world.administrator)
    for _ in range(47):
        clock.forward(minutes=10)
        alive = is_in(client)
    assert alive
    clock.forward(minutes=10)
    assert not is_in(client)


def test_a_new_password_closes_the_other_sessions_and_keeps_this_one(world: World, client: Client):
    who = known(world)
    other = Client()
    sign_in(other, who.mandate)
    sign_in(client, who.mandate)
    new = "une tout autre phrase"
    data = {"mdp-current": PASSWORD, "mdp-new": new, "mdp-again": new}
    assert client.post(reverse("accounts:change_password"), data).status_code == 302
    assert is_in(client)
    assert not is_in(other)


@pytest.mark.parametrize(
    ("current", "new", "again", "why"),
    [
        (PASSWORD, "trop court", "trop court", "12 caractères"),
        (PASSWORD, "q1w2e3r4t5y6", "q1w2e3r4t5y6", "trop courant"),
        (PASSWORD, "une tout autre phrase", "une tout autre phrasf", "diffèrent"),
        ("ce n’est pas lui", "une tout autre phrase", "une tout autre phrase", "actuel est incorrect"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_with_the_reason(
    world: World, client: Client, current: str, new: str, again: str, why: str
):
    sign_in(client, known(world).mandate)
    data = {"mdp-current": current, "mdp-new": new, "mdp-again": again}
    answer = client.post(reverse("accounts:change_password"), data)
    assert answer.status_code == 200 and why in told(answer)


def test_closing_the_account_closes_its_sessions_at_once(world: World, client: Client):
    who = known(world)
    sign_in(client, who.mandate)
    with acting(world.administrator):
        actions.close(who.mandate.person, by=world.administrator)
    assert not is_in(client)


def test_the_end_of_the_mandate_closes_the_session_at_once(world: World, client: Client):
    who = known(world)
    sign_in(client, who.mandate)
    with acting(world.administrator):
        actions.end(who.mandate, by=world.administrator, on=timezone.localdate())
    assert not is_in(client)


def test_a_mandate_that_began_today_may_end_today(world: World):
    who, today = known(world), timezone.localdate()
    by = world.administrator
    with acting(by):
        mandate = actions.grant(who.mandate.person_id, body=world.prefecture, role=Role.DPO, by=by, starts_on=today)
        actions.end(mandate, by=by, on=today)
    assert mandate.ends_on == today - timedelta(days=1)


def test_someone_with_two_mandates_chooses_one_and_sees_which(world: World, client: Client):
    who = known(world)
    by = world.administrator
    with acting(by):
        second = actions.grant(
            who.mandate.person_id, body=world.prefecture, role=Role.ADMINISTRATOR, by=by, starts_on=date(2026, 1, 1)
        )
    assert enter(client, who).headers["Location"] == reverse("accounts:choose")
    page = told(client.get(reverse("accounts:choose")))
    assert str(second.pk) in page and str(who.mandate.pk) in page
    assert client.post(reverse("accounts:choose"), {"mandate": str(second.pk)}).headers["Location"] == "/"
    assert client.session["mandate"] == str(second.pk)


def test_the_mandate_of_another_cannot_be_chosen_nor_one_that_is_over(world: World, client: Client):
    who = known(world)
    by = world.administrator
    with acting(by):
        over = actions.grant(
            who.mandate.person_id,
            body=world.prefecture,
            role=Role.DPO,
            by=by,
            starts_on=BEGINNING,
            ends_on=date(2021, 1, 1),
        )
    enter(client, who)
    for mandate in (by, over, known(World()).mandate):
        assert client.post(reverse("accounts:choose"), {"mandate": str(mandate.pk)}).status_code == 404
    assert client.post(reverse("accounts:choose"), {"mandate": "n’importe quoi"}).status_code == 404
    assert client.session["mandate"] == str(who.mandate.pk)


def test_a_session_that_names_the_mandate_of_another_is_nobody_s(world: World, client: Client):
    sign_in(client, known(world).mandate)
    session = client.session
    session["mandate"] = str(world.administrator.pk)
    session.save()
    assert not is_in(client)


def test_an_administrator_changes_no_secret_of_another(world: World):
    who = known(world)
    for change in (
        {"password": "!"},
        {"identity": None},
        {"totp": None},
        {"totp_last_step": 0},
        {"totp_confirmed_at": None},
        {"login_index": uuid4().hex},
    ):
        with pytest.raises(IntegrityError), acting(world.administrator):
            Person.objects.filter(pk=who.mandate.person_id).update(**change)


def test_a_closed_account_stays_closed(world: World):
    who = known(world)
    with acting(world.administrator):
        actions.close(who.mandate.person, by=world.administrator)
    with pytest.raises(IntegrityError), acting(world.administrator):
        Person.objects.filter(pk=who.mandate.person_id).update(is_active=True)


@pytest.mark.parametrize("change", [{"role": "prefect"}, {"ends_on": None}, {"ends_on": date(2099, 1, 1)}])
def test_a_mandate_is_never_rewritten_nor_made_longer(world: World, change: dict[str, object]):
    by = world.administrator
    with acting(by):
        mandate = world.new(Role.DELEGATE, ends_on=date(2030, 1, 1))
    with pytest.raises(IntegrityError), acting(by):
        Mandate.objects.filter(pk=mandate.pk).update(**change)


def test_a_session_copied_over_another_by_sql_opens_nothing(world: World, client: Client):
    sign_in(client, world.administrator)
    mine = Client()
    sign_in(mine, world[Role.DELEGATE])
    victim, thief = (hashed(one.cookies["sessionid"].value) for one in (client, mine))
    stolen = Session.objects.get(session_key=victim).session_data
    Session.objects.filter(session_key=thief).update(session_data=stolen)
    assert not is_in(mine)
    assert is_in(client)
