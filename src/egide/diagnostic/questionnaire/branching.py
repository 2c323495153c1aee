"""Which questions are asked, given what was ticked so far: every condition and skip rule, in one pure function.

    asked(questionnaire, {Place("Q1.1"): {"temoin"}})

A question is asked when its section and itself have their conditions met by choices that were themselves asked: a box
left ticked in a part that was then closed opens nothing. Situation n + 1 is described when situation n says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from egide.diagnostic.questionnaire.model import Condition, Place, Questionnaire

Ticked = Mapping[Place, Collection[str]]  # codes of the choices made


def asked(questionnaire: Questionnaire, ticked: Ticked) -> tuple[Place, ...]:
    """The places asked, in order. `ticked` may hold choices of questions that are not asked: they count for nothing."""
    met: set[Place] = set()
    again = questionnaire.again.question
    last = max((place.situation for place in ticked if place.question == again), default=0)
    for place, section in questionnaire.places(last + 1):
        if place.situation > 1 and not _holds(questionnaire.again, place.situation - 1, questionnaire, ticked, met):
            continue
        conditions = (section.show_if, questionnaire.by_id[place.question].show_if)
        if all(one is None or _holds(one, place.situation, questionnaire, ticked, met) for one in conditions):
            met.add(place)
    return tuple(place for place, _ in questionnaire.places(last + 1) if place in met)


def not_contradicted(questionnaire: Questionnaire, place: Place, ticked: Ticked) -> bool:
    """Whether what was ticked allows a place. Another tool has its own rules: a choice left open forbids nothing."""
    return all(
        not ticked.get(target) or bool(set(condition.any_of) & set(ticked[target])) or not condition.any_of
        for target, condition in needed(questionnaire, place)
    )


def needed(questionnaire: Questionnaire, place: Place) -> Iterator[tuple[Place, Condition]]:
    """Every earlier choice that must be made for a place to be asked, nearest first: what a style sheet tests."""
    (section,) = (one for one in questionnaire.sections if questionnaire.by_id[place.question] in one.questions)
    wanted = [(one, place.situation) for one in (questionnaire.by_id[place.question].show_if, section.show_if) if one]
    if place.situation > 1:
        wanted.append((questionnaire.again, place.situation - 1))
    for condition, situation in wanted:
        target = _target(condition, situation, questionnaire)
        yield target, condition
        yield from needed(questionnaire, target)


def _holds(
    condition: Condition, situation: int, questionnaire: Questionnaire, ticked: Ticked, met: Collection[Place]
) -> bool:
    place = _target(condition, situation, questionnaire)
    codes = set(ticked.get(place, ())) & questionnaire.by_id[place.question].codes
    return place in met and bool(codes & set(condition.any_of) if condition.any_of else codes)


def _target(condition: Condition, situation: int, questionnaire: Questionnaire) -> Place:
    return Place(condition.question, situation if condition.question in questionnaire.repeated else 0)
