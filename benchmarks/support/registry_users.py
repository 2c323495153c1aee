"""Fifty people signed in, each with the addresses their role visits: one line of JSON for the load generator.

python -m support.registry_users           sessions and addresses
python -m support.registry_users profile   queries and time of each page, alone; the plan of the list page
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "support.registry_settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from egide_registry.accounts import sessions  # noqa: E402
from egide_registry.accounts.models import Mandate, Person  # noqa: E402
from egide_registry.psp.views.listing import PER_PAGE, with_last_request  # noqa: E402
from egide_registry.security import context  # noqa: E402
from support.registry_base import weights  # noqa: E402
from support.registry_rows import CODES, superuser  # noqa: E402

USERS = {"association": 24, "delegate": 14, "prefect": 7, "member": 3, "dpo": 2}
SAMPLE = 20  # files that one person goes back to


def mandate_of(code: str, role: str, number: int = 0) -> Mandate:
    with superuser() as base:
        found = base.execute(
            "SELECT id, person_id, body_id FROM accounts_mandate WHERE department_id = %s AND role = %s ORDER BY id",
            [code, role],
        ).fetchall()
    key, person, body = found[number % len(found)]
    return Mandate(pk=key, person_id=person, body_id=body, department_id=code, role=role)


def session_of(mandate: Mandate) -> str:
    """The key of a session, as the doors of the site make one after the last factor."""
    store = sessions.SessionStore()
    with transaction.atomic():
        context.enter(person=mandate.person_id, mandate=mandate.pk)
        sessions.fill(store, Person.objects.get(pk=mandate.person_id), how="bench", now=timezone.now())
    store[sessions.MANDATE] = str(mandate.pk)
    store.save()
    return str(store.session_key)


def pages_of(mandate: Mandate, chance: random.Random) -> dict[str, list[str]]:
    """The addresses of each of the ten pages that this role opens."""
    role, code = str(mandate.role), mandate.department_id
    with superuser() as base:
        mine = "AND body_id = %(body)s" if role == "association" else "AND filed_on IS NOT NULL"
        values = {"code": code, "body": mandate.body_id}
        files = base.execute(
            f"SELECT id FROM psp_file WHERE department_id = %(code)s {mine} ORDER BY id LIMIT 400", values
        ).fetchall()
        chosen = [key for (key,) in chance.sample(files, min(SAMPLE, len(files)))]
        requests = base.execute(
            "SELECT id, state FROM psp_request WHERE file_id = ANY(%s) AND filed_on IS NOT NULL", [chosen]
        ).fetchall()
        coming = base.execute(
            "SELECT id FROM commissions_session WHERE department_id = %s AND state = 'convened' LIMIT 1", [code]
        ).fetchall()
    of_files = [reverse("psp:file", args=[key]) for key in chosen]
    of_requests = [reverse("psp:request", args=[key]) for key, _ in requests]
    decided = [reverse("psp:decision", args=[key]) for key, state in requests if state in ("closed", "grant_notified")]
    of_session = [reverse("commissions:session", args=[key]) for (key,) in coming]
    home, silence, sittings = reverse("psp:home"), reverse("psp:silence"), reverse("commissions:home")
    return {
        "association": {"list, association": [home], "one file": of_files, "one request": of_requests},
        "delegate": {
            "list, delegate": [home],
            "silence": [silence],
            "one file": of_files,
            "commission": [sittings],
            "one session": of_session,
        },
        "prefect": {"list, to decide": [f"{home}?etat=opinion_given"], "one file": of_files, "one decision": decided},
        "member": {"commission": [sittings], "one session": of_session},
        "dpo": {"journal": [reverse("access:journal")]},
    }[role]


def users() -> list[dict[str, Any]]:
    """Departments drawn by their size."""
    chance = random.Random(5)
    found = []
    for role, count in USERS.items():
        for number, code in enumerate(chance.choices(CODES, weights(), k=count)):
            mandate = mandate_of(code, role, number)
            pages = {name: found for name, found in pages_of(mandate, chance).items() if found}
            found.append({"cookie": f"{settings.SESSION_COOKIE_NAME}={session_of(mandate)}", "pages": pages})
    return found


def profile() -> None:
    """Each page in the largest department, ten times, in this process: queries, and milliseconds of the last nine."""
    chance, seen = random.Random(7), set()
    for role in USERS:
        mandate = mandate_of(CODES[0], role)
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of(mandate)
        for name, addresses in pages_of(mandate, chance).items():
            if name in seen or not addresses:
                continue
            seen.add(name)
            asked: list[tuple[float, str]] = []
            with connection.execute_wrapper(timed(asked)):
                status = client.get(addresses[0]).status_code
            slowest = max(asked)
            times = []
            for turn in range(9):
                began = time.perf_counter()
                client.get(addresses[turn % len(addresses)])
                times.append((time.perf_counter() - began) * 1e3)
            in_base = sum(one for one, _ in asked)
            print(
                f"{name:>18} | {status} | {len(asked):>3} queries {in_base:>6.1f} ms in the base | "
                f"whole page {sorted(times)[4]:>7.1f} ms | slowest {slowest[0]:.1f} ms: {slowest[1][:90]!r}"
            )
    explain()


def timed(asked: list[tuple[float, str]]) -> Callable[..., Any]:
    """Keeps the milliseconds and the text of each query."""

    def run(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            asked.append(((time.perf_counter() - began) * 1e3, sql))

    return run


def explain() -> None:
    """What the policies cost: the rows of the list page for a delegate, then the same rows asked by a superuser."""
    mandate = mandate_of(CODES[0], "delegate")
    query = with_last_request(CODES[0]).exclude(state="purged").order_by("turn", "pk")[:PER_PAGE]
    with transaction.atomic():
        context.enter(person=mandate.person_id, mandate=mandate.pk)
        print("\nlist page, delegate of the largest department, with the policies:")
        print(query.explain(analyze=True, buffers=True))
        plain = with_last_request(CODES[0]).filter(filed_on__isnull=False).exclude(state="purged")
        sql, values = plain.order_by("turn", "pk")[:PER_PAGE].query.sql_with_params()
    with superuser() as base:
        lines = base.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", values).fetchall()
    print("the same rows without policies (superuser):")
    print("\n".join(one for (one,) in lines))


if __name__ == "__main__":
    if sys.argv[1:] == ["profile"]:
        profile()
    else:
        print(json.dumps(users()))
