"""Minutes: when they may be signed, who reads them, and that nothing alters them."""

from pathlib import Path

import pytest
from django.db import DatabaseError, connection

from egide_registry.accounts.rules import Role
from egide_registry.audit.models import Entry
from egide_registry.commissions.actions import minutes
from egide_registry.commissions.models import Session
from egide_registry.files.acts import ActRefused
from egide_registry.psp.actions import filing
from egide_registry.psp.rules.refusals import RuleRefused
from support.commission import Desk
from support.pdf_judge import judge
from support.registry import World, acting, today


@pytest.fixture
def signed(desk: Desk) -> Session:
    session, (item,) = desk.held_with(desk.complete_request())
    desk.opine(item)
    with acting(desk.delegate):
        return minutes.sign(session.pk, chair=desk.prefect.pk, other_business="", by=desk.delegate, on=today())


def test_minutes_wait_for_every_opinion(desk: Desk):
    session, _ = desk.held_with(desk.complete_request())
    with pytest.raises(RuleRefused, match="1 sans avis"), acting(desk.delegate):
        minutes.sign(session.pk, chair=desk.prefect.pk, other_business="", by=desk.delegate, on=today())


def test_a_request_withdrawn_meanwhile_is_in_the_minutes_without_an_opinion(desk: Desk):
    kept, withdrawn = desk.complete_request(), desk.complete_request()
    session, (item, other) = desk.held_with(kept, withdrawn)
    by = desk.world[Role.ASSOCIATION]
    with acting(by):
        filing.withdraw(withdrawn.pk, by=by, on=today())
    desk.opine(item)
    with pytest.raises(RuleRefused):
        desk.opine(other)
    with acting(desk.delegate):
        minutes.sign(session.pk, chair=desk.court.pk, other_business="", by=desk.delegate, on=today())
    assert desk.state_of(withdrawn) == "withdrawn"


def test_minutes_are_signed_once_and_never_altered_even_by_sql(desk: Desk, signed: Session):
    with pytest.raises(RuleRefused, match="signé"), acting(desk.delegate):
        minutes.sign(signed.pk, chair=desk.prefect.pk, other_business="", by=desk.delegate, on=today())
    for change in (
        "UPDATE commissions_session SET minutes = NULL, minutes_on = NULL, minutes_sha256 = ''",
        "UPDATE commissions_session SET minutes_sha256 = repeat('0', 64)",
        "UPDATE commissions_session SET held_on = held_on + 1",
        "UPDATE commissions_item SET position = 9",
        "DELETE FROM commissions_session",
        "DELETE FROM commissions_item",
    ):
        with pytest.raises(DatabaseError), acting(desk.delegate), connection.cursor() as cursor:
            cursor.execute(change)
            if cursor.rowcount == 0:  # a policy hides what a trigger would refuse
                raise DatabaseError("nothing to change")
    with acting(desk.delegate):
        assert Session.objects.get(pk=signed.pk).minutes_sha256 == signed.minutes_sha256


def test_minutes_are_read_by_who_was_called_and_by_nobody_else(desk: Desk, signed: Session):
    late = desk.world.new(Role.MEMBER)
    with acting(late), pytest.raises(Session.DoesNotExist):
        minutes.open_minutes(signed.pk, by=late)
    child = desk.world[Role.MINORS_MEMBER]
    with acting(child), pytest.raises(Session.DoesNotExist):
        minutes.open_minutes(signed.pk, by=child)
    other = World()
    with acting(other[Role.DELEGATE]), pytest.raises(Session.DoesNotExist):
        minutes.open_minutes(signed.pk, by=other[Role.DELEGATE])
    with acting(desk.friend):
        assert minutes.open_minutes(signed.pk, by=desk.friend)[1].startswith(b"%PDF")


def test_the_journal_keeps_the_hash_of_the_minutes(desk: Desk, signed: Session):
    with acting(desk.world[Role.DPO]):
        entry = Entry.objects.get(subject=signed.pk, event="minutes_signed")
    assert signed.minutes_sha256 in entry.detail


def test_minutes_name_a_chair_who_may_preside(desk: Desk):
    session, (item,) = desk.held_with(desk.complete_request())
    desk.opine(item)
    with pytest.raises(ActRefused, match="présidence"), acting(desk.delegate):
        minutes.sign(session.pk, chair=desk.world[Role.ASSOCIATION].pk, other_business="", by=desk.delegate, on=today())


@pytest.mark.pdfjudge
def test_minutes_are_a_pdf_for_everybody(desk: Desk, signed: Session, tmp_path: Path):
    with acting(desk.delegate):
        _, document = minutes.open_minutes(signed.pk, by=desk.delegate)
    path = tmp_path / "minutes.pdf"
    path.write_bytes(document)
    assert judge(path).failures == []
