"""How often the 95 % interval of the distinct persons, and of the duplicate share, holds the truth.

    python benchmarks/persons_coverage.py            5,000 surveys of each design: two CPU minutes
    python benchmarks/persons_coverage.py --small    500 surveys: that it runs

Corpora of `support/coded_surveys.py`: how ads fall on persons, organised persons, sites that copy each other; two ways
to draw and estimate, the multiplicity estimator with strata by site and the difference estimator with strata by size of
machine group, for machines with few or many errors. The duplicate share is 1 − persons / ads with a known number of
ads, so both intervals hold or miss together. Half-widths are in points of the duplicate share. It asserts nothing.
See docs/methods/distinct-persons.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

import numpy as np

from egide.diagnostic.duplicates import difference, multiplicity
from egide.diagnostic.sampling.allocation import neyman, proportional
from support.coded_surveys import Corpus, Ints, Kind, corpus, machine, surveys

LEVEL = 0.95
CODED = (60, 100, 200, 300)
SIZES = ((699, 273), (4_000, 600), (40_000, 6_000), (400_000, 60_000))
MACHINES = {  # share of ads split off, of persons merged, of groups joined to strangers
    "sharp": (0.02, 0.20, 0.005),
    "middling": (0.06, 0.40, 0.010),
    "poor": (0.20, 0.80, 0.050),
}
Covered = tuple[float, float, float, float]  # coverage, missed below, missed above, half-width in points


def main() -> None:
    parser = argparse.ArgumentParser(description="What the intervals of distinct persons cover.")
    parser.add_argument("--small", action="store_true", help="500 surveys, two sizes of corpus")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    number, sizes = (500, SIZES[:2]) if asked.small else (5_000, SIZES)
    start = time.process_time()
    print(f"{number:,} surveys of each design, seed {asked.seed}\n")
    print("| ads / persons | estimator | coded | lowest | mean | highest | half-width |")
    print("|---|---|---|---|---|---|---|")
    for ads, persons in sizes:
        found: dict[tuple[str, int], list[Covered]] = {}
        for kind in kinds(ads, persons):
            chance = np.random.default_rng([asked.seed, ads, len(kind.shape), int(100 * kind.organised), kind.mirrors])
            for name, coded, covered in measured(kind, number, chance):
                found.setdefault((name, coded), []).append(covered)
        for (name, coded), all_covered in sorted(found.items(), key=lambda one: (ORDER.index(one[0][0]), one[0][1])):
            hit, _, _, half = np.array(all_covered).T
            print(
                f"| {ads:,} / {persons:,} | {name} | {coded} | {hit.min():.1%} | {hit.mean():.1%} | {hit.max():.1%} "
                f"| {half.mean():.1f} ({half.min():.1f} to {half.max():.1f}) |",
                flush=True,
            )
    print(f"\n{time.process_time() - start:.0f} CPU s")


ORDER = ("multiplicity", *(f"difference, {name} machine" for name in MACHINES))


def kinds(ads: int, persons: int) -> Iterator[Kind]:
    for shape in ("light", "lognormal", "heavy"):
        for organised in (0.1, 0.25, 0.5):
            # A fifth of a corpus copied on four sites leaves room for the persons only where they have many ads.
            yield Kind(ads=ads, persons=persons, shape=shape, organised=organised, mirrors=organised == 0.25)


def measured(kind: Kind, number: int, chance: np.random.Generator) -> Iterator[tuple[str, int, Covered]]:
    truth = corpus(kind, chance)
    same = difference.group_sizes(truth.person)
    persons = len(np.unique(truth.person))
    sizes = np.bincount(truth.site)
    for coded in CODED:
        places, design = surveys(truth.site, proportional(sizes, coded, minimum=2), number, chance)
        yield "multiplicity", coded, covered(multiplicity.bounds(same[places], design, LEVEL), persons, kind.ads)
    for name, errors in MACHINES.items():
        yield from around(truth, same, machine(truth, *errors, chance), name, number, chance)


def around(
    truth: Corpus, same: Ints, groups: Ints, name: str, number: int, chance: np.random.Generator
) -> Iterator[tuple[str, int, Covered]]:
    size, stratum = difference.group_sizes(groups), difference.size_classes(groups)
    held = np.bincount(stratum, minlength=len(difference.EXPECTED_SPREAD))
    error = len(np.unique(truth.person)) - len(np.unique(groups))
    for coded in CODED:
        allocation = neyman(held.tolist(), difference.EXPECTED_SPREAD, coded, minimum=4)
        places, design = surveys(stratum, allocation, number, chance)
        bounds = difference.bounds(same[places], size[places], design, LEVEL)
        yield f"difference, {name} machine", coded, covered(bounds, error, len(same))


def covered(bounds: tuple[np.ndarray, np.ndarray], truth: float, ads: int) -> Covered:
    low, high = bounds
    below, above = float((high < truth).mean()), float((low > truth).mean())
    return 1 - below - above, below, above, float((high - low).mean()) / 2 / ads * 100


if __name__ == "__main__":
    main()
