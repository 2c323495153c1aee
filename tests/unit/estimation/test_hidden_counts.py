"""Tables that came with "< 5": what may be behind, the bounds of the estimate, and an interval that holds it."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.estimation.censored import Censored, exact
from egide.estimation.censored.completing import behind, bounds, completions, estimated, likeliest
from egide.estimation.fitting.fit import fit
from egide.estimation.histories import Histories
from egide.estimation.intervals.mixture import averaged
from egide.estimation.models import independence, pairwise, read
from egide.estimation.results import Declined, Estimate, Reason
from support.mse import table


def hidden(given: Histories, *cells: int, low: int = 1, high: int = 4) -> Censored:
    lows, highs = given.counts.copy(), given.counts.copy()
    lows[list(cells)], highs[list(cells)] = low, high
    return Censored(lists=given.lists, low=lows, high=highs)


def small_ones(given: Histories) -> Censored:
    return hidden(given, *np.flatnonzero((given.counts > 0) & (given.counts < 5)))


def persons(given: Histories, text: str) -> float:
    return given.seen + float(fit(given, [read(given.k, text)], compiled=False).unseen[0, 0])


def test_bounds_are_the_extremes_of_every_completion():
    shown = hidden(table("Korea"), 0b010, 0b110)  # Korea hides nothing: two of its counts are hidden here
    every = []
    for one, other in product(range(1, 5), repeat=2):
        counts = table("Korea").counts.copy()
        counts[[0b010, 0b110]] = one, other
        every.append(persons(table("Korea").with_counts(counts), "[12,23]"))
    found = bounds(shown, read(3, "[12,23]"))
    assert found is not None and found.proven
    assert (found.low, found.high) == pytest.approx((min(every), max(every)), rel=1e-9)


def test_bounds_of_many_hidden_counts_are_searched_and_say_so():
    shown = small_ones(table("NewOrl_5"))
    found = bounds(shown, independence(5))
    assert found is not None and not found.proven
    tries = np.random.default_rng(1).integers(1, 5, (30, len(shown.hidden)))
    for draw in tries:
        counts = shown.low.copy()
        counts[shown.hidden] = draw
        assert found.low <= persons(shown.completed(counts), "[1,2,3,4,5]") <= found.high


@settings(max_examples=15)
@given(st.lists(st.integers(5, 90), min_size=6, max_size=6), st.integers(1, 4))
def test_what_is_expected_behind_is_what_the_fitted_model_expects_there(counts: list[int], one: int):
    shown = hidden(Histories(lists=("A", "B", "C"), counts=[0, *counts, one]), 7)
    found = behind(shown, independence(3))
    assert found is not None
    assert 1 <= found.counts[7] <= 4
    # The mean of a Poisson count known to be 1 to 4, by hand.
    odds = [1.0]
    mean = found.unseen * np.prod([_odds(found.counts, place) for place in range(3)])
    for number in range(2, 5):
        odds.append(odds[-1] * mean / number)
    assert found.counts[7] == pytest.approx(np.average([1, 2, 3, 4], weights=odds), rel=1e-6)
    assert sum(counts) + found.counts[7] + found.unseen == pytest.approx(found.persons)


def _odds(counts: np.ndarray, place: int) -> float:
    """Under independence, the odds of being on a list: persons on it over the others, by the fitted margins."""
    whole = fit_persons(counts)
    on = float(counts[[cell for cell in range(8) if cell >> place & 1]].sum())
    return on / (whole - on)


def fit_persons(counts: np.ndarray) -> float:
    """The population under independence of three lists, by bisection of 1 - seen/N = product of (1 - on/N)."""
    seen = float(counts.sum())
    ons = [float(counts[[cell for cell in range(8) if cell >> place & 1]].sum()) for place in range(3)]
    low, high = seen * (1 + 1e-12), seen * 1e6
    for _ in range(200):
        middle = (low + high) / 2
        if 1 - seen / middle < np.prod([1 - on / middle for on in ons]):
            low = middle
        else:
            high = middle
    return low


def test_the_likeliest_model_is_judged_on_what_was_shown():
    models = [read(3, text) for text in ("[1,2,3]", "[12,3]", "[13,2]", "[23,1]", "[12,23]")]
    found = likeliest(hidden(table("Korea"), 0b110), models)
    assert found is not None
    assert str(found.model) == "[12,23]"
    assert found.criterion(2.0) == pytest.approx(-2 * found.likelihood + 2 * 6)


def test_drawn_tables_keep_what_was_shown_and_stay_in_the_ranges():
    shown = small_ones(table("UKdat_5"))
    best = behind(shown, read(5, "[12,13,23,25,34]"))
    assert best is not None
    drawn = completions(shown, best, draws=5, chance=np.random.default_rng(1))
    for one in drawn:
        assert (shown.low <= one.counts).all() and (one.counts <= shown.high).all()
    again = completions(shown, best, draws=5, chance=np.random.default_rng(1))
    assert [one.counts.tolist() for one in drawn] == [one.counts.tolist() for one in again]


@pytest.mark.parametrize("name", ["Korea", "MadiganYork_3lists"])
def test_the_interval_holds_what_the_whole_table_says(name: str):
    whole, models = averaged(table(name)), [independence(3), pairwise(3), read(3, "[12,23]"), read(3, "[12,13]")]
    shown = hidden(table(name), 0b010, 0b110) if name == "Korea" else small_ones(table(name))
    found = estimated(shown, averaged, models, chance=np.random.default_rng(2), draws=10)
    assert isinstance(found, Estimate) and isinstance(whole, Estimate)
    assert found.low is not None and found.high is not None
    assert found.low <= whole.persons <= found.high
    assert found.notes["lowest"] <= found.notes["expected"] <= found.notes["highest"]


def test_a_table_that_hides_nothing_gives_the_estimator_s_own_answer():
    chance = np.random.default_rng(1)
    assert estimated(exact(table("Korea")), averaged, [independence(3)], chance=chance) == averaged(table("Korea"))


def test_no_answer_is_given_where_no_model_answers():
    nobody_twice = hidden(Histories(lists=("A", "B", "C"), counts=[0, 9, 9, 0, 9, 0, 0, 0]), 1)
    said = estimated(nobody_twice, averaged, [independence(3)], chance=np.random.default_rng(1))
    assert said == Declined(method="censored", reason=Reason.NOT_EXISTING)
    assert bounds(nobody_twice, independence(3)) is None


def test_a_range_too_wide_to_mean_anything_is_refused():
    with pytest.raises(ValueError, match="ranges over"):
        behind(hidden(table("Korea"), 1, low=1, high=50_000), independence(3))
