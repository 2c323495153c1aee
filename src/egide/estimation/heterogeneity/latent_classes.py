"""Latent classes: persons of a few unknown kinds, each with its own chance to be on each list; the posterior of N.

Manrique-Vallier's model (2016): weights by stick-breaking with a gamma law on the concentration, uniform chances, a
prior on the number of persons proportional to 1/N. What is ours is the sampler: it works on the counts, climbs a ladder
of thinner tables so that chains leave the modes where they are stuck, and it answers only when chains that start far
apart agree.
Source: docs/methods/latent-classes.md.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from attrs import frozen

from egide import compiled as machine_code
from egide.estimation.heterogeneity import latent_kernels
from egide.estimation.heterogeneity.convergence import bulk_size, median_error, r_hat
from egide.estimation.histories import Floats, Histories, Ints
from egide.estimation.results import Declined, Estimate, Reason

METHOD = "latent"
CLASSES, CHAINS = 10, 4
BLOCK = 1_000  # rounds of each chain between two calls of `stop`
CHECKS = (5, 10, 20, 40, 80)  # blocks after which the chains are compared; the last one is the end
WARM = 0.2  # share of the rounds that is left out
THINNER, LEAST_PERSONS = 0.75, 30  # of the persons, from a rung to the next; on the last rung, at least
MOST_R_HAT, LEAST_SIZE = 1.01, 400.0
MOST_ERROR = 0.005  # standard error of the median, relative: two seeds are then within 2 % of each other


@cache
def loops(*, compiled: bool) -> Any:
    """The functions of `latent_kernels`, by name."""
    return machine_code.kernels(latent_kernels.ORDER, compiled=compiled)


@frozen(kw_only=True, eq=False)
class Chain:
    """One sampler: its ladder of tables, its parameters on each rung (changed in place) and its own chance."""

    tables: Ints  # (rungs, 2^k)
    weights: Floats  # (rungs, classes), logarithms
    rates: Floats  # (rungs, classes, lists)
    concentration: Floats  # (rungs,)
    accepted: Ints  # (rungs,)
    draw: np.random.Generator


def ladder(counts: Ints) -> Ints:
    """Shape (rungs, 2^k): the counts, then tables with a quarter fewer persons each time.

    Cells lose a fraction of a person at different rungs, so that rare histories do not all vanish at once.
    """
    filled = np.flatnonzero(counts)
    offsets = np.zeros(len(counts))
    offsets[filled[np.argsort(counts[filled], kind="stable")]] = np.arange(len(filled)) * (np.sqrt(5) - 1) / 2 % 1
    shares = [1.0]
    while shares[-1] * THINNER * counts.sum() >= LEAST_PERSONS:
        shares.append(shares[-1] * THINNER)
    thinner = [np.floor(counts * share + offsets).astype(np.int64) for share in shares[1:]]
    return np.array([counts, *thinner])


def chain(given: Histories, tables: Ints, draw: np.random.Generator, *, classes: int, alike: bool) -> Chain:
    """At its start: all classes of one weight and random chances (`alike`), or nearly everybody in one class."""
    rungs = len(tables)
    first = np.full(classes, -np.log(classes)) if alike else np.log(np.r_[1.0, np.full(classes - 1, 1e-6)])
    weights = first - np.logaddexp.reduce(first)
    return Chain(
        tables=tables,
        weights=np.tile(weights, (rungs, 1)),
        rates=draw.uniform(size=(rungs, classes, given.k)),
        concentration=np.full(rungs, 2.0 if alike else 0.1),
        accepted=np.zeros(rungs, dtype=np.int64),
        draw=draw,
    )


def advance(given: Histories, one: Chain, rounds: int, *, compiled: bool) -> tuple[Ints, Ints]:
    """Run a chain further: persons on no list and classes in use after each round, each of shape (rounds,)."""
    unseen, used = np.zeros(rounds, dtype=np.int64), np.zeros(rounds, dtype=np.int64)
    climb = loops(compiled=compiled).climb
    climb(
        one.tables,
        given.possible,
        one.weights,
        one.rates,
        one.concentration,
        one.draw,
        unseen,
        used,
        one.accepted,
    )
    return unseen, used


def latent(
    given: Histories,
    seed: int,
    *,
    level: float = 0.95,
    classes: int = CLASSES,
    block: int = BLOCK,
    checks: tuple[int, ...] = CHECKS,
    workers: int = 1,
    tell: Callable[[int, int], None] = lambda done, of: None,
    stop: Callable[[], bool] = lambda: False,
    compiled: bool = True,
) -> Estimate | Declined:
    """Posterior median and interval of the persons in all, seen and unseen; the same for any number of workers.

    Declined: NO_OVERLAP, nobody on two lists; NOT_CONVERGED, R-hat above 1.01, fewer than 400 effective draws or a
    median known worse than within 0.5 % at the last check; STOPPED. Notes: rhat, ess, error (relative, of the median),
    classes (in use, mean), draws, rounds. `tell` hears the blocks done and the most there can be.
    """
    if given.repeated == 0:
        return Declined(method=METHOD, reason=Reason.NO_OVERLAP)
    tables = ladder(given.counts)
    seeds = np.random.SeedSequence(seed).spawn(CHAINS)
    chains = [
        chain(given, tables, np.random.default_rng(each), classes=classes, alike=place % 2 == 0)
        for place, each in enumerate(seeds)
    ]
    unseen, used = np.zeros((CHAINS, 0), dtype=np.int64), np.zeros((CHAINS, 0), dtype=np.int64)
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for done in range(1, checks[-1] + 1):
            if stop():
                return Declined(method=METHOD, reason=Reason.STOPPED)
            found = list(pool.map(lambda one: advance(given, one, block, compiled=compiled), chains))
            unseen = np.concatenate([unseen, [each for each, _ in found]], axis=1)
            used = np.concatenate([used, [each for _, each in found]], axis=1)
            tell(done, checks[-1])
            if done in checks:
                answer = _judged(given, unseen, used, level)
                if answer is not None:
                    tell(checks[-1], checks[-1])
                    return answer
    return Declined(method=METHOD, reason=Reason.NOT_CONVERGED)


def _judged(given: Histories, unseen: Ints, used: Ints, level: float) -> Estimate | None:
    """The answer, if the chains have agreed."""
    warm = int(unseen.shape[1] * WARM)
    persons = given.seen + unseen[:, warm:].astype(np.float64)
    middle = float(np.median(persons))
    ratio, size, error = r_hat(persons), bulk_size(persons), median_error(persons) / middle
    if not (ratio <= MOST_R_HAT and size >= LEAST_SIZE and error <= MOST_ERROR):
        return None
    low, high = np.quantile(persons, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(
        method=METHOD,
        persons=middle,
        low=float(low),
        high=float(high),
        level=level,
        notes={
            "rhat": ratio,
            "ess": size,
            "error": error,
            "classes": float(used[:, warm:].mean()),
            "draws": float(persons.size),
            "rounds": float(unseen.shape[1]),
        },
    )
