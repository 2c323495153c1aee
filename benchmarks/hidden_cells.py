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
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from egide.estimation.censored import Censored
from egide.estimation.censored.completing import bounds, estimated, likeliest
from egide.estimation.choice import hierarchical
from egide.estimation.fitting.fit import fit
from egide.estimation.fitting.regression import poisson_fit, spread_out
from egide.estimation.histories import Floats, Histories
from egide.estimation.intervals.mixture import averaged
from egide.estimation.models import Model, design_matrix
from egide.estimation.results import Estimate
from support.mse import table

STUDIES = ("UKdat_5", "Ned_5", "MadiganYork_3lists", "Korea", "NewOrl_5")


def best(given: Histories, models: tuple[Model, ...]) -> tuple[Model, float]:
    """The model of least BIC, and its persons in all."""
    fits = fit(given, models)
    (criterion,) = fits.criterion(np.log(given.seen))
    place = int(criterion.argmin())
    return models[place], given.seen + float(fits.unseen[0, place])


def means(given: Histories, model: Model) -> Floats:
    """Shape (2^k,): expected counts; a faint prior keeps a pair that nobody is on from minus infinity."""
    seen = np.arange(1 << given.k) > 0
    design = design_matrix(model.terms, seen)
    fitted = poisson_fit(design, given.counts[seen].astype(np.float64), prior=np.full(design.shape[1], 1e-6))
    return spread_out(fitted.mean, seen)


def hide(given: Histories) -> Censored:
    small = (given.counts > 0) & (given.counts < 5)
    low, high = np.where(small, 1, given.counts), np.where(small, 4, given.counts)
    return Censored(lists=given.lists, low=low, high=high)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--tables", type=int, default=200)
    tables = asked.parse_args().tables
    print(f"{tables} tables a study. Same model: the model chosen on the whole table is kept when cells are hidden.")
    print("study                seen hidden | same model: bounds hold, median move, within 5 % |", end="")
    print(" chosen anew: within 5 %, interval holds | seconds a table")
    for name in STUDIES:
        print(line(name, tables), flush=True)


def line(name: str, tables: int) -> str:
    """One study. Tables without a small count, or without an answer, are left out: `n` are left."""
    given, models = table(name), hierarchical(table(name).k, 2)
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
    return (
        f"{name:20s} {np.mean(seen):5.0f} {np.mean(hidden):6.1f} | {np.mean(held):6.1%} {np.median(moves):7.2%}"
        f" {within:7.1%} | {chosen:7.1%} {np.mean(inside):7.1%} | {spent:5.2f}  (n = {len(seen)})"
    )


if __name__ == "__main__":
    main()
