"""What the database refuses about commissions, whatever the code says.

A session changes state by an act. An opinion is given once, by a session held, without the association that filed. A
recusal goes with its item or stays. Once the minutes are signed nothing of the session changes.
"""

from egide_registry.psp.guards import state_trigger
from egide_registry.psp.rules.states import SESSION
from egide_registry.security.triggers import trigger

SESSION_STAYS = trigger(
    "commissions_session_stays",
    "commissions_session",
    "BEFORE UPDATE",
    """
BEGIN
    IF OLD.minutes_on IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'commissions_session: its minutes are signed' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.department_id, NEW.formation, NEW.held_on) IS DISTINCT FROM
        (OLD.department_id, OLD.formation, OLD.held_on) OR NEW.access_ends_on > OLD.access_ends_on THEN
        RAISE EXCEPTION 'commissions_session: its formation and its day stay, its access only ends sooner'
            USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.minutes_on IS NOT NULL OR NEW.minutes IS NOT NULL)
        AND (NEW.state <> 'held' OR NEW.minutes IS NULL OR NEW.minutes_on IS NULL OR NEW.minutes_sha256 = '') THEN
        RAISE EXCEPTION 'commissions_session: minutes are those of a session held, with their day and hash'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
)

ITEM_STAYS = trigger(
    "commissions_item_stays",
    "commissions_item",
    "BEFORE INSERT OR UPDATE OR DELETE",
    """
DECLARE
    sitting record;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.opinion <> '' THEN
        RAISE EXCEPTION 'commissions_item: an opinion is given once' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.session_id, NEW.request_id, NEW.file_id)
        IS DISTINCT FROM (OLD.session_id, OLD.request_id, OLD.file_id) THEN
        RAISE EXCEPTION 'commissions_item: it stays on its agenda' USING ERRCODE = 'check_violation';
    END IF;
    SELECT s.state, s.formation, s.minutes_on INTO sitting FROM public.commissions_session s
        WHERE s.id = coalesce(NEW.session_id, OLD.session_id);
    IF sitting.minutes_on IS NOT NULL THEN
        RAISE EXCEPTION 'commissions_item: the minutes are signed' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_OP = 'INSERT' AND (sitting.formation <> 'psp' OR sitting.state <> 'convened' OR NEW.opinion <> '') THEN
        RAISE EXCEPTION 'commissions_item: put on the agenda of a session to come that sits on paths'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.opinion <> '' AND (sitting.state <> 'held' OR NOT EXISTS (SELECT 1 FROM public.commissions_recusal x
        JOIN public.psp_file f ON f.body_id = x.body_id WHERE x.item_id = NEW.id AND f.id = NEW.file_id)) THEN
        RAISE EXCEPTION 'commissions_item: an opinion needs a session held and the filing association recused'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
)

PRESENCE_STAYS = trigger(
    "commissions_convocation_stays",
    "commissions_convocation",
    "BEFORE UPDATE",
    """
BEGIN
    IF (NEW.session_id, NEW.mandate_id, NEW.sent_on) IS DISTINCT FROM (OLD.session_id, OLD.mandate_id, OLD.sent_on)
        OR NOT EXISTS (SELECT 1 FROM public.commissions_session s WHERE s.id = OLD.session_id AND s.state = 'convened')
    THEN
        RAISE EXCEPTION 'commissions_convocation: presence is written until the session is held, nothing else'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
)

# At the end of the transaction, and as the gate: whoever takes a recusal away cannot hide its item from this look.
RECUSAL_STAYS = """
SET ROLE egide_gate;
CREATE OR REPLACE FUNCTION security.commissions_recusal_stays() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.commissions_item i WHERE i.id = OLD.item_id) THEN
        RAISE EXCEPTION 'commissions_recusal: it goes with its item only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION security.commissions_recusal_stays() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.commissions_recusal_stays() TO egide_owner;
RESET ROLE;
DROP TRIGGER IF EXISTS commissions_recusal_stays ON commissions_recusal;
CREATE CONSTRAINT TRIGGER commissions_recusal_stays AFTER DELETE ON commissions_recusal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION security.commissions_recusal_stays();
"""


def sql() -> str:
    """All of it."""
    return "\n".join(
        (state_trigger("commissions_session", SESSION), SESSION_STAYS, ITEM_STAYS, PRESENCE_STAYS, RECUSAL_STAYS)
    )
