"""From situations and pairs to persons: always an interval, by circle, a minima at both ends. Pure.

Low: every pair still in doubt is the same, with all that follows, and a situation told twice has the smaller of its
two numbers. High: no pair in doubt is the same, and the larger. Each circle counts what was told at its own level of
certainty, so circles stay one inside the other. Source: docs/methods/consolidation.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen
from attrs.validators import ge

from egide.diagnostic.consolidation.decisions import Beliefs, Ids, groups_of
from egide.diagnostic.counting.situations import Circle, Level
from egide.errors import Defect, Refused
from egide.facts.values import Value
from egide.sources.messages import quoted


@frozen(kw_only=True)
class Told:
    """All that counting needs of one situation: neither who told it, nor of whom."""

    id: str
    level: Level
    persons: int = field(validator=ge(0))  # a minima


@frozen(kw_only=True)
class Consolidated:
    """Persons by circle. Both ends are "at least": they bear the doubt on doubles, not what nobody told."""

    told: int  # situations
    doubtful: int  # pairs left in doubt
    persons: Mapping[Circle, Value]

    def lines(self) -> tuple[str, ...]:
        """In French, widest circle first, each one within the one before. Never one number alone."""
        said = []
        for rank, (circle, value) in enumerate(self.persons.items()):
            start = "Entre" if rank == 0 else "dont entre"
            said.append(f"{start} {value.low} et {value.high} personnes au moins {circle.words}")
        return tuple(said)


def consolidate(told: Sequence[Told], beliefs: Beliefs) -> Consolidated:
    """Raises: Refused when a pair names an unknown situation, or when decisions contradict each other."""
    known = {situation.id: situation for situation in told}
    _check(known, beliefs)
    coarse = groups_of(tuple(known), (*beliefs.same, *beliefs.doubtful))
    fine = groups_of(tuple(known), beliefs.same)
    return Consolidated(
        told=len(known),
        doubtful=len(beliefs.doubtful),
        persons={
            circle: Value(
                sum(_fewest([known[one] for one in group], circle) for group in coarse),
                sum(_most([known[one] for one in group], circle) for group in fine),
            )
            for circle in Circle
        },
    )


def _fewest(group: Sequence[Told], circle: Circle) -> int:
    """The smallest number told in the circle, and no less than in a circle inside it."""
    numbers = [
        [told.persons for told in group if inner.holds(told.level)] for inner in Circle if inner.lowest >= circle.lowest
    ]
    return max((min(told) for told in numbers if told), default=0)


def _most(group: Sequence[Told], circle: Circle) -> int:
    return max((told.persons for told in group if circle.holds(told.level)), default=0)


def _check(known: Mapping[str, Told], beliefs: Beliefs) -> None:
    listed = {(pair.one, pair.other) for pair in beliefs.pairs}
    defects = [
        _defect(pair, "deux situations du comptage", "une inconnue", "Prenez les deux dossiers du même rapprochement.")
        for pair in sorted(listed | set(beliefs.decided))
        if not known.keys() >= set(pair)
    ]
    defects += [
        _defect(pair, "une paire du rapprochement", "une autre", "Ce fichier de décisions vient d’ailleurs.")
        for pair in sorted(set(beliefs.decided) - listed)
        if known.keys() >= set(pair)
    ]
    defects += [
        _defect(
            pair,
            "des décisions qui s’accordent",
            f"{quoted('différentes')}, alors que d’autres paires les relient",
            "Revoyez cette paire ou celles qui la relient (touche u).",
        )
        for pair in beliefs.contradictions
    ]
    if defects:
        raise Refused(defects)


def _defect(pair: Ids, expected: str, got: str, way_out: str) -> Defect:
    return Defect(place=f"paire {pair[0]} et {pair[1]}", expected=expected, got=got, way_out=way_out)
