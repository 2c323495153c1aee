"""What a number computed from others is, with the figures of the Letter of April 2026."""

from fractions import Fraction

import pytest

from egide.errors import CalculationRefused
from egide.facts.model import Kind, Status, Unit
from egide.facts.values import Value
from egide.indicators.catalogue import apply
from egide.indicators.derived import Term, amount, linear
from support.drawn import drawn

LETTER = drawn("""
    adult        | ssmsi/victims/FR/2021/age=ge18                        | 952..955 | status=E
    adult        | ssmsi/victims/FR/2025/age=ge18                        | 880      | status=P
    minor        | ssmsi/victims/FR/2025/age=lt18                        | 704      | status=P
    family       | ssmsi/victims/FR/2025/age=ge18;frame=family           | 59       | status=P
    requests     | sdfe/requests/FR_HORS_COM/2025                        | 507
    requests     | sdfe/requests/FR_HORS_COM/2024                        | 469
    refused      | sdfe/refused/FR_HORS_COM/2025                         | 57
    share_ref    | sdfe/share_refused/FR_HORS_COM/2023                   | 10       | percent
    share_ref    | sdfe/share_refused/FR_HORS_COM/2024                   | 18       | percent
    psp          | sdfe/psp/FR_HORS_COM/2017-12-31                       | 113      | stock
    psp          | sdfe/psp/FR_HORS_COM/2024-12-31                       | 903      | stock
    psp          | sdfe/psp/FR_HORS_COM/2025-12-31                       | 921      | stock
    psp_women    | sdfe/psp/FR_HORS_COM/2025-12-31/sex=F                 | 887      | stock
    psp_75       | sdfe/psp/DEP-75/2025-12-31                            | 154      | stock
    psp_13       | sdfe/psp/DEP-13/2025-12-31                            | 67       | stock
    psp_44       | sdfe/psp/DEP-44/2025-12-31                            | 45       | stock
    total        | sser/mec/FR_HORS_COM/2024/offence=recours;step=total  | 1233     | families=offence
    not_pros     | sser/mec/FR_HORS_COM/2024/offence=recours;step=no     | 102      | families=offence
    alternatives | sser/mec/FR_HORS_COM/2024/offence=recours;step=alt    | 461      | families=offence
    prosecuted   | sser/mec/FR_HORS_COM/2024/offence=recours;step=yes    | 543      | families=offence
    agg_total    | sser/mec/FR_HORS_COM/2024/offence=agg;step=total      | 140      | families=offence
    agg_not_pros | sser/mec/FR_HORS_COM/2024/offence=agg;step=no         | 47       | families=offence
    agg_pros     | sser/mec/FR_HORS_COM/2024/offence=agg;step=yes        | nc       | families=offence
    reclusion    | casier/conv/FR_HORS_COM/2024/sentence=reclusion       | <5
    prison       | casier/conv/FR_HORS_COM/2024/sentence=prison          | 148
    fine         | casier/conv/FR_HORS_COM/2024/sentence=fine            | <5
    conv         | casier/conv/FR_HORS_COM/2024/sentence=total           | 154
    reports      | bobigny/reports/DEP-93/2019                           | 95
    reports      | bobigny/reports/DEP-93/2020                           | 115
    reports      | bobigny/reports/DEP-93/2021                           | 121
    reports      | bobigny/reports/DEP-93/2022                           | 107
    reports      | bobigny/reports/DEP-93/2023                           | 79
    reports      | bobigny/reports/DEP-93/2024                           | 121
    reports      | bobigny/reports/DEP-93/2025                           | 239
    tried        | bobigny/tried/DEP-93/2019                             | 12
    tried        | bobigny/tried/DEP-93/2025                             | 81
    unknown      | bobigny/tried/DEP-93/2024                             | ?
""")


# ---------------------------------------------------------------- numbers the Letter printed


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("share(refused[2025], requests[2025])", 11.2),  # "11 %"
        ('share(psp_women["2025-12-31"], psp["2025-12-31"])', 96.3),  # "96 %"
        ("requests.growth(2024, 2025)", 8.1),  # "+ 8 %"
        ("share_ref.points(2023, 2024)", 8),
        ("complement(share_ref[2024])", 82),
        ("requests.difference(2024, 2025)", 38),
        ("tried.multiple(2019, 2025)", 6.8),  # "multiplié par 7"
        ("reports.index(2025, 2019)", 251.6),
        ("reports.mean(2019, 2025)", 125.3),
        ('psp.cagr("2017-12-31", "2025-12-31")', 30.0),
        ("prosecutable(total[2024], not_pros[2024])", 1131),
        ("prosecution_rate(prosecuted[2024], prosecutable(total[2024], not_pros[2024]))", 48.0),
        ("response_rate(alternatives[2024], prosecuted[2024], prosecutable(total[2024], not_pros[2024]))", 88.8),
        ("sum(adult[2025], minor[2025])", 1584),
        ('rank(psp_13["2025-12-31"], psp_75["2025-12-31"], psp_44["2025-12-31"])', 2),
    ],
)
def test_a_printed_number_is_found_again(expression, printed):
    assert LETTER.number(expression) == printed


def test_a_share_may_be_of_territories_added_up_among_the_whole_that_holds_them():
    three = 'sum(psp_75["2025-12-31"], psp_13["2025-12-31"], psp_44["2025-12-31"])'
    assert LETTER.number(f'share({three}, psp["2025-12-31"])') == 28.9
    assert LETTER[f'share({three}, psp["2025-12-31"])'].territory == "FR_HORS_COM"  # a share is said of its whole
    assert LETTER[three].territory == "FR_HORS_COM"  # no smaller territory with a name holds the three


def test_the_base_year_of_an_index_is_exactly_100_even_in_doubt():
    assert LETTER.value("adult.index(2021, 2021)") == Value(100, 100)


# ---------------------------------------------------------------- doubt goes through


def test_an_estimated_range_gives_a_growth_that_is_a_range():
    growth = LETTER.value("adult.growth(2021, 2025)")
    assert growth == Value(100 * (Fraction(880, 955) - 1), 100 * (Fraction(880, 952) - 1))  # "− 8 %" all along


def test_a_hidden_part_leaves_its_share_a_range_that_stays_under_100():
    rate = LETTER.value("prosecution_rate(agg_pros[2024], prosecutable(agg_total[2024], agg_not_pros[2024]))")
    assert rate == Value(Fraction(500, 93), 100)


def test_a_hidden_part_that_stands_in_its_own_whole_is_one_unknown_not_two():
    share = LETTER.value("share(reclusion[2024], sum(reclusion[2024], prison[2024]))")
    assert share == Value(Fraction(100, 149), Fraction(400, 152))  # 1 of 149 to 4 of 152


def test_a_mean_over_fewer_years_is_not_taken_for_a_part_of_a_mean_over_more():
    years = drawn("""
        girls | s/victims/FR/2024/sex=F | 50..100
        girls | s/victims/FR/2025/sex=F | 50..100
        all   | s/victims/FR/2023       | 1
        all   | s/victims/FR/2024       | 100
        all   | s/victims/FR/2025       | 100
    """)
    assert years.value("share(girls.mean(2024, 2025), all.mean(2024, 2025))") == Value(50, 100)
    assert years.value("share(girls.mean(2024, 2025), all.mean(2023, 2025))").high > 100


def test_a_known_total_bounds_what_a_hidden_part_can_be():
    assert LETTER.value("difference(reclusion[2024], conv[2024])") == Value(150, 153)


def test_a_sum_of_hidden_counts_adds_their_bounds():
    assert LETTER.value("sum(reclusion[2024], prison[2024], fine[2024])") == Value(150, 156)


def test_a_doubt_about_order_is_a_doubt_about_rank():
    assert LETTER.value("rank(reclusion[2024], fine[2024], prison[2024])") == Value(2, 3)


def test_what_an_institution_does_not_know_is_unknown_not_zero():
    assert LETTER.value("difference(tried[2019], unknown[2024])") is None
    assert LETTER.value("multiple(tried[2019], unknown[2024])") is None


# ---------------------------------------------------------------- what a result carries


def test_a_result_is_as_firm_as_its_weakest_operand():
    assert LETTER["adult[2025]"].status is Status.PROVISIONAL
    assert LETTER["adult.growth(2021, 2025)"].status is Status.ESTIMATED


def test_a_result_remembers_that_an_operand_is_hidden():
    assert LETTER["share(reclusion[2024], conv[2024])"].hidden
    assert not LETTER["share(prison[2024], conv[2024])"].hidden


def test_a_result_says_where_when_and_how_it_was_computed():
    growth = LETTER["adult.growth(2021, 2025)"]
    assert growth.id == "=growth(adult[2021], adult[2025])@2026-04-02"
    assert (growth.territory, growth.period, growth.sources) == ("FR", "2021..2025", ("ssmsi",))
    assert growth.label == "Évolution de «\u00a0Série adult\u00a0» (2021 → 2025)"
    assert growth.method == "docs/methods/growth.md"
    assert [operand.key.period for operand in growth.operands] == ["2021", "2025"]


@pytest.mark.parametrize(
    ("expression", "unit", "kind", "counts"),
    [
        ("share(refused[2025], requests[2025])", Unit.PERCENT, Kind.LEVEL, ""),
        ("share_ref.points(2023, 2024)", Unit.POINTS, Kind.LEVEL, ""),
        ("share_ref.difference(2023, 2024)", Unit.POINTS, Kind.LEVEL, ""),
        ("tried.multiple(2019, 2025)", Unit.RATIO, Kind.LEVEL, ""),
        ("sum(adult[2025], minor[2025])", Unit.COUNT, Kind.FLOW, "personnes"),
        ("difference(family[2025], adult[2025])", Unit.COUNT, Kind.FLOW, "personnes"),
        ("reports.mean(2019, 2025)", Unit.COUNT, Kind.LEVEL, "personnes"),
        ("prosecutable(total[2024], not_pros[2024])", Unit.COUNT, Kind.FLOW, "personnes"),
    ],
)
def test_a_result_has_the_unit_and_kind_of_what_it_is(expression, unit, kind, counts):
    measure = LETTER[expression].measure
    assert (measure.unit, measure.kind, measure.counts) == (unit, kind, counts)


def test_an_offence_family_follows_the_numbers_computed_in_it():
    assert LETTER["prosecutable(total[2024], not_pros[2024])"].families == ("offence=recours",)


def test_the_same_measure_added_up_is_still_that_measure_two_measures_are_their_sum():
    assert LETTER["sum(adult[2025], minor[2025])"].measure.code == "victims"
    assert LETTER["sum(requests[2025], refused[2025])"].measure.code == "sum"


def test_all_refusals_of_a_publication_come_at_once():
    with pytest.raises(CalculationRefused) as refusal:
        LETTER.all("adult[2025]", "share(adult[2025], requests[2025])", "nobody[2025]")
    assert "share(adult[2025], requests[2025])" in str(refusal.value)
    assert "nobody" in str(refusal.value)


# ---------------------------------------------------------------- formulas used by programs, without the language


def test_a_program_may_apply_a_formula_to_facts():
    earlier, later = Term(operand=LETTER["tried[2019]"]), Term(operand=LETTER["tried[2025]"])
    result = apply("multiple", [earlier, later])
    assert result.formula == "multiple(bobigny/tried/DEP-93/2019, bobigny/tried/DEP-93/2025)"
    assert result.label == "Multiplication de «\u00a0Mesure tried\u00a0» (2019 → 2025)"
    assert Term(operand=result).text == result.formula
    assert Term(operand=result).label == result.label


def test_a_formula_given_too_few_operands_is_refused():
    with pytest.raises(CalculationRefused, match="on attend «\u00a0share"):
        apply("share", [Term(operand=LETTER["tried[2019]"])])


def test_a_sum_with_an_unknown_term_has_no_amount():
    with pytest.raises(ValueError, match="not known"):
        amount(linear(LETTER["unknown[2024]"]))
