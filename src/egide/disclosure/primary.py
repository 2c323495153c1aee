"""Which cells may not be shown, judged each by itself: one small function per rule, over plain numbers.

What hiding them takes beside them is the matter of `secondary`. Every rule is exact (no float) and every result is a
set of the keys it was given. Sources: docs/methods/statistical-secret.md; the rules, their names and their parameters
are those of A. Hundepool et al., "Handbook on Statistical Disclosure Control", second edition, 2024, § 4.2.1 and 5.2.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from attrs import field, frozen
from attrs.validators import ge

Key = TypeVar("Key", bound=Hashable)


@frozen(kw_only=True)
class Group:
    """Who stands behind one published number: how many persons, and how many bodies reported them."""

    persons: int = field(validator=ge(0))
    bodies: int = field(validator=ge(0))


def small_groups(groups: Mapping[Key, Group], *, persons: int, bodies: int) -> frozenset[Key]:
    """Groups of too few persons, or reported by too few bodies. A group of nobody is a zero and discloses nobody.

    Source: the minimum frequency rule, handbook § 4.2.1: one body alone would know its own figure in the total,
    two would know each other's.
    """
    return frozenset(
        key
        for key, group in groups.items()
        if (group.persons or group.bodies) and (group.persons < persons or group.bodies < bodies)
    )


def left_by_subtraction(
    contributions: Mapping[Key, Sequence[int]], threshold: int, *, zero_is_sensitive: bool = False
) -> frozenset[Key]:
    """Counts of which all but a few come from one body: subtracting its own part, it knows these few.

    In:     counts of each body, never negative. Raises: ValueError otherwise.
    Source: docs/methods/policies.md; example 1b of the handbook § 4.2.1, applied to counts. The largest
            contributor is the best placed: what the others leave is never smaller.
    """
    _check(contributions)
    least = 0 if zero_is_sensitive else 1
    return frozenset(
        key for key, counts in contributions.items() if any(counts) and least <= sum(counts) - max(counts) < threshold
    )


def all_in_one_category(rows: Iterable[Mapping[Key, int]]) -> frozenset[Key]:
    """Cells that hold the whole total of their row: whoever belongs to the row is known to belong to the category.

    In:     for each row, the counts of its categories (without the total). Two categories at least: one alone says
            nothing that the row did not.
    Source: group attribute disclosure, handbook § 5.2.
    """
    found: set[Key] = set()
    for row in rows:
        filled = [key for key, count in row.items() if count]
        if len(row) > 1 and len(filled) == 1:
            found.update(filled)
    return frozenset(found)


def dominated(contributions: Mapping[Key, Sequence[int]], *, n: int, k: int | Fraction) -> frozenset[Key]:
    """Amounts of which the n largest contributors bring more than k %.

    In:     amounts of each contributor, never negative. Raises: ValueError otherwise.
    Source: the (n, k) dominance rule, handbook § 4.2.1.
    """
    _check(contributions)
    return frozenset(
        key
        for key, amounts in contributions.items()
        if 100 * sum(sorted(amounts, reverse=True)[:n]) > Fraction(k) * sum(amounts)
    )


def too_easily_estimated(contributions: Mapping[Key, Sequence[int]], *, p: int | Fraction) -> frozenset[Key]:
    """Amounts where the second contributor, by subtracting its own, knows the first within p %.

    In:     amounts of each contributor, never negative. Raises: ValueError otherwise.
    Source: the p % rule, handbook § 4.2.1. It holds against any contributor, since the second is the best placed.
    """
    _check(contributions)
    return frozenset(
        key
        for key, amounts in contributions.items()
        if any(amounts) and 100 * _rest(amounts) < Fraction(p) * max(amounts)
    )


def _rest(amounts: Sequence[int]) -> int:
    """What is left once the two largest are taken away."""
    return sum(sorted(amounts, reverse=True)[2:])


def _check(contributions: Mapping[Key, Sequence[int]]) -> None:
    if negative := [key for key, amounts in contributions.items() if any(one < 0 for one in amounts)]:
        raise ValueError(f"negative amounts: {', '.join(map(str, negative))}")
