"""How a refusal of the database is written: a function and its trigger of the same name, always the same way."""


def trigger(name: str, table: str, when: str, body: str, *, constraint: bool = False) -> str:
    """SQL of a trigger for each row of `table`, harmless when run again.

    In: `when`, as « BEFORE UPDATE »; `body`, plpgsql from DECLARE or BEGIN to END; `constraint`, judged at the end of
    the statement, when all its rows are there.
    """
    kind = "CONSTRAINT TRIGGER" if constraint else "TRIGGER"
    return f"""
CREATE OR REPLACE FUNCTION security.{name}() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
{body.strip()} $$;
DROP TRIGGER IF EXISTS {name} ON {table};
CREATE {kind} {name} {when} ON {table}
    FOR EACH ROW EXECUTE FUNCTION security.{name}();
"""
