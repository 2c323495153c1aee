"""Named rule sets. A policy is a value: it cannot be changed, only replaced by another with another name."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

from egide.facts.model import Measure, Unit
from egide.facts.values import Value


@frozen(kw_only=True)
class Policy:
    """Which counts are too small to be shown, and of what.

    threshold: the first count that may be shown; a non-zero count below it is hidden, a zero is not.
    protects:  what a unit must be for the rule to hold (`counts` of a measure). Counting departments or
               magistrates identifies nobody: they are public institutions.
    """

    name: str
    threshold: int
    protects: frozenset[str]

    def hides(self, value: Value, measure: Measure) -> bool:
        """Must this value be hidden? A range that leaves a zero or a large count possible need not be."""
        if measure.unit is not Unit.COUNT or measure.counts not in self.protects:
            return False
        low, high = value.low, value.high
        return low is not None and high is not None and low > 0 and high < Fraction(self.threshold)


STATISTICAL_SECRET = Policy(
    name="secret-statistique",
    threshold=5,
    protects=frozenset({"personnes", "victimes", "mineurs", "élèves", "procédures", "condamnations"}),
)

POLICIES = {policy.name: policy for policy in (STATISTICAL_SECRET,)}
