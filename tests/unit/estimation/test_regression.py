"""Poisson regression on any design matrix, against a general minimiser."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from egide.estimation.fitting.regression import poisson_fit, settled
from egide.estimation.models import design_matrix, pairwise, read

SEEN = np.arange(8) > 0
COUNTS = st.lists(st.integers(1, 300), min_size=7, max_size=7).map(lambda counts: np.array(counts, dtype=np.float64))


@settings(max_examples=15)
@given(COUNTS, st.floats(0, 5), st.floats(-3, 3))
def test_the_maximum_is_the_one_that_a_general_minimiser_finds(counts: np.ndarray, precision: float, offset: float):
    design = design_matrix(read(3, "[12,3]").terms, SEEN)
    prior = np.full(design.shape[1], precision)

    def cost(theta: np.ndarray) -> tuple[float, np.ndarray]:
        logs = offset + design @ theta
        means = np.exp(logs)
        value = means.sum() - counts @ logs + 0.5 * theta**2 @ prior
        return float(value), design.T @ (means - counts) + prior * theta

    start = np.linalg.lstsq(design, np.log(counts) - offset, rcond=None)[0]
    expected = minimize(cost, start, jac=True, method="BFGS", options={"gtol": 1e-8, "maxiter": 2_000})
    found = poisson_fit(design, counts, prior=prior, offset=offset)
    assert found.found
    # The minimiser stops where rounding of the cost hides what is left to gain: 1e-16 of it, its root in parameters.
    assert found.likelihood == pytest.approx(-expected.fun, rel=1e-9)
    assert found.theta == pytest.approx(expected.x, abs=1e-4)


def test_a_start_that_expects_a_thousand_million_persons_ends_at_the_same_maximum():
    counts, design = np.array([40.0, 30, 12, 25, 9, 8, 3]), design_matrix(pairwise(3).terms, SEEN)
    near, far = poisson_fit(design, counts), poisson_fit(design, counts, start=np.full(7, 3.0))
    assert far.found
    assert far.theta == pytest.approx(near.theta, abs=1e-6)  # the last step is shorter than 1e-8 standard errors


def test_where_columns_depend_on_each_other_nothing_is_found():
    twice = np.ones((3, 2))
    assert not poisson_fit(twice, np.array([5.0, 6.0, 7.0])).found


def test_a_fit_that_is_said_to_exist_and_does_not_is_an_error_and_no_number():
    on_one_list_each = np.array([0.0, 9, 8, 0, 7, 0, 0, 0])
    with pytest.raises(ArithmeticError, match="not reached"):
        settled(on_one_list_each, pairwise(3).terms, np.arange(8) % 7 > 0)
