"""What the database refuses when somebody looks further than usual, whatever the code says.

A broken glass lasts the hour that the database writes, and is in the journal before it opens anything. A second person
answers once. An export beyond the cap and a longer conservation need that answer.
"""

from egide_registry.access.rules import EXPORT_CAP
from egide_registry.security.roles import APP, AUDIT, GATE
from egide_registry.security.triggers import trigger

# In the name of the gate: about rows that the caller may not see. Answers with identifiers, references and counts.
WITHIN_REACH = f"""
SET ROLE {GATE};
CREATE OR REPLACE FUNCTION security.may_break(file uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT 1 FROM security.acting() a JOIN public.psp_file f ON f.department_id = a.department
        WHERE f.id = file AND f.filed_on IS NOT NULL AND f.purged_on IS NULL
          AND (a.role = 'association' AND f.body_id <> a.body OR a.role IN ('delegate', 'prefect'))) $$;
CREATE OR REPLACE FUNCTION security.similar_files(sound bytea, exact bytea, born bytea) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT count(*) FROM security.acting() a JOIN public.psp_file f ON f.department_id = a.department
    WHERE sound IS NOT NULL AND f.sound_index = sound AND a.role IN ('association', 'delegate', 'prefect')
      AND NOT (f.name_index = exact AND f.birth_index = born) $$;
CREATE OR REPLACE FUNCTION security.file_named(said text) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT f.id FROM security.acting() a JOIN public.psp_file f ON f.department_id = a.department
    WHERE a.role = 'dpo' AND f.reference = said $$;
CREATE OR REPLACE FUNCTION security.references_of(files uuid[]) RETURNS TABLE (file uuid, reference text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT f.id, f.reference::text FROM security.acting() a JOIN public.psp_file f ON f.department_id = a.department
    WHERE a.role IN ('delegate', 'prefect', 'dpo') AND f.id = ANY(files) $$;
REVOKE ALL ON FUNCTION security.may_break(uuid), security.similar_files(bytea, bytea, bytea),
    security.file_named(text), security.references_of(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.may_break(uuid), security.similar_files(bytea, bytea, bytea),
    security.file_named(text), security.references_of(uuid[]) TO {APP};
RESET ROLE;
"""

# In the name of the journal: how often this mandate searched, by the clock of the database.
SEARCHES = f"""
SET ROLE {AUDIT};
CREATE OR REPLACE FUNCTION security.my_searches() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT count(*) FROM security.acting() a JOIN public.audit_entry e ON e.mandate = a.mandate
    WHERE e.person = security.person() AND e.event = 'file_searched'
      AND e.at > clock_timestamp() - interval '1 hour' $$;
REVOKE ALL ON FUNCTION security.my_searches() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.my_searches() TO {APP};
RESET ROLE;
"""

GLASS = trigger(
    "access_glass_rules",
    "access_glass",
    "BEFORE INSERT OR UPDATE",
    """
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT security.may_break(NEW.file_id) OR NEW.reviewed_at IS NOT NULL THEN
            RAISE EXCEPTION 'access_glass: no such file within reach' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.opened_at := clock_timestamp();
        NEW.expires_at := NEW.opened_at + interval '1 hour';
        PERFORM security.record('glass_broken', NEW.mandate_id, NEW.file_id,
            '{"glass":"' || NEW.id || '","reason":"' || NEW.reason || '"}');
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.mandate_id, NEW.person, NEW.department_id, NEW.file_id, NEW.reason, NEW.words, NEW.opened_at,
        NEW.expires_at) IS DISTINCT FROM (OLD.id, OLD.mandate_id, OLD.person, OLD.department_id, OLD.file_id,
        OLD.reason, OLD.words, OLD.opened_at, OLD.expires_at)
       OR OLD.reviewed_at IS NOT NULL OR NEW.reviewed_by IS DISTINCT FROM security.mandate() THEN
        RAISE EXCEPTION 'access_glass: it is reviewed once, and nothing else of it changes'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
)

SECOND = trigger(
    "access_second_once",
    "access_foureyes",
    "BEFORE UPDATE",
    """
BEGIN
    IF (NEW.id, NEW.kind, NEW.department_id, NEW.target, NEW.files, NEW.purpose, NEW.legal_basis, NEW.until,
        NEW.account, NEW.identity_index, NEW.asked_by_id, NEW.asked_person, NEW.asked_at) IS DISTINCT FROM
       (OLD.id, OLD.kind, OLD.department_id, OLD.target, OLD.files, OLD.purpose, OLD.legal_basis, OLD.until,
        OLD.account, OLD.identity_index, OLD.asked_by_id, OLD.asked_person, OLD.asked_at)
       OR OLD.decided_at IS NOT NULL OR NEW.decided_by_id IS DISTINCT FROM security.mandate()
       OR NEW.decided_person IS DISTINCT FROM security.person() THEN
        RAISE EXCEPTION 'access_foureyes: it is answered once, and nothing else of it changes'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
)

EXPORT = trigger(
    "access_export_cap",
    "access_export",
    "BEFORE INSERT",
    f"""
BEGIN
    IF (NEW.files > {EXPORT_CAP} OR NEW.four_eyes_id IS NOT NULL) AND NOT EXISTS (
        SELECT 1 FROM public.access_foureyes f WHERE f.id = NEW.four_eyes_id AND f.kind = 'export' AND f.confirmed
          AND f.asked_by_id = NEW.mandate_id AND cardinality(f.files) = NEW.files
          AND f.purpose = NEW.purpose AND f.legal_basis = NEW.legal_basis) THEN
        RAISE EXCEPTION 'access_export: more than {EXPORT_CAP} files need a second person'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
)

HOLD = trigger(
    "access_hold_by_two",
    "psp_file",
    "BEFORE UPDATE OF held_until",
    """
BEGIN
    IF NEW.held_until IS DISTINCT FROM OLD.held_until AND NOT EXISTS (
        SELECT 1 FROM public.access_foureyes f WHERE f.kind = 'purge_hold' AND f.confirmed AND f.target = NEW.id
          AND f.until = NEW.held_until) THEN
        RAISE EXCEPTION 'psp_file: a longer conservation is confirmed by a second person'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
)


def sql() -> str:
    """All of it."""
    return "\n".join((WITHIN_REACH, SEARCHES, GLASS, SECOND, EXPORT, HOLD))
