"""Which clues may be counted, and what is told of them: shares of territories, never an ad."""

from __future__ import annotations

import inspect
import pickle

import attrs
import numpy as np
import pytest

from egide.diagnostic import clues
from egide.diagnostic.clues import (
    CLUES,
    PROVES_NOTHING,
    Estimate,
    Measure,
    Published,
    checked,
    coded,
    measure,
    pair_table,
    share_table,
)
from egide.diagnostic.clues.catalogue import CODES, clue
from egide.diagnostic.clues.estimates import lift, share_among
from egide.diagnostic.duplicates.ads import Clusters
from egide.diagnostic.duplicates.folding import fold
from egide.diagnostic.sampling import Interval
from egide.diagnostic.sampling.moments import Design
from egide.diagnostic.synthetic.corpus import CLUES as WRITTEN
from egide.errors import CalculationRefused, Refused
from support.stranger_ads import generate


def one_stratum(n: int, size: int = 10_000) -> Design:
    return Design(stratum=np.zeros(n, dtype=np.int64), sizes=np.array([size]))


def everyone_apart(n: int) -> Clusters:
    return Clusters(author=np.arange(n), person=np.arange(n))


def marks(n: int, **bearing: slice) -> clues.Marks:
    said = np.zeros((n, 9), dtype=np.bool_)
    for code, which in bearing.items():
        said[which, CODES.index(code)] = True
    return coded(said)


def believed(code: str, low: float = 1.5) -> Measure:
    half = Estimate(value=0.5, interval=Interval(0.4, 0.6))
    return Measure(code=code, precision=half, recall=half, lift=Estimate(value=2.0, interval=Interval(low, 3.0)))


def published(*codes: str) -> Published:
    return checked(codes, [believed(code) for code in codes])


# Which clues may be counted (goal G12)


def test_a_clue_that_was_not_measured_is_not_published():
    with pytest.raises(Refused, match=r"Indice N8 .*précision, un rappel et un lien mesurés"):
        checked(["N8"], [])
    with pytest.raises(Refused, match="reçu rien"):
        checked(["N8"], [Measure(code="N8", precision=None, recall=None, lift=None)])


def test_a_clue_whose_lift_may_be_one_is_not_published():
    with pytest.raises(Refused, match=r"de 1,00 à 3,00\. Retirez-le"):
        checked(["N5"], [believed("N5", low=1.0)])


def test_all_that_is_wrong_comes_at_once():
    with pytest.raises(Refused) as found:
        checked(["N1", "N1", "N42", "N8", "N5"], [believed("N1"), believed("N5", low=0.2)])
    assert len(found.value.defects) == 4
    with pytest.raises(Refused, match="au moins un indice"):
        checked([], [])


def test_the_door_of_the_clues_cannot_be_walked_around():
    with pytest.raises(ValueError):
        Published(measures=(believed("N1", low=0.9),))
    with pytest.raises(ValueError):
        Published(measures=())


def test_passing_through_carries_its_warning():
    assert published("N1").warnings == ()
    (warning,) = published("N8", "N9").warnings
    assert "70\u202f% moins souvent" in warning


def test_the_nine_clues_are_data():
    assert tuple(f"N{rank}" for rank in range(1, 10)) == CODES
    assert [one.scope for one in CLUES] == ["several"] * 4 + ["one"] * 5
    assert all("jamais une preuve" in one.reading for one in CLUES)
    assert "ne sont pas lues" in clue("N7").observed


# How each is measured


def test_precision_recall_and_lift_are_those_of_the_coded_sample():
    n = 200
    machine, coder = marks(n, N8=slice(0, 80)), marks(n, N8=slice(20, 100))
    organised = np.arange(n) < 60
    found = measure(machine, coder, organised, people=everyone_apart(n), design=one_stratum(n))[7]
    assert found.precision.value == found.recall.value == pytest.approx(60 / 80)
    assert found.lift.value == pytest.approx((40 / 80) / (60 / 200))
    assert found.lift.interval.low > 1 and found.may_be_published


def test_few_persons_make_no_measure():
    n = 200
    ten = marks(n, N8=slice(0, 10))
    found = measure(ten, ten, np.ones(n, dtype=np.bool_), people=everyone_apart(n), design=one_stratum(n))[7]
    assert (found.precision, found.recall, found.lift) == (None, None, None)


def test_a_clue_tied_to_nothing_has_a_lift_around_one():
    chance = np.random.default_rng(4)
    covered = 0
    for _ in range(200):
        having, outcome = chance.random(250) < 0.4, chance.random(250) < 0.3
        found = lift(having, outcome, one_stratum(250)).interval
        covered += found.low <= 1 <= found.high
    assert 180 <= covered <= 198  # 95 % of 200 would be 190; three standard errors are 9


def test_a_lift_that_cannot_be_computed_is_none():
    nothing, all_ = np.zeros(20, dtype=np.bool_), np.ones(20, dtype=np.bool_)
    design = one_stratum(20)
    assert lift(nothing, all_, design) is None
    assert lift(all_, nothing, design) is None
    never = lift(np.arange(20) < 10, np.arange(20) >= 10, design)
    assert never.value == never.interval.low == 0 < never.interval.high
    assert share_among(all_, nothing, design) is None


def test_unequal_weights_count_in_a_lift():
    design = Design(stratum=np.repeat([0, 1], 50), sizes=np.array([50, 500]))
    having, outcome = np.arange(100) % 2 == 0, np.arange(100) < 60
    weight = np.repeat([1.0, 10.0], 50)
    expected = (weight[having & outcome].sum() / weight[having].sum()) / (weight[outcome].sum() / weight.sum())
    assert lift(having, outcome, design).value == pytest.approx(expected)


def test_columns_of_different_lengths_are_refused():
    few, many = marks(10), marks(12)
    with pytest.raises(ValueError):
        measure(few, many, np.ones(10, dtype=np.bool_), people=everyone_apart(10), design=one_stratum(10))
    with pytest.raises(ValueError):
        pair_table(few, published("N1"), people=everyone_apart(12), design=one_stratum(10))


def test_from_a_corpus_to_what_is_known_of_each_clue():
    """The coder reads what the invented texts were written with; the sample is a third of the corpus."""
    corpus = generate(8, persons=400, ads=1_200)
    truth = corpus.truth
    people = Clusters(author=truth.author, person=truth.person)
    nothing = np.zeros(0, dtype=np.int64)
    links = clues.Links(
        accounts=clues.numbered(corpus.ads.accounts),
        days=clues.numbered(corpus.ads.days),
        areas=clues.numbered(corpus.ads.places),
        phone_ad=nothing,
        phone=nothing,
        block=nothing,
    )
    machine = clues.observe(fold(corpus.ads.texts), links, people)
    places = np.arange(0, 1_200, 3)
    read = np.zeros((400, 9), dtype=np.bool_)
    read[:, 4:] = np.column_stack([truth.clues[slug] for slug in WRITTEN])[places]
    organised = np.array([len(set(truth.person[truth.author == author])) > 1 for author in truth.author[places]])
    found = measure(
        machine.drawn(places),
        coded(read),
        organised,
        people=Clusters(author=truth.author[places], person=truth.person[places]),
        design=one_stratum(400, size=1_200),
    )
    assert found[4].precision.value > 0.95 and found[4].recall.value > 0.85
    assert found[4].may_be_published  # the generator lets organisers write of somebody more often
    assert found[0].recall is None  # the coder was not asked about N1


# Shares by territory and period


def table(coder: clues.Marks, people: Clusters, at_least: int = 1, towns: str = "ab", **given):
    n = len(coder)
    return share_table(
        coder,
        given.get("published", published("N8", "N9")),
        at_least=at_least,
        territory=given.get("territory", [towns[place * len(towns) // n] for place in range(n)]),
        period=["2018"] * n,
        people=people,
        design=one_stratum(n),
    )


def test_the_share_of_a_territory_is_over_its_own_ads():
    coder = marks(200, N8=slice(0, 30), N9=slice(90, 150))
    first, second = table(coder, everyone_apart(200)).cells
    assert (first.territory, second.territory) == ("a", "b")
    assert first.share.value == pytest.approx(0.40) and second.share.value == pytest.approx(0.50)
    assert first.share.interval.low < 0.40 < first.share.interval.high
    assert (first.persons, first.persons_with) == (100, 40)


def test_at_least_two_clues_means_both():
    coder = marks(200, N8=slice(0, 30), N9=slice(10, 50))
    assert table(coder, everyone_apart(200), at_least=2, towns="a").cells[0].share.value == pytest.approx(0.1)


def test_clues_that_are_not_published_do_not_count():
    coder = marks(200, N8=slice(0, 30), N1=slice(0, 200))
    assert table(coder, everyone_apart(200), towns="a").cells[0].share.value == pytest.approx(0.15)


@pytest.mark.parametrize("at_least", [0, 3])
def test_a_number_of_clues_that_cannot_be_is_refused(at_least):
    with pytest.raises(CalculationRefused, match="demandez de 1 à 2"):
        table(marks(200), everyone_apart(200), at_least=at_least)


def test_a_cell_is_hidden_when_few_persons_are_on_either_side():
    for bearing in (slice(0, 10), slice(0, 190), slice(0, 200), slice(0, 0)):
        (cell,) = table(marks(200, N8=bearing), everyone_apart(200), towns="a").cells
        assert cell.share is None


def test_a_cell_is_hidden_when_one_author_holds_most_of_its_ads():
    author = np.where(np.arange(200) < 26, 0, np.arange(200))
    people = Clusters(author=author, person=np.arange(200))
    (cell,) = table(marks(200, N8=slice(0, 50)), people, towns="a").cells
    assert cell.share is None


def test_a_territory_without_ads_in_a_period_has_an_empty_cell():
    cells = share_table(
        marks(200, N8=slice(0, 50)),
        published("N8"),
        at_least=1,
        territory=["a"] * 100 + ["b"] * 100,
        period=["2018"] * 100 + ["2019"] * 100,
        people=everyone_apart(200),
        design=one_stratum(200),
    ).cells
    assert [(cell.territory, cell.period, cell.persons) for cell in cells] == [
        ("a", "2018", 100), ("a", "2019", 0), ("b", "2018", 0), ("b", "2019", 100),
    ]  # fmt: skip
    assert cells[1].share is cells[2].share is None


# Which clues go together


def test_pairs_and_the_diagonal():
    coder = marks(200, N8=slice(0, 60), N9=slice(30, 100))
    cells = {
        (cell.first, cell.second): cell.share
        for cell in pair_table(coder, published("N8", "N9"), people=everyone_apart(200), design=one_stratum(200)).cells
    }
    assert cells["N8", "N8"].value == pytest.approx(0.30)
    assert cells["N8", "N9"].value == pytest.approx(0.15)
    assert cells["N9", "N9"].value == pytest.approx(0.35)


def test_a_pair_is_hidden_when_few_persons_have_one_without_the_other():
    coder = marks(200, N8=slice(0, 60), N9=slice(5, 65))
    cells = pair_table(coder, published("N8", "N9"), people=everyone_apart(200), design=one_stratum(200)).cells
    assert [cell.share is None for cell in cells] == [True, True, True]  # each alone would bound it


def shown_of(coder: clues.Marks, *codes: str) -> set[str]:
    cells = pair_table(coder, published(*codes), people=everyone_apart(200), design=one_stratum(200)).cells
    return {f"{cell.first} {cell.second}" for cell in cells if cell.share is not None}


def test_a_clue_alone_is_hidden_with_a_hidden_pair_and_so_is_whatever_equals_it():
    coder = marks(200, N7=slice(0, 100), N8=slice(0, 60), N9=slice(5, 65))
    assert shown_of(coder, "N7", "N8") == {"N7 N7", "N7 N8", "N8 N8"}
    # N8 N9 is hidden, so N8 and N9 are; N7 with either is that one again, so hidden too, and N7 with them.
    assert shown_of(coder, "N7", "N8", "N9") == set()
    apart = marks(200, N7=slice(30, 130), N8=slice(0, 60), N9=slice(5, 65))
    assert shown_of(apart, "N7", "N8", "N9") == {"N7 N7", "N7 N8", "N7 N9"}


def test_a_clue_that_always_comes_with_another_may_be_shown():
    coder = marks(200, N8=slice(0, 60), N9=slice(0, 30))
    cells = pair_table(coder, published("N8", "N9"), people=everyone_apart(200), design=one_stratum(200)).cells
    assert all(cell.share is not None for cell in cells)


# Hard rules


def test_the_sentence_goes_with_every_table():
    """Hard rule 7."""
    assert "ne prouvent rien sur une personne" in PROVES_NOTHING
    pairs = pair_table(marks(200), published("N8"), people=everyone_apart(200), design=one_stratum(200))
    assert table(marks(200), everyone_apart(200)).sentence == pairs.sentence == PROVES_NOTHING
    for kind in (clues.ShareTable, clues.PairTable):
        assert "sentence" not in inspect.signature(kind).parameters


def test_which_clues_an_ad_bears_cannot_be_printed_iterated_or_written():
    held = marks(20, N8=slice(0, 5))
    assert "array" not in repr(held) and "True" not in repr(held)
    with pytest.raises(TypeError):
        pickle.dumps(held)
    with pytest.raises(TypeError):
        iter(held)
    with pytest.raises(ValueError):
        coded(np.zeros((20, 8), dtype=np.bool_))


def test_no_public_function_gives_something_for_each_ad_but_marks_that_say_nothing():
    """Hard rule 6: no list, no ranking, no score per ad, person or author."""
    public = {name: getattr(clues, name) for name in clues.__all__}
    returned = {
        name: inspect.signature(one).return_annotation for name, one in public.items() if inspect.isfunction(one)
    }
    assert returned == {
        "checked": "Published",
        "coded": "Marks",
        "gathered_share_table": "ShareTable | None",
        "measure": "tuple[Measure, ...]",
        "numbered": "Ints",  # of what is given to it: says nothing of clues
        "observe": "Marks",
        "pair_table": "PairTable",
        "share_table": "ShareTable",
    }
    open_names = {name for name in dir(clues.Marks) if not name.startswith("_")}
    assert open_names == {"drawn"}


def test_no_answer_grows_with_the_number_of_ads():
    for n in (200, 400):
        coder = marks(n, N8=slice(0, n // 4))
        answers = (
            table(coder, everyone_apart(n), towns="a"),
            pair_table(coder, published("N8"), people=everyone_apart(n), design=one_stratum(n)),
            measure(coder, coder, np.arange(n) < 90, people=everyone_apart(n), design=one_stratum(n)),
        )
        assert [len(attrs.asdict(answer)["cells"]) for answer in answers[:2]] == [1, 1]
        assert len(answers[2]) == 9
        assert "ndarray" not in str([type(leaf) for answer in answers[:2] for leaf in _leaves(attrs.asdict(answer))])


def _leaves(tree):
    if isinstance(tree, dict):
        tree = tuple(tree.values())
    if isinstance(tree, (tuple, list)):
        return [leaf for part in tree for leaf in _leaves(part)]
    return [tree]


def test_territories_too_small_are_put_together_so_that_the_whole_gives_nothing_back():
    people, found = everyone_apart(90), published("N8")
    where = ["a"] * 40 + ["b"] * 40 + ["c"] * 10  # c alone has too few persons
    coder = marks(90, N8=slice(20, 60))
    given = {"at_least": 1, "period": "mars", "people": people, "design": one_stratum(90)}
    cells = clues.gathered_share_table(coder, found, territory=where, **given).cells
    assert [one.territory for one in cells] == ["a + c", "b"]
    assert all(one.share is not None for one in cells)
    assert [one.persons for one in cells] == [50, 40]
    assert clues.gathered_share_table(marks(90, N8=slice(0, 5)), found, territory=where, **given) is None
