"""Which models have an estimate at all, and the proof of it."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

from egide.estimation.choice import hierarchical
from egide.estimation.fitting.exact import kernel_vector, reduced
from egide.estimation.fitting.existence import (
    EXISTS,
    NEITHER,
    NO_MAXIMUM,
    NOT_IDENTIFIED,
    _rounded,
    check,
    identified,
    live,
    resolve,
    resolve_tables,
)
from egide.estimation.fitting.fit import CERTIFIED, UNDECIDED, fit, fit_tables
from egide.estimation.fitting.regression import settled, spread_out
from egide.estimation.histories import Histories, forbidding, from_rows, subset_sums, superset_sums
from egide.estimation.models import Model, independence, pairs, pairwise, read
from support.mse import answered, table

ARTIFICIAL = {  # Chan, Silverman and Vincent 2021, section 3: 40, 30, 20 alone, 6 on A and B, nobody else
    "[1,2,3]": EXISTS,
    "[12,3]": NO_MAXIMUM,
    "[13,2]": EXISTS,
    "[23,1]": EXISTS,
    "[12,13]": NO_MAXIMUM,
    "[12,23]": NO_MAXIMUM,
    "[13,23]": EXISTS,
    "[12,13,23]": NOT_IDENTIFIED,
}


@pytest.mark.parametrize(("model", "code"), ARTIFICIAL.items())
def test_the_artificial_table_of_the_article_shows_both_faults(model: str, code: int):
    assert check(table("Artificial_3"), read(3, model)).code == code


@pytest.mark.parametrize("name", ["Korea", "Kosovo", "UKdat_5", "Ned_5", "NewOrl_5"])
def test_as_many_models_are_kept_as_by_the_r_package(name: str):
    given = table(name)
    fits = resolve(given, fit(given, hierarchical(given.k, 3)))
    row = answered("MultipleSystemsEstimation", "estimate_population bic (default", name)
    assert row["note"] == f"models kept after existence check={(fits.status == CERTIFIED).sum()}"


@pytest.mark.parametrize("name", ["UKdat_5", "Ned_5", "NewOrl_5", "Artificial_3", "Rcapture_lesbian"])
def test_the_linear_program_is_not_needed_for_a_model_that_has_an_estimate(name: str):
    given = table(name)
    fits = fit(given, hierarchical(given.k, 3))
    assert not ((fits.status == UNDECIDED) & (resolve(given, fits).status == CERTIFIED)).any()


def test_a_direction_is_a_proof_that_anyone_can_check_in_whole_numbers():
    proofs = 0
    for counts in _sparse(4, 12):
        given = Histories(lists=tuple("ABCD"), counts=counts)
        for model in hierarchical(4, 3)[::10]:
            found = check(given, model)
            assert (found.direction is None) == found.exists
            if found.direction is None:
                continue
            proofs += 1
            changes = subset_sums(np.array(found.direction, dtype=np.int64))
            held, alive = live(model.terms, given.counts > 0, given.possible)
            assert set(np.nonzero(found.direction)[0].tolist()) <= set(held.tolist())
            assert (changes[alive] >= 0).all()
            assert changes[alive].any()
            assert not changes[alive & (given.counts > 0)].any()
    assert proofs > 40


def test_a_hint_that_is_no_direction_proves_nothing():
    design, borne = np.array([[1, 0], [1, 1]]), np.array([True, False])
    assert _rounded(design, borne, np.array([0.0, 2 / 3])).tolist() == [0, 1]
    assert _rounded(design, borne, np.array([0.0, -2 / 3])) is None
    assert _rounded(design, borne, np.zeros(2)) is None


def test_a_direction_found_for_one_model_serves_the_others_and_says_the_same():
    given, models = table("NewOrl_5"), hierarchical(5, 3)[::5]
    fits = resolve(given, fit(given, models))
    asked = np.nonzero(fits.status[0] != CERTIFIED)[0].tolist()
    assert len(asked) > 30
    assert [check(given, models[place]).code for place in asked] == fits.status[0, asked].tolist()


def test_only_which_histories_are_empty_matters():
    given = table("UKdat_5")
    alike = given.with_counts((given.counts > 0).astype(np.int64))
    some = hierarchical(5, 3)[::97]
    assert [check(given, one) for one in some] == [check(alike, one) for one in some]


def test_lists_that_cannot_overlap_can_make_a_model_unidentified():
    rows = [((1, 0, 0), 9), ((0, 1, 0), 8), ((0, 0, 1), 7), ((1, 1, 0), 5), ((0, 1, 1), 3)]
    given = forbidding(from_rows("ABC", rows), [("A", "C")])
    assert check(given, independence(3)).code == EXISTS
    assert check(given, read(3, "[12,3]")).code == EXISTS
    assert check(given, read(3, "[12,23]")).code == NOT_IDENTIFIED  # five histories, six parameters


def test_nobody_on_two_lists_leaves_no_maximum():
    given = from_rows("AB", [((1, 0), 9), ((0, 1), 8)])
    assert check(given, independence(2)).code == NO_MAXIMUM
    assert check(given, pairwise(2)).code == NOT_IDENTIFIED


def test_a_model_can_lack_both():
    given = Histories(lists=("A", "B", "C"), counts=[0, 0, 1, 0, 0, 0, 1, 0])  # on B, and on B and C
    assert check(given, pairwise(3)).code == NEITHER
    assert check(given, pairwise(3)).direction is not None


def test_the_slow_fit_agrees_with_newtons_wherever_it_is_asked():
    given, models = table("Kosovo"), hierarchical(4, 3)
    fast = fit(given, models)
    slow = resolve(given, evolve(fast, status=np.full_like(fast.status, UNDECIDED)))
    assert (fast.status == CERTIFIED).all()
    for name in ("unseen", "variance", "likelihood"):
        assert getattr(slow, name) == pytest.approx(getattr(fast, name), rel=1e-7)


def test_an_estimate_far_out_is_still_given_once_it_is_proved():
    # From one person to a thousand million by history: some expected counts escape Newton's certificate.
    one, much, most = 10**5, 10**7, 10**9
    counts = [0, most, one, one, 1, 1, 0, 0, 0, 1, much, one, most, one, one, most]
    given, model = Histories(lists=tuple("ABCD"), counts=counts), read(4, "[12,34]")
    first = fit(given, [model])
    assert first.status == UNDECIDED
    assert resolve(given, first).status == CERTIFIED
    held, alive = live(model.terms, given.counts > 0, given.possible)
    expected = superset_sums(spread_out(settled(given.counts.astype(float), held, alive).mean, alive))
    assert expected[held] == pytest.approx(given.totals()[held], rel=1e-9)  # the equations of the maximum


def test_tables_are_resolved_each_for_itself():
    tables = np.array([table("Korea").counts, table("Artificial_3").counts])
    every = np.ones(8, dtype=np.bool_)
    models = hierarchical(3, 2)
    together = resolve_tables(tables, every, fit_tables(tables, every, models))
    alone = [resolve(given, fit(given, models)).status[0] for given in (table("Korea"), table("Artificial_3"))]
    assert np.array_equal(together.status, alone)


def test_identification_by_signs_is_the_exact_rank():
    for counts in _sparse(4, 12):
        borne, every = counts > 0, np.ones(16, dtype=np.bool_)
        for model in hierarchical(4, 3)[::7]:
            held, alive = live(model.terms, borne, every)
            design = (np.nonzero(alive)[0][:, None] & held == held).astype(np.int64)
            assert identified(held, alive) == (reduced(design.T).rank == len(held))
            assert reduced(design.T).rank == np.linalg.matrix_rank(design)


def test_elimination_in_whole_numbers_finds_vectors_that_the_matrix_sends_to_zero():
    chance = np.random.default_rng(4)
    for _ in range(30):
        matrix = chance.integers(-3, 4, (4, 7))
        found = reduced(matrix)
        assert found.rank == np.linalg.matrix_rank(matrix)
        assert not (matrix @ kernel_vector(found, chance.integers(-9, 10, 7))).any()


def test_terms_that_nobody_bears_leave_with_the_cells_that_contain_them():
    given = table("Artificial_3")
    held, alive = live(Model(k=3, interactions=pairs(3)).terms, given.counts > 0, given.possible)
    assert held.tolist() == [0, 1, 2, 4, 3]
    assert np.nonzero(alive)[0].tolist() == [1, 2, 3, 4]
    assert superset_sums(given.counts)[[5, 6, 7]].tolist() == [0, 0, 0]


def _sparse(k: int, tables: int) -> list[np.ndarray]:
    chance = np.random.default_rng(k)
    found = [np.concatenate([[0], chance.poisson(0.7, (1 << k) - 1)]) for _ in range(tables)]
    return [one for one in found if one.any()]
