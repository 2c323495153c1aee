"""A closed file goes in its time: the night says it first, announces it, then destroys its key and leaves a proof."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser

from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import filing, paths
from egide_registry.retention import rules
from support import psp
from support.accounts import Clock
from support.journeys import ROLES, reading
from support.registry import World, acting

pytestmark = pytest.mark.browser

LONG_AGO = date(2023, 3, 6)


def night(world: World, *, do: bool = True) -> str:
    said = StringIO()
    call_command("nightly", departement=world.code, faire=do, stdout=said)
    return said.getvalue()


def test_a_file_is_announced_then_purged_and_found_by_nobody(
    world: World, live: str, chromium: Browser, monkeypatch: pytest.MonkeyPatch
):
    request, by = psp.filed(world, on=LONG_AGO), world[Role.ASSOCIATION]
    file, reference = request.file_id, request.file.reference
    with acting(by):
        filing.withdraw(request.pk, by=by, on=LONG_AGO)
        paths.close(file, by=by, on=LONG_AGO)
    clock = Clock(monkeypatch)
    with reading(chromium, live, world[Role.DELEGATE]) as delegate:
        # The dry run says it and changes nothing.
        said = night(world, do=False)
        assert "1 purges à annoncer" in said
        assert "Rien n’a été changé" in said
        delegate.visit("/")
        delegate.page.get_by_role("link", name="Conservation").click()
        delegate.misses(reference)

        # The notice stands on the page of conservation; the file still opens.
        night(world)
        delegate.open("retention:home")
        delegate.reads("Dossiers dont la purge est annoncée", reference)
        delegate.open("psp:file", file)
        delegate.reads(psp.FAMILY_NAME)

    # Thirty days later its key is destroyed.
    clock.forward(days=rules.NOTICE_DAYS)
    assert "1 dossiers à purger" in night(world, do=False)
    night(world)
    for role in ROLES:
        with reading(chromium, live, world[role]) as reader:
            for page in (("psp:file", file), ("psp:request", request.pk), ("psp:decision", request.pk)):
                assert reader.open(*page) in (403, 404), (role, page)  # 403: a role that opens no file at all
            reader.misses(psp.FAMILY_NAME)
    with reading(chromium, live, world[Role.DELEGATE]) as delegate:
        assert delegate.open("psp:file", file) == 404
        delegate.open("retention:home")
        delegate.reads("Dossiers dont la clé est détruite", reference)
        assert len(delegate.page.locator("main code").inner_text()) == 64
