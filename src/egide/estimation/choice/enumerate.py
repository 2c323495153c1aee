"""All hierarchical models of k lists up to an order.

Source: docs/methods/model-choice.md. Counts: 8, 113, 6,893 models for 3, 4, 5 lists (8, 64, 1,024 of pairs only); of
pairs only 32,768 for 6.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

from egide.estimation.models import Model, pairs

MOST_MODELS = 50_000  # beyond, fitting them all is no longer the way: see `leaps`


@lru_cache(maxsize=16)
def hierarchical(k: int, order: int) -> tuple[Model, ...]:
    """Every model of k lists whose interactions name at most `order` of them, independence first.

    The set of all k lists is never a term: no data can tell it (docs/methods/estimate-sensitivity.md). Refuses
    (ValueError) an order below 1, and more than MOST_MODELS models: 7 lists or more, 6 beyond pairs.
    """
    if order < 1:
        raise ValueError("an order is 1 or more")
    families = [0]
    for size in range(2, min(order, k - 1) + 1):
        families = _extended(k, size, families)
    named = sorted(families, key=lambda family: (family.bit_count(), family))
    return tuple(Model(k=k, interactions=_members(family)) for family in named)


def usual_order(k: int) -> int:
    """The order up to which MultipleSystemsEstimation looks by default: 3, and 2 for six lists or more."""
    return 3 if k <= 5 else 2


def neighbours(centre: Model, steps: int) -> tuple[Model, ...]:
    """The models of pairs only that add or drop at most `steps` pairs of `centre`, itself first."""
    found = []
    for size in range(steps + 1):
        for changed in combinations(pairs(centre.k), size):
            found.append(Model(k=centre.k, interactions=tuple(set(centre.interactions).symmetric_difference(changed))))
    return tuple(found)


def _extended(k: int, size: int, families: list[int]) -> list[int]:
    """Each family of sets (bit t: the set t is in it) with each choice of the sets of `size` whose parts it has."""
    candidates = [sum(1 << place for place in places) for places in combinations(range(k), size)]
    parts = {
        one: sum(1 << (one ^ (1 << place)) for place in range(k) if one >> place & 1) if size > 2 else 0
        for one in candidates
    }
    found: list[int] = []
    for family in families:
        allowed = [one for one in candidates if family & parts[one] == parts[one]]
        if len(found) + (1 << len(allowed)) > MOST_MODELS:
            raise ValueError(f"{k} lists have more than {MOST_MODELS} models up to sets of {size}")
        grown = [family]
        for one in allowed:
            grown += [each | 1 << one for each in grown]
        found += grown
    return found


def _members(family: int) -> tuple[int, ...]:
    found = []
    while family:
        low = family & -family
        found.append(low.bit_length() - 1)
        family ^= low
    return tuple(found)
