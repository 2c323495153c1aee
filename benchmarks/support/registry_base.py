"""A national base, written by COPY: 101 departments, their people, files really sealed, a journal really chained.

Departments differ in size as 1/√rank: of 50,000 files the first has 2,675, the last 266. Rows follow the same rules as
those the site writes (states, periods, notifications); triggers and policies are set aside for the copy alone.

    python -m support.registry_base places                     departments, bodies, persons, mandates, by the actions
    python -m support.registry_base files 0 50000 2000000      one layer: files from 0, how many, entries of the journal
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing import get_context

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "support.registry_settings")
django.setup()

from django.db import transaction  # noqa: E402

from egide_registry.accounts import actions  # noqa: E402
from egide_registry.accounts.models import Approval, Body, Department  # noqa: E402
from egide_registry.accounts.rules import Role  # noqa: E402
from egide_registry.security import context  # noqa: E402
from support.registry_rows import BEGINNING, CODES, ROLES, TODAY, files, superuser  # noqa: E402

WORKERS = 2


def weights() -> list[float]:
    """The share of each department."""
    raw = [1 / (rank + 1) ** 0.5 for rank in range(len(CODES))]
    return [one / sum(raw) for one in raw]


def shared(total: int) -> list[int]:
    """So many things over the departments, all of them placed."""
    whole = [int(total * share) for share in weights()]
    whole[0] += total - sum(whole)
    return whole


# ---------------------------------------------------------------- places


def places() -> None:
    """Departments and people, through the actions of the site."""
    for code in CODES:
        actions.add_place(code, f"Département {code}")
        place = Department.objects.get(pk=code)
        prefecture = Body.objects.create(kind=Body.Kind.PREFECTURE, name=f"Préfecture {code}")
        homes = [Body.objects.create(kind=Body.Kind.ASSOCIATION, name=f"Association {n} {code}") for n in (1, 2)]
        for home in homes:
            Approval.objects.create(
                body=home, department=place, starts_on=BEGINNING, ends_on=TODAY + timedelta(days=900)
            )
        first = actions.found_department(
            code,
            name=code,
            body=prefecture,
            administrator="Administration",
            email=f"a@{code}.invalid",
            on=BEGINNING,
        )
        court = Body.objects.create(kind=Body.Kind.JUSTICE, name=f"Tribunal {code}")
        for number, role in enumerate(ROLES):
            body = homes[number] if role == Role.ASSOCIATION else court if role == Role.MEMBER else prefecture
            with transaction.atomic():
                context.enter(person=first.person_id, mandate=first.pk)
                person = actions.invite(name="Personne", email=f"{number}@{code}.invalid", by=first, on=BEGINNING)
                actions.grant(person.pk, body=body, role=role, by=first, starts_on=BEGINNING)


def _one(job: tuple[str, int, int, int, int]) -> tuple[int, int]:
    return files(*job)


def layer(start: int, count: int, entries: int) -> Iterator[tuple[int, int]]:
    """Every department, two at a time."""
    jobs = [
        (code, start, many, lines, 1) for code, many, lines in zip(CODES, shared(count), shared(entries), strict=True)
    ]
    # A forked process would share the connections of this one.
    with get_context("spawn").Pool(WORKERS) as pool:
        yield from pool.imap_unordered(_one, jobs)


def main() -> None:
    parser = argparse.ArgumentParser(description="A national base.")
    parser.add_argument("what", choices=["places", "files"])
    parser.add_argument("numbers", nargs="*", type=int)
    asked = parser.parse_args()
    if asked.what == "places":
        places()
        print(json.dumps({"mandates": len(CODES) * (len(ROLES) + 2)}))
        return
    written = list(layer(*asked.numbers))
    with superuser() as connection:
        connection.execute("VACUUM ANALYZE")
        size = connection.execute("SELECT pg_database_size('egide')").fetchone()
    print(
        json.dumps(
            {
                "rows": sum(one for one, _ in written),
                "entries": sum(one for _, one in written),
                "size": size and size[0],
            }
        )
    )


if __name__ == "__main__":
    main()
