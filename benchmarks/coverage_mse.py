"""How often the averaged interval of multiple systems estimation holds the truth, beside other ways to mix models.

    nice -n 5 python benchmarks/coverage_mse.py         1,000 populations of each scenario: ten CPU minutes
    nice -n 5 python benchmarks/coverage_mse.py --small    50 of each: that it runs

Two tables. First, invented populations whose size is known (`support/mse_populations.py`): twelve scenarios and two
that break every method's suppositions. Then real lists, each re-estimated from the others (`known_truth`). Beside: the
model that BIC selects, and the mixtures of all pairwise models by BIC, by BIC counting only persons on two lists or
more (obic) and by AIC. On six lists those mixtures see one population in ten: each takes 32,768 fits. It asserts
nothing. See docs/methods/averaged-interval.md.
"""

from __future__ import annotations

import argparse
import time
from functools import cache

import numpy as np

from egide.estimation.fitting.fit import fit_tables
from egide.estimation.histories import Flags, Floats, Histories, Ints, sizes
from egide.estimation.intervals.mixture import LEAST_REPEATED, averaged, quantile
from egide.estimation.known_truth import problems
from egide.estimation.models import Model
from egide.estimation.results import Estimate
from support.mse_populations import Scenario, all_pairs, beyond, scenarios
from support.published_mse import published

MIXES = ("selected", "BIC mix", "obic mix", "AIC mix")
OURS = "averaged"
STEPS = 9_000  # on six lists; the command walks longer


def main() -> None:
    parser = argparse.ArgumentParser(description="What intervals of multiple systems estimation cover.")
    parser.add_argument("--populations", type=int, default=1_000)
    parser.add_argument("--small", action="store_true", help="50 populations")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    number = 50 if asked.small else asked.populations
    start = time.process_time()
    print(f"{number:,} populations of each scenario, seed {asked.seed}\n")
    heading = [f"{name}: holds (width)" for name in (OURS, *MIXES)]
    print(f"| truth | persons, seen, repeated | {' | '.join(heading)} | too high, too low | width to obic | mean |")
    print(f"|---|---|{'---|' * (len(heading) + 3)}", flush=True)
    for scenario in (*scenarios(published()), *beyond()):
        print(line(scenario, number, asked.seed), flush=True)
    print(f"\n{time.process_time() - start:.0f} CPU s\n")
    real()
    print(f"\n{time.process_time() - start:.0f} CPU s")


def line(scenario: Scenario, number: int, seed: int) -> str:
    tables, unseen = scenario.populations(number, seed)
    repeated = tables[:, sizes(scenario.k) >= 2].sum(axis=1)
    enough = repeated >= LEAST_REPEATED
    tables, unseen = tables[enough], unseen[enough]
    truth = tables.sum(axis=1) + unseen
    few = len(tables) if scenario.k <= 5 else max(1, len(tables) // 10)
    ours = np.array([bounds(given, scenario.possible) for given in tables])
    found = {OURS: ours, **mixes(tables[:few], scenario.possible)}
    told = [
        f"{np.mean((low <= truth[: len(low)]) & (truth[: len(low)] <= high)):.1%} (×{np.median(high / low):.2f})"
        for low, high in (each.T for each in found.values())
    ]
    low, high = ours.T
    sides = f"{np.mean(low > truth):.1%}, {np.mean(high < truth):.1%}"
    there = found["obic mix"]
    wider = np.median(high[:few] / low[:few]) / np.median(there[:, 1] / there[:, 0])
    mean = float(scenario.expected.sum())
    size = f"{mean:,.0f}, {scenario.expected[1:].sum():,.0f}, {repeated.mean():,.0f}"
    return (
        f"| {scenario.name} | {size} | {' | '.join(told)} | {sides} | {wider:.2f} "
        f"| {np.mean((low <= mean) & (mean <= high)):.1%} |"
    )


def histories(counts: Ints, possible: Flags) -> Histories:
    k = len(counts).bit_length() - 1
    return Histories(lists=tuple("ABCDEFGHI"[:k]), counts=counts, possible=possible)


def bounds(counts: Ints, possible: Flags) -> tuple[float, float]:
    answer = averaged(histories(counts, possible), steps=STEPS, compiled=True)
    assert isinstance(answer, Estimate) and answer.low is not None and answer.high is not None
    return answer.low, answer.high


@cache
def bearable(k: int, possible: bytes) -> tuple[Model, ...]:
    """All the models of pairs that somebody may be in."""
    cells = np.flatnonzero(np.frombuffer(possible, dtype=np.bool_)).tolist()
    return tuple(
        model
        for model in all_pairs(k)
        if all(any(cell & pair == pair for cell in cells) for pair in model.interactions)
    )


def mixes(tables: Ints, possible: Flags) -> dict[str, Floats]:
    """Of each way to mix, shape (tables, 2): low and high; NaN where no model has a maximum."""
    return {name: each[:, [0, 2]] for name, each in mixed(tables, possible).items()}


def mixed(tables: Ints, possible: Flags) -> dict[str, Floats]:
    """Of each way to mix, shape (tables, 3): low, median and high of the persons."""
    k = len(possible).bit_length() - 1
    models = bearable(k, possible.tobytes())
    found: dict[str, list[list[float]]] = {name: [] for name in MIXES}
    for counts in tables:
        fits = fit_tables(counts, possible, models, compiled=True)
        seen, repeated = counts.sum(), counts[sizes(k) >= 2].sum()
        for name, penalty in zip(MIXES, (np.log(seen), np.log(seen), np.log(repeated), 2.0), strict=True):
            (criterion,) = fits.criterion(penalty)
            if not np.isfinite(criterion).any():
                found[name].append([np.nan] * 3)
                continue
            weight = np.exp(-(criterion - criterion.min()) / 2)
            if name == "selected":
                weight = (np.arange(len(weight)) == criterion.argmin()).astype(np.float64)
            kept = weight > 1e-6
            centre = np.log(fits.unseen[0, kept])
            mixture = weight[kept] / weight[kept].sum(), centre, np.sqrt(fits.variance[0, kept])
            found[name].append([seen + np.exp(quantile(part, *mixture)) for part in (0.025, 0.5, 0.975)])
    return {name: np.array(rows) for name, rows in found.items()}


def real() -> None:
    """Lists re-estimated from the others."""
    asked = [each for table in published().values() for each in problems(table)]
    enough = [each for each in asked if each.seen.repeated >= LEAST_REPEATED]
    answers: dict[str, list[tuple[float, float, float]]] = {name: [] for name in (OURS, *MIXES)}
    held = []
    for each in enough:
        told = averaged(each.seen)
        if not isinstance(told, Estimate) or told.low is None or told.high is None:
            continue
        held.append(told.low <= each.truth <= told.high)
        if each.seen.k > 5:
            continue
        others = {name: rows[0] for name, rows in mixed(each.seen.counts[None, :], each.seen.possible).items()}
        if any(np.isnan(row).any() for row in others.values()):
            continue
        for name, row in {OURS: np.array([told.low, told.persons, told.high]), **others}.items():
            low, middle, high = row
            answers[name].append((low <= each.truth <= high, abs(np.log(middle / each.truth)), high / low))
    print(
        f"{len(asked)} lists of {len(published())} tables; {len(enough)} with {LEAST_REPEATED} persons or more on two"
    )
    print(f"others. {OURS} answers {len(held)} and holds {sum(held)}. All answer {len(answers[OURS])}:\n")
    print("| | holds the truth | median absolute log error | median width |")
    print("|---|---|---|---|")
    for name, rows in answers.items():
        holds, error, width = np.array(rows, dtype=np.float64).T
        print(f"| {name} | {holds.sum():.0f} ({holds.mean():.1%}) | {np.median(error):.3f} | ×{np.median(width):.2f} |")


if __name__ == "__main__":
    main()
