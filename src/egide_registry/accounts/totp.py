"""One-time passwords (RFC 6238): six digits, thirty seconds, one step of tolerance on each side. [chance] in `secret`.

SHA-1 because authenticators on phones know nothing else; HMAC does not suffer from its collisions.
"""

import base64
import hmac
import os
from typing import Final
from urllib.parse import quote

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP: Final = 30  # seconds
SIZE: Final = 20  # bytes of a secret: the length of the hash, RFC 4226 section 4
TOLERANCE: Final = (0, -1, 1)  # steps


def secret() -> bytes:
    """A fresh secret."""
    return os.urandom(SIZE)


def code(key: bytes, step: int) -> str:
    """The six digits of one step of thirty seconds."""
    return TOTP(key, 6, SHA1(), STEP).generate(step * STEP).decode()


def accepted(key: bytes, typed: str, *, at: float, last: int | None) -> int | None:
    """The step whose code was typed, None if there is none or if it is not after the last one used.

    Every step is compared, whatever the first ones say: the time taken tells nothing.
    """
    now = int(at) // STEP
    right = [now + move for move in TOLERANCE if hmac.compare_digest(code(key, now + move).encode(), typed.encode())]
    fresh = [step for step in right if last is None or step > last]
    return max(fresh, default=None)


def as_text(key: bytes) -> str:
    """The secret as one types it: base 32, in groups of four."""
    text = base64.b32encode(key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address(key: bytes) -> str:
    """What an authenticator reads. It names the service and no person: the telephone may be seen by others."""
    return f"otpauth://totp/{quote('Égide')}:compte?secret={base64.b32encode(key).decode()}&issuer={quote('Égide')}"


def picture(key: bytes) -> str:
    """The same as a picture to photograph: a `data:` address of an SVG image, which our security policy allows."""
    return segno.make(address(key), error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
