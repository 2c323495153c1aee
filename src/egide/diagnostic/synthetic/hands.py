"""How one hand writes: its sentences, its faults, its habits; and how one person is described."""

from __future__ import annotations

from random import Random

from attrs import frozen

from egide.diagnostic.synthetic import noise, phones, sentences
from egide.diagnostic.synthetic.lists import FIRST_NAMES, Town

THIRD, ENGLISH, INCONSISTENT, PASSING, ALWAYS = (1 << rank for rank in range(5))  # in the order of corpus.CLUES

Sentence = tuple[str, int]  # words with marks to fill, and the clues they give

_JOINS = (" ", " ", " ", "\n", "\n", " - ", " ... ", " ! ", " ♥ ", " / ")
_TITLES = sentences.patterns(sentences.TITLES)


@frozen(kw_only=True)
class Register:
    """A way to speak: first person, third person, English."""

    openings: tuple[sentences.Pattern, ...]
    offers: tuple[sentences.Pattern, ...]
    conditions: tuple[sentences.Pattern, ...]
    closings: tuple[sentences.Pattern, ...]
    calls: tuple[sentences.Pattern, ...]
    passing: tuple[sentences.Pattern, ...]
    always: tuple[sentences.Pattern, ...]
    clues: int


_FRENCH_CALLS, _FRENCH_ALWAYS = sentences.patterns(sentences.CALLS), sentences.patterns(sentences.ALWAYS)
FIRST_PERSON = Register(
    openings=sentences.patterns(sentences.OPENINGS),
    offers=sentences.patterns(sentences.OFFERS),
    conditions=sentences.patterns(sentences.CONDITIONS),
    closings=sentences.patterns(sentences.CLOSINGS),
    calls=_FRENCH_CALLS,
    passing=sentences.patterns(sentences.PASSING),
    always=_FRENCH_ALWAYS,
    clues=0,
)
THIRD_PERSON = Register(
    openings=sentences.patterns(sentences.OPENINGS_THIRD),
    offers=sentences.patterns(sentences.OFFERS_THIRD),
    conditions=FIRST_PERSON.conditions,
    closings=sentences.patterns("[À bientôt|Merci à tous|Bonne journée]."),
    calls=sentences.patterns("[Pour réserver|Réservations|Renseignements|Infos] [au|:] {tél}\n{tél}"),
    passing=sentences.patterns(sentences.PASSING_THIRD),
    always=sentences.patterns("Elle est [disponible|joignable] [24h/24|jour et nuit|à toute heure]."),
    clues=THIRD,
)
IN_ENGLISH = Register(
    openings=sentences.patterns(sentences.OPENINGS_ENGLISH),
    offers=sentences.patterns(sentences.OFFERS_ENGLISH),
    conditions=sentences.patterns("No [hidden numbers|text messages|private calls], [thanks|please]."),
    closings=sentences.patterns(sentences.CLOSINGS_ENGLISH),
    calls=sentences.patterns(sentences.CALLS_ENGLISH),
    passing=sentences.patterns(sentences.PASSING_ENGLISH),
    always=sentences.patterns(sentences.ALWAYS_ENGLISH),
    clues=ENGLISH,
)
_WITHOUT_NUMBER = sentences.patterns(sentences.WITHOUT_NUMBER)
_INCONSISTENT = sentences.patterns(sentences.INCONSISTENT)


@frozen(kw_only=True, repr=False)
class Hand:
    """One author. Each sentence comes in two wordings, the second being rare."""

    register: Register
    title: str
    wordings: tuple[tuple[Sentence, Sentence], ...]
    more: tuple[Sentence, ...]  # said in some ads only
    call: str
    silent: str  # what stands for the call when no number is given; may be empty
    join: str
    bare: bool
    message: bool
    capitals: bool


@frozen(kw_only=True, repr=False)
class Person:
    """One person advertised: names and ages as given (the first one mostly), towns, what is said of her alone."""

    names: tuple[str, ...]
    ages: tuple[int, ...]
    towns: tuple[Town, ...]
    own: Sentence | None
    passing: str | None
    number: str
    shown: str  # the number as usually written


def hand(chance: Random, *, organised: bool, english: float) -> Hand:
    """Draw an author. Organisers write more often of somebody than as her, and in English."""
    register = FIRST_PERSON
    if chance.random() < english * (2 if organised else 1):
        register = IN_ENGLISH
    elif chance.random() < (0.35 if organised else 0.06):
        register = THIRD_PERSON
    planned = [_any(register.openings, chance)]
    planned += _some(register.offers, chance, 2 + int(chance.random() * 2))
    if chance.random() < 0.4:
        planned.append(_any(register.conditions, chance))
    if chance.random() < 0.5:
        planned.append(_any(register.closings, chance))
    drawn = [(pattern.draw(chance), pattern.draw(chance)) for pattern in planned]
    wordings = [((one, register.clues), (other, register.clues)) for one, other in drawn]
    if chance.random() < (0.35 if organised else 0.15):
        always = (_any(register.always, chance).draw(chance), register.clues | ALWAYS)
        wordings.insert(1 + int(chance.random() * (len(wordings) - 1)), (always, always))
    texts = [sentence[0] for pair in wordings for sentence in pair]
    faults = noise.misspeller(texts, chance, int(chance.random() * 5)) if chance.random() < 0.7 else []
    return Hand(
        register=register,
        title=_any(_TITLES, chance).draw(chance) if chance.random() < 0.5 else "",
        wordings=tuple(((_with(a, faults), c), (_with(b, faults), d)) for (a, c), (b, d) in wordings),
        more=tuple((_with(one.draw(chance), faults), register.clues) for one in _some(register.offers, chance, 2)),
        call=_any(register.calls, chance).draw(chance),
        silent=_any(_WITHOUT_NUMBER, chance).draw(chance) if chance.random() < 0.3 else "",
        join=_JOINS[int(chance.random() * len(_JOINS))],
        bare=chance.random() < 0.15,
        message=chance.random() < 0.12,
        capitals=chance.random() < 0.05,
    )


def person(
    chance: Random, writer: Hand, number: str, towns: tuple[Town, ...], *, organised: bool, changing: float
) -> Person:
    """Draw who is advertised. Organised persons move more, and change name twice as often."""
    changes = chance.random()
    names = 1 + (changes < changing * (2 if organised else 1)) + (changes < changing / 3)
    age = 20 + int(chance.random() ** 1.5 * 35)
    touring = chance.random() < (0.3 if organised else 0.1)
    visited = 1 + (chance.random() < changing * 4 / 3) + (2 if touring else 0)
    own = None
    if organised and chance.random() < 0.25:
        own = (_any(writer.register.offers, chance).draw(chance), writer.register.clues)
    return Person(
        names=tuple(FIRST_NAMES[int(chance.random() * len(FIRST_NAMES))] for _ in range(names)),
        ages=(age,) if chance.random() < 1 - 2 * changing else (age, max(19, age - 1 - int(chance.random() * 4))),
        towns=tuple(towns[int(chance.random() ** 1.3 * len(towns))] for _ in range(visited)),
        own=own,
        passing=_any(writer.register.passing, chance).draw(chance) if touring else None,
        number=number,
        shown=phones.plain(number, chance),
    )


def inconsistent(chance: Random) -> str:
    """A sentence that names somebody else, of another age; both already filled."""
    name = FIRST_NAMES[int(chance.random() * len(FIRST_NAMES))]
    words = _any(_INCONSISTENT, chance).draw(chance)
    return words.replace(sentences.NAME, name).replace(sentences.AGE, str(20 + int(chance.random() * 25)))


def _with(words: str, faults: list[tuple[str, str]]) -> str:
    for right, wrong in faults:
        words = words.replace(right, wrong)
    return words


def _any(patterns: tuple[sentences.Pattern, ...], chance: Random) -> sentences.Pattern:
    return patterns[int(chance.random() * len(patterns))]


def _some(patterns: tuple[sentences.Pattern, ...], chance: Random, count: int) -> list[sentences.Pattern]:
    """Different ones, in an order drawn."""
    left = list(patterns)
    return [left.pop(int(chance.random() * len(left))) for _ in range(min(count, len(left)))]
