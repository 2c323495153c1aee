"""Who acts, told to the database for one transaction, in a form it can verify.

The site sets a signed token; the functions `security.person()`, `security.mandate()`… verify it at each query. A
setting is within reach of anyone who can send SQL, so the bare identity would prove nothing: without the key a token
cannot be written. No token, a forged or an expired one: every function gives NULL, and the policies give no row.
Source: docs/security.md, « The signed context ».
"""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

import psycopg
from django.db import connections, transaction
from django.utils import timezone

from egide_registry.security import vault

SETTING: Final = "egide.context"
LIFE: Final = timedelta(hours=1)  # far above any request, far below a working day
BLOCK: Final = 64  # bytes of a SHA-256 block, RFC 2104


def pads(key: bytes) -> tuple[bytes, bytes]:
    """The inner and outer pads of HMAC-SHA-256 (RFC 2104): what the database needs to verify with sha256 alone."""
    block = (hashlib.sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def token(
    *, person: UUID | None, mandate: UUID | None, login: str | None, expires: int, backend: int | None = None
) -> str:
    """The signed claims: person, mandate, login index (before sign-in), expiry in seconds of the epoch, and the
    process of the database it is made for: in another connection it opens nothing.
    """
    claims = f"{person or ''}|{mandate or ''}|{login or ''}|{expires}|{secrets.token_hex(8)}|{backend or ''}"
    mac = hmac.new(vault.context_key(), claims.encode(), hashlib.sha256).hexdigest()
    return f"{claims}.{mac}"


def enter(
    *, person: UUID | None = None, mandate: UUID | None = None, login: str | None = None, using: str = "default"
) -> None:
    """Say who acts until the end of the transaction. Refuses outside one, where it would last a single statement."""
    connection = connections[using]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A context lives in a transaction: open one first.")
    expires = int((timezone.now() + LIFE).timestamp())
    session = connection.connection
    signed = token(person=person, mandate=mandate, login=login, expires=expires, backend=session.info.backend_pid)
    # Not Django's cursor, which writes values into the text of the query: a text is shown, and kept in logs.
    with psycopg.Cursor(session) as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, signed])


def leave(*, using: str = "default") -> None:
    """Forget who acts: from here to the end of the transaction no row is seen."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, '', true)", [SETTING])
