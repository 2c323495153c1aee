"""Every sentence of a publication that states a number, computed again from its facts."""

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from egide.errors import DeliveryRefused
from egide.facts.values import Value
from egide.indicators.claim_files import read_claims, read_facts
from egide.indicators.claims import CLAIM_COLUMNS, FACT_COLUMNS, displayed_numbers, verify_claims

LETTER = Path(__file__).parents[1] / "data" / "letter-2026"


@pytest.fixture(scope="module")
def letter():
    verdicts = verify_claims(read_claims(LETTER / "claims.csv"), read_facts(LETTER / "facts.csv"))
    return {verdict.claim_id: verdict for verdict in verdicts}


def fact(name: str, value: str, secret: str = "F") -> dict[str, str]:
    return dict.fromkeys(FACT_COLUMNS, "") | {"id": name, "value": value, "conf_status": secret}


FACTS = [
    fact("adults_2021", "950"),
    fact("adults_2025", "880"),
    fact("zero", "0"),
    fact("price", "15.7"),
    fact("few", "", "lt5"),
    fact("many", "", "nc"),
    fact("unknown", ""),
    fact("twice", "1"),
    fact("twice", "2"),
    fact("text", "douze"),
    fact("endless", "1e999999999"),
    fact("shown_and_hidden", "3", "lt5"),
    fact("secret", "3", "C"),
]


def claim(formula: str, rounding: str = "exact", displayed: str = "880", **more: str) -> dict[str, str]:
    row = {"claim_id": "c1", "formula": formula, "rounding": rounding, "displayed": displayed}
    return dict.fromkeys(CLAIM_COLUMNS, "") | row | more


def judged(formula: str, rounding: str = "exact", displayed: str = "880"):
    (verdict,) = verify_claims([claim(formula, rounding, displayed)], FACTS)
    return verdict


# ---------------------------------------------------------------- the Letter of April 2026


def test_every_claim_of_the_letter_gets_the_verdict_it_was_published_with(letter):
    with (LETTER / "claims.csv").open(encoding="utf-8", newline="") as file:
        stored = {row["claim_id"]: (row["computed"], row["agrees"]) for row in csv.DictReader(file)}
    assert len(letter) == len(stored) == 377
    assert {name: (verdict.computed, verdict.agrees) for name, verdict in letter.items()} == stored


def test_no_claim_of_the_letter_is_badly_written(letter):
    assert [verdict.claim_id for verdict in letter.values() if verdict.problem or verdict.differs_from_file] == []


@pytest.mark.parametrize(
    ("claim_id", "arithmetic"),
    [
        ("a006", "100 × (755 + 27) / 1 127 ≈ 69,3878 ; arrondi à l’unité 69, affiché 69"),
        ("a136", "100 × (704 − (383 + 108)) / (383 + 108) ≈ 43,3809 ; arrondi à l’unité 43, affiché 43"),
        ("a076", "135 ; doit être supérieur à 130"),
        ("a046", "100 × 182 / 249 ≤ 32 : faux"),
        ("a096", "48 ; affiché 50, à 3 près"),
        ("b156", "100 × 42 / 73 ≈ 57,5342 ; arrondi à l’unité 58, affiché 57"),
    ],
)
def test_a_verdict_can_be_checked_with_a_pencil(letter, claim_id, arithmetic):
    assert letter[claim_id].arithmetic.replace("\u202f", " ") == arithmetic


@pytest.mark.parametrize(
    ("claim_id", "verdict"),
    [
        ("c045", "holds"),  # 746 to 749 of 755: "99 %" whatever the hidden count
        ("c116", "holds"),  # "une quinzaine" a year, one of eight years hidden
        ("c020", "undecided"),  # "environ 95 %" of a numerator known as 5 or more
        ("c030", None),  # "nc" is displayed: nothing to compare with
    ],
)
def test_a_claim_about_hidden_counts_is_judged_on_what_they_may_be(letter, claim_id, verdict):
    assert letter[claim_id].agrees == "not_computable"
    assert letter[claim_id].interval_verdict == verdict


def test_hidden_counts_leave_a_range(letter):
    assert letter["c045"].interval == Value(Fraction(100 * 746, 755), Fraction(100 * 749, 755))
    assert "entre 1 et 4" in letter["c045"].arithmetic


# ---------------------------------------------------------------- the formula language


@pytest.mark.parametrize(
    ("formula", "computed"),
    [
        ("growth(f('adults_2021'), f('adults_2025'))", "-7.3684"),
        ("share(f('adults_2025'), f('adults_2021'))", "92.6316"),
        ("cagr(100, 121, 2)", "10"),
        ("cagr(593, 1166, 7)", "10.141"),
        ("cagr(121, 100, -2)", "10"),
        ("cagr(4, 9, 0.5)", "406.25"),
        ("cagr(5, 0, 3)", "-100"),
        ("1 + 2 * 3 - 4 / 8", "6.5"),
        ("-(2 - 5)", "3"),
        ("0.1 + 0.2", "0.3"),
        ("abs(-2.5)", "2.5"),
        ("round(2.5)", "2"),  # Python's own: a half goes to the even neighbour
        ("round(3.5)", "4"),
        ("round(2.675, 2)", "2.68"),
        ("round(1234, -2)", "1200"),
        ("min(3, 1, 2) + max(3, 1, 2)", "4"),
        ("1 < 2 <= 2 < 3", "true"),
        ("1 < 2 < 2", "false"),
        ("1 == 1 and 2 != 3 and 4 > 3", "true"),
        ("(1 < 2) + (2 < 3)", "2"),
        ("1 and 0", "false"),
        ("1 and ''", "false"),
        ("'a' + 'b' == 'ab'", "true"),
        ("'a' < 'b'", "true"),
        ("'1' == 1", "false"),
        ("'1' != 1", "true"),
        ("share('1', '4')", "25"),
        ("1 / 3", "0.3333"),
        ("2 / 3", "0.6667"),
        ("-1 / 100000", "-0"),  # the files keep the sign of what rounds to zero
        ("100000", "100000"),
        ("f('adults' + '_2025')", "880"),
        ("f('few') < 5 and 1", ""),
        ("1 > 2 and f('few')", "false"),  # `and` stops at what is false: the hidden fact is not needed
    ],
)
def test_a_formula_computes(formula, computed):
    assert judged(formula).computed == computed


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("1 - (2 - 3)", "1 − (2 − 3) = 2"),
        ("1 / (2 * 4)", "1 / (2 × 4) = 0,125"),
        ("-(1 + 2) * 3", "(−(1 + 2)) × 3 = −9"),
        ("cagr(100, 60 + 61, 2)", "100 × (((60 + 61) / 100)^(1 / 2) − 1) = 10"),
        ("max(1, abs(-2))", "plus grand de (1 ; valeur absolue de (−2)) = 2"),
        ("f('adults' + '_2025') + f('price')", "f (adults + _2025) + 15,7 = 895,7"),
        ("(1 < 2) + 1", "(1 < 2) + 1 = 2"),
        ("1 == 1 and 2 != 3", "1 = 1 et 2 ≠ 3 : vrai"),
        ("1 > 2 and f('unknown') > f('nobody')", "1 > 2 et (non connu) > f (nobody) : faux"),
    ],
)
def test_the_arithmetic_keeps_the_parentheses_it_needs(formula, words):
    verdict = judged(formula, "bool")
    assert verdict.arithmetic.replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("f('nobody')", "Aucun fait"),
        ("f(1)", "entre guillemets"),
        ("f('a', 'b')", "ne prend pas 2"),
        ("f()", "ne prend pas 0"),
        ("f(*'a')", "pas permis"),
        ("share(1)", "ne prend pas 1"),
        ("min(1)", "ne prend pas 1"),
        ("1 / 0", "Division par zéro"),
        ("growth(f('zero'), 1)", "Division par zéro"),
        ("cagr(1, 2, 0)", "Division par zéro"),
        ("cagr(0, 1, 2)", "Division par zéro"),
        ("cagr(1, 0, -2)", "Division par zéro"),
        ("cagr(-1, 2, 3)", "nombres positifs"),
        ("cagr(1, -2, 3)", "nombres positifs"),
        ("cagr(1, 2, 3.14159)", "120 ans"),
        ("cagr(1, 2, 100000)", "120 ans"),
        ("cagr(1, 2, f('few'))", "doit être connu"),
        ("round(1, 0.5)", "nombre entier de décimales"),
        ("round(1, 1000000)", "nombre entier de décimales"),
        ("round(1, f('few'))", "nombre entier de décimales"),
        ("f('twice')", "donné 2 fois"),
        ("f('text')", "sait lire"),
        ("f('endless')", "sait lire"),
        ("f('shown_and_hidden')", "masqué et pourtant chiffré"),
        ("f('secret')", "F, lt5 ou nc"),
        ("'douze'", "un texte"),
        ("1 + 'a'", "n’est pas un nombre"),
        ("'a' < 1", "n’est pas un nombre"),
        ("share('a', 1)", "sait lire"),
        ("-'a'", "n’est pas un nombre"),
        ("abs('a')", "n’est pas un nombre"),
        ("True", "pas permis"),
        ("1j", "pas permis"),
        ("None", "pas permis"),
        ("b'1'", "pas permis"),
        ("1e400", "sait lire"),
        ("2 ** 2", "pas permis"),
        ("9 ** 9 ** 9 ** 9", "pas permis"),
        ("7 % 2", "pas permis"),
        ("7 // 2", "pas permis"),
        ("+1", "pas permis"),
        ("not 1", "pas permis"),
        ("1 or 2", "pas permis"),
        ("1 in 2", "pas permis"),
        ("1 is 1", "pas permis"),
        ("adults_2025", "pas permis"),
        ("f('zero').real", "pas permis"),
        ("f.__globals__", "pas permis"),
        ("(lambda: 1)()", "pas permis"),
        ("[1][0]", "pas permis"),
        ("round(1, ndigits=0)", "pas permis"),
        ("eval('1')", "n’est pas une fonction permise"),
        ("__import__('os')", "n’est pas une fonction permise"),
        ("1 > 2 and __import__('os')", "n’est pas une fonction permise"),
        ("share(1, 2", "bien formée"),
        ("1 +", "bien formée"),
        ("x = 1", "bien formée"),
        ("\0", "bien formée"),
        (" ", "vide"),
        ("1" * 7000, "6000 au plus"),
        ("(" * 3000 + "1" + ")" * 2999, "bien formée"),
        ("-" * 300 + "1", "imbriquée"),
        ("+".join("1" * 500), "imbriquée"),
        ("*".join(["1e300"] * 140), "démesuré"),
    ],
)
def test_a_badly_written_formula_is_reported_and_never_run(formula, reason):
    verdict = judged(formula)
    assert (verdict.agrees, verdict.computed) == ("not_computable", "")
    assert reason in verdict.problem


@pytest.mark.parametrize(
    ("formula", "verdict", "interval"),
    [
        ("f('few')", "fails", Value(1, 4)),
        ("f('many')", "undecided", Value(5, None)),
        ("f('many') - 4 + 880", "fails", Value(881, None)),
        ("f('few') + f('many')", "undecided", Value(6, None)),
        ("f('few') * 0 + 880", "holds", Value(880, 880)),
        ("min(f('few'), 880) + 876", "undecided", Value(877, 880)),
        ("max(f('few'), 880)", "holds", Value(880, 880)),
        ("max(f('many'), 880)", "undecided", Value(880, None)),
        ("round(f('few') / 10) + 880", "holds", Value(880, 880)),
        ("cagr(f('few'), 4, 1)", "fails", Value(0, 300)),
        ("1 / (f('many') - 5)", None, None),  # what is hidden may make the base zero
        ("f('unknown')", None, None),
        ("(f('few') < 3) + 880", "undecided", Value(880, 881)),
    ],
)
def test_a_hidden_fact_leaves_a_range_and_a_verdict_when_it_can(formula, verdict, interval):
    found = judged(formula)
    assert (found.agrees, found.computed, found.problem) == ("not_computable", "", None)
    assert (found.interval_verdict, found.interval) == (verdict, interval)


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        ("f('few') < 5", "holds"),
        ("f('few') >= 5", "fails"),
        ("f('few') == 2", "undecided"),
        ("f('few') != 7", "holds"),
        ("f('few') <= 4 < f('many')", "holds"),
        ("f('few') > 2 and 1 > 2", "fails"),
        ("f('few') > 2 and 1 < 2", "undecided"),
        ("f('few') and 1 < 2", "holds"),
    ],
)
def test_a_statement_about_a_hidden_fact_holds_fails_or_cannot_be_decided(formula, verdict):
    found = judged(formula, rounding="bool")
    assert (found.agrees, found.interval_verdict) == ("not_computable", verdict)


# ---------------------------------------------------------------- rounding rules


@pytest.mark.parametrize(
    ("formula", "rule", "displayed", "agrees"),
    [
        ("7", "exact", "7", "yes"),
        ("7.1", "exact", "7", "no"),
        ("12.5", "round0", "13 %", "yes"),  # half up, not to the even neighbour
        ("12.49", "round0", "12 %", "yes"),
        ("0.25", "round1", "0,3", "yes"),
        ("1.00005", "round4", "1,0001", "yes"),
        ("365.2", "ceil0", "366", "yes"),
        ("366", "ceil0", "366", "yes"),
        ("135", "more_than", "Plus de 130", "yes"),
        ("130", "more_than", "Plus de 130", "no"),
        ("130", "at_least", "130", "yes"),
        ("46", "less_than", "moitié", "yes"),
        ("50", "at_most", "moitié", "yes"),
        ("52", "about:2", "la moitié", "yes"),
        ("52.1", "about:2", "la moitié", "no"),
        ("4.4", "about:0.5", "4", "yes"),
        ("5", "between", "de 4 à 6", "yes"),
        ("7", "between", "de 4 à 6", "no"),
        ("1 < 2", "bool", "", "yes"),
        ("1 > 2", "bool", "", "no"),
        ("1", "bool", "", "no"),  # a number is no statement
    ],
)
def test_a_rounding_rule_compares_what_is_computed_with_what_is_displayed(formula, rule, displayed, agrees):
    assert judged(formula, rule, displayed).agrees == agrees


@pytest.mark.parametrize(
    ("rule", "displayed", "reason"),
    [
        ("round5", "7", "n’existe pas"),
        ("", "7", "n’existe pas"),
        ("about", "7", "n’existe pas"),
        ("about:", "7", "n’existe pas"),
        ("about:un peu", "7", "sait lire"),
        ("exact", "beaucoup", "Aucun nombre"),
        ("exact", "", "Aucun nombre"),
        ("between", "7", "deux nombres"),
        ("exact", "3 sur 0", "se rapporte à zéro"),
        ("exact", "9" * 501, "500 caractères"),
        ("exact", "9" * 90, "sait lire"),
    ],
)
def test_a_rule_or_a_display_that_cannot_be_read_is_reported_beside_what_was_computed(rule, displayed, reason):
    verdict = judged("7", rule, displayed)
    assert (verdict.computed, verdict.agrees) == ("7", "not_computable")
    assert reason in verdict.problem


def test_a_statement_needs_the_rule_bool():
    assert "la règle bool" in judged("1 < 2", "exact", "7").problem


@pytest.mark.parametrize(
    ("displayed", "numbers"),
    [
        ("1 300", [1300]),
        ("10\u202f100\u00a0000 €", [10100000]),
        ("5,5 %", [5.5]),
        ("(249 > 193, 152)", [249, 193, 152]),
        ("3 situations sur 10", [30]),
        ("29 SUR 40", [72.5]),
        ("Un tiers", [pytest.approx(100 / 3)]),
        ("près de la moitié", [50]),
        ("un autre quart", [25]),
        ("majorité", [50]),
        ("− 8 %", [8]),
        ("beaucoup", []),
    ],
)
def test_a_displayed_number_is_read_as_a_reader_reads_it(displayed, numbers):
    assert [float(number) for number in displayed_numbers(displayed)] == numbers


# ---------------------------------------------------------------- files


def test_an_empty_formula_is_not_computable_and_no_fault():
    verdict = judged("", "round0", "20 %")
    assert (verdict.agrees, verdict.problem, verdict.arithmetic) == ("not_computable", None, "")


def test_an_identifier_used_twice_is_reported_the_second_time():
    first, second = verify_claims([claim("1", displayed="1"), claim("1", displayed="1")], FACTS)
    assert (first.agrees, first.problem) == ("yes", None)
    assert (second.agrees, second.computed) == ("not_computable", "")
    assert "déjà servi" in second.problem


def test_a_verdict_already_in_the_file_is_compared_with_the_new_one():
    right = claim("880", computed="880", agrees="yes")
    wrong = claim("880", computed="881", agrees="yes") | {"claim_id": "c2"}
    fresh = claim("880") | {"claim_id": "c3"}
    assert [one.differs_from_file for one in verify_claims([right, wrong, fresh], FACTS)] == [False, True, False]


@pytest.mark.parametrize("column", CLAIM_COLUMNS)
def test_a_claims_file_without_a_column_of_the_format_is_refused(column):
    row = {name: value for name, value in claim("1").items() if name != column}
    with pytest.raises(DeliveryRefused, match=column):
        verify_claims([row], FACTS)


@pytest.mark.parametrize("column", FACT_COLUMNS)
def test_a_facts_file_without_a_column_of_the_format_is_refused(column):
    row = {name: value for name, value in FACTS[0].items() if name != column}
    with pytest.raises(DeliveryRefused, match=column):
        verify_claims([claim("1")], [row])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "un fichier vide"),
        (",".join(CLAIM_COLUMNS).encode(), "une ligne de titres seule"),
        (";".join(CLAIM_COLUMNS).encode() + b"\na;b\n", "le séparateur est la virgule"),
        (",".join(["claim_id", *CLAIM_COLUMNS]).encode() + b"\n", "avec deux fois «\u00a0claim_id\u00a0»"),
        (",".join(CLAIM_COLUMNS).replace("formula", "formule").encode() + b"\n1\n", "sans «\u00a0formula\u00a0»"),
        ("énoncé".encode("latin-1"), "un texte en UTF-8"),
        (b'claim_id,"locator\n', "un fichier CSV bien formé"),
    ],
)
def test_a_file_that_is_not_in_the_format_is_refused_whole(tmp_path, content, reason):
    path = tmp_path / "claims.csv"
    path.write_bytes(content)
    with pytest.raises(DeliveryRefused, match=r"claims\.csv") as refusal:
        read_claims(path)
    assert reason in str(refusal.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DeliveryRefused, match=r"facts\.csv"):
        read_facts(tmp_path / "facts.csv")


def test_a_row_with_too_many_cells_is_reported_and_the_others_judged(tmp_path):
    path = tmp_path / "claims.csv"
    heading = ",".join(CLAIM_COLUMNS)
    path.write_text(f"\ufeff{heading}\nc1,,,1,,share(1, 2),,exact,,\nc2,,,1,,1,,exact,,\n", encoding="utf-8")
    broken, sound = verify_claims(read_claims(path), FACTS)
    assert "plus de cellules" in broken.problem
    assert (sound.agrees, sound.problem) == ("yes", None)


def test_a_fact_on_a_row_with_too_many_cells_is_not_used():
    row = fact("odd", "1") | {None: ["x"]}
    (verdict,) = verify_claims([claim("f('odd')")], [row])
    assert "plus de cellules" in verdict.problem


def test_a_row_that_is_too_short_has_empty_last_cells(tmp_path):
    path = tmp_path / "claims.csv"
    path.write_text(f"{','.join(CLAIM_COLUMNS)}\nc1,,,1,,1,,exact\n", encoding="utf-8")
    (verdict,) = verify_claims(read_claims(path), FACTS)
    assert verdict.agrees == "yes"
