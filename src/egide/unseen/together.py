"""One answer a method over several tables that are all possible: its middle, and the widest of its intervals. Pure.

Where small counts are hidden nobody knows which table is the true one; an honest answer holds for each of them.
Source: docs/methods/estimate-page.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from statistics import median

from attrs import evolve, frozen

from egide.estimation.results import Answer, Declined, Estimate
from egide.unseen.appraise import Appraisal, Judged


def together(found: Sequence[Appraisal]) -> tuple[Judged, ...]:
    """In the order of the first appraisal, whose model, and what drives the answer, are kept.

    What is noted of an end comes from the table that gave it. A method that declines on one of the tables it was asked
    of declines on all.
    """
    return tuple(
        Judged(
            method=first.method,
            answer=_joined(
                [one.answer for each in found for one in each.judged if one.method.name == first.method.name]
            ),
        )
        for first in found[0].judged
    )


def _joined(answers: Sequence[Answer]) -> Answer:
    refusals = [one for one in answers if isinstance(one, Declined)]
    if refusals:
        return refusals[0]
    estimates = [one for one in answers if isinstance(one, Estimate)]
    lows = [one.low for one in estimates if one.low is not None]
    highs = [one.high for one in estimates if one.high is not None]
    whole = len(lows) == len(highs) == len(estimates)
    widest = {"low_chance": lows.index(min(lows)), "high_chance": highs.index(max(highs))} if whole else {}
    return evolve(
        estimates[0],
        persons=median(one.persons for one in estimates),
        low=min(lows) if whole else None,
        high=max(highs) if whole else None,
        notes=estimates[0].notes
        | {note: estimates[one].notes[note] for note, one in widest.items() if note in estimates[one].notes},
    )


@frozen(kw_only=True)
class Rounded:
    """As printed: persons to the nearest step, the interval outward."""

    persons: int
    low: int | None
    high: int | None


def rounded(answer: Estimate, seen: int) -> Rounded:
    """To two significant digits of the unseen; never fewer persons than were seen."""
    step = step_of(answer.persons - seen)
    return Rounded(
        persons=max(step * floor(answer.persons / step + 0.5), seen),
        low=None if answer.low is None else max(step * floor(answer.low / step), seen),
        high=None if answer.high is None else step * ceil(answer.high / step),
    )


def step_of(unseen: float) -> int:
    """What two significant digits of so many unseen are counted in: 100 for 2,540, 1 for 7."""
    return int(10 ** max(floor(log10(max(unseen, 1))) - 1, 0))
