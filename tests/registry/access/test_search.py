"""A search finds a person one knows, and is of no use to somebody who browses."""

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from egide_registry.access import rules
from egide_registry.access.actions import searching
from egide_registry.accounts.models import Body, Mandate
from egide_registry.accounts.rules import Role
from egide_registry.audit.models import Entry
from egide_registry.psp.rules.refusals import RuleRefused
from support import psp
from support.live import sign_in
from support.registry import DAY, World, acting

BORN = date(1998, 4, 5)
SAME = rules.Query(family=psp.FAMILY_NAME, given=psp.GIVEN_NAMES, born=BORN)


def search(by: Mandate, query: rules.Query = SAME) -> searching.Found:
    with acting(by):
        return searching.search(query, by=by, on=DAY)


def neighbour(world: World) -> Mandate:
    """Another association of the same department."""
    return world.new(Role.ASSOCIATION, body=world.body(Body.Kind.ASSOCIATION))


def last_entry(world: World) -> Any:
    return Entry.objects.using("journal").filter(chain=world.code).order_by("seq").last()


@pytest.mark.parametrize(
    ("query", "place"),
    [
        (rules.Query(family="Exemplaire", given="Alba", born=None), "date de naissance"),
        (rules.Query(family="", given="Alba", born=BORN), "nom de famille"),
        (rules.Query(family="Exemplaire", given="", born=BORN), "premier prénom"),
        (rules.Query(family="Exempl*", given="Alba", born=BORN), "nom de famille"),
        (rules.Query(family="Exemplaire", given="A%", born=BORN), "premier prénom"),
        (rules.Query(family="Exemplaire", given="Alba", born=date(2999, 1, 1)), "date de naissance"),
    ],
)
def test_a_search_wants_whole_names_and_a_day_of_birth(query: rules.Query, place: str):
    defects = rules.search_defects(query, on=DAY)
    assert [defect.place for defect in defects] == [place]
    assert not any("Exempl" in f"{defect}" or "Alba" in f"{defect}" for defect in defects)


def test_another_association_learns_a_reference_and_who_to_call_never_a_name(world: World):
    request = psp.filed(world)
    found = search(neighbour(world))
    (hit,) = found.hits
    assert (hit.file, hit.reference, hit.body) == (request.file.pk, request.file.reference, world.association.name)
    assert not hit.mine
    assert psp.FAMILY_NAME not in repr(found)


def test_accents_case_and_second_given_names_do_not_matter_but_the_day_does(world: World):
    psp.filed(world)
    assert search(world[Role.DELEGATE], rules.Query(family="EXEMPLAIRE", given="alba", born=BORN)).hits
    assert not search(world[Role.DELEGATE], rules.Query(family="Exemplaire", given="Alba", born=date(1998, 4, 6))).hits


def test_a_search_never_leaves_the_department(world: World):
    psp.filed(world)
    other = World()
    assert search(other[Role.DELEGATE]).hits == ()


def test_five_answers_at_most(world: World):
    for _ in range(6):
        psp.filed(world)
    assert len(search(world[Role.DELEGATE]).hits) == 5


def test_the_journal_keeps_a_keyed_fingerprint_of_the_search_and_not_the_search(world: World):
    by = neighbour(world)
    search(by)
    first = last_entry(world)
    search(by, rules.Query(family="exemplaire", given="ALBA", born=BORN))
    again = last_entry(world)
    assert first.event == again.event == "file_searched"
    assert first.detail == again.detail  # the same search, written otherwise
    assert len(searching.fingerprint(SAME, world.code)) == 16
    assert searching.fingerprint(SAME, world.code) in first.detail
    assert searching.fingerprint(SAME, world.code) != searching.fingerprint(SAME, World().code)
    assert "xemplaire" not in first.detail
    assert "1998" not in first.detail


def test_twenty_searches_an_hour_for_each_mandate(world: World, monkeypatch: pytest.MonkeyPatch):
    psp.filed(world)
    one, other = neighbour(world), neighbour(world)
    monkeypatch.setattr(settings, "EGIDE_SEARCHES_AN_HOUR", 3, raising=False)
    assert [search(one).limited for _ in range(4)] == [False, False, False, True]
    assert search(one).hits == ()
    assert last_entry(world).event == "access_refused"
    assert not search(other).limited


def test_a_person_written_otherwise_is_said_to_exist_and_not_where(world: World):
    psp.filed(world)
    alike = rules.Query(family="Exemplère", given="Alba", born=date(1998, 4, 20))
    found = search(neighbour(world), alike)
    assert (found.hits, found.similar, found.alike) == ((), 1, ())
    (hit,) = search(world[Role.DELEGATE], alike).alike
    assert hit.body == world.association.name


def test_the_delegate_sees_the_files_that_resemble_each_other_side_by_side(world: World):
    one, two = psp.filed(world), psp.filed(world)
    by = world[Role.DELEGATE]
    with acting(by):
        (group,) = searching.pairs(by=by)
    assert {hit.file for hit in group} == {one.file.pk, two.file.pk}


@pytest.mark.parametrize("role", sorted(set(Role) - set(searching.SEARCHERS)))
def test_the_other_roles_do_not_search(world: World, role: Role):
    with pytest.raises(PermissionDenied):
        search(world[role])


def test_a_vague_search_is_refused_with_everything_that_is_missing(world: World):
    with pytest.raises(RuleRefused) as refused:
        search(world[Role.DELEGATE], rules.Query(family="", given="", born=None))
    assert len(refused.value.defects) == 3


def test_the_page_says_what_was_found_and_its_address_holds_nothing(world: World):
    request = psp.filed(world)
    client = Client()
    sign_in(client, neighbour(world))
    said = {"family": psp.FAMILY_NAME, "given": psp.GIVEN_NAMES, "born": BORN.isoformat()}
    answer = client.post(reverse("access:search"), said)
    assert answer.status_code == 200
    assert request.file.reference in answer.content.decode()
    assert answer.request["QUERY_STRING"] == ""
    assert client.post(reverse("access:search"), {"family": "X"}).status_code == 422


def test_the_page_says_when_there_were_too_many(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings, "EGIDE_SEARCHES_AN_HOUR", 0, raising=False)
    client = Client()
    sign_in(client, neighbour(world))
    said = {"family": psp.FAMILY_NAME, "given": psp.GIVEN_NAMES, "born": BORN.isoformat()}
    answer = client.post(reverse("access:search"), said)
    assert answer.status_code == 429
    assert "recherches en une heure" in answer.content.decode()
