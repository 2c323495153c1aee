"""The chances of latent classes, in one pass of the kernels, against the product written out for each history."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.estimation.heterogeneity.latent_classes import loops


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 5), st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_chances_and_likelihood_are_those_of_the_formula(lists, classes, seed):
    draw = np.random.default_rng(seed)
    weights, rates = np.log(draw.dirichlet(np.ones(classes))), draw.uniform(size=(classes, lists))
    counts, possible = draw.integers(0, 9, 2**lists), draw.random(2**lists) < 0.8
    counts[~possible], counts[0], possible[0] = 0, 0, True
    chances = np.empty((2**lists, classes))
    plain = loops(compiled=False)
    plain.cell_chances(weights, rates, chances)
    marks = (np.arange(2**lists)[:, None] >> np.arange(lists)) & 1
    each = np.prod(np.where(marks[:, None, :], rates, 1 - rates), axis=2) * np.exp(weights)
    assert np.allclose(chances, each, rtol=1e-12)
    if counts.sum():
        law = each.sum(axis=1) * possible
        law[0] = 0
        expected = (counts * np.log(np.where(counts, law / law.sum(), 1.0))).sum()
        assert np.isclose(plain.likelihood(counts, possible, chances), expected, rtol=1e-10)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 4), st.integers(2, 5), st.integers(0, 2**32 - 1))
def test_everyone_is_given_one_class(lists, classes, seed):
    draw = np.random.default_rng(seed)
    counts = draw.integers(0, 30, 2**lists)
    counts[0], possible = 0, np.ones(2**lists, dtype=bool)
    chances = draw.dirichlet(np.ones(2**lists * classes)).reshape(2**lists, classes)
    sizes, on = np.zeros(classes, dtype=np.int64), np.zeros((classes, lists), dtype=np.int64)
    unseen = loops(compiled=False).share_out(counts, possible, chances, draw, sizes, on)
    assert sizes.sum() == counts.sum() + unseen
    marks = (np.arange(2**lists)[:, None] >> np.arange(lists)) & 1
    assert on.sum(axis=0).tolist() == (marks * counts[:, None]).sum(axis=0).tolist()
    assert (on <= sizes[:, None]).all()
