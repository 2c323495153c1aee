"""A refusal has reasons, coded and written, says how to appeal, and is closed only when nothing can reopen it."""

from __future__ import annotations

from datetime import date

import pytest

from egide.errors import Defect
from egide.reference.legal import AppealKind
from egide_registry.psp.rules.reasons import (
    EXIT_REASONS,
    REFUSAL_REASONS,
    Appeal,
    appeal_notice,
    check_closing,
    check_exit,
    check_refusal,
    implicit_rejection_day,
    last_appeal_day,
)
from egide_registry.psp.rules.settings import Settings
from egide_registry.psp.rules.states import AppealState

SETTINGS = Settings(reasons_min_length=40, closing_margin_days=15, implicit_rejection_months=2)
WORDS = "Les faits retenus sont les suivants, et ils conduisent à ce refus."


def on(text: str) -> date:
    return date.fromisoformat(text)


def refusal(*codes: str, written: str = WORDS, renewal: bool = False, notice: str = "2026-1") -> list[str]:
    return places(check_refusal(codes, written, renewal=renewal, settings=SETTINGS, notice_version=notice))


def places(defects: tuple[Defect, ...]) -> list[str]:
    return [defect.place for defect in defects]


def closing(day: str, *appeals: Appeal, notified: str | None = "2026-01-10") -> list[str]:
    notified_on = None if notified is None else on(notified)
    return [one.expected for one in check_closing(notified_on, appeals, on=on(day), settings=SETTINGS)]


def gracieux(state: AppealState, filed: str, answered: str | None = None) -> Appeal:
    return Appeal(
        kind=AppealKind.GRACIEUX,
        state=state,
        filed_on=on(filed),
        answered_on=None if answered is None else on(answered),
    )


def test_a_refusal_with_a_reason_words_and_ways_of_appeal_can_be_signed() -> None:
    assert refusal("not_victim") == []


def test_everything_that_is_missing_is_told_at_once() -> None:
    assert refusal(written="Non.", notice="") == ["motifs", "motifs rédigés", "voies et délais de recours"]


@pytest.mark.parametrize(
    "code", ["not_stopped", "no_complaint", "elsewhere", "ended_long_ago", "removal_order", "account"]
)
def test_what_is_no_criterion_of_the_law_does_not_carry_a_refusal_alone(code: str) -> None:
    assert refusal(code) == ["motifs du refus"]
    assert refusal(code, "not_victim") == []


def test_two_reasons_that_do_not_stand_alone_do_not_stand_together() -> None:
    assert refusal("not_stopped", "no_complaint") == ["motifs du refus"]


def test_commitments_are_a_reason_for_a_renewal_only() -> None:
    assert refusal("commitments") == ["motifs du refus"]
    assert refusal("commitments", renewal=True) == []


def test_an_unknown_code_is_refused() -> None:
    assert refusal("not_victim", "colour_of_eyes") == ["motifs"]


def test_spaces_are_not_reasons() -> None:
    assert refusal("other", written="Non. " + " " * 80) == ["motifs rédigés"]


def test_the_text_on_appeals_gives_both_ways_and_the_delay_of_the_law() -> None:
    notice = appeal_notice(on("2026-03-01"))
    assert notice.version
    assert "recours gracieux devant le préfet" in notice.text
    assert "recours devant le tribunal administratif, dans les 2 mois" in notice.text


@pytest.mark.parametrize(
    ("notified", "last"), [("2026-01-10", "2026-03-11"), ("2026-12-31", "2027-03-01"), ("2026-06-30", "2026-08-31")]
)
def test_the_delay_to_go_to_court_counts_clear_days(notified: str, last: str) -> None:
    assert last_appeal_day(on(notified)) == on(last)


def test_silence_on_a_recours_gracieux_becomes_a_rejection_after_the_months_of_the_setting() -> None:
    assert implicit_rejection_day(on("2026-04-23"), settings=SETTINGS) == on("2026-06-23")
    assert implicit_rejection_day(on("2026-04-23"), settings=Settings(implicit_rejection_months=4)) == on("2026-08-23")


def test_a_refusal_that_was_not_notified_is_never_closed() -> None:
    assert closing("2030-01-01", notified=None) == ["une notification prouvée"]


def test_a_refusal_is_closed_only_after_the_delay_and_the_margin() -> None:
    assert closing("2026-03-26") == ["le 27 mars 2026 ou après"]
    assert closing("2026-03-27") == []


@pytest.mark.parametrize("state", [AppealState.FILED, AppealState.UNDER_REVIEW])
def test_a_refusal_under_appeal_is_not_closed(state: AppealState) -> None:
    assert closing("2030-01-01", gracieux(state, "2026-02-01")) == ["un recours terminé"]


def test_a_refusal_whose_appeal_was_accepted_is_granted_not_closed() -> None:
    judged = Appeal(kind=AppealKind.TRIBUNAL, state=AppealState.ACCEPTED, filed_on=on("2026-02-01"))
    assert closing("2030-01-01", judged) == ["aucun recours accueilli"]


def test_a_recours_gracieux_filed_in_time_starts_the_delay_again_from_its_answer() -> None:
    rejected = gracieux(AppealState.REJECTED, "2026-02-01", "2026-04-02")
    assert closing("2026-03-27", rejected) == ["le 19 juin 2026 ou après"]
    assert closing("2026-06-19", rejected) == []


def test_a_recours_gracieux_filed_too_late_does_not_start_it_again() -> None:
    assert closing("2026-06-01", gracieux(AppealState.REJECTED, "2026-03-12", "2026-05-12")) == []


def test_an_exit_that_the_person_asks_for_needs_no_written_reasons() -> None:
    assert check_exit({"on_request"}, "", settings=SETTINGS) == ()


def test_an_exit_that_the_prefecture_decides_needs_coded_and_written_reasons() -> None:
    assert places(check_exit({"commitments"}, "", settings=SETTINGS)) == ["motifs rédigés"]
    assert places(check_exit(set(), "", settings=SETTINGS)) == ["motifs"]


@pytest.mark.parametrize("reasons", [REFUSAL_REASONS, EXIT_REASONS])
def test_codes_are_distinct_and_fit_in_their_column(reasons) -> None:
    codes = [reason.code for reason in reasons]
    assert len(set(codes)) == len(codes)
    assert max(map(len, codes)) <= 20
