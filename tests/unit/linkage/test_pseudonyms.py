"""Keyed pseudonyms: alike only under one key and one use, and gone with the key."""

from __future__ import annotations

import pickle
from hashlib import blake2b

import pytest

from egide.linkage.pseudonyms import DIGEST_BYTES, Key, KeyDestroyed

SECRET = bytes(range(32))


def test_one_key_and_one_use_give_one_digest():
    assert Key(SECRET).digest("phone", "0600000000") == Key(SECRET).digest("phone", "0600000000")
    assert len(Key(SECRET).digest("phone", "0600000000")) == DIGEST_BYTES == 16


def test_another_value_use_or_key_gives_another_digest():
    digests = {
        Key(SECRET).digest("phone", "0600000000"),
        Key(SECRET).digest("phone", "0600000001"),
        Key(SECRET).digest("name", "0600000000"),
        Key(SECRET[::-1]).digest("phone", "0600000000"),
    }
    assert len(digests) == 4


def test_the_digest_is_keyed_blake2b_as_the_rfc_has_it():
    expected = blake2b(b"abc", digest_size=16, key=SECRET, person=b"phone").digest()
    assert Key(SECRET).digest("phone", "abc") == expected
    assert Key(SECRET).digest("phone", "abc") != blake2b(b"abc", digest_size=16).digest()


def test_text_and_its_utf8_bytes_are_one_value():
    assert Key(SECRET).digest("name", "Zoé") == Key(SECRET).digest_bytes("name", "Zoé".encode())


def test_random_keys_differ():
    assert Key.random().digest("phone", "1") != Key.random().digest("phone", "1")


def test_words_are_64_bits_of_the_key_and_of_the_use():
    words = Key(SECRET).words("sketch", 200)
    assert words == Key(SECRET).words("sketch", 200)
    assert words[:10] == Key(SECRET).words("sketch", 10)
    assert len(set(words)) == 200 and all(0 <= word < 2**64 for word in words)
    assert not set(words) & set(Key(SECRET).words("other", 200))


def test_a_destroyed_key_gives_nothing_more_and_keeps_nothing():
    key = Key(SECRET)
    key.destroy()
    for ask in (lambda: key.digest("phone", "1"), lambda: key.words("sketch", 1)):
        with pytest.raises(KeyDestroyed):
            ask()
    assert SECRET not in [bytes(value) for value in vars(key).values() if isinstance(value, bytearray)]
    key.destroy()  # twice is no accident


def test_a_key_is_never_printed_nor_pickled():
    key = Key(SECRET)
    assert SECRET.hex() not in repr(key) and repr(key) == str(key) == "Key(…)"
    with pytest.raises(TypeError):
        pickle.dumps(key)


@pytest.mark.parametrize("secret", [b"", SECRET[:16], SECRET * 2])
def test_a_key_of_another_length_is_refused(secret):
    with pytest.raises(ValueError, match="32 bytes"):
        Key(secret)


def test_a_use_that_would_be_cut_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        Key(SECRET).digest("a-use-with-a-long-name", "1")
    assert Key(SECRET).digest("sixteen-bytes-ok", "1")
