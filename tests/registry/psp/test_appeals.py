"""A refusal is appealed to its end: nothing closes while an appeal runs, and what is upheld is granted."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError

from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import appeals, deciding, filing
from egide_registry.psp.models import Request
from egide_registry.psp.rules.refusals import RuleRefused
from egide_registry.psp.rules.states import AppealKind, AppealState, RequestState
from support import psp
from support.registry import DAY, World, acting

MUCH_LATER = DAY + timedelta(days=400)


def lodged(world: World, request: Request, kind: AppealKind = AppealKind.GRACIEUX) -> UUID:
    by = world[Role.ASSOCIATION]
    with acting(by):
        return appeals.lodge(request.pk, kind, "Des faits inventés.", by=by, filed_on=DAY, on=DAY).pk


def step(world: World, appeal: UUID, code: str, *, role: Role, on: date = DAY, words: str = "") -> AppealState:
    by = world[role]
    with acting(by):
        return AppealState(appeals.act(appeal, code, by=by, on=on, words=words).state)


def test_an_appeal_opens_when_the_refusal_is_notified(world: World):
    request, by = psp.refused(world), world[Role.ASSOCIATION]
    with acting(by), pytest.raises(RuleRefused, match="un refus notifié"):
        appeals.lodge(request.pk, AppealKind.GRACIEUX, "Des faits.", by=by, filed_on=DAY, on=DAY)
    psp.notified(world, request)
    assert lodged(world, request)


def test_an_appeal_is_not_filed_tomorrow(world: World):
    request, by = psp.refused_notified(world), world[Role.ASSOCIATION]
    with acting(by), pytest.raises(RuleRefused, match="date du recours"):
        appeals.lodge(request.pk, AppealKind.GRACIEUX, "Des faits.", by=by, filed_on=DAY + timedelta(days=1), on=DAY)


def test_a_refusal_is_not_closed_while_an_appeal_runs(world: World):
    request, by = psp.refused_notified(world), world[Role.DELEGATE]
    lodged(world, request)
    with acting(by), pytest.raises(RuleRefused, match="un recours en cours"):
        deciding.close(request.pk, by=by, on=MUCH_LATER)


def test_the_prefect_answers_a_recours_gracieux_in_words(world: World):
    request = psp.refused_notified(world)
    appeal = lodged(world, request)
    step(world, appeal, "register", role=Role.DELEGATE)
    with pytest.raises(RuleRefused, match="des motifs rédigés"):
        step(world, appeal, "reject", role=Role.PREFECT)
    assert step(world, appeal, "reject", role=Role.PREFECT, words="Pour ces raisons.") == AppealState.REJECTED


def test_a_rejected_appeal_starts_the_delay_of_the_court_again(world: World):
    request, by = psp.refused_notified(world), world[Role.DELEGATE]
    appeal = lodged(world, request)
    step(world, appeal, "register", role=Role.DELEGATE)
    answered = DAY + timedelta(days=50)
    step(world, appeal, "reject", role=Role.PREFECT, on=answered, words="Pour ces raisons.")
    with acting(by), pytest.raises(RuleRefused, match="ou après"):
        deciding.close(request.pk, by=by, on=DAY + timedelta(days=90))
    with acting(by):
        deciding.close(request.pk, by=by, on=answered + timedelta(days=90))


def test_silence_becomes_a_rejection_after_two_months_and_not_before(world: World):
    appeal = lodged(world, psp.refused_notified(world))
    with pytest.raises(RuleRefused, match="rejet implicite"):
        step(world, appeal, "note_silence", role=Role.DELEGATE, on=date(2026, 5, 1))
    assert step(world, appeal, "note_silence", role=Role.DELEGATE, on=date(2026, 5, 2)) == AppealState.REJECTED


def test_each_appeal_knows_its_own_judge(world: World):
    request = psp.refused_notified(world)
    gracieux = lodged(world, request)
    court = lodged(world, request, AppealKind.TRIBUNAL)
    for appeal in (gracieux, court):
        step(world, appeal, "register", role=Role.DELEGATE)
    with pytest.raises(RuleRefused, match="l’issue d’un jugement"):
        step(world, court, "accept", role=Role.PREFECT)
    with pytest.raises(RuleRefused, match="la réponse du préfet"):
        step(world, gracieux, "record_annulment", role=Role.PREFECT)


def test_a_judgment_is_recorded_once_it_is_joined(world: World):
    request = psp.refused_notified(world)
    court, by = lodged(world, request, AppealKind.TRIBUNAL), world[Role.DELEGATE]
    step(world, court, "register", role=Role.DELEGATE)
    with pytest.raises(RuleRefused, match="le jugement joint"):
        step(world, court, "record_annulment", role=Role.DELEGATE)
    with acting(by):
        filing.add_document(request.file_id, "judgment", "jugement.pdf", psp.PDF, by=by, on=DAY)
    assert step(world, court, "record_annulment", role=Role.DELEGATE) == AppealState.ACCEPTED


def test_an_upheld_appeal_is_granted_and_never_closed(world: World):
    request, by = psp.refused_notified(world), world[Role.PREFECT]
    with acting(by), pytest.raises(RuleRefused, match="un recours accueilli"):
        deciding.grant(request.pk, by=by, on=DAY)
    appeal = lodged(world, request)
    step(world, appeal, "register", role=Role.DELEGATE)
    step(world, appeal, "accept", role=Role.PREFECT)
    with acting(by), pytest.raises(RuleRefused, match="aucun recours accueilli"):
        deciding.close(request.pk, by=by, on=MUCH_LATER)
    with acting(by):
        deciding.grant(request.pk, by=by, on=DAY)
    assert psp.notified(world, request).state == RequestState.GRANT_NOTIFIED


def test_the_database_too_keeps_an_upheld_refusal_open(world: World):
    request = psp.refused_notified(world)
    appeal = lodged(world, request)
    step(world, appeal, "register", role=Role.DELEGATE)
    step(world, appeal, "accept", role=Role.PREFECT)
    with pytest.raises(DatabaseError, match="open or upheld"), acting(world[Role.PREFECT]):
        Request.objects.filter(pk=request.pk).update(state=RequestState.CLOSED)


def test_the_association_takes_its_appeal_back(world: World):
    appeal = lodged(world, psp.refused_notified(world))
    with pytest.raises(RuleRefused, match="Association agréée"):
        step(world, appeal, "withdraw", role=Role.DELEGATE)
    assert step(world, appeal, "withdraw", role=Role.ASSOCIATION) == AppealState.WITHDRAWN
