"""What a respondent answered, ready to be counted: codes and situations here, free texts apart, no contact anywhere.

    received = assemble(questionnaire, entries, number="5f0c…")

A free text may name somebody although nobody asked: it is kept apart, marked as not reread, and the coded answers can
go to the analysis without it. Addresses and telephone numbers are taken out of every text at this door. A field of
numbers is no way around: words that are no number go with the free texts.
Source: docs/methods/sealed-answers.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby

from attrs import frozen

from egide.diagnostic.counting.reading import read_number
from egide.diagnostic.questionnaire.branching import asked, not_contradicted
from egide.diagnostic.questionnaire.contact import without_contact
from egide.diagnostic.questionnaire.headings import folded
from egide.diagnostic.questionnaire.model import Kind, Place, Questionnaire

Codes = Mapping[str, tuple[str, ...]]  # question -> codes ticked, in the order of its options
Numbers = Mapping[str, str]  # question -> a number as it was said: "3 ou 4"


@frozen(kw_only=True, repr=False)
class Entry:
    """What stands at one place: codes ticked, or a text; `other` are the words beside "autre"."""

    codes: frozenset[str] = frozenset()
    text: str = ""
    other: str = ""


@frozen(kw_only=True, repr=False)
class Situation:
    """One person, or a group alike, as one respondent described it."""

    rank: int  # from 1, in the order of the answer
    codes: Codes
    numbers: Numbers


@frozen(kw_only=True, repr=False)
class Answers:
    """One respondent. `number` is drawn at random and says nothing of anybody."""

    number: str
    version: str  # of the questionnaire
    codes: Codes
    numbers: Numbers
    situations: tuple[Situation, ...]


@frozen(kw_only=True, repr=False)
class FreeText:
    """Somebody's words at one place of one answer. Not for analysis before a person has reread it."""

    answer: str
    place: Place
    text: str
    reread: bool = False


@frozen(kw_only=True, repr=False)
class Received:
    """One answer at the door, with counts of what was left there."""

    answers: Answers
    texts: tuple[FreeText, ...] = ()
    contacts_removed: int = 0  # addresses and numbers taken out of the texts
    not_asked: int = 0  # answered although the conditions of the question do not hold


def assemble(
    questionnaire: Questionnaire, entries: Mapping[Place, Entry], *, number: str, elsewhere: bool = False
) -> Received:
    """One respondent's entries, sorted: only what was asked is kept, and nothing of a personal question.

    `elsewhere`: another tool asked, which may lack the question that opens a part; only what contradicts the answers
    is then left.
    """
    ticked = {place: entry.codes for place, entry in entries.items() if entry.codes}
    if elsewhere:
        last = max((place.situation for place in entries), default=0)
        order = [place for place, _ in questionnaire.places(last)]
        kept = [one for one in order if one in entries and not_contradicted(questionnaire, one, ticked)]
    else:
        kept = [place for place in asked(questionnaire, ticked) if place in entries]
    kept = [place for place in kept if not questionnaire.by_id[place.question].personal]
    codes: dict[Place, tuple[str, ...]] = {}
    numbers: dict[Place, str] = {}
    texts: list[FreeText] = []
    removed = 0
    for place in kept:
        question, entry = questionnaire.by_id[place.question], entries[place]
        if entry.codes:
            codes[place] = tuple(option.code for option in question.options if option.code in entry.codes)
        for said in filter(None, (entry.text.strip(), entry.other.strip())):
            clean, times = without_contact(said)
            removed += times
            kept_as_number = _number_only(clean) if question.kind is Kind.NUMBER else ""
            if kept_as_number:
                numbers[place] = kept_as_number
            if kept_as_number != clean:
                texts.append(FreeText(answer=number, place=place, text=clean))
    answers = Answers(
        number=number,
        version=questionnaire.version,
        codes={place.question: chosen for place, chosen in codes.items() if not place.situation},
        numbers={place.question: said for place, said in numbers.items() if not place.situation},
        situations=_situations(kept, codes, numbers),
    )
    left = len(entries) - len(kept)
    return Received(answers=answers, texts=tuple(texts), contacts_removed=removed, not_asked=left)


_OF_WHOM = re.compile(r"\bdont\b", re.IGNORECASE)  # counting leaves out what follows, which may be a name


def _number_only(said: str) -> str:
    """What counting reads as a number, hence made of words it knows; "" for anything else, which a person rereads."""
    number = _OF_WHOM.split(said)[0].strip()
    if not number or _OF_WHOM.search(folded(number)):  # written so as not to be seen
        return ""
    return number if read_number(number).understood else ""


def _situations(
    kept: list[Place], codes: Mapping[Place, tuple[str, ...]], numbers: Mapping[Place, str]
) -> tuple[Situation, ...]:
    """One for each rank at which something was said; ranks keep their gaps, so that texts still point to theirs."""
    inside = [place for place in kept if place.situation]
    return tuple(
        Situation(
            rank=rank,
            codes={place.question: codes[place] for place in places if place in codes},
            numbers={place.question: numbers[place] for place in places if place in numbers},
        )
        for rank, places in ((rank, list(group)) for rank, group in groupby(inside, key=lambda one: one.situation))
    )
