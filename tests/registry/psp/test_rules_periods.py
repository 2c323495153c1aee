"""Six months at a time, never two at once, twenty-four months in all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.reference.legal import NoRule
from egide_registry.psp.rules.calendar import last_day, plus_months, whole_months
from egide_registry.psp.rules.periods import (
    Length,
    Period,
    Suspension,
    check_periods,
    end_early,
    first_term,
    gaps,
    months_left,
    months_used,
    next_period,
    suspend,
)
from egide_registry.psp.rules.refusals import RuleRefused

DAY = timedelta(days=1)
some_day = st.dates(min_value=date(2017, 1, 1), max_value=date(2035, 12, 31))


def on(text: str) -> date:
    return date.fromisoformat(text)


def period(start: str, end: str, **more) -> Period:
    return Period(starts_on=on(start), ends_on=on(end), **more)


def a_path(start: date, count: int) -> list[Period]:
    periods: list[Period] = []
    for _ in range(count):
        periods.append(next_period(periods, starts_on=None if periods else start))
    return periods


def days_of(one: Period) -> set[date]:
    return {one.starts_on + n * DAY for n in range((one.ends_on - one.starts_on).days + 1)}


def last_day_counted_one_by_one(start: date, months: int) -> date:
    """The oracle: walk from day to day; a month is over the day before the same number comes back, or would have."""
    day, left = start, months
    while True:
        following = day + DAY
        same_number = following.day == start.day
        month_is_too_short = following.day == 1 and day.day < start.day
        left -= same_number or month_is_too_short
        if not left:
            return day
        day = following


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-01-01", "2026-06-30"),
        ("2026-01-15", "2026-07-14"),
        ("2026-03-01", "2026-08-31"),
        ("2026-08-31", "2027-02-28"),
        ("2027-08-31", "2028-02-29"),
        ("2026-08-30", "2027-02-28"),
        ("2027-08-29", "2028-02-28"),
        ("2026-08-29", "2027-02-28"),
        ("2026-10-31", "2027-04-30"),
        ("2028-02-29", "2028-08-28"),
    ],
)
def test_a_period_ends_on_the_eve_of_the_same_day_six_months_later(first: str, last: str) -> None:
    assert first_term(on(first)) == on(last)


@given(start=some_day, months=st.integers(1, 30))
def test_counting_months_is_counting_days_one_by_one(start: date, months: int) -> None:
    assert last_day(start, months) == last_day_counted_one_by_one(start, months)


@given(start=some_day, days=st.integers(0, 800))
def test_whole_months_and_odd_days_lead_back_to_the_last_day(start: date, days: int) -> None:
    last = start + days * DAY
    months, odd = whole_months(start, last)
    assert last_day(start, months) + odd * DAY == last
    assert last < last_day(start, months + 1)


def test_no_period_is_computed_before_the_law() -> None:
    with pytest.raises(NoRule):
        first_term(on("2016-01-01"))


def test_the_same_day_months_later_is_the_last_of_a_shorter_month() -> None:
    assert plus_months(on("2026-12-31"), 2) == on("2027-02-28")


@given(start=some_day)
def test_four_periods_in_a_row_are_the_whole_path_without_a_gap(start: date) -> None:
    path = a_path(start, 4)
    assert check_periods(path) == ()
    assert gaps(path) == ()
    assert months_used(path) == Length.of(24)
    assert months_left(path, on=path[-1].ends_on) == Length.of(0)


@given(start=some_day)
def test_a_fifth_period_is_refused(start: date) -> None:
    with pytest.raises(RuleRefused, match="durée maximale est atteinte"):
        next_period(a_path(start, 4))


def test_a_renewal_begins_the_day_after_the_last_period() -> None:
    assert next_period([period("2026-01-01", "2026-06-30")]) == period("2026-07-01", "2026-12-31")


def test_a_late_renewal_leaves_a_gap_that_is_counted_in_days() -> None:
    first = period("2026-01-01", "2026-06-30")
    late = next_period([first], starts_on=on("2026-07-20"))
    (gap,) = gaps([late, first])
    assert (gap.starts_on, gap.ends_on, gap.days) == (on("2026-07-01"), on("2026-07-19"), 19)
    assert months_used([first, late]) == Length.of(12)


def test_a_renewal_may_not_begin_inside_the_last_period() -> None:
    with pytest.raises(RuleRefused, match="attendu le 1er juillet 2026 ou après, reçu 30 juin 2026"):
        next_period([period("2026-01-01", "2026-06-30")], starts_on=on("2026-06-30"))


def test_a_first_period_needs_its_first_day() -> None:
    with pytest.raises(ValueError):
        next_period([])


def test_after_an_early_exit_the_time_not_used_is_left() -> None:
    cut = end_early(period("2026-01-01", "2026-06-30"), last=on("2026-03-15"))
    assert cut == period("2026-01-01", "2026-03-15", ended_early=True)
    assert check_periods([cut]) == ()
    assert months_used([cut]).text() == "2 mois et 15 jours"
    assert months_left([cut], on=on("2026-04-01")).text() == "21 mois et 15 jours"


def test_the_last_period_is_as_long_as_what_is_left_under_the_cap() -> None:
    start = [end_early(period("2026-01-01", "2026-06-30"), last=on("2026-03-15"))]
    while months_left(start, on=start[-1].ends_on) > Length.of(6):
        start.append(next_period(start))
    last = next_period(start)
    assert last == period("2027-09-16", "2027-12-30")
    assert check_periods([*start, last]) == ()
    assert months_used([*start, last]) == Length.of(24)


def test_an_early_exit_is_a_day_of_the_period() -> None:
    with pytest.raises(RuleRefused, match=r"sortie anticipée.*1er juillet 2026"):
        end_early(period("2026-01-01", "2026-06-30"), last=on("2026-07-01"))


def test_a_suspension_does_not_push_the_end_unless_the_department_says_so() -> None:
    june = Suspension(starts_on=on("2026-06-01"), ends_on=on("2026-06-10"))
    whole = period("2026-01-01", "2026-06-30")
    assert suspend(whole, june).ends_on == on("2026-06-30")
    assert months_used([suspend(whole, june)]) == Length.of(6)
    pushed = suspend(whole, june, suspension_extends=True)
    assert pushed.ends_on == on("2026-07-10")
    assert months_used([pushed], suspension_extends=True) == Length.of(6)
    assert check_periods([pushed], suspension_extends=True) == ()


def test_suspended_days_that_push_the_end_do_not_eat_the_twenty_four_months() -> None:
    march = Suspension(starts_on=on("2026-03-01"), ends_on=on("2026-03-31"))
    path = [suspend(period("2026-01-01", "2026-06-30"), march, suspension_extends=True)]
    while len(path) < 4:
        path.append(next_period(path, suspension_extends=True))
    assert path[-1].ends_on == on("2028-01-31")
    assert check_periods(path, suspension_extends=True) == ()
    with pytest.raises(RuleRefused, match="durée maximale est atteinte"):
        next_period(path, suspension_extends=True)


def test_a_suspension_stays_in_its_period_and_off_the_other_suspensions() -> None:
    june = Suspension(starts_on=on("2026-06-01"), ends_on=on("2026-06-10"))
    whole = suspend(period("2026-01-01", "2026-06-30"), june)
    with pytest.raises(RuleRefused, match="Réunissez les deux suspensions"):
        suspend(whole, Suspension(starts_on=on("2026-06-10"), ends_on=on("2026-06-12")))
    with pytest.raises(RuleRefused, match="reste dans sa période"):
        suspend(whole, Suspension(starts_on=on("2026-06-25"), ends_on=on("2026-07-02")))
    with pytest.raises(RuleRefused, match="une fin après le début"):
        suspend(whole, Suspension(starts_on=on("2026-06-25"), ends_on=on("2026-06-20")))


def test_an_early_exit_cuts_the_suspensions_too() -> None:
    spring = Suspension(starts_on=on("2026-03-01"), ends_on=on("2026-03-31"))
    june = Suspension(starts_on=on("2026-06-01"), ends_on=on("2026-06-10"))
    cut = end_early(period("2026-01-01", "2026-06-30", suspensions=(spring, june)), last=on("2026-03-15"))
    assert cut.suspensions == (Suspension(starts_on=on("2026-03-01"), ends_on=on("2026-03-15")),)


def test_all_the_defects_come_at_once() -> None:
    june = Suspension(starts_on=on("2026-06-01"), ends_on=on("2026-06-10"))
    again = Suspension(starts_on=on("2026-06-05"), ends_on=on("2026-09-01"))
    found = check_periods(
        [
            period("2026-01-01", "2026-06-30", suspensions=(june, again)),
            period("2026-06-15", "2026-12-31"),
            period("2027-02-01", "2027-01-01"),
            period("2027-03-01", "2027-04-01"),
        ]
    )
    assert [(one.place.split(" (")[0], one.way_out) for one in found] == [
        ("période 1", "Une suspension reste dans sa période."),
        ("période 1", "Réunissez les deux suspensions."),
        ("période 2", "Deux périodes ne se chevauchent jamais\u00a0: corrigez les dates."),
        ("période 2", "Accordez un renouvellement pour la suite."),
        ("période 3", "Corrigez les dates."),
        ("période 4", "Corrigez, ou consignez une sortie anticipée."),
    ]


def test_two_periods_that_share_one_day_overlap() -> None:
    (defect,) = check_periods([period("2026-01-01", "2026-06-30"), period("2026-06-30", "2026-12-29")])
    assert defect.way_out == "Deux périodes ne se chevauchent jamais\u00a0: corrigez les dates."


def test_going_past_the_cap_says_what_was_left() -> None:
    path = a_path(on("2024-01-01"), 4)
    (defect,) = check_periods([*path, period("2026-01-01", "2026-06-30")])
    assert defect.text().endswith(
        "attendu 24 mois au plus en tout, soit encore 0 mois, reçu 6 mois. "
        "Raccourcissez la période, ou n’en accordez pas."
    )


@given(
    drawn=st.lists(
        st.tuples(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(0, 250)), min_size=1, max_size=6
    )
)
def test_overlaps_and_gaps_are_those_seen_day_by_day(drawn: list[tuple[date, int]]) -> None:
    periods = [Period(starts_on=start, ends_on=start + n * DAY, ended_early=True) for start, n in drawn]
    days = [days_of(one) for one in periods]
    together = set().union(*days)
    found = check_periods(periods)
    overlap = any("chevauchent" in one.way_out for one in found)
    assert overlap == (sum(map(len, days)) > len(together))
    if not overlap:
        holes = {min(together) + n * DAY for n in range((max(together) - min(together)).days)} - together
        assert {gap.starts_on + n * DAY for gap in gaps(periods) for n in range(gap.days)} == holes


@given(start=some_day, cuts=st.lists(st.integers(0, 200), max_size=8))
def test_whatever_the_early_exits_what_is_granted_never_passes_the_cap(start: date, cuts: list[int]) -> None:
    periods: list[Period] = []
    for cut in cuts:
        if periods and not months_left(periods, on=periods[-1].ends_on).days:
            break
        granted = next_period(periods, starts_on=None if periods else start)
        assert granted.ends_on <= first_term(granted.starts_on)
        last = granted.starts_on + cut * DAY
        periods.append(end_early(granted, last=last) if last < granted.ends_on else granted)
        assert check_periods(periods) == ()
        assert months_used(periods) <= Length.of(24)
        assert sum(len(days_of(one)) for one in periods) <= 24 * 31


def test_lengths_are_said_in_months_and_days() -> None:
    assert [Length.of(m, d).text() for m, d in [(0, 0), (6, 0), (0, 1), (2, 45)]] == [
        "0 mois",
        "6 mois",
        "1 jour",
        "3 mois et 15 jours",
    ]
