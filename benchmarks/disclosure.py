"""What protecting a publication costs, what it hides, and how much of it is proven.

    python benchmarks/disclosure.py                     about 650, 3,000 and 10,000 cells: a few minutes
    python benchmarks/disclosure.py --sizes 650 30000   others: 650 3000 10000 30000

Counts come from `support/counts.py`, by seed. For each size and level: cells, non-zero ones, small ones (primary),
those hidden beside them (secondary), processor seconds of `protect`; then, by the attacker asked anew about all
small counts, the share proven to keep two values at least, and all four. It asserts nothing.
See docs/methods/secondary-suppression.md.
"""

from __future__ import annotations

import argparse
import time

from egide.disclosure.attack.audit import audit
from egide.disclosure.attack.findings import FULL, Findings, Level, ambiguous
from egide.disclosure.attack.system import Shown, Statement, System
from egide.disclosure.primary import below_threshold
from egide.disclosure.secondary import protect
from support.counts import Dimension, Key, cube, one_level, two_levels

SHAPES: dict[int, list[Dimension]] = {
    650: [two_levels("d", 4, 4), two_levels("o", 2, 2), one_level("a", 3)],
    3_000: [two_levels("d", 4, 4), two_levels("o", 3, 3), one_level("a", 3), one_level("s", 2)],
    10_000: [two_levels("d", 8, 8), two_levels("o", 3, 3), one_level("a", 3), one_level("s", 2)],
    30_000: [two_levels("d", 17, 6), two_levels("o", 5, 4), one_level("a", 3), one_level("s", 2)],
}
LEVELS: dict[str, Level] = {"two values": ambiguous(2), "full": FULL}


def main() -> None:
    parser = argparse.ArgumentParser(description="What protecting a publication costs.")
    parser.add_argument("--sizes", type=int, nargs="+", choices=sorted(SHAPES), default=[650, 3_000, 10_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mean", type=float, default=2.0, help="mean of inner cells")
    asked = parser.parse_args()
    heads = ("cells", "non-zero", "primary", "level", "secondary", "short", "cpu s", "audit s", "2 proven", "4 proven")
    print(" | ".join(f"{head:>10}" for head in heads))
    for size in asked.sizes:
        values, totals = cube(SHAPES[size], seed=asked.seed, mean=asked.mean)
        for name, level in LEVELS.items():
            print(" | ".join(f"{one:>10}" for one in measured(values, totals, name, level)), flush=True)


def measured(values: dict[Key, int], totals: list[Statement], name: str, level: Level) -> tuple[str, ...]:
    unsafe = below_threshold(values, 5)
    start = time.process_time()
    suppression = protect(values, totals, unsafe, level=level, best_effort=True)
    protected = time.process_time()
    shown = {key: Shown(value=number) for key, number in values.items() if key not in suppression.hidden}
    findings = audit(System.of(suppression.hidden, totals, shown), small_only=True)
    audited = time.process_time()
    filled = sum(number > 0 for number in values.values())
    counts = (len(values), filled, len(unsafe), name, len(suppression.secondary), len(suppression.short))
    return (
        *map(str, counts),
        f"{protected - start:.1f}",
        f"{audited - protected:.1f}",
        *(f"{100 * share(findings, least):.1f} %" for least in (2, 4)),
    )


def share(findings: Findings, least: int) -> float:
    """Of the small counts, those with so many values each met by a verified solution."""
    small = [unknown.small for unknown in findings.system.unknowns]
    met = [int(seen).bit_count() >= least for seen, one in zip(findings.seen, small, strict=True) if one]
    return sum(met) / len(met) if met else 1.0


if __name__ == "__main__":
    main()
