"""What the gate refuses in the cells and rows of a delivery, each rule on a table one can read."""

import pytest

from egide.facts.model import Secret, Status
from egide.facts.values import BELOW_FIVE, NOT_COMMUNICATED, Value
from support.deliveries import GOOD, found, judged, mapping, rows

STOCK = "Parcours en cours | 2025-12-31 | Paris"
SHARE = "Part des femmes | 2025 | Paris"


def number(cell, line=STOCK):
    return judged(rows(f"{line} | | {cell} | | | | définitif |"))


def test_a_good_delivery_gives_one_fact_per_row():
    assert [str(fact.key) for fact in judged(GOOD).facts] == [
        "sdfe/psp_current/FR_HORS_COM/2025-12-31",
        "sdfe/psp_current/FR_HORS_COM/2025-12-31/sex=F",
        "sdfe/psp_current/FR_HORS_COM/2025-12-31/sex=M",
        "sdfe/share_women/DEP-75/2025",
    ]


def test_a_fact_keeps_the_cell_it_was_read_from_and_everything_its_row_says():
    fact = judged(GOOD).facts[3]
    assert (fact.origin.sheet, fact.origin.row, fact.origin.column) == ("Parcours", 5, "valeur")
    assert (fact.value, fact.status, fact.note) == (Value("97.5", "97.5"), Status.PROVISIONAL, "sur les cas connus")
    assert fact.id == "sdfe/share_women/DEP-75/2025@2026-04-02"


def test_columns_may_come_in_any_order():
    table = """
        statut | note | valeur | secret | basse | haute | sexe | territoire | periode | indicateur
        définitif | | 12 | | | | Femmes | Paris | 2025-12-31 | Parcours en cours
    """
    assert judged(table).facts[0].value == Value.exact(12)


@pytest.mark.parametrize(
    ("line", "value", "secret", "column"),
    [
        ("0 | | | |", Value.exact(0), Secret.NONE, "valeur"),
        ("| 300 | 301 | |", Value(300, 301), Secret.NONE, "basse"),
        ("| | 26 | |", Value(None, 26), Secret.NONE, "haute"),
        ("| | | <5 |", BELOW_FIVE, Secret.BELOW_FIVE, "secret"),
        ("| | | nc |", NOT_COMMUNICATED, Secret.NOT_COMMUNICATED, "secret"),
    ],
)
def test_a_row_states_a_number_a_range_or_a_secret(line, value, secret, column):
    fact = judged(rows(f"{STOCK} | | {line} définitif |")).facts[0]
    assert (fact.value, fact.secret, fact.origin.column) == (value, secret, column)


def test_an_unknown_number_is_stated_with_a_note_and_is_no_zero():
    fact = judged(rows(f"{STOCK} | | | | | | définitif | commission non réunie")).facts[0]
    assert fact.value is None


def test_a_secret_share_may_be_any_share_since_five_or_more_is_said_of_counts():
    assert judged(rows(f"{SHARE} | | | | | nc | définitif |")).facts[0].value == Value(0, 100)


# ---- unknown codes, wrong scope, periods ----


def test_an_unknown_code_is_refused_with_the_nearest_label():
    report = judged(rows("Parcours en cour | 2025 | Paris | | 12 | | | | définitif |"))
    assert found(report) == [(2, "indicateur", "code-unknown")]
    assert "Vouliez-vous dire «\u00a0Parcours en cours\u00a0»" in report.defects[0].way_out


def test_a_label_is_matched_to_the_letter_capitals_included():
    assert found(judged(rows("parcours en cours | 2025 | Paris | | 12 | | | | définitif |"))) == [
        (2, "indicateur", "code-unknown")
    ]


@pytest.mark.parametrize("territory", ["France", "France (dont COM)", "FR", "DEP-62"])
def test_a_scope_this_source_does_not_cover_is_refused_as_a_scope_not_as_a_slip(territory):
    report = judged(rows(f"Parcours en cours | 2025 | {territory} | | 12 | | | | définitif |"))
    assert found(report) == [(2, "territoire", "scope-wrong")]


def test_a_secret_or_a_status_outside_the_list_is_refused():
    assert found(judged(rows(f"{STOCK} | | | | | n.c. | ferme |"))) == [
        (2, "secret", "code-unknown"),
        (2, "statut", "code-unknown"),
    ]


@pytest.mark.parametrize(
    "period", ["31/12/2025", "2025-13-01", "2025-02-30", "2024-2026", "déc. 2025", "2025..", "２０２５"]
)
def test_a_period_outside_the_standard_form_is_refused(period):
    report = judged(rows(f"Parcours en cours | {period} | Paris | | 12 | | | | définitif |"))
    assert found(report) == [(2, "periode", "period-malformed")]


@pytest.mark.parametrize("period", ["1823", "2027", "2026-12-31", "2027..2028"])
def test_a_period_long_gone_or_not_begun_on_the_day_of_the_delivery_is_refused(period):
    report = judged(rows(f"Parcours en cours | {period} | Paris | | 12 | | | | définitif |"))
    assert found(report) == [(2, "periode", "period-unknown")]


def test_an_empty_required_cell_is_refused_and_an_empty_dimension_is_not():
    assert found(judged(rows("Parcours en cours | | Paris | | 12 | | | | |"))) == [
        (2, "periode", "cell-required"),
        (2, "statut", "cell-required"),
    ]


# ---- numbers ----


@pytest.mark.parametrize("cell", ["12.5", "12.0"])
def test_a_decimal_is_refused_where_a_count_is_due(cell):
    assert found(number(cell)) == [(2, "valeur", "count-decimal")]


def test_a_decimal_is_welcome_where_a_share_is_due_and_a_fraction_of_a_percent_too():
    assert number("0.12", SHARE).facts[0].value == Value("0.12", "0.12")


def test_a_negative_count_is_refused():
    assert found(number("-3")) == [(2, "valeur", "number-negative")]


def test_an_evolution_may_be_negative_or_exceed_100():
    assert number("-12.5", "Évolution | 2025 | Paris").accepted
    assert number("512", "Évolution | 2025 | Paris").accepted


def test_a_share_over_100_is_refused():
    assert found(number("100.1", SHARE)) == [(2, "valeur", "share-over-100")]
    assert number("100", SHARE).accepted


def test_bounds_obey_the_rules_of_values():
    assert found(judged(rows(f"{SHARE} | | | -1 | 101 | | définitif |"))) == [
        (2, "basse", "number-negative"),
        (2, "haute", "share-over-100"),
    ]


@pytest.mark.parametrize("cell", ["<5", "< 5", "moins de 5"])
def test_below_five_where_a_number_is_due_is_sent_to_the_secret_column(cell):
    report = number(cell)
    assert found(report) == [(2, "valeur", "number-secret")]
    assert "«\u00a0<5\u00a0» dans la colonne du secret" in report.defects[0].way_out


@pytest.mark.parametrize("cell", ["nc", "NC", "n.c."])
def test_nc_where_a_number_is_due_is_sent_to_the_secret_column(cell):
    assert "«\u00a0nc\u00a0» dans la colonne du secret" in number(cell).defects[0].way_out


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("douze", "number-malformed"),
        ("5+", "number-malformed"),
        ("~20", "number-malformed"),
        ("environ 20", "number-malformed"),
        ("1 234", "number-malformed"),
        ("1\u202f234", "number-malformed"),
        ("1\u00a0234", "number-malformed"),
        ("1e3", "number-malformed"),
        ("+3", "number-malformed"),
        ("NaN", "number-malformed"),
        ("1,234", "number-malformed"),
        ("1.234,5", "number-malformed"),
        ("12 %", "number-percent"),
        ("12%", "number-percent"),
        ("#REF!", "cell-error"),
        ("#DIV/0!", "cell-error"),
    ],
)
def test_anything_but_digits_is_refused_where_a_number_is_due(cell, rule):
    assert found(number(cell)) == [(2, "valeur", rule)]


def test_a_number_with_spaces_says_how_to_write_it():
    assert number("1\u202f234").defects[0].way_out == "Écrivez 1234."


def test_blanks_around_a_cell_are_refused_because_labels_are_compared_to_the_letter():
    assert found(judged(rows("Parcours en cours· | 2025 | Paris | | ·12 | | | | définitif |"))) == [
        (2, "indicateur", "cell-blanks"),
        (2, "valeur", "cell-blanks"),
    ]


def test_a_cell_of_blanks_is_not_an_empty_cell():
    assert found(judged(rows(f"{STOCK} | · | 12 | | | | définitif |"))) == [(2, "sexe", "cell-blanks")]


# ---- what cells of a row may not say together ----


@pytest.mark.parametrize("secret", ["<5", "nc"])
def test_a_number_is_refused_where_it_is_said_to_be_hidden(secret):
    assert found(judged(rows(f"{STOCK} | | 3 | | | {secret} | définitif |"))) == [(2, "valeur", "secret-and-number")]


def test_a_range_is_refused_where_the_number_is_said_to_be_hidden():
    assert found(judged(rows(f"{STOCK} | | | 1 | 4 | <5 | définitif |"))) == [(2, "valeur", "secret-and-number")]


def test_below_five_is_refused_for_a_share():
    assert found(judged(rows(f"{SHARE} | | | | | <5 | définitif |"))) == [(2, "secret", "secret-not-count")]


def test_a_value_and_a_range_together_are_refused():
    assert found(judged(rows(f"{STOCK} | | 12 | 10 | 14 | | définitif |"))) == [(2, "valeur", "value-and-range")]


def test_a_range_that_runs_backwards_is_refused():
    assert found(judged(rows(f"{STOCK} | | | 14 | 10 | | définitif |"))) == [(2, "basse", "range-backward")]


def test_a_row_that_says_nothing_and_does_not_say_why_is_refused():
    assert found(judged(rows(f"{STOCK} | | | | | | définitif |"))) == [(2, "valeur", "row-without-value")]


# ---- rows together ----


def test_the_same_key_twice_is_refused_and_both_rows_are_named():
    report = judged(
        rows(
            f"{STOCK} | | 12 | | | | définitif |\n{SHARE} | | 9 | | | | définitif |\n{STOCK} | | 12 | | | | définitif |"
        )
    )
    assert found(report) == [(4, "", "key-duplicated")]
    assert report.defects[0].got == "la même clé deux fois (ligne 2 et ligne 4)"


def test_the_same_key_twice_is_refused_even_where_the_rest_of_the_row_is_wrong():
    lines = f"{STOCK} | | douze | | | | définitif |\n{STOCK} | | 12 | | | | définitif |"
    assert found(judged(rows(lines))) == [(2, "valeur", "number-malformed"), (3, "", "key-duplicated")]


def total_of(whole, women, men):
    return judged(
        rows(f"""
        {STOCK} |        | {whole} définitif |
        {STOCK} | Femmes | {women} définitif |
        {STOCK} | Hommes | {men}   définitif |
        """)
    )


def test_a_total_that_is_not_the_sum_of_its_parts_is_refused_with_its_arithmetic():
    report = total_of("12 | | | |", "8 | | | |", "3 | | | |")
    assert found(report) == [(2, "valeur", "total-false")]
    assert report.defects[0].expected == "la somme des lignes 3 et 4\u00a0: 8 + 3 = 11"
    assert report.defects[0].got == "12"


@pytest.mark.parametrize("whole", ["9 | | | |", "12 | | | |", "| | | nc |", "| 12 | 40 | |"])
def test_a_total_with_a_hidden_part_holds_when_some_hidden_number_makes_it_true(whole):
    assert total_of(whole, "8 | | | |", "| | | <5 |").accepted


@pytest.mark.parametrize("whole", ["8 | | | |", "13 | | | |", "| | | <5 |", "| 13 | 40 | |"])
def test_a_total_with_a_hidden_part_is_refused_when_no_hidden_number_makes_it_true(whole):
    report = total_of(whole, "8 | | | |", "| | | <5 |")
    assert found(report)[0][::2] == (2, "total-false")
    assert "8 + «\u00a0<5\u00a0» = 9 à 12" in report.defects[0].expected


def test_a_total_is_not_asked_of_parts_that_were_not_sent_or_are_not_known():
    assert judged(rows(f"{STOCK} | | 12 | | | | définitif |\n{STOCK} | Femmes | 8 | | | | définitif |")).accepted
    assert judged(
        rows(f"""
        {STOCK} |        | 12 | | | | définitif |
        {STOCK} | Femmes |  8 | | | | définitif |
        {STOCK} | Hommes |    | | | | définitif | non connu
        """)
    ).accepted


def test_totals_that_contradict_each_other_are_refused_even_when_each_could_be_true():
    # The first total wants four men, the second leaves at most two.
    spoiled = mapping()
    sheet = spoiled["sheets"][0]
    spoiled["measures"]["others"] = {"label": "Autres", "unit": "count", "kind": "stock", "counts": "personnes"}
    sheet["schema"]["fields"][0]["egide"]["codes"]["Autres"] = "others"
    sheet["totals"].append(
        {
            "total": {"measure": "others", "dims": {}},
            "parts": [{"measure": "psp_current", "dims": {"sex": "M"}}, {"measure": "others", "dims": {"sex": "M"}}],
        }
    )
    table = rows(f"""
        {STOCK} | | 12 | | | | définitif |
        {STOCK} | Femmes | 8 | | | | définitif |
        {STOCK} | Hommes | | | | <5 | définitif |
        Autres | 2025-12-31 | Paris | | 3 | | | | définitif |
        Autres | 2025-12-31 | Paris | Hommes | | | | <5 | définitif |
    """)
    assert [defect.rule for defect in judged(table, spoiled=spoiled).defects] == ["total-clash"]


# ---- headings and rows ----


def test_missing_extra_and_renamed_columns_are_named_and_the_rows_still_read():
    table = """
        indicateur | periode | territoire | sexe | valeurs | basse | haute | secret | statut | couleur
        Parcours en cours | 2025 | Paris | | douze | | | | définitif | bleu
    """
    assert found(judged(table)) == [
        (1, "valeurs", "column-renamed"),
        (1, "note", "column-missing"),
        (1, "couleur", "column-extra"),
        (2, "valeur", "number-malformed"),
    ]


def test_a_column_that_comes_twice_is_refused():
    table = f"""
        indicateur | periode | territoire | sexe | valeur | valeur | basse | haute | secret | statut | note
        {STOCK} | | 12 | 13 | | | | définitif |
    """
    assert found(judged(table)) == [(1, "valeur", "column-duplicated")]


def test_spaces_around_a_heading_do_not_matter():
    assert judged(GOOD.replace("indicateur |", "indicateur· |")).accepted


def test_a_heading_that_is_missing_over_a_filled_column_is_refused():
    table = f"""
        indicateur | periode | territoire | sexe | valeur | | basse | haute | secret | statut | note
        {STOCK} | | 12 | 13 | | | | définitif |
    """
    assert found(judged(table)) == [(1, "", "column-extra")]


def test_a_cell_outside_the_table_is_refused():
    assert found(judged(rows(f"{STOCK} | | 12 | | | | définitif | | vu"))) == [(2, "", "row-long")]


def test_a_blank_row_between_two_others_is_refused_and_blank_rows_at_the_end_are_not():
    line = f"{STOCK} | {{}} | 12 | | | | définitif |"
    assert found(judged(rows(f"{line.format('Femmes')}\n| | | | | | | | |\n{line.format('Hommes')}"))) == [
        (3, "", "row-blank")
    ]
    assert judged(rows(f"{line.format('Femmes')}\n| | | | | | | | |\n| | | | | | | | |")).accepted


@pytest.mark.parametrize("table", [rows(""), rows("| | | | | | | | |"), "|\n|"])
def test_a_sheet_without_a_single_row_is_refused(table):
    assert [defect.rule for defect in judged(table).defects] == ["sheet-empty"]


# ---- the report ----


def test_all_the_defects_come_at_once_in_row_order():
    report = judged(
        rows(f"""
        Parcours | 2025 | Paris | | 12 | | | | définitif |
        {STOCK} | | 12,5 | | | | définitif |
        {STOCK} | Femmes | -1 | | | nc | bon |
        Part des femmes | hier | France | | 120 | | | | définitif |
        """)
    )
    assert [(row, rule) for row, _, rule in found(report)] == [
        (2, "code-unknown"),
        (3, "number-malformed"),
        (4, "code-unknown"),
        (4, "number-negative"),
        (5, "period-malformed"),
        (5, "scope-wrong"),
        (5, "share-over-100"),
    ]


def test_a_delivery_with_one_defect_gives_no_fact_at_all():
    report = judged(GOOD.replace("921", "douze"))
    assert (report.facts, report.exit_code) == ((), 3)


def test_a_message_gives_the_place_the_expectation_the_value_and_the_way_out():
    assert judged(GOOD.replace("921", "921.5")).defects[0].text() == (
        "sdfe.xlsx, feuille Parcours, ligne 2, colonne valeur : attendu un nombre entier (personnes),"
        " reçu «\u00a0921.5\u00a0». Envoyez le compte lui-même, sans décimale, ni moyenne ni estimation répartie."
    )


def test_the_report_counts_by_sheet_and_ends_on_a_verdict():
    text = judged(GOOD.replace("921", "douze").replace("définitif |\n", "bon |\n", 1)).text().splitlines()
    assert text[0] == "sdfe.xlsx (source sdfe)\u00a0: 2\u00a0défauts"
    assert text[2] == "Feuille Parcours\u00a0: 2\u00a0défauts"
    assert text[-1].startswith("Verdict\u00a0: livraison refusée, rien n’est enregistré.")


def test_the_report_of_a_good_delivery_counts_facts_and_measures():
    report = judged(GOOD)
    assert report.text().endswith("Verdict\u00a0: livraison acceptée (4\u00a0faits, 2\u00a0indicateurs).")
    assert report.exit_code == 0


def test_the_report_for_programs_has_stable_names():
    assert judged(GOOD.replace("921", "-1")).to_json()["defects"][0] == {
        "rule": "number-negative",
        "sheet": "Parcours",
        "row": 2,
        "column": "valeur",
        "place": "sdfe.xlsx, feuille Parcours, ligne 2, colonne valeur",
        "expected": "zéro ou plus",
        "got": "«\u00a0-1\u00a0»",
        "way_out": "Corrigez le signe. Une évolution s’envoie sous un indicateur d’évolution.",
    }


def test_ten_thousand_defects_are_listed_and_the_others_counted():
    lines = "\n".join(["Parcours | 2025 | Paris | | 12 | | | | définitif |"] * 10_050)
    report = judged(rows(lines))
    assert (len(report.defects), report.unlisted) == (10_000, 50)
    assert "Non listés\u00a0: 50\u00a0autres défauts" in report.text()
