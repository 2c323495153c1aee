"""[I/O] What the database itself refuses: policies, rights, triggers. Written whole after each migration.

One declaration, applied in one transaction, always from nothing: what is not declared is not allowed, and no change
of a policy waits in a migration that somebody forgot. Each app may add a module `guards` with a function `sql()`.
Source: docs/decisions/gardes-appliquees-entieres.md.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import connections, transaction

from egide_registry.security import context, vault
from egide_registry.security.functions import functions_sql
from egide_registry.security.policies import TABLES, Exempt, Personal
from egide_registry.security.roles import APP, GATE, OWNER, STAT
from egide_registry.security.triggers import trigger

# What the gate may read and change: identifiers, places and days, never a sealed column.
GATE_RIGHTS = f"""
GRANT SELECT (id, person_id, body_id, department_id, role, starts_on, ends_on) ON accounts_mandate TO {GATE};
GRANT SELECT (id, is_active) ON accounts_person TO {GATE};
GRANT SELECT (mandate_id, department_id, file_id, opened_at, expires_at) ON access_glass TO {GATE};
GRANT SELECT (id, department_id, body_id, reference, state, name_index, birth_index, sound_index, opened_on, filed_on,
    closed_on, purged_on) ON psp_file TO {GATE};
GRANT UPDATE (department_id, body_id, name_index, birth_index, sound_index) ON psp_file TO {GATE};
GRANT SELECT (subject, wrapped, department_id, owner), UPDATE (wrapped, department_id, owner)
    ON security_datakey TO {GATE};
GRANT SELECT (id, file_id, kind, state, filed_on, complete_on, moved_on) ON psp_request TO {GATE};
GRANT SELECT, UPDATE (state, done_on) ON psp_transfer TO {GATE};
GRANT SELECT (id, department_id, formation, state, held_on, access_ends_on) ON commissions_session TO {GATE};
GRANT SELECT (session_id, mandate_id, presence) ON commissions_convocation TO {GATE};
GRANT SELECT (id, session_id, request_id, file_id, opinion, given_on) ON commissions_item TO {GATE};
GRANT SELECT (item_id, mandate_id, body_id) ON commissions_recusal TO {GATE};
GRANT SELECT (request_id, outcome, decided_on, confirmed_on) ON psp_decision TO {GATE};
GRANT SELECT (file_id, kind, state, filed_on) ON psp_appeal TO {GATE};
GRANT SELECT (file_id, starts_on, ends_on, ended_early) ON psp_period TO {GATE};
GRANT SELECT (file_id, kind, asked_on, granted_on, effective_on) ON psp_right TO {GATE};
GRANT SELECT (file_id, moment, work, housing, residence, recorded_on) ON psp_outcome TO {GATE};
"""

# Settings name no person and every mandate reads them; each department writes its own, by those who keep them.
SETTINGS = {"psp_choices": ("delegate", "prefect"), "commissions_commission": ("delegate",)}


def settings_sql() -> str:
    """What holds a table of settings, for the site: the owner of the base founds departments without a mandate."""
    return "\n".join(
        trigger(
            f"{table}_of_here",
            table,
            "BEFORE INSERT OR UPDATE",
            f"""
BEGIN
    IF current_user = '{APP}' AND (security.department() IS DISTINCT FROM NEW.department_id::text
        OR (TG_OP = 'UPDATE' AND OLD.department_id <> NEW.department_id)
        OR coalesce(security.role(), '') NOT IN ({", ".join(f"'{role}'" for role in roles)})) THEN
        RAISE EXCEPTION '{table}: settings of another department, or another''s work'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
""",
        )
        for table, roles in SETTINGS.items()
    )


def policy_name(table: Personal, number: int) -> str:
    """A name that says the table, the action and the place in the declaration."""
    return f"{table.name}_{number:02}_{table.rules[number].action}"


def policy_sql(table: Personal, number: int) -> str:
    """One rule as a policy. An update must be allowed for the row as it was and as it becomes."""
    rule = table.rules[number]
    using = f"USING ({rule.condition()})" if rule.action != "insert" else ""
    check = f"WITH CHECK ({rule.condition()})" if rule.action in ("insert", "update") else ""
    name = policy_name(table, number)
    return f"CREATE POLICY {name} ON {table.name} FOR {rule.action.upper()} TO {rule.to} {using} {check};"


def table_sql(table: Personal | Exempt) -> str:
    """Rights of the site on one table, and its policies."""
    lines = [f"REVOKE ALL ON {table.name} FROM PUBLIC, {APP}, {STAT}, {GATE};"]
    if isinstance(table, Exempt):
        if table.actions:
            lines.append(f"GRANT {', '.join(table.actions)} ON {table.name} TO {APP};")
        return "\n".join(lines)
    lines += [
        f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY;",
        f"ALTER TABLE {table.name} FORCE ROW LEVEL SECURITY;",
        f"DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' "
        f"AND tablename = '{table.name}' LOOP EXECUTE format('DROP POLICY %I ON {table.name}', p.policyname); "
        "END LOOP; END $$;",
    ]
    lines += [policy_sql(table, number) for number in range(len(table.rules))]
    actions = sorted({rule.action for rule in table.rules if rule.to == APP})
    if actions:
        lines.append(f"GRANT {', '.join(actions)} ON {table.name} TO {APP};")
    return "\n".join(lines)


def owned_sql(table: Personal | Exempt) -> str:
    """The same, said by the owner of the table: one that is not the migrating role takes it over first, once."""
    if table.owner == OWNER:
        return table_sql(table)
    return (
        f"DO $$ BEGIN IF (SELECT tableowner = '{OWNER}' FROM pg_tables WHERE schemaname = 'public' "
        f"AND tablename = '{table.name}') THEN ALTER TABLE {table.name} OWNER TO {table.owner}; END IF; END $$;\n"
        f"SET ROLE {table.owner};\n{table_sql(table)}\nRESET ROLE;"
    )


def of_apps() -> str:
    """What each app adds: triggers, functions of its own."""
    parts = []
    for app in apps.get_app_configs():
        if app.name.startswith("egide_registry.") and find_spec(f"{app.name}.guards") and app.label != "security":
            parts.append(import_module(f"{app.name}.guards").sql())
    return "\n".join(parts)


def sql() -> str:
    """All the guards of the database, to be run by its owner."""
    return "\n".join(
        (
            functions_sql(),
            *(owned_sql(table) for table in TABLES),
            GATE_RIGHTS,
            settings_sql(),
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP};",
            of_apps(),
        )
    )


def apply(using: str) -> None:
    """Write all the guards and the verifying half of the key of the context, in one transaction."""
    vault.service().create(vault.ACCOUNTS)
    inner, outer = context.pads(vault.context_key())
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(sql())
        cursor.execute(f"SET LOCAL ROLE {GATE}")
        cursor.execute("DELETE FROM security.context_key")
        cursor.execute("INSERT INTO security.context_key (inner_pad, outer_pad) VALUES (%s, %s)", [inner, outer])
        cursor.execute("RESET ROLE")


def after_migrate(*, using: str, plan: Any = None, **_: Any) -> None:
    """Called by Django once the tables are there; the owner's connection only."""
    if using == "owner":
        apply(using)
