"""The language of prose and figures: what it reads, the one text it gives, and what it refuses where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.errors import CalculationRefused, EgideError, UnknownIdentifier
from egide.indicators.compute import attempt
from egide.indicators.language import MissingPoint, evaluate, parse
from support.drawn import drawn

DRAWN = drawn("""
    adult  | ssmsi/victims/FR/2021/age=ge18 | 950
    adult  | ssmsi/victims/FR/2025/age=ge18 | 880
    paths  | sdfe/psp/FR/2025-12-31         | 921 | stock
""")


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("adult[2025]", "adult[2025]"),
        ("adult['2025']", "adult[2025]"),
        ('paths[ "2025-12-31" ]', 'paths["2025-12-31"]'),
        ('a["2017..2024"]', 'a["2017..2024"]'),
        ("adult.growth(2021,2025)", "growth(adult[2021], adult[2025])"),
        ("growth( adult[2021] ,adult[2025] )", "growth(adult[2021], adult[2025])"),
        ("  share(a[2025],\n   b[2025])  ", "share(a[2025], b[2025])"),
        ("a.index(2025, 2017)", "index(a[2025], a[2017])"),
        ("a.mean(2019, 2021)", "mean(a[2019], a[2020], a[2021])"),
        ('a.mean("2022-2023", "2024-2025")', 'mean(a["2022-2023"], a["2023-2024"], a["2024-2025"])'),
        ('a.mean("2023-12-31", "2025-12-31")', 'mean(a["2023-12-31"], a["2024-12-31"], a["2025-12-31"])'),
        (
            "points(share(a[2017], t[2017]), share(a[2024], t[2024]))",
            "points(share(a[2017], t[2017]), share(a[2024], t[2024]))",
        ),
    ],
)
def test_an_expression_has_one_canonical_text(written, canonical):
    assert parse(written).canonical == canonical
    assert parse(canonical).canonical == canonical


def test_x_stands_for_the_period_of_a_figure():
    assert parse("index(a[x], a[2017])", x=2025).canonical == "index(a[2025], a[2017])"
    assert parse("a[x]", x="2025-12-31").canonical == 'a["2025-12-31"]'


def test_an_expression_says_which_points_it_needs_each_once():
    assert parse('share(a[2025], sum(a[2025], b["2025"]))').references() == (("a", "2025"), ("b", "2025"))


@pytest.mark.parametrize(
    ("written", "character", "reason"),
    [
        ("adult", 1, "précisez la période"),
        ("share(adult[2025], adult)", 20, "précisez la période"),
        ("1 + 1", 1, "les opérateurs n’existent pas ici"),
        ("share(a[2025], 100)", 16, "un nombre ne s’écrit pas"),
        ("a[2025] > b[2025]", 1, "les opérateurs n’existent pas ici"),
        ("a[x]", 3, "on attend une période"),
        ("a[True]", 3, "on attend une période"),
        ("a[-1]", 3, "on attend une période"),
        ("a[12025]", 3, "n’est pas une période"),
        ('a["2025-13"]', 3, "n’est pas une période"),
        ('a["2025..2017"]', 3, "n’est pas une période"),
        ("total(a[2025])", 1, "n’est pas une formule"),
        ("share(a[2025])", 1, "share(part, whole)"),
        ("sum(a[2025])", 1, "sum(a, b, …)"),
        ("a.rank(2024, 2025)", 1, "ne suit pas une série"),
        ("a.growth(2024)", 1, "prend deux périodes"),
        ('a.mean("2023-12-31", 2025)', 1, "on ne sait pas quelles périodes"),
        ("a.mean(2025, 2017)", 1, "on ne sait pas quelles périodes"),
        ("a.mean(1900, 2025)", 1, "on ne sait pas quelles périodes"),
        ('a.mean("2024-02-29", "2028-02-29")', 1, "on ne sait pas quelles périodes"),
        ("share(a[2025], b[2025]", 6, "bien formée"),
        ("share(part=a[2025], whole=b[2025])", 1, "on attend une série"),
        ("share(*a)", 1, "share(part, whole)"),
        ("__import__('os').system('true')", 1, "on attend une série"),
        ("a.__class__(2024, 2025)", 1, "ne suit pas une série"),
        ("[a[2025] for a in b]", 1, "on attend une série"),
        ("(lambda: a)[2025]", 1, "on attend une série"),
        ("share(é[2025], 5)", 16, "un nombre ne s’écrit pas"),
    ],
)
def test_what_is_not_in_the_language_is_refused_at_its_place(written, character, reason):
    with pytest.raises(CalculationRefused) as refusal:
        parse(written)
    assert f"caractère {character} : " in str(refusal.value)
    assert reason in str(refusal.value)


@pytest.mark.parametrize("written", ["", "   ", "a" * 7000, "sum(" * 400 + ")" * 400, "\0", "-" * 5000 + "a"])
def test_an_expression_that_would_exhaust_the_reader_is_refused(written):
    with pytest.raises(CalculationRefused):
        parse(written)


@given(st.text(max_size=80) | st.text(alphabet="ab[](),.\"'0123456789x +-_", max_size=80))
def test_no_text_does_anything_but_parse_or_be_refused(written):
    try:
        canonical = parse(written).canonical
    except CalculationRefused:
        return
    assert parse(canonical).canonical == canonical


# ---------------------------------------------------------------- names and periods


def test_a_name_nobody_declared_comes_with_its_neighbours():
    with pytest.raises(UnknownIdentifier, match="Noms proches : «\u00a0adult\u00a0»"):
        evaluate("adults[2025]", DRAWN.series, DRAWN.book)


def test_a_period_nobody_stated_comes_with_those_that_exist():
    with pytest.raises(MissingPoint, match="Périodes connues : «\u00a02021\u00a0» et «\u00a02025\u00a0»"):
        evaluate("adult[2023]", DRAWN.series, DRAWN.book)


def test_a_bare_reference_is_the_fact_itself():
    assert DRAWN["adult[2025]"].id == "ssmsi/victims/FR/2025/age=ge18@2026-04-02"


def test_the_same_number_written_two_ways_is_computed_once():
    assert list(DRAWN.all("adult.growth(2021, 2025)", "growth(adult[2021], adult[2025])")) == [
        "growth(adult[2021], adult[2025])"
    ]


def test_only_names_wrong_is_an_unknown_identifier_anything_else_a_refused_calculation():
    with pytest.raises(UnknownIdentifier):
        DRAWN.all("adult[1999]", "nobody[2025]")
    with pytest.raises(CalculationRefused):
        DRAWN.all("adult[1999]", "share(adult[2025], paths['2025-12-31'])")


def test_a_caller_may_have_each_refusal_beside_what_asked_for_it():
    outcomes = attempt([parse("adult[2025]"), "adult[1999]", "adult ["], DRAWN.series, DRAWN.book)
    assert [isinstance(outcome, EgideError) for outcome in outcomes.values()] == [False, True, True]
    assert list(outcomes) == ["adult[2025]", "adult[1999]", "adult ["]
