"""Exports of LimeSurvey and of common online forms become answers; contacts stay outside, nothing is guessed."""

import csv
import itertools
import time

import pytest
from openpyxl import Workbook

from egide.diagnostic.census.reading import read_table
from egide.diagnostic.questionnaire.columns import Use
from egide.diagnostic.questionnaire.model import Place
from egide.diagnostic.questionnaire.tabular import imported
from egide.errors import DeliveryRefused
from support.questionnaire import CANARY, QUESTIONNAIRE, table

BY_ID = QUESTIONNAIRE.by_id


def read(columns, *rows, **options):
    numbers = (f"{rank:032x}" for rank in itertools.count(1))
    return imported(QUESTIONNAIRE, table(columns, *rows), new_number=lambda: next(numbers), **options)


def only(done):
    (one,) = done.received
    return one


def refused(columns, *rows, **options):
    with pytest.raises(DeliveryRefused) as refusal:
        read(columns, *rows, **options)
    return refusal.value.defects


LIMESURVEY = (
    "id | submitdate | lastpage | startlanguage | seed | ipaddr | refurl | Q0_1 | Q0_2 | Q0_4 | Q0_7 | Q0_8"
    "| Q1_1[SQ001] | Q1_1[SQ004] | S1_A1 | S1_A2[SQ001] | S1_A2[SQ002] | S1_A7 | S1_A7[other] | S1_B1[SQ009]"
    "| S1_B1[other] | S1_B7 | S2_A1 | S2_A3[SQ001] | Q2_8 | Q3_1[SQ001] | Q3_1[SQ006]"
)


def test_a_limesurvey_export_by_codes_is_read_with_its_loop_its_array_and_its_other():
    row = f"7 | 2026-01-05 10:00:00 | 9 | fr | 88 | 192.0.2.1 | - | Centre social | {CANARY} | x@example.org | A2 | 4.0"
    row += "| N | Y | 3 ou 4 | Y | N | -oth- | chez une tante | Y | un parc | A1 | 2 | Y | N | A1 | A2"
    done = read(LIMESURVEY, row)
    one = only(done)
    assert one.answers.codes == {
        "Q0.7": ("collectif",),
        "Q1.1": ("temoin",),
        "Q2.8": ("non",),
        "Q3.1a": ("su",),
        "Q3.1f": ("pas_su",),
    }
    assert one.answers.numbers == {"Q0.8": "4"}
    first, second = one.answers.situations
    assert first.codes == {
        "S.A2": ("femmes",),
        "S.A7": ("autre",),
        "S.B1": ("internet", "autre"),
        "S.B7": ("oui",),
    }
    assert (first.numbers, second.numbers) == ({"S.A1": "3 ou 4"}, {"S.A1": "2"})
    assert second.codes == {"S.A3": ("lt15",)}
    assert {(text.place.name, text.text) for text in one.texts} == {
        ("Q0.1", "Centre social"),
        ("S.A7@1", "chez une tante"),
        ("S.B1@1", "un parc"),
    }
    assert not any(text.reread for text in one.texts)
    assert (done.columns[Use.CONTACT], done.columns[Use.TRACE], done.columns[Use.TECHNICAL]) == (2, 2, 5)


def test_an_answer_begun_and_never_sent_is_left_aside_with_its_row():
    done = read("id | submitdate | Q4_1", "1 | 2026-01-05 | Y", "2 | | Y")
    assert (len(done.received), done.unfinished) == (1, (3,))


def test_limesurvey_codes_and_texts_together_need_the_code_alone():
    one = only(read("Q2.8. Êtes-vous bien outillé en ce moment ? | Q211. Formation", "Oui | Non"))
    assert one.answers.codes == {"Q2.8": ("oui",), "Q2.11": ("non",)}


def test_limesurvey_codes_and_texts_of_an_array_or_of_boxes_are_read_with_their_two_brackets():
    heading = "Q11[SQ004]. Vous est-il arrivé de [voir une situation de vos yeux]"
    heading += "| Q3_1[SQ002]. Points [le client risque une amende de 1 500 €] | Q29[other]. Besoins [Autre]"
    one = only(read(heading, "Oui | Déjà connu | du temps"))
    assert one.answers.codes == {"Q1.1": ("temoin",), "Q3.1b": ("su",), "Q2.9": ("autre",)}


def test_a_google_form_is_read_by_the_texts_of_its_questions():
    """Repeated sections come back under the same words: the reader numbers them, the order tells which is which."""
    heading = ["Horodateur", "Adresse e-mail", BY_ID["Q1.1"].label, *[BY_ID[q].label for q in ("S.A1", "S.A4", "S.B6")]]
    heading += [f"{BY_ID[q].label} (2)" for q in ("S.A1", "S.A4", "S.B6")]
    heading += [f"{BY_ID['Q2.14'].label} (3)", f"Connaissiez-vous ces points ? [{BY_ID['Q3.1b'].label}]"]
    heading += [BY_ID["Q3.3"].label, f"{BY_ID['Q3.6'].label} (4)"]
    seen = "reconnaître une situation, probable ou certaine, voir une situation de vos yeux"
    row = f"05/01/2026 10:00:00 | a@example.org | {seen} | deux | française | un | une dizaine"
    row += "| autre pays de l'Union, pays hors de l'Union | trois | quatre | Pas connu | Non | cinq"
    done = read(" | ".join(heading), row)
    one = only(done)
    assert one.answers.codes == {"Q1.1": ("identifie", "temoin"), "Q3.1b": ("pas_su",), "Q3.3": ("non",)}
    assert [situation.codes for situation in one.answers.situations] == [{"S.A4": ("fr",)}, {"S.A4": ("ue", "hors_ue")}]
    assert [situation.numbers["S.A1"] for situation in one.answers.situations] == ["deux", "une dizaine"]
    places = {text.text: text.place.name for text in one.texts}
    assert places == {"un": "S.B6@1", "trois": "S.B6@2", "quatre": "Q2.14", "cinq": "Q3.6"}
    assert (done.columns[Use.CONTACT], done.columns[Use.TECHNICAL]) == (1, 1)


def test_a_microsoft_form_is_read_with_its_semicolons_and_its_digits(tmp_path):
    book = Workbook()
    sheet = book.active
    asked = ["Tranche d’âge approximative", "Quelle forme ?", "Tranche d’âge approximative2"]
    asked.append("Sinon, de quoi auriez-vous besoin ?")
    sheet.append(["ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom", *asked])
    told = ["15 à 17 ans;18 à 25 ans;", "bar, club;par Internet;une péniche;", "plus de 55 ans;", "un réseau;du temps;"]
    sheet.append([1, "05/01/2026", "05/01/2026", "anonymous", CANARY, *told])
    book.save(tmp_path / "forms.xlsx")
    done = imported(QUESTIONNAIRE, read_table(tmp_path / "forms.xlsx", numbered=True), new_number=lambda: "0" * 32)
    one = only(done)
    first, second = one.answers.situations
    assert first.codes == {"S.A3": ("15_17", "18_25"), "S.B1": ("bar", "internet", "autre")}
    assert second.codes == {"S.A3": ("gt55",)}
    assert one.answers.codes == {"Q2.9": ("reseau", "autre")}
    assert {text.text for text in one.texts} == {"une péniche", "du temps"}
    assert (done.columns[Use.CONTACT], done.columns[Use.TECHNICAL]) == (2, 3)


def test_the_same_heading_twice_in_a_csv_is_a_repeated_question(tmp_path):
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([["Nationalité", "Ressources", "Nationalité"], ["française", "", ""]])
    done = imported(QUESTIONNAIRE, read_table(path, numbered=True), new_number=lambda: "0" * 32)
    assert [situation.rank for situation in only(done).answers.situations] == [1]


def test_the_number_of_a_situation_may_be_said_in_the_heading():
    one = only(read("Situation 2 : Ressources | Ressources (situation 1) | S.A9@3", "salaire | aucune | A1"))
    said = {situation.rank: situation.codes for situation in one.answers.situations}
    assert said == {1: {"S.A10": ("aucune",)}, 2: {"S.A10": ("salaire",)}, 3: {"S.A9": ("apprenti",)}}


def test_unknown_columns_are_refused_all_at_once_with_a_way_to_declare_them():
    defects = refused("Q1.1 | Humeur | Q9.9 | Votre service", "voir une situation de vos yeux | a | b | c")
    assert [defect.place.rpartition("colonne ")[2] for defect in defects] == ["Humeur", "Q9.9", "Votre service"]
    assert all("--column" in defect.way_out and "--ignore" in defect.way_out for defect in defects)
    done = read(
        "Q1.1 | Humeur | Q9.9 | Votre service | Vu",
        "| a | Oui | c | Oui",
        declared={"Votre service": "Q0.1", "Q9.9": "Q4.1", "Vu": "Q1.1=temoin"},
        ignored=frozenset({"Humeur"}),
    )
    assert only(done).answers.codes == {"Q1.1": ("temoin",), "Q4.1": ("oui",)}


@pytest.mark.parametrize("target", ["Q0.4", "Q4.3", "Q1.1=chance", "Q1.1.autre", "S.A4", "S.A4@13", "nimporte"])
def test_a_column_can_be_declared_only_for_a_field_that_exists_and_asks_for_no_contact(target):
    (defect,) = refused("Q4.1 | Autre", "Oui | x", declared={"Autre": target})
    assert "S.A4@2" in defect.expected


def test_a_declaration_about_a_column_that_is_not_there_is_refused():
    (defect,) = refused("Q4.1", "Oui", ignored=frozenset({"Humeur"}))
    assert "Humeur" in defect.got


def test_two_columns_for_one_question_are_refused():
    (defect,) = refused("Q4_1 | Pouvons-nous revenir vers vous ?", "Oui | Non")
    assert "Q4.1" in defect.got


def test_a_file_without_headings_shows_none_of_its_cells():
    (defect,) = refused(f"{CANARY} | 0612345678 | Oui", "a | b | c")
    assert CANARY not in defect.text() and "0612345678" not in defect.text()


def test_a_heading_that_holds_an_address_is_not_shown():
    (defect,) = refused("Q4.1 | Écrire à x@example.org", "Oui | b")
    assert "example" not in defect.text()


def test_values_that_fit_no_option_are_refused_with_row_and_column_and_without_their_words():
    defects = refused("Q4.1 | Q1.1 | Q1_1[SQ001]", "Oui | | ", f"{CANARY} | {CANARY} | {CANARY}")
    assert [defect.place for defect in defects] == [
        "export.csv, ligne 3, colonne Q4.1",
        "export.csv, ligne 3, colonne Q1.1",
        "export.csv, ligne 3, colonne Q1_1[SQ001]",
    ]
    assert not any(CANARY in defect.text() for defect in defects)


def test_a_bare_digit_is_no_option():
    assert len(refused("Q2.6", "2")) == 1


def test_a_number_stays_as_it_was_said():
    one = only(read("Q1.2 | S.A1", "une dizaine | 3 ou 4"))
    assert one.answers.numbers["Q1.2"] == "une dizaine"
    assert one.answers.situations[0].numbers["S.A1"] == "3 ou 4"


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("Camomille Barbotine", None),
        ("3 (Camomille et ses sœurs)", None),
        ("trois personnes DONT Camomille", "trois personnes"),
        ("3 ｄont Camomille", None),
        ('=HYPERLINK("x")', None),
        ("@3", None),
    ],
)
def test_a_name_written_in_a_field_of_numbers_goes_with_the_texts_to_reread(said, number):
    one = only(read("Q1.2", said))
    assert one.answers.numbers == ({"Q1.2": number} if number else {})
    assert [text.text for text in one.texts] == [said]


def test_addresses_and_numbers_people_wrote_are_taken_out_and_counted():
    one = only(read("Q2.14", "voir x.y@example.org ou 06.12.34.56.78, 12 rue, 150 € en 2018 www.exemple.fr/z"))
    assert one.texts[0].text == "voir [adresse retirée] ou [numéro retiré], 12 rue, 150 € en 2018 [adresse retirée]"
    assert one.contacts_removed == 3


def test_an_answer_that_contradicts_the_branch_is_left_and_counted_one_that_was_merely_not_opened_is_kept():
    one = only(read("Q0.7 | Q0.8 | Q2.12", "en son nom seul | 4 | deux jours"))
    assert one.answers.numbers == {}
    assert [text.place for text in one.texts] == [Place("Q2.12")]
    assert one.not_asked == 1


@pytest.mark.parametrize("piece", ["x", "1 ", "a@", "a.", "+(", ", ", "é🙂", "0.1-"])
def test_a_text_of_a_hundred_thousand_signs_is_read_without_waiting(piece):
    long = piece * (100_000 // len(piece))
    start = time.process_time()
    one = only(read("Q2.9 | Q2.14", f"être informé et sensibilisé, {long} | {long}"))
    assert one.answers.codes["Q2.9"] == ("information", "autre") or not long.strip(" ,")
    assert time.process_time() - start < 2


def test_an_empty_row_is_no_answer():
    assert read("Q4.1", "Oui", "").empty == (3,)


def test_nothing_of_an_answer_is_printed_by_accident():
    one = only(read("Q2.14", CANARY))
    assert CANARY not in repr(one) + repr(one.answers) + repr(one.texts) + str(one)
