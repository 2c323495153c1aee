"""What an agreement of tokens is worth: one comparison, its levels from the surest to the loosest.

Tokens of one person are not independent: they share the name and the date. So they are not added up as evidence but
read together, each pattern being one level with its own probabilities among pairs of one person (m) and of two (u).
Measured on invented persons: docs/methods/list-tokens.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from egide.linkage.pairs import Ints, Pairs
from egide.linkage.settings import Comparison, Level, Settings, Subject
from egide.unseen.linking.tokens import RULES, Tokens


@frozen(kw_only=True)
class Alike:
    """One pattern of agreement: rules whose tokens are equal (all of them, or any), and its probabilities."""

    rules: tuple[str, ...]
    any_of: bool = False
    no_day: bool = False  # and the day of birth of one of the two is not known
    m: float
    u: float

    @property
    def sql(self) -> str:
        said = (" OR " if self.any_of else " AND ").join(f"{rule}_l = {rule}_r" for rule in self.rules)
        return f"({said}) AND (sound_l IS NULL OR sound_r IS NULL)" if self.no_day else said


# From the surest to the loosest; a pair is of the first that holds. u: measured on invented persons, names being more
# alike than in a census. m: what is believed before any pair is seen.
LEVELS = (
    Alike(rules=("whole",), m=0.48, u=1e-8),
    Alike(rules=("sound", "given"), m=0.08, u=2e-8),
    Alike(rules=("turned",), m=0.01, u=1e-8),
    Alike(rules=("sound", "given"), any_of=True, m=0.13, u=1e-6),
    Alike(rules=("anniversary",), m=0.02, u=5e-8),
    Alike(rules=("names",), m=0.12, u=7e-7),
    Alike(rules=("year",), no_day=True, m=0.02, u=2e-7),
    Alike(rules=("month",), m=0.01, u=8e-7),
    Alike(rules=("year",), m=0.01, u=6e-7),
    Alike(rules=("place",), m=0.05, u=4e-7),
)
_NOTHING = 1 - sum(level.m for level in LEVELS)  # of the pairs of one person, those without a token in common
_BELIEVED = 5.0  # pairs of one person that the m above are worth, beside those that are seen
_LEAST_PAIRS = 1.0  # of one person
_WHOLE_SHARE = 0.6  # of the pairs of one person, those that agree on `whole` or on `names`


def columns(records: Sequence[Tokens]) -> dict[str, list[str | None]]:
    """Tokens by rule, as the engine takes them; None where there is none."""
    return {rule: [one[place] or None for one in records] for place, rule in enumerate(RULES)}


def settings(records: Sequence[Tokens]) -> Settings:
    """How records are first compared: the prior follows from how many agree on what nobody shares by chance."""
    alike = max(_alike(records, rule) for rule in ("whole", "names"))
    prior = max(alike / _WHOLE_SHARE, _LEAST_PAIRS) / _every(records)
    return _settings([level.m for level in LEVELS], prior)


def learned(records: Sequence[Tokens], pairs: Pairs) -> Settings:
    """The same with m and the prior learned from `pairs`, u being kept.

    Of all pairs of records, u says how many agree by chance at each level: what is seen beyond is of one person. The
    probability that the engine then gives at a level is 1 - chance / seen, but for the little that was believed.
    """
    every = _every(records)
    seen = np.bincount(level_of(records, pairs), minlength=len(LEVELS) + 1)[: len(LEVELS)]
    chance = np.array([level.u for level in LEVELS]) * every
    real = np.maximum(seen - chance, 0.0) + _BELIEVED * np.array([level.m for level in LEVELS])
    m = real / real.sum() * (1 - _NOTHING)
    return _settings(m.tolist(), float(real.sum()) / (1 - _NOTHING) / every)


def _settings(m: Sequence[float], prior: float) -> Settings:
    levels = [Level(sql=level.sql, m=each, u=level.u) for level, each in zip(LEVELS, m, strict=True)]
    rest = Level(sql="ELSE", m=_NOTHING, u=1 - sum(level.u for level in LEVELS))
    return Settings(
        subject=Subject.LISTS,
        comparisons=(Comparison(name="tokens", columns=tuple(RULES), unknown="FALSE", levels=(*levels, rest)),),
        blocks=tuple((rule,) for rule in RULES),
        prior=min(prior, 0.5),
    )


def level_of(records: Sequence[Tokens], pairs: Pairs) -> Ints:
    """The rank of each pair's level, len(LEVELS) when none holds: as the engine reads it. Shape (pairs,)."""
    same = _same(records, pairs)
    no_day = np.array([not one[_PLACE["sound"]] for one in records], dtype=np.bool_)
    unsure = no_day[pairs.left] | no_day[pairs.right]
    found = np.full(len(pairs), len(LEVELS), dtype=np.int64)
    for rank in reversed(range(len(LEVELS))):
        level = LEVELS[rank]
        equal = same[:, [_PLACE[rule] for rule in level.rules]]
        holds = equal.any(axis=1) if level.any_of else equal.all(axis=1)
        found[holds & unsure if level.no_day else holds] = rank
    return found


_PLACE = {rule: rank for rank, rule in enumerate(RULES)}


def _same(records: Sequence[Tokens], pairs: Pairs) -> NDArray[np.bool_]:
    """Which tokens are equal, shape (pairs, rules)."""
    ends = zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    equal = [
        [bool(one) and one == other for one, other in zip(records[left], records[right], strict=True)]
        for left, right in ends
    ]
    return np.array(equal, dtype=np.bool_).reshape(-1, len(RULES))


def _every(records: Sequence[Tokens]) -> float:
    return max(len(records) * (len(records) - 1) / 2, 2.0)


def _alike(records: Sequence[Tokens], rule: str) -> float:
    seen = Counter(one[_PLACE[rule]] for one in records if one[_PLACE[rule]])
    return sum(number * (number - 1) / 2 for number in seen.values())


def found_at_best(records: Sequence[Tokens], pairs: Pairs) -> float | None:
    """Share of the true links that have a token in common, at best; None when nothing can be said.

    Surname, given name and date are three looks at one true pair, and a pair is found when two of them agree: from
    those that agree on all three, and on each two, follow those that agree on one or none, if mistakes in one field
    say nothing of mistakes in another. A badly kept file has them together, so the truth is lower.
    """
    same = _same(records, pairs)
    heard, called = same[:, _PLACE["sound"]], same[:, _PLACE["given"]]
    patterns = (heard & called, heard & ~called, called & ~heard, ~heard & ~called)
    every, *two = (float(pairs.probability[each].sum()) for each in patterns)
    if every < _LEAST_PAIRS:
        return None
    odds = [each / every for each in two]
    return (1 + sum(odds)) / float(np.prod([1 + each for each in odds]))
