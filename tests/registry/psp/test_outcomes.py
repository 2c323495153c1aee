"""Where the person stands at the end, and six and twelve months later only if she agreed to be asked."""

from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import outcomes, paths
from egide_registry.psp.models import File, Outcome
from egide_registry.psp.rules import outcomes as rules
from egide_registry.psp.rules.refusals import RuleRefused
from support import psp
from support.registry import DAY, World, acting

END = date(2026, 9, 1)
NOT_AGREED = {"commitment": psp.FIRST["commitment"] | {"consent_outcomes": "no"}}


def ended(world: World, *, agreed: bool = True) -> UUID:
    """A path of one period that reached its term."""
    file, by = psp.granted(world, DAY, sections={} if agreed else NOT_AGREED).file_id, world[Role.DELEGATE]
    with acting(by):
        paths.end_at_term(file, by=by, on=date(2026, 9, 2))
    return file


def record(world: World, file: UUID, moment: rules.Moment, on: date, role: Role = Role.ASSOCIATION) -> Outcome:
    by = world[role]
    with acting(by):
        return outcomes.record(
            file,
            moment,
            work=rules.Work.TRAINING,
            housing=rules.Housing.CHRS,
            residence=rules.Residence.TEMPORARY,
            by=by,
            on=on,
        )


def test_three_outcomes_are_recorded_each_in_its_window(world: World):
    file = ended(world)
    for moment, on in (
        (rules.Moment.END, date(2026, 9, 2)),
        (rules.Moment.SIX, date(2027, 3, 1)),
        (rules.Moment.TWELVE, date(2027, 9, 10)),
    ):
        assert record(world, file, moment, on).work == "training"


def test_an_outcome_is_a_contact_from_which_the_lifetime_of_the_file_is_counted(world: World):
    file = ended(world)
    record(world, file, rules.Moment.SIX, date(2027, 3, 1))
    with acting(world[Role.ASSOCIATION]):
        assert File.objects.get(pk=file).last_contact_on == date(2027, 3, 1)


def test_without_her_agreement_only_the_end_is_recorded(world: World):
    file = ended(world, agreed=False)
    assert record(world, file, rules.Moment.END, date(2026, 9, 2))
    with pytest.raises(RuleRefused, match="six mois après"):
        record(world, file, rules.Moment.SIX, date(2027, 3, 1))


def test_an_outcome_out_of_its_window_is_refused(world: World):
    file = ended(world)
    with pytest.raises(RuleRefused, match="situation relevée"):
        record(world, file, rules.Moment.SIX, date(2026, 12, 1))
    with pytest.raises(RuleRefused, match="situation relevée"):
        record(world, file, rules.Moment.END, date(2027, 1, 1))


def test_an_outcome_is_recorded_once(world: World):
    file = ended(world)
    record(world, file, rules.Moment.END, date(2026, 9, 2))
    with pytest.raises(RuleRefused, match="à la sortie"):
        record(world, file, rules.Moment.END, date(2026, 9, 3))


def test_nothing_is_recorded_before_the_path_ends(world: World):
    file = psp.granted(world).file_id
    with pytest.raises(RuleRefused, match="situation relevée"):
        record(world, file, rules.Moment.END, DAY)


def test_only_who_accompanies_her_records_it(world: World):
    file = ended(world)
    with pytest.raises(PermissionDenied):
        record(world, file, rules.Moment.END, date(2026, 9, 2), role=Role.DELEGATE)
