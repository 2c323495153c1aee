"""What a reader knows, as a system: hidden cells with what their labels allow, and every statement about them.

A cell is named by anything hashable (a `FactKey` mostly). Hidden cells are unknowns counted in whole units; what is
shown is a constant. A statement is a weighted sum of cells between two bounds, and it remembers where it is said, so
that a leak can be told in words. Source: docs/methods/attacker.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor, gcd, lcm

import numpy as np
from attrs import field, frozen

from egide.disclosure.attack.rows import HEAVIEST, LARGEST, NO_LIMIT, Ints, Rows, TooLarge
from egide.disclosure.cells import BelowThreshold, Bounded, Content, NotCommunicated
from egide.errors import ReleaseRefused
from egide.facts.values import rounding

Number = int | Fraction


class Attacker(StrEnum):
    """Who is reading."""

    LABELS_KNOWN = "labels known"  # knows that `< 5` is 1 to 4 and `nc` 5 or more
    POSITIVE_ONLY = "positive only"  # knows only that what is hidden is not zero


@frozen(kw_only=True)
class Unknown:
    """A hidden cell: its label as printed, the whole numbers that the label allows, whether a small count is behind."""

    label: str
    low: int | None = None
    high: int | None = None
    small: bool = False  # a count that the policy protects, not a cell hidden beside it
    plain: bool = False  # the range is printed, or is that of any count: every attacker knows it
    name: str = ""  # French: what the cell counts

    @classmethod
    def below(cls, threshold: int = 5, *, name: str = "") -> Unknown:
        return cls(label=f"< {threshold}", low=1, high=threshold - 1, small=True, name=name)

    @classmethod
    def nc(cls, threshold: int = 5, *, name: str = "") -> Unknown:
        return cls(label="nc", low=threshold, name=name)

    @classmethod
    def between(cls, under: int | None, over: int | None, *, name: str = "") -> Unknown:
        """`under < nc < over`: both bounds are printed just outside the range."""
        low = 0 if under is None else under + 1
        label = " < ".join(["" if under is None else str(under), "nc", "" if over is None else str(over)]).strip(" <")
        return cls(label=label, low=low, high=None if over is None else over - 1, plain=True, name=name)

    @classmethod
    def withheld(cls, *, name: str = "") -> Unknown:
        return cls(label="non diffusé", low=0, plain=True, name=name)

    @classmethod
    def of(cls, content: Content, *, name: str = "") -> Unknown:
        """The unknown behind a cell that is not shown exactly. Raises ValueError for one that is."""
        if isinstance(content, BelowThreshold):
            return cls(label=f"< {content.limit}", low=content.least, high=content.limit - 1, small=True, name=name)
        if isinstance(content, NotCommunicated):
            return cls.nc(content.least, name=name)
        value = content.value.whole()
        low, high = (None if one is None else int(one) for one in (value.low, value.high))
        if isinstance(content, Bounded):
            return cls.between(None if low is None else low - 1, None if high is None else high + 1, name=name)
        if value.is_exact:
            raise ValueError("a number shown exactly is not an unknown")
        return cls(label="fourchette", low=0 if low is None else low, high=high, plain=True, name=name)

    def range_for(self, attacker: Attacker) -> tuple[int | None, int | None]:
        """What this attacker takes the cell to be. Printed bounds are read by everybody."""
        if attacker is Attacker.LABELS_KNOWN or self.plain:
            return self.low, self.high
        return 1, None


@frozen(kw_only=True)
class Shown:
    """A number that anybody can read, and its name."""

    value: Number
    name: str = ""


@frozen(kw_only=True)
class Statement:
    """low <= Σ weight × cell <= high (strictly where said so), and where a reader finds it.

    `said` is French: table and row, sentence, figure, file, edition.
    """

    terms: tuple[tuple[Hashable, Number], ...]
    low: Number | None = None
    high: Number | None = None
    low_strict: bool = False
    high_strict: bool = False
    said: str = field(kw_only=True)

    @classmethod
    def equal(cls, terms: Iterable[tuple[Hashable, Number]], constant: Number = 0, *, said: str) -> Statement:
        return cls(terms=tuple(terms), low=constant, high=constant, said=said)

    @classmethod
    def total(cls, whole: Hashable, parts: Iterable[Hashable], *, said: str) -> Statement:
        return cls.equal([(whole, 1), *((part, -1) for part in parts)], said=said)

    @classmethod
    def share(
        cls, part: Hashable, whole: Hashable, printed: Number, places: int = 0, *, said: str
    ) -> tuple[Statement, Statement]:
        """100 × part / whole is printed so. It says that the whole is not zero, and takes it not to be negative."""
        low, high, low_strict, high_strict = rounding(printed, places)
        return (
            cls(terms=((part, 100), (whole, -low)), low=0, low_strict=low_strict, said=said),
            cls(terms=((part, 100), (whole, -high)), high=0, high_strict=high_strict, said=said),
        )

    def over(self, cells: Mapping[Hashable, Shown]) -> tuple[dict[Hashable, Number], Number]:
        """Weights of the cells that are not shown, and the sum of those that are. Repeated cells are merged."""
        weights: dict[Hashable, Number] = {}
        constant: Number = 0
        for cell, weight in self.terms:
            if (shown := cells.get(cell)) is not None:
                constant += weight * shown.value
            else:
                weights[cell] = weights.get(cell, 0) + weight
        return {cell: weight for cell, weight in weights.items() if weight}, constant


class Contradictory(ReleaseRefused):
    """No whole numbers satisfy all the statements. `statements`: a small set that clashes by itself."""

    def __init__(self, message: str, statements: Sequence[Statement]) -> None:
        self.statements = tuple(statements)
        super().__init__(message)


@frozen(kw_only=True, eq=False)
class System:
    """Unknowns and statements as arrays (`rows`), with what names them. Row i comes from `statements[origins[i]]`."""

    rows: Rows
    origins: Ints
    cells: Sequence[Hashable]
    unknowns: Sequence[Unknown]
    statements: Sequence[Statement]
    shown: Mapping[Hashable, Shown]
    attacker: Attacker = Attacker.LABELS_KNOWN

    @classmethod
    def of(
        cls,
        unknowns: Mapping[Hashable, Unknown],
        statements: Iterable[Statement],
        shown: Mapping[Hashable, Shown] | None = None,
        attacker: Attacker = Attacker.LABELS_KNOWN,
    ) -> System:
        """Build from dictionaries.

        Raises: KeyError for a statement about a cell that is neither hidden nor shown; ValueError for a cell that is
                both; Contradictory for a statement that its own shown numbers belie; TooLarge.
        """
        known, said = dict(shown or {}), tuple(statements)
        if both := known.keys() & unknowns.keys():
            raise ValueError(f"both hidden and shown: {', '.join(sorted(map(str, both)))}")
        place = {cell: number for number, cell in enumerate(unknowns)}
        ranges = [unknown.range_for(attacker) for unknown in unknowns.values()]
        columns: list[int] = []
        weights: list[int] = []
        starts, origins, at_least, at_most = [0], [], [], []
        for number, statement in enumerate(said):
            over, constant = statement.over(known)
            whole, low, high = _whole(statement, over, constant)
            if low > high or (not over and (low > 0 or high < 0)):
                raise Contradictory(f"Cet énoncé se contredit lui-même : {statement.said}.", [statement])
            if not over:
                continue
            columns += [place[cell] for cell in over]
            weights += whole
            starts.append(len(columns))
            origins.append(number)
            at_least.append(low)
            at_most.append(high)
        rows = Rows(
            low=_ints([-NO_LIMIT if low is None else low for low, _ in ranges]),
            high=_ints([NO_LIMIT if high is None else high for _, high in ranges]),
            starts=_ints(starts),
            columns=_ints(columns),
            weights=_ints(weights),
            at_least=_ints(at_least),
            at_most=_ints(at_most),
        )
        return cls(
            rows=rows,
            origins=_ints(origins),
            cells=tuple(unknowns),
            unknowns=tuple(unknowns.values()),
            statements=said,
            shown=known,
            attacker=attacker,
        )


def _ints(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, dtype=np.int64)


def _whole(statement: Statement, over: Mapping[Hashable, Number], constant: Number) -> tuple[list[int], int, int]:
    """The same statement in whole weights without common divisor, with the whole bounds that says as much."""
    weights = list(over.values())
    scale = lcm(*(one.denominator for one in weights))
    whole = [int(one * scale) for one in weights]
    divisor = gcd(*whole) or 1
    low, high = -NO_LIMIT, NO_LIMIT
    if statement.low is not None:
        bound = Fraction(statement.low - constant) * scale / divisor
        low = floor(bound) + 1 if statement.low_strict else ceil(bound)
    if statement.high is not None:
        bound = Fraction(statement.high - constant) * scale / divisor
        high = ceil(bound) - 1 if statement.high_strict else floor(bound)
    if any(abs(one) > HEAVIEST * LARGEST and abs(one) != NO_LIMIT for one in (low, high)):
        raise TooLarge(f"Un nombre de cet énoncé est trop grand pour être vérifié : {statement.said}.")
    return [one // divisor for one in whole], low, high
