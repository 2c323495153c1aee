"""A department is opened by one command, and its first administrator invites everyone else."""

import io
import re

from django.core.management import call_command
from django.test import Client

from egide_registry.accounts.models import Department, Mandate
from egide_registry.accounts.rules import Role
from support.registry import acting


def test_a_department_is_opened_with_its_keeper_and_its_first_administrator(database: None):
    said = io.StringIO()
    call_command(
        "found_department",
        "48",
        prefecture="Préfecture de la Lozère",
        nom="Administration Inventée",
        adresse="administration@lozere.invalid",
        stdout=said,
    )
    assert Department.objects.get(pk="48").name == "Lozère"
    link = re.search(r"https://[^/]+(/\S+)", said.getvalue())
    assert link is not None
    assert Client().get(link.group(1)).status_code in (200, 302)


def test_the_statements_that_make_the_roles_are_printed_to_be_read(database: None):
    said = io.StringIO()
    call_command("roles_sql", stdout=said)
    call_command("roles_sql", base="egide", stdout=said)
    assert "CREATE ROLE egide_app LOGIN NOSUPERUSER NOBYPASSRLS" in said.getvalue()
    assert "btree_gist" in said.getvalue()


def test_a_journal_that_is_young_is_not_purged(world):
    said = io.StringIO()
    with acting(world[Role.DELEGATE]):
        assert Mandate.objects.exists()
    call_command("seal_journal", stdout=io.StringIO())
    call_command("purge_journal", faire=True, stdout=said)
    assert "rien d’assez ancien" in said.getvalue()
