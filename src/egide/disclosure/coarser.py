"""The coarser breakdown of a cube: where the level asked would hide most of it, what can be published instead.

A *cut* keeps each dimension down to one of its levels: regions without departments, no age at all. Its counts are
counts of the cube. What the attacker can exclude of a cut, he can exclude of every finer one: cuts are tried from the
coarsest, and nothing finer than a cut that is out of reach is looked at.
Source: docs/methods/coarser-breakdown.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import product

import numpy as np
from attrs import evolve, field, frozen

from egide.disclosure.attack.components import reduce
from egide.disclosure.attack.findings import FULL, Level
from egide.disclosure.attack.rows import NO_LIMIT, Flags, Ints, Rows
from egide.disclosure.attack.system import Attacker, Unknown
from egide.disclosure.cubes import NO_TOTAL, Cube, Dimension
from egide.disclosure.secondary import protect_rows

Levels = Mapping[str, Sequence[str]]  # French name of each level of a dimension, from the whole down


@frozen(kw_only=True, eq=False)
class Cut:
    """A cube without the levels below `depths`: one per dimension, 0 for its whole alone."""

    cube: Cube = field(repr=False)
    depths: tuple[int, ...]

    @cached_property
    def kept(self) -> tuple[Ints, ...]:
        """Places of the codes that stay, by dimension."""
        return tuple(
            np.flatnonzero(one.depth <= depth) for one, depth in zip(self.cube.dimensions, self.depths, strict=True)
        )

    @property
    def columns(self) -> Flags:
        """The columns of the cube that stay."""
        inside = np.zeros(self.cube.counts.shape, bool)
        inside[np.ix_(*self.kept)] = True
        return np.asarray(inside.reshape(-1)[self.cube.filled])

    @property
    def table(self) -> Cube:
        """The breakdown as a cube; a dimension of which only the whole is left is gone."""
        gone = tuple(axis for axis, one in enumerate(self.cube.dimensions) if self._drops(one, self.depths[axis]))
        dimensions = [
            _only(one, places)
            for axis, (one, places) in enumerate(zip(self.cube.dimensions, self.kept, strict=True))
            if axis not in gone
        ]
        return Cube(dimensions=dimensions, counts=self.cube.counts[np.ix_(*self.kept)].squeeze(gone))

    def is_finer_than(self, other: Cut) -> bool:
        """Has it all the cells of the other? True of itself."""
        return all(mine >= theirs for mine, theirs in zip(self.depths, other.depths, strict=True))

    def text(self, levels: Levels | None = None) -> str:
        """ "par région × année (sans âge ni sexe)". A level that `levels` does not name is told by its number."""
        by, without = [], []
        for dimension, depth in zip(self.cube.dimensions, self.depths, strict=True):
            deepest = int(dimension.depth.max())
            if not self._drops(dimension, depth):
                by.append(_level(dimension.name, depth, deepest, levels or {}))
            elif deepest:
                without.append(dimension.name)
        told = f"par {' × '.join(by)}"
        if not without:
            return told
        *others, last = without
        return f"{told} (sans {', '.join(others)} ni {last})" if others else f"{told} (sans {last})"

    @staticmethod
    def _drops(dimension: Dimension, depth: int) -> bool:
        return depth == 0 and dimension.whole is not None


@frozen(kw_only=True, eq=False)
class Proposal:
    """Cuts that can be published, with what must be hidden in them: every small count then keeps the level asked.

    Safe for a reader who holds these cuts and no others. Publishing two proposals tells more than each of them.
    """

    cuts: tuple[Cut, ...]
    columns: Ints  # the columns of the cube that they have
    hidden: Flags  # for each of these
    small: int

    @property
    def filled(self) -> int:
        """How many cells are not zero. Zeros are always shown and do not count."""
        return len(self.columns)

    @property
    def shown(self) -> int:
        return int((~self.hidden).sum())

    def text(self, levels: Levels | None = None) -> str:
        """One line for the authors, in French."""
        said = " ; ".join(one.text(levels) for one in self.cuts)
        counts = f"{_number(self.shown)} cellules montrées sur {_number(self.filled)}"
        return f"{said}\u00a0: {counts} (zéros mis à part), tous les petits effectifs protégés"


@frozen(kw_only=True)
class Reach:
    """What one can hope for in a breakdown: `within`, small counts that the easiest reasoning does not narrow too far
    when all that is not zero is hidden. Others cannot keep the level, whatever is hidden."""

    filled: int
    small: int
    within: int


def coarser(cube: Cube) -> tuple[Cut, ...]:
    """Every cut, each after those that it is finer than: the cube itself comes last. The only total is left out."""
    levels = [range(int(one.depth.max()) + 1) for one in cube.dimensions]
    cuts = [Cut(cube=cube, depths=depths) for depths in product(*levels)]
    return tuple(cut for cut in cuts if any(len(places) > 1 for places in cut.kept))


def reach(*cuts: Cut, level: Level = FULL, attacker: Attacker = Attacker.LABELS_KNOWN, threshold: int = 5) -> Reach:
    """What these cuts, published together, can keep at best. Seconds for a million cells."""
    question = _Question(cube=cuts[0].cube, level=level, attacker=attacker, threshold=threshold)
    return question.reach(_columns(cuts))


def propose(
    cube: Cube,
    *,
    level: Level = FULL,
    attacker: Attacker = Attacker.LABELS_KNOWN,
    threshold: int = 5,
    most: int = 5,
) -> tuple[Proposal, ...]:
    """The most useful cuts in which every small count is proven to keep the level. One of them may be published.

    Out:    at most `most`, most useful first: most cells shown, then fewest hidden, then most cells with zeros. Each
            is protected by `protect_rows`, which does not look for the optimum: a cut that it could not prove safe is
            not proposed. Empty when no cut both shows something and is safe.
    Source: docs/methods/coarser-breakdown.md.
    """
    if most < 1:
        raise ValueError(f"expected one proposal at least, got {most}")
    question = _Question(cube=cube, level=level, attacker=attacker, threshold=threshold)
    found: list[Proposal] = []
    for cut, ceiling in question.within_reach():
        if len(found) == most and ceiling < found[-1].shown:
            break  # all that follow show fewer still
        proposal = question.protected((cut,))
        if proposal is not None:
            found = sorted([*found, proposal], key=_rank)[:most]
    return tuple(found)


def propose_together(
    cube: Cube, *, level: Level = FULL, attacker: Attacker = Attacker.LABELS_KNOWN, threshold: int = 5
) -> Proposal | None:
    """Several cuts to be published together, protected as one table; None when no cut shows anything safely.

    Each cut in turn, those that could show most first, joins the others when every small count of all of them still
    keeps the level, and more cells are shown than without it. Not the best set: a good one, found step by step.
    """
    question = _Question(cube=cube, level=level, attacker=attacker, threshold=threshold)
    chosen: Proposal | None = None
    for cut, _ in question.within_reach():
        if chosen is not None and any(one.is_finer_than(cut) for one in chosen.cuts):
            continue
        proposal = question.protected((cut,) if chosen is None else (*chosen.cuts, cut))
        if proposal is not None and (chosen is None or proposal.shown > chosen.shown):
            chosen = proposal
    return chosen


@frozen(kw_only=True, eq=False)
class _Question:
    cube: Cube
    level: Level
    attacker: Attacker
    threshold: int

    @cached_property
    def rows(self) -> Rows:
        return self.cube.rows()

    @cached_property
    def small(self) -> Flags:
        return np.asarray(self.cube.numbers < self.threshold)

    def within_reach(self) -> list[tuple[Cut, int]]:
        """Cuts that nothing forbids yet, with how many cells each could show: most first, then coarsest."""
        failed: list[Cut] = []
        found: list[tuple[Cut, int]] = []
        for cut in coarser(self.cube):
            if any(cut.is_finer_than(one) for one in failed):
                continue
            best = self.reach(cut.columns)
            if best.within < best.small:
                failed.append(cut)
            elif best.filled > best.small:
                found.append((cut, best.filled - best.small))
        return sorted(found, key=lambda one: (-one[1], one[0].depths))

    def reach(self, columns: Flags) -> Reach:
        rows, small = self._part(columns), self.small[columns]
        low, high = self._range_of(Unknown.below(self.threshold))
        large_low, large_high = self._range_of(Unknown.nc(self.threshold))
        bounds = reduce(rows.within(np.where(small, low, large_low), np.where(small, high, large_high))).bounds
        if self.level.least_values is None:
            keeps = (bounds.low <= 1) & (bounds.high >= self.threshold - 1)
        else:
            keeps = bounds.high - bounds.low >= self.level.least_values - 1
        return Reach(filled=len(small), small=int(small.sum()), within=int((small & keeps).sum()))

    def _range_of(self, hidden: Unknown) -> tuple[int, int]:
        """What this attacker takes a number under this label to be."""
        low, high = hidden.range_for(self.attacker)
        return -NO_LIMIT if low is None else low, NO_LIMIT if high is None else high

    def protected(self, cuts: tuple[Cut, ...]) -> Proposal | None:
        """None when some small count is not proven to keep the level, or when nothing would be shown."""
        columns = _columns(cuts)
        best = self.reach(columns)
        if best.within < best.small:
            return None
        small = self.small[columns]
        done = protect_rows(
            self._part(columns),
            self.cube.numbers[columns],
            small,
            level=self.level,
            attacker=self.attacker,
            threshold=self.threshold,
        )
        hidden = done.hidden | small
        if bool((small & ~done.proven).any()) or bool(hidden.all()):
            return None
        return Proposal(cuts=cuts, columns=np.flatnonzero(columns), hidden=hidden, small=best.small)

    def _part(self, columns: Flags) -> Rows:
        """The totals of which all the cells stay, over these columns alone.

        A cut that has the parts has the total: no total of several cuts together is missing, and none is too many.
        """
        whole = self.rows
        inside = whole.chosen(np.flatnonzero(whole.sums(~columns[whole.columns]) == 0))
        place = np.cumsum(columns) - 1
        return evolve(inside, low=whole.low[columns], high=whole.high[columns], columns=place[inside.columns])


def _columns(cuts: Sequence[Cut]) -> Flags:
    return np.asarray(np.any([one.columns for one in cuts], axis=0))


def _rank(proposal: Proposal) -> tuple[int, int, int, tuple[int, ...]]:
    (cut,) = proposal.cuts
    return -proposal.shown, int(proposal.hidden.sum()), -int(np.prod([len(one) for one in cut.kept])), cut.depths


def _only(dimension: Dimension, places: Ints) -> Dimension:
    """The same tree without the codes that are not kept; a parent of a kept code is kept."""
    place = np.full(len(dimension.codes), NO_TOTAL)
    place[places] = np.arange(len(places))
    parent = dimension.parent[places]
    codes = tuple(dimension.codes[one] for one in places)
    return Dimension(dimension.name, codes, np.where(parent == NO_TOTAL, NO_TOTAL, place[parent]))


def _level(name: str, depth: int, deepest: int, levels: Levels) -> str:
    if name in levels:
        if len(levels[name]) <= deepest:
            raise ValueError(f"{name}: {deepest + 1} levels, from the whole down, got {', '.join(levels[name])}")
        return levels[name][depth]
    return name if depth == deepest else f"{name} (niveau {depth} sur {deepest})"


def _number(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")
