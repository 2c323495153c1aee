"""Counts like those of the judicial tables, drawn from a seed: departments < regions < France × offences < families ×
age × sex (× year), most inner cells 0 to 4, a few large; every margin is there, with every total that ties them.
"""

from __future__ import annotations

from itertools import product
from random import Random

from egide.disclosure.attack.system import Statement

Key = tuple[str, ...]


class Dimension:
    """Leaves, and above them totals: `parents` maps each total to its parts, leaves first."""

    def __init__(self, parents: dict[str, list[str]], leaves: list[str]) -> None:
        self.leaves, self.parents = leaves, parents
        self.codes = [*leaves, *parents]
        self.above: dict[str, list[str]] = {leaf: [leaf] for leaf in leaves}
        for leaf in leaves:
            reached = [leaf]
            for total, parts in parents.items():
                if any(part in reached for part in parts):
                    reached.append(total)
            self.above[leaf] = reached


def two_levels(prefix: str, groups: int, size: int) -> Dimension:
    """Groups of about `size` leaves, then the whole."""
    parents, leaves = {}, []
    for group in range(groups):
        mine = [f"{prefix}{group:02}.{one:02}" for one in range(max(2, size + (group % 3) - 1))]
        leaves += mine
        parents[f"{prefix}{group:02}"] = mine
    return Dimension({**parents, f"{prefix}": list(parents)}, leaves)


def one_level(prefix: str, size: int) -> Dimension:
    leaves = [f"{prefix}{one}" for one in range(size)]
    return Dimension({prefix: leaves}, leaves)


def cube(dimensions: list[Dimension], *, seed: int = 1, mean: float = 2.0) -> tuple[dict[Key, int], list[Statement]]:
    """Exact counts of every cell, margins included, and every total. `mean`: of inner cells, most of which are 0."""
    chance = Random(seed)
    weights = [{leaf: chance.lognormvariate(0, 1) for leaf in dimension.leaves} for dimension in dimensions]
    inner = list(product(*(dimension.leaves for dimension in dimensions)))
    sizes = []
    for cell in inner:
        size = chance.lognormvariate(0, 0.8)
        for weight, code in zip(weights, cell, strict=True):
            size *= weight[code]
        sizes.append(size)
    scale = mean * len(inner) / sum(sizes)
    values = dict.fromkeys(product(*(dimension.codes for dimension in dimensions)), 0)
    for cell, size in zip(inner, sizes, strict=True):
        number = _poisson(chance, size * scale)
        if number:
            for margin in product(*(one.above[code] for one, code in zip(dimensions, cell, strict=True))):
                values[margin] += number
    return values, totals(dimensions)


def totals(dimensions: list[Dimension]) -> list[Statement]:
    found = []
    for place, dimension in enumerate(dimensions):
        others = [one.codes for one in dimensions]
        for total, parts in dimension.parents.items():
            others[place] = [total]
            for whole in product(*others):
                cells = [(*whole[:place], part, *whole[place + 1 :]) for part in parts]
                found.append(Statement.total(whole, cells, said=f"total {' '.join(whole)}"))
    return found


def _poisson(chance: Random, mean: float) -> int:
    """Exact for small means; a rounded normal beyond, where nobody sees the difference."""
    if mean > 50:
        return max(0, round(chance.normalvariate(mean, mean**0.5)))
    number, left = 0, chance.expovariate(1)
    while left < mean:
        number += 1
        left += chance.expovariate(1)
    return number
