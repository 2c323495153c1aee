"""What an association filed is what everyone examined: it cannot be rewritten afterwards, even by SQL."""

import pytest
from django.db import IntegrityError, transaction

from egide_registry.accounts.rules import Role
from egide_registry.psp.models import Request, Supporting
from support import psp
from support.registry import World, acting


def test_the_answers_of_a_filed_request_are_not_rewritten(world: World):
    request = psp.filed(world)
    with acting(world[Role.ASSOCIATION]), pytest.raises(IntegrityError, match="its answers stay"), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(form=b"v1|other")


def test_a_document_of_a_filed_request_is_not_taken_back(world: World):
    request = psp.filed(world)
    there = Supporting.objects.filter(request=request)
    with acting(world[Role.ASSOCIATION]):
        before = there.count()
        there.delete()
        assert there.count() == before > 0


def test_a_draft_may_still_lose_a_document(world: World):
    request = psp.draft(world)
    with acting(world[Role.ASSOCIATION]):
        Supporting.objects.filter(request=request).delete()
        assert not Supporting.objects.filter(request=request).exists()
