"""How far an answer holds: one person, one list or one model away, and on lists whose length is known. Pure.

Source: docs/methods/estimate-page.md.
"""

from __future__ import annotations

from attrs import frozen

from egide.estimation.fitting.fit import CERTIFIED, fit
from egide.estimation.histories import Histories
from egide.estimation.known_truth import Found, consistency
from egide.estimation.models import Model
from egide.estimation.results import Answer, Declined, Estimate, Reason
from egide.estimation.sensitivity import (
    Method,
    OnePerson,
    Undecidable,
    WithoutEachList,
    one_person,
    undecidable,
    without_each_list,
)
from egide.unseen.methods import MOST_ENUMERATED


@frozen(kw_only=True)
class Checks:
    """How far the answers hold. A field is empty where the table bears no such check.

    person: for the model of least BIC; without, truths: for the method that was given.
    """

    undecidable: Undecidable | None = None
    person: OnePerson | None = None
    without: WithoutEachList | None = None
    truths: tuple[Found, ...] = ()


def checks_of(given: Histories, method: Method, model: Model | None) -> Checks:
    """All of them. `method` answers for tables of fewer lists too; `model`: the best one, if it is known already."""
    near = undecidable(given) if given.k <= MOST_ENUMERATED else None
    known = near if isinstance(near, Undecidable) else None
    return Checks(
        undecidable=known,
        person=_person(given, known, model),
        without=without_each_list(given, method) if given.k > 2 else None,
        truths=consistency(given, method),
    )


def _person(given: Histories, known: Undecidable | None, model: Model | None) -> OnePerson | None:
    """Under the best model; where it is not named, under one that is as good, whose estimate is the lowest."""
    if model is None and known is not None:
        model = known.ranges[0].low.model
    return None if model is None else one_person(given, _fixed(model))


def _fixed(model: Model) -> Method:
    def answer(given: Histories) -> Answer:
        fits = fit(given, [model], compiled=True)
        if fits.status[0, 0] != CERTIFIED:
            return Declined(method="fixed", reason=Reason.NOT_EXISTING, model=model)
        return Estimate(method="fixed", persons=given.seen + float(fits.unseen[0, 0]), model=model)

    return answer
