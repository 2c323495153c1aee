"""What the machine reads in an ad: plain letters, numbers, a name and an age."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnostic.census.phones import in_text
from egide.diagnostic.duplicates import folding, identities, phones
from egide.diagnostic.duplicates.folding import fold
from egide.linkage.pseudonyms import Key

KEY = Key(bytes(range(32)))


def folded(*texts: str) -> list[str]:
    found = fold(texts)
    return [bytes(found.letters[a:b]).decode() for a, b in zip(found.starts[:-1], found.starts[1:], strict=True)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("L’Été à l’Œuvre, ß !", "l ete a l oeuvre ss"),
        ("０６ 𝟎𝟕 0️⃣8️⃣ ①②", "06 07 08 12"),
        ("𝓑𝓸𝓷𝓳𝓸𝓾𝓻 ⓐⓑ 🅲 ＡＢＣ", "bonjour ab c abc"),
        ("Вonjоur", "bonjour"),
        ("co\u00adu\u200bcou", "coucou"),
        ("cafe\u0301 ﬁn", "cafe fin"),
        ("  tulipes…🌷🌷  et   roses ", "tulipes et roses"),
        ("\ud800", ""),
        ("🌷", ""),
        ("", ""),
    ],
)
def test_a_text_is_read_whatever_its_dress(written: str, read: str) -> None:
    assert folded(written) == [read]


def test_no_text_at_all_is_an_empty_line() -> None:
    assert len(fold([])) == 0
    assert folded("", "") == ["", ""]


@settings(max_examples=60)
@given(st.lists(st.text(alphabet="aàçéÎñozZ09 ,.!-'\n", max_size=30), max_size=6))
def test_folding_agrees_with_an_expression_of_the_rule(texts: list[str]) -> None:
    def plain(text: str) -> str:
        bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
        return re.sub("[^a-z0-9]+", " ", bare.lower()).strip()

    assert folded(*texts) == [plain(text) for text in texts]


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_and_leaves_plain_letters_only(text: str) -> None:
    once = folded(text)[0]
    assert re.fullmatch("[a-z0-9]+( [a-z0-9]+)*|", once)
    assert folded(once) == [once]


def test_machine_code_and_plain_python_fold_alike() -> None:
    text = "Éte 🌷 0️⃣6️⃣ ﬁn à Œuvre "
    assert folded(text * 400) == [" ".join(folded(text) * 400)]


WRITTEN = [
    "06 12 34 56 78",
    "06.12.34.56.78",
    "O6 12 34 56 78",
    "+33 6 12 34 56 78",
    "0033612345678",
    "0️⃣6️⃣ 12 🌷 34 56 78",
    "zéro six douze trente-quatre cinquante-six soixante-dix-huit",
    "0 6 1 2 3 4 5 6 7 8",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    found = phones.lines(fold([f"appelez le {written} merci", "0612345678"]), KEY)
    assert found.ad.tolist() == [0, 1]
    assert found.line.tolist() == [0, 0]


@pytest.mark.parametrize("written", WRITTEN)
def test_the_census_reads_the_same_number(written: str) -> None:
    assert in_text(f"appelez le {written} merci") == ("+33612345678",)


@pytest.mark.parametrize(
    "text",
    [
        "24 ans",
        "un deux trois",
        "08 92 12 34 56",
        "33 0 6 12",
        "00 33 6 12 34",
        "12 34 56 78 90",
        "00 12 34 56 78",
        "le 6 à 18 h",
        "1234567890123",
    ],
)
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert not len(phones.lines(fold([text]), KEY).ad)


def test_several_numbers_of_one_ad_are_kept_each_once() -> None:
    found = phones.lines(fold(["06 12 34 56 78 ou 06 12 34 56 79, oui 0612345678", "rien"]), KEY, fold(["", "07 12"]))
    assert found.ad.tolist() == [0, 0]
    assert len(set(found.line.tolist())) == 2
    assert len(set(found.block_of_line.tolist())) == 1


def test_a_long_run_of_figures_is_read_in_pieces() -> None:
    found = phones.lines(fold(["0612345678 " * 20, " ".join(["quatre vingt dix neuf"] * 80)]), KEY)
    assert found.ad.tolist() == [0]


def test_nothing_of_a_number_is_left_in_its_label() -> None:
    found = phones.lines(fold(["0612345678", "0712345678"]), KEY)
    assert set(found.line.tolist()) == {0, 1}
    assert repr(found).find("612345678") < 0


def introduced(*texts: str) -> tuple[list[int], list[int]]:
    found = identities.identities(fold(texts))
    return found.name.tolist(), found.age.tolist()


def test_two_ads_with_one_name_have_one_label() -> None:
    names, _ = introduced("Je m'appelle Clara", "un mot de CLARA", "Nora, fleuriste", "des tulipes")
    assert names[0] == names[1] >= 0
    assert names[2] not in (names[0], -1)
    assert names[3] == -1


def test_a_name_in_no_list_is_learnt_from_those_who_present_themselves() -> None:
    names, _ = introduced(*["je m'appelle Zorblina"] * 3, "le jardin de Zorblina", "le jardin de Blorzina")
    assert names[3] == names[0] >= 0
    assert names[4] == -1


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("Clara, 31 ans", 31),
        ("j'ai trente huit printemps", 38),
        ("I am 27", 27),
        ("Nora, 54, fleuriste", 54),
        ("quatre vingt ans d'histoire, j'ai 40 ans", 40),
        ("depuis vingt ans à Lens", -1),
        ("12 ans de métier", -1),
        ("ouvert 24 heures", -1),
        ("soixante et onze ans", 71),
    ],
)
def test_an_age_is_read_in_figures_or_in_words(text: str, age: int) -> None:
    assert introduced(text)[1] == [age]


def test_plain_python_and_machine_code_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["Je m'appelle Clara, 31 ans, 06 12 34 56 78", "Nora zéro six douze trente quatre un deux trois quatre"]
    slow, lent = identities.identities(fold(texts)), phones.lines(fold(texts), KEY)
    for module in (folding, identities, phones):
        monkeypatch.setattr(module, "PLAIN_LETTERS", 0)
    quick, fast = identities.identities(fold(texts)), phones.lines(fold(texts), KEY)
    assert np.array_equal(slow.name, quick.name) and np.array_equal(slow.age, quick.age)
    assert np.array_equal(lent.ad, fast.ad) and np.array_equal(lent.line, fast.line)
