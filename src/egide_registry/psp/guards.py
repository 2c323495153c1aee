"""What the database refuses about exit paths, whatever the code says: a change of state that is no act, a decision
rewritten after its notification, more than the months the law allows. Written from the rules, applied by `security`.
"""

from collections.abc import Sequence
from typing import Any

from egide_registry.psp.rules import states
from egide_registry.psp.rules.state_table import StateTable
from egide_registry.security.triggers import trigger

CAP_MONTHS = 24  # casf L.121-9 and its decree; the dated parameter is checked by the rules, this is the last wall


def state_trigger(table: str, rules: StateTable[Any]) -> str:
    """The table of states as a trigger: who may move a row from where to where, and where a row begins."""
    acts = sorted({(t.source.value, t.target.value, str(role)) for t in rules.transitions for role in t.roles})
    values = ",\n        ".join(f"('{old}', '{new}', '{role}')" for old, new, role in acts)
    return trigger(
        f"{table}_state",
        table,
        "BEFORE INSERT OR UPDATE",
        f"""
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> '{rules.initial.value}' THEN
            RAISE EXCEPTION '{table}: a row begins in state {rules.initial.value}, not %', NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM (VALUES
        {values}) AS act (old, new, role)
        WHERE act.old = OLD.state AND act.new = NEW.state AND act.role = security.role()) THEN
        RAISE EXCEPTION '{table}: from % to % is not an act of %', OLD.state, NEW.state, security.role()
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
    )


DECISION_STAYS = trigger(
    "psp_decision_stays",
    "psp_decision",
    "BEFORE UPDATE",
    """
BEGIN
    IF (OLD.confirmed_by IS NOT NULL OR OLD.notified_on IS NOT NULL)
        AND (NEW.outcome, NEW.decided_on, NEW.decided_by, NEW.reasons, NEW.appeal_ways, NEW.request_id, NEW.file_id)
            IS DISTINCT FROM
            (OLD.outcome, OLD.decided_on, OLD.decided_by, OLD.reasons, OLD.appeal_ways, OLD.request_id, OLD.file_id)
    THEN
        RAISE EXCEPTION 'psp_decision: confirmed or notified, it is corrected by a new act only'
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.notified_on IS NOT NULL AND (NEW.notified_on, NEW.notified_by, NEW.proof_id)
        IS DISTINCT FROM (OLD.notified_on, OLD.notified_by, OLD.proof_id) THEN
        RAISE EXCEPTION 'psp_decision: the notification is proved once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
)

# Two persons: each signs in their own name, as the signed context says it. After the policies, which answer first.
TWO_PERSONS = trigger(
    "psp_decision_persons",
    "psp_decision",
    "AFTER INSERT OR UPDATE",
    """
BEGIN
    IF TG_OP = 'INSERT' AND ((NEW.decided_person, NEW.decided_by)
            IS DISTINCT FROM (security.person(), security.mandate())
        OR (NEW.outcome = 'granted' AND security.role() IS DISTINCT FROM 'prefect')) THEN
        RAISE EXCEPTION 'psp_decision: one decides in one''s own name, and only the prefect grants'
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.decided_person IS DISTINCT FROM OLD.decided_person
        OR (OLD.confirmed_person IS NOT NULL AND NEW.confirmed_person IS DISTINCT FROM OLD.confirmed_person)) THEN
        RAISE EXCEPTION 'psp_decision: who decided and who confirmed stay' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.confirmed_person IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.confirmed_person IS NULL)
        AND (NEW.confirmed_person IS DISTINCT FROM security.person()
             OR security.role() IS DISTINCT FROM 'prefect') THEN
        RAISE EXCEPTION 'psp_decision: the prefect confirms, in one''s own name' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
""",
) + trigger(
    "psp_period_persons",
    "psp_period",
    "AFTER UPDATE",
    """
BEGIN
    IF NEW.exit_asked_person IS DISTINCT FROM OLD.exit_asked_person AND (
        (OLD.exit_asked_person IS NULL AND NEW.exit_asked_person IS DISTINCT FROM security.person())
        OR (OLD.exit_asked_person IS NOT NULL
            AND (NEW.exit_asked_person IS NOT NULL OR security.role() IS DISTINCT FROM 'prefect'))) THEN
        RAISE EXCEPTION 'psp_period: an exit is proposed in one''s own name, and dropped by the prefect'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.exit_confirmed_person IS DISTINCT FROM OLD.exit_confirmed_person AND (OLD.exit_confirmed_person IS NOT NULL
        OR NEW.exit_asked_person IS NULL OR NEW.exit_confirmed_person IS DISTINCT FROM security.person()
        OR security.role() IS DISTINCT FROM 'prefect') THEN
        RAISE EXCEPTION 'psp_period: the prefect confirms an exit, in one''s own name, once'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
""",
)

# Each department does its own part of a transfer, and neither changes where it goes.
TRANSFER_PARTS = trigger(
    "psp_transfer_parts",
    "psp_transfer",
    "AFTER UPDATE",
    """
BEGIN
    IF (NEW.file_id, NEW.from_department_id, NEW.to_department_id, NEW.to_body_id)
        IS DISTINCT FROM (OLD.file_id, OLD.from_department_id, OLD.to_department_id, OLD.to_body_id) THEN
        RAISE EXCEPTION 'psp_transfer: where a file goes is asked anew' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND security.department() IS DISTINCT FROM (CASE
        WHEN NEW.state IN ('accepted', 'rejected') THEN NEW.to_department_id ELSE NEW.from_department_id END) THEN
        RAISE EXCEPTION 'psp_transfer: % is the other department''s act', NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
""",
)

REFUSAL_CLOSES_WHOLE = trigger(
    "psp_request_closes",
    "psp_request",
    "BEFORE UPDATE",
    """
BEGIN
    IF NEW.state IN ('refusal_notified', 'closed') AND OLD.state IN ('refused', 'refusal_notified')
        AND NOT EXISTS (SELECT 1 FROM public.psp_decision d WHERE d.request_id = NEW.id AND d.has_reasons
            AND d.appeal_ways <> '' AND d.notified_on IS NOT NULL AND d.proof_id IS NOT NULL) THEN
        RAISE EXCEPTION 'psp_request: a refusal goes on only with reasons, ways of appeal and proof of notification'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'closed' AND OLD.state = 'refusal_notified' AND EXISTS (SELECT 1 FROM public.psp_appeal a
        JOIN public.psp_decision d ON d.id = a.decision_id
        WHERE d.request_id = NEW.id AND a.state IN ('filed', 'under_review', 'accepted')) THEN
        RAISE EXCEPTION 'psp_request: an appeal is open or upheld' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
)

# Answers are written while the request is; what was filed stays as it was filed, until the purge.
FILED_STAYS = trigger(
    "psp_request_filed",
    "psp_request",
    "BEFORE UPDATE",
    """
BEGIN
    IF NEW.form IS DISTINCT FROM OLD.form AND OLD.state NOT IN ('draft', 'incomplete')
        AND NOT (NEW.form IS NULL AND security.role() = 'keeper') THEN
        RAISE EXCEPTION 'psp_request: filed, its answers stay' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
)

PERIODS_WITHIN_CAP = trigger(
    "psp_period_cap",
    "psp_period",
    "AFTER INSERT OR UPDATE",
    f"""
DECLARE
    months integer;
BEGIN
    -- Days that a suspension pushed back were not spent in the path, where the department chose that they push.
    SELECT sum(extract(year FROM age(p.ends_on + 1 - p.pushed, p.starts_on)) * 12
               + extract(month FROM age(p.ends_on + 1 - p.pushed, p.starts_on)))
        INTO months FROM (SELECT q.starts_on, q.ends_on, coalesce((
            SELECT sum(least(s.ends_on, q.ends_on) - s.starts_on + 1) FROM public.psp_suspension s
            JOIN public.psp_file f ON f.id = s.file_id JOIN public.psp_choices c ON c.department_id = f.department_id
            WHERE s.period_id = q.id AND s.starts_on <= q.ends_on AND c.suspension_extends), 0)::integer AS pushed
            FROM public.psp_period q WHERE q.file_id = NEW.file_id) p;
    IF months > {CAP_MONTHS} THEN
        RAISE EXCEPTION 'psp_period: % months in all, {CAP_MONTHS} at most', months USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
""",
    constraint=True,
)

# What a file is, and that it was filed, stays. The keeper alone purges; the gate alone moves.
FILE_STAYS = trigger(
    "psp_file_stays",
    "psp_file",
    "AFTER UPDATE",
    """
BEGIN
    IF (NEW.id, NEW.reference, NEW.opened_on) IS DISTINCT FROM (OLD.id, OLD.reference, OLD.opened_on)
        OR (OLD.filed_on IS NOT NULL AND NEW.filed_on IS DISTINCT FROM OLD.filed_on)
        OR (NEW.purged_on IS DISTINCT FROM OLD.purged_on
            AND (OLD.purged_on IS NOT NULL OR security.role() IS DISTINCT FROM 'keeper'))
        OR ((NEW.department_id, NEW.body_id) IS DISTINCT FROM (OLD.department_id, OLD.body_id)
            AND current_user <> 'egide_gate') THEN
        RAISE EXCEPTION 'psp_file: its name, its place and its filing stay' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
""",
) + trigger(
    "psp_request_says",
    "psp_request",
    "AFTER UPDATE",
    """
BEGIN
    IF (NEW.id, NEW.file_id, NEW.kind, NEW.started_on) IS DISTINCT FROM (OLD.id, OLD.file_id, OLD.kind, OLD.started_on)
        OR (OLD.filed_on IS NOT NULL AND NEW.filed_on IS DISTINCT FROM OLD.filed_on) THEN
        RAISE EXCEPTION 'psp_request: its file and its filing stay' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
""",
)

STATES: Sequence[tuple[str, StateTable[Any]]] = (
    ("psp_request", states.REQUEST),
    ("psp_file", states.FILE),
    ("psp_appeal", states.APPEAL),
    ("psp_transfer", states.TRANSFER),
)

# A file changes department in one way: the wrapped key is already the new department's.
MOVE_FILE = """
SET ROLE egide_gate;
CREATE OR REPLACE FUNCTION security.move_file(transfer uuid, exact bytea, born bytea, sound bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    t record;
BEGIN
    SELECT x.file_id, x.to_department_id, x.to_body_id, x.from_department_id INTO t FROM public.psp_transfer x
        WHERE x.id = transfer AND x.state = 'accepted' AND x.from_department_id = security.department()
          AND security.role() = 'delegate';
    IF t IS NULL THEN
        RAISE EXCEPTION 'psp_transfer: not accepted, or not ours' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE public.psp_transfer SET state = 'done', done_on = (now() AT TIME ZONE 'Europe/Paris')::date
        WHERE id = transfer;
    UPDATE public.psp_file SET department_id = t.to_department_id, body_id = t.to_body_id, name_index = exact,
        birth_index = born, sound_index = sound WHERE id = t.file_id;
END $$;
CREATE OR REPLACE FUNCTION security.move_key(transfer uuid, new_wrapped bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE public.security_datakey k SET wrapped = new_wrapped, department_id = x.to_department_id,
        owner = 'department/' || x.to_department_id
        FROM public.psp_transfer x WHERE x.id = transfer AND x.state = 'accepted' AND k.subject = x.file_id
          AND x.from_department_id = security.department() AND security.role() = 'delegate'
          AND k.wrapped IS NOT NULL AND new_wrapped IS NOT NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'security_datakey: not accepted, not ours, or gone' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
REVOKE ALL ON FUNCTION security.move_key(uuid, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.move_key(uuid, bytea) TO egide_app;
REVOKE ALL ON FUNCTION security.move_file(uuid, bytea, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.move_file(uuid, bytea, bytea, bytea) TO egide_app;
RESET ROLE;
"""


def sql() -> str:
    """All of it."""
    return "\n".join(
        (
            *(state_trigger(table, rules) for table, rules in STATES),
            DECISION_STAYS,
            TWO_PERSONS,
            TRANSFER_PARTS,
            REFUSAL_CLOSES_WHOLE,
            FILED_STAYS,
            PERIODS_WITHIN_CAP,
            FILE_STAYS,
            MOVE_FILE,
        )
    )
