"""Clues and thresholds against oracles written another way, and what must never change a table."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnostic.clues import Estimate, Measure, checked, coded, measure, pair_table, share_table
from egide.diagnostic.clues._groups import _both, _several
from egide.diagnostic.clues._lexicon import laid_out
from egide.diagnostic.clues._texts import one_ad_clues
from egide.diagnostic.clues._words import NEVER
from egide.diagnostic.duplicates.ads import Clusters
from egide.diagnostic.duplicates.folding import fold
from egide.diagnostic.sampling import Interval
from egide.diagnostic.sampling.moments import Design
from egide.diagnostic.thresholds import behind, publishable

HALF = Estimate(value=0.5, interval=Interval(0.4, 0.6))
TWICE = Estimate(value=2.0, interval=Interval(1.5, 3.0))
PUBLISHED = checked(["N5", "N8"], [Measure(code=c, precision=HALF, recall=HALF, lift=TWICE) for c in ("N5", "N8")])


@st.composite
def samples(draw):
    """Sixty ads or more in two strata, two towns; clues, persons and authors at random."""
    n = draw(st.integers(60, 90))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    stratum = np.arange(n) % 2
    return {
        "said": chance.random((n, 9)) < chance.uniform(0.1, 0.6),
        "person": chance.integers(0, n, n),
        "author": chance.integers(0, n // 2, n),
        "town": np.array(["a", "b"])[(chance.random(n) < 0.3).astype(int)],
        "stratum": stratum,
        "organised": chance.random(n) < 0.5,
    }


def tables(sample, order=None):
    at = np.arange(len(sample["town"])) if order is None else order
    people = Clusters(author=sample["author"][at], person=sample["person"][at])
    design = Design(stratum=sample["stratum"][at], sizes=np.array([400, 900]))
    coder = coded(sample["said"][at])
    shares = share_table(
        coder,
        PUBLISHED,
        at_least=1,
        territory=sample["town"][at],
        period=["2018"] * len(at),
        people=people,
        design=design,
    )
    pairs = pair_table(coder, PUBLISHED, people=people, design=design)
    measures = measure(coder, coder, sample["organised"][at], people=people, design=design)
    estimates = [cell.share for cell in (*shares.cells, *pairs.cells)] + [one.lift for one in measures]
    counts = [(cell.persons, cell.persons_with) for cell in shares.cells]
    return counts, [one and (one.value, one.interval.low, one.interval.high) for one in estimates]


@settings(max_examples=12, deadline=None)
@given(samples(), st.randoms(use_true_random=False))
def test_the_order_of_the_ads_changes_no_table(sample, random):
    order = list(range(len(sample["town"])))
    random.shuffle(order)
    counts, estimates = tables(sample)
    shuffled_counts, shuffled = tables(sample, np.array(order))
    assert counts == shuffled_counts
    for one, other in zip(estimates, shuffled, strict=True):
        assert (one is None and other is None) or one == pytest.approx(other)


@settings(max_examples=12, deadline=None)
@given(samples())
def test_one_more_ad_without_any_clue_raises_no_share(sample):
    n = len(sample["town"])
    everyone = {**sample, "stratum": np.zeros(n, dtype=np.int64), "town": np.array(["a"] * n)}
    more = {name: np.concatenate([values, values[:1]]) for name, values in everyone.items()}
    more["said"][-1] = False
    more["person"][-1] = more["author"][-1] = n + 1
    before, after = (_value(one) for one in (everyone, more))
    if before is not None and after is not None:
        assert after <= before + 1e-12


def _value(sample):
    n = len(sample["town"])
    (cell,) = share_table(
        coded(sample["said"]),
        PUBLISHED,
        at_least=1,
        territory=sample["town"],
        period=["2018"] * n,
        people=Clusters(author=sample["author"], person=sample["person"]),
        design=Design(stratum=sample["stratum"], sizes=np.array([1000])),
    ).cells
    return cell.share and cell.share.value


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 3)), max_size=30))
def test_several_persons_of_a_group_are_counted_as_one_would_by_hand(pairs):
    group = np.array([one for one, _ in pairs], dtype=np.int64)
    person = np.array([other for _, other in pairs], dtype=np.int64)
    members = defaultdict(set)
    for one, other in pairs:
        members[one].add(other)
    assert _several(group, person).tolist() == [one >= 0 and len(members[one]) > 1 for one, _ in pairs]
    both = _both(group, person - 1).tolist()
    wanted = [None if one < 0 or other < 1 else (one, other) for one, other in pairs]
    assert [one < 0 for one in both] == [one is None for one in wanted]
    assert len(set(both) - {-1}) == len(set(wanted) - {None})


WORDS = st.sampled_from(["ab", "c", "d4", "24", "pas"])
SENTENCES = st.lists(WORDS, max_size=12).map(" ".join)
LEXICONS = st.dictionaries(
    st.lists(st.sampled_from(["ab", "c", "d4", "24"]), min_size=1, max_size=4).map(" ".join),
    st.sampled_from([1, -1]),
    min_size=1,
    max_size=5,
)


@settings(max_examples=50, deadline=None)
@given(st.lists(SENTENCES, min_size=1, max_size=3), LEXICONS)
def test_phrases_are_met_as_a_reader_of_words_would_meet_them(texts, lexicon):
    words = laid_out({"passing": lexicon.items()}, {NEVER: {"pas"}})
    said = one_ad_clues(fold(texts), words=words)["N8"]
    assert said.tolist() == [_met(text.split(), lexicon) for text in texts]


def _met(words, lexicon):
    at = 0
    while at < len(words):
        here = [" ".join(words[at:end]) for end in range(at + 1, len(words) + 1)]
        longest = max((phrase for phrase in here if phrase in lexicon), key=lambda one: one.count(" "), default=None)
        if longest is None:
            at += 1
        elif lexicon[longest] > 0 and not (at > 0 and words[at - 1] == "pas"):
            return True
        else:
            at += longest.count(" ") + 1
    return False


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40) | st.sampled_from(["de passage", "25ans, bises Lina", "0 0 24 24"]), max_size=4))
def test_any_text_is_read_and_its_neighbours_do_not_matter(texts):
    together = one_ad_clues(fold(texts))
    for place, text in enumerate(texts):
        alone = one_ad_clues(fold([text]))
        assert {code: bool(found[place]) for code, found in together.items()} == {
            code: bool(found[0]) for code, found in alone.items()
        }


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=60), st.booleans())
def test_somebody_new_never_hides_a_cell(pairs, crossed):
    person, author = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    if publishable(behind(person, author), crossed=crossed):
        assert publishable(behind(np.append(person, 99), np.append(author, 99)), crossed=crossed)
        assert len(set(person)) >= (11 if crossed else 5)
        assert len(set(author)) >= 3
        assert max(np.bincount(author)) * 2 <= len(pairs)
