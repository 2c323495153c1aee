"""The functions of the database that say who acts and what lies within reach. Owned by the gate, called by all.

A policy may not look into another table that has policies looking back: the definer functions here answer such
questions with identifiers and nothing else.
"""

from egide_registry.security.roles import APP, AUDIT, GATE, STAT

TODAY = "(now() AT TIME ZONE 'Europe/Paris')::date"

# Kept apart from Django: no model names the key of the context.
CONTEXT_KEY = f"""
CREATE TABLE IF NOT EXISTS security.context_key (one boolean PRIMARY KEY DEFAULT true CHECK (one),
    inner_pad bytea NOT NULL, outer_pad bytea NOT NULL);
REVOKE ALL ON security.context_key FROM {APP}, {STAT}, {AUDIT};
"""

# Named last, the temporary schema hides no table; not named, it would be looked at first.
DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

WHO = f"""
CREATE OR REPLACE FUNCTION security.claim(part integer) RETURNS text LANGUAGE plpgsql STABLE {DEFINER} AS $$
DECLARE
    token text := nullif(current_setting('egide.context', true), '');
    claims text;
    inner_pad bytea;
    outer_pad bytea;
BEGIN
    IF token IS NULL THEN RETURN NULL; END IF;
    claims := split_part(token, '.', 1);
    SELECT k.inner_pad, k.outer_pad INTO inner_pad, outer_pad FROM security.context_key k;
    IF inner_pad IS NULL OR split_part(token, '.', 2)
        <> encode(sha256(outer_pad || sha256(inner_pad || convert_to(claims, 'UTF8'))), 'hex') THEN RETURN NULL; END IF;
    IF split_part(claims, '|', 4)::bigint < extract(epoch FROM clock_timestamp()) THEN RETURN NULL; END IF;
    -- A token made for one connection opens nothing in another.
    IF split_part(claims, '|', 6) NOT IN ('', pg_backend_pid()::text) THEN RETURN NULL; END IF;
    RETURN nullif(split_part(claims, '|', part), '');
END $$;

CREATE OR REPLACE FUNCTION security.person() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT security.claim(1)::uuid $$;

CREATE OR REPLACE FUNCTION security.login() RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT security.claim(3) $$;

CREATE OR REPLACE FUNCTION security.acting() RETURNS TABLE (mandate uuid, body uuid, department text, role text)
    LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT m.id, m.body_id, m.department_id::text, m.role::text
    FROM public.accounts_mandate m JOIN public.accounts_person p ON p.id = m.person_id
    WHERE m.id = security.claim(2)::uuid AND m.person_id = security.claim(1)::uuid AND p.is_active
      AND m.starts_on <= {TODAY} AND (m.ends_on IS NULL OR m.ends_on >= {TODAY}) $$;

CREATE OR REPLACE FUNCTION security.mandate() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT mandate FROM security.acting() $$;
CREATE OR REPLACE FUNCTION security.body() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT body FROM security.acting() $$;
CREATE OR REPLACE FUNCTION security.department() RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT department FROM security.acting() $$;
CREATE OR REPLACE FUNCTION security.role() RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT role FROM security.acting() $$;
"""

WITHIN_REACH = f"""
CREATE OR REPLACE FUNCTION security.colleagues() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT m.person_id FROM public.accounts_mandate m WHERE m.department_id = (SELECT security.department()) $$;

CREATE OR REPLACE FUNCTION security.only_here() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT m.person_id FROM public.accounts_mandate m WHERE m.department_id = (SELECT security.department())
      AND NOT EXISTS (SELECT 1 FROM public.accounts_mandate o
          WHERE o.person_id = m.person_id AND o.department_id <> m.department_id
            AND (o.ends_on IS NULL OR o.ends_on >= {TODAY})) $$;

CREATE OR REPLACE FUNCTION security.my_sessions() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT c.session_id FROM public.commissions_convocation c WHERE c.mandate_id = (SELECT security.mandate()) $$;

CREATE OR REPLACE FUNCTION security.agenda_files() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT i.file_id FROM public.commissions_item i JOIN public.commissions_session s ON s.id = i.session_id
    WHERE s.formation = 'psp' AND s.state <> 'cancelled' AND s.access_ends_on >= {TODAY}
      AND i.session_id IN (SELECT security.my_sessions())
      AND NOT EXISTS (SELECT 1 FROM public.commissions_recusal x
          WHERE x.item_id = i.id AND (x.mandate_id = (SELECT security.mandate())
                                      OR x.body_id = (SELECT security.body()))) $$;

CREATE OR REPLACE FUNCTION security.glass_files() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT g.file_id FROM public.access_glass g
    WHERE g.mandate_id = (SELECT security.mandate()) AND g.department_id = (SELECT security.department())
      AND g.opened_at <= clock_timestamp() AND g.expires_at > clock_timestamp() $$;

CREATE OR REPLACE FUNCTION security.find_files(exact bytea, born bytea)
    RETURNS TABLE (file uuid, body uuid, reference text) LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT f.id, f.body_id, f.reference::text FROM public.psp_file f
    WHERE exact IS NOT NULL AND born IS NOT NULL AND f.name_index = exact AND f.birth_index = born
      AND f.department_id = (SELECT security.department())
      AND (SELECT security.role()) IN ('association', 'delegate', 'prefect')
    ORDER BY f.opened_on DESC LIMIT 5 $$;
"""

# The nightly work has no session to say who it is: it asks for identifiers, and signs its contexts like any other.
NIGHT = f"""
CREATE OR REPLACE FUNCTION security.keepers() RETURNS TABLE (person uuid, mandate uuid, department text)
    LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT m.person_id, m.id, m.department_id::text FROM public.accounts_mandate m
    WHERE m.role = 'keeper' AND m.starts_on <= {TODAY} AND (m.ends_on IS NULL OR m.ends_on >= {TODAY}) $$;
"""

CALLED_BY_APP = (
    "claim(integer)",
    "person()",
    "login()",
    "acting()",
    "mandate()",
    "body()",
    "department()",
    "role()",
    "colleagues()",
    "only_here()",
    "my_sessions()",
    "agenda_files()",
    "glass_files()",
    "find_files(bytea, bytea)",
    "keepers()",
)


def functions_sql() -> str:
    """All of it, to be run as the gate."""
    grants = "\n".join(
        f"REVOKE ALL ON FUNCTION security.{name} FROM PUBLIC; GRANT EXECUTE ON FUNCTION security.{name} TO {APP};"
        for name in CALLED_BY_APP
    )
    return f"SET ROLE {GATE};\n{CONTEXT_KEY}{WHO}{WITHIN_REACH}{NIGHT}{grants}\nRESET ROLE;\n"
