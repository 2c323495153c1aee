"""How long a mandate lasts, how long one waits, which code is right. No database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide_registry.accounts import rules, totp

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def ago(*minutes: float) -> list[datetime]:
    return [NOON - minute * MINUTE for minute in minutes]


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [
        (ago(), 0),
        (ago(1, 2, 3, 4), 0),
        (ago(0, 1, 2, 3, 4), 1),
        (ago(0.5, 1, 2, 3, 4), 0.5),
        (ago(1, 2, 3, 4, 5), 0),
        (ago(0, 1, 2, 3, 4, 5), 2),
        (ago(0, 1, 2, 3, 4, 5, 6), 4),
        (ago(*range(9)), 10),
        (ago(*range(60)), 10),
        (ago(0, 16, 17, 18, 19), 0),  # a quarter of an hour of calm ended the row
        (ago(15, 16, 17, 18, 19, 20), 0),
    ],
)
def test_after_five_failures_in_a_row_one_waits_longer_each_time(failures: list[datetime], minutes: float):
    assert rules.wait(failures, now=NOON) == minutes * MINUTE


@given(st.lists(st.integers(0, 24 * 3600), max_size=60))
def test_no_attack_makes_one_wait_more_than_ten_minutes(seconds: list[int]):
    failures = [NOON - timedelta(seconds=second) for second in seconds]
    wait = rules.wait(failures, now=NOON)
    assert timedelta(0) <= wait <= timedelta(minutes=10)
    assert rules.wait(failures, now=NOON + wait + timedelta(seconds=1)) == timedelta(0)


@given(st.lists(st.integers(0, 3600), max_size=20), st.integers(0, 600))
def test_the_order_of_the_failures_does_not_matter(seconds: list[int], later: int):
    failures = [NOON - timedelta(seconds=second) for second in seconds]
    now = NOON + timedelta(seconds=later)
    assert rules.wait(failures, now=now) == rules.wait(sorted(failures), now=now)


@pytest.mark.parametrize(
    ("starts_on", "ended_on", "last"),
    [
        (date(2026, 1, 1), date(2026, 3, 2), date(2026, 3, 1)),
        (date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 1)),
        (date(2026, 6, 1), date(2026, 3, 2), date(2026, 5, 31)),
    ],
)
def test_a_mandate_that_is_ended_gives_no_access_from_that_day_on(starts_on: date, ended_on: date, last: date):
    assert rules.last_day(starts_on, ended_on=ended_on) == last
    assert not rules.is_live(starts_on, last, on=ended_on)


def test_codes_are_those_of_the_rfc():
    """RFC 6238, appendix B: the last six digits of its table for SHA-1."""
    key = b"12345678901234567890"
    told = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}
    assert {at: totp.code(key, at // 30) for at in told} == told


def test_a_code_is_right_once_and_the_ones_before_it_no_more():
    key, at = b"k" * 20, 3_000.0
    step = totp.accepted(key, totp.code(key, 100), at=at, last=None)
    assert step == 100
    assert totp.accepted(key, totp.code(key, 100), at=at, last=step) is None
    assert totp.accepted(key, totp.code(key, 99), at=at, last=step) is None
    assert totp.accepted(key, totp.code(key, 101), at=at, last=step) == 101


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６"])
def test_what_is_not_a_code_is_not_right(typed: str):
    assert totp.accepted(b"k" * 20, typed, at=3_000.0, last=None) is None


def test_an_authenticator_is_told_no_name():
    assert totp.address(b"k" * 20) == (
        "otpauth://totp/%C3%89gide:compte?secret=NNVWW23LNNVWW23LNNVWW23LNNVWW23L&issuer=%C3%89gide"
    )
