"""What must be looked at today is one list, without opening any file."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from egide_registry.accounts.rules import Role
from egide_registry.audit.events import Event
from egide_registry.audit.models import Entry
from egide_registry.psp.actions import rights
from egide_registry.psp.rules.rights import RightKind
from support import psp
from support.live import sign_in
from support.registry import World, acting


def test_a_right_granted_and_without_effect_is_in_the_list_and_no_file_is_opened(world: World):
    today = timezone.localdate()
    request = psp.granted(world, today - timedelta(days=60))
    with acting(world[Role.ASSOCIATION]):
        right = rights.ask(
            request.file_id, RightKind.HOUSING, asked_on=today - timedelta(days=58), by=world[Role.ASSOCIATION]
        )
        rights.date_right(right.pk, granted_on=today - timedelta(days=50), by=world[Role.ASSOCIATION])
    with acting(world[Role.DPO]):
        before = Entry.objects.filter(event=Event.FILE_READ).count()
    client = Client()
    sign_in(client, world[Role.DELEGATE])
    page = client.get(reverse("psp:alarms")).content.decode()
    assert request.file.reference in page
    assert "toujours sans effet" in page
    with acting(world[Role.DPO]):
        assert Entry.objects.filter(event=Event.FILE_READ).count() == before
