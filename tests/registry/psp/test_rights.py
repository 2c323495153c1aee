"""Each right is followed by its own dates, and the AFIS explains every line of its amount."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import rights
from egide_registry.psp.models import Right
from egide_registry.psp.rules.refusals import RuleRefused
from egide_registry.psp.rules.rights import RightKind, RightStatus, status
from support import psp
from support.registry import DAY, World, acting


def asked(world: World, kind: RightKind = RightKind.APS) -> Right:
    file, by = psp.granted(world).file_id, world[Role.ASSOCIATION]
    with acting(by):
        return rights.ask(file, kind, asked_on=DAY, by=by)


def test_a_right_is_asked_then_granted_then_effective(world: World):
    right, by = asked(world), world[Role.DELEGATE]
    with acting(by):
        rights.date_right(right.pk, by=by, granted_on=date(2026, 3, 10))
        dated = rights.date_right(right.pk, by=by, effective_on=date(2026, 4, 1), ends_on=date(2026, 9, 1))
    assert status(rights.as_rule(dated), on=date(2026, 3, 20)) is RightStatus.GRANTED
    assert status(rights.as_rule(dated), on=date(2026, 4, 1)) is RightStatus.EFFECTIVE
    assert status(rights.as_rule(dated), on=date(2026, 9, 2)) is RightStatus.ENDED


@pytest.mark.parametrize(
    "dates",
    [
        {"granted_on": date(2026, 3, 1)},
        {"granted_on": date(2026, 3, 10), "effective_on": date(2026, 3, 9)},
        {"effective_on": date(2026, 3, 10)},
        {"granted_on": date(2026, 3, 10), "refused_on": date(2026, 3, 10)},
        {"granted_on": date(2026, 3, 10), "effective_on": date(2026, 3, 10), "ends_on": date(2026, 3, 9)},
    ],
)
def test_dates_out_of_order_are_refused(world: World, dates: dict[str, date]):
    right, by = asked(world), world[Role.ASSOCIATION]
    with acting(by), pytest.raises(RuleRefused):
        rights.date_right(right.pk, by=by, **dates)
    with acting(by):
        assert Right.objects.get(pk=right.pk).granted_on is None


def test_the_database_refuses_dates_out_of_order_too(world: World):
    right, by = asked(world), world[Role.ASSOCIATION]
    with pytest.raises(IntegrityError, match="right_dates_follow"), acting(by):
        Right.objects.filter(pk=right.pk).update(granted_on=date(2026, 1, 1))


def test_a_date_written_by_mistake_is_taken_back(world: World):
    right, by = asked(world), world[Role.ASSOCIATION]
    with acting(by):
        rights.date_right(right.pk, by=by, granted_on=date(2026, 3, 10))
        assert rights.date_right(right.pk, by=by, granted_on=None).granted_on is None


def test_the_prefect_decides_and_does_not_follow_rights(world: World):
    right, by = asked(world), world[Role.PREFECT]
    with acting(by), pytest.raises(PermissionDenied):
        rights.date_right(right.pk, by=by, granted_on=DAY)


def test_another_association_neither_sees_nor_dates_a_right(world: World):
    from egide_registry.accounts.models import Body

    right = asked(world)
    by = world.new(Role.ASSOCIATION, body=world.body(Body.Kind.ASSOCIATION))
    with acting(by), pytest.raises(Right.DoesNotExist):
        rights.date_right(right.pk, by=by, granted_on=DAY)
