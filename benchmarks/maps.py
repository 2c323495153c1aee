"""What a map gives back, ours beside two habits, on invented departments: 19 zones, 273 persons, 300 draws.

    python benchmarks/maps.py
    python benchmarks/maps.py --draws 30

Habit 1: circles whose area follows the count, read to one pixel. Habit 2: counts under five hidden, the zones of each
group of four and the department's total printed, nothing else hidden. Ours: `egide.diagnostic.maps`, with the total
printed. "Given back": a count of 1 to 4 that the exact attacker narrows below 0 to 4 (habit 2: below 1 to 4, its own
label). It asserts nothing. See docs/methods/maps.md.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from egide.diagnostic.maps.counts import Counts, enough
from egide.diagnostic.maps.layer_map import HATCHED, LayerMap, layer_map
from egide.diagnostic.maps.zones import Zone, touching
from egide.disclosure.attack.audit import audit
from egide.disclosure.attack.system import Shown, Statement, System, Unknown

ZONES, PERSONS, GROUP, LARGEST = 19, 273, 4, 40


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--draws", type=int, default=300)
    draws = reader.parse_args().draws
    results: dict[str, list[tuple[float, ...]]] = {"radius": [], "hidden": [], "ours": []}
    for seed in range(draws):
        chance = np.random.default_rng(seed)
        zones = [
            Zone(code=f"Z{rank:02}", name=f"Zone {rank}", longitude=2 + x, latitude=50 + y)
            for rank, (x, y) in enumerate(chance.uniform(0, 1, (ZONES, 2)))
        ]
        weights = chance.pareto(1.0, ZONES) + 0.05
        persons = chance.multinomial(PERSONS, weights / weights.sum())
        counts = {zone.code: int(number) for zone, number in zip(zones, persons, strict=True)}
        small = {code for code, number in counts.items() if 0 < number < 5}
        if small:
            results["radius"].append((_read_from_radius(counts, small), len(small)))
            results["hidden"].append((_given_back(counts, small), len(small)))
        start = time.process_time()
        found = layer_map("x", Counts.added(counts), touching(zones), enough=enough, total_is_public=True)
        took = time.process_time() - start
        results["ours"].append((_left_of(found, counts, small), len(small), found.shown, len(found.areas), took))
    for name, habit in (("circles read to 1 px", "radius"), ("under five hidden, sums printed", "hidden")):
        back, all_of_them = (sum(column) for column in zip(*results[habit], strict=True))
        print(f"{name:34} {back:5.0f} of {all_of_them:5.0f} small counts given back")
    table = np.array(results["ours"])
    print(f"{'ours':34} {table[:, 0].sum():5.0f} of {table[:, 1].sum():5.0f} small counts given back")
    print(
        f"{'':34} persons in a class: mean {table[:, 2].mean():.1%}, least {table[:, 2].min():.1%}; "
        f"areas: mean {table[:, 3].mean():.1f}; {1000 * table[:, 4].mean():.0f} ms CPU a map"
    )


def _read_from_radius(counts: dict[str, int], small: set[str]) -> int:
    """Circles of area in proportion to the count, the largest of 40 px: which counts share a radius to the pixel?"""
    most = max(counts.values())
    radius = {number: round(LARGEST * (number / most) ** 0.5) for number in range(1, most + 1)}
    return sum(sum(radius[other] == radius[counts[code]] for other in radius) == 1 for code in small)


def _given_back(counts: dict[str, int], small: set[str]) -> int:
    codes = sorted(counts)
    groups = [codes[start : start + GROUP] for start in range(0, len(codes), GROUP)]
    statements = [
        Statement.equal([(code, 1) for code in group], sum(counts[code] for code in group), said="group")
        for group in groups
    ]
    shown = {code: Shown(value=counts[code]) for code in codes if code not in small}
    unknowns = {code: Unknown.below() for code in codes if code in small}
    said = [one for one, group in zip(statements, groups, strict=True) if small & set(group)]
    found = audit(System.of(unknowns, said, shown))
    return sum(found[code].narrowed for code in small)


def _left_of(found: LayerMap, counts: dict[str, int], small: set[str]) -> int:
    """Small counts that the map and the total leave fewer values than 0 to 4."""
    said = [Statement.equal([(code, 1) for code in counts], sum(counts.values()), said="total")]
    for codes, rank in found.areas:
        low, high = (0, 4) if rank == HATCHED else (found.sizes[rank].low, found.sizes[rank].high)
        said.append(Statement(terms=tuple((code, 1) for code in codes), low=low, high=high, said="map"))
    ends = audit(System.of({code: Unknown(label="", low=0, plain=True) for code in counts}, said))
    return sum(ends[code].low != 0 or ((high := ends[code].high) is not None and high < 4) for code in small)


if __name__ == "__main__":
    main()
