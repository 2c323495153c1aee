"""A sealed value opens with its key, in its place, whole, or not at all."""

import json
import traceback
import uuid

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from egide_registry.security.sealing import (
    MARK,
    MOST,
    Place,
    Unsealable,
    WrongKey,
    key_id,
    new_data_key,
    open_json,
    padded_size,
    seal,
    seal_json,
    unseal,
)

KEY = bytes(range(32))
HERE = Place("psp_request", "name", "7f1c")
names = st.text(min_size=1, max_size=20)
places = st.builds(Place, names, names, names)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(place=places, plaintext=st.binary(max_size=5000))
def test_what_is_sealed_opens_again_in_its_place(place: Place, plaintext: bytes):
    assert unseal(KEY, place, seal(KEY, place, plaintext)) == plaintext


@given(value=json_values)
def test_a_json_value_comes_back_equal(value: object):
    assert open_json(KEY, HERE, seal_json(KEY, HERE, value)) == value


def test_a_text_that_no_encoding_has_is_kept_rather_than_quoted_in_an_error():
    assert open_json(KEY, HERE, seal_json(KEY, HERE, "Zélie \ud800")) == "Zélie \ud800"


@given(plaintext=st.binary(max_size=200), bit=st.integers(min_value=0))
def test_any_flipped_bit_is_refused(plaintext: bytes, bit: int):
    sealed = bytearray(seal(KEY, HERE, plaintext))
    sealed[bit // 8 % len(sealed)] ^= 1 << bit % 8
    with pytest.raises(Unsealable):
        unseal(KEY, HERE, bytes(sealed))


def test_each_single_bit_of_a_value_counts():
    sealed = seal(KEY, HERE, b"Zelie")
    for position in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[position // 8] ^= 1 << position % 8
        with pytest.raises(Unsealable):
            unseal(KEY, HERE, bytes(flipped))


@given(place=places, moved=places)
def test_a_value_moved_to_another_table_column_or_row_is_refused(place: Place, moved: Place):
    assume(place != moved)
    with pytest.raises(Unsealable):
        unseal(KEY, moved, seal(KEY, place, b"value"))


@pytest.mark.parametrize(
    "moved",
    [
        Place("psp_period", "name", "7f1c"),
        Place("psp_request", "reasons", "7f1c"),
        Place("psp_request", "name", "7f1d"),
        Place("psp_requestn", "ame", "7f1c"),
        Place('psp_request", "name', "name", "7f1c"),
    ],
)
def test_places_that_look_alike_are_not_alike(moved: Place):
    with pytest.raises(Unsealable):
        unseal(KEY, moved, seal(KEY, HERE, b"value"))


@given(length=st.integers(min_value=0, max_value=200))
def test_a_value_cut_short_or_lengthened_is_refused(length: int):
    sealed = seal(KEY, HERE, b"value")
    for wrong in (sealed[: min(length, len(sealed) - 1)], sealed + bytes(length + 1)):
        with pytest.raises(Unsealable):
            unseal(KEY, HERE, wrong)


def test_another_key_is_told_apart_from_an_altered_value():
    sealed = seal(KEY, HERE, b"value")
    with pytest.raises(WrongKey):
        unseal(new_data_key(), HERE, sealed)
    with pytest.raises(Unsealable) as altered:
        unseal(KEY, HERE, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert not isinstance(altered.value, WrongKey)


def test_a_sealed_value_says_its_format_and_which_key_and_nothing_twice():
    first, second = seal(KEY, HERE, b"value"), seal(KEY, HERE, b"value")
    assert first.startswith(MARK + key_id(KEY))
    assert first[len(MARK) + 8 :] != second[len(MARK) + 8 :]
    assert key_id(KEY) not in KEY
    assert len({key_id(new_data_key()) for _ in range(50)}) == 50


@given(left=st.binary(max_size=60), right=st.binary(max_size=60))
def test_all_short_values_have_one_length(left: bytes, right: bytes):
    assert len(seal(KEY, HERE, left)) == len(seal(KEY, HERE, right))


@given(size=st.integers(min_value=0, max_value=MOST + 4))
def test_padding_holds_the_value_costs_little_and_forgets_the_length(size: int):
    padded = padded_size(size)
    assert padded >= size
    assert padded <= (max(64, 2 * size) if size <= 4096 else size * 1.0625)
    assert padded_size(padded) == padded  # a length that was padded says no more than its bucket


@given(size=st.integers(min_value=4097, max_value=2**40))
def test_large_lengths_follow_padme_as_published(size: int):
    # The article's own words: the lowest E - S bits of a length are zero, E = ⌊log2 L⌋, S = ⌊log2 E⌋ + 1.
    exponent = len(f"{size:b}") - 1
    zeros = exponent - len(f"{exponent:b}")
    kept, dropped = f"{size:b}"[:-zeros], f"{size:b}"[-zeros:]
    assert padded_size(size) == (int(kept, 2) + ("1" in dropped)) * 2**zeros


def test_all_the_lengths_there_are_tell_less_than_nine_bits():
    lengths, size = [], 0
    while size <= MOST + 4:
        lengths.append(padded_size(size))
        size = lengths[-1] + 1
    assert len([length for length in lengths if length <= 4096]) == 7
    assert len(lengths) < 2**9


def test_a_document_of_twenty_mebibytes_is_the_largest():
    assert unseal(KEY, HERE, seal(KEY, HERE, bytes(MOST))) == bytes(MOST)
    with pytest.raises(ValueError, match="au plus"):
        seal(KEY, HERE, bytes(MOST + 1))


@pytest.mark.parametrize("row", [None, ""])
def test_nothing_is_sealed_for_a_row_without_identifier(row: object):
    with pytest.raises(ValueError, match="identifiant"):
        Place("psp_request", "name", row)


def test_an_identifier_is_the_same_as_a_text_or_as_itself():
    row = uuid.uuid4()
    assert unseal(KEY, Place("t", "c", str(row)), seal(KEY, Place("t", "c", row), b"value")) == b"value"


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, b"bytes"])
def test_what_json_does_not_have_is_refused(value: object):
    with pytest.raises((TypeError, ValueError)):
        seal_json(KEY, HERE, value)


def test_no_error_holds_a_key_or_a_value():
    text = "Zelie Exemple"
    sealed = seal_json(KEY, HERE, {"name": text})
    problems: list[BaseException] = []
    for key, place, given_ in (
        (new_data_key(), HERE, sealed),
        (KEY, Place("other", "name", "7f1c"), sealed),
        (KEY, HERE, sealed[:40]),
        (KEY[:-1], HERE, sealed),
    ):
        with pytest.raises((Unsealable, ValueError)) as refused:
            unseal(key, place, given_)
        problems.append(refused.value)
    for problem in problems:
        told = "".join(traceback.format_exception(problem)) + repr(problem) + repr(vars(problem)) + repr(problem.args)
        assert text not in told
        assert repr(KEY)[2:20] not in told
        assert json.dumps(text) not in told
