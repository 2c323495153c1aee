"""Sixteen writers of the journal, each a process with a connection of its own, as the site writes: one entry, commit.

python -m support.registry_journal 10 1      seconds, chains (1 or 101)
python -m support.registry_journal floors    nanoseconds of the primitives that nothing can avoid
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sys
import time
from multiprocessing import get_context
from typing import Any

WRITERS = 16


def write(seconds: float, tokens: list[str], socket: str) -> int:
    """Entries committed in so many seconds, one chain after the other."""
    import psycopg

    done = 0
    with psycopg.connect(host=socket, user="egide_app", dbname="egide", autocommit=True) as base:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            with base.transaction():
                base.execute("SELECT set_config('egide.context', %s, true)", [tokens[done % len(tokens)]])
                base.execute("SELECT security.record('file_read', NULL, NULL, '{\"page\":\"file\"}')")
            done += 1
    return done


def writers(seconds: float, chains: int) -> dict[str, Any]:
    import django

    django.setup()
    from egide_registry.security import context
    from support.registry_rows import CODES, superuser

    with superuser() as base:
        rows = base.execute(
            "SELECT DISTINCT ON (department_id) department_id, person_id, id FROM accounts_mandate "
            "WHERE role = 'delegate' ORDER BY department_id"
        ).fetchall()
    expires = int(time.time()) + 3600
    tokens = {
        code: context.token(person=person, mandate=mandate, login=None, expires=expires)
        for code, person, mandate in rows
    }
    chosen = [tokens[code] for code in CODES[:chains]]
    # Each writer begins elsewhere in the list: otherwise all would follow each other from chain to chain.
    turned = [chosen[n * 6 % len(chosen) :] + chosen[: n * 6 % len(chosen)] for n in range(WRITERS)]
    with get_context("spawn").Pool(WRITERS) as pool:
        jobs = [(seconds, mine, os.environ["EGIDE_BENCH_SOCKET"]) for mine in turned]
        done = pool.starmap(write, jobs)
    return {"per_second": sum(done) / seconds}


def floors() -> dict[str, float]:
    """What one operation costs here, alone: the registry pays at least that for each."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from egide_registry.audit.chain import START, Entry, canonical
    from egide_registry.security import sealing

    key, place = sealing.new_data_key(), sealing.Place("psp_request", "form", "0" * 36)
    form = b"x" * 1900
    sealed = sealing.seal(key, place, form)
    nonce = os.urandom(12)
    entry = Entry("01", 1, "2026-01-01T00:00:00.000001Z", "file_read", *["0" * 36] * 3, '{"page":"file"}', START, START)
    row = START + canonical(entry)
    return {
        "AES-256-GCM of 2 KiB": each(lambda: AESGCM(key).encrypt(nonce, form, b"place")),
        "sealed value opened, 2 KiB": each(lambda: sealing.unseal(key, place, sealed)),
        "HMAC-SHA-256 of a name": each(lambda: hmac.digest(key, b"exemple personne", "sha256")),
        "SHA-256 of an entry": each(lambda: hashlib.sha256(row).digest()),
        "canonical bytes of an entry": each(lambda: canonical(entry)),
    }


def each(work: Any, *, times: int = 20_000) -> float:
    began = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began) / times * 1e9


if __name__ == "__main__":
    if sys.argv[1] == "floors":
        print(json.dumps(floors()))
    else:
        print(json.dumps(writers(float(sys.argv[1]), int(sys.argv[2]))))
