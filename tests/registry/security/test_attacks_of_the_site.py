"""What somebody tries through the site, or by SQL under a mandate of their own: each rule is an attack that failed."""

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections
from django.test import Client
from django.utils import timezone

from egide_registry.access import rules
from egide_registry.access.actions import exports, seconds
from egide_registry.accounts.models import Approval
from egide_registry.accounts.rules import Role
from egide_registry.accounts.sessions import hashed
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.psp import reading
from egide_registry.psp.actions import filing
from egide_registry.psp.rules.refusals import RuleRefused
from support import psp
from support.live import sign_in
from support.registry import DAY, World, acting

WHY = {"purpose": next(iter(rules.Purpose)).value, "basis": next(iter(rules.LegalBasis)).value}


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_contents_of_a_session_copied_into_another_row_are_nothing(world: World):
    client, thief = Client(), Client()
    sign_in(client, world[Role.PREFECT])
    theirs, mine = client.cookies["sessionid"].value, uuid4().hex
    copied = "SELECT %s, session_data, expire_date FROM django_session WHERE session_key = %s"
    sql(f"INSERT INTO django_session {copied}", hashed(mine), hashed(theirs))
    thief.cookies["sessionid"] = mine
    assert client.get("/toujours-la/").status_code == 204
    assert thief.get("/toujours-la/").status_code == 403


def test_the_second_person_agreed_to_these_files_and_no_others(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "EXPORT_CAP", 1)
    told, others = ([psp.filed(world) for _ in range(2)] for _ in range(2))
    by, officer, now = world[Role.DELEGATE], world[Role.DPO], timezone.now()
    with acting(by):
        asked = seconds.ask_export([request.file_id for request in told], **WHY, by=by, now=now)
    with acting(officer):
        seconds.decide(asked.pk, confirmed=True, by=officer, now=now)
    with acting(by), pytest.raises(RuleRefused, match="confirmé"):
        files = exports.chosen([request.file.reference for request in others], by=by)
        second = exports.agreed(asked.pk, by=by)
        exports.export(files, **WHY, by=by, now=now, password=uuid4().hex, second=second)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE psp_file SET filed_on = NULL WHERE id = %s",
        "UPDATE psp_file SET purged_on = '2020-01-01' WHERE id = %s",
        "UPDATE psp_file SET reference = 'autre' WHERE id = %s",
        "UPDATE psp_file SET body_id = gen_random_uuid() WHERE id = %s",
        "UPDATE psp_request SET form = '\\x76317c00' WHERE file_id = %s",
        "UPDATE psp_request SET filed_on = '2020-01-01' WHERE file_id = %s",
    ],
)
def test_a_filed_file_is_not_hidden_nor_rewritten_by_its_association(world: World, statement: str):
    request = psp.filed(world)
    with pytest.raises(DatabaseError, match=r"stay|row-level"), acting(world[Role.ASSOCIATION]):
        sql(statement, request.file_id)


def test_the_site_writes_no_agreement_of_an_association(world: World):
    with pytest.raises(DatabaseError, match="permission denied"), acting(world[Role.ASSOCIATION]):
        Approval.objects.filter(department=world.department).update(ends_on=date(2099, 1, 1))


def test_the_journal_holds_events_of_the_list_alone(world: World):
    """An unknown one would shut the page of the data protection officer."""
    with pytest.raises(DatabaseError, match="no such event"), acting(world[Role.DPO]):
        sql("SELECT security.record('x', NULL, NULL, '{}')")


def last_of(world: World) -> list[str]:
    with connections["journal"].cursor() as cursor:
        cursor.execute("SELECT event FROM audit_entry WHERE chain = %s ORDER BY seq DESC LIMIT 2", [world.code])
        return [event for (event,) in cursor.fetchall()]


def test_a_refusal_undoes_its_request_and_is_written_all_the_same(world: World):
    client = Client()
    sign_in(client, world[Role.DELEGATE])
    assert client.get("/acces/journal/").status_code == 403
    assert last_of(world)[0] == Event.ACCESS_REFUSED


def test_a_page_that_is_shown_is_in_the_journal_and_one_that_fails_is_not_shown(world: World):
    client, request = Client(), psp.filed(world)
    sign_in(client, world[Role.DELEGATE])
    assert client.get(f"/dossiers/{request.file_id}/").status_code == 200
    assert last_of(world)[0] == Event.FILE_READ


def test_a_file_out_of_reach_is_not_found_when_its_renewal_is_asked(world: World):
    client = Client()
    sign_in(client, world[Role.ASSOCIATION])
    address = f"/dossiers/{uuid4()}/renouveler/"
    assert client.get(address).status_code == client.post(address).status_code == 404


def test_reading_a_file_and_working_on_it_at_once_do_not_wait_for_each_other(world: World):
    """A reading takes the head of the journal last: in the other order the database ends one of the two."""
    request, by, both, failed = psp.draft(world), world[Role.ASSOCIATION], Barrier(2), []

    def reads_then_files() -> None:
        with acting(by), audit.holding():
            reading.open_file(request.file_id, by=by, page="request")
            both.wait(30)
            filing.file_request(request.pk, by=by, on=DAY)
            audit.write_held()

    def joins() -> None:
        with acting(by):
            both.wait(30)
            psp.join(request, "other", by=by)

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except DatabaseError as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[work]) for work in (reads_then_files, joins)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
