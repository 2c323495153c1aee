"""Quorum, recusal, votes, room on the agenda, and what shows that a commission does not meet."""

from datetime import date
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from egide.reference import legal
from egide_registry.commissions import rules
from egide_registry.commissions.rules import Meeting, Recused, Seat, Settings, Votes
from egide_registry.psp.rules.states import SessionState

COURT, POLICE, ASSOCIATION = uuid4(), uuid4(), uuid4()
HELD, CONVENED, CANCELLED = SessionState.HELD, SessionState.CONVENED, SessionState.CANCELLED


def seat(body: UUID = COURT, *, present: bool | None = True) -> Seat:
    return Seat(mandate=uuid4(), body=body, present=present)


ROOM = [seat(COURT), seat(POLICE), seat(ASSOCIATION), seat(ASSOCIATION, present=False)]
FILED = Recused(body=ASSOCIATION)


def defects(opinion: str = "favourable", votes: Votes | None = None, reasons: str = "", **changed) -> list[str]:
    given = {"state": HELD, "seats": ROOM, "recused": [FILED], "filed_by": ASSOCIATION} | changed
    return [one.place for one in rules.check_opinion(opinion, votes, reasons, **given)]


def votes(in_favour: int, against: int = 0, abstained: int = 0) -> Votes:
    return Votes(in_favour=in_favour, against=against, abstained=abstained)


def test_no_quorum_is_asked_unless_the_department_sets_one():
    assert rules.quorum_reached([], None)
    assert rules.quorum_reached(ROOM, 3)
    assert not rules.quorum_reached(ROOM, 4)


def test_every_member_of_the_filing_body_leaves_the_vote_and_still_counts_for_the_quorum():
    assert rules.present(ROOM) == 3
    assert rules.voters(ROOM, [FILED]) == 2


def test_a_member_with_an_interest_leaves_alone():
    own = Recused(mandate=ROOM[0].mandate)
    assert rules.voters(ROOM, [FILED, own]) == 1


@given(
    st.lists(st.tuples(st.sampled_from([COURT, POLICE, ASSOCIATION]), st.sampled_from([True, False, None]))),
    st.sets(st.sampled_from([COURT, POLICE, ASSOCIATION])),
    st.integers(0, 5),
)
def test_voters_are_the_present_less_those_who_left(room, bodies, alone):
    seats = [seat(body, present=there) for body, there in room]
    own = {one.mandate for one in seats[:alone]}
    out = [Recused(body=one) for one in bodies] + [Recused(mandate=one) for one in own]
    present = {one.mandate for one in seats if one.present}
    gone = {one.mandate for one in seats if one.body in bodies} | own
    assert rules.voters(seats, out) == len(present - gone)


def test_votes_never_exceed_the_voters():
    assert defects(votes=votes(2)) == []
    assert defects(votes=votes(1, 0, 1)) == []
    assert defects(votes=votes(2, 1)) == ["vote"]
    assert defects(votes=None) == ["vote"]


def test_an_opinion_needs_a_session_held_and_the_filing_body_recused_and_says_both_at_once():
    assert defects(votes=votes(2), state=CONVENED, recused=[]) == ["avis", "avis"]


def test_an_unfavourable_or_deferred_opinion_says_why():
    assert defects("unfavourable", votes(0, 2)) == ["motifs de l’avis"]
    assert defects("unfavourable", votes(0, 2), "Rien n’est prêt.") == []
    assert defects("deferred") == ["motifs de l’avis"]
    assert defects("deferred", reasons="Un bilan est demandé.") == []


def test_a_session_is_called_in_time_and_somewhere():
    settings = Settings(convocation_days=15)
    on = date(2026, 3, 2)
    assert not list(rules.check_convening(date(2026, 3, 17), "Salle", on=on, settings=settings))
    places = [one.place for one in rules.check_convening(date(2026, 3, 16), " ", on=on, settings=settings)]
    assert places == ["jour de la séance", "lieu"]


def test_a_session_is_held_on_its_day_with_all_presences_known_and_the_quorum():
    day = date(2026, 3, 2)

    def places(seats, on=day, quorum=None):
        return [one.place for one in rules.check_holding(seats, held_on=day, on=on, quorum=quorum)]

    assert places(ROOM) == []
    assert places(ROOM, on=date(2026, 3, 1)) == ["séance"]
    assert places([*ROOM, seat(present=None)]) == ["présences"]
    assert places(ROOM, quorum=4) == ["quorum"]
    assert places([seat(present=False)]) == ["présences"]


def test_the_quorum_is_missed_only_where_it_is_set_and_missing():
    day = date(2026, 3, 2)

    def missed(quorum):
        return not list(rules.check_no_quorum(ROOM, held_on=day, on=day, quorum=quorum))

    assert missed(4)
    assert not missed(3)
    assert not missed(None)


def test_files_beyond_the_limit_wait_for_another_session():
    assert rules.split("abcde", taken=1, limit=3) == ("ab", "cde")
    assert rules.split("abc", taken=5, limit=3) == ("", "abc")
    assert rules.split("abc", taken=5, limit=None) == ("abc", "")
    assert rules.room(taken=1, limit=3, asked=2) == []
    assert len(rules.room(taken=1, limit=3, asked=3)) == 1


def texts(on: date, *meetings: tuple[date, SessionState]) -> list[tuple[str, str]]:
    found = rules.meeting_alerts([Meeting(day=day, state=state) for day, state in meetings], on)
    return [(one.level, one.text) for one in found]


def test_two_meetings_a_year_since_2026_and_one_before():
    assert legal.meetings(date(2025, 12, 31)).per_year == 1
    assert legal.meetings(date(2026, 1, 1)).per_year == 2


def test_a_commission_that_never_met_shows():
    never, missing = texts(date(2026, 6, 1))
    assert never == ("error", "La commission ne s’est jamais réunie, d’après le registre.")
    assert missing[0] == "warning"
    assert "il en manque 2, 0 est convoquée" in missing[1]


def test_days_without_a_meeting_show_and_matter_after_half_a_year():
    last = (date(2026, 1, 12), HELD), (date(2026, 2, 2), HELD)
    assert texts(date(2026, 3, 4), *last) == [
        ("info", "La commission ne s’est pas réunie depuis 30 jours (02/02/2026).")
    ]
    assert texts(date(2026, 9, 1), *last)[0][0] == "warning"


def test_a_session_cancelled_or_without_quorum_is_no_meeting():
    june = date(2026, 6, 1)
    alerts = texts(june, (date(2026, 3, 2), CANCELLED), (date(2026, 4, 2), SessionState.NO_QUORUM))
    assert alerts[0][0] == "error"


def test_a_missing_meeting_that_is_convened_is_only_information():
    june = date(2026, 6, 1)
    alerts = texts(june, (date(2026, 3, 2), HELD), (date(2026, 9, 2), CONVENED))
    assert alerts[1] == ("info", "En 2026, 1 séance tenue sur 2 au moins\u00a0: il en manque 1, 1 est convoquée.")


def test_last_year_is_judged_by_its_own_rule_and_only_if_the_registry_was_there():
    assert len(texts(date(2026, 6, 1), (date(2026, 3, 2), HELD), (date(2026, 4, 2), HELD))) == 1
    one_last_year = texts(
        date(2026, 6, 1), (date(2025, 3, 2), HELD), (date(2026, 3, 2), HELD), (date(2026, 4, 2), HELD)
    )
    assert len(one_last_year) == 1
    in_2027 = texts(date(2027, 1, 20), (date(2026, 3, 2), HELD))
    assert ("error", "En 2026, 1 séance tenue sur 2 au moins.") in in_2027
