"""From lists of tokens to tables of counts: the likeliest one, and others drawn under the doubt on the links.

Only counts leave this module: no token, no pair, no record. The engine and chance come in as arguments.
Source: docs/methods/list-tokens.md and docs/methods/linkage-error.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
from attrs import frozen
from scipy.special import expit

from egide.estimation.histories import Histories, Ints, sizes
from egide.estimation.linkage_error import restored
from egide.linkage.clusters import cluster
from egide.linkage.pairs import Pairs
from egide.linkage.persons import UNLABELLED, Calibration
from egide.linkage.settings import Settings
from egide.unseen.linking.likeness import columns, found_at_best, learned, settings
from egide.unseen.linking.token_files import TokenList

Engine = Callable[[dict[str, list[str | None]], Settings], Pairs]
CERTAINTIES = (("sures", 0.95, 1.01), ("probables", 0.5, 0.95), ("douteuses", 0.05, 0.5))  # name, from, under
_LOUDEST = 10.0  # log-odds: beyond, certainty comes from the model more than from the records


@frozen(kw_only=True)
class Found:
    """Links of the likeliest table over true links, as a person measured them; [low, high] is its 95 % range."""

    recall: float
    low: float
    high: float


@frozen(kw_only=True)
class ListCount:
    """One list: records that have tokens, persons they make, records without any token."""

    name: str
    records: int
    persons: int
    without: int


@frozen(kw_only=True, eq=False)
class Linked:
    """`table`: histories under the likeliest links. `drawn`: what they may be. `pairs`: how many, by certainty."""

    table: Histories
    drawn: tuple[Histories, ...]
    lists: tuple[ListCount, ...]
    pairs: dict[str, int]
    at_best: float | None  # share of the true links that tokens could find
    found: Found | None


def linked(
    lists: Sequence[TokenList],
    *,
    engine: Engine,
    chance: np.random.Generator,
    draws: int,
    found: Found | None = None,
    calibration: Calibration = UNLABELLED,
) -> Linked:
    """Group the records of all lists into persons, a list being allowed to hold one twice. [chance]

    Each draw calibrates the probabilities anew, as `linkage.persons.simulated` does, then joins each pair or not as
    its probability has it. With `found`, missed links are undone in each draw too (not in `table`).
    """
    records = tuple(chain.from_iterable(one.records for one in lists))
    marks = np.repeat([1 << place for place in range(len(lists))], [len(one.records) for one in lists]).astype(np.int64)
    told = columns(records)
    first = settings(records)
    pairs = engine(told, learned(records, engine(told, first)))
    names = tuple(one.name for one in lists)
    best = cluster(pairs)
    drawn = tuple(_table(names, marks, _drawn(pairs, calibration, chance)) for _ in range(draws))
    table = _table(names, marks, best)
    if found is not None:
        drawn = tuple(_mended(one, table, found, chance) for one in drawn)
    counts = tuple(
        ListCount(
            name=one.name,
            records=len(one.records),
            persons=len(set(best[marks == 1 << place].tolist())),
            without=one.without,
        )
        for place, one in enumerate(lists)
    )
    certain = {
        name: int(((pairs.probability >= low) & (pairs.probability < high)).sum()) for name, low, high in CERTAINTIES
    }
    return Linked(
        table=table,
        drawn=drawn,
        lists=counts,
        pairs=certain,
        at_best=found_at_best(records, pairs),
        found=found,
    )


def _drawn(pairs: Pairs, calibration: Calibration, chance: np.random.Generator) -> Ints:
    """Persons under one draw: logistic noise on the log-odds joins a lone pair exactly as often as its probability.

    The doubt on the calibration would pull probabilities towards a half over the draws: log-odds are stretched first
    so that each pair keeps its own on average (MacKay 1992).
    """
    odds = np.clip(pairs.odds(), -_LOUDEST, _LOUDEST)
    (of_one, both), (_, of_slope) = calibration.spread
    stretched = odds * np.sqrt(1 + np.pi / 8 * (of_one + 2 * both * odds + of_slope * odds**2))
    slip, turn = chance.multivariate_normal(np.zeros(2), calibration.spread)
    intercept, slope = calibration.centre
    drawn = intercept + slope * stretched + slip + turn * odds + chance.logistic(size=len(pairs))
    return cluster(Pairs(records=pairs.records, left=pairs.left, right=pairs.right, probability=expit(drawn)))


def _mended(drawn: Histories, table: Histories, found: Found, chance: np.random.Generator) -> Histories:
    """A draw with its missed links undone: what was measured of `table` says how many links there are in truth."""
    ratio = _links(drawn) / max(_links(table), 1)
    recall, low, high = (min(max(each * ratio, 1e-3), 1.0) for each in (found.recall, found.low, found.high))
    return restored(drawn, recall=recall, low=low, high=high, draws=1, chance=chance)[0]


def _links(table: Histories) -> int:
    """Pairs of lists that a person is on, over persons."""
    on = sizes(table.k)
    return int((table.counts * (on * (on - 1) // 2)).sum())


def _table(names: tuple[str, ...], marks: Ints, person: Ints) -> Histories:
    history = np.zeros(int(person.max()) + 1, dtype=np.int64)
    np.bitwise_or.at(history, person, marks)
    return Histories(lists=names, counts=np.bincount(history, minlength=1 << len(names)))
