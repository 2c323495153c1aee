"""Everything a page says beside the overlaps, worked out from the overlaps as released and from nothing else. Pure.

So the page gives away no more than its table of overlaps, whatever is printed, to whoever knows every formula: two
files that release the same overlaps make the same page, letter for letter.
Source: docs/methods/estimate-page.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import evolve, frozen

from egide.estimation.histories import Histories
from egide.estimation.results import Reason
from egide.unseen.appraise import Appraisal, Judged, appraise, refusal_of
from egide.unseen.completions import completions, fewest_repeated, seen_range
from egide.unseen.methods import PANEL, Effort, Method
from egide.unseen.report.overlaps import Overlaps
from egide.unseen.together import together

DRAWS = 4  # tables drawn beside the usual, the lowest and the highest one
LEAST_REPLICATES = 400  # a table: ten beyond each end of a 95 % interval
_SEED = 20130613  # of the draws: part of the method, so that the page can be made again


@frozen(kw_only=True, eq=False)
class Findings:
    """What the released overlaps bear.

    seen: fewest and most persons on a list at least. tables: those that were tried, the usual one first. judged: one
    answer a method, over all of them. usual: the appraisal of the first table, with its checks.
    """

    seen: tuple[int, int]
    tables: tuple[Histories, ...]
    refusal: Reason | None
    judged: tuple[Judged, ...] = ()
    usual: Appraisal | None = None


def findings(
    public: Overlaps,
    effort: Effort,
    *,
    panel: Sequence[Method] = PANEL,
    quick: bool = False,
    step: Callable[[int, int], None] = lambda done, of: None,
) -> Findings:
    """Refuses a number when what is released leaves it possible that too few persons are on two lists.

    quick: without the slow methods, which are asked of one table at most: not where a count is hidden.
    step: called with the tables done, and of how many.
    """
    known, sums = public.known(), public.sums()
    tables = completions(known, sums, draws=DRAWS, seed=_SEED)
    seen = seen_range(known, sums)
    refusal = refusal_of(fewest_repeated(known, sums))
    if refusal is not None:
        return Findings(seen=seen, tables=tables, refusal=refusal)
    each = evolve(effort, replicates=max(effort.replicates // len(tables), LEAST_REPLICATES))
    found = []
    for done, table in enumerate(tables):
        step(done, len(tables))
        found.append(appraise(table, each, panel=panel, quick=quick or len(tables) > 1, checks=not done))
        if effort.stop():
            raise KeyboardInterrupt
    return Findings(seen=seen, tables=tables, refusal=None, judged=together(found), usual=found[0])
