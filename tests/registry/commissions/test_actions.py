"""A commission at work on a real database: who is called, who reads what and until when, what is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connections

from egide_registry.accounts.rules import Role
from egide_registry.commissions import people, rules
from egide_registry.commissions.actions import agenda, calling, minutes, sitting
from egide_registry.commissions.models import Convocation, Item, Recusal, Session
from egide_registry.psp.models import File
from egide_registry.psp.reading import open_file
from egide_registry.psp.rules.refusals import RuleRefused
from egide_registry.security import vault
from support.commission import SOON, Desk
from support.registry import acting, today

# ---------------------------------------------------------------- from the convocation to the minutes


def test_a_session_goes_from_its_convocation_to_its_minutes(desk: Desk, letters: list):
    first, second = desk.complete_request(), desk.complete_request()
    session = desk.convene()
    assert {one.to[0].split("-")[0] for one in letters} == {"member"}
    items = desk.put(session, first, second)
    assert desk.state_of(first) == "scheduled"
    desk.attend(session, [desk.court, desk.friend], excused=[desk.police])
    desk.hold(session)
    desk.opine(items[0], votes=(1, 0, 0))
    desk.opine(items[1], Item.Opinion.DEFERRED, votes=None, reasons="Un bilan écrit est demandé.")
    assert (desk.state_of(first), desk.state_of(second)) == ("opinion_given", "complete")
    with acting(desk.delegate):
        said = {"chair": desk.prefect.pk, "other_business": "Prochaine séance en juin."}
        assert minutes.preview(session.pk, by=desk.delegate, **said).startswith(b"%PDF")
        minutes.sign(session.pk, by=desk.delegate, on=today(), **said)
    with acting(desk.court):
        name, document = minutes.open_minutes(session.pk, by=desk.court)
    assert document.startswith(b"%PDF")
    assert name.startswith(f"CDLP-{desk.world.code}-")


def test_the_letters_of_a_session_say_nothing_and_name_nobody_else(desk: Desk, letters: list):
    desk.convene()
    assert len(letters) == 3
    assert all((one.subject, one.body, len(one.to)) == (people.SUBJECT, people.TEXT, 1) for one in letters)
    assert all(not one.cc and not one.bcc for one in letters)


def test_a_post_office_on_fire_undoes_no_convocation(desk: Desk, settings_with_no_post: None):
    session = desk.convene()
    with acting(desk.delegate):
        assert Session.objects.filter(pk=session.pk).exists()


@pytest.fixture
def settings_with_no_post(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError("no post office")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fails)


def test_only_the_delegate_calls_a_session(desk: Desk):
    with acting(desk.prefect), pytest.raises(PermissionDenied):
        calling.set_settings(SOON, by=desk.prefect)


def test_a_session_is_not_called_within_the_delay_that_the_department_set(desk: Desk):
    desk.settle(rules.Settings(convocation_days=15))
    with pytest.raises(RuleRefused, match="15 jours de délai"):
        desk.convene(today() + timedelta(days=5), on=today())


# ---------------------------------------------------------------- who reads


def test_members_read_the_files_of_the_agenda_from_its_writing(desk: Desk):
    request = desk.complete_request()
    session = desk.convene()
    assert desk.reads(desk.court) == set()
    desk.put(session, request)
    assert desk.reads(desk.court) == {request.file_id}
    with acting(desk.court):
        assert open_file(request.file_id, by=desk.court, page="file").file.pk == request.file_id


def test_a_member_who_was_not_called_reads_nothing(desk: Desk):
    session = desk.convene()
    late = desk.world.new(Role.MEMBER)
    request = desk.complete_request()
    desk.put(session, request)
    assert desk.reads(late) == set()
    with acting(desk.delegate):
        assert calling.call_newcomers(session.pk, by=desk.delegate, on=today()) == 1
    assert desk.reads(late) == {request.file_id}


def test_a_member_of_the_filing_association_sees_nothing_of_its_file(desk: Desk):
    request = desk.complete_request()
    (item,) = desk.put(desk.convene(), request)
    assert desk.reads(desk.friend) == set()
    with acting(desk.friend):
        assert not Item.objects.exists()
        with pytest.raises(File.DoesNotExist):
            open_file(request.file_id, by=desk.friend, page="file")
        with pytest.raises(vault.DataKey.DoesNotExist):
            vault.open_for(request.file_id, owner=vault.owner_of(desk.world.code))
        with pytest.raises(Item.DoesNotExist):
            agenda.declare_interest(item.pk, by=desk.friend, on=today())


def test_a_member_who_declares_an_interest_loses_the_file_at_once(desk: Desk):
    request, other = desk.complete_request(), desk.complete_request()
    item, _ = desk.put(desk.convene(), request, other)
    with acting(desk.court):
        agenda.declare_interest(item.pk, by=desk.court, on=today())
        assert not File.objects.filter(pk=request.file_id).exists()
    assert desk.reads(desk.court) == {other.file_id}
    assert desk.reads(desk.police) == {request.file_id, other.file_id}


def test_an_interest_said_aloud_is_written_by_the_delegate(desk: Desk):
    request = desk.complete_request()
    (item,) = desk.put(desk.convene(), request)
    with acting(desk.delegate):
        agenda.declare_interest(item.pk, by=desk.delegate, on=today(), of=desk.police.pk)
        agenda.declare_interest(item.pk, by=desk.delegate, on=today(), of=desk.police.pk)
        assert Recusal.objects.filter(item=item, cause="interest").count() == 1
    assert desk.reads(desk.police) == set()


def test_a_member_cannot_send_a_whole_body_out_of_the_room(desk: Desk):
    (item,) = desk.put(desk.convene(), desk.complete_request())
    with pytest.raises(DatabaseError), acting(desk.court):
        Recusal(
            item=item,
            mandate=desk.court,
            body_id=desk.police.body_id,
            cause=Recusal.Cause.INTEREST,
            recorded_on=today(),
        ).save(force_insert=True)


def test_a_member_declares_nothing_on_an_item_they_do_not_see(desk: Desk):
    (item,) = desk.put(desk.convene(), desk.complete_request())
    late = desk.world.new(Role.MEMBER)
    with pytest.raises(DatabaseError), acting(late):
        Recusal(item=item, mandate=late, cause=Recusal.Cause.INTEREST, recorded_on=today()).save(force_insert=True)


def test_the_access_of_members_is_never_made_longer_nor_the_session_another(desk: Desk):
    session = desk.convene()
    for change in (
        {"access_ends_on": session.access_ends_on + timedelta(days=1)},
        {"formation": "minors"},
        {"held_on": session.held_on + timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError, match="only ends sooner"), acting(desk.delegate):
            Session.objects.filter(pk=session.pk).update(**change)


def test_access_ends_after_its_last_day(desk: Desk):
    held = today() - timedelta(days=40)
    request = desk.complete_request(on=held)
    desk.put(desk.convene(held), request, on=held)
    assert desk.reads(desk.court) == set()  # thirty days have gone
    desk.settle(rules.Settings(convocation_days=0, access_days=40))
    other = desk.complete_request(on=held)
    desk.put(desk.convene(held), other, on=held)
    assert desk.reads(desk.court) == {other.file_id}  # today is the last day


def test_the_college_of_minors_sees_no_file_and_no_session_on_paths(desk: Desk):
    child = desk.world[Role.MINORS_MEMBER]
    request = desk.complete_request()
    session = desk.convene()
    desk.put(session, request)
    with acting(desk.delegate):  # even called by mistake
        Convocation(session=session, mandate=child, sent_on=today()).save(force_insert=True)
    with acting(child):
        assert not Session.objects.filter(formation="psp").exists()
        assert not File.objects.exists()
        assert not Item.objects.exists()


def test_a_session_on_minors_calls_both_colleges_and_takes_no_path(desk: Desk):
    child = desk.world[Role.MINORS_MEMBER]
    session = desk.convene(formation=Session.Formation.MINORS)
    for member in (child, desk.court):
        with acting(member):
            assert Session.objects.filter(pk=session.pk).exists()
    late = desk.world.new(Role.MEMBER)
    with acting(late):
        assert not Session.objects.filter(pk=session.pk).exists()
    with pytest.raises(RuleRefused, match="formation"):
        desk.put(session, desk.complete_request())


# ---------------------------------------------------------------- the agenda


def test_files_beyond_the_limit_are_refused_and_wait(desk: Desk):
    desk.settle(rules.Settings(convocation_days=0, files_per_session=1))
    first, second = desk.complete_request(), desk.complete_request()
    session = desk.convene()
    with pytest.raises(RuleRefused, match="1 par séance, réglage"):
        desk.put(session, first, second)
    desk.put(session, first)
    with acting(desk.delegate):
        assert [one.pk for one in agenda.waiting(desk.world.code)] == [second.pk]


def test_a_request_taken_off_the_agenda_waits_again_whatever_was_declared(desk: Desk):
    request = desk.complete_request()
    session = desk.convene()
    (item,) = desk.put(session, request)
    with acting(desk.court):
        agenda.declare_interest(item.pk, by=desk.court, on=today())
    with acting(desk.delegate):
        agenda.remove(item.pk, by=desk.delegate, on=today())
    assert desk.state_of(request) == "complete"
    assert desk.reads(desk.police) == set()
    desk.put(session, request)
    assert desk.reads(desk.police) == {request.file_id}


def test_a_recusal_is_never_taken_back_alone(desk: Desk):
    (item,) = desk.put(desk.convene(), desk.complete_request())
    with pytest.raises(IntegrityError, match="goes with its item only"), acting(desk.delegate):
        item.recusals.all().delete()


def test_a_cancelled_session_gives_its_files_back_and_closes_them_to_members(desk: Desk):
    request = desk.complete_request()
    session = desk.convene()
    desk.put(session, request)
    with acting(desk.delegate):
        calling.cancel(session.pk, calling.Cancelled.MEMBERS, by=desk.delegate, on=today())
    assert desk.state_of(request) == "complete"
    assert desk.reads(desk.court) == set()


# ---------------------------------------------------------------- the opinion


def test_without_quorum_there_is_no_opinion_and_the_files_wait(desk: Desk):
    desk.settle(rules.Settings(convocation_days=0, quorum=3))
    request = desk.complete_request()
    session = desk.convene()
    (item,) = desk.put(session, request)
    desk.attend(session, [desk.court, desk.police])
    with pytest.raises(RuleRefused, match="quorum"):
        desk.hold(session)
    with acting(desk.delegate):
        sitting.note_no_quorum(session.pk, by=desk.delegate, on=today())
    assert desk.state_of(request) == "complete"
    with pytest.raises(RuleRefused, match="une séance tenue"):
        desk.opine(item)


def test_an_opinion_is_refused_while_the_filing_association_is_not_recused(desk: Desk):
    request = desk.complete_request()
    session = desk.convene()
    with acting(desk.delegate):
        request.refresh_from_db()
        request.state = "scheduled"
        request.save(update_fields=["state"])
        item = Item(session=session, request=request, file_id=request.file_id, position=1)
        item.save(force_insert=True)
    desk.attend(session, desk.members)
    desk.hold(session)
    with pytest.raises(RuleRefused, match="déportée"):
        desk.opine(item)
    with pytest.raises(IntegrityError, match="filing association recused"), acting(desk.delegate):
        Item.objects.filter(pk=item.pk).update(
            opinion="favourable", votes_for=3, votes_against=0, abstentions=0, given_on=today()
        )


def test_more_voices_than_voters_are_refused(desk: Desk):
    _, (item,) = desk.held_with(desk.complete_request())
    with pytest.raises(RuleRefused, match="au plus 2 voix"):
        desk.opine(item, votes=(3, 0, 0))


def test_an_opinion_is_given_once(desk: Desk):
    _, (item,) = desk.held_with(desk.complete_request())
    desk.opine(item)
    with pytest.raises(RuleRefused):
        desk.opine(item, Item.Opinion.UNFAVOURABLE, votes=(0, 2, 0))
    with pytest.raises(IntegrityError, match="given once"), acting(desk.delegate):
        Item.objects.filter(pk=item.pk).update(opinion="unfavourable")


def test_a_deferred_request_goes_before_another_session(desk: Desk):
    request = desk.complete_request()
    _, (item,) = desk.held_with(request)
    desk.opine(item, Item.Opinion.DEFERRED, votes=None, reasons="Un bilan est demandé.")
    _, (again,) = desk.held_with(request)
    desk.opine(again)
    assert desk.state_of(request) == "opinion_given"


def test_reasons_of_an_opinion_are_sealed_under_the_key_of_the_file(desk: Desk):
    request = desk.complete_request()
    _, (item,) = desk.held_with(request)
    desk.opine(item, reasons="Canari-de-papier")
    with acting(desk.delegate):
        row = Item.objects.get(pk=item.pk)
        assert b"Canari" not in bytes(row.reasons)
        safe = vault.open_for(request.file_id, owner=vault.owner_of(desk.world.code))
        assert safe.read(row, "reasons") == "Canari-de-papier"


def test_presence_does_not_change_once_the_session_is_held(desk: Desk):
    session, _ = desk.held_with(desk.complete_request())
    with pytest.raises(RuleRefused):
        desk.attend(session, [])
    with pytest.raises(IntegrityError, match="until the session is held"), acting(desk.delegate):
        Convocation.objects.filter(session=session).update(presence="absent")


def test_two_sessions_that_want_the_same_files_in_another_order_do_not_block_each_other(desk: Desk):
    requests = [desk.complete_request().pk for _ in range(6)]
    orders = {desk.convene(): requests, desk.convene(): requests[::-1]}
    both = Barrier(2)

    def put(session: Session) -> str:
        try:
            both.wait(30)
            with acting(desk.delegate):
                agenda.add(session.pk, orders[session], by=desk.delegate, on=today())
            return "put"
        except RuleRefused:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(put, orders)) == ["put", "refused"]
