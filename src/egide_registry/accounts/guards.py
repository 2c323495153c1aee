"""What the database refuses about accounts, whatever the code says.

An administrator closes an account and does nothing else to it: a password, a second factor, a name change only by the
person they belong to. A mandate is ended, never rewritten. An identity of the State is attached by two persons.
"""

from egide_registry.security.functions import TODAY
from egide_registry.security.roles import APP, GATE
from egide_registry.security.triggers import trigger

# Asked by the trigger below, of mandates that the administrator may not see: yes or no, about a colleague.
WORKS_ELSEWHERE = f"""
SET ROLE {GATE};
CREATE OR REPLACE FUNCTION security.works_elsewhere(person uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT person IN (SELECT security.colleagues()) AND EXISTS (SELECT 1 FROM public.accounts_mandate m
        WHERE m.person_id = person AND m.department_id <> security.department()
          AND m.starts_on <= {TODAY} AND (m.ends_on IS NULL OR m.ends_on >= {TODAY})) $$;
REVOKE ALL ON FUNCTION security.works_elsewhere(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.works_elsewhere(uuid) TO {APP};
RESET ROLE;
"""

PERSON_STAYS = trigger(
    "accounts_person_stays",
    "accounts_person",
    "BEFORE UPDATE",
    """
BEGIN
    IF (NEW.id, NEW.login_index, NEW.created_on) IS DISTINCT FROM (OLD.id, OLD.login_index, OLD.created_on) THEN
        RAISE EXCEPTION 'accounts_person: login and beginning of an account stay' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.is_active AND NOT OLD.is_active THEN
        RAISE EXCEPTION 'accounts_person: a closed account stays closed' USING ERRCODE = 'check_violation';
    END IF;
    IF security.person() IS DISTINCT FROM OLD.id
        AND (NEW.identity, NEW.password, NEW.totp, NEW.totp_confirmed_at, NEW.totp_last_step) IS DISTINCT FROM
            (OLD.identity, OLD.password, OLD.totp, OLD.totp_confirmed_at, OLD.totp_last_step) THEN
        RAISE EXCEPTION 'accounts_person: only its person changes a secret' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.is_active AND NOT NEW.is_active AND security.person() IS DISTINCT FROM OLD.id
        AND security.works_elsewhere(OLD.id) THEN
        RAISE EXCEPTION 'accounts_person: a mandate elsewhere keeps this account open'
            USING ERRCODE = 'check_violation';
    END IF;
    -- The address becomes free: the same person may be invited anew, as after the loss of a telephone.
    IF OLD.is_active AND NOT NEW.is_active THEN NEW.login_index := 'closed/' || OLD.id::text; END IF;
    RETURN NEW;
END
""",
)

MANDATE_STAYS = trigger(
    "accounts_mandate_stays",
    "accounts_mandate",
    "BEFORE UPDATE",
    """
BEGIN
    IF (NEW.id, NEW.person_id, NEW.body_id, NEW.department_id, NEW.role, NEW.starts_on, NEW.granted_by) IS DISTINCT FROM
       (OLD.id, OLD.person_id, OLD.body_id, OLD.department_id, OLD.role, OLD.starts_on, OLD.granted_by)
       OR NEW.ends_on IS DISTINCT FROM OLD.ends_on AND (NEW.ends_on IS NULL OR NEW.ends_on > OLD.ends_on) THEN
        RAISE EXCEPTION 'accounts_mandate: it may only end, or end sooner' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
)

# The question put to the second person names the pair (person, identity): `actions.attachment` in Python.
ATTACHED_BY_TWO = trigger(
    "accounts_identity_by_two",
    "accounts_stateidentity",
    "BEFORE INSERT OR UPDATE",
    """
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.access_foureyes f WHERE f.id = NEW.attached_by AND f.kind = 'attach'
        AND f.confirmed AND f.department_id = security.department()
        AND f.target = encode(substring(sha256(convert_to(NEW.person_id::text || '|' || NEW.subject_index, 'UTF8'))
                                        FROM 1 FOR 16), 'hex')::uuid) THEN
        RAISE EXCEPTION 'accounts_stateidentity: a second person confirms the attachment'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
)


def sql() -> str:
    """All of it."""
    return "\n".join((WORKS_ELSEWHERE, PERSON_STAYS, MANDATE_STAYS, ATTACHED_BY_TWO))
