"""A blind index finds the same person however the name is written, and tells nothing without its key."""

import hashlib
import hmac
from datetime import date
from functools import partial
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide_registry.security.blind import (
    NothingToIndex,
    date_index,
    duplicate_index,
    exact_index,
    name_index,
    normalised,
    phonetic,
)
from egide_registry.security.keys.local import LocalKeys

BORN = date(1998, 4, 2)
ACCENTS = str.maketrans({"a": "â", "e": "é", "i": "ï", "o": "ô", "u": "ù", "c": "c"})
words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
separators = st.sampled_from(["-", " ", "'", "’", "\u00a0", "  ", "‐", ""])


def codes_of(department: str, purpose: str, data: bytes) -> bytes:
    """A key service in one line, with a key for each department."""
    return hmac.digest(hashlib.sha256(department.encode()).digest(), purpose.encode() + b"\0" + data, "sha256")


here, there = partial(codes_of, "62"), partial(codes_of, "59")


@given(parts=st.lists(words, min_size=1, max_size=4), one=separators, other=separators)
def test_one_name_written_in_two_ways_has_one_index(parts: list[str], one: str, other: str):
    plain = name_index(here, "name", one.join(parts))
    assert name_index(here, "name", other.join(parts).upper()) == plain
    assert name_index(here, "name", other.join(parts).translate(ACCENTS)) == plain
    assert name_index(here, "name", f"  {one.join(parts).title()} ") == plain


@pytest.mark.parametrize(
    "written",
    [
        ("Jean-Léon", "JEAN LEON", "jean leon", "Jean‑Léon"),
        ("N'Goumé", "N’Goume", "NGOUME", "N Goumé"),
        ("De La Brume", "de la brume", "DELABRUME"),
        ("Cœuret", "COEURET", "Coeuret"),
        ("Straße", "STRASSE"),
        ("Łukowa", "Lukowa"),
        ("Ñandù", "Nandu", "N\u0303andu\u0300"),
        ("Işıl", "ISIL", "işil"),
    ],
)
def test_accents_case_hyphens_apostrophes_and_spaces_do_not_count(written: tuple[str, ...]):
    assert len({name_index(here, "name", name) for name in written}) == 1


def test_a_particle_is_part_of_the_name():
    assert normalised("de Brume") == "debrume" != normalised("Brume")


@given(name=st.text())
def test_normalising_twice_changes_nothing_more(name: str):
    assert normalised(normalised(name)) == normalised(name)


@given(left=words, right=words)
def test_names_of_other_letters_have_other_indexes(left: str, right: str):
    same = name_index(here, "name", left) == name_index(here, "name", right)
    assert same == (left == right)  # 64 bits: a chance agreement would take billions of names


@given(name=words, day=st.dates(date(1900, 1, 1)))
def test_departments_and_columns_give_unrelated_indexes(name: str, day: date):
    for index in (partial(name_index, name=name), partial(date_index, day=day)):
        one, two, three = index(here, "a"), index(there, "a"), index(here, "b")
        assert len({one, two, three}) == 3
        assert {len(one), len(two), len(three)} == {8}


@given(value=st.text("abcdefghij", min_size=8, max_size=8))
def test_an_index_holds_no_letter_run_of_its_value(value: str):
    assert value[:4].encode() not in exact_index(here, "mail", value)


def test_indexes_come_from_the_key_service(tmp_path: Path):
    keys = LocalKeys(tmp_path / "keys.json")
    for department in ("62", "59"):
        keys.create(f"department/{department}")
    mac = partial(keys.mac, "department/62")
    assert name_index(mac, "name", "Brume") == keys.mac("department/62", "blind/name", b"brume")[:8]
    assert name_index(mac, "name", "Brume") != name_index(partial(keys.mac, "department/59"), "name", "Brume")


def test_each_character_counts_in_an_exact_index():
    indexes = {exact_index(here, "mail", mail) for mail in ("a.b@example.org", "ab@example.org", "A.b@example.org")}
    assert len(indexes) == 3


@pytest.mark.parametrize("empty", ["", "  ", "-’'", "\u0301"])
def test_a_blank_name_has_no_index_rather_than_the_index_of_all_blanks(empty: str):
    for index in (
        lambda: name_index(here, "name", empty),
        lambda: duplicate_index(here, "duplicate", [empty], BORN),
        lambda: exact_index(here, "mail", ""),
    ):
        with pytest.raises(NothingToIndex):
            index()


@pytest.mark.parametrize(
    "alike",
    [
        "Dupond Dupont Dupon",
        "Lefèvre Lefebvre Lefevre",
        "Philippe Filip Filipe",
        "Chantal Shantal",
        "Thérèse Tereze",
        "Oumar Umar Wumar",
        "Djibril Jibril",
        "Gauthier Gautier Gotier",
        "Khadija Kadija Khadidja",
        "Boubacar Boubakar Bubakar",
        "Christelle Kristel",
        "Chloé Kloé Cloe",
        "Françoise Fransoize",
        "Aymeric Émeric Emeryk",
        "Guilhem Guillem Guilem",
        "Benoît Benoist",
        "Marin Marain Marins",
    ],
)
def test_names_said_alike_sound_alike(alike: str):
    assert len({phonetic(name) for name in alike.split()}) == 1, {name: phonetic(name) for name in alike.split()}


def test_names_said_otherwise_sound_otherwise():
    names = ["Martin", "Bernard", "Petit", "Robert", "Durand", "Moreau", "Laurent", "Simon"]
    others = ["Michel", "Diallo", "Traore", "Okafor", "Ionescu", "Silva", "Nguyen", "Popa", "Adeyemi"]
    assert [pair for pair in combinations(names + others, 2) if phonetic(pair[0]) == phonetic(pair[1])] == []


@given(name=st.text())
def test_every_name_with_a_letter_has_a_sound_or_is_only_silent_letters(name: str):
    if not phonetic(name):
        assert set(normalised(name)) <= set("h")


@given(parts=st.lists(words, min_size=1, max_size=3), one=separators, other=separators)
def test_a_sound_does_not_depend_on_how_the_name_is_written(parts: list[str], one: str, other: str):
    assert phonetic(one.join(parts)) == phonetic(other.join(parts).upper())


@given(names=st.lists(words.filter(lambda word: word.strip("h")), min_size=1, max_size=4), shuffle=st.randoms())
def test_duplicates_are_found_whatever_the_order_of_the_names(names: list[str], shuffle):
    shuffled = shuffle.sample(names, len(names))
    assert duplicate_index(here, "duplicate", names, BORN) == duplicate_index(here, "duplicate", shuffled, BORN)


def test_a_duplicate_has_the_month_of_birth_but_not_the_day():
    index = partial(duplicate_index, here, "duplicate", ["Lefèvre", "Khadija"])
    assert index(BORN) == index(date(1998, 4, 30))
    assert index(BORN) != index(date(1998, 5, 2))
    assert index(BORN) != index(date(1997, 4, 2))
    assert index(BORN) == duplicate_index(here, "duplicate", ["Kadidja", "LEFEBVRE"], BORN)
    assert index(BORN) != duplicate_index(there, "duplicate", ["Lefèvre", "Khadija"], BORN)
