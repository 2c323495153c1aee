"""Ratios and scopes that institutions declare between what they deliver, as inequalities between facts.

A share that is delivered beside its two counts says of them, as rounded, two inequalities; a scope inside another one
says one. The check at the door tests them; the attacker solves them. Source: docs/methods/relations.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

from attrs import field, frozen

from egide.facts.model import Fact, FactKey
from egide.facts.relations import Relation, Term, counterpart, exact_weights, fits, weighted
from egide.facts.values import Value, decimals, rounding
from egide.reference.periods import SPAN


class RatioKind(StrEnum):
    """How a delivered number follows from the two counts it is a ratio of."""

    SHARE = "share"  # 100 × part / whole, of one period
    MEAN = "mean"  # part / whole, of one period
    GROWTH = "growth"  # 100 × (part at the end − whole at the start) / whole at the start
    MULTIPLE = "multiple"  # part at the end / whole at the start
    INDEX = "index"  # 100 × part at the end / whole at the start


OVER_TIME = frozenset({RatioKind.GROWTH, RatioKind.MULTIPLE, RatioKind.INDEX})


@frozen(kw_only=True)
class Ratio:
    """`printed` is delivered as a ratio of two delivered sums of counts, rounded to `places` decimals.

    For each period, territory and combination of what no term names. Over time, `printed` is stated from one period
    to another: `part` is read at the second, `whole` at the first.
    """

    kind: RatioKind
    printed: Term
    part: tuple[Term, ...]
    whole: tuple[Term, ...]
    places: int = 0

    @property
    def named(self) -> frozenset[str]:
        return frozenset(name for term in (self.printed, *self.part, *self.whole) for name, _ in term.dims)


@frozen(kw_only=True)
class Inclusion:
    """Whoever `part` counts, `whole` counts too, for each period and each combination of what no term names."""

    part: Term
    whole: Term

    @property
    def named(self) -> frozenset[str]:
        return frozenset(name for term in (self.part, self.whole) for name, _ in term.dims)


@frozen(kw_only=True)
class AtLeast:
    """Σ coefficient × fact >= 0; where strict, > 0."""

    terms: tuple[tuple[FactKey, Fraction], ...] = field(converter=exact_weights)
    strict: bool = False

    @property
    def keys(self) -> tuple[FactKey, ...]:
        return tuple(key for key, _ in self.terms)

    def is_possible(self, values: Mapping[FactKey, Value]) -> bool:
        """Is there a choice of the hidden numbers that makes it true? A key without a value may be any number."""
        most = weighted(self.terms, values).high
        return most is None or most > 0 or (most == 0 and not self.strict)


@frozen(kw_only=True)
class PrintedRatio:
    """A delivered ratio and the counts behind it: `printed` is `factor` × above / below, rounded to `places` decimals,
    or to more where it is stated with more."""

    printed: FactKey
    above: tuple[tuple[FactKey, Fraction], ...] = field(converter=exact_weights)
    below: tuple[tuple[FactKey, Fraction], ...] = field(converter=exact_weights)
    factor: int
    places: int

    @property
    def keys(self) -> tuple[FactKey, ...]:
        """The counts, each once."""
        return tuple(dict.fromkeys(key for key, _ in (*self.above, *self.below)))

    def sides(self, stated: Value) -> Iterator[AtLeast]:
        """What the printed number says of the counts: at most two inequalities, the denominator being positive."""
        low, high = stated.low, stated.high
        if low is not None:
            bound, _, strict, _ = rounding(low, max(self.places, decimals(low)))
            yield self._at_least(bound, 1, strict)
        if high is not None:
            _, bound, _, strict = rounding(high, max(self.places, decimals(high)))
            yield self._at_least(bound, -1, strict)

    def _at_least(self, bound: Fraction, sign: int, strict: bool) -> AtLeast:
        weights: dict[FactKey, Fraction] = defaultdict(Fraction)
        for key, weight in self.above:
            weights[key] += sign * self.factor * weight
        for key, weight in self.below:
            weights[key] -= sign * bound * weight
        return AtLeast(terms=tuple(weights.items()), strict=strict)


def ratios_of(ratios: Iterable[Ratio], facts: Iterable[Fact]) -> tuple[PrintedRatio, ...]:
    """One relation wherever a delivered ratio and every count behind it are stated."""
    stated = [fact.key for fact in facts if fact.value is not None]
    known = frozenset(stated)
    found: dict[PrintedRatio, None] = {}
    for ratio in ratios:
        over_time = ratio.kind in OVER_TIME
        for key in stated:
            if key.measure != ratio.printed.measure or not fits(key, ratio.printed, ratio.named):
                continue
            first, _, last = key.period.partition(SPAN)
            if over_time and not last:
                continue
            ends = (last, first) if over_time else (key.period, key.period)
            part, whole = (
                [counterpart(key, term, ratio.named, end) for term in terms]
                for terms, end in zip((ratio.part, ratio.whole), ends, strict=True)
            )
            if known.issuperset(part) and known.issuperset(whole):
                found[_printed(ratio, key, part, whole)] = None
    return tuple(found)


def _printed(ratio: Ratio, key: FactKey, part: Sequence[FactKey], whole: Sequence[FactKey]) -> PrintedRatio:
    above = [(one, 1) for one in part]
    if ratio.kind is RatioKind.GROWTH:
        above += [(one, -1) for one in whole]
    return PrintedRatio(
        printed=key,
        above=tuple(above),
        below=tuple((one, 1) for one in whole),
        factor=1 if ratio.kind in (RatioKind.MEAN, RatioKind.MULTIPLE) else 100,
        places=ratio.places,
    )


def inclusions_of(inclusions: Iterable[Inclusion], facts: Iterable[Fact]) -> tuple[AtLeast, ...]:
    """One inequality wherever both sides of a declared inclusion are stated."""
    stated = [fact.key for fact in facts if fact.value is not None]
    known = frozenset(stated)
    found: dict[AtLeast, None] = {}
    for one in inclusions:
        for key in stated:
            if key.measure == one.part.measure and fits(key, one.part, one.named):
                whole = counterpart(key, one.whole, one.named)
                if whole in known and whole != key:
                    found[AtLeast(terms=[(whole, 1), (key, -1)])] = None
    return tuple(found)


@frozen(kw_only=True)
class Ties:
    """Everything that institutions declare between facts, wherever all that it names is stated."""

    totals: tuple[Relation, ...] = ()
    ratios: tuple[PrintedRatio, ...] = ()
    inclusions: tuple[AtLeast, ...] = ()
