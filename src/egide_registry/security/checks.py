"""[I/O] What the site looks at before it opens: a hole in the database stops the start.

Each function gives sentences, one a hole; none is good news. Run by `manage.py check --database default`, by the
site at its start, and by a test.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import connections

from egide_registry.security.policies import TABLES, Exempt, Personal
from egide_registry.security.roles import APP

PERSONAL = tuple(table for table in TABLES if isinstance(table, Personal))
EXEMPT = tuple(table for table in TABLES if isinstance(table, Exempt))


Ask = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]  # a query and its values, to rows


def asking(using: str) -> Ask:
    """Questions to one of the databases of the settings."""

    def ask(query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with connections[using].cursor() as cursor:
            cursor.execute(query, values)
            return list(cursor.fetchall())

    return ask


def undeclared_tables(ask: Ask) -> list[str]:
    """Tables that are neither personal nor exempt."""
    known = [table.name for table in TABLES]
    found = ask(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'm', 'f') AND c.relname <> ALL(%s) ORDER BY 1",
        [known],
    )
    return [f"Table {name}: neither personal nor exempt. Declare it in security/policies.py." for (name,) in found]


def unforced_tables(ask: Ask) -> list[str]:
    """Personal tables whose security is off or spares their owner, or that have no policy."""
    found = ask(
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


def strange_policies(ask: Ask) -> list[str]:
    """Policies that are there and not declared, or declared and not there."""
    declared = {
        f"{table.name}_{number:02}_{rule.action}" for table in PERSONAL for number, rule in enumerate(table.rules)
    }
    there = {name for (name,) in ask("SELECT policyname FROM pg_policies WHERE schemaname = 'public'", [])}
    return [f"Policy {name}: not declared." for name in sorted(there - declared)] + [
        f"Policy {name}: declared and absent. Run migrate as the owner." for name in sorted(declared - there)
    ]


def seeing_views(ask: Ask) -> list[str]:
    """Views that would read with their owner's eyes."""
    found = ask(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind = 'v' AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
        "AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false) ORDER BY 1",
        [],
    )
    return [f"View {name}: without security_invoker it shows what its owner sees." for (name,) in found]


def bypassing_roles(ask: Ask) -> list[str]:
    """Roles of ours that policies do not bind, and a site that owns a table."""
    found = ask(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE %s AND (rolsuper OR rolbypassrls OR rolcreaterole) ORDER BY 1",
        ["egide%"],
    )
    owned = ask("SELECT tablename FROM pg_tables WHERE tableowner = %s ORDER BY 1", [APP])
    given = ask(
        "SELECT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.roleid "
        "JOIN pg_roles r ON r.oid = a.member WHERE r.rolname = %s",
        [APP],
    )
    return (
        [f"Role {name}: may step over row-level security." for (name,) in found]
        + [f"Table {name}: owned by {APP}." for (name,) in owned]
        + [f"Role {APP} is a member of {name}." for (name,) in given]
    )


def connected_as(ask: Ask) -> list[str]:
    """The site must be its plain role."""
    ((name, superuser),) = ask(
        "SELECT current_user::text, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)", []
    )
    return [f"Connected as {name}: the site works as {APP} and nothing else."] if superuser or name != APP else []


LOOKS = (undeclared_tables, unforced_tables, strange_policies, seeing_views, bypassing_roles, connected_as)


def holes(using: str = "default") -> list[str]:
    """Everything that is wrong, all at once."""
    return holes_of(asking(using))


def holes_of(ask: Ask) -> list[str]:
    """The same, for whoever can ask a question to the database."""
    return [sentence for look in LOOKS for sentence in look(ask)]


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
