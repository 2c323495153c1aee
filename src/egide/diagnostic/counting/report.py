"""What a count says in the terminal: circles one inside the other, levels apart, the rules, what is left to settle."""

from __future__ import annotations

from collections.abc import Iterator

from egide.diagnostic.counting.counts import Counted
from egide.diagnostic.counting.reading import Rule
from egide.diagnostic.counting.situations import Circle, Level
from egide.sources.messages import NBSP, counted

_LEVELS = {
    Level.ESTABLISHED: "avéré",
    Level.PROBABLE: "probable",
    Level.AT_RISK: "risque",
    Level.UNSTATED: "niveau non dit",
}


def lines(found: Counted) -> Iterator[str]:
    """French lines, in the order of the questions a reader asks."""
    given = "données" if found.answers > 1 else "donnée"
    yield f"{counted(found.answers, 'réponse')}, {given} par {counted(found.respondents, 'personne')}."
    for rank, (circle, total) in enumerate(found.circles.items()):
        start = "Au moins" if rank == 0 else "dont au moins"
        yield f"{start} {counted(total.least, 'personne')} {circle.words}"
    yield f"Par niveau de certitude, sans les ajouter{NBSP}:"
    for level, total in found.levels.items():
        if total.situations:
            least = f"au moins {counted(total.least, 'personne')}"
            yield f"  {_LEVELS[level]}{NBSP}: {counted(total.situations, 'situation')}, {least}"
    yield f"Règle qui a donné le nombre{NBSP}:"
    rules = found.circles[Circle.IN_OR_AT_RISK].rules
    for rule in Rule:
        if rules.get(rule):
            yield f"  {rule.value}{NBSP}: {counted(rules[rule], 'situation')}"
    if found.to_settle:
        yield f"À trancher par une personne ({len(found.to_settle)}), compté 1 en attendant{NBSP}:"
        yield from (f"  {place}" for place in found.to_settle)
