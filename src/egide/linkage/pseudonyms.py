"""Keyed pseudonyms: who holds the key can say that two records are alike; without it they say nothing.

A French mobile has 2 x 10^8 possible numbers: an unkeyed hash of it is read back in minutes. So every digest here is
keyed BLAKE2b of 128 bits (RFC 7693), under a key of 256 bits that belongs to one run and one use, and is destroyed
with the run. Source: docs/methods/pseudonyms.md.
"""

from __future__ import annotations

import secrets
from hashlib import blake2b

DIGEST_BYTES = 16
_KEY_BYTES = 32
_USE_BYTES = 16  # BLAKE2b personalisation


class KeyDestroyed(RuntimeError):
    """A digest was asked of a key that is gone."""


class Key:
    """256 random bits. Never printed, never compared, never pickled; `destroy` overwrites them."""

    def __init__(self, secret: bytes) -> None:
        """Takes 32 bytes from a vault; `Key.random()` makes a new one."""
        if len(secret) != _KEY_BYTES:
            raise ValueError(f"a key has {_KEY_BYTES} bytes, not {len(secret)}")
        self._secret = bytearray(secret)
        self._alive = True

    @classmethod
    def random(cls) -> Key:
        return cls(secrets.token_bytes(_KEY_BYTES))

    def digest(self, use: str, value: str) -> bytes:
        """128 bits of `value` for one `use` ("phone", "name"…): two uses of one key cannot be compared.

        Raises: KeyDestroyed after `destroy`; ValueError when the use is longer than 16 bytes.
        """
        return self.digest_bytes(use, value.encode())

    def digest_bytes(self, use: str, value: bytes) -> bytes:
        """The same, of bytes."""
        if not self._alive:
            raise KeyDestroyed("the key of this run was destroyed")
        person = use.encode()
        if len(person) > _USE_BYTES:
            raise ValueError(f"a use is named in at most {_USE_BYTES} bytes")
        return blake2b(value, digest_size=DIGEST_BYTES, key=bytes(self._secret), person=person).digest()

    def words(self, use: str, count: int) -> list[int]:
        """`count` 64-bit integers that only this key and this use give: seeds for keyed sketches."""
        return [
            int.from_bytes(self.digest_bytes(use, rank.to_bytes(8, "little"))[:8], "little") for rank in range(count)
        ]

    def destroy(self) -> None:
        for place in range(len(self._secret)):
            self._secret[place] = 0
        self._alive = False

    def __repr__(self) -> str:
        return "Key(…)"

    def __reduce__(self) -> str:
        raise TypeError("a key is never pickled")
