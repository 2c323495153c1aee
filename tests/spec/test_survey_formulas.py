"""What a random draw of ads allows to say: its size, the interval of a share, what is left without the copies."""

from fractions import Fraction
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.diagnostic.sampling.intervals import wilson, with_finite_population
from egide.diagnostic.sampling.size import sample_size
from egide.facts.model import Kind, Unit
from egide.facts.values import Value
from egide.indicators import survey
from support.drawn import drawn

DIAGNOSTIC = drawn("""
    ads       | adn/ads/DEP-62/2018              | 699  | annonces
    read      | adn/read/DEP-62/2018             | 249  | annonces
    copies    | adn/copies/DEP-62/2018           | 61   | percent
    margin    | adn/margin/DEP-62/2018           | 5    | percent
    later     | adn/margin/DEP-62/2019           | 5    | percent
    elsewhere | adn/ads/DEP-59/2018              | 7393 | annonces
    far       | adn/margin/DEP-59/2018           | 5    | percent
    other     | police/ads/DEP-62/2018           | 699  | annonces
    persons   | adn/persons/DEP-62/2018          | 152  | personnes
    few       | adn/ads/DEP-62/2018/site=a       | 100  | annonces
    doubt     | adn/ads/DEP-62/2018/site=b       | 600..800 | annonces
""")


# ---------------------------------------------------------------- the figures of the two published diagnostics


def test_the_two_printed_sample_sizes_are_found_again():
    assert DIAGNOSTIC.number("sample_size(ads[2018], margin[2018])") == 249
    assert DIAGNOSTIC.number("sample_size(elsewhere[2018], far[2018])") == 366


def test_the_duplicate_share_goes_from_56_to_66_percent_and_the_persons_from_240_to_307():
    assert DIAGNOSTIC.number("wilson_low(copies[2018], read[2018], ads[2018])") == 56.1
    assert DIAGNOSTIC.number("wilson_high(copies[2018], read[2018], ads[2018])") == 65.7
    assert DIAGNOSTIC.number("remaining(ads[2018], copies[2018])") == 272.6
    high_share = "wilson_high(copies[2018], read[2018], ads[2018])"
    assert DIAGNOSTIC.number(f"remaining(ads[2018], {high_share})") == 239.5


def test_what_is_left_of_the_sample_alone_is_about_a_hundred():
    assert DIAGNOSTIC.number("remaining(read[2018], copies[2018])") == 97.1


def test_a_result_says_what_it_counts_and_is_never_summed():
    size = DIAGNOSTIC["sample_size(ads[2018], margin[2018])"]
    left = DIAGNOSTIC["remaining(ads[2018], copies[2018])"]
    end = DIAGNOSTIC["wilson_low(copies[2018], read[2018], ads[2018])"]
    assert [one.measure.counts for one in (size, left, end)] == ["annonces", "annonces", ""]
    assert [one.measure.unit for one in (size, left, end)] == [Unit.COUNT, Unit.COUNT, Unit.PERCENT]
    assert {one.measure.kind for one in (size, left, end)} == {Kind.LEVEL}


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("sample_size(ads[2018], read[2018])", "on attend un pourcentage"),
        ("sample_size(copies[2018], margin[2018])", "est déjà un rapport"),
        ("sample_size(ads[2018], later[2019])", "les périodes diffèrent"),
        ("sample_size(ads[2018], far[2018])", "deux champs différents"),
        ("sample_size(other[2018], margin[2018])", "deux institutions"),
        ("wilson_low(copies[2018], persons[2018], ads[2018])", "des personnes à des personnes"),
        ("wilson_high(copies[2018], ads[2018], read[2018])", "se contredisent"),
        ("wilson_high(copies[2018], read[2018], doubt[2018])", "se contredisent"),
        ("remaining(ads[2018], read[2018])", "on attend un pourcentage"),
    ],
)
def test_what_no_survey_would_compute_is_refused(expression, reason):
    assert reason in DIAGNOSTIC.refusal(expression)


@pytest.mark.parametrize(
    "call",
    [
        lambda: survey.required(0, Fraction(1, 20)),
        lambda: survey.required(10, Fraction(0)),
        lambda: survey.wilson(Fraction(2), 10),
        lambda: survey.effective(11, 10),
        lambda: survey.quantile(Fraction(1)),
    ],
)
def test_a_call_without_sense_is_refused(call):
    with pytest.raises(ValueError):
        call()


# ---------------------------------------------------------------- against floating point, written by others


populations = st.integers(1, 1_000_000)
points = st.integers(1, 40)


@given(populations, points)
def test_the_size_is_that_of_the_whole_surveys(population, margin):
    exact = survey.required(population, Fraction(margin, 100))
    assert abs(exact - sample_size(population, margin / 100)) <= 1  # of a whole number that rounding may cross


@given(populations, st.integers(1, 1_000_000), st.fractions(0, 1, max_denominator=1000))
def test_the_interval_is_that_of_the_whole_surveys(population, drawn_, share):
    sample = min(population, drawn_)
    size = survey.effective(sample, population)
    if size is None:
        assert sample == population
        return
    low, high = survey.wilson(share, size)
    floating = wilson(float(share) * sample, sample, design_effect=with_finite_population(sample, population))
    assert (float(low), float(high)) == pytest.approx((floating.low, floating.high), abs=1e-6)
    assert low <= share <= high


@given(populations, points)
def test_more_persons_or_a_narrower_margin_never_ask_for_fewer_ads(population, margin):
    size = survey.required(population, Fraction(margin, 100))
    assert 1 <= size <= population
    assert size <= survey.required(population + 1, Fraction(margin, 100))
    assert size <= survey.required(population, Fraction(margin, 200))


def test_when_everything_was_read_the_share_has_no_interval():
    assert survey.wilson_low(Value.exact(61), Value.exact(10), Value.exact(10)) == Value.exact(61)


def test_a_population_in_doubt_gives_a_size_in_doubt():
    five = Value.exact(5)
    assert survey.sample_size(Value(600, 800), five) == Value(235, 260)
    assert survey.sample_size(Value.at_least(600), five) == Value.at_least(235)


def test_the_quantile_is_that_of_the_normal_law():
    assert survey.quantile() == Fraction(1_959_964, 1_000_000)
    assert float(survey.quantile(Fraction(9, 10))) == pytest.approx(NormalDist().inv_cdf(0.95), abs=1e-6)
