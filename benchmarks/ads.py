"""Grouping invented ads by who writes and who is shown: what it costs, how right it is; ours and three libraries.

    python benchmarks/ads.py                             700, 40,000 and 400,000 ads (ten minutes or so)
    python benchmarks/ads.py --small                     700 and 40,000 ads (two minutes)
    python benchmarks/ads.py --sizes 40000 --seeds 1 2 3 --methods ours gaoya:0.6
    python benchmarks/ads.py --small --attack            one common sentence added to three ads in ten
    python benchmarks/ads.py --small --held-out          six other shapes: organised, numbers, names, borrowing

Corpora come from `egide.diagnostic.synthetic`, by seed, with the truth of both levels. A method is `ours`, or a library
with its threshold (0.7 unless said; see `support/ads_peers.py`), to which telephone numbers are given. `exact` and
`phone` use one of the two things only. Each is a process of its own, in turn, on the same file; processor seconds and
wall clock are those of grouping, the peak is of the whole process, corpus included. Machine code is made before
anything is measured. It asserts nothing. See docs/methods/synthetic-ads.md.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

from support.processes import measure

HERE = Path(__file__).parent
PERSONS = {700: 273, 40_000: 6_000, 400_000: 60_000}  # a department, in between, a national day
METHODS = ("exact", "phone", "datasketch", "rensa", "gaoya", "ours")
ONE_THREAD = {"RAYON_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
HELD_OUT = (
    ("one person in ten organised", ["--organised", "0.1"]),
    ("half of the persons organised", ["--organised", "0.5"]),
    ("numbers in half of the ads", ["--phone-shown", "0.5"]),
    ("numbers in 95 % of the ads", ["--phone-shown", "0.95"]),
    ("names, ages and towns that change", ["--changing", "0.5"]),
    ("wordings borrowed by 2 % of the ads", ["--borrowed", "0.02"]),
)
HEADS = (
    "cpu s", "wall s", "MB", "author F1", "pair P", "largest", "person F1", "pair P", "largest", "persons",
)  # fmt: skip
# Folding, keyed sketches, sorting and verifying in C on one core, measured once: docs/methods/synthetic-ads.md.
FLOOR_ADS, FLOOR_SECONDS = 400_000, (3.3, 4.8)

Result = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description="Grouping ads: cost and quality.")
    parser.add_argument("--sizes", nargs="+", type=int, choices=list(PERSONS), default=list(PERSONS))
    parser.add_argument("--small", action="store_true", help="without the largest size")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--methods", nargs="+", default=METHODS)
    parser.add_argument("--attack", action="store_true", help="one common sentence added to 30 %% of the ads")
    parser.add_argument(
        "--held-out", action="store_true", help="other shares of organised persons, numbers, names, borrowing"
    )
    asked = parser.parse_args()
    sizes = [size for size in asked.sizes if not asked.small or size < FLOOR_ADS]
    more = ["--attacked", "0.3"] if asked.attack else []
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors" + (", under attack" if asked.attack else ""))
    costs: dict[str, list[tuple[int, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "corpus.pickle"
        if "ours" in asked.methods:
            one("make", "2000", "800", "--file", str(file))
            one("run", "ours", "--file", str(file))  # not measured: machine code is made once
        for size in sizes:
            for seed in asked.seeds:
                for said, shape in HELD_OUT if asked.held_out else [("", [])]:
                    for method, found in compared(size, seed, said, [*shape, *more], asked.methods, file).items():
                        costs.setdefault(method, []).append((size, found["cpu"]))
    summed_up(costs)


def compared(size: int, seed: int, said: str, shape: list[str], methods: list[str], file: Path) -> dict[str, Result]:
    """Every method on one corpus, a line each."""
    made = one("make", str(size), str(PERSONS[size]), "--seed", str(seed), "--file", str(file), *shape)
    print(
        f"\n{size:,} ads, seed {seed}{', ' if said else ''}{said}: {made['persons']:,} persons, {made['authors']:,} "
        f"authors; {made['letters']:.0f} characters, {made['distinct']:,} different texts; made in {made['cpu']:.1f} s"
    )
    print(f"{'':>15} | " + " | ".join(f"{head:>9}" for head in HEADS))
    largest = f"{made['largest_author']:,}", f"{made['largest_person']:,}"
    row("truth", ["", "", "", "", "", largest[0], "", "", largest[1], ""])
    found = {}
    for method in methods:
        name, _, threshold = method.partition(":")
        extra = ["--threshold", threshold] if threshold else []
        extra += ["--without-phone"] if name == "exact" else []
        found[method] = result = one("run", name, "--file", str(file), *extra)
        numbers = [f"{result['cpu']:.2f}", f"{result['wall']:.2f}", f"{result['peak']:,.0f}"]
        for level in ("author", "person"):
            numbers += [f"{result[level][2]:.3f}", f"{result[f'{level}_pairs'][0]:.3f}"]
            numbers += [f"{result[f'largest_{level}']:,}"]
        row(method, [*numbers, f"{100 * result['persons_error']:+.1f} %"])
    return found


def one(kind: str, *words: str) -> Result:
    command = [sys.executable, str(HERE / "support" / "ads_one.py"), kind, *words]
    found: Result = json.loads(measure(command, folder=HERE, environment=ONE_THREAD).said.strip().splitlines()[-1])
    return found


def row(name: str, cells: list[str]) -> None:
    print(f"{name:>15} | " + " | ".join(f"{cell:>9}" for cell in cells), flush=True)


def summed_up(costs: dict[str, list[tuple[int, float]]]) -> None:
    """How cost grows; how far from what the machine could do; ours against each."""
    means = {
        method: {size: _mean([cpu for other, cpu in runs if other == size]) for size, _ in runs}
        for method, runs in costs.items()
    }
    print("\nProcessor seconds grow with the number of ads to the power:")
    for method, by_size in means.items():
        sizes = sorted(by_size)
        steps = [
            f"{small:,} to {large:,}: {math.log(by_size[large] / by_size[small]) / math.log(large / small):.2f}"
            for small, large in pairwise(sizes)
        ]
        print(f"{method:>15} | " + "; ".join(steps))
    ours = means.get("ours")
    if ours is None:
        return
    for method, by_size in means.items():
        if method != "ours":
            ratios = [f"{size:,}: {cpu / ours[size]:.1f}" for size, cpu in by_size.items()]
            print(f"{method:>15} | times the seconds of ours, {'; '.join(ratios)}")
    if FLOOR_ADS in ours:
        low, high = (ours[FLOOR_ADS] / floor for floor in reversed(FLOOR_SECONDS))
        print(
            f"Ours takes {low:.1f} to {high:.1f} times the {FLOOR_SECONDS[0]} to {FLOOR_SECONDS[1]} s of a floor in C."
        )


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


if __name__ == "__main__":
    main()
