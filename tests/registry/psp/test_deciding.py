"""The prefect decides; a refusal takes two persons, reasons, a proof, and stays open to appeal."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection

from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import deciding, examining, filing
from egide_registry.psp.models import Decision, File, Period, Request, Supporting
from egide_registry.psp.rules.refusals import RuleRefused
from egide_registry.psp.rules.states import RequestState
from support import psp
from support.registry import DAY, World, acting

AFTER_APPEALS = DAY + timedelta(days=90)


def test_a_request_moves_from_the_association_to_the_decision(world: World):
    assert psp.draft(world).state == RequestState.DRAFT
    assert psp.filed(world).state == RequestState.FILED
    assert psp.complete(world).state == RequestState.COMPLETE
    assert psp.with_opinion(world).state == RequestState.OPINION_GIVEN


def test_what_is_missing_goes_back_to_the_association_in_words(world: World):
    request, by = psp.filed(world), world[Role.DELEGATE]
    with acting(by), pytest.raises(RuleRefused, match="pièces demandées"):
        examining.ask_pieces(request.pk, "  ", by=by, on=DAY)
    with acting(by):
        examining.ask_pieces(request.pk, "Le document de parcours signé.", by=by, on=DAY)
    association = world[Role.ASSOCIATION]
    with acting(association):
        assert filing.file_request(request.pk, by=association, on=DAY).state == RequestState.FILED


def test_a_grant_opens_six_months(world: World):
    request = psp.granted(world, date(2026, 3, 2))
    with acting(world[Role.PREFECT]):
        period = Period.objects.get(file=request.file_id)
        file = File.objects.get(pk=request.file_id)
    assert (period.starts_on, period.ends_on) == (date(2026, 3, 2), date(2026, 9, 1))
    assert file.state == "in_path"


def test_only_the_prefect_grants(world: World):
    request = psp.with_opinion(world)
    for role in (Role.ASSOCIATION, Role.DELEGATE):
        with acting(world[role]), pytest.raises(PermissionDenied):
            deciding.grant(request.pk, by=world[role], on=DAY)


@pytest.mark.parametrize("role", [Role.ASSOCIATION, Role.DELEGATE])
def test_the_database_refuses_a_grant_by_anybody_else(world: World, role: Role):
    request = psp.with_opinion(world)
    with pytest.raises(DatabaseError, match="is not an act of"), acting(world[role]), connection.cursor() as cursor:
        cursor.execute("UPDATE psp_request SET state = 'granted' WHERE id = %s", [request.pk])


def test_nobody_grants_before_the_opinion(world: World):
    request, by = psp.complete(world), world[Role.PREFECT]
    with acting(by), pytest.raises(RuleRefused, match="complète"):
        deciding.grant(request.pk, by=by, on=DAY)


def test_a_refusal_needs_codes_and_words_all_said_at_once(world: World):
    request, by = psp.with_opinion(world), world[Role.DELEGATE]
    with acting(by), pytest.raises(RuleRefused) as refused:
        deciding.propose_refusal(request.pk, [], "Non.", by=by, on=DAY)
    assert [defect.place for defect in refused.value.defects] == ["motifs", "motifs rédigés"]


def test_a_refusal_never_stands_on_a_complaint_not_filed(world: World):
    request, by = psp.with_opinion(world), world[Role.DELEGATE]
    with acting(by), pytest.raises(RuleRefused, match="fonder seul"):
        deciding.propose_refusal(request.pk, ["no_complaint", "not_stopped"], psp.REASONS, by=by, on=DAY)


def test_the_reasons_of_a_refusal_are_sealed(world: World):
    request = psp.refusal_proposed(world)
    with acting(world[Role.DELEGATE]):
        decision = request.decisions.get()
    assert b"victime" not in bytes(decision.reasons)


def test_who_proposed_a_refusal_does_not_confirm_it_even_under_another_mandate(world: World):
    request, prefect = psp.with_opinion(world), world[Role.PREFECT]
    with acting(prefect):
        deciding.propose_refusal(request.pk, ["not_victim"], psp.REASONS, by=prefect, on=DAY)
    other_hat = second_mandate(world, prefect)
    for mandate in (prefect, other_hat):
        with acting(mandate), pytest.raises(RuleRefused, match="une seconde personne"):
            deciding.confirm_refusal(request.pk, by=mandate, on=DAY)
    another = world.new(Role.PREFECT)
    with acting(another):
        deciding.confirm_refusal(request.pk, by=another, on=DAY)
    assert psp.seen(world, request).state == RequestState.REFUSED


def second_mandate(world: World, mandate):
    """The same person with another mandate of the same role."""
    from egide_registry.accounts import actions

    with acting(world.administrator):
        return actions.grant(
            mandate.person_id,
            body=world.prefecture,
            role=Role.PREFECT,
            by=world.administrator,
            starts_on=date(2020, 1, 1),
            ends_on=None,
        )


def test_the_database_knows_that_one_person_is_not_two(world: World):
    request, prefect = psp.with_opinion(world), world[Role.PREFECT]
    with acting(prefect):
        deciding.propose_refusal(request.pk, ["not_victim"], psp.REASONS, by=prefect, on=DAY)
    other_hat = second_mandate(world, prefect)
    with pytest.raises(IntegrityError, match="decision_confirmed_by_another"), acting(other_hat):
        request.decisions.update(confirmed_by=other_hat.pk, confirmed_person=other_hat.person_id, confirmed_on=DAY)


def test_the_database_takes_nobody_elses_name_for_a_confirmation(world: World):
    request, delegate = psp.refusal_proposed(world), world[Role.DELEGATE]
    for by, person in ((delegate, uuid4()), (delegate, delegate.person_id), (world[Role.PREFECT], uuid4())):
        with pytest.raises(IntegrityError), acting(by):
            request.decisions.update(confirmed_by=by.pk, confirmed_person=person, confirmed_on=DAY)
    with pytest.raises(IntegrityError, match="who decided"), acting(delegate):
        request.decisions.update(decided_person=uuid4())


def test_the_database_lets_nobody_but_the_prefect_write_a_grant(world: World):
    request, by = psp.with_opinion(world), world[Role.DELEGATE]
    with pytest.raises(IntegrityError, match="only the prefect grants"), acting(by):
        Decision.objects.create(
            request=request,
            file_id=request.file_id,
            outcome="granted",
            decided_on=DAY,
            decided_by=by.pk,
            decided_person=by.person_id,
        )


def test_a_delegate_proposes_and_does_not_confirm(world: World):
    request, by = psp.refusal_proposed(world), world.new(Role.DELEGATE)
    with acting(by), pytest.raises(PermissionDenied):
        deciding.confirm_refusal(request.pk, by=by, on=DAY)


def test_a_refusal_given_up_leaves_no_trace_of_its_reasons(world: World):
    request, by = psp.refusal_proposed(world), world[Role.PREFECT]
    with acting(by):
        deciding.drop_refusal(request.pk, by=by, on=DAY)
        assert not request.decisions.exists()
    assert psp.seen(world, request).state == RequestState.OPINION_GIVEN


def test_confirming_what_nobody_proposed_is_refused_in_words(world: World):
    request, by = psp.with_opinion(world), world[Role.PREFECT]
    with acting(by), pytest.raises(RuleRefused, match="avis rendu"):
        deciding.confirm_refusal(request.pk, by=by, on=DAY)


def test_a_refusal_is_not_notified_without_its_proof(world: World):
    request, by = psp.refused(world), world[Role.DELEGATE]
    with acting(by):
        other = psp.join(request, "other", by=by)
    for proof in (other, uuid4()):
        with acting(by), pytest.raises(RuleRefused, match="preuve de notification"):
            deciding.notify(request.pk, means=Decision.Means.HAND, proof=proof, notified_on=DAY, by=by, on=DAY)
    assert psp.seen(world, request).state == RequestState.REFUSED


def test_the_database_keeps_a_refusal_without_proof_where_it_is(world: World):
    request = psp.refused(world)
    with pytest.raises(DatabaseError, match="proof of notification"), acting(world[Role.DELEGATE]):
        Request.objects.filter(pk=request.pk).update(state=RequestState.REFUSAL_NOTIFIED)


def test_a_notification_is_neither_before_the_decision_nor_to_come(world: World):
    request, by = psp.refused(world), world[Role.DELEGATE]
    with acting(by):
        proof = psp.join(request, "notification", by=by)
    for day in (DAY - timedelta(days=1), DAY + timedelta(days=1)):
        with acting(by), pytest.raises(RuleRefused, match="date de notification"):
            deciding.notify(request.pk, means=Decision.Means.HAND, proof=proof, notified_on=day, by=by, on=DAY)


def test_a_refusal_is_not_closed_before_the_delay_of_appeal(world: World):
    request, by = psp.refused_notified(world), world[Role.DELEGATE]
    with acting(by), pytest.raises(RuleRefused, match="clôture du refus"):
        deciding.close(request.pk, by=by, on=DAY + timedelta(days=61))
    with acting(by):
        deciding.close(request.pk, by=by, on=AFTER_APPEALS)
    assert psp.seen(world, request).state == RequestState.CLOSED


def test_a_grant_closes_once_notified(world: World):
    request, by = psp.granted(world), world[Role.DELEGATE]
    with acting(by), pytest.raises(RuleRefused):
        deciding.close(request.pk, by=by, on=DAY)
    psp.notified(world, request)
    with acting(by):
        deciding.close(request.pk, by=by, on=DAY)
    assert psp.seen(world, request).state == RequestState.CLOSED


@pytest.mark.parametrize("column", ["outcome = 'granted'", "decided_on = '2025-01-01'", r"reasons = '\x00'"])
def test_a_confirmed_decision_is_not_rewritten(world: World, column: str):
    request = psp.refused(world)
    by = world[Role.PREFECT]
    with pytest.raises(DatabaseError, match="corrected by a new act"), acting(by), connection.cursor() as cursor:
        cursor.execute(f"UPDATE psp_decision SET {column} WHERE request_id = %s", [request.pk])


def test_a_proof_is_not_replaced(world: World):
    request = psp.refused_notified(world)
    with pytest.raises(DatabaseError, match="proved once"), acting(world[Role.PREFECT]):
        request.decisions.update(notified_on=DAY - timedelta(days=1))


def test_a_document_that_is_refused_leaves_nothing(world: World):
    from egide_registry.files.kinds import FileRefused

    request, by = psp.filed(world), world[Role.DELEGATE]
    with acting(by), pytest.raises(FileRefused):
        filing.add_document(request.file_id, "notification", "preuve.exe", b"MZ", by=by, on=DAY)
    with acting(by):
        assert not Supporting.objects.filter(file=request.file_id, kind="notification").exists()
