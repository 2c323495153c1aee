"""The intervals that R packages printed, beside ours: how many errors of chance apart.

    python benchmarks/estimation_baselines.py            two CPU minutes
    python benchmarks/estimation_baselines.py --small    3,000 replicates of each: that it runs

Bootstrap: MultipleSystemsEstimation drew 1,000 replicates with a generator of its own. Ours are drawn many times
1,000. Ends are compared by their rank among all our replicates: "apart" is the distance of R's end from the mean end of
our batches of 1,000, in errors of one batch and of that mean; "as far" is the share of our batches at least as far out
on that side. (In persons, an end read among the first replicates of a long tail is no normal number.) "10,000" are the
ends of our first 10,000. Profiles and Wald: Rcapture, no chance
in them; the largest relative difference of the three numbers. It asserts nothing.
See docs/methods/bootstrap-of-estimates.md and docs/methods/profile-likelihood.md.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np
from scipy.stats import norm

from egide.estimation.histories import Floats, Histories
from egide.estimation.intervals import Bic, Choice, Stepwise, profiled, wald
from egide.estimation.intervals.bca import bca
from egide.estimation.intervals.bootstrap import drawn, without_one
from egide.estimation.intervals.choosing import Chosen
from egide.estimation.models import independence, read
from egide.estimation.results import Declined, Estimate

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.mse import baselines, table

BATCH = 1_000  # replicates of R
BATCHES = 100
FEWER = 30  # where a hundred models are fitted to each replicate
ROW = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description="Published intervals beside ours.")
    parser.add_argument("--small", action="store_true", help="3 batches of 1,000 replicates")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}, seed {asked.seed}\n")
    print("| table, choice | R, 1,000 | ours, 10,000 | apart, low / high | as far, low / high | CPU s for 1,000 |")
    print("|---|---|---|---|---|---|")
    for row in baselines():
        if row["package"] == "MultipleSystemsEstimation" and row["ci95_low"] and "bayes" not in row["fn"]:
            batches = 3 if asked.small else FEWER if "ntop=100" in row["note"] else BATCHES
            print(bootstrap_line(row, batches, asked.seed), flush=True)
    print("\n| table, model | Rcapture | ours | largest relative difference |")
    print("|---|---|---|---|")
    for row in baselines():
        if row["package"] == "Rcapture" and ("closedpCI" in row["fn"] or "MS" in row["fn"] or row["model"] == "Mt"):
            print(profile_line(row), flush=True)


def bootstrap_line(row: ROW, batches: int, seed: int) -> str:
    histories = table(row["dataset"])
    choice: Choice = Stepwise() if "stepwise" in row["fn"] else Bic(top=1) if "ntop=1 " in row["fn"] else Bic()
    chosen = choice.on(histories)
    assert not isinstance(chosen, Declined)
    drawn(histories, chosen, 100, seed)  # machine code is made before the clock starts
    start = time.process_time()
    many = drawn(histories, chosen, batches * BATCH, seed)
    spent = (time.process_time() - start) / batches
    assert many is not None
    theirs = np.array([float(row["ci95_low"]), float(row["ci95_high"])])
    small = np.array([ends(histories, chosen, batch) for batch in many.reshape(batches, BATCH)])
    order = np.sort(many[np.isfinite(many)])
    ranks = rank(order, small)
    apart = (rank(order, theirs) - ranks.mean(axis=0)) / (ranks.std(axis=0, ddof=1) * np.sqrt(1 + 1 / batches))
    out = np.where(apart > 0, (small >= theirs).mean(axis=0), (small <= theirs).mean(axis=0))
    low, high = ends(histories, chosen, many[:10_000])
    name = f"{row['dataset']}, {'fixed' if 'ntop=1 ' in row['fn'] else choice.name}"
    return (
        f"| {name} | {theirs[0]:,.0f} to {theirs[1]:,.0f} | {low:,.0f} to {high:,.0f} "
        f"| {apart[0]:+.1f} / {apart[1]:+.1f} | {out[0]:.0%} / {out[1]:.0%} | {spent:.3f} |"
    )


def ends(histories: Histories, chosen: Chosen, replicates: Floats) -> tuple[float, float]:
    values, weights = without_one(histories, chosen)
    found = bca(replicates[np.isfinite(replicates)], chosen.persons, values, weights, 0.95)
    return found.low, found.high


def rank(order: Floats, persons: Floats) -> Floats:
    """The share of the replicates, in order, that are below; half of those that are equal."""
    below = np.searchsorted(order, persons * (1 - 1e-9)) + np.searchsorted(order, persons * (1 + 1e-9))
    return np.asarray(below / (2 * len(order)), dtype=np.float64)


def profile_line(row: ROW) -> str:
    histories = table(row["dataset"])
    model = independence(histories.k) if row["model"] == "Mt" else read(histories.k, row["model"])
    if "closedpCI" in row["fn"]:
        found = profiled(histories, model, law="cormack")
    else:
        found = wald(histories, model, level=1 - 2 * float(norm.sf(1.96)))
    assert isinstance(found, Estimate)
    assert found.low is not None and found.high is not None
    theirs = np.array([float(row[name]) for name in ("estimate", "ci95_low", "ci95_high")])
    ours = np.array([found.persons, found.low, found.high])
    told = " | ".join(f"{each[0]:,.3f} ({each[1]:,.3f} to {each[2]:,.3f})" for each in (theirs, ours))
    return f"| {row['dataset']} {model}, {found.method} | {told} | {np.abs(ours / theirs - 1).max():.0e} |"


if __name__ == "__main__":
    main()
