"""Named rule sets. A policy is a value: it cannot be changed, only replaced by another with another name.

A policy says which numbers may not be shown by themselves, how they are labelled then, and how much an attacker must
leave possible of them. What else must be hidden is chosen by `hiding`. Source: docs/methods/policies.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from attrs import field, frozen
from attrs.validators import ge

from egide.disclosure.attack.findings import FULL, Level, ambiguous
from egide.disclosure.cells import BelowThreshold, NotCommunicated, Withheld
from egide.disclosure.primary import Group
from egide.facts.model import Fact, Kind, Measure, Unit
from egide.facts.values import Value

# Persons, and what is made out to one person: each fine, each permit and each ad has somebody behind it.
PERSONS = frozenset(
    {
        "personnes",
        "victimes",
        "mineurs",
        "élèves",
        "procédures",
        "condamnations",
        "amendes",
        "autorisations",
        "titres",
        "annonces",
    }
)


@frozen(kw_only=True)
class Dominance:
    """An amount of which the `n` largest contributors bring more than `k` % may not be shown."""

    n: int = field(validator=ge(1))
    k: int = field(validator=ge(1))


@frozen(kw_only=True)
class Policy:
    """Which numbers may not be shown, of what, and how well they must stay hidden.

    threshold:  the first count that may be shown; a non-zero count below it is hidden, a zero only if sensitive.
    protects:   what a unit must be for the rules on counts to hold (`counts` of a measure). Counting departments or
                magistrates identifies nobody: they are public institutions.
    level:      how many values must stay possible behind each hidden count, for a reader who knows all that is public.
    groups:     fewest persons, and fewest reporting bodies, that a shown number must have behind it.
    subtracting: a body that subtracts its own part from a count must not learn a count below the threshold.
    one_category: a count that is the whole of its row may not be shown.
    dominance, p_percent: the rules on amounts in euros.
    """

    name: str
    threshold: int = field(validator=ge(0))
    protects: frozenset[str] = PERSONS
    level: Level = FULL
    zero_is_sensitive: bool = False
    groups: Group | None = None
    subtracting: bool = False
    one_category: bool = False
    dominance: Dominance | None = None
    p_percent: int | None = None

    @property
    def least_hidden(self) -> int:
        """The smallest count that the rule on small counts hides."""
        return 0 if self.zero_is_sensitive else 1

    @property
    def asks_for_more(self) -> bool:
        """Does a rule need more than the numbers themselves?"""
        return bool(self.groups or self.subtracting or self.one_category or self.dominance or self.p_percent)

    def counts(self, measure: Measure) -> bool:
        """Do the rules on counts hold for this measure?"""
        return measure.unit is Unit.COUNT and measure.counts in self.protects

    def hides(self, value: Value, measure: Measure) -> bool:
        """Is this a small count? A range that leaves a shown zero or a large count possible is none."""
        if not self.counts(measure):
            return False
        low, high = value.low, value.high
        if low is None or high is None or high >= Fraction(self.threshold):
            return False
        return low > 0 or (self.zero_is_sensitive and low == 0)

    def label(self, number: int, measure: Measure) -> BelowThreshold | NotCommunicated | Withheld:
        """What is printed instead of this number. An amount says nothing at all."""
        if measure.unit is not Unit.COUNT:
            return Withheld()
        if self.least_hidden <= number < self.threshold:
            return BelowThreshold(limit=self.threshold, least=self.least_hidden)
        return NotCommunicated(least=self.threshold)


def is_amount(fact: Fact) -> bool:
    """Money that adds up. A mean or a legal amount is a level."""
    return fact.measure.unit in (Unit.EUR, Unit.MILLION_EUR) and fact.measure.kind is not Kind.LEVEL


STATISTICAL_SECRET = Policy(name="secret-statistique", threshold=5)
TWO_VALUES = Policy(name="secret-statistique-deux-valeurs", threshold=5, level=ambiguous(2))
ELEVEN = Policy(name="secret-statistique-11", threshold=11)
ZEROS = Policy(name="secret-statistique-zeros", threshold=5, zero_is_sensitive=True)
GROUPS = Policy(name="groupes", threshold=5, groups=Group(persons=5, bodies=3), subtracting=True)
ONE_CATEGORY = Policy(name="categorie-unique", threshold=5, one_category=True)
AMOUNTS = Policy(name="montants", threshold=5, dominance=Dominance(n=1, k=85), p_percent=10)

POLICIES: Mapping[str, Policy] = MappingProxyType(
    {policy.name: policy for policy in (STATISTICAL_SECRET, TWO_VALUES, ELEVEN, ZEROS, GROUPS, ONE_CATEGORY, AMOUNTS)}
)
