"""How fast the dark figure is estimated: bootstraps with the choice of the model inside, exact searches, growth.

    python benchmarks/estimation.py                      some five minutes
    python benchmarks/estimation.py --small              100 replicates and no growth: half a minute
    python benchmarks/estimation.py --curves FOLDER      also draw growth with lists and with replicates

Each line is a process of its own (`support/one_estimation.py`); seconds are of the processor, and leave out starting
Python and loading machine code (given apart). R is not run: its seconds are those of tests/data/mse/baselines.csv,
measured once on another machine (R 4.2.2, one thread of a 2.5 GHz Xeon). It asserts nothing.
See docs/methods/estimation-speed.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from pathlib import Path
from typing import Any

from support.processes import measure

HERE = Path(__file__).parent
BASELINES = HERE.parent / "tests" / "data" / "mse" / "baselines.csv"
MSE = "MultipleSystemsEstimation"

# what is said, task, data, and where R did the same: package, start of fn, dataset
LINES = (
    ("BIC, best 100, percentiles", "bic-100", "UKdat_5", (MSE, "estimate_population bic BCa", "UKdat_5")),
    ("the same with NumPy alone", "bic-100-numpy", "UKdat_5", (MSE, "estimate_population bic BCa", "UKdat_5")),
    ("BIC, best 100, BCa", "bca-bic", "UKdat_5", (MSE, "estimate_population bic BCa", "UKdat_5")),
    ("BIC, all 6,212, percentiles", "bic-all", "UKdat_5", None),
    ("exact, threes, percentiles", "exact-3", "UKdat_5", None),
    ("exact, pairs, percentiles", "exact", "UKdat_5", None),
    ("BIC, best 100, BCa", "bca-bic", "NewOrl_5", (MSE, "estimate_population bic BCa", "NewOrl_5")),
    ("stepwise, percentiles", "stepwise", "UKdat_5", (MSE, "estimate_population stepwise p=0.02 BCa", "UKdat_5")),
    ("stepwise, BCa", "bca-stepwise", "UKdat_5", (MSE, "estimate_population stepwise p=0.02 BCa", "UKdat_5")),
    ("exact, pairs, percentiles", "exact", "UKdat", None),
    ("exact, pairs, percentiles", "exact", "Ned", None),
    ("exact, pairs, BCa", "bca-exact", "UKdat", None),
    ("exact, pairs, percentiles", "exact", "NewOrl", None),
)
ONCE = (
    ("all 32,768 models", "every", "UKdat", (MSE, "estimate_population bic six lists", "UKdat")),
    ("exact, pairs", "proof", "UKdat", None),
    ("exact, pairs", "proof", "Ned", None),
    ("exact, pairs", "proof", "NewOrl", None),
    ("exact, threes", "proof-3", "UKdat_5", None),
    ("exact, threes", "proof-3", "UKdat", None),
    ("exact, threes", "proof-3", "Ned", None),
    ("decomposable graphs", "dga", "UKdat_5", ("dga", "bma.cr", "UKdat_5")),
    ("decomposable graphs", "dga", "Ned_5", ("dga", "bma.cr", "Ned_5")),
    ("decomposable graphs", "dga", "UKdat", None),
)
NANOSECONDS = {"exponential": 5.0, "addition": 0.4}  # at 2.5 GHz, nothing done at once
STEPS = 7  # of Newton's method, the last one included


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast the dark figure is estimated.")
    parser.add_argument("--small", action="store_true", help="100 replicates, no growth")
    parser.add_argument("--curves", type=Path, help="the folder where growth is drawn (two SVG)")
    asked = parser.parse_args()
    replicates = 100 if asked.small else 1000
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; R: recorded on another machine, not run here")
    print(f"\n{replicates:,} replicates, the model chosen again on each (R: 1,000)")
    table(LINES, replicates, 1000 / replicates)
    print("\none table")
    table(ONCE, replicates, 1.0)
    if asked.small:
        return
    curves = {"lists": by_lists(), "replicates": by_replicates()}
    floors()
    if asked.curves:
        from support.curve import Point, drawn

        titles = {"lists": "listes", "replicates": "réplicats"}
        for what, points in curves.items():
            image = drawn([Point(*one) for one in points], titles[what])
            (asked.curves / f"estimation-by-{what}.svg").write_text(image, encoding="utf-8")


def table(lines: tuple[Any, ...], replicates: int, times: float) -> None:
    print(f"{'':>29} | {'data':>9} | {'cpu s':>8} | {'R cpu s':>8} | {'R / ours':>8} | answer")
    for said, task, data, peer in lines:
        found = run(task, data, replicates)
        recorded = seconds(*peer) if peer else None
        ratio = f"{recorded / (found['cpu'] * times):,.0f}" if recorded else ""
        known = f"{recorded:.2f}" if recorded else ""
        print(f"{said:>29} | {data:>9} | {found['cpu']:8.3f} | {known:>8} | {ratio:>8} | {found['answer']}")
        sys.stdout.flush()


def by_lists() -> list[tuple[str, int, float]]:
    """(what, lists, processor seconds)."""
    points = []
    print("\ngrowth with lists: 2,000 invented persons, 200 tables, exact search of pairs")
    for k in range(3, 9):
        found = run("exact", str(k), 200)
        points.append(("recherche exacte, 200 tables", k, found["cpu"]))
        print(f"{k:>7} lists | {found['cpu'] / 200 * 1e3:9.2f} ms a table | {found['answer']}")
    return points


def by_replicates() -> list[tuple[str, int, float]]:
    """(what, replicates, processor seconds)."""
    points = []
    print("\ngrowth with replicates: UKdat_5")
    for count in (100, 300, 1000, 3000, 10000):
        for what, task in (("100 meilleurs modèles", "bic-100"), ("recherche exacte", "exact")):
            found = run(task, "UKdat_5", count)
            points.append((what, count, found["cpu"]))
            print(f"{count:>7,} {task:>8} | {found['cpu']:9.2f} s")
    return points


def floors() -> None:
    print("\none fit, pairwise models, microseconds: measured, and the floor of its arithmetic (docs)")
    for data in ("Korea", "Kosovo", "UKdat_5", "UKdat"):
        found = json.loads(run("floor", data, 20000)["answer"])
        k = {"Korea": 3, "Kosovo": 4, "UKdat_5": 5, "UKdat": 6}[data]
        terms, cells = found["terms"], 1 << k
        additions = 2 * k * cells / 2 + terms**3 / 6 + 2 * terms**2 + 2 * cells
        floor = STEPS * (cells * NANOSECONDS["exponential"] + additions * NANOSECONDS["addition"]) / 1e3
        print(f"{k} lists, {terms:4.1f} terms | {found['us']:6.1f} | {floor:6.1f} | x {found['us'] / floor:.1f}")


def run(task: str, data: str, replicates: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "support.one_estimation", task, data, "--replicates", str(replicates)]
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    said = measure(command, folder=HERE, environment=threads).said
    found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return found


def seconds(package: str, function: str, data: str) -> float:
    """The processor seconds recorded for the one such row."""
    with BASELINES.open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if (row["package"], row["dataset"]) == (package, data) and row["fn"].startswith(function)
        ]
    return float(rows[0]["cpu_s"])


if __name__ == "__main__":
    main()
