"""A signed head a day, in two places: what was removed, altered or written anew afterwards is found."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections, transaction
from django.test import override_settings

from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit import anchors, heads, verification
from egide_registry.audit.chain import Entry, Wrong, link
from egide_registry.audit.events import Event
from egide_registry.audit.models import Entry as EntryRow
from egide_registry.audit.models import Head, Seal
from egide_registry.security import vault
from support.registry import World, acting

OLD = date(2024, 3, 2)
TODAY = date(2027, 1, 1)


def write(world: World, times: int = 5) -> None:
    for _ in range(times):
        with acting(world[Role.DELEGATE]):
            audit.record(Event.FILE_READ, by=world[Role.DELEGATE], subject=uuid4())


def seal(world: World, folder: Path, day: date = OLD) -> Seal:
    heads.seal_all(day=day, folder=folder, only=[world.code])
    return Seal.objects.using("journal").get(chain=world.code, day=day)


def verified(world: World, folder: Path) -> verification.ChainReport:
    return verification.verify_chain(world.code, found=anchors.read(folder), on=TODAY)


def broken(world: World, folder: Path) -> tuple[int, Wrong]:
    found = verified(world, folder).verdict.broken
    assert found is not None
    return found.seq, found.wrong


def rewrite(tamper, code: str, first: int) -> None:
    """What someone with all the rights of the server would do: change an entry and mend the chain after it."""
    tamper("UPDATE audit_entry SET event = 'file_listed' WHERE chain = %s AND seq = %s", code, first)
    columns = verification.ENTRIES.replace("%s", "%s AND seq >= %s")
    ((previous,),) = tamper("SELECT hash FROM audit_entry WHERE chain = %s AND seq = %s", code, first - 1)
    for row in tamper(columns, code, first):
        fresh = link(previous, Entry._make(row))
        tamper(
            "UPDATE audit_entry SET previous = %s, hash = %s WHERE chain = %s AND seq = %s",
            previous,
            fresh,
            code,
            row[1],
        )
        previous = fresh
    tamper("UPDATE audit_head SET hash = %s WHERE chain = %s", previous, code)


def test_a_chain_with_its_signed_heads_is_whole(world: World, second_place: Path):
    write(world)
    first = seal(world, second_place)
    write(world)
    second = seal(world, second_place, OLD + timedelta(days=1))
    write(world)
    report = verified(world, second_place)
    assert report.faults == ()
    assert (report.seals, report.anchors) == (2, 2)
    assert first.seq < second.seq < report.verdict.head.seq
    assert "intacte" in str(report)


def test_an_altered_entry_is_found(world: World, second_place: Path, tamper):
    write(world)
    tamper("UPDATE audit_entry SET person = gen_random_uuid() WHERE chain = %s AND seq = 3", world.code)
    assert broken(world, second_place) == (3, Wrong.ALTERED)


def test_a_removed_entry_is_found(world: World, second_place: Path, tamper):
    write(world)
    tamper("DELETE FROM audit_entry WHERE chain = %s AND seq = 3", world.code)
    assert broken(world, second_place) == (3, Wrong.MISSING)


def test_two_entries_exchanged_are_found(world: World, second_place: Path, tamper):
    write(world)
    for old, new in ((2, -1), (4, 2), (-1, 4)):
        tamper("UPDATE audit_entry SET seq = %s WHERE chain = %s AND seq = %s", new, world.code, old)
    assert broken(world, second_place) == (2, Wrong.REORDERED)


def test_a_tail_cut_off_with_its_head_is_found_by_the_signed_head(world: World, second_place: Path, tamper):
    write(world)
    sealed = seal(world, second_place)
    tamper("DELETE FROM audit_entry WHERE chain = %s AND seq > 3", world.code)
    tamper(
        "UPDATE audit_head SET seq = 3, hash = e.hash FROM audit_entry e WHERE e.chain = audit_head.chain "
        "AND e.chain = %s AND e.seq = 3",
        world.code,
    )
    assert broken(world, second_place) == (4, Wrong.MISSING)
    # With the seal gone too, the second place still knows.
    tamper("DELETE FROM audit_seal WHERE chain = %s", world.code)
    report = verified(world, second_place)
    assert report.verdict.broken is not None
    assert report.verdict.broken.seq == 4
    assert any("ancre du 2\u00a0mars\u00a02024" in fault and str(sealed.seq) in fault for fault in report.faults)


def test_a_chain_mended_after_an_alteration_does_not_meet_its_signed_head(world: World, second_place: Path, tamper):
    write(world)
    sealed = seal(world, second_place)
    rewrite(tamper, world.code, 3)
    assert broken(world, second_place) == (sealed.seq, Wrong.ALTERED)


def test_a_signed_head_cannot_be_made_without_the_key(world: World, second_place: Path, tamper):
    write(world)
    seal(world, second_place)
    rewrite(tamper, world.code, 3)
    tamper(
        "UPDATE audit_seal s SET hash = e.hash FROM audit_entry e WHERE e.chain = s.chain AND e.seq = s.seq "
        "AND s.chain = %s",
        world.code,
    )
    faults = verified(world, second_place).faults
    assert any("signature fausse" in fault for fault in faults)
    assert any("la base ne connaît pas cette tête" in fault for fault in faults)


def test_a_whole_chain_wiped_out_is_known_to_the_second_place(world: World, second_place: Path, tamper):
    write(world)
    seal(world, second_place)
    for table in ("audit_entry", "audit_head", "audit_seal"):
        tamper(f"DELETE FROM {table} WHERE chain = %s", world.code)
    assert world.code in verification.known_chains(anchors.read(second_place))
    assert broken(world, second_place) == (1, Wrong.MISSING)


def test_the_second_place_is_only_ever_added_to(world: World, second_place: Path):
    other = World()
    write(world)
    write(other)
    seal(world, second_place)
    path = anchors.file_of(second_place, OLD)
    before = path.read_bytes()
    seal(other, second_place)
    seal(world, second_place)  # again, the same day
    assert path.read_bytes().startswith(before)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["chain"] for line in lines] == [world.code, other.code]
    assert set(lines[0]) == {"chain", "day", "hash", "seq", "signature"}


def test_a_night_that_failed_before_the_second_place_is_made_good_the_next(world: World, second_place: Path):
    write(world)
    vault.service().create(verification.SIGNER)
    heads.seal_chain(world.code, day=OLD)  # and the machine stopped
    assert any("absente du second lieu" in fault for fault in verified(world, second_place).faults)
    seal(world, second_place, OLD + timedelta(days=1))
    assert verified(world, second_place).faults == ()


def test_a_spoilt_line_of_the_second_place_is_said_with_its_place(world: World, second_place: Path):
    write(world)
    seal(world, second_place)
    path = anchors.file_of(second_place, OLD)
    path.write_text(path.read_text() + "{]\n")
    with pytest.raises(anchors.AnchorsUnreadable, match=r"journal-2024-03-02\.jsonl, ligne 2"):
        anchors.read(second_place)


# Purge


def test_a_purge_says_what_it_would_do_and_does_nothing(world: World, second_place: Path):
    write(world)
    sealed = seal(world, second_place)
    planned = heads.purge_journal(world.code, on=TODAY, kept_days=365, folder=second_place)
    assert planned == heads.Purge(chain=world.code, up_to=sealed.seq, day=OLD, count=sealed.seq, done=False)
    assert EntryRow.objects.using("journal").filter(chain=world.code, seq=1).exists()


def test_the_chain_is_verified_across_purged_segments(world: World, second_place: Path, tamper):
    write(world)
    first = seal(world, second_place)
    write(world)
    second = seal(world, second_place, OLD + timedelta(days=300))
    write(world)
    on = first.day + timedelta(days=400)
    done = heads.purge_journal(world.code, on=on, kept_days=365, folder=second_place, dry_run=False)
    assert done is not None
    assert (done.up_to, done.count) == (first.seq, first.seq)
    assert EntryRow.objects.using("journal").filter(chain=world.code).order_by("seq")[0].seq == first.seq + 1
    report = verified(world, second_place)
    assert (report.faults, report.start.seq) == ((), first.seq)
    assert f"après purge jusqu’au n°\u00a0{first.seq}" in str(report)
    # Twice in a row: nothing left that is old enough; later, the next segment.
    assert heads.purge_journal(world.code, on=on, kept_days=365, folder=second_place, dry_run=False) is None
    done = heads.purge_journal(world.code, on=TODAY, kept_days=365, folder=second_place, dry_run=False)
    assert done is not None
    assert (done.up_to, done.count) == (second.seq, second.seq - first.seq)
    assert verified(world, second_place).faults == ()
    tamper("DELETE FROM audit_entry WHERE chain = %s AND seq = %s", world.code, second.seq + 1)
    assert broken(world, second_place) == (second.seq + 1, Wrong.MISSING)
    last = EntryRow.objects.using("journal").filter(chain=world.code).order_by("seq").last()
    assert last is not None
    assert (last.event, json.loads(last.detail)["up_to"]) == ("journal_purged", second.seq)


def test_a_broken_chain_is_not_purged(world: World, second_place: Path, tamper):
    write(world)
    seal(world, second_place)
    tamper("UPDATE audit_entry SET event = 'x' WHERE chain = %s AND seq = 2", world.code)
    with pytest.raises(verification.BrokenJournal, match="n°\u00a02 altérée"):
        heads.purge_journal(world.code, on=TODAY, kept_days=365, folder=second_place, dry_run=False)


def test_nothing_is_purged_before_six_months_or_without_a_seal(world: World, second_place: Path):
    write(world)
    young = seal(world, second_place, date.today() - timedelta(days=100))
    with pytest.raises(ValueError, match="180 jours"):
        heads.purge_journal(world.code, on=TODAY, kept_days=179, folder=second_place)
    for up_to, kept in ((young.seq, 180), (young.seq, 0), (young.seq - 1, 180)):
        with pytest.raises(DatabaseError), transaction.atomic(using="journal"):
            connections["journal"].cursor().execute(
                "SELECT security.purge_journal(%s, %s, %s)", [world.code, up_to, kept]
            )


def test_a_removal_dressed_as_a_purge_is_found(world: World, second_place: Path, tamper):
    write(world)
    sealed = seal(world, second_place, TODAY - timedelta(days=20))
    tamper("DELETE FROM audit_entry WHERE chain = %s AND seq <= %s", world.code, sealed.seq)
    tamper("UPDATE audit_seal SET purged_on = day + 10 WHERE chain = %s", world.code)
    assert any("dite purgée" in fault for fault in verified(world, second_place).faults)


# Commands


def test_the_commands_seal_then_verify(world: World, second_place: Path):
    write(world)
    out = StringIO()
    with override_settings(EGIDE_ANCHORS=str(second_place)):
        call_command("seal_journal", chain=[world.code], stdout=out)
        call_command("verify_journal", chain=[world.code], stdout=out)
    assert "1 chaîne scellée pour le " in out.getvalue()
    assert f"Chaîne {world.code}\u00a0: " in out.getvalue()
    assert out.getvalue().endswith("1 tête signée, 1 ancre\u00a0: intacte.\n")


def test_the_command_fails_with_the_first_broken_link(world: World, second_place: Path, tamper):
    write(world)
    tamper("UPDATE audit_entry SET event = 'x' WHERE chain = %s AND seq = 2", world.code)
    out = StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("verify_journal", chain=[world.code], anchors=second_place, stdout=out)
    assert failed.value.returncode == 1
    assert f"Chaîne {world.code}, inscription n°\u00a02 altérée" in str(failed.value)
    assert "ROMPUE" in out.getvalue()


def test_without_a_second_place_the_commands_say_so(world: World, tmp_path: Path):
    for command in ("seal_journal", "verify_journal"):
        with pytest.raises(CommandError, match="attendu un dossier, reçu rien"):
            call_command(command, chain=[world.code], anchors=tmp_path / "nowhere")
    assert not Seal.objects.using("journal").filter(chain=world.code).exists()


def test_every_chain_is_sealed_and_verified_when_none_is_named(world: World):
    write(world)
    assert world.code in heads.chains()
    assert set(heads.chains()) == set(Head.objects.using("journal").values_list("chain", flat=True))
    assert set(heads.chains()) <= set(verification.known_chains([]))
