"""Latent classes: the sampler against a posterior added up by hand, its own prior, and other samplers."""

from functools import cache
from itertools import product

import numpy as np
import pytest
from scipy.special import betaln, comb, gammaln

from egide.estimation.heterogeneity import latent
from egide.estimation.heterogeneity.convergence import bulk_size, median_error, r_hat
from egide.estimation.heterogeneity.latent_classes import Chain, advance, ladder, loops
from egide.estimation.histories import Histories, forbidding, superset_sums
from egide.estimation.results import Declined, Estimate, Reason
from support.mse import answered, table

TINY = Histories(lists=("A", "B"), counts=[0, 2, 1, 2])
MOST = 20  # unseen persons that the sum by hand goes to


def started(tables, classes, lists, seed):
    draw = np.random.default_rng(seed)
    rungs = len(tables)
    return Chain(
        tables=tables,
        weights=np.full((rungs, classes), -np.log(classes)),
        rates=draw.uniform(size=(rungs, classes, lists)),
        concentration=np.ones(rungs),
        accepted=np.zeros(rungs, dtype=np.int64),
        draw=draw,
    )


def by_hand(histories):
    """Chances of 0 to MOST unseen persons, two classes: every allocation of persons to classes, parameters integrated.

    The first weight is beta(1, a), a is gamma(1/4, 1/4): s = -log(1 - weight) is above x by chance (1 + 4 x)^(-1/4).
    """
    uniform = (np.arange(20_000) + 0.5) / 20_000
    left = np.exp(0.25 - 0.25 * uniform**-4.0)  # 1 - weight, by the quantiles of s

    @cache
    def moment(first, second):
        return float(((1 - left) ** first * left**second).mean())

    seen = [range(count + 1) for count in histories.counts[1:].tolist()]
    chances = np.zeros(MOST + 1)
    for unseen in range(MOST + 1):
        persons = histories.seen + unseen
        ways = np.exp(gammaln(persons) - gammaln(unseen + 1))  # (N choose n) / N, up to a constant
        total = 0.0
        for split in product(range(unseen + 1), *seen):
            counts = np.array([unseen, *histories.counts[1:].tolist()])
            first = np.array(split)
            chance = np.prod(comb(counts, first)) * moment(int(first.sum()), int(persons - first.sum()))
            for part in (first, counts - first):
                on = superset_sums(part)
                for place in range(histories.k):
                    marked = on[1 << place]
                    chance *= np.exp(betaln(1 + marked, 1 + part.sum() - marked))
            total += chance
        chances[unseen] = ways * total
    return chances / chances.sum()


@pytest.fixture(scope="module")
def exact():
    return by_hand(TINY)


@pytest.mark.parametrize("tables", [TINY.counts[None, :], np.array([TINY.counts, [0, 1, 0, 1]])], ids=["alone", "two"])
def test_the_sampler_draws_from_the_posterior_that_is_added_up_by_hand(exact, tables):
    chain = started(tables, 2, 2, 5)
    unseen, used = advance(TINY, chain, 40_000, compiled=True)
    kept = unseen[unseen <= MOST]
    for most in (0, 1, 2, 5, 10, 15):
        each = (kept <= most).reshape(-1)[: len(kept) // 100 * 100].reshape(100, -1).mean(axis=1)
        error = each.std(ddof=1) / 10
        assert abs(each.mean() - exact[: most + 1].sum()) < 4 * error + 1e-3
    assert set(np.unique(used)) == {1, 2}


def test_persons_drawn_from_the_model_bring_the_parameters_back_to_their_prior():
    """Geweke 2004: parameters given persons, persons given parameters, again and again: the prior comes out."""
    lists, classes, persons = 3, 4, 12
    histories = Histories(lists=("A", "B", "C"), counts=[0, 2, 2, 2, 2, 2, 1, 1])
    chain = started(histories.counts[None, :].copy(), classes, lists, 3)
    chances, draw = np.empty((8, classes)), np.random.default_rng(4)
    run = loops(compiled=True)
    seen = np.empty((20_000, 4))
    for turn in range(len(seen)):
        run.cell_chances(chain.weights[0], chain.rates[0], chances)
        law = chances.sum(axis=1)[1:]
        chain.tables[0, 1:] = draw.multinomial(persons, law / law.sum())
        advance(histories, chain, 1, compiled=True)
        weights = chain.weights[0]
        seen[turn] = chain.concentration[0] < 0.3, chain.rates[0, 0, 0], np.exp(weights[0]), weights[3] < -5
    draw = np.random.default_rng(6)
    concentration = draw.gamma(0.25, 4, 400_000)
    lost = draw.exponential(size=(400_000, 3)) / concentration[:, None]  # -log(1 - beta(1, a)) is exponential
    prior = [
        (concentration < 0.3).mean(),
        0.5,
        -np.expm1(-lost[:, 0]).mean(),
        (lost.sum(axis=1) > 5).mean(),
    ]
    for column, expected in zip(seen.T, prior, strict=True):
        each = column.reshape(50, -1).mean(axis=1)
        assert abs(each.mean() - expected) < 4 * each.std(ddof=1) / np.sqrt(50) + 2e-3


@pytest.mark.machine_code
def test_plain_python_draws_the_same_numbers_as_machine_code():
    tables = ladder(table("Korea").counts)
    plain, fast = (
        advance(table("Korea"), started(tables, 4, 3, 2), 12, compiled=compiled)[0] for compiled in (False, True)
    )
    assert plain.tolist() == fast.tolist()


@pytest.mark.parametrize("name", ["Korea"])
def test_where_lcmcr_agrees_with_itself_it_agrees_with_us(name):
    found = latent(table(name), 1)
    other = answered("LCMCR", "lcmCR", name)
    assert found.persons == pytest.approx(float(other["estimate"]), rel=0.03)
    assert found.low == pytest.approx(float(other["ci95_low"]), rel=0.1)
    assert found.high == pytest.approx(float(other["ci95_high"]), rel=0.1)
    assert found.notes["rhat"] < 1.01
    assert found.notes["ess"] > 400
    assert 1 <= found.notes["classes"] <= 10


@pytest.mark.slow
def test_two_seeds_agree_within_two_per_cent_on_the_five_lists_of_the_united_kingdom():
    """LCMCR answers 20,973 with one seed and 12,918 with the next."""
    answers = [latent(table("UKdat_5"), seed, workers=2) for seed in (1, 2)]
    assert all(isinstance(one, Estimate) for one in answers)
    assert answers[0].persons == pytest.approx(answers[1].persons, rel=0.02)
    assert all(21_800 < one.persons < 22_700 for one in answers)


def test_chains_that_have_not_met_give_no_number():
    assert latent(table("UKdat_5"), 1, block=40, checks=(1, 2)) == Declined(
        method="latent", reason=Reason.NOT_CONVERGED
    )


def test_no_overlap_gives_no_number():
    apart = Histories(lists=("A", "B"), counts=[0, 5, 6, 0])
    assert latent(apart, 1) == Declined(method="latent", reason=Reason.NO_OVERLAP)


def test_the_answer_does_not_depend_on_the_number_of_workers_and_progress_is_told():
    told = []
    small = {"block": 1_500, "checks": (3,)}
    one = latent(TINY, 3, **small, workers=1, tell=lambda done, of: told.append((done, of)))
    assert one == latent(TINY, 3, **small, workers=3)
    assert isinstance(one, Estimate)
    assert told[0] == (1, 3)
    assert told[-1] == (3, 3)


def test_a_run_can_be_stopped_between_blocks():
    told = []
    answer = latent(
        TINY, 3, block=10, tell=lambda done, of: told.append(done), stop=lambda: len(told) == 2, compiled=False
    )
    assert answer == Declined(method="latent", reason=Reason.STOPPED)
    assert told == [1, 2]


def test_persons_that_cannot_be_are_not_counted():
    """Lists A and B exclude each other: C sees a quarter of both."""
    apart = forbidding(Histories(lists=("A", "B", "C"), counts=[0, 600, 600, 0, 40, 200, 200, 0]), [("A", "B")])
    found, error = advance(apart, started(apart.counts[None, :], 4, 3, 1), 4_000, compiled=True)
    assert np.isfinite(found).all()
    assert (np.median(found[1_000:]) > 40) and error.max() <= 4


def test_a_ladder_goes_down_by_a_quarter_and_no_cell_grows():
    tables = ladder(table("UKdat_5").counts)
    assert (np.diff(tables, axis=0) <= 0).all()
    assert tables.sum(axis=1)[1:] == pytest.approx(2744 * 0.75 ** np.arange(1, len(tables)), abs=12)
    assert tables[-1].sum() >= 25


def test_chains_that_agree_have_an_r_hat_of_one_and_their_full_size():
    draws = np.random.default_rng(1).standard_normal((4, 5_000))
    assert r_hat(draws) == pytest.approx(1, abs=2e-3)
    assert bulk_size(draws) == pytest.approx(20_000, rel=0.15)
    assert median_error(draws) == pytest.approx(np.sqrt(np.pi / 2 / 20_000), rel=0.25)


def test_chains_that_remember_are_worth_fewer_draws():
    noise = np.random.default_rng(2).standard_normal((4, 20_000))
    draws = noise.copy()
    for place in range(1, noise.shape[1]):
        draws[:, place] = 0.9 * draws[:, place - 1] + noise[:, place]
    assert bulk_size(draws) == pytest.approx(80_000 * 0.1 / 1.9, rel=0.15)


def test_chains_apart_or_of_other_spreads_are_seen():
    draws = np.random.default_rng(3).standard_normal((4, 2_000))
    assert r_hat(draws + np.array([[0], [0], [0], [1]])) > 1.05
    assert r_hat(draws * np.array([[1], [1], [1], [3]])) > 1.05
    assert r_hat(np.zeros((4, 100))) == 1
    assert r_hat(np.repeat([[0.0], [1.0], [2.0], [3.0]], 100, axis=1)) > 100
