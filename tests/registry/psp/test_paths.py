"""A path lasts six months at a time, twenty-four in all; it is suspended, ended early in two persons, ended, closed."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.rules import Role
from egide_registry.audit.events import Event
from egide_registry.audit.models import Entry
from egide_registry.psp.actions import deciding, filing, outcomes, paths
from egide_registry.psp.models import Choices, Decision, File, Period
from egide_registry.psp.rules import outcomes as codes
from egide_registry.psp.rules.refusals import RuleRefused
from egide_registry.psp.rules.states import FileState
from support import psp
from support.registry import DAY, World, acting

WORDS = "Des faits inventés pour un essai, exposés assez longuement pour que la personne et le juge comprennent. " * 3
STARTS = (date(2026, 3, 2), date(2026, 9, 2), date(2027, 3, 2), date(2027, 9, 2))
LAST = date(2028, 3, 1)


def whole_path(world: World) -> UUID:
    """A first request and three renewals: the twenty-four months that the law allows."""
    file = psp.notified(world, psp.granted(world, STARTS[0])).file_id
    for start in STARTS[1:]:
        psp.renewed(world, file, on=start - timedelta(days=10))
    return file


def state(world: World, file: UUID) -> str:
    with acting(world[Role.ASSOCIATION]):
        return File.objects.get(pk=file).state


def proposed(world: World, file: UUID, by: Mandate, *, last_day: date, on: date = DAY) -> None:
    with acting(by):
        paths.propose_exit(file, ["commitments"], WORDS, last_day=last_day, by=by, on=on)


def test_four_periods_follow_each_other_and_a_fifth_is_refused(world: World):
    file, by = whole_path(world), world[Role.PREFECT]
    with acting(by):
        periods = list(Period.objects.filter(file=file).order_by("starts_on"))
    assert [period.starts_on for period in periods] == list(STARTS)
    assert periods[-1].ends_on == LAST
    fifth = psp.renewal_with_opinion(world, file, on=LAST)
    with acting(by), pytest.raises(RuleRefused, match="24 mois au plus en tout"):
        deciding.grant(fifth.pk, by=by, on=LAST)
    # And by the database, whatever the rules say.
    with pytest.raises(DatabaseError, match="30 months in all"), acting(by):
        decision = Decision.objects.create(
            request=fifth,
            file_id=file,
            outcome="granted",
            decided_on=LAST,
            decided_by=by.pk,
            decided_person=by.person_id,
        )
        Period.objects.create(
            file_id=file, decision=decision, starts_on=LAST + timedelta(days=1), ends_on=date(2028, 9, 1)
        )


def test_the_whole_path_ends_at_its_term_and_its_outcome_is_recorded(world: World):
    file, delegate, association = whole_path(world), world[Role.DELEGATE], world[Role.ASSOCIATION]
    with acting(delegate), pytest.raises(RuleRefused, match="terme du parcours"):
        paths.end_at_term(file, by=delegate, on=LAST)
    with acting(delegate):
        paths.end_at_term(file, by=delegate, on=LAST + timedelta(days=1))
    with acting(association):
        outcomes.record(
            file,
            codes.Moment.END,
            work=codes.Work.FIXED_TERM,
            housing=codes.Housing.SOCIAL,
            residence=codes.Residence.TEMPORARY,
            by=association,
            on=LAST + timedelta(days=1),
        )
    assert state(world, file) == FileState.ENDED


def test_two_periods_never_overlap_in_the_database(world: World):
    request = psp.granted(world, DAY)
    renewal = psp.renewal_with_opinion(world, psp.notified(world, request).file_id, on=date(2026, 8, 1))
    by = world[Role.PREFECT]
    with pytest.raises(IntegrityError, match="periods_never_overlap"), acting(by):
        decision = Decision.objects.create(
            request=renewal,
            file_id=request.file_id,
            outcome="granted",
            decided_on=DAY,
            decided_by=by.pk,
            decided_person=by.person_id,
        )
        Period.objects.create(
            file_id=request.file_id, decision=decision, starts_on=date(2026, 8, 1), ends_on=date(2027, 1, 31)
        )


def test_suspensions_stay_in_their_period_and_never_overlap(world: World):
    file, by = psp.granted(world, DAY).file_id, world[Role.DELEGATE]
    with acting(by):
        paths.suspend(file, starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 30), words="Hôpital.", by=by, on=DAY)
    for starts_on, ends_on in (
        (date(2026, 4, 15), date(2026, 5, 15)),
        (date(2026, 8, 1), date(2026, 12, 1)),
        (date(2026, 6, 2), date(2026, 6, 1)),
    ):
        with acting(by), pytest.raises(RuleRefused, match="suspension"):
            paths.suspend(file, starts_on=starts_on, ends_on=ends_on, words="Hôpital.", by=by, on=DAY)
    with acting(by):
        assert Period.objects.get(file=file).ends_on == date(2026, 9, 1)


def pushing(world: World) -> None:
    with acting(world[Role.DELEGATE]):
        Choices.objects.create(department=world.department, suspension_extends=True)


def test_a_department_may_choose_that_a_suspension_pushes_the_end_back(world: World):
    pushing(world)
    file, by = psp.granted(world, DAY).file_id, world[Role.DELEGATE]
    with acting(by):
        paths.suspend(file, starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 10), words="Hôpital.", by=by, on=DAY)
        assert Period.objects.get(file=file).ends_on == date(2026, 9, 11)


def test_a_suspension_that_runs_into_the_renewal_is_refused_in_words(world: World):
    pushing(world)
    file, by = psp.notified(world, psp.granted(world, DAY)).file_id, world[Role.DELEGATE]
    psp.renewed(world, file, on=date(2026, 8, 20))
    with acting(by), pytest.raises(RuleRefused, match="se chevauchent"):
        paths.suspend(file, starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 10), words="Hôpital.", by=by, on=DAY)


def test_suspended_months_do_not_count_under_the_cap_where_they_push_the_end(world: World):
    pushing(world)
    file, by = psp.notified(world, psp.granted(world, STARTS[0])).file_id, world[Role.DELEGATE]
    with acting(by):
        paths.suspend(file, starts_on=date(2026, 4, 1), ends_on=date(2026, 5, 31), words="Hôpital.", by=by, on=DAY)
    for _ in range(3):
        with acting(by):
            last = Period.objects.filter(file=file).latest("ends_on").ends_on
        psp.renewed(world, file, on=last - timedelta(days=5))
    with acting(by):
        assert Period.objects.filter(file=file).count() == 4


def test_an_early_exit_takes_two_persons_and_cuts_the_period(world: World):
    file, prefect = psp.granted(world, DAY).file_id, world[Role.PREFECT]
    last_day = DAY + timedelta(days=40)
    proposed(world, file, prefect, last_day=last_day)
    with acting(prefect), pytest.raises(RuleRefused, match="une seconde personne"):
        paths.confirm_exit(file, by=prefect, on=DAY)
    another = world.new(Role.PREFECT)
    with acting(another):
        period = paths.confirm_exit(file, by=another, on=DAY)
    assert (period.ends_on, period.ended_early) == (last_day, True)
    assert state(world, file) == FileState.ENDED
    with acting(world[Role.DPO]):
        said = Entry.objects.filter(subject=file, event__in=(Event.FILE_CHANGED, Event.PERIOD_ENDED)).order_by("seq")
        assert [one.event for one in said] == [Event.FILE_CHANGED, Event.PERIOD_ENDED]  # proposed, then confirmed


def test_the_database_knows_that_one_person_is_not_two(world: World):
    file, prefect = psp.granted(world, DAY).file_id, world[Role.PREFECT]
    proposed(world, file, prefect, last_day=DAY + timedelta(days=40))
    with pytest.raises(IntegrityError, match="early_exit_confirmed_by_another"), acting(prefect):
        Period.objects.filter(file=file).update(exit_confirmed_person=prefect.person_id)


def test_the_database_takes_nobody_elses_name_for_an_early_exit(world: World):
    file, delegate, prefect = psp.granted(world, DAY).file_id, world[Role.DELEGATE], world[Role.PREFECT]
    with pytest.raises(IntegrityError, match="one's own name"), acting(prefect):
        Period.objects.filter(file=file).update(exit_asked_person=uuid4())
    proposed(world, file, delegate, last_day=DAY + timedelta(days=40))
    for by, person in ((prefect, uuid4()), (world.new(Role.DELEGATE), uuid4())):
        with pytest.raises(IntegrityError, match="the prefect confirms"), acting(by):
            Period.objects.filter(file=file).update(exit_confirmed_person=person)


def test_an_early_exit_given_up_leaves_the_path_as_it_was(world: World):
    file, by = psp.granted(world, DAY).file_id, world[Role.PREFECT]
    proposed(world, file, world[Role.DELEGATE], last_day=DAY + timedelta(days=40))
    with acting(by):
        paths.drop_exit(file, by=by, on=DAY)
        assert Period.objects.get(file=file).exit_reasons is None
    with acting(by), pytest.raises(RuleRefused):
        paths.confirm_exit(file, by=by, on=DAY)
    assert state(world, file) == FileState.IN_PATH


def test_an_early_exit_needs_codes_words_and_a_day_of_the_period(world: World):
    file, by = psp.granted(world, DAY).file_id, world[Role.DELEGATE]
    with acting(by), pytest.raises(RuleRefused) as refused:
        paths.propose_exit(file, ["lost_contact"], "Perdue.", last_day=DAY, by=by, on=DAY)
    assert [defect.place for defect in refused.value.defects] == ["motifs rédigés"]
    with pytest.raises(RuleRefused, match="sortie anticipée"):
        proposed(world, file, by, last_day=date(2027, 1, 1))


def test_a_path_cut_short_is_renewed_even_when_a_suspension_ran_beyond_the_cut(world: World):
    file, by = psp.notified(world, psp.granted(world, DAY)).file_id, world[Role.DELEGATE]
    with acting(by):
        paths.suspend(file, starts_on=date(2026, 4, 1), ends_on=date(2026, 7, 31), words="Hôpital.", by=by, on=DAY)
    association = world[Role.ASSOCIATION]
    with acting(association):
        paths.end_on_request(file, last_day=date(2026, 5, 1), by=association, on=date(2026, 5, 1))
    assert psp.renewed(world, file, on=date(2026, 10, 1)).state == "grant_notified"
    assert state(world, file) == FileState.IN_PATH


def test_the_person_stops_when_she_wants_without_anybodys_leave(world: World):
    file, by = psp.granted(world, DAY).file_id, world[Role.ASSOCIATION]
    with acting(by):
        paths.end_on_request(file, last_day=DAY + timedelta(days=10), by=by, on=DAY)
    assert state(world, file) == FileState.ENDED


def test_a_path_is_not_ended_in_a_period_that_another_follows(world: World):
    file, by = psp.notified(world, psp.granted(world, DAY)).file_id, world[Role.ASSOCIATION]
    psp.renewed(world, file, on=date(2026, 8, 20))
    with acting(by), pytest.raises(RuleRefused, match="fin du parcours"):
        paths.end_on_request(file, last_day=date(2026, 8, 25), by=by, on=date(2026, 8, 25))
    with acting(by):
        paths.end_on_request(file, last_day=date(2026, 9, 5), by=by, on=date(2026, 9, 5))
    assert state(world, file) == FileState.ENDED


def test_nothing_is_granted_while_an_early_exit_is_proposed(world: World):
    file, by = psp.notified(world, psp.granted(world, DAY)).file_id, world[Role.PREFECT]
    renewal = psp.renewal_with_opinion(world, file, on=date(2026, 8, 1))
    proposed(world, file, world[Role.DELEGATE], last_day=date(2026, 8, 10), on=date(2026, 8, 1))
    with acting(by), pytest.raises(RuleRefused, match="un parcours qui continue"):
        deciding.grant(renewal.pk, by=by, on=date(2026, 8, 1))


def test_a_file_closes_once_no_request_is_under_way_and_opens_again(world: World):
    request = psp.granted(world, DAY)
    file, by, delegate = request.file_id, world[Role.ASSOCIATION], world[Role.DELEGATE]
    with acting(by):
        paths.end_on_request(file, last_day=DAY, by=by, on=DAY)
    with acting(by), pytest.raises(RuleRefused, match="aucune demande en cours"):
        paths.close(file, by=by, on=DAY)
    psp.notified(world, request)
    with acting(delegate):
        deciding.close(request.pk, by=delegate, on=DAY)
    with acting(by):
        paths.close(file, by=by, on=DAY)
        assert File.objects.get(pk=file).closed_on == DAY
        before = File.objects.get(pk=file).last_contact_on
        paths.reopen(file, by=by, on=date(2026, 12, 1))
        assert File.objects.get(pk=file).last_contact_on == before  # opening again prolongs nothing
    assert state(world, file) == FileState.OPEN
    with acting(by):
        paths.close(file, by=by, on=date(2026, 12, 1))
    assert state(world, file) == FileState.CLOSED


def test_a_file_opened_again_after_a_path_takes_a_renewal(world: World):
    request = psp.granted(world, DAY)
    file, by, delegate = psp.notified(world, request).file_id, world[Role.ASSOCIATION], world[Role.DELEGATE]
    with acting(delegate):
        deciding.close(request.pk, by=delegate, on=DAY)
    with acting(by):
        paths.end_on_request(file, last_day=DAY + timedelta(days=30), by=by, on=DAY + timedelta(days=30))
        paths.close(file, by=by, on=date(2026, 5, 1))
        paths.reopen(file, by=by, on=date(2026, 12, 1))
    assert psp.renewed(world, file, on=date(2026, 12, 1)).state == "grant_notified"
    assert state(world, file) == FileState.IN_PATH


def test_a_file_without_any_path_takes_no_renewal(world: World):
    request, by = psp.draft(world), world[Role.ASSOCIATION]
    with acting(by), pytest.raises(RuleRefused, match="renouvellement"):
        filing.start_renewal(request.file_id, by=by, now=psp.at(DAY))


def test_a_file_that_does_not_exist_is_not_found_whatever_is_asked(world: World):
    by = world[Role.PREFECT]
    with acting(by), pytest.raises(File.DoesNotExist):
        paths.close(uuid4(), by=by, on=DAY)
