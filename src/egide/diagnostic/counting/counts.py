"""How many persons were told, a minima, by circle and by rule. Doubles are not removed here: see consolidation.

Source: docs/methods/counting-a-minima.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from attrs import frozen

from egide.diagnostic.counting.reading import Rule
from egide.diagnostic.counting.situations import Circle, Level, Situation
from egide.facts.values import Value


@frozen(kw_only=True)
class LevelCount:
    """Situations and persons of one level, or of one circle. `persons.low` is the count a minima."""

    situations: int
    persons: Value
    rules: Mapping[Rule, int]  # situations by the rule that gave their number

    @property
    def least(self) -> int:
        assert self.persons.low is not None
        return int(self.persons.low)


@frozen(kw_only=True)
class Counted:
    """`levels` are apart and `circles` nested: persons of one circle are among those of the wider one."""

    answers: int
    respondents: int  # persons who answered, teams counted whole
    levels: Mapping[Level, LevelCount]
    circles: Mapping[Circle, LevelCount]
    to_settle: tuple[str, ...]  # places of numbers that were not understood, in the order read


def count(situations: Iterable[Situation]) -> Counted:
    """Each situation counts once, however many gave the answer together; its persons a minima.

    Raises: ValueError when one answer is said to come from two numbers of respondents.
    """
    told = tuple(situations)
    teams: dict[str, int] = {}
    for situation in told:
        if teams.setdefault(situation.answer, situation.respondents) != situation.respondents:
            raise ValueError("one answer has two numbers of respondents")
    return Counted(
        answers=len(teams),
        respondents=sum(teams.values()),
        levels={level: _sum(s for s in told if s.level is level) for level in reversed(Level)},
        circles={circle: _sum(s for s in told if circle.holds(s.level)) for circle in Circle},
        to_settle=tuple(s.told_in for s in told if not s.number.understood),
    )


def _sum(situations: Iterable[Situation]) -> LevelCount:
    told = tuple(situations)
    return LevelCount(
        situations=len(told),
        persons=sum((s.number.possible for s in told), start=Value.exact(0)),
        rules=Counter(s.number.rule for s in told),
    )
