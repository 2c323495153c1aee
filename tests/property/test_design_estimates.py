"""Estimates against every sample that could have been drawn from tiny corpora, and against sums written by hand."""

from __future__ import annotations

from itertools import combinations, product
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnostic.sampling.moments import Design, moments
from egide.diagnostic.sampling.shares import estimate_share
from egide.errors import Refused

CORPORA = st.lists(st.lists(st.integers(1, 9), min_size=3, max_size=5), min_size=1, max_size=2)


def every_sample(strata, drawn):
    """All the samples of `drawn` values per stratum, each as one flat list."""
    choices = [list(combinations(values, number)) for values, number in zip(strata, drawn, strict=True)]
    return np.array([np.concatenate(one) for one in product(*choices)], dtype=float)


def design_of(strata, drawn):
    return Design(stratum=np.repeat(np.arange(len(strata)), drawn), sizes=np.array([len(values) for values in strata]))


@settings(max_examples=40, deadline=None)
@given(CORPORA, st.integers(2, 3))
def test_over_all_the_samples_the_total_and_its_variance_are_right_on_average(strata, number):
    drawn = [number] * len(strata)
    samples = every_sample(strata, drawn)
    found = moments(samples, design_of(strata, drawn))
    assert np.isclose(found.total.mean(), sum(map(sum, strata)))
    assert np.isclose(found.variance.mean(), found.total.var())


@settings(max_examples=40, deadline=None)
@given(CORPORA)
def test_over_all_the_samples_the_distinct_persons_are_right_on_average(strata):
    """Each value is the number of ads of the ad's person: the total of 1 / m, whatever the strata."""
    drawn = [2] * len(strata)
    samples = every_sample(strata, drawn)
    found = moments(1 / samples, design_of(strata, drawn)).total.mean()
    assert np.isclose(found, sum(1 / m for values in strata for m in values))


def test_three_draws_give_the_third_moment_on_average_when_almost_nothing_is_drawn():
    """Large strata, so that draws are independent: the third central moment of a sum is the sum of theirs."""
    values = np.array([0.0, 0.0, 0.0, 1.0])
    samples = np.array(list(product(values, repeat=3)))
    found = moments(samples / 1e9, Design(stratum=np.zeros(3, dtype=int), sizes=np.array([10**9])))
    true = ((samples.mean(axis=1) - values.mean()) ** 3).mean()
    assert np.isclose(found.third.mean(), true)


def test_a_stratum_read_whole_adds_no_variance():
    values = np.array([1.0, 5.0, 9.0, 2.0, 4.0])
    both = moments(values, Design(stratum=np.array([0, 0, 0, 1, 1]), sizes=np.array([3, 8])))
    alone = moments(values[3:], Design(stratum=np.array([0, 0]), sizes=np.array([8])))
    assert np.isclose(both.variance, alone.variance)
    assert np.isclose(both.total, 15 + alone.total)


def test_strata_with_one_drawn_ad_are_put_together_and_their_spread_is_not_lost():
    values = np.array([1.0, 5.0, 2.0, 4.0])
    found = moments(values, Design(stratum=np.array([0, 1, 2, 2]), sizes=np.array([4, 4, 10])))
    joined = moments(values, Design(stratum=np.array([0, 0, 1, 1]), sizes=np.array([8, 10])))
    assert np.isclose(found.total, joined.total) and np.isclose(found.variance, joined.variance)
    assert found.variance > 0


def test_a_stratum_that_nobody_was_drawn_from_is_refused():
    with pytest.raises(Refused) as refused:
        Design(stratum=np.array([0, 0, 0]), sizes=np.array([2, 7]))
    assert [one.place for one in refused.value.defects] == ["Strate 1", "Strate 2"]


def taylor_by_hand(has, inside, stratum, sizes):
    """Share and its linearised variance, by loops over strata: another way to write the same design."""
    rows = list(zip(has, inside, stratum, strict=True))
    n = {h: sum(1 for one in rows if one[2] == h) for h in range(len(sizes))}
    top = sum(sizes[h] / n[h] for y, d, h in rows if y and d)
    bottom = sum(sizes[h] / n[h] for _, d, h in rows if d)
    ratio, variance = top / bottom, 0.0
    for h, size in enumerate(sizes):
        residuals = [(bool(y) - ratio) if d else 0.0 for y, d, s in rows if s == h]
        centre = sum(residuals) / n[h]
        spread = sum((one - centre) ** 2 for one in residuals) / (n[h] - 1)
        variance += size * (size - n[h]) * spread / n[h]
    return ratio, variance / bottom**2


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_share_in_a_domain_has_the_variance_written_by_hand(data):
    drawn = data.draw(st.lists(st.integers(2, 8), min_size=1, max_size=4))
    sizes = [n + data.draw(st.integers(0, 30)) for n in drawn]
    n = sum(drawn)
    has = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    inside = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    inside[0] = True
    stratum = np.repeat(np.arange(len(drawn)), drawn)
    found = estimate_share(has, Design(stratum=stratum, sizes=np.array(sizes)), of=inside)
    ratio, variance = taylor_by_hand(has, inside, stratum, sizes)
    assert np.isclose(found.value, ratio)
    if 0 < ratio < 1:
        assert np.isclose(found.design_effect * ratio * (1 - ratio) / found.base, variance)
    assert found.wilson.low - 1e-9 <= found.value <= found.wilson.high + 1e-9
    assert found.clopper_pearson.low - 1e-9 <= found.value <= found.clopper_pearson.high + 1e-9


def test_pages_drawn_whole_count_as_pages_not_as_ads():
    """Two ads a page that always say the same are one ad said twice: the doubt is that of the pages."""
    pages = np.array([True, False, True, True, False, False, True, False])
    design = Design(stratum=np.zeros(8, dtype=int), sizes=np.array([40]))
    by_page = estimate_share(pages, design)
    by_ad = estimate_share(np.repeat(pages, 2), design, cluster=np.repeat(np.arange(8), 2))
    assert by_ad.value == by_page.value and by_ad.ads == 2 * by_page.ads
    assert np.isclose(by_ad.design_effect, 2 * by_page.design_effect)
    assert by_ad.degrees_of_freedom == 7


def test_an_answer_that_nobody_has_keeps_an_upper_bound():
    found = estimate_share(np.zeros(20, dtype=bool), Design(stratum=np.repeat([0, 1], 10), sizes=np.array([90, 110])))
    assert found.value == found.wilson.low == 0
    assert 0.10 < found.clopper_pearson.high < 0.17  # 0.168 for a simple draw without limit
    assert found.warnings


def test_a_share_of_nobody_is_refused_because_unknown_is_not_zero():
    with pytest.raises(Refused, match="n’est pas zéro"):
        estimate_share(
            np.ones(4, dtype=bool),
            Design(stratum=np.zeros(4, dtype=int), sizes=np.array([9])),
            of=np.zeros(4, dtype=bool),
        )


def test_the_interval_of_a_share_covers_in_a_stratified_draw():
    """500 surveys of 60 ads out of 600: 95 % ± 3 standard errors of 500 draws is 92.1 to 97.9 %."""
    chance = np.random.default_rng(4)
    feature = [np.arange(size) < size * share for size, share in ((400, 0.2), (150, 0.5), (50, 0.7))]
    design = Design(stratum=np.repeat([0, 1, 2], [40, 15, 5]), sizes=np.array([400, 150, 50]))
    true = sum(one.sum() for one in feature) / 600
    hits = 0
    for _ in range(500):
        drawn = [chance.choice(one, n, replace=False) for one, n in zip(feature, (40, 15, 5), strict=True)]
        found = estimate_share(np.concatenate(drawn), design).wilson
        hits += found.low <= true <= found.high
    error = NormalDist().inv_cdf(0.9987) * (0.95 * 0.05 / 500) ** 0.5
    assert abs(hits / 500 - 0.95) <= error
