"""One person, one token, however partners write her; no token of a name alone; nothing of a cell in a message."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.errors import DeliveryRefused
from egide.linkage.pseudonyms import Key
from egide.unseen.linking.normal import Born, born, given_name, is_unknown, place, sex, sound, surname
from egide.unseen.linking.persons import persons
from egide.unseen.linking.tokens import RULES, Person, tokens

TODAY = date(2026, 4, 2)
KEY = Key(b"k" * 32)
HEADINGS = ("Nom", "Prénom", "Date de naissance", "Sexe", "Lieu")


def made(*cells: str, key: Key = KEY) -> dict[str, str]:
    (one,) = persons(HEADINGS, [(2, dict(zip(HEADINGS, cells, strict=True)))], declared={}, today=TODAY)
    return dict(zip(RULES, tokens(one, key), strict=True))


def in_common(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {rule for rule in RULES if one[rule] and one[rule] == other[rule]}


@pytest.mark.parametrize(
    "writings",
    [
        ("de La Rivière", "DE LA RIVIERE", "La Rivière (de)", "rivière"),
        ("N’Goumé", "N'GOUME", "NGOUME", "N Goume", "NʼGoumé"),
        ("محمد", "محمـد", "\u200fمحمد\u200e"),  # lengthened for the look, marked for the direction
        ("Rivière", "Ri\u00advière", "Rivi\u200dère"),
        ("Dupont-Durand", "DUPONT DURAND", "dupont durand"),
        ("Lefebvre épouse Martin", "LEFEBVRE", "Martin née Lefebvre", "Lefebvre ép. Martin"),
        ("Œillet", "OEILLET", "oeillet"),
        ("Le", "LE"),  # a particle that is the whole name
    ],
)
def test_the_writings_of_a_surname_are_one(writings):
    assert len({surname(one) for one in writings}) == 1
    assert surname(writings[0])


def test_of_a_double_given_name_the_first_half_counts():
    assert {given_name(one) for one in ("Marie-Claire", "MARIE CLAIRE", "Marie, Claire", "marie")} == {"marie"}


@pytest.mark.parametrize(
    "writings",
    [
        ("N'Deye", "N’Deye", "NDEYE", "N DEYE", "NʼDeye"),
        ("Abdel-Kader", "Abdelkader", "ABD EL KADER"),
        ("El Mehdi", "Elmehdi"),
        ("Sa'id", "Saïd", "SAʿID"),
        ("Thị Lan", "Lan", "THI LAN"),
        ("Thi", "THỊ"),  # the whole of it
    ],
)
def test_a_given_name_is_never_a_letter_an_article_or_what_most_women_of_a_country_have(writings):
    """Else N'Deye and N'Golo, or all Nguyen Thi of a year, would be one person."""
    assert len({given_name(one) for one in writings}) == 1
    assert len(given_name(writings[0])) > 2


@pytest.mark.parametrize(
    "alike", [("philippe", "filipe"), ("khadija", "khadidja"), ("therese", "tereze"), ("oumar", "umar")]
)
def test_names_that_sound_alike_have_one_sound(alike):
    assert len(set(map(sound, alike))) == 1


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
def test_every_name_has_a_sound_and_it_is_no_longer_than_the_name(name):
    assert 1 <= len(sound(name)) <= len(name)


@pytest.mark.parametrize(
    "written",
    [
        *("2001-03-12", "12/03/2001", "12-3-2001", "12.03.2001", "12 mars 2001", "12 MARS 2001", "2001/03/12"),
        *("2001-03-12T00:00:00", "12\u00a0mars\u00a02001"),
    ],
)
def test_the_writings_of_a_date_are_one(written):
    assert born(written, today=TODAY) == Born(year=2001, month=3, day=12)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("1er février 1999", Born(year=1999, month=2, day=1)),
        ("3 févr. 1999", Born(year=1999, month=2, day=3)),
        ("03/2001", Born(year=2001, month=3)),
        ("2001-03", Born(year=2001, month=3)),
        ("2001", Born(year=2001)),
        ("00/00/2001", Born(year=2001)),
        ("01/01/2001", Born(year=2001)),  # what files write when the day is not known
    ],
)
def test_a_date_is_read_as_far_as_it_is_known(written, known):
    assert born(written, today=TODAY) == known


@pytest.mark.parametrize(
    "written", ["12/03/01", "31/02/2001", "2001-13-01", "2030-01-05", "1850", "vers 2001", "12 brumaire 2001", "36963"]
)
def test_a_date_that_cannot_be_read_or_cannot_be_is_no_date(written):
    assert born(written, today=TODAY) is None


@given(st.dates(min_value=date(1900, 1, 2), max_value=TODAY))
def test_any_day_is_read_the_same_in_its_french_and_in_its_iso_writing(day):
    assert born(f"{day:%d/%m/%Y}", today=TODAY) == born(day.isoformat(), today=TODAY)


def test_what_says_that_nothing_is_known_makes_no_name_no_sex_no_place():
    for text in ("", " ", "?", "-", "Inconnu", "NON RENSEIGNÉ", "x", "N/A", "Non identifiée", "Sans nom", "NULL"):
        assert is_unknown(text)
        assert (surname(text), given_name(text), sex(text), place(text)) == ("", "", "", "")
    assert (surname("Na"), given_name("Na")) == ("na", "na")  # a name in several languages
    assert place("St-Denis") == place("SAINT DENIS")
    assert [sex(one) for one in ("F", "femme", "2", "Masculin", "h")] == ["f", "f", "f", "m", "m"]


def test_one_person_written_by_two_partners_has_the_same_tokens():
    one = made("de La Rivière", "Marie-Claire", "12/03/2001", "F", "St-Omer")
    assert in_common(one, made("DE LA RIVIERE", "MARIE CLAIRE", "2001-03-12", "femme", "Saint Omer")) == set(RULES)


@pytest.mark.parametrize(
    ("mistake", "left"),
    [
        (("Riviere", "Marie", "03/12/2001", "", ""), {"turned", "names", "year"}),  # day and month exchanged
        (("Riviere", "Marie", "12/03/2002", "", ""), {"anniversary"}),
        (("Riviere", "Marie", "13/03/2001", "", ""), {"names", "year", "month"}),
        (("Rivierre", "Marie", "12/03/2001", "", ""), {"sound", "given", "year", "month"}),
        (("Marie", "Riviere", "12/03/2001", "", ""), {"whole"}),  # family and given names exchanged
        (("Martin", "Marie", "12/03/2001", "", ""), {"given"}),
        (("Riviere", "Marie", "2001", "", ""), {"names", "year"}),
        (("Riviere", "Marie", "", "f", "Arras"), {"place"}),
    ],
)
def test_after_one_mistake_some_token_is_still_common(mistake, left):
    assert in_common(made("Rivière", "Marie", "12/03/2001", "F", "Arras"), made(*mistake)) == left


def test_a_field_that_is_not_known_gives_no_token():
    assert not any(made("Riviere", "", "12/03/2001", "", "")[rule] for rule in RULES if rule != "sound")
    assert not any(made("Riviere", "Marie", "", "F", "").values())
    assert not any(made("", "", "", "", "").values())


def test_no_token_is_of_a_name_alone():
    """The commonest digest would be the commonest name."""
    assert not any(tokens(Person(surname="riviere", given="marie", sex="f"), KEY))


def test_two_rules_never_give_one_token_and_another_key_gives_other_tokens():
    one = made("Rivière", "Marie", "12/03/2001", "F", "Arras")
    assert len(set(one.values())) == len(RULES)
    assert not in_common(one, made("Rivière", "Marie", "12/03/2001", "F", "Arras", key=Key(b"l" * 32)))


# ---- the list itself ----


def refusal(columns, rows=(), declared=None) -> list[str]:
    with pytest.raises(DeliveryRefused) as caught:
        persons(columns, rows, declared=declared or {}, today=TODAY)
    return [one.text() for one in caught.value.defects]


def test_every_cell_that_cannot_be_read_is_told_by_its_place_at_once_and_never_quoted():
    rows = [
        (2, dict(zip(HEADINGS, ("Canarix", "Zoé", "31/02/2001", "Canarix", ""), strict=True))),
        (3, dict(zip(HEADINGS, ("Canarix", "Zoé", "12/03/2001", "F", ""), strict=True))),
        (4, dict(zip(HEADINGS, ("Canarix", "Zoé", "né en 3001", "F", ""), strict=True))),
    ]
    said = refusal(HEADINGS, rows)
    assert [one.split(" :")[0] for one in said] == ["ligne 2, naissance", "ligne 2, sexe", "ligne 4, naissance"]
    assert not any(canary in one for one in said for canary in ("Canarix", "Zo", "31/02", "3001"))


def test_an_error_of_the_spreadsheet_is_no_name():
    said = refusal(HEADINGS, [(2, dict(zip(HEADINGS, ("#N/A", "#NOM?", "#REF!", "F", "#VALEUR!"), strict=True)))])
    assert [one.split(" :")[0] for one in said] == [
        f"ligne 2, {name}" for name in ("nom", "prenom", "naissance", "lieu")
    ]


def test_a_list_without_headings_is_refused_without_quoting_its_first_person():
    said = " ".join(refusal(("Canarix", "Zoé", "12/03/2001")))
    assert "nom" in said and "prenom" in said
    assert "Canarix" not in said and "12/03" not in said


def test_headings_are_understood_or_declared_and_a_doubt_is_asked():
    rows = [(2, {"Patronyme": "Rivière", "Appelée": "Marie", "DDN": "2001"})]
    (one,) = persons(("Patronyme", "Appelée", "DDN"), rows, declared={"Appelée": "prenom"}, today=TODAY)
    assert (one.surname, one.given, one.year) == ("riviere", "marie", "2001")
    assert len(refusal(("Nom", "Nom de naissance", "Prénom", "Naissance"))) == 1
    assert len(refusal(("Nom", "Nom (2)", "Prénom", "Naissance"))) == 1  # as reading tells a heading that comes back
    assert len(refusal(HEADINGS, declared={"Absent": "nom", "Nom": "prenom", "Lieu": "prenom"})) == 2


def test_a_list_with_neither_birth_nor_place_is_refused():
    assert "naissance" in refusal(("Nom", "Prénom", "Sexe"))[0]


def test_a_person_is_never_shown():
    assert "riviere" not in repr(Person(surname="riviere"))
