"""Synthetic persons in several records, with the truth: typos, swapped dates, missing fields, families. Seeded.

Every name is made of syllables drawn at random: no list of real names was used.
"""

from __future__ import annotations

import random

from attrs import frozen


def _syllables(text: str) -> list[str]:
    return text.split()


_STARTS = _syllables(
    "ba be bo bra da de do dra fa fe fo ga gra ka ke kra la le lo ma me mo na ne no pa pe pra ra re ro sa se "
    "so ta te tra va ve zo"
)
_ENDS = _syllables(
    "ba del dor fan gal kin lan len mar min nar net nor pel ran rel rin ros san sel tan tel tor val van vin zan zel"
)


@frozen(kw_only=True)
class People:
    """Columns of records, and the person of each."""

    columns: dict[str, list[str | None]]
    person: list[int]

    @property
    def persons(self) -> int:
        return len(set(self.person))


def people(
    seed: int, records: int, *, mean: float = 4.0, noise: float = 0.25, missing: float = 0.08, families: float = 0.2
) -> People:
    """`records` records of about `records / mean` persons, shuffled.

    noise: share of fields with an error, of each record. families: share of persons who share name and place with
    another. Sizes are geometric: many persons have one record, a few have twenty.
    """
    drawn = random.Random(seed)
    names = _vocabulary(drawn, 3_000, 2)
    firsts = _vocabulary(drawn, 600, 1)
    columns: dict[str, list[str | None]] = {
        name: [] for name in ("first_name", "surname", "dob", "place", "occupation")
    }
    person: list[int] = []
    last: dict[str, str] | None = None
    number = -1
    while len(person) < records:
        number += 1
        true = {
            "first_name": _skewed(drawn, firsts),
            "surname": _skewed(drawn, names),
            "dob": f"{drawn.randint(1940, 2004)}-{drawn.randint(1, 12):02}-{drawn.randint(1, 28):02}",
            "place": f"62{int(drawn.random() ** 2 * 890):03}",
            "occupation": f"o{int(drawn.random() ** 2 * 30)}",
        }
        if last is not None and drawn.random() < families:
            true |= {"surname": last["surname"], "place": last["place"]}
            if drawn.random() < 0.1:
                true["dob"] = last["dob"]  # twins
        last = true
        size = 1
        while drawn.random() > 1 / mean and size < 30:
            size += 1
        for _ in range(min(size, records - len(person))):
            for name, value in true.items():
                columns[name].append(_told(drawn, name, value, noise, missing))
            person.append(number)
    order = list(range(records))
    drawn.shuffle(order)
    return People(
        columns={name: [values[at] for at in order] for name, values in columns.items()},
        person=[person[at] for at in order],
    )


def _vocabulary(drawn: random.Random, count: int, middles: int) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < count:
        parts = drawn.choices(_STARTS, k=drawn.randint(1, middles + 1))
        made["".join(parts) + drawn.choice(_ENDS)] = None
    return list(made)


def _skewed(drawn: random.Random, words: list[str]) -> str:
    """A few names are common and most are rare."""
    return words[int(len(words) * drawn.random() ** 3)]


def _told(drawn: random.Random, name: str, value: str, noise: float, missing: float) -> str | None:
    if drawn.random() < missing:
        return None
    if drawn.random() >= noise:
        return value
    if name == "dob":
        year, month, day = value.split("-")
        if drawn.random() < 0.4:
            return f"{year}-{day}-{month}" if int(day) <= 12 else f"{int(year) + 1}-{month}-{day}"
        digits = list(value)
        at = drawn.choice([3, 6, 9])
        digits[at] = drawn.choice("123456789")
        return "".join(digits)
    if name in ("place", "occupation"):
        return f"62{drawn.randrange(890):03}" if name == "place" else f"o{drawn.randrange(30)}"
    return _mistyped(drawn, value)


def _mistyped(drawn: random.Random, word: str) -> str:
    at = drawn.randrange(len(word) - 1)
    letter = drawn.choice("abdefgiklmnoprstuvz")
    kind = drawn.randrange(5)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + letter + word[at:]
    if kind == 3:
        return word[:at] + letter + word[at + 1 :]
    return word[: max(2, len(word) // 2)]  # a short form
