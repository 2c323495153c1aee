"""What is closed goes in its time, after a notice, for good, and leaves a proof."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from egide_registry.access.actions import glasses, seconds
from egide_registry.access.models import Glass
from egide_registry.accounts.models import Body, Mandate
from egide_registry.accounts.rules import Role
from egide_registry.audit import verification
from egide_registry.audit.models import Entry
from egide_registry.psp.actions import filing, paths
from egide_registry.psp.models import File, Request, Supporting
from egide_registry.psp.reading import open_file
from egide_registry.psp.rules.calendar import plus_months
from egide_registry.retention import actions, rules
from egide_registry.retention.models import Notice, Proof
from egide_registry.security import vault
from egide_registry.security.models import DataKey
from support import psp
from support.live import sign_in
from support.registry import DAY, World, acting

ANNOUNCED = date(2028, 3, 2)  # two years after the last contact
PURGED = ANNOUNCED + timedelta(days=rules.NOTICE_DAYS)


def closed(world: World) -> UUID:
    """A file whose request was withdrawn, closed on the day of its last contact."""
    request, by = psp.filed(world), world[Role.ASSOCIATION]
    with acting(by):
        filing.withdraw(request.pk, by=by, on=DAY)
        paths.close(request.file.pk, by=by, on=DAY)
    return request.file.pk


@contextmanager
def keeper(world: World) -> Iterator[Mandate]:
    mandate = world[Role.KEEPER]
    with actions.as_keeper(mandate.person_id, mandate.pk) as by:
        yield by


def night(world: World, on: date, *, do: bool = True) -> dict[rules.Step, tuple[UUID, ...]]:
    """One night of the department; gives the files by step."""
    now = psp.at(on)
    with keeper(world) as by:
        planned = actions.plan(by=by, now=now)
        if do:
            actions.carry_out(planned, by=by, now=now)
    return planned.files


def touched(world: World, file: UUID, on: date) -> None:
    """A contact with the person."""
    with acting(world[Role.DELEGATE]):
        assert File.objects.filter(pk=file).update(last_contact_on=on)


def seen(world: World, file: UUID) -> Any:
    with keeper(world):
        return File.objects.get(pk=file)


def everything(world: World) -> str:
    """Every row of the department that a purge could touch, as the superuser sees it."""
    where: dict[str, Any] = {"host": connections.settings["default"]["HOST"], "user": "postgres", "dbname": "egide"}
    with psycopg.connect(**where, autocommit=True) as admin:
        files = f"SELECT id FROM psp_file WHERE department_id = '{world.code}'"
        found = []
        for query in (
            f"SELECT f::text FROM psp_file f WHERE department_id = '{world.code}'",
            f"SELECT r::text FROM psp_request r WHERE file_id IN ({files})",
            f"SELECT s::text FROM psp_supporting s WHERE file_id IN ({files})",
            f"SELECT k::text FROM security_datakey k WHERE department_id = '{world.code}'",
            f"SELECT n::text FROM retention_notice n WHERE department_id = '{world.code}'",
            f"SELECT p::text FROM retention_proof p WHERE department_id = '{world.code}'",
            f"SELECT e::text FROM audit_entry e WHERE chain = '{world.code}'",
        ):
            found += [row[0] for row in admin.execute(query + " ORDER BY 1").fetchall()]  # type: ignore[arg-type]
    return "\n".join(found)


def test_the_dry_run_says_what_would_be_done_and_changes_nothing(world: World):
    file = closed(world)
    before = everything(world)
    assert night(world, ANNOUNCED, do=False)[rules.Step.ANNOUNCE] == (file,)
    said = StringIO()
    call_command("nightly", departement=world.code, stdout=said)
    assert "Rien n’a été changé" in said.getvalue()
    assert everything(world) == before


def test_nothing_goes_before_two_years(world: World):
    file = closed(world)
    assert night(world, ANNOUNCED - timedelta(days=1))[rules.Step.KEEP] == (file,)
    with keeper(world):
        assert not Notice.objects.filter(file=file).exists()


def test_an_open_file_is_not_in_the_plan_however_old(world: World):
    file = psp.filed(world).file.pk
    assert all(file not in files for files in night(world, date(2040, 1, 1)).values())


def test_a_notice_then_thirty_days_then_the_purge(world: World):
    file = closed(world)
    assert night(world, ANNOUNCED)[rules.Step.ANNOUNCE] == (file,)
    assert night(world, ANNOUNCED)[rules.Step.WAIT] == (file,)  # announced once
    assert night(world, PURGED - timedelta(days=1))[rules.Step.WAIT] == (file,)
    assert seen(world, file).purged_on is None
    assert night(world, PURGED)[rules.Step.PURGE] == (file,)
    assert seen(world, file).purged_on == PURGED
    assert all(file not in files for files in night(world, PURGED).values())


def test_a_contact_after_the_notice_makes_it_begin_again(world: World):
    file = closed(world)
    night(world, ANNOUNCED)
    contact = ANNOUNCED + timedelta(days=10)
    touched(world, file, contact)
    assert night(world, PURGED)[rules.Step.KEEP] == (file,)
    again = date(2030, 3, 12)
    assert night(world, again)[rules.Step.ANNOUNCE] == (file,)
    assert night(world, again + timedelta(days=29))[rules.Step.WAIT] == (file,)
    assert night(world, again + timedelta(days=30))[rules.Step.PURGE] == (file,)


def test_a_contact_on_the_day_of_the_notice_makes_it_begin_again(world: World):
    kept = rules.Kept(file=UUID(int=1), last_contact_on=ANNOUNCED, held_until=None, announced_on=ANNOUNCED)
    assert rules.step(kept, on=PURGED) is rules.Step.KEEP
    assert rules.step(kept, on=date(2030, 3, 2)) is rules.Step.ANNOUNCE


def test_reopening_and_closing_again_do_not_reset_the_clock_by_themselves(world: World):
    file, by = closed(world), world[Role.DELEGATE]
    later = DAY + timedelta(days=300)
    with acting(by):
        paths.reopen(file, by=by, on=later)
        paths.close(file, by=by, on=later)
    assert seen(world, file).last_contact_on == DAY
    assert night(world, ANNOUNCED)[rules.Step.ANNOUNCE] == (file,)


def hold(world: World, file: UUID, until: date, on: date) -> None:
    with acting(world[Role.DELEGATE]):
        row = seconds.ask_hold(file, until=until, by=world[Role.DELEGATE], now=psp.at(on))
    with acting(world[Role.PREFECT]):
        seconds.decide(row.pk, confirmed=True, by=world[Role.PREFECT], now=psp.at(on))


def test_a_hold_suspends_the_purge_and_has_an_end(world: World):
    file, end = closed(world), date(2029, 1, 31)
    night(world, ANNOUNCED)
    hold(world, file, end, ANNOUNCED)
    assert night(world, PURGED)[rules.Step.HELD] == (file,)
    assert night(world, end)[rules.Step.HELD] == (file,)
    assert night(world, end + timedelta(days=1))[rules.Step.PURGE] == (file,)


def purged(world: World) -> UUID:
    file = closed(world)
    night(world, ANNOUNCED)
    night(world, PURGED)
    return file


def test_after_the_purge_the_key_is_gone_and_the_file_does_not_open(world: World):
    file = purged(world)
    with keeper(world):
        key = DataKey.objects.get(pk=file)
        assert (key.wrapped, key.destroyed_on) == (None, PURGED)
    for role in (Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT):
        with acting(world[role]), pytest.raises(vault.Shredded):
            open_file(file, by=world[role], page="file")


def test_after_the_purge_no_index_and_no_sealed_byte_of_the_person_is_left(world: World):
    file = purged(world)
    row = seen(world, file)
    assert (row.identity, row.name_index, row.birth_index, row.sound_index) == (None, None, None, None)
    with keeper(world):
        assert set(Request.objects.filter(file=file).values_list("form", "asked_for")) == {(None, None)}
        documents = Supporting.objects.filter(file=file).values_list("name", "original", "copy")
        assert set(documents) == {(None, None, None)}


def test_the_proof_names_the_entry_and_the_journal_still_verifies(world: World):
    file = purged(world)
    with keeper(world):
        proof = Proof.objects.get(file=file)
    entry = Entry.objects.using("journal").get(chain=world.code, seq=proof.journal_seq)
    assert (entry.event, entry.subject) == ("file_purged", file)
    assert proof.wrapped_sha256 in entry.detail
    assert proof.documents == 2
    assert verification.verify_chain(world.code, found=[], on=date(2040, 1, 1)).faults == ()


def test_only_the_purged_file_is_affected(world: World):
    other, elsewhere = World(), closed(World())
    alive = psp.filed(world).file.pk
    purged(world)
    with acting(world[Role.DELEGATE]):
        assert open_file(alive, by=world[Role.DELEGATE], page="file").identity["family_name"] == psp.FAMILY_NAME
    assert not any(night(other, PURGED, do=False)[rules.Step.PURGE])
    with keeper(world):
        assert not DataKey.objects.filter(pk=elsewhere).exists()
        assert DataKey.objects.get(pk=alive).wrapped is not None


def test_the_words_of_a_broken_glass_go_with_the_file(world: World):
    request = psp.filed(world)
    stranger = world.new(Role.ASSOCIATION, body=world.body(Body.Kind.ASSOCIATION))
    words = "Une raison inventée, assez longue pour être relue par quelqu’un."
    with acting(stranger):
        glass = glasses.break_glass(
            request.file.pk, reason=Glass.Reason.COURT, words=words, by=stranger, now=timezone.now(), link="-"
        )
    by = world[Role.ASSOCIATION]
    with acting(by):
        filing.withdraw(request.pk, by=by, on=DAY)
        paths.close(request.file.pk, by=by, on=DAY)
    night(world, ANNOUNCED)
    officer = world[Role.DPO]
    with acting(officer):
        assert [one.words for one in glasses.list_all(by=officer, now=timezone.now())] == [words]
    night(world, PURGED)
    with keeper(world):
        assert DataKey.objects.get(pk=glass.pk).wrapped is None
    with acting(officer):
        assert [one.words for one in glasses.list_all(by=officer, now=timezone.now())] == [None]


def test_the_words_of_a_broken_glass_live_two_years_at_most(world: World):
    request = psp.filed(world)
    stranger = world.new(Role.ASSOCIATION, body=world.body(Body.Kind.ASSOCIATION))
    words = "Une raison inventée, assez longue pour être relue par quelqu’un."
    with acting(stranger):
        glass = glasses.break_glass(
            request.file.pk, reason=Glass.Reason.COURT, words=words, by=stranger, now=timezone.now(), link="-"
        )
    last = plus_months(timezone.localdate(), 24)
    night(world, last - timedelta(days=1))
    with keeper(world):
        assert DataKey.objects.get(pk=glass.pk).wrapped is not None
    night(world, last)
    with keeper(world):
        assert DataKey.objects.get(pk=glass.pk).wrapped is None


def test_a_draft_lives_thirty_days_and_its_empty_file_goes_with_it(world: World):
    request = psp.draft(world)
    night(world, DAY + timedelta(days=30))
    with keeper(world):
        assert Request.objects.filter(pk=request.pk).exists()
    night(world, DAY + timedelta(days=31))
    with keeper(world):
        assert not Request.objects.filter(pk=request.pk).exists()
        assert DataKey.objects.get(pk=request.file.pk).wrapped is None
    assert seen(world, request.file.pk).purged_on == DAY + timedelta(days=31)


def test_nobody_but_the_night_purges_and_not_before_the_day(world: World):
    file = closed(world)
    for role in (Role.DELEGATE, Role.PREFECT, Role.DPO, Role.ADMINISTRATOR):
        with acting(world[role]), pytest.raises(PermissionDenied):
            actions.purge(file, by=world[role], on=PURGED)
    with keeper(world) as by, pytest.raises(ValueError, match="announce"):
        actions.purge(file, by=by, on=PURGED)


def test_the_night_opens_no_file(world: World):
    file = closed(world)
    with keeper(world) as by:
        assert File.objects.filter(pk=file).exists()
        assert not Entry.objects.using("journal").filter(subject=file, mandate=by.pk).exists()
    with pytest.raises((DatabaseError, PermissionDenied)), keeper(world) as by:
        filing.open_file(by=by, now=psp.at(DAY))


def test_the_command_does_what_it_said_when_told_to(world: World):
    old = datetime(2020, 1, 6)
    file = closed(world)
    touched(world, file, old.date())
    said = StringIO()
    call_command("nightly", departement=world.code, faire=True, stdout=said)
    assert f"{world.code}\u00a0: 1 purges à annoncer" in said.getvalue()
    with keeper(world):
        assert Notice.objects.filter(file=file).count() == 1


def test_the_page_shows_the_schedule_what_is_due_and_the_proofs(world: World):
    gone, due = purged(world), closed(world)
    night(world, ANNOUNCED)
    references = {file: seen(world, file).reference for file in (gone, due)}
    client = Client()
    sign_in(client, world[Role.DPO])
    page = client.get(reverse("retention:home")).content.decode()
    for life in rules.SCHEDULE:
        assert life.what in page.replace("&#x27;", "’")
    assert all(reference in page for reference in references.values())
    assert psp.FAMILY_NAME not in page
