"""Missed links against the enumeration of every way in which a person's records can come apart."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.estimation.histories import sizes
from egide.estimation.linkage_error import breaking, broken, in_whole_persons, missed_links_undone

some_lists = st.integers(2, 5)
kept_of = st.floats(0.3, 1.0)


def come_apart(history: int, kept: list[float]) -> np.ndarray:
    """Expected observed persons of each history: every record stays or goes, all cases written out."""
    places = [place for place in range(len(kept)) if history >> place & 1]
    found = np.zeros(1 << len(kept))
    for stays in product((True, False), repeat=len(places)):
        chance = 1.0
        together = 0
        alone = []
        for place, stay in zip(places, stays, strict=True):
            chance *= kept[place] if stay else 1 - kept[place]
            if stay:
                together += 1 << place
            else:
                alone.append(1 << place)
        for one in [together, *alone] if together else alone:
            found[one] += chance
    return found


@st.composite
def lists_and_kept(draw):
    k = draw(some_lists)
    return k, draw(st.lists(kept_of, min_size=k, max_size=k))


@st.composite
def a_table(draw):
    k = draw(some_lists)
    return np.array([0, *draw(st.lists(st.integers(0, 400), min_size=(1 << k) - 1, max_size=(1 << k) - 1))])


@settings(max_examples=30, deadline=None)
@given(lists_and_kept())
def test_each_column_is_the_sum_over_all_the_ways_of_coming_apart(given_lists):
    k, kept = given_lists
    matrix = broken(k, kept)
    for history in range(1, 1 << k):
        assert matrix[:, history] == pytest.approx(come_apart(history, kept))
    assert matrix[:, 0] == pytest.approx(np.eye(1 << k)[0])


@settings(max_examples=30, deadline=None)
@given(a_table(), kept_of)
def test_no_record_is_lost_and_every_list_keeps_its_length(table, kept):
    seen = broken(len(table).bit_length() - 1, kept) @ table
    for place in range(len(table).bit_length() - 1):
        on = (np.arange(len(table)) >> place & 1) > 0
        assert seen[on].sum() == pytest.approx(table[on].sum())


@settings(max_examples=30, deadline=None)
@given(a_table(), kept_of)
def test_undoing_gives_back_the_table_that_was_broken(table, kept):
    seen = broken(len(table).bit_length() - 1, kept) @ table
    assert missed_links_undone(seen, kept) == pytest.approx(table, abs=1e-5)


@settings(max_examples=30, deadline=None)
@given(a_table(), kept_of)
def test_undoing_never_gives_a_negative_count(table, kept):
    assert missed_links_undone(table, kept).min() >= 0


@settings(max_examples=20, deadline=None)
@given(a_table(), kept_of, st.integers(0, 2**32 - 1))
def test_a_table_broken_by_chance_keeps_the_length_of_every_list(table, kept, seed):
    seen = breaking(table, kept, np.random.default_rng(seed))
    for place in range(len(table).bit_length() - 1):
        on = (np.arange(len(table)) >> place & 1) > 0
        assert seen[on].sum() == table[on].sum()


@settings(max_examples=30, deadline=None)
@given(a_table(), st.floats(0.1, 1.0))
def test_rounding_moves_no_count_by_one_and_keeps_the_numbers_on_one_two_three_lists(table, share):
    fractions = table * share
    whole = in_whole_persons(fractions)
    assert (np.abs(whole - fractions) <= 1).all()
    on = sizes(len(table).bit_length() - 1)
    for size in range(1, int(on.max()) + 1):
        assert abs(whole[on == size].sum() - fractions[on == size].sum()) <= 0.5 + 1e-9
