"""What takes two persons takes two persons, whatever mandates they hold, once."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from egide_registry.access import rules
from egide_registry.access.actions import seconds
from egide_registry.access.models import FourEyes
from egide_registry.accounts import actions as accounts
from egide_registry.accounts.models import Mandate, StateIdentity
from egide_registry.accounts.rules import Role
from egide_registry.audit.models import Entry
from egide_registry.psp.models import File
from egide_registry.psp.rules.refusals import RuleRefused
from support import psp
from support.live import sign_in
from support.registry import BEGINNING, World, acting, today


def soon() -> date:
    return today() + timedelta(days=200)


def asked(file: UUID, by: Mandate, until: date | None = None) -> FourEyes:
    with acting(by):
        return seconds.ask_hold(file, until=until or soon(), by=by, now=timezone.now())


def answered(row: FourEyes, by: Mandate, *, confirmed: bool = True) -> FourEyes:
    with acting(by):
        return seconds.decide(row.pk, confirmed=confirmed, by=by, now=timezone.now())


def held_until(file: UUID, by: Mandate) -> date | None:
    with acting(by):
        return File.objects.get(pk=file).held_until


def twin(world: World, of: Mandate, role: Role) -> Mandate:
    """The same person under another mandate."""
    with acting(world.administrator):
        return accounts.grant(
            of.person_id, body=world.prefecture, role=role, by=world.administrator, starts_on=BEGINNING
        )


def test_a_hold_begins_when_a_second_person_confirms_it(world: World):
    file, delegate, prefect = psp.filed(world).file.pk, world[Role.DELEGATE], world[Role.PREFECT]
    row = asked(file, delegate)
    assert held_until(file, delegate) is None
    answered(row, prefect)
    assert held_until(file, delegate) == soon()
    events = Entry.objects.using("journal").filter(chain=world.code, subject=file).order_by("-seq")
    assert {entry.event for entry in events[:3]} == {"second_asked", "file_held", "second_given"}


def test_a_turned_down_hold_changes_nothing(world: World):
    file = psp.filed(world).file.pk
    answered(asked(file, world[Role.DELEGATE]), world[Role.PREFECT], confirmed=False)
    assert held_until(file, world[Role.DELEGATE]) is None


def test_the_same_person_is_refused_even_under_another_mandate(world: World):
    file, delegate = psp.filed(world).file.pk, world[Role.DELEGATE]
    row = asked(file, delegate)
    for same in (delegate, twin(world, delegate, Role.PREFECT)):
        with pytest.raises((RuleRefused, FourEyes.DoesNotExist)):
            answered(row, same)
    same = twin(world, delegate, Role.PREFECT)
    with acting(same):  # nor around the code
        assert FourEyes.objects.filter(pk=row.pk).update(confirmed=True) == 0


def test_a_question_is_answered_once(world: World):
    file = psp.filed(world).file.pk
    row = answered(asked(file, world[Role.DELEGATE]), world[Role.PREFECT])
    with pytest.raises(RuleRefused, match="une seule réponse"):
        answered(row, world.new(Role.PREFECT), confirmed=False)


def test_one_open_question_at_a_time(world: World):
    file = psp.filed(world).file.pk
    asked(file, world[Role.DELEGATE])
    with pytest.raises(RuleRefused, match="une question déjà posée"):
        asked(file, world[Role.PREFECT])


def test_what_was_asked_is_not_rewritten_by_who_confirms(world: World):
    prefect = world[Role.PREFECT]
    row = asked(psp.filed(world).file.pk, world[Role.DELEGATE])
    with pytest.raises(DatabaseError, match="answered once"), acting(prefect):
        FourEyes.objects.filter(pk=row.pk).update(until=soon() + timedelta(days=900))


def test_a_hold_has_an_end_within_two_years(world: World):
    file = psp.filed(world).file.pk
    for until in (today(), today() + timedelta(days=800)):
        with pytest.raises(RuleRefused, match="fin de la conservation"):
            asked(file, world[Role.DELEGATE], until=until)
    assert rules.hold_defects(date(2028, 2, 29), on=date(2026, 2, 28)) != []
    assert rules.hold_defects(date(2028, 2, 28), on=date(2026, 2, 28)) == []


def test_the_database_refuses_a_hold_that_nobody_confirmed(world: World):
    file, delegate = psp.filed(world).file.pk, world[Role.DELEGATE]
    asked(file, delegate)
    with pytest.raises(DatabaseError, match="second person"), acting(delegate):
        File.objects.filter(pk=file).update(held_until=soon())


@pytest.mark.parametrize("role", [Role.ASSOCIATION, Role.MEMBER, Role.MINORS_MEMBER, Role.ADMINISTRATOR, Role.DPO])
def test_only_who_serves_the_department_asks_for_a_hold(world: World, role: Role):
    file = psp.filed(world).file.pk
    with pytest.raises((PermissionDenied, File.DoesNotExist)):
        asked(file, world[role])


def test_an_identity_is_attached_by_two_administrators(world: World):
    person, other = world[Role.DELEGATE].person_id, world.new(Role.ADMINISTRATOR)
    index = uuid4().hex
    with acting(world.administrator):
        row = seconds.ask_attachment(person, index, by=world.administrator, now=timezone.now())
        assert not StateIdentity.objects.filter(subject_index=index).exists()
    answered(row, other)
    with acting(other):
        assert StateIdentity.objects.get(subject_index=index).person_id == person


def test_nobody_asks_for_their_own_account(world: World):
    with acting(world.administrator), pytest.raises(PermissionDenied):
        seconds.ask_attachment(world.administrator.person_id, "ab" * 16, by=world.administrator, now=timezone.now())


def test_the_page_of_questions_lets_another_person_answer(world: World):
    file = psp.filed(world).file
    row = asked(file.pk, world[Role.DELEGATE])
    mine, other = Client(), Client()
    sign_in(mine, world[Role.DELEGATE])
    sign_in(other, world[Role.PREFECT])
    assert "Une autre personne que vous" in mine.get(reverse("access:seconds")).content.decode()
    mine.post(reverse("access:decide", args=[row.pk]), {"answer": "yes"})
    assert held_until(file.pk, world[Role.DELEGATE]) is None
    assert file.reference in other.get(reverse("access:seconds")).content.decode()
    assert other.post(reverse("access:decide", args=[row.pk]), {"answer": "yes"}).status_code == 302
    assert held_until(file.pk, world[Role.DELEGATE]) == soon()


def test_the_officer_sees_the_longer_conservations_and_answers_none(world: World):
    file = psp.filed(world).file
    row = asked(file.pk, world[Role.DELEGATE])
    client = Client()
    sign_in(client, world[Role.DPO])
    page = client.get(reverse("access:seconds")).content.decode()
    assert file.reference in page
    assert "Confirmer" not in page
    assert client.post(reverse("access:decide", args=[row.pk]), {"answer": "yes"}).status_code == 403


def test_a_hold_is_asked_on_a_page(world: World):
    file = psp.filed(world).file
    client = Client()
    sign_in(client, world[Role.DELEGATE])
    where = reverse("access:hold", args=[file.pk])
    assert client.get(where).status_code == 200
    assert client.post(where, {"until": "2099-01-01"}).status_code == 422
    assert client.post(where, {"until": soon().isoformat()}).status_code == 302


def test_an_attachment_is_asked_on_a_page(world: World):
    person = world[Role.DELEGATE].person_id
    client = Client()
    sign_in(client, world.administrator)
    where = reverse("access:attach")
    assert client.get(where).status_code == 200
    assert client.post(where, {"account": person, "identity": "un nom"}).status_code == 422
    assert client.post(where, {"account": person, "identity": uuid4().hex}).status_code == 302
