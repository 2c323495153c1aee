"""The roles of the database, and the statement that makes them once, as a superuser.

Nobody works as a superuser afterwards: the site cannot change a table, the owner of the tables is subject to the
same policies as everyone (row-level security is forced), and no role may bypass them.
Source: docs/security.md, « The roles of the database ».
"""

from typing import Final

OWNER: Final = "egide_owner"  # migrations, and nothing else
APP: Final = "egide_app"  # the site
STAT: Final = "egide_stat"  # counts, through functions that only count
AUDIT: Final = "egide_audit"  # owns the journal
GATE: Final = "egide_gate"  # nobody: owns the few functions that look further than the caller may

LOGINS: Final = (OWNER, APP, STAT, AUDIT)


def roles_sql() -> str:
    """Statements for the whole server. Harmless when run again."""
    create = "\n".join(
        f"DO $$ BEGIN CREATE ROLE {role} {'NOLOGIN' if role == GATE else 'LOGIN'} "
        "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;"
        for role in (GATE, *LOGINS)
    )
    # Without INHERIT, a policy granted to the gate is not one for the owner: it must say SET ROLE.
    given = f"GRANT {GATE}, {AUDIT} TO {OWNER} WITH INHERIT FALSE, SET TRUE;"
    # The text of a query holds the signed token of who acts: no connection of the site may read another's. Only a
    # superuser puts this back.
    silent = f"ALTER ROLE {APP} SET track_activities = off;"
    return f"{create}\n{given}\n{silent}\n"


def database_sql(database: str) -> str:
    """Statements inside the database `database`, which `OWNER` owns."""
    return f"""
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT ON DATABASE {database} TO {", ".join(LOGINS)};
GRANT CREATE, CONNECT, TEMPORARY ON DATABASE {database} TO {OWNER};
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO {OWNER};
GRANT USAGE ON SCHEMA public TO {APP}, {AUDIT}, {GATE};
GRANT CREATE ON SCHEMA public TO {AUDIT};
CREATE SCHEMA IF NOT EXISTS security AUTHORIZATION {OWNER};
GRANT USAGE ON SCHEMA security TO {APP}, {STAT}, {AUDIT};
GRANT USAGE, CREATE ON SCHEMA security TO {GATE}, {AUDIT};
CREATE EXTENSION IF NOT EXISTS btree_gist;
{_unused_sql()}
"""


def _unused_sql() -> str:
    """Doors of the server itself that nobody here uses: what the others run, and files inside the base."""
    names = (
        *("pg_stat_get_activity(integer)", "pg_stat_get_backend_activity(integer)"),
        *("lo_create(oid)", "lo_creat(integer)", "lo_from_bytea(oid, bytea)"),
    )
    return "\n".join(f"REVOKE ALL ON FUNCTION pg_catalog.{name} FROM PUBLIC;" for name in names)
