"""What may follow what, who may do it, and the drawing of it."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide_registry.accounts.rules import Role
from egide_registry.psp.rules.diagram import draw
from egide_registry.psp.rules.refusals import RuleRefused
from egide_registry.psp.rules.state_table import State, StateTable, Transition
from egide_registry.psp.rules.states import APPEAL, FILE, REQUEST, TABLES, TRANSFER, FileState, RequestState

R = RequestState
SVG = "{http://www.w3.org/2000/svg}"
every_table = pytest.mark.parametrize("name", TABLES)


def journeys(table, *, length: int = 30) -> list[list[str]]:
    """Every way from the first state to a last one that passes no state twice."""
    found, open_ways = [], [[table.initial]]
    for _ in range(length):
        open_ways = [[*way, t.target] for way in open_ways for t in table.leaving(way[-1]) if t.target not in way]
        found += [way for way in open_ways if way[-1] in table.final]
    return found


def test_a_request_goes_from_draft_to_a_notified_grant() -> None:
    way = [R.DRAFT, R.FILED, R.COMPLETE, R.SCHEDULED, R.OPINION_GIVEN, R.GRANTED, R.GRANT_NOTIFIED, R.CLOSED]
    for old, new in pairwise(way):
        assert REQUEST.check(old, new)


def test_no_decision_comes_before_the_opinion_of_the_commission() -> None:
    decided = {R.GRANTED, R.REFUSED}
    for way in journeys(REQUEST):
        for state in decided & set(way):
            assert R.OPINION_GIVEN in way[: way.index(state)]


def test_no_refusal_is_closed_without_having_been_proposed_confirmed_and_notified() -> None:
    for way in journeys(REQUEST):
        if R.REFUSED in way:
            steps = [R.REFUSAL_PROPOSED, R.REFUSED, R.REFUSAL_NOTIFIED]
            assert [way.index(step) for step in steps] == sorted(way.index(step) for step in steps)


def test_the_prefect_alone_grants_and_refuses() -> None:
    deciding = [t for t in REQUEST.transitions if t.target in (R.GRANTED, R.REFUSED)]
    assert {t.roles for t in deciding} == {frozenset({Role.PREFECT})}


def test_who_proposes_a_refusal_or_an_early_exit_does_not_confirm_it() -> None:
    assert REQUEST.act("confirm_refusal", old=R.REFUSAL_PROPOSED).other_than == "propose_refusal"
    assert FILE.act("confirm_exit", old=FileState.EXIT_PROPOSED).other_than == "propose_exit"


def test_a_deferred_opinion_brings_the_request_back_to_complete() -> None:
    assert REQUEST.act("defer", old=R.SCHEDULED).target is R.COMPLETE


def test_a_request_can_be_withdrawn_until_it_is_decided_and_not_after() -> None:
    withdrawable = {t.source for t in REQUEST.transitions if t.target is R.WITHDRAWN}
    assert withdrawable == {R.FILED, R.INCOMPLETE, R.COMPLETE, R.SCHEDULED, R.OPINION_GIVEN, R.REFUSAL_PROPOSED}


def test_an_accepted_appeal_opens_the_way_to_a_grant() -> None:
    assert REQUEST.act("grant_after_appeal", old=R.REFUSAL_NOTIFIED).target is R.GRANTED


def test_a_refusal_says_what_is_possible() -> None:
    with pytest.raises(RuleRefused) as refusal:
        REQUEST.check(R.REFUSED, R.CLOSED)
    assert str(refusal.value) == (
        "une demande de parcours, état «\u00a0refusée\u00a0»\u00a0: "
        "attendu «\u00a0Notifier le refus\u00a0» vers «\u00a0refus notifié\u00a0», reçu «\u00a0close\u00a0». "
        "Choisissez un acte possible depuis cet état."
    )


def test_an_act_of_another_role_is_refused_with_the_role_it_needs() -> None:
    with pytest.raises(RuleRefused, match=r"attendu Préfecture \(décision\), reçu Association agréée"):
        REQUEST.act("grant", old=R.OPINION_GIVEN, role=Role.ASSOCIATION)


def test_an_act_from_a_wrong_state_is_refused_and_an_unknown_act_is_a_fault_of_the_code() -> None:
    with pytest.raises(RuleRefused, match="Déposer la demande"):
        REQUEST.act("file", old=R.GRANTED)
    with pytest.raises(ValueError, match="no act is called 'fly'"):
        REQUEST.act("fly", old=R.GRANTED)


def test_a_last_state_says_that_it_is_the_last() -> None:
    with pytest.raises(RuleRefused, match="cet état est le dernier"):
        TRANSFER.check(TRANSFER.act("reject", old=TRANSFER.initial).target, TRANSFER.initial)


def test_each_role_sees_the_acts_it_may_do() -> None:
    assert [t.act for t in REQUEST.leaving(R.OPINION_GIVEN, role=Role.ASSOCIATION)] == ["withdraw"]
    assert [t.act for t in REQUEST.leaving(R.OPINION_GIVEN, role=Role.PREFECT)] == ["grant", "propose_refusal"]
    assert REQUEST.leaving(R.OPINION_GIVEN, role=Role.MINORS_MEMBER) == ()


@every_table
def test_roles_that_see_no_file_do_nothing_to_one(name: str) -> None:
    blind = {Role.ADMINISTRATOR, Role.OBSERVATORY, Role.MINORS_MEMBER, Role.MEMBER}
    assert all(t.roles.isdisjoint(blind) for t in TABLES[name].transitions)


@every_table
def test_what_python_allows_is_what_the_database_is_told(name: str) -> None:
    table = TABLES[name]
    for old in type(table.initial):
        for new in type(table.initial):
            if (old.value, new.value) in table.pairs():
                assert {t.target for t in table.check(old, new)} == {new}
            else:
                with pytest.raises(RuleRefused):
                    table.check(old, new)


@every_table
def test_every_state_leads_to_an_end(name: str) -> None:
    table = TABLES[name]
    ending = set(table.final)
    for _ in table.states:
        ending |= {t.source for t in table.transitions if t.target in ending}
    assert ending == set(type(table.initial))


@every_table
@given(data=st.data())
def test_any_walk_through_the_acts_is_a_walk_the_table_accepts(name: str, data: st.DataObject) -> None:
    table = TABLES[name]
    state = table.initial
    for _ in range(12):
        if state in table.final:
            break
        transition = data.draw(st.sampled_from(table.leaving(state)))
        assert table.act(transition.act, old=state) is transition
        assert transition in table.check(state, transition.target)
        state = transition.target


def test_a_silent_recours_gracieux_can_be_found_rejected_at_any_moment_of_its_review() -> None:
    assert {t.source.value for t in APPEAL.transitions if t.act == "note_silence"} == {"filed", "under_review"}


class Lamp(StrEnum):
    OFF = "off"
    ON = "on"
    BROKEN = "broken"


def lamp(**changes) -> StateTable[Lamp]:
    switch = {"label": "Allumer", "roles": frozenset({Role.DELEGATE})}
    told = {
        "name": "une lampe",
        "states": tuple(State(code=code, label=code.value, at=(n, 0)) for n, code in enumerate(Lamp)),
        "initial": Lamp.OFF,
        "final": frozenset({Lamp.BROKEN}),
        "transitions": (
            Transition(source=Lamp.OFF, target=Lamp.ON, act="light", **switch),
            Transition(source=Lamp.ON, target=Lamp.BROKEN, act="break", **switch),
        ),
    }
    return StateTable(**told | changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"states": lamp().states[:2]}, "each state is declared once"),
        ({"transitions": lamp().transitions[:1]}, "broken is never reached"),
        ({"final": frozenset()}, "broken is final or has a way out, not both"),
        ({"final": frozenset({Lamp.ON, Lamp.BROKEN})}, "on is final or has a way out, not both"),
        ({"transitions": lamp().transitions * 2}, "an act leads to one state"),
        ({"states": (*lamp().states[:2], State(code=Lamp.BROKEN, label="x", at=(0, 0)))}, "drawn in one place"),
        (
            {
                "transitions": (
                    *lamp().transitions,
                    Transition(
                        source=Lamp.ON, target=Lamp.OFF, act="dim", label="", roles=frozenset(), other_than="fly"
                    ),
                )
            },
            "dim has no role; dim names no act: fly",
        ),
    ],
)
def test_a_table_that_does_not_hold_together_is_not_made(changes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        lamp(**changes)


@every_table
def test_the_drawing_holds_every_state_and_every_act_as_text(name: str) -> None:
    table = TABLES[name]
    root = ElementTree.fromstring(draw(table, id=name))
    texts = [node.text or "" for node in root.iter(f"{SVG}text")]
    for state in table.states:
        assert all(word in " ".join(texts).split() for word in state.label.split())
    numbers = sorted(int(n) for text in texts for n in text.split(", ") if n.isdecimal())
    assert numbers == list(range(1, len(table.transitions) + 1))


@every_table
def test_the_drawing_has_a_title_and_says_the_same_to_who_cannot_see_it(name: str) -> None:
    root = ElementTree.fromstring(draw(TABLES[name], id=name))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and description is not None
    assert root.get("role") == "img"
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (title.get("id"), description.get("id"))
    assert description.text == TABLES[name].as_text()


@every_table
def test_the_drawing_has_nothing_that_a_strict_policy_refuses(name: str) -> None:
    root = ElementTree.fromstring(draw(TABLES[name], id=name))
    for node in root.iter():
        assert node.tag != f"{SVG}style" and node.tag != f"{SVG}script"
        assert not any(key == "style" or key.startswith("on") or "href" in key for key in node.attrib)


def overlaps(table: StateTable) -> list[tuple[int, int]]:
    """Pairs of rectangles of a drawing, numbers and states alike, that have a point in common."""
    root = ElementTree.fromstring(draw(table, id="drawn"))
    rects = [tuple(float(one.attrib[key]) for key in ("x", "y", "width", "height")) for one in root.iter(f"{SVG}rect")]
    return [
        (first, second)
        for first, (x, y, width, height) in enumerate(rects)
        for second, (left, top, wide, high) in enumerate(rects[:first])
        if x < left + wide and left < x + width and y < top + high and top < y + height
    ]


@every_table
def test_no_number_of_the_drawing_hides_another_or_a_state(name: str) -> None:
    assert overlaps(TABLES[name]) == []


def test_a_line_passes_beside_the_states_that_it_does_not_join() -> None:
    past = Transition(source=Lamp.OFF, target=Lamp.BROKEN, act="drop", label="", roles=frozenset({Role.DELEGATE}))
    assert overlaps(lamp(transitions=(*lamp().transitions, past))) == []
