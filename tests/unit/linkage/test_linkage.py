"""Records to persons: what may be compared, what the engine leaves behind, and how groups are made."""

from __future__ import annotations

import os
import random
import socket

import numpy as np
import pytest

from egide.errors import CalculationRefused
from egide.linkage.clusters import closure, cluster
from egide.linkage.evaluate import evaluate
from egide.linkage.link import link
from egide.linkage.pairs import Pairs
from egide.linkage.persons import bounds, calibrate, expected, from_sample, simulated
from egide.linkage.settings import Comparison, Level, Settings, Subject, day, exact, period, place, shared, text
from support.people import people

PERSONS = Settings(
    subject=Subject.LISTS,
    comparisons=(text("first_name"), text("surname"), day("dob"), exact("place", u=0.01)),
    blocks=(("surname",), ("dob",), ("first_name:4", "place")),
    prior=0.01,
)


def pairs(records: int, *given: tuple[int, int, float]) -> Pairs:
    left, right, probability = zip(*given, strict=True) if given else ((), (), ())
    return Pairs(
        records=records,
        left=np.array(left, dtype=np.int64),
        right=np.array(right, dtype=np.int64),
        probability=np.array(probability, dtype=np.float64),
    )


@pytest.fixture(scope="module")
def world():
    drawn = people(1, 300, noise=0.10)
    return drawn, link(drawn.columns, PERSONS)


@pytest.mark.parametrize(
    "column",
    [
        *("nom", "prenom", "surname", "first_name", "pseudo", "alias", "telephone", "phone_hash", "email"),
        *("date_naissance", "dob", "nationalite", "nationality", "pays_origine"),
    ],
)
def test_reported_situations_are_never_linked_by_a_name_a_contact_a_birth_or_a_nationality(column):
    with pytest.raises(CalculationRefused, match="retirez la colonne"):
        Settings(subject=Subject.REPORTED, comparisons=(exact(column),))
    with pytest.raises(CalculationRefused):
        Settings(subject=Subject.REPORTED, comparisons=(exact("forme"),), blocks=((column,),))
    hidden = Comparison(name="forme", columns=(column,), unknown="x", levels=exact("forme").levels)
    with pytest.raises(CalculationRefused):
        Settings(subject=Subject.REPORTED, comparisons=(hidden,))


def test_columns_and_keys_are_names_and_nothing_else():
    with pytest.raises(ValueError, match="no name of a column"):
        exact("x); DROP TABLE")
    with pytest.raises(ValueError, match="no key"):
        Settings(subject=Subject.LISTS, comparisons=(exact("a"),), blocks=(("a; b",),))
    with pytest.raises(ValueError, match="ELSE"):
        Comparison(name="a", columns=("a",), unknown="x", levels=(Level(sql="x", m=0.5, u=0.5),))


@pytest.mark.parametrize(
    "one", [exact("a"), text("a"), day("a"), shared("a"), period("a", "b"), place("a", "b")], ids=lambda c: c.name
)
def test_the_probabilities_of_a_comparison_add_to_one(one):
    assert sum(level.m for level in one.levels) == pytest.approx(1)
    assert sum(level.u for level in one.levels) == pytest.approx(1)
    assert one.levels[0].m / one.levels[0].u > one.levels[-1].m / one.levels[-1].u


def test_an_absent_column_is_refused():
    with pytest.raises(CalculationRefused, match="surname"):
        link({"first_name": ["a"], "dob": ["b"], "place": ["c"]}, PERSONS)


def test_persons_are_found_again(world):
    drawn, found = world
    quality = evaluate(cluster(found), drawn.person)
    assert quality.pairs.f1 > 0.9
    assert quality.records.f1 > 0.9
    assert abs(quality.error) < 0.15


def test_the_order_of_records_changes_no_pair(world):
    drawn, found = world
    order = random.Random(1).sample(range(300), 300)
    again = link({name: [values[at] for at in order] for name, values in drawn.columns.items()}, PERSONS)

    def known(of, rename):
        one, other = rename[of.left], rename[of.right]
        return {(min(a, b), max(a, b)): round(p, 9) for a, b, p in zip(one, other, of.probability, strict=True)}

    assert known(again, np.array(order)) == known(found, np.arange(300))


def test_the_engine_opens_no_connection_writes_no_file_and_says_nothing(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("a connection was asked for"))
    drawn = {"first_name": ["Canary", "Canary"], "surname": ["Yellow"] * 2, "dob": ["Yellow", "Green"]}
    drawn |= {"place": ["62041"] * 2}
    assert len(link(drawn, PERSONS)) == 1
    assert os.listdir(tmp_path) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "values", [["Canary", "Yellow"], [["a"], "Canary"], [1, "Canary"], [["a"], ["Canary\ud800"]], [10**30, "Canary"]]
)
def test_a_column_of_another_form_is_refused_without_its_content(values):
    settings = Settings(subject=Subject.LISTS, comparisons=(shared("phones"),))
    with pytest.raises(CalculationRefused) as refused:
        link({"phones": values}, settings)
    error = refused.value
    assert error.__cause__ is error.__context__ is None and "Canary" not in str(error)


def test_lists_without_doubles_are_linked_across_only():
    drawn = {name: ["x", "x", "x"] for name in ("first_name", "surname", "place")} | {"dob": ["1980-01-01"] * 3}
    across = link(drawn, PERSONS, lists=[0, 0, 1])
    assert list(zip(across.left, across.right, strict=True)) == [(0, 2), (1, 2)]
    assert len(set(cluster(across, lists=[0, 0, 1]).tolist())) == 2  # record 2 is one of them, not both


def test_nothing_to_compare_gives_no_pair():
    one = {"first_name": ["a"], "surname": ["b"], "dob": [None], "place": ["c"]}
    assert len(link(one, PERSONS)) == 0
    two = {name: values * 2 for name, values in one.items()}
    assert len(link(two, PERSONS, lists=[0, 0])) == 0


def test_two_empty_fields_are_not_alike():
    settings = Settings(subject=Subject.LISTS, comparisons=(exact("place"), shared("phones")), prior=0.1)
    blank = link({"place": ["", ""], "phones": [[], []]}, settings)
    unknown = link({"place": [None, None], "phones": [None, None]}, settings)
    assert blank.probability == unknown.probability == pytest.approx(0.1)


def test_digests_link_as_names_do_when_they_are_equal():
    settings = Settings(subject=Subject.LISTS, comparisons=(shared("phones", u=0.001), exact("born_year")), prior=0.1)
    found = link({"phones": [["aa", "bb"], ["bb"], ["cc"]], "born_year": [1980, 1980, 1980]}, settings)
    assert (found.left[0], found.right[0]) == (0, 1)
    assert found.probability[0] > 0.9 > 0.2 > found.probability[1:].max()


def test_one_lucky_pair_does_not_weld_two_persons():
    """Two persons of four records each, every pair seen, and one pair across believed: connected components weld."""
    whole = [(a, b, 0.95) for block in (0, 4) for a in range(block, block + 4) for b in range(a + 1, block + 4)]
    across = [(a, b, 0.05) for a in range(4) for b in range(4, 8) if (a, b) != (3, 4)]
    found = pairs(8, *whole, *across, (3, 4, 0.93))
    assert len(set(closure(found, 0.5).tolist())) == 1
    assert cluster(found).tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_a_chain_of_pairs_never_seen_whole_does_not_make_a_giant():
    chain = pairs(100, *((a, a + 1, 0.6) for a in range(99)))
    assert np.bincount(closure(chain, 0.5)).max() == 100
    assert np.bincount(cluster(chain)).max() <= 3


def test_certain_pairs_are_counted_exactly():
    found = pairs(5, (0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0))
    assert expected(found) == pytest.approx(3)
    assert bounds(found, doubtful=0.1, sure=0.9).number == 3
    assert from_sample([3, 3, 3, 1, 1], [0, 3], [3, 1]).value().contains(3)


def test_bounds_are_all_doubtful_pairs_the_same_or_none():
    found = pairs(4, (0, 1, 0.999), (1, 2, 0.5), (2, 3, 0.01))
    assert str(bounds(found, doubtful=0.05, sure=0.99)) == "[2, 3]"
    with pytest.raises(ValueError, match="sure"):
        bounds(found, doubtful=0.9, sure=0.1)


def test_the_mean_number_is_what_enumeration_gives():
    """Pairs of one record are independent draws: 1 / (1 + mates) over all outcomes, by hand."""
    found = pairs(3, (0, 1, 0.3), (0, 2, 0.6))
    first = 0.7 * 0.4 + (0.3 * 0.4 + 0.7 * 0.6) / 2 + 0.3 * 0.6 / 3
    assert expected(found) == pytest.approx(first + (0.7 + 0.3 / 2) + (0.4 + 0.6 / 2))


def test_labels_narrow_the_simulated_interval(world):
    drawn, found = world
    truth = np.array(drawn.person)
    blind = simulated(found, seed=1, draws=100)
    known = simulated(found, seed=1, draws=100, calibration=calibrate(found, truth[found.left] == truth[found.right]))
    assert known.high - known.low < blind.high - blind.low
    assert known == simulated(
        found, seed=1, draws=100, calibration=calibrate(found, truth[found.left] == truth[found.right])
    )
    assert blind.low < blind.persons < blind.high


def test_overconfident_probabilities_are_brought_down():
    chance = np.random.default_rng(1)
    truth = chance.random(2_000) < 0.5
    told = np.where(truth, 0.999, 0.001)
    wrong = chance.random(2_000) < 0.1
    found = Pairs(
        records=4_000,
        left=np.arange(0, 4_000, 2),
        right=np.arange(1, 4_000, 2),
        probability=np.where(wrong, 1 - told, told),
    )
    intercept, slope = calibrate(found, truth).centre
    assert abs(intercept) < 0.3
    assert slope == pytest.approx(np.log(9) / np.log(999), abs=0.05)  # one in ten is wrong: odds of 9 to 1


def test_the_sample_corrects_a_machine_that_splits_every_person(world):
    """On the mean of all draws the estimate is the truth: 200 draws come within two of their own errors."""
    drawn, _ = world
    truth = np.bincount(drawn.person)[drawn.person]
    chance = np.random.default_rng(1)
    found = []
    for _ in range(200):
        rows = chance.choice(300, 60, replace=False)
        found.append(from_sample(np.ones(300), rows, truth[rows]))
    numbers = np.array([one.persons for one in found])
    assert abs(numbers.mean() - drawn.persons) < 2 * numbers.std() / np.sqrt(200)
    assert 0.88 < np.mean([one.low <= drawn.persons <= one.high for one in found]) <= 1


@pytest.mark.parametrize(
    ("rows", "sizes"), [([0], [1]), ([0, 0], [1, 1]), ([0, 1], [1]), ([0, 1], [0, 1])]
)  # fmt: skip
def test_a_sample_that_says_nothing_is_refused(rows, sizes):
    with pytest.raises(ValueError):
        from_sample([1, 1, 1], rows, sizes)


def test_pairs_that_are_no_pairs_are_refused():
    for wrong in ((1, 0, 0.5), (0, 3, 0.5), (0, 1, 1.5)):
        with pytest.raises(ValueError):
            pairs(2, wrong)
    with pytest.raises(ValueError, match="one length"):
        Pairs(records=2, left=np.array([0]), right=np.array([1]), probability=np.array([]))
