"""Coarser breakdowns against a slow oracle: dictionaries of codes, every cut tried, and the attacker asked anew."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from egide.disclosure.attack.audit import audit
from egide.disclosure.attack.components import reduce
from egide.disclosure.attack.findings import FULL, ambiguous, protection
from egide.disclosure.attack.rows import NO_LIMIT, Rows
from egide.disclosure.attack.system import Attacker, Shown, Statement, System, Unknown
from egide.disclosure.coarser import Cut, Proposal, coarser, propose, propose_together, reach
from egide.disclosure.cubes import NO_TOTAL, Cube, Dimension, linked
from egide.disclosure.secondary import protect_rows
from support.examples import examples

thorough = settings(max_examples=examples(120), deadline=None, suppress_health_check=list(HealthCheck))
fewer = settings(thorough, max_examples=examples(60))
levels = st.sampled_from([FULL, ambiguous(2), ambiguous(3)])


@st.composite
def trees(draw: st.DrawFn, name: str, *, one_whole: bool = False) -> Dimension:
    """Any tree of up to six codes, in any order; sometimes several wholes."""
    size = draw(st.integers(1, 6))
    above = [draw(st.integers(0 if one_whole and place else NO_TOTAL, place - 1)) for place in range(size)]
    order = draw(st.permutations(range(size)))
    parent = np.full(size, NO_TOTAL)
    for place, one in enumerate(above):
        parent[order[place]] = NO_TOTAL if one == NO_TOTAL else order[one]
    return Dimension(name, tuple(f"{name}{place}" for place in range(size)), parent)


@st.composite
def cubes(draw: st.DrawFn, *, one_whole: bool = False) -> Cube:
    dimensions = [draw(trees(name, one_whole=one_whole)) for name in "xyz"[: draw(st.integers(1, 3))]]
    shape = tuple(len(one.leaves) for one in dimensions)
    size = int(np.prod(shape))
    inner = draw(st.lists(st.sampled_from([0, 0, 1, 2, 4, 5, 9, 40]), min_size=size, max_size=size))
    return Cube.of(dimensions, np.array(inner, np.int64).reshape(shape))


def chain(dimension: Dimension, code: str) -> list[str]:
    """A code and every total above it, the whole first."""
    above = dict(zip(dimension.codes, dimension.parent.tolist(), strict=True))
    found = [code]
    while above[found[0]] != NO_TOTAL:
        found.insert(0, dimension.codes[above[found[0]]])
    return found


def named(cut: Cut) -> dict[frozenset[tuple[str, str]], int]:
    """The cells of a cut, by the codes of its cube: a dimension that is gone stands at its whole."""
    table = cut.table
    wholes = {one.name: chain(one, one.codes[0])[0] for one in cut.cube.dimensions}
    names = [one.name for one in table.dimensions]
    return {
        frozenset({**wholes, **dict(zip(names, codes, strict=True))}.items()): int(table.counts[places])
        for places, codes in (
            (places, tuple(one.codes[place] for one, place in zip(table.dimensions, places, strict=True)))
            for places in np.ndindex(table.counts.shape)
        )
    }


def counted(cube: Cube, depths: tuple[int, ...]) -> dict[frozenset[tuple[str, str]], int]:
    """The same from the leaves alone: each adds to all that it stands under."""
    found: dict[frozenset[tuple[str, str]], int] = {}
    dimensions = cube.dimensions
    for leaves in product(*([int(leaf) for leaf in one.leaves] for one in dimensions)):
        chains = [
            [(one.name, code) for code in chain(one, one.codes[leaf])[: depth + 1]]
            for one, leaf, depth in zip(dimensions, leaves, depths, strict=True)
        ]
        for cell in product(*chains):
            found[frozenset(cell)] = found.get(frozenset(cell), 0) + int(cube.counts[leaves])
    return found


@given(cubes())
@thorough
def test_every_cut_has_the_counts_that_its_leaves_add_up_to(cube: Cube) -> None:
    for cut in coarser(cube):
        assert named(cut) == counted(cube, cut.depths)
        assert int(cut.columns.sum()) == len(cut.table.filled)


@given(cubes())
@thorough
def test_every_combination_of_levels_is_a_cut_except_the_only_total_and_comes_after_those_it_refines(
    cube: Cube,
) -> None:
    deepest = [max(len(chain(one, code)) for code in one.codes) - 1 for one in cube.dimensions]
    combinations = set(product(*(range(last + 1) for last in deepest)))
    alone = {one for one in combinations if len(counted(cube, one)) == 1}
    cuts = coarser(cube)
    assert {cut.depths for cut in cuts} == combinations - alone
    assert not any(one.is_finer_than(other) for place, one in enumerate(cuts) for other in cuts[place + 1 :])


def easiest(rows: Rows, numbers: np.ndarray, level: object, attacker: Attacker) -> int:
    """Small counts that plain narrowing leaves wide enough when everything is hidden."""
    small = numbers < 5
    high = np.full_like(numbers, NO_LIMIT)
    if attacker is Attacker.LABELS_KNOWN:
        rows = rows.within(np.where(small, 1, 5), np.where(small, 4, high))
    else:
        rows = rows.within(np.ones_like(numbers), high)
    bounds = reduce(rows).bounds
    wanted = range(1, 5) if level == FULL else range(getattr(level, "least_values", 0))
    kept = 0
    for low, top in zip(bounds.low[small].tolist(), bounds.high[small].tolist(), strict=True):
        values = range(low, top + 1)
        kept += all(one in values for one in wanted) if level == FULL else len(values[:9]) >= len(wanted)
    return kept


@given(cubes(), levels, st.sampled_from(Attacker))
@thorough
def test_what_is_within_reach_of_a_cut_is_what_its_own_table_says(
    cube: Cube, level: object, attacker: Attacker
) -> None:
    for cut in coarser(cube):
        table = cut.table
        best = reach(cut, level=level, attacker=attacker)
        assert (best.filled, best.small) == (len(table.numbers), int((table.numbers < 5).sum()))
        assert best.within == easiest(table.rows(), table.numbers, level, attacker)


@given(cubes(one_whole=True), st.data())
@thorough
def test_what_is_within_reach_of_several_cuts_is_what_their_linked_tables_say(cube: Cube, data: st.DataObject) -> None:
    cuts = coarser(cube)
    if not cuts:
        return
    chosen = data.draw(st.lists(st.sampled_from(cuts), min_size=1, max_size=3))
    joined = linked(*(cut.table for cut in chosen))
    best = reach(*chosen)
    assert best.filled == len(joined.numbers)
    assert best.within == easiest(joined.rows, joined.numbers, FULL, Attacker.LABELS_KNOWN)


@given(cubes(), levels, st.sampled_from(Attacker))
@thorough
def test_nothing_finer_than_a_cut_that_is_out_of_reach_is_within_reach(
    cube: Cube, level: object, attacker: Attacker
) -> None:
    cuts = coarser(cube)
    out = [best.within < best.small for best in (reach(cut, level=level, attacker=attacker) for cut in cuts)]
    for cut, finer_out in zip(cuts, out, strict=True):
        if not finer_out:
            assert not any(gone for other, gone in zip(cuts, out, strict=True) if gone and cut.is_finer_than(other))


def tried(cut: Cut, level: object) -> int | None:
    """How many cells a cut shows by itself; None when some small count falls short."""
    table = cut.table
    small = table.numbers < 5
    done = protect_rows(table.rows(), table.numbers, small, level=level)
    return None if (small & ~done.proven).any() else int((~done.hidden & ~small).sum())


@given(cubes(), levels, st.integers(1, 3))
@fewer
def test_no_cut_that_shows_more_was_left_untried(cube: Cube, level: object, most: int) -> None:
    shown = sorted((one for cut in coarser(cube) if (one := tried(cut, level))), reverse=True)
    found = propose(cube, level=level, most=most)
    assert [one.shown for one in found] == shown[:most]
    for one, other in pairwise(found):
        assert (one.shown, -int(one.hidden.sum())) >= (other.shown, -int(other.hidden.sum()))


def breaches(proposal: Proposal, level: object) -> int:
    """What the attacker wins, who holds every table of the proposal; the totals are listed code by code."""
    cube = proposal.cuts[0].cube
    names = [one.name for one in cube.dimensions]
    hidden = {
        frozenset(zip(names, cube.codes(int(cube.filled[column])), strict=True))
        for column, hide in zip(proposal.columns, proposal.hidden, strict=True)
        if hide
    }
    counts, statements = {}, []
    for cut in proposal.cuts:
        mine = counted(cube, cut.depths)
        counts.update(mine)
        for dimension, depth in zip(cube.dimensions, cut.depths, strict=True):
            above = {code: chain(dimension, code)[-2:] for code in dimension.codes}
            for cell in mine:
                code = dict(cell)[dimension.name]
                parts = [one for one, two in above.items() if one != code and two[0] == code]
                if parts and len(chain(dimension, code)) <= depth:
                    rest = cell - {(dimension.name, code)}
                    statements.append(
                        Statement.total(cell, [rest | {(dimension.name, part)} for part in parts], said=str(cell))
                    )
    assert all(counts[cell] > 0 for cell in hidden)
    assert all(cell in hidden for cell, count in counts.items() if 0 < count < 5)
    labels = {cell: Unknown.below() if counts[cell] < 5 else Unknown.nc() for cell in hidden}
    shown = {cell: Shown(value=count) for cell, count in counts.items() if cell not in hidden}
    assert proposal.shown == sum(count > 0 for cell, count in counts.items() if cell not in hidden)
    found = audit(System.of(labels, statements, shown))
    return len(protection(found, level))


@given(cubes(), levels)
@fewer
def test_the_attacker_narrows_no_small_count_of_a_proposed_cut(cube: Cube, level: object) -> None:
    for proposal in propose(cube, level=level):
        assert breaches(proposal, level) == 0


@given(cubes(), levels)
@fewer
def test_the_attacker_who_holds_all_the_cuts_proposed_together_narrows_no_small_count(
    cube: Cube, level: object
) -> None:
    together = propose_together(cube, level=level)
    alone = propose(cube, level=level, most=1)
    assert (together is None) == (not alone)
    if together is not None:
        assert breaches(together, level) == 0
        assert not any(
            one.is_finer_than(other) for place, one in enumerate(together.cuts) for other in together.cuts[place + 1 :]
        )
