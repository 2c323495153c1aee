"""The exact search against the enumeration of all models, on drawn tables that are mostly sparse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from egide.estimation.choice.branching import SLACK
from egide.estimation.choice.criteria import Ranking, ranked
from egide.estimation.choice.leaps import Proof, best, best_of, model_of
from egide.estimation.histories import Histories, forbidding, permuted


def _table(k: int, counts: list[int]) -> Histories:
    return Histories(lists=tuple("ABCDEFGH"[:k]), counts=np.array([0, *counts]))


def _tables(k: int, most: int = 8) -> st.SearchStrategy[Histories]:
    """Half of the histories have nobody; a few have many."""
    cell = st.one_of(st.just(0), st.integers(0, most), st.integers(0, 200))
    size = (1 << k) - 1
    return st.lists(cell, min_size=size, max_size=size).map(lambda counts: _table(k, counts))


def _agree(found: Proof, all_of_them: object) -> None:
    """The same least criterion and, unless there is a tie, the same model; and nothing between it and `others`."""
    if not isinstance(all_of_them, Ranking):
        assert found.model is None
        return
    values = all_of_them.criterion
    assert found.model is not None
    assert found.criterion == pytest.approx(values[0], abs=1e-6)
    if len(values) > 1:
        assert found.criterion - 2 * SLACK <= found.others <= values[1] + 1e-6
    if len(values) == 1 or values[1] > values[0] + 1e-6:
        assert found.model == all_of_them.models[0]
        assert found.unseen == pytest.approx(all_of_them.persons[0] - all_of_them.seen, rel=1e-6)


def _with_overlap(table: Histories) -> bool:
    return table.repeated > 0


@given(_tables(3).filter(_with_overlap))
@settings(max_examples=10, deadline=None)
def test_the_best_model_of_three_lists_is_the_best_of_all_eight(table: Histories):
    _agree(best(table, compiled=False), ranked(table, "bic", order=2))


@given(_tables(4).filter(_with_overlap))
@settings(max_examples=12, deadline=None)
def test_the_best_model_of_four_lists_is_the_best_of_all_64(table: Histories):
    _agree(best(table, compiled=True), ranked(table, "bic", order=2))


@given(_tables(4).filter(_with_overlap))
@settings(max_examples=6, deadline=None)
def test_the_best_model_with_threes_is_the_best_of_all_113(table: Histories):
    _agree(best(table, order=3, compiled=True), ranked(table, "bic", order=3))


@given(_tables(4))
@settings(max_examples=8, deadline=None)
def test_lists_that_cannot_overlap_are_left_out_of_the_fit(table: Histories):
    both = np.array([cell & 3 == 3 for cell in range(16)])
    apart = forbidding(table.with_counts(np.where(both, 0, table.counts)), [("A", "B")])
    assume(apart.repeated)
    _agree(best(apart, compiled=True), ranked(apart, "bic", order=2))


@given(_tables(5, most=3), st.permutations(range(5)))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_lists_does_not_change_the_answer(table: Histories, order: list[int]):
    one, other = best(table, 3.0, compiled=True), best(permuted(table, order), 3.0, compiled=True)
    assert one.criterion == pytest.approx(other.criterion, abs=1e-6, rel=1e-12)
    if min(one.others, other.others) > one.criterion + 1e-6:
        assert one.unseen == pytest.approx(other.unseen, rel=1e-6)


@given(st.lists(_tables(4), min_size=2, max_size=4), st.floats(0, 12))
@settings(max_examples=10, deadline=None)
def test_many_tables_at_once_are_each_as_if_alone(tables: list[Histories], penalty: float):
    together = best_of([one.counts for one in tables], tables[0].possible, penalty, compiled=True)
    for place, table in enumerate(tables):
        alone = best(table, penalty, compiled=True)
        assert together.criterion[place] == alone.criterion
        assert (model_of(4, int(together.model[place])) if together.model[place] >= 0 else None) == alone.model
