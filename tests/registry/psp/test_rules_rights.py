"""Each right is followed by its dates, and what was granted without effect, or is about to lapse, is said aloud."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide_registry.psp.rules.rights import (
    Cover,
    Right,
    RightKind,
    RightStatus,
    alarms,
    check_right,
    first_day_without_cover,
    status,
)
from egide_registry.psp.rules.settings import Settings

SETTINGS = Settings(not_effective_days=30, aps_lapse_days=60)
PATH_END = date(2026, 12, 31)


def on(text: str) -> date:
    return date.fromisoformat(text)


def right(
    kind: RightKind, asked: str, granted: str = "", effective: str = "", ends: str = "", refused: str = ""
) -> Right:
    days = {"granted_on": granted, "effective_on": effective, "ends_on": ends, "refused_on": refused}
    return Right(kind=kind, asked_on=on(asked), **{name: on(day) for name, day in days.items() if day})


APS = right(RightKind.APS, "2026-01-05", "2026-01-20", "2026-02-01", "2026-07-31")
AFIS = right(RightKind.AFIS, "2026-01-05", "2026-02-10", "2026-03-01")


def told(
    rights: list[Right], day: str, *, foreigner: bool = True, receipts: tuple[Cover, ...] = ()
) -> list[tuple[str, str]]:
    found = alarms(rights, on=on(day), settings=SETTINGS, path_ends_on=PATH_END, foreigner=foreigner, receipts=receipts)
    return [(alarm.code.value, alarm.on.isoformat()) for alarm in found]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-01-10", RightStatus.ASKED),
        ("2026-01-20", RightStatus.GRANTED),
        ("2026-02-01", RightStatus.EFFECTIVE),
        ("2026-07-31", RightStatus.EFFECTIVE),
        ("2026-08-01", RightStatus.ENDED),
    ],
)
def test_the_status_of_a_right_is_read_from_its_dates(day: str, expected: RightStatus) -> None:
    assert status(APS, on=on(day)) is expected


def test_a_refused_right_is_refused_from_that_day() -> None:
    refused = right(RightKind.HOUSING, "2026-01-05", refused="2026-02-01")
    assert [status(refused, on=on(day)) for day in ("2026-01-31", "2026-02-01")] == [
        RightStatus.ASKED,
        RightStatus.REFUSED,
    ]


def test_dates_that_do_not_follow_each_other_are_all_told() -> None:
    wrong = right(RightKind.HOUSING, "2026-02-01", "2026-01-15", "2026-01-10", "2026-01-01")
    assert [one.place for one in check_right(wrong)] == [
        "hébergement ou logement, accord",
        "hébergement ou logement, effet",
        "hébergement ou logement, fin",
    ]


def test_a_right_is_not_effective_without_being_granted_nor_granted_and_refused() -> None:
    assert [one.expected for one in check_right(right(RightKind.APS, "2026-01-05", effective="2026-02-01"))] == [
        "une date d’accord"
    ]
    both = right(RightKind.APS, "2026-01-05", granted="2026-01-06", refused="2026-01-04")
    assert [one.expected for one in check_right(both)] == ["un accord ou un refus", "le 5 janvier 2026 ou après"]
    assert check_right(APS) == ()


def test_a_right_granted_and_still_without_effect_is_an_alarm_after_the_days_of_the_setting() -> None:
    housing = right(RightKind.HOUSING, "2026-01-05", "2026-02-01")
    assert told([housing], "2026-03-02") == []
    assert told([housing], "2026-03-03") == [("not_effective", "2026-02-01")]


def test_an_aps_that_ends_before_the_path_and_is_not_asked_again_is_an_alarm() -> None:
    assert told([APS], "2026-05-31") == []
    assert told([APS], "2026-06-01") == [("aps_lapses", "2026-07-31")]
    assert told([APS], "2026-08-15") == [("aps_lapses", "2026-07-31")]


def test_once_the_renewal_is_asked_the_aps_is_no_alarm_any_more() -> None:
    assert told([APS, right(RightKind.APS, "2026-06-15")], "2026-07-01") == []


def test_a_renewal_that_was_refused_does_not_silence_the_alarm() -> None:
    refused = right(RightKind.APS, "2026-06-15", refused="2026-06-25")
    assert told([APS, refused], "2026-07-01") == [("aps_lapses", "2026-07-31")]


def test_an_aps_that_covers_the_whole_path_is_no_alarm() -> None:
    whole = right(RightKind.APS, "2026-01-05", "2026-01-20", "2026-02-01", "2027-01-31")
    assert told([whole, AFIS], "2026-12-15") == []


def test_an_aps_that_lapses_cuts_the_afis_from_the_next_day_even_when_the_renewal_is_asked() -> None:
    asked = right(RightKind.APS, "2026-06-15")
    assert told([APS, AFIS, asked], "2026-07-01") == [("afis_cut", "2026-08-01")]


def test_a_receipt_of_renewal_keeps_the_afis() -> None:
    asked = right(RightKind.APS, "2026-06-15")
    receipt = Cover(starts_on=on("2026-07-20"), ends_on=on("2027-01-19"))
    assert told([APS, AFIS, asked], "2026-07-01", receipts=(receipt,)) == []


def test_the_afis_of_a_french_person_does_not_hang_on_an_aps() -> None:
    assert told([AFIS], "2026-07-01", foreigner=False) == []
    assert told([AFIS], "2026-07-01", foreigner=True) == [("afis_cut", "2026-07-01")]


def test_what_presses_most_comes_first() -> None:
    housing = right(RightKind.HOUSING, "2026-01-05", "2026-02-01")
    assert [code for code, _ in told([housing, APS, AFIS], "2026-07-20")] == ["afis_cut", "aps_lapses", "not_effective"]


def test_an_alarm_reads_as_a_sentence() -> None:
    (alarm,) = alarms([APS], on=on("2026-07-01"), settings=SETTINGS, path_ends_on=PATH_END, foreigner=True)
    assert alarm.text == (
        "Autorisation provisoire de séjour\u00a0: fin le 31 juillet 2026, renouvellement non demandé."
    )
    assert alarm.days == 30


@given(
    drawn=st.lists(st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 30))), max_size=6),
    since=st.integers(0, 60),
    length=st.integers(0, 40),
)
def test_the_first_day_without_cover_is_found_day_by_day(
    drawn: list[tuple[int, int | None]], since: int, length: int
) -> None:
    def day(number: int) -> date:
        return date(2026, 1, 1) + timedelta(days=number)

    covers = [Cover(starts_on=day(s), ends_on=None if n is None else day(s + n)) for s, n in drawn]
    covered = {number for s, n in drawn for number in range(s, 200 if n is None else s + n + 1)}
    bare = [day(number) for number in range(since, since + length + 1) if number not in covered]
    assert first_day_without_cover(covers, since=day(since), until=day(since + length)) == (bare[0] if bare else None)
