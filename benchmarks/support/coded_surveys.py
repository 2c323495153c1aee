"""Invented corpora of persons and ads, a machine that groups them with errors, and thousands of surveys of them.

Only who is behind each ad matters here: there is no text. Also read by the tests.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from egide.diagnostic.sampling.moments import Design

Ints = NDArray[np.int64]


@frozen(kw_only=True)
class Kind:
    """How ads fall on persons. shape: of their number of ads; organised: share of persons run by someone else."""

    ads: int
    persons: int
    shape: str  # "light" (gamma), "lognormal", "heavy" (Pareto, exponent 1.6)
    organised: float
    mirrors: bool = False  # every ad of a fifth of the corpus stands on four sites that copy each other


@frozen(kw_only=True, eq=False)
class Corpus:
    """person, author, site: shapes (ads,)."""

    person: Ints
    author: Ints
    site: Ints


def corpus(kind: Kind, chance: np.random.Generator) -> Corpus:
    """Everyone has one ad, the others fall by weights of the shape; four persons in ten ads stay on one site.

    With mirrors, a fifth of the ads are originals that three more sites copy, so those persons have four times as many.
    """
    copied = kind.ads // 5 // 4 if kind.mirrors else 0
    own = kind.ads - 3 * copied
    weight = {
        "light": lambda: chance.gamma(2.0, 1.0, kind.persons),
        "lognormal": lambda: chance.lognormal(0.0, 1.0, kind.persons),
        "heavy": lambda: chance.pareto(1.6, kind.persons) + 0.3,
    }[kind.shape]()
    number = 1 + chance.multinomial(own - kind.persons, weight / weight.sum())
    person = np.repeat(np.arange(kind.persons), number)
    site = chance.choice(8, own, p=chance.dirichlet(np.ones(8)))
    site = np.where(chance.random(own) < 0.4, chance.integers(0, 8, kind.persons)[person], site)
    if copied:
        original = chance.permutation(own)[:copied]
        site[original] = 8
        person = np.concatenate([person, *[person[original]] * 3])
        site = np.concatenate([site, *[np.full(copied, place) for place in (9, 10, 11)]])
    organisers = max(1, round(kind.persons * kind.organised / 4))
    run = chance.random(kind.persons) < kind.organised
    author = np.where(run, chance.integers(0, organisers, kind.persons), organisers + np.arange(kind.persons))
    return Corpus(person=person, author=author[person], site=np.unique(site, return_inverse=True)[1])


def machine(truth: Corpus, split: float, merge: float, strangers: float, chance: np.random.Generator) -> Ints:
    """Machine groups, shape (ads,). split: share of ads that leave their person's group, for one of three pieces;
    merge: share of persons put together with the others of their organiser; strangers: share of groups put with any
    other."""
    ads = len(truth.person)
    piece = np.where(chance.random(ads) < split, chance.integers(1, 4, ads), 0)
    merged = (chance.random(int(truth.person.max()) + 1) < merge)[truth.person]
    base = np.where(merged, int(truth.person.max()) + 1 + truth.author, truth.person)
    _, group = np.unique(4 * base + piece, return_inverse=True)
    groups = int(group.max()) + 1
    joined = np.where(chance.random(groups) < strangers, chance.integers(0, groups, groups), np.arange(groups))
    return joined[group].astype(np.int64)


def surveys(stratum: Ints, allocation: Ints, number: int, chance: np.random.Generator) -> tuple[Ints, Design]:
    """`number` stratified draws without replacement: places of the ads, shape (number, n), and their one design."""
    columns, label = [], []
    for code, asked in enumerate(allocation.tolist()):
        held = np.flatnonzero(stratum == code)
        columns.append(held[_draws(len(held), asked, number, chance)])
        label += [code] * asked
    sizes = np.bincount(stratum, minlength=len(allocation))
    return np.concatenate(columns, axis=1), Design(stratum=np.array(label), sizes=sizes)


def _draws(held: int, asked: int, number: int, chance: np.random.Generator) -> Ints:
    """Shape (number, asked). In a large stratum, draws with a repetition are drawn again; else by random keys."""
    if 2 * asked * asked < held:
        drawn = chance.integers(0, held, (number, asked))
        while True:
            ranked = np.sort(drawn, axis=1)
            again = (ranked[:, 1:] == ranked[:, :-1]).any(axis=1)
            if not again.any():
                return drawn
            drawn[again] = chance.integers(0, held, (int(again.sum()), asked))
    if asked == held:
        return np.tile(np.arange(held), (number, 1))
    block = max(1, 2_000_000 // held)
    parts = [
        np.argpartition(chance.random((min(block, number - start), held), dtype=np.float32), asked, axis=1)[:, :asked]
        for start in range(0, number, block)
    ]
    return np.concatenate(parts)
