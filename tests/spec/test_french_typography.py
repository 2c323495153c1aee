"""Numbers and sentences read as a French public statistician prints them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.disclosure.cells import Bounded, NotCommunicated, Withheld
from egide.document.typography import Style, content_text, digits, interval, quantity, sentence, words
from egide.facts.model import Unit
from egide.facts.values import Value

THIN, NBSP = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("number", "unit", "style", "places", "printed"),
    [
        ("1442", Unit.COUNT, "usual", None, f"1{THIN}442"),
        ("10100000", Unit.COUNT, "usual", None, f"10{THIN}100{THIN}000"),
        ("4.6", Unit.COUNT, "usual", None, "4,6"),
        ("89.5", Unit.PERCENT, "usual", None, f"90{THIN}%"),
        ("69.3878", Unit.PERCENT, "usual", 1, f"69,4{THIN}%"),
        ("168", Unit.PERCENT, "signed", None, f"+{THIN}168{THIN}%"),
        ("-8", Unit.PERCENT, "usual", None, f"−{THIN}8{THIN}%"),
        ("-8", Unit.PERCENT, "abs", None, f"8{THIN}%"),
        ("0", Unit.PERCENT, "signed", None, f"0{THIN}%"),
        ("-0.3", Unit.PERCENT, "usual", None, f"0{THIN}%"),
        ("89", Unit.PERCENT, "bare", None, "89"),
        ("13", Unit.POINTS, "signed", None, f"+{THIN}13{NBSP}points"),
        ("1", Unit.POINTS, "usual", None, f"1{NBSP}point"),
        ("15.7", Unit.YEARS, "usual", None, f"15,7{NBSP}ans"),
        ("6", Unit.MONTHS, "words", None, f"six{NBSP}mois"),
        ("559.43", Unit.EUR, "usual", None, f"559,43{NBSP}€"),
        ("106.10", Unit.EUR, "usual", None, f"106,10{NBSP}€"),
        ("5000", Unit.EUR, "usual", None, f"5{THIN}000{NBSP}€"),
        ("3.4", Unit.MILLION_EUR, "usual", None, f"3,4{NBSP}millions d’euros"),
        ("3.111", Unit.RATIO, "usual", None, "3,1"),
    ],
)
def test_a_number_is_printed_with_its_unit(
    number: str, unit: Unit, style: str, places: int | None, printed: str
) -> None:
    assert quantity(Fraction(number), unit, style=Style(style), places=places) == printed


@pytest.mark.parametrize(
    ("low", "high", "printed"),
    [
        (300, 301, "300 à 301"),
        (2501, None, f"au moins 2{THIN}501"),
        (None, 26, "au plus 26"),
        (None, None, "non connu"),
        (7, 7, "7"),
    ],
)
def test_a_doubt_is_printed_as_a_range(low: int | None, high: int | None, printed: str) -> None:
    assert interval(Value(low, high), Unit.COUNT) == printed


def test_a_doubt_too_small_to_print_is_not_printed() -> None:
    assert interval(Value(Fraction("-7.85"), Fraction("-7.56")), Unit.PERCENT, style=Style.ABSOLUTE) == f"8{THIN}%"


@pytest.mark.parametrize(
    ("content", "printed"),
    [
        (NotCommunicated(), "nc"),
        (Withheld(), "nc"),
        (Bounded(Value(16, 17)), f"15{NBSP}<{NBSP}nc{NBSP}<{NBSP}18"),
        (Bounded(Value(16, None)), f"15{NBSP}<{NBSP}nc"),
    ],
)
def test_what_is_hidden_prints_its_label(content: object, printed: str) -> None:
    assert content_text(content, Unit.COUNT) == printed  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "letters"), [(0, "zéro"), (6, "six"), (14, "quatorze"), (21, "vingt et un"), (69, "soixante-neuf")]
)
def test_small_numbers_can_be_written_in_letters(number: int, letters: str) -> None:
    assert words(number) == letters


@pytest.mark.parametrize("number", [70, -1, 1442])
def test_others_cannot(number: int) -> None:
    with pytest.raises(ValueError, match="de 0 à 69"):
        words(number)


def test_half_a_person_is_not_written_in_letters() -> None:
    with pytest.raises(ValueError, match="nombre entier"):
        quantity(Fraction(1, 2), Unit.COUNT, style=Style.WORDS)


@given(st.text(alphabet="ab «»:;!?'’1\u00a0\u202f", max_size=40))
def test_typesetting_a_sentence_twice_changes_nothing(text: str) -> None:
    assert sentence(sentence(text)) == sentence(text)


@given(st.integers(-(10**12), 10**12), st.integers(0, 3))
def test_digits_can_be_read_back(number: int, places: int) -> None:
    value = Fraction(number, 10**places)
    text = digits(value, places).replace(THIN, "").replace("−", "-").replace(",", ".")
    assert Fraction(text) == value
