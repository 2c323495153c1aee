"""Whoever steals the database has neither names nor texts: every row of every table is looked at, as a thief would."""

import base64
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from egide_registry.accounts.models import Body
from egide_registry.accounts.rules import Role
from egide_registry.psp.models import File
from support import psp, truth
from support.registry import World, acting

PROJECT = "Devenir couturière en lettres d’or."
CANARIES = (
    psp.FAMILY_NAME,
    *psp.GIVEN_NAMES.split(),
    psp.FIRST["identity"]["birth_date"],
    PROJECT,
    psp.FIRST["situation"]["assessment"],
    psp.REASONS[:40],
    "piece.pdf",
    "%PDF-",
    "Administration Essai",
    "@essai.invalid",
)


def rows(connection: psycopg.Connection[object]) -> Iterator[tuple[str, bytes]]:
    """Each table of ours with all its rows, as COPY writes them for a dump."""
    found = connection.execute(
        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('public', 'security') ORDER BY 1"
    ).fetchall()
    for (name,) in found:
        with connection.cursor() as cursor, cursor.copy(f"COPY {name} TO STDOUT") as copied:
            yield name, b"".join(bytes(part) for part in copied)


def writings(text: str) -> set[bytes]:
    """How a text may lie in a dump: as it is, in capitals, in two bytes a letter, in hexadecimal, in base 64."""
    plain = {text.encode(), text.upper().encode(), text.encode("utf-16-le"), text.encode("unicode_escape")}
    encoded = {one.hex().encode() for one in plain}
    # Base 64 of a part of a longer value depends on where it begins.
    for shift in range(3):
        encoded.add(base64.b64encode(b"\0" * shift + text.encode())[4:-4])
    return {one for one in plain | encoded if len(one) > 4}


@pytest.fixture(scope="module")
def dump(database: None) -> dict[str, bytes]:
    """A department with files drafted, filed, refused and granted, stolen whole."""
    world = World()
    work = {**psp.LIFE["work"], "work_project": PROJECT}
    psp.draft(world, sections={"work": work})
    psp.filed(world, sections={"work": work})
    psp.notified(world, psp.refused(world))
    psp.notified(world, psp.granted(world))
    with truth.superuser() as connection:
        return dict(rows(connection))


def test_a_stolen_dump_holds_no_name_no_date_of_birth_no_text_and_no_document(dump: dict[str, bytes]):
    found = {
        (table, canary)
        for table, content in dump.items()
        for canary in CANARIES
        for written in writings(canary)
        if written in content
    }
    assert found == set()


def test_what_the_thief_would_look_for_is_found_where_it_is_in_clear(database: None):
    """The look itself sees: a public name is found, in letters, and so is a name put in a column of bytes."""
    name = f"Institution {uuid4().hex}"
    Body.objects.create(kind=Body.Kind.JUSTICE, name=name)
    world = World()
    request = psp.draft(world)
    with acting(world[Role.ASSOCIATION]):
        File.objects.filter(pk=request.file_id).update(sound_index=b"Exemplai")
    with truth.superuser() as connection:
        stolen = dict(rows(connection))
    assert any(written in stolen["public.accounts_body"] for written in writings(name))
    assert any(written in stolen["public.psp_file"] for written in writings("Exemplai"))
