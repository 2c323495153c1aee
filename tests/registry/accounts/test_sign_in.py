"""Nobody is signed in before the last factor, and a wrong try tells nothing."""

import re
import threading
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connections, transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from egide_registry.accounts import actions, sign_in
from egide_registry.accounts import attempts as table
from egide_registry.accounts.actions import login_index
from egide_registry.accounts.models import Attempt, Person
from egide_registry.security import context
from support.accounts import PASSWORD, Clock, CountingHasher, enter, give_code, give_password, is_in, known, told
from support.registry import BEGINNING, World, acting


def attempts(email: str) -> int:
    with transaction.atomic():
        context.enter(login=login_index(email))
        return Attempt.objects.filter(login_index=login_index(email)).count()


def test_a_password_and_a_code_open_a_session_under_the_only_mandate(world: World, client: Client):
    who = known(world)
    answer = enter(client, who)
    assert answer.status_code == 302 and answer.headers["Location"] == "/"
    assert who.mandate.get_role_display() in told(client.get(reverse("accounts:account")))


def test_the_password_alone_opens_nothing(world: World, client: Client):
    who = known(world)
    assert give_password(client, who.email).headers["Location"] == reverse("accounts:second_factor")
    assert not is_in(client)
    assert client.get(reverse("accounts:choose")).headers["Location"] == reverse("accounts:sign_in")


def test_capitals_and_spaces_around_the_address_do_not_matter(world: World, client: Client):
    who = known(world)
    assert give_password(client, f" {who.email.upper()} ").status_code == 302


def test_an_unknown_address_and_a_wrong_password_get_the_same_page(world: World, client: Client):
    who = known(world)
    wrong = give_password(client, who.email, "ce n’est pas le bon mot")
    unknown = give_password(Client(), f"personne-{uuid4()}@essai.invalid", "ce n’est pas le bon mot")
    assert wrong.status_code == unknown.status_code == 200
    assert sign_in.WRONG in told(wrong)
    without = re.compile(r'(csrfmiddlewaretoken" value|value)="[^"]*"')
    assert without.sub("", told(wrong)) == without.sub("", told(unknown))


@override_settings(PASSWORD_HASHERS=["support.accounts.CountingHasher"])
def test_an_unknown_address_costs_the_same_work_as_a_wrong_password(world: World):
    def work(email: str) -> int:
        before = CountingHasher.done
        give_password(Client(), email, "ce n’est pas le bon mot")
        return CountingHasher.done - before

    with acting(world.administrator):
        invited = f"personne-{uuid4()}@essai.invalid"
        actions.invite(name="Personne Essai", email=invited, by=world.administrator, on=BEGINNING)
    assert work(known(world).email) == work(f"personne-{uuid4()}@essai.invalid") == work(invited) == 1


def test_an_account_without_a_second_factor_does_not_sign_in_even_with_its_password(world: World, client: Client):
    who = known(world)
    with acting(who.mandate):
        Person.objects.filter(pk=who.mandate.person_id).update(totp_confirmed_at=None)
    assert sign_in.WRONG in told(give_password(client, who.email))


def test_a_code_is_used_once(world: World):
    who = known(world)
    code = who.code()
    first, second = Client(), Client()
    give_password(first, who.email)
    give_password(second, who.email)
    assert give_code(first, code).status_code == 302
    assert give_code(second, code).status_code == 200
    assert is_in(first) and not is_in(second)


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_thirty_seconds_off_and_no_more(
    world: World, client: Client, clock: Clock, steps: int, right: bool
):

    who = known(world)
    clock.forward(seconds=45 - timezone.now().timestamp() % 30)  # the middle of a step
    give_password(client, who.email)
    assert (give_code(client, who.code(steps=steps)).status_code == 302) is right


def test_after_ten_minutes_the_password_must_be_given_again(world: World, client: Client, clock: Clock):
    who = known(world)
    give_password(client, who.email)
    clock.forward(minutes=11)
    assert give_code(client, who.code()).headers["Location"] == reverse("accounts:sign_in")
    assert not is_in(client)


def test_the_key_of_the_session_changes_at_each_step(world: World, client: Client):
    who = known(world)
    give_password(client, who.email)
    half = client.cookies["sessionid"].value
    give_code(client, who.code())
    assert client.cookies["sessionid"].value != half
    thief = Client()
    thief.cookies["sessionid"] = half
    assert not is_in(thief)


def test_five_failures_make_one_wait_whether_the_address_is_known_or_not(world: World, client: Client):
    for email in (known(world).email, f"personne-{uuid4()}@essai.invalid"):
        for _ in range(5):
            assert "incorrect" in told(give_password(client, email, "faux faux faux"))
        assert "Attendez 1 minute" in told(give_password(client, email))
        assert attempts(email) == 5


def test_the_wait_grows_and_always_ends(world: World, client: Client, clock: Clock):
    who = known(world)
    for _ in range(5):
        give_password(client, who.email, "faux faux faux")
    clock.forward(seconds=61)
    give_password(client, who.email, "faux faux faux")
    clock.forward(seconds=61)
    assert "Attendez" in told(give_password(client, who.email))
    clock.forward(seconds=61)
    assert enter(client, who).status_code == 302
    assert attempts(who.email) == 0


def test_wrong_codes_count_with_wrong_passwords_and_the_password_does_not_excuse_them(world: World, client: Client):
    who = known(world)
    for _ in range(5):
        give_password(client, who.email)
        give_code(client, "000000" if who.code() != "000000" else "111111")
    assert attempts(who.email) == 5
    answer = give_password(Client(), who.email)
    assert "Trop d’essais" in told(answer)


def test_two_tries_at_once_do_not_both_count_as_the_fifth(world: World, client: Client):
    """The second finds the turn taken and is sent back without waiting."""
    who = known(world)
    taken = []

    def elsewhere():
        with transaction.atomic():
            taken.append(table.claimed(login_index(who.email)))
        connections.close_all()

    with transaction.atomic():
        assert table.claimed(login_index(who.email))
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert taken == [False]


def test_signing_out_closes_the_session_and_clears_the_browser(world: World, client: Client):
    enter(client, known(world))
    answer = client.post(reverse("accounts:sign_out"))
    assert "Clear-Site-Data" in answer.headers
    assert not is_in(client)
    assert client.get(reverse("accounts:sign_out")).status_code == 405


def test_the_quick_exit_signs_out_too(world: World, client: Client):
    enter(client, known(world))
    assert client.post(reverse("theme:quick-exit")).status_code == 204
    assert not is_in(client)


def test_a_dump_of_the_sessions_opens_nothing(world: World, client: Client):
    enter(client, known(world))
    for key in Session.objects.values_list("session_key", flat=True):
        thief = Client()
        thief.cookies["sessionid"] = key
        assert not is_in(thief)
    assert client.cookies["sessionid"].value not in Session.objects.values_list("session_key", flat=True)


def test_the_sessions_hold_no_password_no_address_and_no_name(world: World, client: Client):
    who = known(world)
    enter(client, who)
    kept = " ".join(str(row.get_decoded()) for row in Session.objects.all())
    assert who.email not in kept and PASSWORD not in kept and "Personne Essai" not in kept
