"""What the database refuses about the journal, whoever asks: a change, a removal outside a purge, an entry without its
link. Its tables belong to `egide_audit`; the site can call two functions and nothing else.
"""

from egide_registry.audit.chain import FORMAT
from egide_registry.audit.events import Event
from egide_registry.security.roles import APP, AUDIT, GATE, OWNER

LEAST_KEPT = 180  # days; CNIL, délibération 2021-122: six months to a year, three years for internal control at most
BEFORE_A_MANDATE = "compte"  # the chain of sign-ins

# What the owner of the journal asks: who acts. Answered by functions of the gate.
WHO_ACTS = f"""
SET ROLE {GATE};
GRANT EXECUTE ON FUNCTION security.claim(integer), security.person(), security.acting() TO {AUDIT};
RESET ROLE;
"""

# `chain.canonical`, in SQL. A part has its length in bytes before it, an absent one is a dash.
BYTES = f"""
CREATE OR REPLACE FUNCTION security.journal_part(part text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(octet_length(convert_to(part, 'UTF8')) || ':' || part || ',', '-,') $$;
CREATE OR REPLACE FUNCTION security.journal_bytes(chain text, seq bigint, at timestamptz, event text, mandate uuid,
    person uuid, subject uuid, detail text) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT convert_to('{FORMAT.decode()}' || security.journal_part(chain) || security.journal_part(seq::text)
        || security.journal_part(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
        || security.journal_part(event) || security.journal_part(mandate::text) || security.journal_part(person::text)
        || security.journal_part(subject::text) || security.journal_part(detail), 'UTF8') $$;
"""

# The lock on the head is held until the transaction ends: that is what keeps the chain without a gap.
APPEND = """
CREATE OR REPLACE FUNCTION security.append(to_chain text, event text, mandate uuid, person uuid, subject uuid,
    detail text) RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    head record;
    moment timestamptz;
    link bytea;
BEGIN
    SELECT h.seq, h.hash INTO head FROM public.audit_head h WHERE h.chain = to_chain FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO public.audit_head VALUES (to_chain, 0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
        SELECT h.seq, h.hash INTO head FROM public.audit_head h WHERE h.chain = to_chain FOR UPDATE;
    END IF;
    moment := date_trunc('microseconds', clock_timestamp());
    link := sha256(head.hash || security.journal_bytes(
        to_chain, head.seq + 1, moment, event, mandate, person, subject, detail));
    INSERT INTO public.audit_entry (chain, seq, at, event, mandate, person, subject, detail, previous, hash)
        VALUES (to_chain, head.seq + 1, moment, event, mandate, person, subject, detail, head.hash, link);
    UPDATE public.audit_head h SET seq = head.seq + 1, hash = link WHERE h.chain = to_chain;
    RETURN head.seq + 1;
END $$;
"""

# Who acts and in which chain is read from the signed context. `believed` is what the code thinks: it may only agree.
RECORD = f"""
CREATE OR REPLACE FUNCTION security.record(event text, believed uuid, subject uuid, detail text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    acting record;
BEGIN
    SELECT a.mandate, a.department INTO acting FROM (SELECT 1) one LEFT JOIN security.acting() a ON true;
    IF believed IS NOT NULL AND believed IS DISTINCT FROM acting.mandate THEN
        RAISE EXCEPTION 'journal: this is not the mandate that acts' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF event NOT IN ({", ".join(f"'{event.value}'" for event in Event)}) THEN
        RAISE EXCEPTION 'journal: no such event' USING ERRCODE = 'check_violation';
    END IF;
    IF length(detail) > 2000 OR detail ~ '\\s' THEN
        RAISE EXCEPTION 'journal: codes and identifiers only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN security.append(coalesce(acting.department, '{BEFORE_A_MANDATE}'), event, acting.mandate,
        security.person(), subject, detail);
END $$;
"""

STAYS = """
CREATE OR REPLACE FUNCTION security.journal_stays() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_entry' THEN
        IF EXISTS (SELECT 1 FROM public.audit_seal s
                   WHERE s.chain = OLD.chain AND s.seq >= OLD.seq AND s.purged_on IS NOT NULL) THEN
            RETURN OLD;
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit_head' THEN
        IF NEW.chain = OLD.chain AND NEW.seq = OLD.seq + 1 THEN RETURN NEW; END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit_seal' THEN
        IF OLD.purged_on IS NULL AND (NEW.id, NEW.chain, NEW.day, NEW.seq, NEW.hash, NEW.signature)
            = (OLD.id, OLD.chain, OLD.day, OLD.seq, OLD.hash, OLD.signature) THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION '%: % is not done to the journal', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"""
DROP TRIGGER IF EXISTS {table}_stays ON {table};
CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION security.journal_stays();
DROP TRIGGER IF EXISTS {table}_stays_whole ON {table};
CREATE TRIGGER {table}_stays_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION security.journal_stays();
"""
    for table in ("audit_entry", "audit_head", "audit_seal")
)

PURGE = f"""
CREATE OR REPLACE FUNCTION security.purge_journal(of_chain text, up_to bigint, kept_days integer) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Paris')::date;
    gone bigint;
BEGIN
    IF kept_days < {LEAST_KEPT} THEN
        RAISE EXCEPTION 'journal: kept {LEAST_KEPT} days at least, not %', kept_days USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.audit_seal s SET purged_on = today
        WHERE s.chain = of_chain AND s.seq = up_to AND s.purged_on IS NULL AND s.day <= today - kept_days;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'journal: no seal of chain % at % is older than % days', of_chain, up_to, kept_days
            USING ERRCODE = 'check_violation';
    END IF;
    DELETE FROM public.audit_entry e WHERE e.chain = of_chain AND e.seq <= up_to;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
"""

READS_OF = """
CREATE OR REPLACE FUNCTION security.reads_of(file uuid, events text[])
    RETURNS TABLE (day date, mandate uuid, event text, times bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT (e.at AT TIME ZONE 'Europe/Paris')::date, e.mandate, e.event::text, count(*)
    FROM public.audit_entry e WHERE e.subject = file AND e.event = ANY(events) GROUP BY 1, 2, 3 $$;
"""

# In the name of the gate: whether I serve this file, and of which body each mandate is, even of another department.
WHO_READ = f"""
SET ROLE {GATE};
CREATE OR REPLACE FUNCTION security.serves(file uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT 1 FROM security.acting() a JOIN public.psp_file f ON f.department_id = a.department
        WHERE f.id = file AND f.purged_on IS NULL
          AND (a.role = 'association' AND f.body_id = a.body
               OR a.role IN ('delegate', 'prefect') AND f.filed_on IS NOT NULL)) $$;
CREATE OR REPLACE FUNCTION security.who_read(file uuid, events text[])
    RETURNS TABLE (day date, body uuid, event text, times bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT security.serves(file) THEN
        RAISE EXCEPTION 'journal: this mandate does not serve this file' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT r.day, m.body_id, r.event, sum(r.times)::bigint
        FROM security.reads_of(file, events) r LEFT JOIN public.accounts_mandate m ON m.id = r.mandate
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
END $$;
REVOKE ALL ON FUNCTION security.serves(uuid), security.who_read(uuid, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.who_read(uuid, text[]) TO {APP};
RESET ROLE;
"""

RIGHTS = f"""
REVOKE ALL ON FUNCTION security.journal_part(text), security.append(text, text, uuid, uuid, uuid, text),
    security.journal_bytes(text, bigint, timestamptz, text, uuid, uuid, uuid, text),
    security.record(text, uuid, uuid, text), security.purge_journal(text, bigint, integer),
    security.journal_stays(), security.reads_of(uuid, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.record(text, uuid, uuid, text) TO {APP}, {OWNER};
GRANT EXECUTE ON FUNCTION security.reads_of(uuid, text[]) TO {GATE};
"""


def sql() -> str:
    """All of it. The tables are `egide_audit`'s already: their declaration in `security.policies` says so."""
    return (
        f"{WHO_ACTS}SET ROLE {AUDIT};\n{BYTES}{APPEND}{RECORD}{STAYS}{PURGE}{READS_OF}{RIGHTS}RESET ROLE;\n{WHO_READ}"
    )
