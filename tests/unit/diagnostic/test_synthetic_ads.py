"""Invented ads: what the settings ask for is what comes, and nothing in them is anybody's."""

from __future__ import annotations

import re

import numpy as np
import pytest

from egide.diagnostic.duplicates.folding import fold
from egide.diagnostic.duplicates.phones import lines
from egide.diagnostic.synthetic import CLUES, Corpus, generate
from egide.diagnostic.synthetic.lists import FIRST_NAMES, FRANCE, PAS_DE_CALAIS, Town
from egide.diagnostic.synthetic.phones import FICTION, UNOPENED, blocks
from egide.diagnostic.synthetic.sentences import COMMON_SENTENCE, patterns
from egide.linkage.pseudonyms import Key
from egide.reference import load
from support.bcubed import largest, sizes


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return generate(7, persons=1_500, ads=10_000, account_shown=0.8)


def test_one_seed_gives_one_corpus(corpus: Corpus) -> None:
    small = [generate(seed, persons=30, ads=70) for seed in (1, 1, 2)]
    assert list(small[0].ads.texts) == list(small[1].ads.texts)
    assert (small[0].truth.person == small[1].truth.person).all()
    assert list(small[0].ads.texts) != list(small[2].ads.texts)


def test_every_person_has_an_ad_and_one_hand(corpus: Corpus) -> None:
    assert len(corpus.ads) == len(corpus.sites) == len(corpus.truth.person) == len(corpus.truth.author) == 10_000
    assert len(sizes(corpus.truth.person)) == 1_500
    hands = np.unique(np.stack([corpus.truth.person, corpus.truth.author]), axis=1)
    assert len(hands[0]) == 1_500


@pytest.mark.parametrize("organised", [0.0, 0.1, 0.5, 1.0])
def test_the_share_of_organised_persons_is_the_one_asked(organised: float) -> None:
    truth = generate(3, persons=400, ads=600, organised=organised).truth
    hands = np.unique(np.stack([truth.person, truth.author]), axis=1)[1]
    of_hand = np.bincount(hands)
    assert (of_hand[hands] > 1).sum() == round(400 * organised)


def test_at_the_size_of_the_country_authors_are_as_many_as_measured() -> None:
    from egide.diagnostic.synthetic.people import people

    who = people(np.random.default_rng(1), persons=60_000, ads=400_000, organised=0.25)
    assert len(np.unique(who.author)) == pytest.approx(46_654, rel=0.005)
    assert 300 < largest(who.ad_person) < 700
    # 55,000 numbers among the two million blocks of mobiles: 2 or 3 % share theirs with a stranger, by pure chance.
    owners = {number: place for place, number in enumerate(who.phone) if not who.organised[place]}
    block_sizes = sizes([number[:8] for number in owners])
    assert 0.01 < block_sizes[block_sizes > 1].sum() / len(owners) < 0.05


@pytest.mark.parametrize("shown", [0.0, 0.5, 0.95])
def test_numbers_stand_in_the_share_of_ads_asked(shown: float) -> None:
    ads = generate(4, persons=400, ads=1_500, phone_shown=shown).ads
    assert ads.phones is not None
    found = lines(fold(ads.texts), Key(bytes(32)), fold(ads.phones))
    read = len(np.unique(found.ad)) / 1_500
    assert read <= shown + 0.03  # not above; some below: cut by the site, badly typed, disguised
    assert read >= 0.8 * shown - 0.03


def test_no_number_is_anybodys() -> None:
    ads = generate(5, persons=900, ads=1_500).ads
    allowed = re.compile(rf"({'|'.join((*FICTION, *UNOPENED))})")
    assert ads.phones is not None
    for field in filter(None, ads.phones):
        digits = re.sub(r"\D", "", field)
        national = digits.removeprefix("0033") if digits.startswith("00") else digits
        national = national[-9:]
        assert len(national) == 9 and allowed.match("0" + national)


def test_a_department_needs_no_number_but_those_of_fiction() -> None:
    found = blocks(np.random.default_rng(1), 273)
    assert all(block.startswith(FICTION) for block in found)
    assert len(set(found)) >= 272


def test_organised_persons_share_a_number_or_a_block_as_often_as_said() -> None:
    from egide.diagnostic.synthetic.people import people

    who = people(np.random.default_rng(2), persons=20_000, ads=20_000, organised=0.5)
    first = {author: number for author, number in zip(who.author[::-1].tolist(), who.phone[::-1], strict=True)}
    others = [
        (number, first[author])
        for place, (author, number) in enumerate(zip(who.author.tolist(), who.phone, strict=True))
        if who.organised[place] and (place == 0 or who.author[place - 1] == author)
    ]
    same = sum(number == one for number, one in others) / len(others)
    block = sum(number[:8] == one[:8] for number, one in others) / len(others)
    assert same == pytest.approx(0.5, abs=0.03)
    assert block == pytest.approx(0.8, abs=0.03)


def test_clues_are_true_of_the_text_as_shown(corpus: Corpus) -> None:
    texts, told = corpus.ads.texts, corpus.truth.clues
    assert tuple(told) == CLUES
    assert all(0 < told[clue].mean() < 0.4 for clue in CLUES)
    said = re.compile("24h|24/|nuit|toute heure|hour|night", re.IGNORECASE)
    spoken = [said.search(text) is not None for text in texts]
    agreed = (np.array(spoken) == told["always_available"]).mean()
    assert agreed > 0.95  # the others were cut, or typed with an error


def test_the_common_sentence_is_added_to_the_share_asked() -> None:
    attacked = generate(6, persons=200, ads=1_000, attacked=0.3).ads.texts
    assert sum(COMMON_SENTENCE in text for text in attacked) / 1_000 == pytest.approx(0.3, abs=0.05)
    assert not any(COMMON_SENTENCE in text for text in generate(6, persons=200, ads=1_000).ads.texts)


def test_one_account_is_one_hand_and_only_organisers_have_one_for_several_persons(corpus: Corpus) -> None:
    assert corpus.ads.accounts is not None
    seen = [place for place, account in enumerate(corpus.ads.accounts) if account]
    assert len(seen) / 10_000 == pytest.approx(0.8, abs=0.02)
    hands = {(corpus.ads.accounts[place], int(corpus.truth.author[place])) for place in seen}
    assert len(hands) == len({account for account, _ in hands})
    persons = {(corpus.ads.accounts[place], int(corpus.truth.person[place])) for place in seen}
    assert len(persons) > len(hands)


def test_texts_are_about_as_long_as_those_measured(corpus: Corpus) -> None:
    assert 220 < np.mean([len(text) for text in corpus.ads.texts]) < 275
    assert not any(
        re.search("[\x01-\x08\ue000-\uf8ff\\[\\]{}|]", text) for text in corpus.ads.texts if " | " not in text
    )


def test_borrowed_wordings_are_found_under_several_hands() -> None:
    plain = generate(8, persons=300, ads=900, new_text=0, copied=0, organised=0)
    lent = generate(8, persons=300, ads=900, new_text=0, copied=0, organised=0, borrowed=0.3)
    assert _shared_titles(lent) > _shared_titles(plain) + 50


def _shared_titles(corpus: Corpus) -> int:
    owners: dict[str, set[int]] = {}
    for text, author in zip(corpus.ads.texts, corpus.truth.author.tolist(), strict=True):
        owners.setdefault(text[40:90], set()).add(author)
    return sum(len(hands) > 1 for hands in owners.values())


def test_towns_are_communes_under_their_own_code() -> None:
    names = {(row["code"], row["nom"]) for row in load.table("communes")}
    assert all((town.code, town.name) in names for town in FRANCE)
    assert len({town.code for town in FRANCE}) == len(FRANCE)
    assert set(generate(1, persons=40, ads=80).ads.places or ()) <= {town.code for town in PAS_DE_CALAIS}
    only = Town(code="59350", name="Lille")
    assert set(generate(1, persons=4, ads=8, towns=[only]).ads.places or ()) == {"59350"}


def test_first_names_are_given_once_and_alone() -> None:
    assert len(set(FIRST_NAMES)) == len(FIRST_NAMES) > 100
    assert all(name.isalpha() for name in FIRST_NAMES)


def test_a_choice_may_hold_a_choice() -> None:
    from random import Random

    pattern = patterns("[a|b [c|d]] e")[0]
    chance = Random(1)
    assert {pattern.draw(chance) for _ in range(60)} == {"a e", "b c e", "b d e"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"persons": 0},
        {"persons": 9, "ads": 8},
        {"persons": 200_000, "ads": 300_000},
        {"organised": 1.2},
        {"phone_shown": -0.1},
        {"towns": ()},
    ],
)
def test_impossible_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="expected"):
        generate(1, **{"persons": 4, "ads": 8, **wrong})  # type: ignore[arg-type]
