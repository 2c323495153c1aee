"""A town is found however it is written; a name that fits two communes is never guessed."""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from egide.diagnostic.census.places import DATED, Ambiguous, Place, Unknown, epci_names, gazetteer


@cache
def listed() -> list[dict[str, str]]:
    """The file, read another way than by the code under test."""
    text = (files("egide.reference") / "data" / "communes.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    words = "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char)).split()
    return "".join(words[1:] if len(words) > 1 and words[0] in ("le", "la", "les", "l") else words)


@cache
def alone() -> list[dict[str, str]]:
    """Communes of today whose name, spaces and article aside, is nobody else's."""
    counts: dict[str, set[str]] = {}
    for row in listed():
        counts.setdefault(_bare(row["nom"]), set()).add(row["commune_actuelle"] or row["code"])
    return [row for row in listed() if not row["forme"] and len(counts[_bare(row["nom"])]) == 1]


ranks = st.integers(0, 10**9)
writings = st.sampled_from(
    [
        str,
        str.upper,
        str.lower,
        lambda name: name.replace("-", " "),
        lambda name: name.replace("'", "’"),
        lambda name: name.replace("Saint-", "St-").replace("Sainte-", "Ste "),
        lambda name: "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)),
        lambda name: f"  {name} cedex 2",
        lambda name: f"{name[3:]} (Le)" if name.startswith("Le ") else name,
    ]
)


@given(ranks, writings)
@settings(max_examples=150, deadline=None)
def test_a_name_that_one_commune_has_is_found_however_it_is_written(rank: int, written: object) -> None:
    row = alone()[rank % len(alone())]
    assert callable(written)
    found = gazetteer().find(written(row["nom"]))
    assert isinstance(found, Place)
    assert (found.municipality.code, found.former) == (row["code"], None)


@given(ranks)
@settings(max_examples=100, deadline=None)
def test_any_line_of_the_list_leads_to_its_commune_of_today_or_says_which_it_could_be(rank: int) -> None:
    row = listed()[rank % len(listed())]
    present = row["commune_actuelle"] or row["code"]
    found = gazetteer().find(row["nom"], row["departement"])
    if isinstance(found, Ambiguous):
        assert present in {each.present for each in found.candidates}
        assert {each.department for each in found.candidates} == {row["departement"]}
    else:
        assert isinstance(found, Place)
        assert found.municipality.code == present


@given(st.text(max_size=60), st.sampled_from(["62", "974", None]))
@settings(max_examples=80, deadline=None)
def test_any_text_is_looked_up_without_error(text: str, department: str | None) -> None:
    assert isinstance(gazetteer().find(text, department), Place | Ambiguous | Unknown)


@pytest.mark.parametrize(
    ("declared", "department", "code"),
    [
        ("st omer", "62", "62765"),
        ("Boulogne s/ Mer", None, "62160"),
        ("Havre (Le)", None, "76351"),
        ("L’Haÿ les Roses", None, "94038"),
        ("Oeuf en Ternois", None, "62633"),
        ("Paris 8ème", None, "75056"),
        ("75008", None, "75056"),  # a postal code that is nobody's code of Insee
        ("62041", None, "62041"),  # the reverse
        ("62100", None, None),  # both: Calais by post, Beaurainville by Insee
        ("Marseille 01", None, "13055"),
        ("Saint-Denis", "974", "97411"),
        ("Saint-Denis (93)", "974", "93066"),
        ("93200 Saint-Denis", None, "93066"),
        ("Lille", "62", "59350"),
        ("Bora Bora", None, "98714"),
        ("Saint-Pierre", "975", "97502"),
        ("Ajaccio 2A", None, None),
        ("Calais 59000", None, None),
        ("", "62", None),
    ],
)
def test_worked_examples(declared: str, department: str | None, code: str | None) -> None:
    found = gazetteer().find(declared, department)
    assert (found.municipality.code if isinstance(found, Place) else None) == code


def test_a_name_of_two_communes_is_ambiguous_and_both_are_listed() -> None:
    found = gazetteer().find("La Rochelle")
    assert isinstance(found, Ambiguous)
    assert [each.code for each in found.candidates] == ["17300", "70450"]
    assert isinstance(gazetteer().find("La Rochelle", "17"), Place)


def test_a_former_commune_leads_to_that_of_today_and_is_named() -> None:
    found = gazetteer().find("Arbignieu")
    assert isinstance(found, Place)
    assert found.municipality.name == "Arboys en Bugey"
    assert found.former is not None
    assert (found.former.name, found.former.form, DATED.isoformat()) == ("Arbignieu", "D", "2026-01-01")


def test_the_list_is_whole_and_each_commune_has_its_intercommunality() -> None:
    rows = listed()
    today = {row["code"] for row in rows if not row["forme"]}
    assert len(today) == 34_969  # of which 34 875 in departments: Insee, COG 2026, and 94 in collectivities
    assert all(row["commune_actuelle"] in today for row in rows if row["forme"])
    without = {row["code"] for row in rows if not row["epci"] and row["departement"] < "975" and not row["forme"]}
    assert without == {"22016", "29083", "29155", "85113"}  # four islands
    assert {row["epci"] for row in rows if row["epci"]} == set(epci_names())
    assert {"971", "972", "973", "974", "976", "975", "977", "978", "987", "988"} <= {
        row["departement"] for row in rows
    }
