"""A file follows its person: nothing is seen there before the handover, nothing here after, but that it left."""

from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection

from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import transfers
from egide_registry.psp.actions.filing import indexes
from egide_registry.psp.models import File, Request, Supporting, Transfer
from egide_registry.psp.reading import open_document, open_file
from egide_registry.psp.rules.refusals import RuleRefused
from egide_registry.security import vault
from egide_registry.security.keys.service import KeyRefused
from egide_registry.security.models import DataKey
from support import psp
from support.registry import DAY, World, acting


def asked(world: World, there: World) -> Transfer:
    file, by = psp.notified(world, psp.granted(world)).file_id, world[Role.DELEGATE]
    with acting(by):
        return transfers.ask(file, to_department=there.code, to_body=there.association, by=by, on=DAY)


def answered(transfer: Transfer, act: str, world: World) -> Transfer:
    by = world[Role.DELEGATE]
    with acting(by):
        return transfers.answer(transfer.pk, act, by=by, on=DAY)


def handed_over(world: World, there: World) -> Transfer:
    transfer = asked(world, there)
    answered(transfer, "accept", there)
    by = world[Role.DELEGATE]
    with acting(by):
        transfers.hand_over(transfer.pk, by=by, on=DAY)
    return transfer


def sees(world: World, role: Role, file: UUID) -> bool:
    with acting(world[role]):
        return File.objects.filter(pk=file).exists() or DataKey.objects.filter(subject=file).exists()


def test_the_receiving_department_sees_the_request_and_nothing_of_the_file(world: World):
    there = World()
    transfer = asked(world, there)
    for act in (None, "accept"):
        if act:
            answered(transfer, act, there)
        with acting(there[Role.DELEGATE]):
            assert Transfer.objects.filter(pk=transfer.pk).exists()
            assert not Request.objects.filter(file=transfer.file_id).exists()
            assert not Supporting.objects.filter(file=transfer.file_id).exists()
        assert not sees(there, Role.DELEGATE, transfer.file_id)
        assert not sees(there, Role.ASSOCIATION, transfer.file_id)


def test_the_old_department_sees_nothing_after_but_that_the_file_left(world: World):
    transfer = handed_over(world, World())
    for role in (Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT):
        assert not sees(world, role, transfer.file_id)
    with acting(world[Role.DELEGATE]):
        assert Transfer.objects.get(pk=transfer.pk).state == "done"
        with pytest.raises(File.DoesNotExist):
            open_file(transfer.file_id, by=world[Role.DELEGATE], page="file")


def test_the_new_department_reads_all_of_it_with_its_own_key(world: World):
    there = World()
    transfer = handed_over(world, there)
    for role in (Role.ASSOCIATION, Role.DELEGATE):
        by = there[role]
        with acting(by):
            opened = open_file(transfer.file_id, by=by, page="file")
            assert opened.identity["family_name"] == psp.FAMILY_NAME
            assert opened.file.body == there.association
            document = Supporting.objects.filter(file=transfer.file_id).first()
            assert document is not None
            assert open_document(document.pk, by=by)[2].startswith(b"%PDF")


def test_the_key_of_the_old_department_opens_nothing_any_more(world: World):
    there = World()
    transfer = handed_over(world, there)
    with acting(there[Role.DELEGATE]):
        row = DataKey.objects.get(subject=transfer.file_id)
    assert (row.department_id, row.owner) == (there.code, vault.owner_of(there.code))
    with pytest.raises(KeyRefused):
        vault.service().unwrap(vault.owner_of(world.code), bytes(row.wrapped), context=transfer.file_id.bytes)


def test_the_file_is_found_by_the_indexes_of_its_new_department_only(world: World):
    there = World()
    transfer = handed_over(world, there)
    with acting(there[Role.DELEGATE]):
        file = File.objects.get(pk=transfer.file_id)
    said = (psp.FAMILY_NAME, psp.GIVEN_NAMES, "1998-04-05")
    here, now = indexes(*said, world.code), indexes(*said, there.code)
    assert [bytes(one or b"") for one in (file.name_index, file.birth_index, file.sound_index)] == [
        now.name,
        now.birth,
        now.sound,
    ]
    assert bytes(file.name_index or b"") != here.name


def test_nothing_is_handed_over_before_it_is_accepted(world: World):
    transfer, by = asked(world, World()), world[Role.DELEGATE]
    with acting(by), pytest.raises(RuleRefused, match="Accepter le dossier"):
        transfers.hand_over(transfer.pk, by=by, on=DAY)


def test_each_department_does_its_own_part(world: World):
    there = World()
    transfer = asked(world, there)
    with pytest.raises(RuleRefused, match=f"le département {there.code}"):
        answered(transfer, "accept", world)
    with pytest.raises(RuleRefused, match=f"le département {world.code}"):
        answered(transfer, "revoke", there)
    answered(transfer, "accept", there)
    with acting(there[Role.DELEGATE]), pytest.raises((DatabaseError, File.DoesNotExist)):
        transfers.hand_over(transfer.pk, by=there[Role.DELEGATE], on=DAY)


def test_the_database_takes_no_acceptance_from_who_asked(world: World):
    there = World()
    transfer = asked(world, there)
    with pytest.raises(DatabaseError, match="the other department's act"), acting(world[Role.DELEGATE]):
        Transfer.objects.filter(pk=transfer.pk).update(state="accepted")
    with pytest.raises(DatabaseError, match="is asked anew"), acting(there[Role.DELEGATE]):
        Transfer.objects.filter(pk=transfer.pk).update(to_body=there.prefecture)


def test_a_transfer_is_rejected_or_revoked_and_the_file_stays(world: World):
    there = World()
    for act, who in (("reject", there), ("revoke", world)):
        transfer = asked(world, there)
        assert answered(transfer, act, who).state in ("rejected", "revoked")
        assert sees(world, Role.ASSOCIATION, transfer.file_id)


def test_a_file_is_transferred_once_at_a_time_and_elsewhere_only(world: World):
    there, by = World(), world[Role.DELEGATE]
    transfer = asked(world, there)
    with acting(by), pytest.raises(RuleRefused) as refused:
        transfers.ask(transfer.file_id, to_department=world.code, to_body=world.association, by=by, on=DAY)
    assert [defect.got for defect in refused.value.defects] == ["le même", "un transfert en cours"]


def test_a_file_does_not_leave_while_its_request_is_examined(world: World):
    there, by = World(), world[Role.ASSOCIATION]
    request = psp.filed(world)
    with acting(by), pytest.raises(RuleRefused, match="une demande en cours"):
        transfers.ask(request.file_id, to_department=there.code, to_body=there.association, by=by, on=DAY)


def test_only_a_delegate_answers(world: World):
    transfer, by = asked(world, World()), world[Role.PREFECT]
    with acting(by), pytest.raises(PermissionDenied):
        transfers.answer(transfer.pk, "revoke", by=by, on=DAY)


def test_direct_sql_moves_no_file_to_another_department(world: World):
    there, file = World(), psp.granted(world).file_id
    by = world[Role.DELEGATE]
    with pytest.raises(DatabaseError, match="row-level security"), acting(by), connection.cursor() as cursor:
        cursor.execute("UPDATE psp_file SET department_id = %s WHERE id = %s", [there.code, file])
