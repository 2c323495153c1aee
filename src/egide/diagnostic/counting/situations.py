"""A situation as a professional told it: one person, or a group with a like profile. Codes, never words.

No name, no birth date, no contact can be held here: there is no field for them. Source: methodology of the
departmental diagnostic, parts 1 to 3; docs/methods/counting-a-minima.md.
"""

from __future__ import annotations

from enum import Enum, IntEnum

from attrs import field, frozen
from attrs.validators import ge

from egide.diagnostic.counting.reading import Reading


class Level(IntEnum):
    """How certain the teller is. A level not told belongs to the widest circle only."""

    UNSTATED = 0
    AT_RISK = 1
    PROBABLE = 2
    ESTABLISHED = 3


class Circle(Enum):
    """Circles one inside the other: they are said "of whom", and never added. Value: lowest level, and its words."""

    IN_OR_AT_RISK = (Level.UNSTATED, "en situation ou en risque de prostitution")
    IN = (Level.PROBABLE, "en situation de prostitution, probable ou avérée")
    ESTABLISHED = (Level.ESTABLISHED, "en situation avérée")

    @property
    def lowest(self) -> Level:
        return self.value[0]

    @property
    def words(self) -> str:
        return self.value[1]

    def holds(self, level: Level) -> bool:
        return level >= self.lowest


# Codes of the questionnaire.
AGES = ("lt15", "15_17", "18_25", "26_35", "36_45", "46_55", "gt55")
MINORS = frozenset({"lt15", "15_17"})
SEXES = ("femmes", "hommes", "trans")
FORMS = (
    *("appartement", "bar", "foret", "hotel", "route", "rue", "massage", "structure", "internet"),
    *("contre_hebergement", "contre_biens", "inconnu", "autre"),
)
GROUPS = ("fr", "ue", "hors_ue")  # declared, for the profile; never a key of linkage


@frozen(kw_only=True, repr=False)
class Situation:
    """One situation of one answer. Empty sets and `None`: not told, which is never "no"."""

    id: str  # random, for this run only
    answer: str  # the answer it was told in: one professional, or one team
    respondents: int = field(default=1, validator=ge(1))  # how many gave that answer together
    told_in: str  # where a person may look it up: file, sheet, row
    number: Reading  # of persons
    level: Level = Level.UNSTATED
    place: str | None = None  # Insee code of a department or of a commune
    years: tuple[int, int] | None = field(default=None)  # first and last
    ages: frozenset[str] = frozenset()
    sexes: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    @years.validator
    def _in_order(self, _: object, years: tuple[int, int] | None) -> None:
        if years is not None and years[0] > years[1]:
            raise ValueError(f"a period cannot run from {years[0]} back to {years[1]}")

    @property
    def of_minors(self) -> bool:
        """Any sign of a minor: shown on no screen and in no statistic by commune."""
        return bool(self.ages & MINORS)
