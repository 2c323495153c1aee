"""Who must stand behind a cell before it may be shown (hard rule 8)."""

from __future__ import annotations

import numpy as np
import pytest

from egide.diagnostic.thresholds import Behind, behind, publishable


def cell(persons: int, authors: int = 20, ads: int = 100, most: int = 10) -> Behind:
    return Behind(persons=persons, authors=authors, ads=ads, most=most)


def test_five_persons_and_eleven_when_crossed():
    assert not publishable(cell(4), crossed=False)
    assert publishable(cell(5), crossed=False)
    assert not publishable(cell(10), crossed=True)
    assert publishable(cell(11), crossed=True)


def test_three_authors():
    assert not publishable(cell(30, authors=2), crossed=False)
    assert publishable(cell(30, authors=3), crossed=True)


def test_nobody_holds_more_than_half_of_the_ads():
    assert publishable(cell(30, ads=100, most=50), crossed=False)
    assert not publishable(cell(30, ads=100, most=51), crossed=False)


def test_an_empty_cell_is_not_shown():
    nobody = np.zeros(0, dtype=np.int64)
    assert not publishable(behind(nobody, nobody), crossed=False)


def test_many_ads_of_few_persons_are_few_persons():
    person = np.repeat(np.arange(4), 100)
    assert behind(person, person) == Behind(persons=4, authors=4, ads=400, most=100)
    assert not publishable(behind(person, person), crossed=False)


def test_persons_of_one_organiser_are_one_author():
    person = np.arange(40)
    assert not publishable(behind(person, np.zeros(40, dtype=np.int64)), crossed=False)


def test_the_largest_holder_is_an_author_or_a_person():
    assert behind(np.array([1, 1, 1, 2]), np.array([1, 2, 3, 3])).most == 3
    assert behind(np.array([1, 2, 3, 4]), np.array([1, 1, 1, 3])).most == 3


def test_persons_told_of_by_professionals_have_no_authors():
    assert publishable(Behind(persons=5), crossed=False)
    assert not publishable(Behind(persons=5), crossed=True)


def test_what_does_not_hold_together_is_refused():
    with pytest.raises(ValueError):
        behind(np.zeros(2, dtype=np.int64), np.zeros(3, dtype=np.int64))
    with pytest.raises(ValueError):
        Behind(persons=3, authors=2)
