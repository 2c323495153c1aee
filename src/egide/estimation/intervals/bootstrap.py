"""How far an estimate could have fallen: the persons seen are drawn again, and the model is chosen again each time.

Threads share the replicates. Chance comes from a seed, cut in blocks of a fixed size, so that neither the number of
threads nor their speed changes an answer. Source: docs/methods/bootstrap-of-estimates.md; Silverman, Chan and Vincent
2024.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import numpy as np

from egide.estimation.histories import Floats, Histories
from egide.estimation.intervals.bca import Ends, bca, percentile
from egide.estimation.intervals.choosing import Choice, Chosen
from egide.estimation.results import Declined, Estimate, Reason

BLOCK = 100  # replicates drawn from one seed of their own, between two questions to `stop`

Kind = Literal["percentile", "bca"]


def bootstrapped(
    histories: Histories,
    choice: Choice,
    *,
    replicates: int = 1000,
    seed: int,
    level: float = 0.95,
    kind: Kind = "bca",
    n_varies: bool = False,
    workers: int = 1,
    tell: Callable[[int, int], None] = lambda done, of: None,
    stop: Callable[[], bool] = lambda: False,
) -> Estimate | Declined:
    """The estimate of `choice`, with the interval of its replicates.

    n_varies: each history is drawn by a Poisson law, instead of as many persons as were seen. workers: threads; the
    answer does not depend on them. tell: called with the replicates done and asked. stop: asked between blocks, from
    any thread; once it says True the answer is Declined(STOPPED), never an interval from what was done.

    Replicates without an estimate are left out of the ends and counted in the notes; where they are more than the
    interval may miss (1 - level) the answer is Declined(UNBOUNDED).

    Notes: replicates, unanswered; for BCa also bias, acceleration, low_chance, high_chance (the percentiles read),
    without_one_unanswered (persons whose absence leaves no estimate) and fell_back, 1 where plain percentiles were
    read (then without bias). Refuses (ValueError) no replicate, and a level that is not between 0 and 1.
    """
    if replicates < 1 or not 0 < level < 1:
        raise ValueError("one replicate or more, and a level between 0 and 1")
    if histories.repeated == 0:
        return Declined(method=choice.name, reason=Reason.NO_OVERLAP)
    chosen = choice.on(histories)
    if isinstance(chosen, Declined):
        return chosen
    found = drawn(histories, chosen, replicates, seed, n_varies=n_varies, workers=workers, tell=tell, stop=stop)
    if found is None:
        return Declined(method=choice.name, reason=Reason.STOPPED, model=chosen.model)
    answered = found[np.isfinite(found)]
    notes = {"replicates": float(replicates), "unanswered": float(replicates - len(answered))}
    if len(answered) < level * replicates:
        return Declined(method=choice.name, reason=Reason.UNBOUNDED, model=chosen.model)
    if kind == "percentile":
        ends = percentile(answered, level)
    else:
        values, weights = without_one(histories, chosen)
        known = np.isfinite(values)
        ends = bca(answered, chosen.persons, values[known], weights[known], level)
        notes |= _drivers(ends) | {"without_one_unanswered": float(weights[~known].sum())}
    return Estimate(
        method=choice.name,
        persons=chosen.persons,
        low=ends.low,
        high=ends.high,
        level=level,
        model=chosen.model,
        notes=notes,
    )


def drawn(
    histories: Histories,
    chosen: Chosen,
    replicates: int,
    seed: int,
    *,
    n_varies: bool = False,
    workers: int = 1,
    tell: Callable[[int, int], None] = lambda done, of: None,
    stop: Callable[[], bool] = lambda: False,
) -> Floats | None:
    """Persons in all by each replicate, shape (replicates,), NaN where no model has an estimate; None when stopped."""
    numbers = [min(BLOCK, replicates - start) for start in range(0, replicates, BLOCK)]
    seeds = np.random.SeedSequence(seed).spawn(len(numbers))

    def block(number: int, own: np.random.SeedSequence) -> Floats | None:
        if stop():
            return None
        return chosen.again(resampled(histories, number, np.random.default_rng(own), n_varies=n_varies))

    blocks: list[Floats] = []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for found in pool.map(block, numbers, seeds):
            if found is None:
                return None
            blocks.append(found)
            tell(sum(map(len, blocks)), replicates)
    return np.concatenate(blocks)


def resampled(histories: Histories, number: int, chance: np.random.Generator, *, n_varies: bool = False) -> Floats:
    """Shape (number, 2^k): the persons seen drawn with replacement, or each history by a Poisson law of its count."""
    if n_varies:
        tables = chance.poisson(histories.counts, size=(number, len(histories.counts)))
    else:
        tables = chance.multinomial(histories.seen, histories.counts / histories.seen, size=number)
    return tables.astype(np.float64)


def without_one(histories: Histories, chosen: Chosen) -> tuple[Floats, Floats]:
    """Persons in all with one person fewer in each history that has some, and how many persons each has."""
    held = np.flatnonzero(histories.counts)
    tables = np.repeat(histories.counts[None, :].astype(np.float64), len(held), axis=0)
    tables[np.arange(len(held)), held] -= 1
    return chosen.again(tables), histories.counts[held].astype(np.float64)


def _drivers(ends: Ends) -> dict[str, float]:
    low, high = ends.chances
    told = {"acceleration": ends.acceleration, "low_chance": low, "high_chance": high}
    return told | ({"fell_back": 1.0} if ends.fell_back else {"fell_back": 0.0, "bias": ends.bias})
