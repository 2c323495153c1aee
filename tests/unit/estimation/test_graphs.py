"""Averaging over decomposable graphs: all of them, their exact weights, and the law of the unseen."""

from itertools import combinations, permutations
from math import exp, lgamma, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.estimation.graphs import averaged, decomposable, posterior
from egide.estimation.graphs.sums import runs
from egide.estimation.histories import Histories, forbidding, permuted
from egide.estimation.models import pairs
from egide.estimation.results import Declined, Estimate, Reason
from support.mse import answered, table


def chordless_cycle(k: int, edges: set[int]) -> bool:
    """Whether four lists or more make a ring without a shortcut: by trying every ring."""
    for size in range(4, k + 1):
        for ring in permutations(range(k), size):
            around = {(1 << one) | (1 << other) for one, other in zip(ring, ring[1:] + ring[:1], strict=True)}
            inside = {(1 << one) | (1 << other) for one, other in combinations(ring, 2)}
            if around <= edges and not (inside - around) & edges:
                return True
    return False


def test_there_are_8_61_822_and_18154_decomposable_graphs():
    assert [len(decomposable(k)) for k in (2, 3, 4, 5, 6)] == [2, 8, 61, 822, 18_154]


@pytest.mark.parametrize("k", [3, 4])
def test_a_graph_is_kept_when_no_ring_of_lists_is_without_a_shortcut(k: int):
    kept = {frozenset(decomposable(k).pairs(graph)) for graph in range(len(decomposable(k)))}
    every = (frozenset(chosen) for size in range(k * k) for chosen in combinations(pairs(k), size))
    assert kept == {edges for edges in every if not chordless_cycle(k, set(edges))}


def test_cliques_count_for_a_graph_and_separators_against_it():
    graphs = decomposable(4)  # lists 1-2-3 all touch, 4 touches 3 only: cliques 123 and 34, separated by 3
    place = next(at for at in range(len(graphs)) if set(graphs.pairs(at)) == {0b0011, 0b0101, 0b0110, 0b1100})
    parts = graphs.parts[place]
    assert {int(cell): parts[cell] for cell in np.flatnonzero(parts)} == {0b0111: 1, 0b1100: 1, 0b0100: -1}


def plain_law(counts: dict[tuple[int, int, int], int], most: int) -> tuple[list[float], list[float]]:
    """Three lists, one number of unseen after the other, each graph written by its cliques: weights, chances."""
    cliques = [
        ([(0,), (1,), (2,)], []),
        ([(0, 1), (2,)], []), ([(0, 2), (1,)], []), ([(1, 2), (0,)], []),
        ([(0, 1), (0, 2)], [(0,)]), ([(0, 1), (1, 2)], [(1,)]), ([(0, 2), (1, 2)], [(2,)]),
        ([(0, 1, 2)], []),
    ]  # fmt: skip
    seen = sum(counts.values())

    def chance(lists: tuple[int, ...], unseen: int) -> float:
        margin = {marks: 0 for marks in np.ndindex(*[2] * len(lists))}
        for history, persons in {**counts, (0, 0, 0): unseen}.items():
            margin[tuple(history[one] for one in lists)] += persons
        share = 1 / 2 ** len(lists)
        cells = sum(lgamma(persons + share) - lgamma(share) for persons in margin.values())
        return lgamma(1) - lgamma(1 + seen + unseen) + cells

    logs = [
        [
            sum(chance(one, unseen) for one in those) - sum(chance(one, unseen) for one in between)
            + lgamma(seen + unseen + 1) - lgamma(unseen + 1) - log(seen + unseen)
            for unseen in range(1, most + 1)
        ]
        for those, between in cliques
    ]  # fmt: skip
    peak = max(max(row) for row in logs)
    whole = sum(exp(each - peak) for row in logs for each in row)
    weights = [sum(exp(each - peak) for each in row) / whole for row in logs]
    return weights, [sum(exp(row[at] - peak) for row in logs) / whole for at in range(most)]


@settings(max_examples=6)
@given(st.lists(st.integers(0, 60), min_size=7, max_size=7).filter(lambda cells: sum(cells) > 5), st.integers(70, 900))
def test_the_law_of_the_unseen_is_the_one_that_adding_number_by_number_gives(cells: list[int], most: int):
    given_table = Histories(lists=("A", "B", "C"), counts=[0, *cells])
    law = posterior(given_table, most=most)
    history = {(cell & 1, cell >> 1 & 1, cell >> 2 & 1): cells[cell - 1] for cell in range(1, 8)}
    weights, chances = plain_law(history, most)
    assert sorted(law.weights) == pytest.approx(sorted(weights), abs=1e-9)
    assert law.mean == pytest.approx(sum(cells) + sum(at * one for at, one in enumerate(chances, 1)), rel=1e-9)
    upto = np.cumsum(chances)
    for wanted in (0.025, 0.5, 0.975):
        if np.abs(upto - wanted).min() > 1e-8:  # else two neighbours are as good as each other
            assert law.quantile(wanted) == sum(cells) + 1 + int(np.searchsorted(upto, wanted))


@pytest.mark.parametrize("name", ["Korea", "Kosovo", "UKdat_5", "Ned_5", "NewOrl_5"])
def test_the_r_package_gives_the_same_median_and_interval(name: str):
    row = answered("dga", "bma.cr", name)
    most = int(row["note"].split("Nmissing=1..")[1].split()[0])
    found = averaged(table(name), most=most)
    assert isinstance(found, Estimate)
    assert [found.low, found.persons, found.high] == [float(row[end]) for end in ("ci95_low", "estimate", "ci95_high")]
    assert found.notes["mean"] == pytest.approx(float(row["note"].split("mean=")[1]), rel=1e-5)
    assert found.notes["best"] == pytest.approx(float(row["model"].split("p=")[1]), abs=5e-4)


def test_six_lists_are_answered_too():
    found = averaged(table("UKdat"))
    assert isinstance(found, Estimate)
    assert found.notes["graphs"] == 18_154
    assert 10_000 < found.low < found.persons < found.high < 40_000


def test_the_order_of_the_lists_changes_nothing():
    one, other = averaged(table("Kosovo")), averaged(permuted(table("Kosovo"), (2, 0, 3, 1)))
    assert isinstance(one, Estimate) and isinstance(other, Estimate)
    assert (one.low, one.persons, one.high) == (other.low, other.persons, other.high)


@pytest.mark.parametrize("last", [1, 64, 65, 1_000, 200_000])
def test_a_few_values_sum_as_if_every_number_were_added(last: int):
    cut = runs(last)
    assert cut.weights.sum() == pytest.approx(last, rel=1e-12)
    numbers = np.arange(1, last + 1, dtype=np.float64)
    assert (cut.weights / cut.nodes).sum() == pytest.approx((1 / numbers).sum(), rel=1e-12)


def test_what_the_graphs_cannot_hold_is_declined():
    apart = forbidding(Histories(lists=("A", "B", "C"), counts=[0, 5, 4, 0, 6, 3, 2, 0]), [("A", "B")])
    assert averaged(apart) == Declined(method="graphs", reason=Reason.OUT_OF_REACH)
    assert averaged(table("NewOrl")) == Declined(method="graphs", reason=Reason.OUT_OF_REACH)
    alone = Histories(lists=("A", "B"), counts=[0, 5, 4, 0])
    assert averaged(alone) == Declined(method="graphs", reason=Reason.NO_OVERLAP)
    with pytest.raises(ValueError, match="nobody can have"):
        posterior(apart)
    with pytest.raises(ValueError, match="2 to 6"):
        decomposable(7)
    with pytest.raises(ValueError, match="nothing to sum"):
        runs(0)
