"""Two fits of the same models, loop by loop and all tables at once, written differently."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.estimation.choice import hierarchical
from egide.estimation.fitting.fit import CERTIFIED, fit_tables
from egide.estimation.fitting.vectorised import fit_tables as vectorised
from egide.estimation.histories import Flags, Floats
from support.mse import table

_CELL = st.one_of(st.just(0), st.integers(0, 5), st.integers(0, 2000))


@st.composite
def _problems(draw: st.DrawFn) -> tuple[Floats, Flags]:
    """Three tables of three or four lists, mostly sparse; in some, the first two lists cannot overlap."""
    k = draw(st.integers(3, 4))
    counts = np.array([[0, *draw(st.lists(_CELL, min_size=2**k - 1, max_size=2**k - 1))] for _ in range(3)], float)
    possible = np.array([cell & 3 != 3 for cell in range(2**k)]) if draw(st.booleans()) else np.ones(2**k, bool)
    return np.where(possible, counts, 0.0), possible


def _alike(one: Floats, other: Floats) -> None:
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


@given(_problems())
@settings(max_examples=10, deadline=None)
def test_both_fits_certify_the_same_models_and_give_the_same_numbers(problem: tuple[Floats, Flags]):
    counts, possible = problem
    models = hierarchical(len(possible).bit_length() - 1, 2)[::5]
    loops = fit_tables(counts, possible, models, compiled=True)
    arrays = vectorised(counts, possible, models)
    assert np.array_equal(loops.status, arrays.status)
    both = loops.status == CERTIFIED
    _alike(loops.unseen[both], arrays.unseen[both])
    _alike(loops.variance[both], arrays.variance[both])
    _alike(loops.likelihood[both], arrays.likelihood[both])


def test_both_fits_agree_on_published_tables_of_five_to_eight_lists():
    for name in ("UKdat_5", "UKdat", "NewOrl"):
        given = table(name)
        models = hierarchical(given.k, 1) if given.k > 6 else hierarchical(given.k, 2)[:20]
        loops = fit_tables(given.counts, given.possible, models, compiled=True)
        arrays = vectorised(given.counts, given.possible, models)
        assert np.array_equal(loops.status, arrays.status)
        _alike(loops.unseen, arrays.unseen)
