"""Invented persons on the lists of several partners, each list written in its own way and with its own mistakes.

Names are syllables drawn at random, with particles, accents and hyphens: no list of real names was used. Seeded.
"""

from __future__ import annotations

import random

from attrs import frozen

from support.people import _mistyped, _skewed, _vocabulary

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
HEADINGS = ("Nom", "Prénoms", "Date de naissance", "Sexe", "Commune de naissance")


@frozen(kw_only=True)
class Partners:
    """`rows[i]`: the rows of list i, shuffled; `person[i]`: who each row is."""

    rows: list[list[tuple[str, ...]]]
    person: list[list[int]]

    def counts(self) -> list[int]:
        """True persons by history, shape (2^k,)."""
        found: dict[int, int] = {}
        for place, persons in enumerate(self.person):
            for one in set(persons):
                found[one] = found.get(one, 0) | 1 << place
        counts = [0] * (1 << len(self.rows))
        for history in found.values():
            counts[history] += 1
        return counts


def partners(
    seed: int,
    persons: int,
    shares: tuple[float, ...],
    *,
    noise: float = 0.08,
    missing: float = 0.04,
    twice: float = 0.03,
    first_of_january: float = 0.1,
) -> Partners:
    """shares: probability of being on each list. noise: share of fields with an error, in each record.

    missing: share of birth dates, sexes and places left empty. twice: of persons who are twice on a list.
    first_of_january: share of persons whose day of birth nobody knows: lists write 1 January.
    """
    drawn = random.Random(seed)
    surnames, firsts = _vocabulary(drawn, 6_000, 2), _vocabulary(drawn, 800, 1)
    rows: list[list[tuple[str, ...]]] = [[] for _ in shares]
    person: list[list[int]] = [[] for _ in shares]
    family = ""
    for number in range(persons):
        if not family or drawn.random() > 0.05:  # some are of one family
            family = _dressed(drawn, _skewed(drawn, surnames))
        given = _skewed(drawn, firsts) + (f"-{_skewed(drawn, firsts)}" if drawn.random() < 0.1 else "")
        day = (drawn.randint(1960, 2008), drawn.randint(1, 12), drawn.randint(1, 28))
        if drawn.random() < first_of_january:
            day = (day[0], 1, 1)
        town = f"Saint-{_skewed(drawn, firsts)}" if drawn.random() < 0.2 else _skewed(drawn, firsts)
        truth = (family, given, day, "F" if drawn.random() < 0.9 else "M", town)
        for place, share in enumerate(shares):
            if drawn.random() < share:
                for _ in range(2 if drawn.random() < twice else 1):
                    rows[place].append(_written(drawn, place, truth, noise, missing))
                    person[place].append(number)
    for place in range(len(shares)):
        order = list(range(len(rows[place])))
        drawn.shuffle(order)
        rows[place] = [rows[place][at] for at in order]
        person[place] = [person[place][at] for at in order]
    return Partners(rows=rows, person=person)


def _dressed(drawn: random.Random, name: str) -> str:
    chosen = drawn.random()
    if chosen < 0.05:
        return f"de {name}"
    if chosen < 0.1:
        return f"N’{name}"
    return name.replace("e", "é", 1) if chosen < 0.4 else name


def _written(drawn: random.Random, place: int, truth: tuple, noise: float, missing: float) -> tuple[str, ...]:
    surname, given, day, sex, town = truth
    if drawn.random() < noise:
        surname = _mistyped(drawn, surname)
    if drawn.random() < noise:
        given = _mistyped(drawn, given)
    if drawn.random() < 0.1 and "-" in given:
        given = given.split("-")[0]
    if drawn.random() < noise / 4:
        surname, given = given, surname
    if drawn.random() < noise:
        day = _wrong_day(drawn, day)
    if drawn.random() < noise / 4:
        town = _mistyped(drawn, town)
    if place == 1:  # this list shouts, without accents
        surname, given = surname.upper().replace("É", "E").replace("’", "'"), given.upper().replace("-", " ")
    year, month, dom = day
    said = (f"{dom:02}/{month:02}/{year}", f"{year}-{month:02}-{dom:02}", f"{dom} {MONTHS[month - 1]} {year}")[
        place % 3
    ]
    kept = [each if drawn.random() >= missing else "" for each in (said, sex, town)]
    return surname, given, *kept


def _wrong_day(drawn: random.Random, day: tuple[int, int, int]) -> tuple[int, int, int]:
    year, month, dom = day
    kind = drawn.randrange(4)
    if kind == 0 and dom <= 12:
        return year, dom, month
    if kind == 1:
        return year, drawn.randint(1, 12), dom
    if kind == 2:
        return year + drawn.choice((-1, 1, 10)), month, dom
    return year, month, drawn.randint(1, 28)
