"""True populations of three, four and five lists, for what missed links do to an estimate."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from egide.estimation.choice import hierarchical
from egide.estimation.fitting.fit import CERTIFIED, fit
from egide.estimation.histories import Histories, subset_sums
from egide.estimation.models import Model
from egide.estimation.results import Declined, Estimate, Reason


@frozen(kw_only=True, eq=False)
class World:
    """A population: persons in all, the model that made the histories, and the mean of each."""

    name: str
    persons: int
    model: Model
    means: np.ndarray  # shape (2^k,), cell 0 included: adds up to persons

    def drawn(self, chance: np.random.Generator) -> Histories:
        counts = chance.multinomial(self.persons, self.means / self.persons)
        counts[0] = 0
        return Histories(lists=tuple("ABCDEFGHI"[: self.model.k]), counts=counts)


def world(name: str, persons: int, shares: tuple[float, ...], ties: dict[tuple[int, int], float]) -> World:
    """shares: odds of being on each list; ties: by what two lists multiply the odds of being on both."""
    k = len(shares)
    terms = np.zeros(1 << k)
    for place, share in enumerate(shares):
        terms[1 << place] = np.log(share / (1 - share))
    sets = {(1 << one) | (1 << other): ratio for (one, other), ratio in ties.items()}
    for cell, ratio in sets.items():
        terms[cell] = np.log(ratio)
    raw = np.exp(subset_sums(terms))
    return World(
        name=name, persons=persons, model=Model(k=k, interactions=tuple(sets)), means=persons * raw / raw.sum()
    )


WORLDS = (
    world("3 lists, independent", 5_000, (0.25, 0.20, 0.15), {}),
    world("3 lists, one tie", 5_000, (0.25, 0.20, 0.15), {(0, 1): 2.5}),
    world("4 lists, one tie", 8_000, (0.20, 0.15, 0.12, 0.10), {(0, 1): 3.0}),
    world("4 lists, two ties", 8_000, (0.20, 0.15, 0.12, 0.10), {(0, 1): 3.0, (2, 3): 0.4}),
    world("5 lists, two ties", 12_000, (0.15, 0.12, 0.10, 0.08, 0.06), {(0, 1): 3.0, (1, 4): 2.0}),
)


def by_model(model: Model, seen: Histories) -> Estimate | Declined:
    """The estimate of one model, with the interval of its log-normal."""
    found = fit(seen, [model])
    if found.status[0, 0] != CERTIFIED:
        return Declined(method="fixed", reason=Reason.NOT_EXISTING)
    unseen, spread = float(found.unseen[0, 0]), float(np.sqrt(found.variance[0, 0]))
    low, high = unseen * np.exp(-1.96 * spread), unseen * np.exp(1.96 * spread)
    return Estimate(method="fixed", persons=seen.seen + unseen, low=seen.seen + low, high=seen.seen + high)


def by_choice(seen: Histories) -> Estimate | Declined:
    """The best pairwise model by BIC."""
    models = hierarchical(seen.k, 2)
    criteria = fit(seen, models).criterion(np.log(seen.seen))[0]
    return by_model(models[int(np.argmin(criteria))], seen)
