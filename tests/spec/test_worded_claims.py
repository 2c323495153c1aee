"""Words that stand for a number are true or the page is not built."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.document.wording import UnknownWording, condition
from egide.facts.model import Unit
from egide.facts.values import Value

COUNT, PERCENT, RATIO = Unit.COUNT, Unit.PERCENT, Unit.RATIO


def rows(table: str) -> list[tuple[str, str, str]]:
    lines = [line.strip().strip("|") for line in table.strip().splitlines()]
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines]  # type: ignore[misc]


BORNE_OUT = rows("""
    | près de 900              | count   | 880  |
    | plus de 130              | count   | 135  |
    | plus de 1 000            | count   | 1001 |
    | moins de 30              | count   | 26   |
    | au moins 200             | count   | 200  |
    | environ 950              | count   | 953  |
    | environ 95 %             | percent | 96   |
    | une quinzaine            | count   | 14   |
    | plus d’une centaine      | count   | 110  |
    | six                      | count   | 6    |
    | neuf sur dix             | percent | 91   |
    | plus de neuf sur dix     | percent | 93   |
    | près de 7 sur 10         | percent | 69   |
    | un tiers                 | percent | 33   |
    | près d’un quart          | percent | 23   |
    | les trois quarts         | percent | 75   |
    | la moitié                | percent | 50   |
    | la majorité              | percent | 51   |
    | la quasi-totalité        | percent | 97   |
    | la totalité              | percent | 100  |
    | aucune                   | percent | 0    |
    | doublé                   | ratio   | 1.95 |
    | plus que doublé          | ratio   | 2.4  |
    | presque triplé           | ratio   | 2.8  |
    | multiplié par 7          | ratio   | 7.27 |
    | trois fois plus          | ratio   | 3.1  |
    | en hausse                | percent | 1    |
    | en baisse                | percent | -8   |
    | stable                   | percent | -1   |
""")

NOT_BORNE_OUT = rows("""
    | près de 900              | count   | 901  |
    | près de 900              | count   | 800  |
    | plus de 130              | count   | 130  |
    | moins de 30              | count   | 30   |
    | environ 950              | count   | 880  |
    | une quinzaine            | count   | 20   |
    | six                      | count   | 7    |
    | neuf sur dix             | percent | 80   |
    | plus de neuf sur dix     | percent | 90   |
    | un tiers                 | percent | 38   |
    | la majorité              | percent | 50   |
    | la quasi-totalité        | percent | 94   |
    | la totalité              | percent | 99   |
    | aucune                   | percent | 1    |
    | doublé                   | ratio   | 2.4  |
    | plus que doublé          | ratio   | 2    |
    | multiplié par 7          | ratio   | 5.9  |
    | en hausse                | percent | 0    |
    | stable                   | percent | 3    |
""")


@pytest.mark.parametrize(("said", "unit", "value"), BORNE_OUT)
def test_words_the_value_bears_out_may_be_written(said: str, unit: str, value: str) -> None:
    assert condition(said, Unit(unit)).holds(Value.exact(Fraction(value)))


@pytest.mark.parametrize(("said", "unit", "value"), NOT_BORNE_OUT)
def test_words_the_value_does_not_bear_out_stop_the_build(said: str, unit: str, value: str) -> None:
    assert not condition(said, Unit(unit)).holds(Value.exact(Fraction(value)))


def test_a_range_bears_words_out_only_if_every_number_in_it_does() -> None:
    assert condition("environ 950", COUNT).holds(Value(952, 955))
    assert condition("plus de 2 500", COUNT).holds(Value(2501, None))
    assert not condition("plus de 2 500", COUNT).holds(Value(2500, None))
    assert not condition("environ 950", COUNT).holds(Value(880, 955))
    assert not condition("moins de 30", COUNT).holds(Value(20, None))


@pytest.mark.parametrize(
    ("said", "unit"),
    [("énormément", COUNT), ("neuf sur dix", COUNT), ("doublé", PERCENT), ("la majorité", RATIO), ("", COUNT)],
)
def test_words_without_a_tested_meaning_are_refused(said: str, unit: Unit) -> None:
    with pytest.raises(UnknownWording):
        condition(said, unit)


def test_the_condition_is_told_in_words() -> None:
    assert condition("près de 900", COUNT).text(COUNT) == "une valeur au moins égale à 855 et inférieure à 900"


@given(number=st.integers(1, 10_000), said=st.sampled_from(["plus de", "moins de", "au moins", "au plus"]))
def test_a_bound_and_its_opposite_never_hold_together(number: int, said: str) -> None:
    opposite = {"plus de": "au plus", "au plus": "plus de", "moins de": "au moins", "au moins": "moins de"}[said]
    for value in (number - 1, number, number + 1):
        holds = condition(f"{said} {number}", COUNT).holds(Value.exact(value))
        assert holds != condition(f"{opposite} {number}", COUNT).holds(Value.exact(value))
