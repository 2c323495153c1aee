"""A purge reaches the backups once the version of the key that wrapped them is forgotten."""

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from egide_registry.accounts.rules import Role
from egide_registry.audit.models import Entry
from egide_registry.psp.actions import filing
from egide_registry.psp.reading import open_file
from egide_registry.retention import actions, rotation
from egide_registry.security import vault
from egide_registry.security.keys.service import KeyRefused, wrapped_version
from egide_registry.security.models import DataKey
from support import psp
from support.registry import DAY, World, acting


def wrapped(world: World, file: object) -> bytes | None:
    """The wrapped key of a file, as a dump of the base would hold it."""
    keeper = world[Role.KEEPER]
    with actions.as_keeper(keeper.person_id, keeper.pk):
        found = DataKey.objects.get(pk=file).wrapped
    return None if found is None else bytes(found)


def rotate(world: World, *, forget: bool = False) -> str:
    said = StringIO()
    call_command("rotate_keys", department=world.code, oublier=forget, stdout=said)
    return said.getvalue()


def opens(world: World, dumped: bytes, file: object) -> bool:
    try:
        vault.service().unwrap(vault.owner_of(world.code), dumped, context=file.bytes)  # type: ignore[attr-defined]
    except KeyRefused:
        return False
    return True


def dropped(world: World) -> tuple[object, bytes]:
    """A purged file, and its wrapped key in yesterday's dump."""
    request = psp.draft(world)
    file, dumped = request.file.pk, wrapped(world, request.file.pk)
    keeper, late = world[Role.KEEPER], psp.at(DAY.replace(month=12))
    with actions.as_keeper(keeper.person_id, keeper.pk) as by:
        actions.carry_out(actions.plan(by=by, now=late), by=by, now=late)
    assert dumped is not None
    assert wrapped(world, file) is None
    return file, dumped


def test_after_a_rotation_every_file_of_the_department_opens_under_the_new_version(world: World):
    request, delegate = psp.filed(world), world[Role.DELEGATE]
    before = wrapped(world, request.file.pk)
    assert before is not None
    rotate(world)
    after = wrapped(world, request.file.pk)
    assert after is not None
    assert wrapped_version(after) == wrapped_version(before) + 1
    rotate(world, forget=True)
    with acting(delegate):
        assert open_file(request.file.pk, by=delegate, page="file").identity["family_name"] == psp.FAMILY_NAME
        psp.join(request, "other", by=delegate)


def test_an_old_dump_of_a_purged_file_opens_until_the_version_is_forgotten(world: World):
    psp.filed(world)
    file, dumped = dropped(world)
    assert opens(world, dumped, file)  # a purge alone does not reach a backup
    rotate(world)
    assert opens(world, dumped, file)
    rotate(world, forget=True)
    assert not opens(world, dumped, file)


def test_a_version_that_still_serves_is_not_forgotten(world: World):
    request = psp.filed(world)
    dumped = wrapped(world, request.file.pk)
    assert dumped is not None
    rotate(world, forget=True)
    assert opens(world, dumped, request.file.pk)


def test_another_department_keeps_its_versions(world: World):
    other = World()
    request = psp.filed(other)
    dumped = wrapped(other, request.file.pk)
    rotate(world)
    psp.filed(world)
    rotate(world, forget=True)
    assert dumped is not None
    assert wrapped(other, request.file.pk) == dumped
    assert opens(other, dumped, request.file.pk)


def test_a_rotation_is_in_the_journal_and_is_the_work_of_the_night_only(world: World):
    rotate(world)
    last = Entry.objects.using("journal").filter(chain=world.code).order_by("seq").last()
    assert last is not None
    assert (last.event, last.mandate) == ("keys_rotated", world[Role.KEEPER].pk)
    with acting(world[Role.DELEGATE]), pytest.raises(PermissionDenied):
        rotation.rewrap(by=world[Role.DELEGATE])


def test_a_department_without_a_file_rotates_too(world: World):
    assert "0 clés" in rotate(world)
    assert "aucune clé" in rotate(world, forget=True)
    with acting(world[Role.ASSOCIATION]):
        assert filing.open_file(by=world[Role.ASSOCIATION], now=psp.at(DAY)).pk
