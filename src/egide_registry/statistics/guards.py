"""How the database counts: one function, which gives aggregates of a year that is over, to one role and no other.

It is owned by the gate, which may read codes and days but no sealed column, and called by `egide_stat`, which may
read nothing. The site cannot call it. Source: docs/methods/registry-statistics.md, « From files to counts ».
"""

from collections.abc import Mapping
from itertools import chain

from egide_registry.security.functions import TODAY
from egide_registry.security.roles import GATE, STAT
from egide_registry.statistics.groups import GROUPS
from egide_registry.statistics.rules import DELAYS

CODES = ("kind", "outcome", "delay", "way", "ending", "moment", "work", "housing", "residence", "right", "stage")
SITUATION = ("work", "housing", "residence")
# `rules.delay_class`. An answer before the question has no class, and the row is then refused.
MONTHS = (
    "(extract(year FROM answered) - extract(year FROM asked)) * 12 + extract(month FROM answered)"
    " - extract(month FROM asked) - (extract(day FROM answered) < extract(day FROM asked))::integer"
)
DELAY_CLASS = f"""
CREATE OR REPLACE FUNCTION security.delay_class(asked date, answered date) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN answered < asked THEN NULL WHEN {MONTHS} < 1 THEN '{DELAYS[0]}'
        WHEN {MONTHS} < 3 THEN '{DELAYS[1]}' WHEN {MONTHS} < 6 THEN '{DELAYS[2]}' ELSE '{DELAYS[3]}' END $$;
"""


def grouped(dimension: str, column: str) -> str:
    """The code under which a code of a file is counted. One that no group has is nothing: the row is refused."""
    pairs = " ".join(f"WHEN '{fine}' THEN '{coarse}'" for fine, coarse in GROUPS[dimension].items())
    return f"CASE {column} {pairs} END"


def counted(measure: str, *, of: str, codes: Mapping[str, str], stock: bool = False) -> str:
    """One measure: what is counted (`FROM … WHERE …`, the place being `d.department`), and its codes."""
    columns = [f"({codes[name]})::text" if name in codes else "NULL::text" for name in CODES]
    period = "of_year || '-12-31'" if stock else "of_year::text"
    # By their places: department, then the codes.
    groups = ", ".join(str(number) for number in (2, *range(5, 5 + len(CODES))))
    return (
        f"SELECT '{measure}'::text, d.department_id::text, {period}, count(*), {', '.join(columns)}\n"
        f"    {of}\n    GROUP BY {groups}"
    )


def within(column: str) -> str:
    """A day of the year."""
    return f"{column} BETWEEN make_date(of_year, 1, 1) AND make_date(of_year, 12, 31)"


# A file counts where it is today, even for what happened before a transfer.
PLACE = "JOIN public.psp_file d ON d.id = x.file_id"
# The decision that holds: granted after an appeal, it is the second. A refusal is one once confirmed.
HOLDS = """LEFT JOIN LATERAL (SELECT s.outcome, coalesce(s.confirmed_on, s.decided_on) AS answered
        FROM public.psp_decision s WHERE s.request_id = x.id AND (s.outcome = 'granted' OR s.confirmed_on IS NOT NULL)
        ORDER BY s.outcome = 'granted' DESC LIMIT 1) h ON x.state <> 'withdrawn'"""
LAST_PERIOD = f"""FROM (SELECT DISTINCT ON (p.file_id) p.file_id, p.ends_on, p.ended_early FROM public.psp_period p
        ORDER BY p.file_id, p.ends_on DESC) x {PLACE}
    LEFT JOIN public.psp_outcome o ON o.file_id = x.file_id AND o.moment = 'end'"""

MEASURES = (
    counted(
        "psp_current",
        of=f"FROM public.psp_period x {PLACE} WHERE make_date(of_year, 12, 31) BETWEEN x.starts_on AND x.ends_on",
        codes={},
        stock=True,
    ),
    counted(
        "psp_requests",
        of=f"FROM public.psp_request x {PLACE} {HOLDS} WHERE {within('x.filed_on')}",
        codes={
            "kind": "x.kind",
            "outcome": "CASE WHEN x.state = 'withdrawn' THEN 'withdrawn' ELSE coalesce(h.outcome, 'pending') END",
            "delay": "CASE WHEN h.outcome IS NOT NULL THEN security.delay_class(x.filed_on, h.answered) END",
        },
    ),
    counted(
        "psp_appeals",
        of=f"FROM public.psp_appeal x {PLACE} WHERE {within('x.filed_on')}",
        codes={
            "way": "CASE x.kind WHEN 'gracieux' THEN 'prefect' WHEN 'tribunal_administratif' THEN 'court' END",
            "outcome": grouped("appeal", "x.state"),
        },
    ),
    counted(
        "psp_ended",
        of=f"{LAST_PERIOD} WHERE {within('x.ends_on')} AND d.state NOT IN ('in_path', 'exit_proposed')",
        codes={
            "ending": "CASE WHEN x.ended_early THEN 'early' ELSE 'term' END",
            **{name: grouped(name, f"coalesce(o.{name}, 'unknown')") for name in SITUATION},
        },
    ),
    counted(
        "psp_followed",
        of=f"FROM public.psp_outcome x {PLACE} WHERE {within('x.recorded_on')} AND x.moment <> 'end'",
        codes={name: grouped(name, f"x.{name}") for name in ("moment", *SITUATION)},
    ),
    counted(
        "psp_rights",
        of=f"FROM public.psp_right x {PLACE} WHERE {within('x.asked_on')} AND d.filed_on IS NOT NULL",
        codes={
            "right": "x.kind",
            "stage": "CASE WHEN x.granted_on IS NULL THEN 'not_granted' WHEN x.effective_on IS NULL"
            " THEN 'not_effective' ELSE 'effective' END",
            "delay": "CASE WHEN x.effective_on IS NOT NULL THEN security.delay_class(x.granted_on, x.effective_on) END",
        },
    ),
    counted(
        "cdlp_sessions",
        of=f"FROM public.commissions_session d WHERE {within('d.held_on')} AND d.state = 'held'",
        codes={},
    ),
)

COUNTS = f"""
CREATE OR REPLACE FUNCTION security.statistics(of_year integer)
    RETURNS TABLE (measure text, department text, period text, count bigint,
        {", ".join(f'"{name}" text' for name in CODES)})
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
BEGIN
    IF of_year >= extract(year FROM {TODAY}) THEN
        RAISE EXCEPTION 'statistics: % is not over', of_year USING ERRCODE = 'check_violation';
    END IF;
    RETURN QUERY {chr(10).join(chain([MEASURES[0]], (f"    UNION ALL {one}" for one in MEASURES[1:])))};
END $$;
"""

# Founded: a keeper of the night on the first day of the year, and on its last. What came before is not in the files.
COVERED = """
CREATE OR REPLACE FUNCTION security.covered(of_year integer) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT m.department_id::text FROM public.accounts_mandate m
    WHERE m.role = 'keeper' AND m.starts_on <= make_date(of_year, 1, 1)
      AND (m.ends_on IS NULL OR m.ends_on >= make_date(of_year, 12, 31)) $$;
"""


def sql() -> str:
    """All of it, written as the gate."""
    functions = "security.delay_class(date, date), security.statistics(integer), security.covered(integer)"
    return (
        f"SET ROLE {GATE};\n{DELAY_CLASS}{COUNTS}{COVERED}"
        f"REVOKE ALL ON FUNCTION {functions} FROM PUBLIC;\n"
        f"GRANT EXECUTE ON FUNCTION security.statistics(integer), security.covered(integer) TO {STAT};\nRESET ROLE;\n"
    )
