"""How far an estimate moves when counts of 1 to 4 are published as "< 5", and whether its interval knows it.

Tables are drawn from published studies (each cell Poisson around the fitted model, so that every draw is a new table),
their small counts are hidden, and what is said with them hidden is compared with what is said with the whole table, by
the same estimator. Prints; asserts nothing.

    python benchmarks/hidden_cells.py [--tables 200]
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import combinations
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from egide.estimation.censored import Censored
from egide.estimation.censored.completing import bounds, estimated, likeliest
from egide.estimation.fitting.fit import fit
from egide.estimation.fitting.regression import poisson_top
from egide.estimation.histories import Floats, Histories
from egide.estimation.intervals.mixture import averaged
from egide.estimation.models import Model, pairs
from egide.estimation.results import Estimate
from support.mse import table

STUDIES = ("UKdat_5", "Ned_5", "MadiganYork_3lists", "Korea", "NewOrl_5")


def models_of(k: int) -> tuple[Model, ...]:
    every = pairs(k)
    return tuple(Model(k=k, interactions=some) for size in range(len(every) + 1) for some in combinations(every, size))


def best(given: Histories, models: tuple[Model, ...]) -> tuple[Model, float]:
    fits = fit(given, models)
    (criterion,) = fits.criterion(np.log(given.seen))
    place = int(criterion.argmin())
    return models[place], given.seen + float(fits.unseen[0, place])


def means(given: Histories, model: Model) -> Floats:
    cells = np.arange(1, 1 << given.k)
    design = ((cells[:, None] & model.terms) == model.terms).astype(np.float64)
    top = poisson_top(design, given.counts[1:].astype(np.float64), np.full(design.shape[1], 1e-6))
    return np.concatenate([[0.0], top.mean])


def hide(given: Histories) -> Censored:
    small = (given.counts > 0) & (given.counts < 5)
    low, high = np.where(small, 1, given.counts), np.where(small, 4, given.counts)
    return Censored(lists=given.lists, low=low, high=high)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--tables", type=int, default=200)
    tables = asked.parse_args().tables
    print(f"{tables} tables a study. Same model: the model chosen on the whole table is kept when cells are hidden.")
    print("study                seen hidden | same model: bounds hold, median move, within 5 % | chosen anew: within 5 %,"
          " interval holds | seconds a table")  # fmt: skip
    for name in STUDIES:
        given, models = table(name), models_of(table(name).k)
        mu, chance = means(given, best(given, models)[0]), np.random.default_rng(1)
        seen, hidden, moves, held, anew, inside = [], [], [], [], [], []
        start = time.process_time()
        for _ in range(tables):
            whole = given.with_counts(chance.poisson(mu))
            shown = hide(whole)
            model, full = best(whole, models)
            answer, now = averaged(whole), estimated(shown, averaged, models, chance=chance, draws=20)
            if not (isinstance(answer, Estimate) and isinstance(now, Estimate)) or not len(shown.hidden):
                continue
            same, ends = likeliest(shown, [model]), bounds(shown, model)
            if same is None or ends is None:
                continue
            seen.append(whole.seen)
            hidden.append(len(shown.hidden))
            moves.append(abs(same.persons / full - 1))
            held.append(ends.low - 1e-6 <= full <= ends.high + 1e-6)
            anew.append(abs(now.persons / answer.persons - 1))
            assert now.low is not None and now.high is not None
            inside.append(now.low <= answer.persons <= now.high)
        spent = (time.process_time() - start) / tables
        within, chosen = (float(np.mean(np.array(one) <= 0.05)) for one in (moves, anew))
        print(
            f"{name:20s} {np.mean(seen):5.0f} {np.mean(hidden):6.1f} | {np.mean(held):6.1%} {np.median(moves):7.2%}"
            f" {within:7.1%} | {chosen:7.1%} {np.mean(inside):7.1%} | {spent:5.2f}  (n = {len(seen)})",
            flush=True,
        )


if __name__ == "__main__":
    main()
