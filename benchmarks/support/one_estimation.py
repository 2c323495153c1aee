"""One task of `estimation.py` in a process of its own; prints processor seconds, loading apart, and the answer (JSON).

python -m support.one_estimation bic-100 --replicates 1000
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable

import numpy as np

from egide.estimation.choice import hierarchical, stepwise, stepwise_all
from egide.estimation.choice.leaps import best, best_of
from egide.estimation.fitting import vectorised
from egide.estimation.fitting.fit import CERTIFIED, Fits, fit, fit_tables
from egide.estimation.graphs import averaged
from egide.estimation.histories import Floats, Histories
from egide.estimation.intervals import Bic, Exact, Stepwise, bootstrapped
from egide.estimation.results import Answer, Estimate
from support.published_mse import published

SEED = 1
Task = Callable[[Histories, int], str]


def drawn(given: Histories, replicates: int) -> Floats:
    """Shape (replicates, 2^k): as many persons as were seen, drawn again."""
    found = np.random.default_rng(SEED).multinomial(given.seen, given.counts / given.seen, size=replicates)
    return found.astype(np.float64)


def told(given: Histories, unseen: Floats) -> str:
    low, high = np.nanpercentile(given.seen + unseen, [2.5, 97.5])
    return f"percentiles {low:,.0f} to {high:,.0f}"


def chosen(given: Histories, fits: Fits, tables: Floats) -> str:
    where = fits.criterion(np.log(tables.sum(axis=1))).argmin(axis=1)
    return told(given, fits.unseen[np.arange(len(tables)), where])


def interval(found: Answer) -> str:
    if not isinstance(found, Estimate) or found.low is None or found.high is None:
        return str(found)
    return f"{found.persons:,.0f} [{found.low:,.0f}, {found.high:,.0f}]"


def bic_100(given: Histories, replicates: int, *, alone: bool = False) -> str:
    """The hundred models that are best on the data, on each replicate."""
    models = hierarchical(given.k, 3)
    places = fit(given, models).criterion(np.log(given.seen))[0].argsort()[:100]
    top, tables = [models[place] for place in places.tolist()], drawn(given, replicates)
    fits = vectorised.fit_tables(tables, given.possible, top) if alone else fit_tables(tables, given.possible, top)
    return chosen(given, fits, tables)


def bic_all(given: Histories, replicates: int) -> str:
    tables = drawn(given, replicates)
    found = []
    for start in range(0, replicates, 50):  # 6,212 models: five arrays of 2.5 MB
        block = tables[start : start + 50]
        fits = fit_tables(block, given.possible, hierarchical(given.k, 3))
        where = fits.criterion(np.log(block.sum(axis=1))).argmin(axis=1)
        found.append(fits.unseen[np.arange(len(block)), where])
    return told(given, np.concatenate(found))


def exact(given: Histories, replicates: int, *, order: int = 2) -> str:
    tables = drawn(given, replicates)
    found = best_of(tables, given.possible, np.log(tables.sum(axis=1)), order=order)
    return f"{told(given, found.unseen)}; {found.fits.mean():,.0f} fits each, proved {found.proved.mean():.1%}"


def steps(given: Histories, replicates: int) -> str:
    found = stepwise_all(drawn(given, replicates), given.possible)
    return told(given, found.unseen)


def every(given: Histories, replicates: int) -> str:
    models = hierarchical(given.k, 2)
    fits = fit(given, models)
    place = int(fits.criterion(np.log(given.seen))[0].argmin())
    return f"{given.seen + fits.unseen[0, place]:,.3f} {models[place]}, best of {len(models):,}"


def proof(given: Histories, replicates: int, *, order: int = 2) -> str:
    found = best(given, order=order, compiled=True)
    gap = found.others - found.criterion
    return (
        f"{given.seen + found.unseen:,.3f} {found.model}, best of {found.models:,}, {found.fits:,} fits; "
        f"all others at least {gap:.3g} above"
    )


def dga(given: Histories, replicates: int) -> str:
    return interval(averaged(given))


def floor(given: Histories, replicates: int) -> str:
    """Microseconds for each fit of the pairwise models (a thousand of them at most), as JSON."""
    models = hierarchical(given.k, 2) if given.k <= 6 else hierarchical(given.k, 1)
    some = models[:: max(1, len(models) // 1000)]
    tables = drawn(given, max(1, replicates // len(some)))
    start = time.process_time()
    fits = fit_tables(tables, given.possible, some, compiled=True)
    spent = time.process_time() - start
    each = 1e6 * spent / fits.status.size
    terms = float(np.mean([model.parameters for model in some]))
    return json.dumps({"us": each, "terms": terms, "certified": float((fits.status == CERTIFIED).mean())})


TASKS: dict[str, Task] = {
    "bic-100": bic_100,
    "bic-100-numpy": lambda given, replicates: bic_100(given, replicates, alone=True),
    "bic-all": bic_all,
    "exact": exact,
    "exact-3": lambda given, replicates: exact(given, replicates, order=3),
    "stepwise": steps,
    "every": every,
    "proof": proof,
    "proof-3": lambda given, replicates: proof(given, replicates, order=3),
    "dga": dga,
    "floor": floor,
    "bca-bic": lambda given, n: interval(bootstrapped(given, Bic(top=100), replicates=n, seed=SEED)),
    "bca-exact": lambda given, n: interval(bootstrapped(given, Exact(), replicates=n, seed=SEED)),
    "bca-stepwise": lambda given, n: interval(bootstrapped(given, Stepwise(), replicates=n, seed=SEED)),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=sorted(TASKS))
    parser.add_argument("data")
    parser.add_argument("--replicates", type=int, default=1000)
    asked = parser.parse_args()
    given = published()[asked.data] if not asked.data.isdigit() else invented(int(asked.data))
    start = time.process_time()
    loaded(given)
    loading = time.process_time() - start
    start = time.process_time()
    answer = TASKS[asked.task](given, asked.replicates)
    print(json.dumps({"cpu": time.process_time() - start, "loading": loading, "answer": answer}))


def loaded(given: Histories) -> None:
    """Machine code is made or read before anything is measured."""
    small = published()["Korea"]
    fit(small, hierarchical(3, 2), compiled=True)
    best(small, compiled=True)
    stepwise(small)
    stepwise_all(drawn(small, 8), small.possible)


def invented(k: int) -> Histories:
    """2,000 persons on k lists, each on list i with chance 0.10 to 0.30, twice as often on list 2 when on list 1."""
    cells = np.arange(1 << k)
    on = (cells[:, None] >> np.arange(k)) & 1 == 1
    chances = np.where(on, np.linspace(0.1, 0.3, k), 1 - np.linspace(0.1, 0.3, k)).prod(axis=1)
    chances *= np.where(cells & 3 == 3, 2.0, 1.0)
    chances[0] = 0.0
    counts = np.random.default_rng(SEED).multinomial(2000, chances / chances.sum())
    return Histories(lists=tuple("ABCDEFGHI"[:k]), counts=counts)


if __name__ == "__main__":
    main()
