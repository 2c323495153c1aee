"""[I/O] Failed sign-ins, kept by the blind index of the login: no address of a machine.

The context must already name the login: the policies show the attempts of that login and of no other.
The keeper of the night deletes them after a day (`retention`).
Source: docs/decisions/sign-in-throttle.md.
"""

from datetime import datetime, timedelta

from django.db import connection

from egide_registry.accounts import rules
from egide_registry.accounts.models import Attempt


def claimed(login: str) -> bool:
    """Take the turn of this login until the end of the transaction; False if another try has it at this moment.

    Tries that come together could otherwise all be counted as the fifth. None waits: a queue would hold connections.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [login])
        return bool(cursor.fetchone()[0])


def wait(login: str, *, now: datetime) -> timedelta:
    """How long this login has to wait."""
    return rules.wait(Attempt.objects.filter(login_index=login).values_list("at", flat=True), now=now)


def failed(login: str, *, now: datetime) -> None:
    """Remember a failure, whether the login exists or not."""
    Attempt.objects.create(login_index=login, at=now)


def forget(login: str) -> None:
    """All factors were right: the row of failures is over."""
    Attempt.objects.filter(login_index=login).delete()
