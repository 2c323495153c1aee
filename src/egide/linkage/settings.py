"""What is compared, how, and which pairs are looked at: data, so that a person can read and discuss it.

A comparison has levels, from the closest to "anything else"; each level has two probabilities: `m`, among pairs of
one person, and `u`, among pairs of two persons (Fellegi and Sunter 1969). With few records they stay as written
here; with enough, Splink learns them. Source: docs/methods/record-linkage.md.
"""

from __future__ import annotations

import re
from enum import Enum
from itertools import chain

from attrs import field, frozen
from attrs.validators import ge, gt, lt

from egide.errors import CalculationRefused

_COLUMN = re.compile(r"[a-z][a-z_0-9]*")
_KEY = re.compile(r"[a-z][a-z_0-9]*(?::[1-9])?")  # "surname:3": its first three letters
# Situations that a professional reports are never linked by who the person is, nor by where she was born.
_FORBIDDEN = re.compile(
    r"nom|name|alias|pseudo|mail|courriel|phone|telephone|tel$|naissance|birth|dob|nation|pays|country|ethni|origine"
)


class Subject(Enum):
    """What a record is of: it decides what may be compared."""

    REPORTED = "situations told by professionals"
    LISTS = "lists of persons that partners hold, under keyed pseudonyms"


class Holds(Enum):
    """What the cells of a column are."""

    TEXT = "text"
    LIST = "list of texts"
    WHOLE = "whole number"


@frozen(kw_only=True)
class Level:
    """One degree of likeness. `sql` is about columns ending in `_l` and `_r`; "ELSE" closes the list."""

    sql: str
    m: float = field(validator=[gt(0.0), lt(1.0)])
    u: float = field(validator=[gt(0.0), lt(1.0)])


@frozen(kw_only=True)
class Comparison:
    """One column, its condition for "not known", and its levels. `frequent` corrects exact matches of rare values."""

    name: str
    columns: tuple[str, ...]
    unknown: str
    levels: tuple[Level, ...]
    frequent: bool = False
    holds: Holds = Holds.TEXT  # asked only of a column where nothing at all is known

    def __attrs_post_init__(self) -> None:
        for column in (self.name, *self.columns):
            if not _COLUMN.fullmatch(column):
                raise ValueError(f"{column!r} is no name of a column")
        if len(self.levels) < 2 or self.levels[-1].sql != "ELSE":
            raise ValueError(f"{self.name}: levels end with ELSE")


@frozen(kw_only=True)
class Settings:
    """A whole linkage. `blocks`: two records are compared when all the keys of one block are equal; () compares all.

    prior: probability that two records taken at random are of one person, kept when nothing better is known.
    sure, recall: blocks that hold few but true pairs, and the share of all true pairs they hold, to estimate `prior`.
    learn: blocks within which `m` is learned, each leaving out its own columns; () keeps what is written.
    least: records below which nothing is learned. floor: probability under which a pair is not kept.
    Refuses, in French, a comparison that its subject forbids.
    """

    subject: Subject
    comparisons: tuple[Comparison, ...]
    blocks: tuple[tuple[str, ...], ...] = ()
    prior: float = field(default=0.001, validator=[gt(0.0), lt(1.0)])
    sure: tuple[tuple[str, ...], ...] = ()
    recall: float = field(default=0.7, validator=[gt(0.0), lt(1.0)])
    learn: tuple[tuple[str, ...], ...] = ()
    least: int = field(default=1_000, validator=ge(0))
    floor: float = field(default=0.001, validator=[gt(0.0), lt(1.0)])

    def __attrs_post_init__(self) -> None:
        keys = tuple(chain(*self.blocks, *self.sure, *self.learn))
        for key in keys:
            if not _KEY.fullmatch(key):
                raise ValueError(f"{key!r} is no key of a block")
        if self.subject is Subject.REPORTED:
            named = {*keys, *chain(*(c.columns for c in self.comparisons)), *(c.name for c in self.comparisons)}
            refused = sorted(name for name in named if _FORBIDDEN.search(name))
            if refused:
                raise CalculationRefused(
                    "Des situations signalées ne se rapprochent jamais par un nom, un contact, une naissance ou une"
                    f" nationalité\u202f; retirez la colonne {', '.join(refused)} des réglages."
                )

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that records need, once, in the order met."""
        compared = chain(*(c.columns for c in self.comparisons))
        blocked = (key.split(":")[0] for key in chain(*self.blocks, *self.sure, *self.learn))
        return tuple(dict.fromkeys((*compared, *blocked)))


def exact(column: str, *, m: float = 0.9, u: float = 0.1, frequent: bool = False) -> Comparison:
    """Equal or not. `frequent`: an equal value counts the more, the rarer it is."""
    levels = (Level(sql=f"{column}_l = {column}_r", m=m, u=u), Level(sql="ELSE", m=1 - m, u=1 - u))
    return Comparison(name=column, columns=(column,), unknown=_unknown(column), levels=levels, frequent=frequent)


def text(column: str) -> Comparison:
    """A name or a word: equal, nearly (Jaro-Winkler 0.92 then 0.80), or not."""
    near = f"jaro_winkler_similarity({column}_l, {column}_r)"
    levels = (
        Level(sql=f"{column}_l = {column}_r", m=0.80, u=0.01),
        Level(sql=f"{near} >= 0.92", m=0.09, u=0.01),
        Level(sql=f"{near} >= 0.80", m=0.05, u=0.03),
        Level(sql="ELSE", m=0.06, u=0.95),
    )
    return Comparison(name=column, columns=(column,), unknown=_unknown(column), levels=levels, frequent=True)


def day(column: str) -> Comparison:
    """An ISO day as text: equal, one keystroke or day and month swapped, same year, within ten years, or not."""
    left, right = f"{column}_l", f"{column}_r"
    swapped = (
        f"substr({left}, 1, 4) = substr({right}, 1, 4) AND substr({left}, 6, 2) = substr({right}, 9, 2)"
        f" AND substr({left}, 9, 2) = substr({right}, 6, 2)"
    )
    decade = f"abs(TRY_CAST(substr({left}, 1, 4) AS INTEGER) - TRY_CAST(substr({right}, 1, 4) AS INTEGER)) <= 10"
    levels = (
        Level(sql=f"{left} = {right}", m=0.80, u=0.0005),
        Level(sql=f"damerau_levenshtein({left}, {right}) <= 1 OR ({swapped})", m=0.12, u=0.003),
        Level(sql=f"substr({left}, 1, 4) = substr({right}, 1, 4)", m=0.03, u=0.02),
        Level(sql=decade, m=0.03, u=0.3),
        Level(sql="ELSE", m=0.02, u=0.6765),
    )
    return Comparison(name=column, columns=(column,), unknown=_unknown(column), levels=levels)


def shared(column: str, *, m: float = 0.9, u: float = 0.3) -> Comparison:
    """Lists of codes or of digests: the same list, one in common, or none."""
    common = f"len(list_intersect({column}_l, {column}_r))"
    whole = f"{common} = len({column}_l) AND {common} = len({column}_r)"
    levels = (
        Level(sql=whole, m=m * 0.7, u=u * 0.6),
        Level(sql=f"{common} > 0", m=m * 0.3, u=u * 0.4),
        Level(sql="ELSE", m=1 - m, u=1 - u),
    )
    return Comparison(name=column, columns=(column,), unknown=_unknown(column), levels=levels, holds=Holds.LIST)


def period(first: str, last: str, *, m: float = 0.92, u: float = 0.5) -> Comparison:
    """Two spans of years: the same, one year in common, next to each other, or apart."""
    levels = (
        Level(sql=f"{first}_l = {first}_r AND {last}_l = {last}_r", m=m * 0.5, u=u * 0.3),
        Level(sql=f"{first}_l <= {last}_r AND {first}_r <= {last}_l", m=m * 0.5, u=u * 0.7),
        Level(sql=f"{first}_l <= {last}_r + 1 AND {first}_r <= {last}_l + 1", m=(1 - m) * 0.6, u=(1 - u) * 0.4),
        Level(sql="ELSE", m=(1 - m) * 0.4, u=(1 - u) * 0.6),
    )
    unknown = _unknown(first, last)
    return Comparison(name=first, columns=(first, last), unknown=unknown, levels=levels, holds=Holds.WHOLE)


def place(commune: str, department: str, *, m: float = 0.8, u: float = 0.08) -> Comparison:
    """Insee codes: the same commune; the same department where one commune is not told; other communes; else."""
    levels = (
        Level(sql=f"{commune}_l = {commune}_r", m=m * 0.9, u=u * 0.8),
        Level(
            sql=f"{department}_l = {department}_r AND ({commune}_l IS NULL OR {commune}_r IS NULL)",
            m=(1 - m) * 0.5 + m * 0.1,
            u=(1 - u) * 0.5 + u * 0.2,
        ),
        Level(sql=f"{department}_l = {department}_r", m=(1 - m) * 0.4, u=(1 - u) * 0.45),
        Level(sql="ELSE", m=(1 - m) * 0.1, u=(1 - u) * 0.05),
    )
    return Comparison(name=commune, columns=(commune, department), unknown=_unknown(department), levels=levels)


def _unknown(*columns: str) -> str:
    return " OR ".join(f"{column}_{side} IS NULL" for column in columns for side in "lr")
