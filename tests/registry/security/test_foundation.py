"""The database opens to nobody by itself."""

import pytest
from django.db import DatabaseError, transaction

from egide_registry.accounts.models import Mandate, Person
from egide_registry.accounts.rules import Role
from egide_registry.security import checks, context
from support.registry import World, acting


def test_the_site_finds_no_hole_in_its_database(database: None):
    assert checks.holes() == []


def test_without_a_context_no_row_is_seen(world: World):
    with acting(None):
        assert not Mandate.objects.exists()
        assert not Person.objects.exists()


def test_a_mandate_sees_its_department_and_no_other(world: World):
    other = World()
    with acting(world[Role.DELEGATE]):
        assert set(Mandate.objects.values_list("department_id", flat=True)) == {world.code}
    with acting(other[Role.DELEGATE]):
        assert set(Mandate.objects.values_list("department_id", flat=True)) == {other.code}


def test_a_token_signed_with_another_key_opens_nothing(world: World):
    mandate = world[Role.DELEGATE]
    with transaction.atomic():
        from django.db import connection

        forged = f"{mandate.person_id}|{mandate.pk}||4102444800|00.{'0' * 64}"
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [context.SETTING, forged])
        assert not Mandate.objects.exists()


def test_the_site_cannot_change_its_tables(database: None):
    from django.db import connection

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE psp_file NO FORCE ROW LEVEL SECURITY")
