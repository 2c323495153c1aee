"""Where the person stands at the end of the path, and later if she agreed to be asked."""

from __future__ import annotations

from datetime import date

import pytest

from egide_registry.psp.rules import outcomes
from egide_registry.psp.rules.outcomes import Moment, dues, missed, to_record
from egide_registry.psp.rules.settings import Settings

SETTINGS = Settings(outcome_window_days=45)
ENDED = date(2026, 8, 31)
DUE = dues(ENDED, agreed=True, settings=SETTINGS)


def test_outcomes_are_due_at_the_end_six_and_twelve_months_after() -> None:
    assert [one.on for one in DUE] == [date(2026, 8, 31), date(2027, 2, 28), date(2027, 8, 31)]


def test_who_did_not_agree_is_not_asked_after_the_end() -> None:
    assert [one.moment for one in dues(ENDED, agreed=False, settings=SETTINGS)] == [Moment.END]


@pytest.mark.parametrize(
    ("day", "open_moments"),
    [
        ("2026-08-30", []),
        ("2026-08-31", [Moment.END]),
        ("2026-10-15", [Moment.END]),
        ("2026-10-16", []),
        ("2027-01-14", [Moment.SIX]),
        ("2027-04-15", []),
        ("2027-08-31", [Moment.TWELVE]),
    ],
)
def test_an_outcome_is_recorded_in_its_window(day: str, open_moments: list[Moment]) -> None:
    assert [one.moment for one in to_record(DUE, (), on=date.fromisoformat(day))] == open_moments


def test_what_is_recorded_is_not_asked_again() -> None:
    assert to_record(DUE, (Moment.END,), on=ENDED) == ()


def test_a_window_that_closed_with_nothing_recorded_is_said() -> None:
    assert [one.moment for one in missed(DUE, (Moment.SIX,), on=date(2027, 5, 1))] == [Moment.END]


@pytest.mark.parametrize(
    ("codes", "labels"),
    [
        (outcomes.Moment, outcomes.MOMENT_LABELS),
        (outcomes.Work, outcomes.WORK_LABELS),
        (outcomes.Housing, outcomes.HOUSING_LABELS),
        (outcomes.Residence, outcomes.RESIDENCE_LABELS),
    ],
)
def test_every_code_has_a_french_name_and_fits_in_its_column(codes, labels) -> None:
    assert set(labels) == set(codes)
    assert len(set(labels.values())) == len(labels)
    assert max(len(code) for code in codes) <= 20
