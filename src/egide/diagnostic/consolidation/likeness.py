"""Which situations may be the same one: coded fields only, weights written here, no rule on who a person is.

A few hundred situations teach a machine nothing: the weights are opinions, and they decide only what a person looks
at. Source: docs/methods/consolidation.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

from attrs import frozen

from egide.diagnostic.counting.reading import Rule
from egide.diagnostic.counting.situations import Situation
from egide.linkage.pairs import Pairs
from egide.linkage.settings import Settings, Subject, exact, period, place, shared

SETTINGS = Settings(
    subject=Subject.REPORTED,
    comparisons=(
        place("commune", "department"),
        period("first_year", "last_year"),
        shared("ages", m=0.85, u=0.35),
        shared("sexes", m=0.97, u=0.80),
        shared("forms", m=0.75, u=0.30),
        exact("persons", m=0.70, u=0.45),
    ),
    prior=0.005,
    floor=0.001,
)
DOUBTFUL, SURE = 0.05, 0.99
_DEFAULTED = (Rule.UNTOLD, Rule.NOT_UNDERSTOOD)  # their 1 is our default, which nobody told

Linking = Callable[[dict[str, list[Any]], Settings], Pairs]


class Class(Enum):
    """What is believed of a pair before a person looks. Pairs that are not listed are taken for different."""

    SAME = "même"
    DOUBTFUL = "doute"


@frozen(kw_only=True)
class Pair:
    """Two situations by their random ids, in order of ids."""

    one: str
    other: str
    probability: float

    @property
    def belief(self) -> Class:
        return Class.SAME if self.probability >= SURE else Class.DOUBTFUL


def fields(situations: Sequence[Situation]) -> dict[str, list[Any]]:
    """What is compared, column by column; `None` where it was not told."""
    return {
        "commune": [s.place if s.place and len(s.place) == 5 else None for s in situations],
        "department": [_department(s.place) for s in situations],
        "first_year": [s.years[0] if s.years else None for s in situations],
        "last_year": [s.years[1] if s.years else None for s in situations],
        "ages": [sorted(s.ages) or None for s in situations],
        "sexes": [sorted(s.sexes) or None for s in situations],
        "forms": [sorted(s.forms - {"inconnu", "autre"}) or None for s in situations],
        "persons": [None if s.number.rule in _DEFAULTED else s.number.count for s in situations],
    }


def bare(situations: Sequence[Situation]) -> int:
    """How many have fewer than two fields to compare: they enter no pair, so the low end counts them whole."""
    told = fields(situations)
    kinds = (told["department"], told["first_year"], told["ages"], told["sexes"], told["forms"], told["persons"])
    return sum(sum(value is not None for value in known) < 2 for known in zip(*kinds, strict=True))


def _department(code: str | None) -> str | None:
    if code is None or len(code) < 5:
        return code
    return code[:3] if code.startswith("97") else code[:2]


def doubtful_pairs(situations: Sequence[Situation], *, link: Linking) -> tuple[Pair, ...]:
    """Pairs worth a person's look, the likeliest first. Two situations of one answer are never the same one."""
    found = link(fields(situations), SETTINGS)
    pairs = [
        Pair(one=min(a.id, b.id), other=max(a.id, b.id), probability=probability)
        for a, b, probability in (
            (situations[left], situations[right], float(chance))
            for left, right, chance in zip(found.left, found.right, found.probability, strict=True)
        )
        if probability >= DOUBTFUL and a.answer != b.answer
    ]
    return tuple(sorted(pairs, key=lambda pair: (-pair.probability, pair.one, pair.other)))
