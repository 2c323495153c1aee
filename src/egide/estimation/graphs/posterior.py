"""The number of the unseen averaged over every decomposable graph, each by its exact marginal likelihood.

Under a graph the probabilities of the histories have a hyper-Dirichlet law, so that the chance of the table is a
product over cliques, divided by one over separators, of Dirichlet-multinomial chances of margins; only the corner of
each margin holds the unseen. Prior: each graph alike, a population in proportion to 1 / its size, 1 to `most` unseen.
Source: docs/methods/averaging-over-graphs.md; Madigan and York 1997; Dawid and Lauritzen 1993.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from scipy.special import gammaln

from egide.estimation.graphs.chordal import MOST_LISTS, Graphs, decomposable
from egide.estimation.graphs.sums import Runs, rule, runs
from egide.estimation.histories import Floats, Histories, sizes
from egide.estimation.models import notation, pairs
from egide.estimation.results import Answer, Declined, Estimate, Reason

_TIMES_SEEN = 30  # how far the prior goes unless told: as the studies that used this method


@frozen(kw_only=True, eq=False)
class Posterior:
    """The law of the number of the unseen, and the weight of each graph.

    weights: shape (graphs,), of sum 1. mean: of the persons in all, seen and unseen. margins: what the law is made of.
    runs: the numbers of unseen that are believed, cut as they were summed. before: shape (runs + 1,), probability of
    all numbers before each run. log_total: logarithm of the sum by which chances are divided.
    """

    graphs: Graphs
    weights: Floats
    mean: float
    margins: Margins
    runs: Runs
    before: Floats
    log_total: float

    def probability(self, unseen: Floats) -> Floats:
        """Of each number of unseen; shape as given. Written for whole numbers, smooth between them."""
        chances: Floats = np.exp(self.margins.logs(unseen, self.graphs) - self.log_total).sum(axis=0)
        return chances

    def quantile(self, probability: float) -> int:
        """The smallest number of persons in all that reaches this probability."""
        place = min(int(np.searchsorted(self.before[1:], probability)), len(self.before) - 2)
        low, after = int(self.runs.firsts[place]), int(self.runs.firsts[place + 1])
        before = float(self.before[place])
        while after - low > 1:  # the half of the run that holds it, as long as there is a half
            middle = (low + after) // 2
            nodes, weights = rule(low, middle)
            half = float(self.probability(nodes) @ weights)
            if before + half >= probability:
                after = middle
            else:
                low, before = middle, before + half
        return self.margins.seen + low

    def edges(self) -> dict[int, float]:
        """Of each pair of lists, the weight of the graphs that join them: what drives the answer."""
        joined = self.graphs.edges
        return {
            pair: float(self.weights[(joined >> place & 1).astype(np.bool_)].sum())
            for place, pair in enumerate(pairs(self.graphs.k))
        }


@frozen(kw_only=True, eq=False)
class Margins:
    """What the margin of the table on each set of lists brings, as a function of the unseen. Shapes (2^k,)."""

    constant: Floats  # everything that the unseen do not move
    corner: Floats  # persons seen, on none of the lists of the set
    prior: Floats  # weight of one cell of the margin
    total: float  # weight of all of them
    seen: int  # persons on at least one list

    def logs(self, unseen: Floats, graphs: Graphs) -> Floats:
        """Shape (graphs, values): logarithm of prior times chance of the table, up to one constant."""
        everyone = gammaln(self.total) - gammaln(self.total + self.seen + unseen)
        corners = gammaln(self.corner[:, None] + self.prior[:, None] + unseen)
        each = self.constant[:, None] + corners + everyone
        each[0] = 0
        arrangements = gammaln(self.seen + unseen + 1) - gammaln(unseen + 1)
        found: Floats = graphs.parts @ each + (arrangements - np.log(self.seen + unseen))
        return found


def posterior(given: Histories, *, most: int | None = None, weight: float | None = None) -> Posterior:
    """The whole law.

    most: the largest number of unseen that is believed at all, 30 times the persons seen by default. weight: of one
    cell in the Dirichlet prior, 2^-k by default. Refuses more than 6 lists, and histories that nobody can have
    (ValueError), of which decomposable graphs know nothing.
    """
    if not given.possible.all():
        raise ValueError("decomposable graphs know nothing of histories that nobody can have")
    graphs = decomposable(given.k)
    margins = _margins(given, 2.0**-given.k if weight is None else weight)
    cut = runs(_TIMES_SEEN * given.seen if most is None else most)
    logs = margins.logs(cut.nodes, graphs)
    peak = float(logs.max())
    chances = np.exp(logs - peak) * cut.weights
    each = chances.sum(axis=1)
    whole = float(each.sum())
    columns = chances.sum(axis=0) / whole
    by_run = np.bincount(cut.run, columns)
    return Posterior(
        graphs=graphs,
        weights=each / whole,
        mean=given.seen + float(columns @ cut.nodes),
        margins=margins,
        runs=cut,
        before=np.concatenate([[0.0], np.cumsum(by_run)]),
        log_total=peak + float(np.log(whole)),
    )


def _margins(given: Histories, weight: float) -> Margins:
    """weight: of one cell of the whole table in the Dirichlet prior; that of a margin's cell adds up what it merges."""
    cells = np.arange(1 << given.k)
    shares: Floats = weight * np.exp2(given.k - sizes(given.k))
    constant, corner = np.zeros(len(cells)), np.zeros(len(cells))
    for lists in cells:
        margin = np.bincount(cells & lists, given.counts, len(cells))
        corner[lists] = margin[0]
        inside = margin[(cells & ~lists == 0) & (cells != 0)]
        constant[lists] = (gammaln(inside + shares[lists]) - gammaln(shares[lists])).sum() - gammaln(shares[lists])
    return Margins(constant=constant, corner=corner, prior=shares, total=weight * len(cells), seen=given.seen)


def averaged(given: Histories, *, level: float = 0.95, most: int | None = None) -> Answer:
    """The median of the law and its central interval; `notes`: mean, weight of the best graph, weight of each pair.

    Declined: OUT_OF_REACH for more than 6 lists or histories that nobody can have, NO_OVERLAP.
    """
    if given.k > MOST_LISTS or not given.possible.all():
        return Declined(method="graphs", reason=Reason.OUT_OF_REACH)
    if given.repeated == 0:
        return Declined(method="graphs", reason=Reason.NO_OVERLAP)
    law = posterior(given, most=most)
    low, middle, high = (law.quantile(chance) for chance in ((1 - level) / 2, 0.5, (1 + level) / 2))
    drives = {notation(pair): weight for pair, weight in law.edges().items()}
    return Estimate(
        method="graphs",
        persons=middle,
        low=low,
        high=high,
        level=level,
        notes={"mean": law.mean, "best": float(law.weights.max()), "graphs": len(law.graphs), **drives},
    )
