"""One table, every method of the panel, and what a reader must know before believing any of them. Pure.

Source: docs/methods/estimate-page.md; goal of several estimators on one page, refusals included.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field, frozen

from egide.estimation.histories import Histories
from egide.estimation.intervals.mixture import LEAST_REPEATED
from egide.estimation.results import Answer, Estimate, Reason
from egide.unseen.checks import Checks, checks_of
from egide.unseen.methods import PANEL, Effort, Method, over_all_models

FEWEST_BEYOND = 5  # replicates beyond an end of an interval, under which the end moves with their draw


@frozen(kw_only=True)
class Judged:
    """One method and its answer."""

    method: Method
    answer: Answer

    @property
    def estimate(self) -> Estimate | None:
        return self.answer if isinstance(self.answer, Estimate) else None


@frozen(kw_only=True, eq=False)
class Appraisal:
    """refusal: why no number at all is given; the rest is then empty. stopped: the user asked to leave it there."""

    table: Histories
    judged: tuple[Judged, ...] = ()
    checks: Checks = field(factory=Checks)
    refusal: Reason | None = None
    stopped: bool = False


def spread(judged: Sequence[Judged]) -> tuple[float, float] | None:
    """The least and the largest of the estimates, lower bounds apart. None where no method answers."""
    found = [one.estimate.persons for one in judged if one.estimate is not None and not one.method.bound]
    return (min(found), max(found)) if found else None


def rests_on_few(answer: Answer) -> bool:
    """Whether an end of its interval was read beyond the last few replicates of a bootstrap."""
    if not isinstance(answer, Estimate) or "low_chance" not in answer.notes:
        return False
    answered = answer.notes["replicates"] - answer.notes["unanswered"]
    beyond = answered * min(answer.notes["low_chance"], 1 - answer.notes["high_chance"])
    return beyond < FEWEST_BEYOND - 1e-6


def refusal_of(repeated: int) -> Reason | None:
    """Why a table with so many persons on two lists or more bears no number at all."""
    if repeated == 0:
        return Reason.NO_OVERLAP
    return Reason.TOO_FEW_REPEATS if repeated < LEAST_REPEATED else None


def appraise(
    table: Histories,
    effort: Effort,
    *,
    panel: Sequence[Method] = PANEL,
    quick: bool = False,
    checks: bool = True,
    fewest: int | None = None,
) -> Appraisal:
    """Every method of the panel, or a refusal.

    quick: the slow ones are left out. checks: how far it holds, too. fewest: the least persons on two lists or more,
    where the table itself is not known exactly.
    """
    refusal = refusal_of(table.repeated if fewest is None else fewest)
    if refusal is not None:
        return Appraisal(table=table, refusal=refusal)
    judged: list[Judged] = []
    for method in panel:
        if effort.stop():
            break
        if method.slow and quick:
            continue
        effort.about(method.title)
        judged.append(Judged(method=method, answer=method.run(table, effort)))
    stopped = effort.stop()
    wanted = checks and not stopped
    return Appraisal(
        table=table,
        judged=tuple(judged),
        checks=_checks(table, judged, effort) if wanted else Checks(),
        stopped=stopped,
    )


def _checks(table: Histories, judged: Sequence[Judged], effort: Effort) -> Checks:
    model = next((one.answer.model for one in judged if one.method.name == "bic"), None)
    return checks_of(table, lambda given: over_all_models(given, effort), model)
