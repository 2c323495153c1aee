"""Ends of an interval from replicates, against order statistics and scipy's own BCa."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from egide.estimation.intervals.bca import acceleration, bca, percentile

NUMBERS = st.lists(st.floats(1, 1e6), min_size=41, max_size=41)
INFLUENCES = st.lists(st.floats(100, 1000), min_size=2, max_size=8)


@settings(max_examples=25)
@given(values=NUMBERS)
def test_percentile_ends_are_the_replicates_of_those_ranks(values):
    ends = percentile(np.array(values), 0.95)
    assert ends.low == pytest.approx(sorted(values)[1])
    assert ends.high == pytest.approx(sorted(values)[39])
    assert ends.chances == pytest.approx((0.025, 0.975))


@settings(max_examples=10)
@given(seed=st.integers(0, 10_000), shape=st.sampled_from([0.5, 1.0, 4.0]))
def test_bca_is_what_scipy_computes_from_the_same_replicates(seed, shape):
    sample = np.random.default_rng(seed).gamma(shape, size=20)
    peer = stats.bootstrap((sample,), np.mean, n_resamples=500, method="BCa", rng=np.random.default_rng(seed))
    without = np.array([np.delete(sample, place).mean() for place in range(20)])
    ends = bca(peer.bootstrap_distribution, float(sample.mean()), without, np.ones(20), 0.95)
    assert ends.low == pytest.approx(peer.confidence_interval.low, rel=1e-9)
    assert ends.high == pytest.approx(peer.confidence_interval.high, rel=1e-9)
    assert not ends.fell_back


@given(values=INFLUENCES, holds=st.lists(st.integers(1, 9), min_size=8, max_size=8))
def test_a_cell_weighs_as_many_times_as_it_has_persons(values, holds):
    weights = np.array(holds[: len(values)])
    alone = acceleration(np.repeat(values, weights), np.ones(weights.sum()))
    assert acceleration(np.array(values), weights.astype(float)) == pytest.approx(alone, abs=1e-6)


@settings(max_examples=25)
@given(values=NUMBERS, influences=INFLUENCES, times=st.floats(0.1, 10), more=st.floats(0, 1e4))
def test_counting_in_other_units_moves_both_ends_alike(values, influences, times, more):
    drawn, without = np.array(values), np.array(influences)
    weights = np.ones(len(without))
    persons = float(np.quantile(drawn, 0.413))
    # Influences or replicates that rounding cannot tell apart may change sides in other units.
    assume(np.ptp(without) > 1e-3 and not (np.abs(drawn / persons - 1) < 1e-6).any())
    ends = bca(drawn, persons, without, weights, 0.95)
    moved = bca(times * drawn + more, times * persons + more, times * without + more, weights, 0.95)
    assert moved.low == pytest.approx(times * ends.low + more, rel=1e-6)
    assert moved.high == pytest.approx(times * ends.high + more, rel=1e-6)


def test_where_nobody_has_influence_the_ends_are_only_corrected_for_bias():
    drawn = np.arange(1.0, 1000.0)
    ends = bca(drawn, 400.5, np.full(5, 7.0), np.ones(5), 0.95)
    assert ends.acceleration == 0
    assert ends.bias == pytest.approx(stats.norm.ppf(400 / 999))
    assert ends.chances[0] == pytest.approx(stats.norm.cdf(2 * ends.bias - stats.norm.ppf(0.975)))


@pytest.mark.parametrize("persons", [0.0, 5000.0])
def test_where_every_replicate_is_on_one_side_plain_percentiles_are_read_and_it_is_said(persons):
    drawn = np.arange(1.0, 1001.0)
    ends = bca(drawn, persons, np.array([1.0, 2.0, 4.0]), np.ones(3), 0.95)
    plain = percentile(drawn, 0.95)
    assert ends.fell_back
    assert (ends.low, ends.high) == (plain.low, plain.high)


def test_where_the_acceleration_sends_a_percentile_past_the_last_plain_ones_are_read():
    drawn = np.arange(1.0, 1001.0)
    one_counts_for_all = np.append(np.full(1000, 2.0), 1.0)
    ends = bca(drawn, 999.5, one_counts_for_all, np.ones(1001), 0.99999)
    assert ends.acceleration == pytest.approx(1 / 6, rel=1e-2)
    assert ends.fell_back
