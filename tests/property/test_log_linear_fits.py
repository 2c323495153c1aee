"""Fits of log-linear models against what theory says of them, and against slow oracles written otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from egide.estimation.choice import hierarchical, stepwise_all
from egide.estimation.fitting.existence import resolve
from egide.estimation.fitting.fit import CERTIFIED, Fits, fit, fit_tables
from egide.estimation.histories import Histories, permuted
from egide.estimation.models import Model, read

SPARSE = st.sampled_from([0, 0, 0, 1, 2, 7, 300])


@st.composite
def tables(draw: st.DrawFn, cell: st.SearchStrategy[int], k: int = 3, *, impossible: bool = False) -> Histories:
    counts = [0, *(draw(cell) for _ in range((1 << k) - 1))]
    possible = np.ones(1 << k, dtype=np.bool_)
    if impossible:
        for history in range(1, 1 << k):
            possible[history] = counts[history] > 0 or draw(st.integers(0, 3)) > 0
    return Histories(lists=tuple("ABCD"[:k]), counts=counts, possible=possible)


FULL = tables(st.integers(1, 400))
MODELS = st.sampled_from(hierarchical(3, 2))


def one(table: Histories, model: Model) -> Fits:
    return fit(table, [model], compiled=False)


@settings(max_examples=25)
@given(FULL, MODELS, st.permutations(range(3)))
def test_the_order_of_the_lists_does_not_matter(table: Histories, model: Model, order: list[int]):
    moved = Model(
        k=3,
        interactions=tuple(
            sum(1 << order.index(one) for one in range(3) if term >> one & 1) for term in model.interactions
        ),
    )
    first, second = one(table, model), one(permuted(table, order), moved)
    assert second.unseen == pytest.approx(first.unseen, rel=1e-8)
    assert second.likelihood == pytest.approx(first.likelihood, rel=1e-10)


@settings(max_examples=15)
@given(FULL, MODELS)
def test_a_list_with_nobody_changes_nothing(table: Histories, model: Model):
    wider = Histories(lists=("A", "B", "C", "D"), counts=np.concatenate([table.counts, np.zeros(8, dtype=np.int64)]))
    with_all = Model(k=4, interactions=(*model.interactions, 9, 10, 12))
    for larger in (Model(k=4, interactions=model.interactions), with_all):
        assert one(wider, larger).unseen == pytest.approx(one(table, model).unseen, rel=1e-9)


@settings(max_examples=15)
@given(FULL, MODELS, st.integers(2, 50))
def test_everyone_counted_several_times_multiplies_the_unseen_and_divides_the_variance(
    table: Histories, model: Model, times: int
):
    first, second = one(table, model), one(table.with_counts(table.counts * times), model)
    assert second.unseen == pytest.approx(times * first.unseen, rel=1e-8)
    assert second.variance == pytest.approx(first.variance / times, rel=1e-7)


@settings(max_examples=15)
@given(FULL, MODELS, st.floats(0.1, 5))
def test_a_table_merged_with_what_its_model_expects_keeps_its_fit(table: Histories, model: Model, share: float):
    alone = _by_minimising(table, model)
    merged = table.counts + share * np.concatenate([[0.0], alone[1:]])
    both = fit_tables(merged, table.possible, [model], compiled=False)
    assert both.unseen == pytest.approx((1 + share) * one(table, model).unseen, rel=1e-4)


@settings(max_examples=15)
@given(FULL, MODELS)
def test_a_minimiser_that_knows_nothing_of_sets_finds_the_same_estimate(table: Histories, model: Model):
    assert _by_minimising(table, model)[0] == pytest.approx(one(table, model).unseen[0, 0], rel=1e-4)


def test_one_more_person_on_all_lists_is_fewer_unseen_and_one_more_alone_is_more():
    table, model = Histories(lists=("A", "B"), counts=[0, 40, 30, 12]), read(2, "[1,2]")
    before = one(table, model).unseen[0, 0]
    assert before == pytest.approx(40 * 30 / 12)  # Lincoln and Petersen
    assert one(table.with_counts([0, 40, 30, 13]), model).unseen[0, 0] < before
    assert one(table.with_counts([0, 41, 30, 12]), model).unseen[0, 0] > before


@settings(max_examples=30)
@given(tables(SPARSE, impossible=True))
def test_three_sparse_lists_get_the_status_that_a_program_for_every_model_gives(table: Histories):
    assume(table.seen > 0)
    models = hierarchical(3, 2)
    found = resolve(table, fit(table, models, compiled=True))
    assert found.status[0].tolist() == [_status(table, model) for model in models]


@settings(max_examples=8)
@given(tables(SPARSE, k=4), st.integers(0, 9))
def test_four_sparse_lists_get_the_status_that_a_program_for_every_model_gives(table: Histories, first: int):
    assume(table.seen > 0)
    models = hierarchical(4, 3)[first::10]
    found = resolve(table, fit(table, models, compiled=True))
    assert found.status[0].tolist() == [_status(table, model) for model in models]
    assert np.isfinite(found.unseen[found.status == CERTIFIED]).all()
    assert np.isnan(found.unseen[found.status != CERTIFIED]).all()


@settings(max_examples=25)
@given(tables(SPARSE))
def test_what_the_steps_choose_has_an_estimate(table: Histories):
    assume(table.repeated > 0)
    found = stepwise_all(table.counts[None, :], table.possible, compiled=False)
    model = found.model(0)
    assert found.status[0] == _status(table, model)
    if found.status[0] != CERTIFIED:
        assert model.interactions == ()  # where even independence has none
        return
    assert found.unseen[0] == pytest.approx(resolve(table, one(table, model)).unseen[0, 0], rel=1e-7)


def _by_minimising(table: Histories, model: Model) -> np.ndarray:
    """Expected counts, the unseen first, by a general minimiser of the Poisson deviance."""
    cells = range(8)
    design = np.array([[float(cell & int(term) == term) for term in model.terms] for cell in cells])
    seen = design[1:]

    def cost(theta: np.ndarray) -> tuple[float, np.ndarray]:
        logs = seen @ theta
        means = np.exp(logs)
        return float(means.sum() - table.counts[1:] @ logs), seen.T @ (means - table.counts[1:])

    start = np.linalg.lstsq(seen, np.log(table.counts[1:]), rcond=None)[0]
    found = minimize(cost, start, jac=True, method="BFGS", options={"gtol": 1e-8, "maxiter": 2_000})
    return np.exp(design @ found.x)


def _status(table: Histories, model: Model) -> int:
    """The same question asked of another program: how much can empty cells go down while the others stay?"""
    cells = [cell for cell in range(1, len(table.counts)) if table.possible[cell]]
    dead = [int(t) for t in model.terms if not any(table.counts[cell] and cell & t == t for cell in cells)]
    cells = [cell for cell in cells if not any(cell & term == term for term in dead)]
    terms = [int(term) for term in model.terms if term not in dead]
    design = np.array([[float(cell & term == term) for term in terms] for cell in cells]).reshape(
        len(cells), len(terms)
    )
    empty = table.counts[cells] == 0
    code = 0 if np.linalg.matrix_rank(design) == len(terms) else 2
    if not empty.any():
        return code
    falls, stays = design[empty], design[~empty]
    program = linprog(
        -falls.sum(axis=0),
        A_ub=np.vstack([-falls, falls]),
        b_ub=np.repeat([0.0, 1.0], len(falls)),
        A_eq=stays,
        b_eq=np.zeros(len(stays)),
        bounds=(None, None),
    )
    return code + (1 if -program.fun > 1e-6 else 0)
