"""The page of the statistics: for four roles, from files of released labels, and from no table of persons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser

from egide.sources.schema import SourceSchema
from egide_registry.accounts.rules import GRANTED, Role
from egide_registry.security.policies import ACCESS, COMMISSIONS, PSP, RETENTION
from egide_registry.statistics.dashboard import dashboard
from egide_registry.statistics.delivery import delivery
from egide_registry.statistics.release import Released
from egide_registry.statistics.store import Releases
from support.browser import axe_violations
from support.live import sign_in
from support.registry import World

PAGE, FILE = "/statistiques/", "/statistiques/livraison.csv"
READERS = {Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT, Role.OBSERVATORY}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Releases]:
    with override_settings(EGIDE_RELEASES=str(tmp_path)):
        yield Releases(tmp_path)


@pytest.fixture
def releases(empty: Releases, small: Released, schema: SourceSchema) -> Releases:
    empty.keep(small, schema)
    return empty


def visitor(world: World, role: Role) -> Client:
    client = Client()
    sign_in(client, world[role])
    return client


def test_four_roles_read_the_page_and_the_observatory_alone_takes_the_file(world: World, releases: Releases) -> None:
    opened = {role: visitor(world, role) for role in GRANTED}
    assert {role for role, client in opened.items() if client.get(PAGE).status_code == 200} == READERS
    assert {role for role, client in opened.items() if client.get(FILE).status_code == 200} == {Role.OBSERVATORY}
    assert {client.get(PAGE).status_code for role, client in opened.items() if role not in READERS} == {403}
    assert Client().get(PAGE).status_code == 302


def test_the_first_page_of_the_observatory_is_this_one(world: World, releases: Releases) -> None:
    client = visitor(world, Role.OBSERVATORY)
    assert client.get("/")["Location"] == PAGE
    assert 'aria-current="page">Statistiques' in client.get(PAGE).content.decode()


def test_before_the_first_release_the_page_says_so(world: World, empty: Releases) -> None:
    client = visitor(world, Role.OBSERVATORY)
    assert "Aucune année n’est encore diffusée" in client.get(PAGE).content.decode()
    assert client.get(FILE).status_code == 404


def test_the_page_says_what_was_released(world: World, releases: Releases, small: Released) -> None:
    html = visitor(world, Role.ASSOCIATION).get(PAGE).content.decode()
    assert small.version.text in html
    assert html.count("<caption") == len(dashboard(small).indicators) > 5
    assert FILE not in html
    assert FILE in visitor(world, Role.OBSERVATORY).get(PAGE).content.decode()


def test_the_observatory_takes_the_delivery_byte_for_byte(
    world: World, releases: Releases, small: Released, schema: SourceSchema
) -> None:
    answer = visitor(world, Role.OBSERVATORY).get(FILE)
    assert answer.content == delivery(small, schema)
    assert answer["Content-Disposition"] == 'attachment; filename="registre-2025-2026-03-01.csv"'


def test_no_table_of_persons_is_read_to_draw_the_page(world: World, releases: Releases) -> None:
    client = visitor(world, Role.ASSOCIATION)
    with (
        CaptureQueriesContext(connections["default"]) as site,
        CaptureQueriesContext(connections["statistics"]) as counting,
    ):
        assert client.get(PAGE).status_code == 200
    assert site.captured_queries and counting.captured_queries == []
    tables = [table.name for table in (*PSP, *COMMISSIONS, *ACCESS, *RETENTION)]
    said = " ".join(query["sql"] for query in site.captured_queries)
    assert re.findall(rf"\b(?:{'|'.join(tables)}|statistics)\b", said) == []


@pytest.mark.browser
def test_the_page_has_nothing_that_axe_refuses_and_fits_at_200_percent(
    world: World, releases: Releases, live: str, chromium: Browser
) -> None:
    with chromium.new_context(viewport={"width": 640, "height": 800}) as context:
        page = context.new_page()
        sign_in(page, world[Role.OBSERVATORY], live)
        page.goto(live + PAGE)
        assert page.title().startswith("Statistiques")
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
