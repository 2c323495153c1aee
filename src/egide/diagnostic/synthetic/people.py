"""Who is behind the ads: persons, the hands that write for them, and how many ads each has."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from egide.diagnostic.synthetic import phones

Ints = NDArray[np.int64]

# Mean persons of one organiser: 60,000 persons of which a quarter organised, written by 46,654 hands.
MEAN_ORGANISED = 9.07
SPREAD = 1.19  # log-normal spread of ads per person: the largest of 60,000 persons then has about 420 of 400,000 ads
MORE_ORGANISED = 1.4  # ads of an organised person, for one of another
SHARED_PHONE, SERIAL_PHONE = 0.5, 0.3


@frozen(kw_only=True, eq=False, repr=False)
class People:
    """author: hand of each person, shape (persons,); organised: whether that hand is an organiser's.

    phone: ten digits of each person; ad_person: person of each ad, shape (ads,), in the order of collection.
    """

    author: Ints
    organised: NDArray[np.bool_]
    phone: list[str]
    ad_person: Ints


def people(chance: np.random.Generator, *, persons: int, ads: int, organised: float) -> People:
    """Draw them. Every person has one ad at least."""
    many = round(persons * organised)
    groups = _organisers(chance, many)
    author = np.concatenate([np.repeat(np.arange(len(groups)), groups), len(groups) + np.arange(persons - many)])
    run = np.arange(persons) < many
    return People(
        author=author.astype(np.int64),
        organised=run,
        phone=_phones(chance, author, run),
        ad_person=_ads(chance, ads, run),
    )


def _organisers(chance: np.random.Generator, persons: int) -> Ints:
    """Persons of each organiser: two at least, then geometric; the last one takes what is left."""
    sizes: list[int] = []
    left = persons
    while left > 0:
        size = min(left, 1 + int(chance.geometric(1 / (MEAN_ORGANISED - 1))))
        sizes.append(size)
        left -= size
    if len(sizes) > 1 and sizes[-1] == 1:  # nobody is organised alone
        sizes.pop()
        sizes[-1] += 1
    return np.array(sizes, dtype=np.int64)


def _phones(chance: np.random.Generator, author: Ints, run: NDArray[np.bool_]) -> list[str]:
    """Half of the organised share the organiser's number, three in ten have one of its block, the others theirs."""
    first_of = np.unique(author, return_index=True)[1][author]  # the first person of the hand has the organiser's
    kind = chance.random(len(author))
    own = ~run | (first_of == np.arange(len(author))) | (kind >= SHARED_PHONE + SERIAL_PHONE)
    serial = ~own & (kind >= SHARED_PHONE)
    block = np.empty(len(author), dtype=object)
    block[own] = phones.blocks(chance, int(own.sum()))
    block[~own] = block[first_of[~own]]
    found = np.array(phones.numbers(chance, block.tolist()), dtype=object)
    shared = ~own & ~serial
    found[shared] = found[first_of[shared]]
    numbers: list[str] = found.tolist()
    return numbers


def _ads(chance: np.random.Generator, ads: int, run: NDArray[np.bool_]) -> Ints:
    """Person of each ad: one each, the others by log-normal weights, in a random order."""
    persons = len(run)
    weights = chance.lognormal(0, SPREAD, persons) * np.where(run, MORE_ORGANISED, 1.0)
    counts = 1 + chance.multinomial(ads - persons, weights / weights.sum())
    found: Ints = np.repeat(np.arange(persons), counts).astype(np.int64)
    chance.shuffle(found)
    return found
