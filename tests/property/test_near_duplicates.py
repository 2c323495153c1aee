"""The clustering of ads as a whole: what must hold of any corpus, and a slow plain reading of likeness as its judge."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnostic.duplicates import Ads, cluster, clustering, grams, likeness
from egide.diagnostic.duplicates.clustering import neighbours
from egide.diagnostic.duplicates.folding import fold
from egide.diagnostic.duplicates.machine import distinct
from egide.diagnostic.synthetic import generate
from egide.linkage.pseudonyms import Key, KeyDestroyed
from support import stranger_ads
from support.bcubed import bcubed, largest, pairs

KEY, OTHER = Key(bytes(range(32))), Key(bytes(range(1, 33)))
CLARA = "Bonjour, je m'appelle Clara, 31 ans. Bouquets de tulipes et de pivoines, livrés chaque samedi au marché."
NORA = "Réparation de vélos et de montres anciennes, devis en une heure, pièces garanties. Nora, près de la gare."
SENTENCE = " Paiement par carte accepté sur place, parking gratuit et accueil souriant toute l'année."


def groups(labels: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == one).tolist()) for one in set(labels.tolist())}


def together(*texts: str, **more: list[str]) -> tuple[set[frozenset[int]], set[frozenset[int]]]:
    found = cluster(Ads(texts=texts, **more), key=KEY)
    return groups(found.author), groups(found.person)


def test_the_same_words_dressed_otherwise_are_one_hand_and_one_person() -> None:
    texts = (CLARA, CLARA.upper(), CLARA.replace("é", "e").replace("31", "32"), NORA, NORA + " 🚲", CLARA + " Merci !")
    author, person = together(*texts)
    assert author == person == {frozenset({0, 1, 2, 5}), frozenset({3, 4})}


def test_one_wording_with_two_names_and_numbers_in_two_towns_is_two_persons() -> None:
    other = CLARA.replace("Clara", "Olga").replace("31", "47")
    _, person = together(
        *(CLARA, other, CLARA, other), phones=["0612345678", "0712345678"] * 2, places=["62041", "59350"] * 2
    )
    assert person == {frozenset({0, 2}), frozenset({1, 3})}


def test_any_size_is_taken() -> None:
    assert cluster(Ads(texts=[]), key=KEY).author.shape == (0,)
    assert together("Bonjour") == ({frozenset({0})}, {frozenset({0})})
    assert len(together("", "", "🌷")[0]) == 1
    found = cluster(Ads(texts=["tulipe " * 14_000, "tulipe " * 14_000 + "x", "rose"]), key=KEY)
    assert found.author[0] == found.author[1] != found.author[2]


def test_accounts_say_who_writes() -> None:
    author, _ = together(CLARA, NORA, accounts=["compte 1", "compte 1"])
    assert author == {frozenset({0, 1})}


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(8)))
def test_the_order_of_the_ads_only_renames_the_groups(order: list[int]) -> None:
    texts = [
        CLARA,
        CLARA + " Merci.",
        NORA,
        NORA + " Merci.",
        CLARA,
        "Leçons de piano",
        NORA.lower(),
        "Leçons de piano",
    ]
    plain = together(*texts)
    mixed = together(*(texts[place] for place in order))
    assert plain == tuple({frozenset(order[one] for one in group) for group in level} for level in mixed)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from([CLARA, NORA, "Leçons de piano", ""]), min_size=1, max_size=8))
def test_exact_copies_share_author_and_person(texts: list[str]) -> None:
    found = cluster(Ads(texts=texts), key=KEY)
    for one in set(texts):
        places = [place for place, text in enumerate(texts) if text == one]
        assert len(set(found.author[places].tolist())) == len(set(found.person[places].tolist())) == 1


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text(alphabet="abcde ", min_size=1, max_size=40), min_size=2, max_size=6))
def test_shared_weight_is_that_of_sets_of_runs_read_plainly(texts: list[str]) -> None:
    found = grams.wordings(fold([*texts, *texts[:1]]), np.uint64(1))
    worth = grams.sketched(found, np.uint64(2))
    words = ["".join(" abcdefghijklmnopqrstuvwxyz"[one] for one in found.letters[a:b])
             for a, b in zip(found.starts[:-1], found.starts[1:], strict=True)]  # fmt: skip
    seen = Counter(run for word in words for run in {word[at : at + 5] for at in range(len(word) - 4)})

    def weight(run: str) -> float:
        if seen[run] < 2:
            return 0.0
        rare = max(min(np.log(500 / seen[run]) - 0.6, 8.0), 0.0)
        return int(rare * rare / 8.0 * 16) / 16

    left, right = np.triu_indices(len(words), 1)
    read = likeness.read_pairs(worth, left, right)
    for one, other, shared in zip(left, right, read.shared.tolist(), strict=True):
        runs = [{word[at : at + 5] for at in range(len(word) - 4)} for word in (words[one], words[other])]
        assert shared == pytest.approx(sum(weight(run) for run in runs[0] & runs[1]))
    assert ((read.jaccard >= 0) & (read.jaccard <= 1)).all()


def test_machine_code_and_plain_python_make_the_same_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [CLARA, CLARA + " Merci.", NORA, NORA + " Merci.", CLARA[:60], "Leçons de piano", "Leçons de chant"]
    slow = cluster(Ads(texts=texts), key=KEY)
    for module in (grams, likeness):
        monkeypatch.setattr(module, "PLAIN_LETTERS", 0)
    quick = cluster(Ads(texts=texts), key=KEY)
    assert groups(slow.author) == groups(quick.author)


def test_two_runs_give_the_same_groups_from_sketches_that_cannot_be_compared() -> None:
    texts = [CLARA, CLARA + " Merci.", NORA, NORA + " Merci.", "Leçons de piano"]
    assert groups(cluster(Ads(texts=texts), key=KEY).author) == groups(cluster(Ads(texts=texts), key=OTHER).author)
    found = [grams.wordings(fold(texts), np.uint64(key.words("sketches", 1)[0])) for key in (KEY, OTHER)]
    one, other = (
        grams.sketched(each, np.uint64(key.words("x", 1)[0])).sketches
        for each, key in zip(found, (KEY, OTHER), strict=True)
    )
    assert (one[:4] == other[:4]).mean() < 0.1


def test_a_destroyed_key_groups_nothing() -> None:
    gone = Key(bytes(32))
    gone.destroy()
    with pytest.raises(KeyDestroyed):
        cluster(Ads(texts=[CLARA]), key=gone)


def test_the_coding_screen_is_given_like_ads_once_a_wording() -> None:
    wording, near = neighbours(Ads(texts=[CLARA, CLARA, CLARA + " Merci.", NORA]), key=KEY)
    assert wording[0] == wording[1] and len(set(wording.tolist())) == 3
    assert {(0, 2)} == set(zip(near.left.tolist(), near.right.tolist(), strict=True))
    assert 0.5 < near.likeness[0] <= 1
    assert not len(neighbours(Ads(texts=[]), key=KEY)[0])


def test_nothing_of_the_corpus_shows_when_its_pieces_are_printed() -> None:
    found = cluster(Ads(texts=[CLARA], phones=["0612345678"]), key=KEY)
    kept = grams.wordings(fold([CLARA]), np.uint64(1))
    assert not any(word in repr(one) for one in (found, kept, fold([CLARA])) for word in ("Clara", "clara", "0612"))
    assert not any("find" in name or "search" in name for name in vars(clustering))


@pytest.mark.machine_code
@pytest.mark.parametrize("invented", [generate, stranger_ads.generate])
def test_a_department_is_grouped_as_it_was_invented(invented: object) -> None:
    corpus = invented(seed=7, persons=273, ads=699)  # type: ignore[operator]
    found = cluster(Ads(texts=corpus.ads.texts, phones=corpus.ads.phones, places=corpus.ads.places), key=KEY)
    assert bcubed(found.author, corpus.truth.author)[2] > 0.92
    assert bcubed(found.person, corpus.truth.person)[2] > 0.92
    assert largest(found.author) <= 1.5 * largest(corpus.truth.author)
    assert abs(found.persons / 273 - 1) < 0.12


def test_a_sentence_added_to_three_ads_in_ten_makes_no_giant() -> None:
    corpus = stranger_ads.generate(seed=8, persons=273, ads=699)
    chance = random.Random(1)
    texts = [text + SENTENCE if chance.random() < 0.3 else text for text in corpus.ads.texts]
    found = cluster(Ads(texts=texts, phones=corpus.ads.phones), key=KEY)
    assert largest(found.author) <= 1.5 * largest(corpus.truth.author)
    assert pairs(found.author, corpus.truth.author)[0] > 0.9


def test_the_own_number_of_a_site_makes_no_giant() -> None:
    corpus = stranger_ads.generate(seed=9, persons=273, ads=699)
    chance = random.Random(1)
    texts = [text + " Site : 01 23 45 67 89" if chance.random() < 0.4 else text for text in corpus.ads.texts]
    found = cluster(Ads(texts=texts, phones=corpus.ads.phones), key=KEY)
    assert largest(found.author) <= 1.5 * largest(corpus.truth.author)
    assert pairs(found.author, corpus.truth.author)[0] > 0.9


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(min_value=-5, max_value=5), max_size=12))
def test_distinct_values_are_those_of_a_set_in_order(values: list[int]) -> None:
    assert distinct(np.array(values, dtype=np.int64)).tolist() == sorted(set(values))
