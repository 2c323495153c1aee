"""What the coding screen proposes, and whether two coders agree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnostic.duplicates.ads import UNKNOWN, Clusters
from egide.diagnostic.duplicates.agreement import LOW, ONE_ANSWER, cohen_kappa
from egide.diagnostic.duplicates.proposals import Neighbours, propose, recall
from egide.errors import Refused


def pairs(*given_pairs):
    left, right, alike = zip(*given_pairs, strict=True) if given_pairs else ((), (), ())
    return Neighbours(
        left=np.array(left, dtype=int), right=np.array(right, dtype=int), likeness=np.array(alike, dtype=float)
    )


def alone(n):
    return Clusters(author=np.arange(n), person=np.arange(n))


def shown(sampled, wording, neighbours, clusters, labels=(), most=15):
    rows = propose(np.array(sampled), np.array(wording), neighbours, clusters, labels, most)
    return [[one for one in row.tolist() if one != UNKNOWN] for row in rows]


def test_an_ad_of_the_same_wording_comes_first_then_the_more_alike():
    wording = [0, 1, 2, 3, 0]
    near = pairs((0, 2, 0.4), (0, 1, 0.9), (3, 0, 0.6))
    assert shown([0, 4], wording, near, alone(5)) == [[4, 1, 3, 2], [0, 1, 3, 2]]


def test_one_ad_stands_for_all_the_copies_of_a_wording():
    assert shown([0], [0, 1, 1, 1, 2], pairs((0, 1, 0.5), (0, 3, 0.8), (0, 4, 0.6)), alone(5)) == [[1, 4]]


def test_of_the_copies_of_a_wording_the_one_with_more_in_common_is_shown():
    town = np.array([7, 8, 7, 8, 9])
    assert shown([0], [0, 1, 1, 1, 2], pairs((0, 1, 0.5)), alone(5), [town]) == [[2]]


def test_a_rare_label_in_common_brings_an_ad_that_nothing_else_brings_and_an_unknown_one_does_not():
    name = np.array([3, UNKNOWN, 3, UNKNOWN])
    assert shown([0, 1], [0, 1, 2, 3], pairs(), alone(4), [name]) == [[2], []]


def test_the_machine_s_person_goes_before_its_author_and_both_before_a_neighbour():
    clusters = Clusters(author=np.array([0, 0, 0, 1]), person=np.array([0, 1, 0, 2]))
    assert shown([0], [0, 1, 2, 3], pairs((0, 3, 0.65)), clusters) == [[2, 1, 3]]


def test_neighbours_of_neighbours_fill_what_is_left():
    assert shown([0], [0, 1, 2], pairs((0, 1, 0.5), (1, 2, 0.5)), alone(3)) == [[1, 2]]


def test_a_number_hidden_in_one_ad_and_shown_by_the_same_machine_person_brings_the_others_that_show_it():
    person = np.array([0, 0, 1, 2])
    number = np.array([UNKNOWN, 5, 5, UNKNOWN])
    assert shown([0], [0, 1, 2, 3], pairs(), Clusters(author=np.arange(4), person=person), [number]) == [[1, 2]]


def test_there_are_never_more_than_the_screen_holds_and_never_the_ad_itself():
    near = pairs(*[(0, other, 1 / other) for other in range(1, 30)])
    assert shown([0], list(range(30)), near, alone(30)) == [list(range(1, 16))]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_everything_near_is_proposed_once_while_there_is_room(data):
    n = data.draw(st.integers(2, 12))
    wording = np.array(data.draw(st.lists(st.integers(0, n - 1), min_size=n, max_size=n)))
    person = np.array(data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)))
    near = data.draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.floats(0.1, 1)), max_size=9))
    found = shown(range(n), wording, pairs(*near), Clusters(author=person, person=person))
    for ad, row in enumerate(found):
        wordings = [wording[one] for one in row]
        assert ad not in row and len(set(wordings)) == len(wordings)
        mates = {wording[one] for one in range(n) if person[one] == person[ad] and one != ad}
        beside = {wording[one] for a, b, _ in near for one in (a, b) if wording[ad] in (wording[a], wording[b])}
        assert (mates | beside) - {wording[ad]} <= set(wordings)


def test_recall_counts_wordings_and_asks_no_more_than_the_screen_can_hold():
    person, wording = np.array([0, 0, 0, 0, 1]), np.array([0, 1, 2, 2, 3])
    two = np.array([[1, UNKNOWN]])
    assert recall(two, np.array([0]), wording, person) == 1 / 2  # wordings 1 and 2 are due
    assert recall(np.array([[3]]), np.array([0]), wording, person) == 1  # room for one, and it is one of them
    assert recall(np.array([[0]]), np.array([4]), wording, person) == 1  # no mate at all


def table(*counts):
    """Codes of two coders from a square table of counts."""
    cells = [(str(i), str(j)) for i, row in enumerate(counts) for j, n in enumerate(row) for _ in range(n)]
    return [one for one, _ in cells], [other for _, other in cells]


def test_kappa_of_a_table_worked_by_hand():
    found = cohen_kappa(*table([20, 5], [10, 15]))
    assert found.observed == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)  # chance: 0.5 × 0.6 + 0.5 × 0.4 = 0.5
    assert found.warnings == (LOW,)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(1, 9), min_size=3, max_size=3), min_size=3, max_size=3))
def test_the_variance_of_kappa_is_that_of_the_published_formula(counts):
    """Fleiss, Cohen and Everitt (1969), equation 13, term by term."""
    found = cohen_kappa(*table(*counts))
    p = np.array(counts) / np.sum(counts)
    row, column = p.sum(axis=1), p.sum(axis=0)
    agreed, chance = np.trace(p), row @ column
    a = sum(p[i, i] * ((1 - chance) - (column[i] + row[i]) * (1 - agreed)) ** 2 for i in range(3))
    b = (1 - agreed) ** 2 * sum(p[i, j] * (column[i] + row[j]) ** 2 for i in range(3) for j in range(3) if i != j)
    c = (agreed * chance - 2 * chance + agreed) ** 2
    half = 1.959964 * np.sqrt(max(a + b - c, 0) / (np.sum(counts) * (1 - chance) ** 4))
    assert found.interval.high == pytest.approx(min(1, found.kappa + half), abs=1e-6)
    assert found.interval.low == pytest.approx(max(-1, found.kappa - half), abs=1e-6)


def test_one_single_answer_has_no_kappa():
    found = cohen_kappa(["oui"] * 5, ["oui"] * 5)
    assert (found.kappa, found.interval, found.warnings) == (None, None, (ONE_ANSWER,))


def test_agreement_of_one_ad_is_refused():
    with pytest.raises(Refused):
        cohen_kappa(["oui"], ["oui"])
