"""Silence is a list, and the statutory clocks of an approval run from a complete file."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide_registry.accounts.rules import Role
from egide_registry.psp.rules.clocks import AWAITED, Step, approval_clock, approval_ends_on, days_since, silent
from egide_registry.psp.rules.states import REQUEST, RequestState

TODAY = date(2026, 11, 1)


def step(id: str, state: RequestState, days_ago: int) -> Step:
    return Step(id=id, state=state, since=TODAY - timedelta(days=days_ago))


def test_every_state_of_a_request_says_who_is_waited_for() -> None:
    assert set(AWAITED) == set(RequestState)


@pytest.mark.parametrize("state", [state for state, role in AWAITED.items() if role])
def test_who_is_waited_for_can_do_the_next_step(state: RequestState) -> None:
    assert REQUEST.leaving(state, role=AWAITED[state])


def test_silence_is_listed_from_the_day_of_the_setting_the_longest_first() -> None:
    steps = [
        step("a", RequestState.FILED, 29),
        step("b", RequestState.FILED, 30),
        step("c", RequestState.OPINION_GIVEN, 90),
        step("d", RequestState.CLOSED, 900),
        step("e", RequestState.DRAFT, 900),
        step("f", RequestState.INCOMPLETE, 31),
    ]
    found = silent(steps, on=TODAY, days=30)
    assert [(one.id, one.awaited, one.days) for one in found] == [
        ("c", Role.PREFECT, 90),
        ("f", Role.ASSOCIATION, 31),
        ("b", Role.DELEGATE, 30),
    ]


@given(ages=st.lists(st.integers(0, 100), max_size=10), days=st.integers(1, 100))
def test_what_is_listed_is_what_waited_that_long(ages: list[int], days: int) -> None:
    found = silent([step(str(n), RequestState.FILED, age) for n, age in enumerate(ages)], on=TODAY, days=days)
    assert sorted(one.days for one in found) == sorted(age for age in ages if age >= days)


def test_a_step_of_tomorrow_is_a_fault_of_the_code() -> None:
    with pytest.raises(ValueError):
        days_since(TODAY + timedelta(days=1), on=TODAY)


def test_a_file_for_which_nothing_is_asked_is_deemed_complete_and_silence_approves_it() -> None:
    clock = approval_clock(date(2026, 1, 15))
    assert clock is not None
    assert (clock.deemed_complete_on, clock.complete_on, clock.tacit_on) == (
        date(2026, 3, 15),
        date(2026, 1, 15),
        date(2026, 5, 15),
    )


def test_pieces_asked_for_in_time_stop_the_clock_until_they_come() -> None:
    asked = date(2026, 2, 10)
    assert approval_clock(date(2026, 1, 15), asked_on=asked) is None
    clock = approval_clock(date(2026, 1, 15), asked_on=asked, completed_on=date(2026, 3, 1))
    assert clock is not None
    assert (clock.complete_on, clock.tacit_on) == (date(2026, 3, 1), date(2026, 7, 1))


def test_pieces_asked_for_too_late_do_not_stop_the_clock() -> None:
    assert approval_clock(date(2026, 1, 15), asked_on=date(2026, 3, 15)) == approval_clock(date(2026, 1, 15))


def test_an_approval_lasts_three_years() -> None:
    assert approval_ends_on(date(2026, 5, 15)) == date(2029, 5, 14)
