"""Hierarchical log-linear models: which lists are allowed to depend on each other.

The logarithm of the expected count of a history is the sum of one parameter for each set of its lists that is a term
of the model; a set is a whole number like a history. The empty set and the single lists are always terms; a set may be
a term only if all its parts are.
Source: docs/methods/multiple-systems-estimation.md; Bishop, Fienberg and Holland 1975.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import combinations

import numpy as np
from attrs import define, field

from egide.estimation.histories import Flags, Ints, named


def _in_order(terms: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(terms), key=_rank))


def _rank(term: int) -> tuple[int, int]:
    return term.bit_count(), term


@define(frozen=True, kw_only=True, slots=False)
class Model:
    """`interactions`: the sets of two lists or more that are terms, by size then value. Refuses a broken hierarchy."""

    k: int
    interactions: tuple[int, ...] = field(converter=_in_order)

    def __attrs_post_init__(self) -> None:
        known = set(self.interactions)
        for term in self.interactions:
            if not 0 < term < 1 << self.k or term.bit_count() < 2:
                raise ValueError(f"{term} is no set of two lists or more among {self.k}")
            if term.bit_count() > 2 and any(part not in known for part in _parts(term)):
                raise ValueError(f"the model has {notation(term)} without all its parts")

    @cached_property
    def terms(self) -> Ints:
        """Shape (parameters,): the empty set, the single lists, then the interactions."""
        return np.array([0, *(1 << place for place in range(self.k)), *self.interactions], dtype=np.int64)

    @property
    def parameters(self) -> int:
        return 1 + self.k + len(self.interactions)

    @property
    def order(self) -> int:
        return max((term.bit_count() for term in self.interactions), default=1)

    @property
    def generators(self) -> tuple[int, ...]:
        """The terms that are part of no other, single lists included: they name the model."""
        sets = [int(term) for term in self.terms[1:]]
        return tuple(one for one in sets if not any(one != other and one & other == one for other in sets))

    def __str__(self) -> str:
        """As in the literature: "[12,3]" lets lists 1 and 2 depend on each other."""
        largest = sorted(self.generators, key=lambda one: (-one.bit_count(), notation(one)))
        return f"[{','.join(notation(one) for one in largest)}]"

    def named(self, lists: Sequence[str]) -> tuple[str, ...]:
        """The interactions that name the model, in the names of the lists: ("LA:NG", "GO:GP")."""
        kept = [one for one in self.generators if one.bit_count() >= 2]
        return tuple(":".join(named(lists, one)) for one in kept)


def independence(k: int) -> Model:
    """The lists ignore each other."""
    return Model(k=k, interactions=())


def pairwise(k: int) -> Model:
    """Any two lists may depend on each other."""
    return Model(k=k, interactions=pairs(k))


def pairs(k: int) -> tuple[int, ...]:
    """The sets of two lists, 12, 13, 23, 14… in the order of their values."""
    return tuple(sorted((1 << one) | (1 << other) for one, other in combinations(range(k), 2)))


def generated(k: int, generators: Iterable[int]) -> Model:
    """The smallest hierarchical model that has these terms."""
    terms = {part for one in generators for part in (one, *_all_parts(one)) if part.bit_count() >= 2}
    return Model(k=k, interactions=tuple(terms))


def read(k: int, text: str) -> Model:
    """The model that "[12,23,4]" names. Refuses anything else (ValueError)."""
    inside = text.strip()
    if not (inside.startswith("[") and inside.endswith("]")):
        raise ValueError(f"{text!r} is no model: write it like [12,3]")
    sets = [one.strip() for one in inside[1:-1].split(",") if one.strip()]
    if not all(one.isdigit() and all(1 <= int(digit) <= k for digit in one) for one in sets):
        raise ValueError(f"{text!r} names lists other than 1 to {k}")
    return generated(k, [sum(1 << (int(digit) - 1) for digit in set(one)) for one in sets])


def design_matrix(terms: Ints, cells: Flags) -> Ints:
    """Shape (cells kept, terms): 1 where the history contains the term. cells: shape (2^k,), the histories kept."""
    histories = np.flatnonzero(cells)[:, None]
    found: Ints = ((histories & terms) == terms).astype(np.int64)
    return found


def notation(term: int) -> str:
    """ "134" for the set of lists 1, 3 and 4."""
    return "".join(str(place + 1) for place in range(term.bit_length()) if term >> place & 1)


def _parts(term: int) -> Iterator[int]:
    """The sets with one list fewer."""
    left = term
    while left:
        low = left & -left
        yield term ^ low
        left ^= low


def _all_parts(term: int) -> Iterator[int]:
    part = (term - 1) & term
    while part:
        yield part
        part = (part - 1) & term
