"""[I/O] What the site looks at before it opens: a hole in the database stops the start.

Each function gives sentences, one a hole; none is good news. Run by `manage.py check --database default`, by the
site at its start, and by a test.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import connections

from egide_registry.security.policies import TABLES, Exempt, Personal
from egide_registry.security.roles import APP, LOGINS

PERSONAL = tuple(table for table in TABLES if isinstance(table, Personal))
EXEMPT = tuple(table for table in TABLES if isinstance(table, Exempt))


def rows(using: str, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connections[using].cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def undeclared_tables(using: str) -> list[str]:
    """Tables that are neither personal nor exempt."""
    known = [table.name for table in TABLES]
    found = rows(
        using,
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'm', 'f') AND c.relname <> ALL(%s) ORDER BY 1",
        [known],
    )
    return [f"Table {name}: neither personal nor exempt. Declare it in security/policies.py." for (name,) in found]


def unforced_tables(using: str) -> list[str]:
    """Personal tables whose security is off or spares their owner, or that have no policy."""
    found = rows(
        using,
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, "
        "(SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relname = ANY(%s) ORDER BY 1",
        [[table.name for table in PERSONAL]],
    )
    holes = [
        f"Table {name}: row-level security is not on, not forced, or has no policy. Run migrate as the owner."
        for name, on, forced, policies in found
        if not (on and forced and policies)
    ]
    missing = {table.name for table in PERSONAL} - {name for name, *_ in found}
    return holes + [f"Table {name}: declared and absent. Run migrate as the owner." for name in sorted(missing)]


def strange_policies(using: str) -> list[str]:
    """Policies that are there and not declared, or declared and not there."""
    declared = {
        f"{table.name}_{number:02}_{rule.action}" for table in PERSONAL for number, rule in enumerate(table.rules)
    }
    there = {name for (name,) in rows(using, "SELECT policyname FROM pg_policies WHERE schemaname = 'public'")}
    return [f"Policy {name}: not declared." for name in sorted(there - declared)] + [
        f"Policy {name}: declared and absent. Run migrate as the owner." for name in sorted(declared - there)
    ]


def seeing_views(using: str) -> list[str]:
    """Views that would read with their owner's eyes."""
    found = rows(
        using,
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind = 'v' AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
        "AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false) ORDER BY 1",
    )
    return [f"View {name}: without security_invoker it shows what its owner sees." for (name,) in found]


def bypassing_roles(using: str) -> list[str]:
    """Roles of ours that policies do not bind, and a site that owns a table."""
    found = rows(
        using,
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'egide%%' AND (rolsuper OR rolbypassrls OR rolcreaterole) "
        "ORDER BY 1",
    )
    owned = rows(using, "SELECT tablename FROM pg_tables WHERE tableowner = %s ORDER BY 1", [APP])
    given = rows(
        using,
        "SELECT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.roleid "
        "JOIN pg_roles r ON r.oid = a.member WHERE r.rolname = %s",
        [APP],
    )
    return (
        [f"Role {name}: may step over row-level security." for (name,) in found]
        + [f"Table {name}: owned by {APP}." for (name,) in owned]
        + [f"Role {APP} is a member of {name}." for (name,) in given]
    )


def connected_as(using: str) -> list[str]:
    """The site must be its plain role."""
    ((name, superuser),) = rows(
        using, "SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
    )
    wrong = superuser or (using == "default" and name != APP) or name not in LOGINS
    return [f"Connected as {name}: the site works as {APP} and nothing else."] if wrong else []


def holes(using: str = "default") -> list[str]:
    """Everything that is wrong, all at once."""
    looks = (undeclared_tables, unforced_tables, strange_policies, seeing_views, bypassing_roles, connected_as)
    return [sentence for look in looks for sentence in look(using)]


def check_database(
    app_configs: Iterable[AppConfig] | None = None, databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """The same, as a check of Django."""
    if not databases or "default" not in databases:
        return []
    return [checks.Error(sentence, id="egide.E001") for sentence in holes()]


def register() -> None:
    """Called once, when Django is ready."""
    checks.register(check_database, checks.Tags.database)
