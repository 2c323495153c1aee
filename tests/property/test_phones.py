"""A number is found however it is written, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from egide.diagnostic.census.phones import in_field, in_text, without_last_two
from support.examples import examples

_UNITS = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
]
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}


def spelled(pair: str) -> str:
    """Two digits as one says them: « 07 » zéro sept, « 71 » soixante et onze, « 94 » quatre-vingt-quatorze."""
    number = int(pair)
    if pair[0] == "0":
        return f"zéro {_UNITS[number]}"
    if number < 17:
        return _UNITS[number]
    if number < 20:
        return f"dix-{_UNITS[number - 10]}"
    ten = number // 10 if number // 10 in _TENS else number // 10 - 1
    rest = number - 10 * ten
    if rest == 0:
        return _TENS[ten] + ("s" if ten == 8 else "")
    joint = " et " if rest in (1, 11) and ten != 8 else "-"
    return f"{_TENS[ten]}{joint}{_UNITS[rest] if rest < 17 else 'dix-' + _UNITS[rest - 10]}"


def equivocal(one: str, two: str) -> bool:
    """Do two pairs, said one after the other, make another number? « quatre, vingt », « soixante, douze »…"""
    return (
        (one == "04" and two[0] == "2")
        or (one in ("20", "30", "40", "50") and two[0] in "89")
        or (one in ("60", "80") and two[0] in "189")
    )


# Metropolitan numbers. 062, 063… of Réunion and Mayotte, and those of the Antilles and Guyane, have their own test.
numbers = st.builds(
    lambda head, tail: head + tail,
    st.sampled_from(["01", "02", "03", "04", "05", "06", "07", "09"]),
    st.text("0123456789", min_size=8, max_size=8),
).filter(
    lambda number: (
        number[1:4]
        not in ["508", "590", "690", "691", "594", "694", "596", "696", "697", "262", "263", "269", "639", "692", "693"]
    )
)
gaps = st.sampled_from(
    ["", " ", ".", "-", " - ", "/", "_", "\u00a0", "💐", " 🌷 ", "\u200b", " ♥♥ ", "..", "\ufe0f\u20e3"]
)
around = st.sampled_from(
    ["", "appeler le ", "tel:", "Tél.", "(", "jeudi 12 mars, ", "le 01/02/2026 à 10h30 ", "24h/24 "]
)
after = st.sampled_from(["", " merci", ".", ")", ", bouquets", " 7j/7", "\nle jeudi"])


@given(numbers, gaps, around, after)
@settings(max_examples=examples(150))
def test_pairs_with_any_sign_between_them_are_one_number(number: str, gap: str, before: str, end: str) -> None:
    pairs = [number[place : place + 2] for place in range(0, 10, 2)]
    assert in_text(before + gap.join(pairs) + end) == (f"+33{number[1:]}",)


@given(numbers, st.sampled_from([" ", ".", "-", "💐", " 🌷 ", "\ufe0f\u20e3"]))
@settings(max_examples=examples(50))
def test_digits_one_by_one_are_one_number(number: str, gap: str) -> None:
    assert in_text("rose " + gap.join(number) + gap) == (f"+33{number[1:]}",)


@given(numbers, st.sampled_from(["+33", "+33 ", "0033", "00 33 ", "+ 33 (0)", "+33.", "+33 (0) "]))
@settings(max_examples=examples(50))
def test_the_country_code_changes_nothing(number: str, code: str) -> None:
    assert in_text(f"bouquets {code}{number[1]} {number[2:6]} {number[6:]}") == (f"+33{number[1:]}",)


@given(numbers, st.lists(st.booleans(), min_size=5, max_size=5), st.sampled_from([" ", ", ", " 🌷 "]), st.booleans())
@settings(max_examples=examples(100))
def test_words_and_digits_may_be_mixed(number: str, words: list[bool], gap: str, capitals: bool) -> None:
    pairs = [number[place : place + 2] for place in range(0, 10, 2)]
    said = [spelled(pair) if word else pair for pair, word in zip(pairs, words, strict=True)]
    spoken = zip(pairs, pairs[1:], words, words[1:], strict=False)
    assume(not any(here and there and equivocal(one, two) for one, two, here, there in spoken))
    text = gap.join(said)
    assert in_text(text.upper() if capitals else text) == (f"+33{number[1:]}",)


@given(numbers, st.data())
@settings(max_examples=examples(50))
def test_letters_that_look_like_digits_are_read_so(number: str, data: st.DataObject) -> None:
    written = "".join(
        data.draw(st.sampled_from({"0": "0Oo", "1": "1lI"}.get(digit, digit))) if place % 3 else digit
        for place, digit in enumerate(number)
    )
    assert in_text(f"tel {written}") == (f"+33{number[1:]}",)


@given(numbers, st.sampled_from(["０", "𝟎", "⓪", "٠"]))
@settings(max_examples=examples(40))
def test_digits_in_fancy_dress_are_digits(number: str, zero: str) -> None:
    base = {"０": 0xFF10, "𝟎": 0x1D7CE, "٠": 0x660}.get(zero)
    dressed = (
        "".join(chr(base + int(digit)) for digit in number)
        if base
        else "".join("⓪" if digit == "0" else chr(0x2460 + int(digit) - 1) for digit in number)
    )
    assert in_text(f"fleurs {dressed}") == (f"+33{number[1:]}",)


@given(st.lists(numbers, min_size=1, max_size=4, unique=True), st.sampled_from([" / ", ", ", " ou ", ";", "\n", " - "]))
@settings(max_examples=examples(50))
def test_several_numbers_in_one_field_are_all_found_in_order(some: list[str], between: str) -> None:
    expected = tuple(f"+33{number[1:]}" for number in some)
    assert in_field(between.join(some)) == expected
    assert in_field(between.join(" ".join((n[:2], n[2:4], n[4:6], n[6:8], n[8:])) for n in some)) == expected


@given(numbers)
@settings(max_examples=examples(30))
def test_a_field_may_have_lost_its_first_zero_or_its_plus(number: str) -> None:
    assert in_field(number[1:]) == in_field(f"33{number[1:]}") == (f"+33{number[1:]}",)
    assert in_text(number[1:]) == ()


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0692 12 34 56", "+262692123456"),
        ("+262 692 12 34 56", "+262692123456"),
        ("+33 692 12 34 56", "+262692123456"),
        ("0639 12 34 56", "+262639123456"),
        ("0690-12-34-56", "+590690123456"),
        ("00590 (0)690 12 34 56", "+590690123456"),
        ("0694123456", "+594694123456"),
        ("+596 696 12 34 56", "+596696123456"),
        ("0508 41 23 45", "+508412345"),
        ("+508 41 23 45", "+508412345"),
        ("+687 12 34 56", "+687123456"),
        ("+689 87 12 34 56", "+68987123456"),
        ("+32 470 12 34 56", "+32470123456"),
        ("0032 470/12.34.56", "+32470123456"),
        ("+44 7700 900123", "+447700900123"),
        ("+352 621 123 456", "+352621123456"),
        ("+40 712 345 678 ou 06 12 34 56 78", "+40712345678"),
    ],
)
def test_overseas_and_foreign_numbers_have_one_form(written: str, number: str) -> None:
    assert in_text(f"fleuriste, {written}, le jeudi")[0] == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bouquets de six roses, dix tulipes, deux pots",
        "ouvert le 01/02/2026 de 10:30 à 18h00",
        "01-02-2026 12:00 et 02-02-2026 12:00",
        "06 12 34 56 789",
        "numéro de commande 20061234567890",
        "08 00 12 34 56",
        "3 roses, 12 tulipes, 45 lys, 100 œillets, 2026",
        "0612 bouquets 345678",
        "un deux trois quatre cinq six sept huit",
        "0" * 40,
        "+" * 50 + "0 " * 200,
    ],
)
def test_what_is_no_number_is_not_taken_for_one(text: str) -> None:
    assert in_text(text) == ()


@given(st.text(max_size=300))
@settings(max_examples=examples(100))
def test_any_text_is_read_without_error_and_what_is_found_has_the_one_form(text: str) -> None:
    for number in (*in_text(text), *in_field(text)):
        assert number[0] == "+" and number[1:].isdigit() and 8 <= len(number) <= 16
        assert in_text(number) == (number,)


def test_a_text_of_100_000_characters_is_read_in_linear_time() -> None:
    assert in_text("0 " * 15_000 + "roses " * 12_000 + "x 06 12 34 56 78") == ("+33612345678",)
    assert in_text("O" * 100_000) == in_text("1" + "O" * 100_000) == in_text("06" + "l" * 100_000 + "x") == ()


def test_the_first_eight_digits_of_ten_are_kept() -> None:
    assert without_last_two("+33612345678") == without_last_two("+33612345699") == "+336123456"
