"""What a sparse cube keeps as it is, and what the coarser breakdowns proposed instead keep.

    python benchmarks/coarser.py                             600 to 120,000 cells, four values
    python benchmarks/coarser.py --levels full two --readers labels positive
    python benchmarks/coarser.py --sizes 1000000 --without-whole

Cubes of `support/shapes.py`, by seed, each in a process of its own (`support/one_breakdown.py`). For the cube as it is:
cells that stay readable once it is protected as far as it can be, and small counts that fall short all the same. For
the best single breakdown and for several published together: cells readable, of how many, no small count being short;
processor seconds of finding it. Zeros are not counted. It asserts nothing.
See docs/methods/coarser-breakdown.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from support.processes import measure

HERE = Path(__file__).parent
SIZES = ("600", "650", "10000", "30000", "120000", "1000000")
HEADS = ("published", "readable", "of", "small", "short", "cpu s")


def main() -> None:
    parser = argparse.ArgumentParser(description="What coarser breakdowns keep.")
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=SIZES[:-1])
    parser.add_argument("--levels", nargs="+", choices=["full", "two"], default=["full"])
    parser.add_argument("--readers", nargs="+", choices=["labels", "positive"], default=["labels"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-whole", action="store_true", help="do not protect the cubes as they are")
    asked = parser.parse_args()
    for size in asked.sizes:
        for level in asked.levels:
            for reader in asked.readers:
                more = ["--without-whole"] if asked.without_whole else []
                compared(size, level, reader, ["--seed", str(asked.seed), *more])


def compared(size: str, level: str, reader: str, more: list[str]) -> None:
    command = [sys.executable, "-m", "support.one_breakdown", size, "--level", level, "--reader", reader, *more]
    run = measure(command, folder=HERE)
    found: dict[str, Any] = json.loads(run.said.strip().splitlines()[-1])
    print(f"\n{size}, {level}, {reader}: {run.peak:.0f} MB; {found['within']:,} small counts of the cube within reach")
    line(*HEADS)
    if "whole" in found:
        whole = found["whole"]
        line("the cube", whole["shown"], found["filled"], found["small"], whole["short"], whole["cpu"])
    for name, said in (("one breakdown", "one"), ("several together", "together")):
        kept = found[said]
        line(name, kept["shown"], kept["filled"], kept["small"], 0, kept["cpu"])
        for cut in kept["cuts"]:
            print(f"{'':>19}{cut}")
    sys.stdout.flush()


def line(name: str, *cells: object) -> None:
    written = [f"{one:.2f}" if isinstance(one, float) else f"{one:,}" if isinstance(one, int) else one for one in cells]
    print(f"{name:>17} | " + " | ".join(f"{one:>9}" for one in written))


if __name__ == "__main__":
    main()
