"""What several ads show together: drawn by hand, then on the truth of an invented corpus."""

from __future__ import annotations

import numpy as np
import pytest

from egide.diagnostic.clues import Links, numbered, observe
from egide.diagnostic.clues._groups import several_ads_clues
from egide.diagnostic.duplicates.ads import UNKNOWN, Clusters
from egide.diagnostic.duplicates.folding import fold
from support.stranger_ads import generate


def ads(author: str, person: str, **columns: str) -> tuple[Clusters, Links]:
    """One letter an ad; "." is unknown. A phone is a letter, and its block is the same letter in capitals."""
    n = len(author)
    of = {name: columns.get(name, "." * n) for name in ("accounts", "days", "areas", "phones")}
    column = {name: numbered([one.replace(".", "") for one in values]) for name, values in of.items()}
    given = np.array([place for place, one in enumerate(of["phones"]) if one != "."], dtype=np.int64)
    return (
        Clusters(author=numbered(list(author)), person=numbered(list(person))),
        Links(
            accounts=column["accounts"],
            days=column["days"],
            areas=column["areas"],
            phone_ad=given,
            phone=column["phones"][given],
            block=numbered([of["phones"][place].upper() for place in given]),
        ),
    )


def bearing(code: str, drawn: tuple[Clusters, Links], *, block_alone: bool = False) -> str:
    found = several_ads_clues(*drawn, block_alone=block_alone)[code]
    return "".join("x" if one else "." for one in found)


def test_one_hand_for_several_persons():
    assert bearing("N1", ads(author="aaabb", person="1123 3".replace(" ", ""))) == "xxx.."


def test_the_same_terms_need_the_same_day_or_the_same_area():
    assert bearing("N2", ads("aaaa", "1234", days="jjk.", areas="....")) == "xx.."
    assert bearing("N2", ads("aaaa", "1234", days="jklm", areas="uvuw")) == "x.x."
    assert bearing("N2", ads("abcd", "1234", days="jjjj", areas="uuuu")) == "...."  # four hands: not the same terms
    assert bearing("N2", ads("aa", "11", days="jj", areas="uu")) == ".."  # one person


def test_one_account_for_several_persons():
    assert bearing("N3", ads("abca", "1231", accounts="uuv.")) == "xx.."
    assert bearing("N3", ads("abc", "123", accounts="...")) == "..."  # unknown accounts are not one account


def test_one_phone_for_several_persons():
    assert bearing("N4", ads("abc", "123", phones="ppq")) == "xx."
    assert bearing("N4", ads("abc", "113", phones="ppq")) == "..."


def test_the_first_eight_digits_count_only_with_the_same_hand():
    """Chance neighbours: 3.9 % of persons have one at the size of the country."""
    assert bearing("N4", ads("abc", "123", phones="pPq")) == "..."
    assert bearing("N4", ads("aab", "123", phones="pPq")) == "xx."


def test_in_a_small_territory_the_first_eight_digits_may_count_alone():
    assert bearing("N4", ads("abc", "123", phones="pPq"), block_alone=True) == "xx."


def test_an_ad_may_give_two_phones():
    clusters, links = ads("abc", "123", phones="pqr")
    two = Links(
        accounts=links.accounts,
        days=links.days,
        areas=links.areas,
        phone_ad=np.array([0, 0, 1, 2]),
        phone=np.array([5, 6, 6, 7]),
        block=np.array([1, 2, 2, 3]),
    )
    assert bearing("N4", (clusters, two)) == "xx."


def test_no_ad_at_all():
    assert bearing("N1", ads("", "")) == bearing("N2", ads("", "")) == bearing("N4", ads("", "")) == ""


def test_equal_values_have_equal_numbers_and_nothing_has_none():
    assert numbered([b"x", b"", b"y", b"x"]).tolist() == [0, UNKNOWN, 1, 0]


def test_columns_of_different_lengths_are_refused():
    none = np.zeros(0, dtype=np.int64)
    one = np.zeros(1, dtype=np.int64)
    given = {"accounts": one, "days": one, "areas": one, "phone_ad": none, "phone": none, "block": none}
    for wrong in ({"days": none}, {"phone": one}, {"phone_ad": one + 3, "phone": one, "block": one}):
        with pytest.raises(ValueError):
            Links(**{**given, **wrong})
    with pytest.raises(ValueError, match="different numbers of ads"):
        observe(fold(["a", "b"]), Links(**given), Clusters(author=one, person=one))


def test_on_an_invented_corpus_the_first_four_clues_are_those_of_its_organisers():
    corpus = generate(5, persons=120, ads=300)
    ads_, truth = corpus.ads, corpus.truth
    clusters = Clusters(author=truth.author, person=truth.person)
    nothing = np.zeros(0, dtype=np.int64)
    links = Links(
        accounts=numbered(ads_.accounts),
        days=numbered(ads_.days),
        areas=numbered(ads_.places),
        phone_ad=nothing,
        phone=nothing,
        block=nothing,
    )
    found = several_ads_clues(clusters, links, block_alone=False)
    persons_of = {author: len(set(truth.person[truth.author == author])) for author in set(truth.author)}
    assert found["N1"].tolist() == [persons_of[author] > 1 for author in truth.author]
    assert not (found["N2"] & ~found["N1"]).any()
    assert not (found["N3"] & ~found["N1"]).any()
    assert found["N3"].any()
    assert not found["N4"].any()
