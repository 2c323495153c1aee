"""[I/O] The counts of a year, as the database gives them to `egide_stat`: aggregates and nothing else."""

from collections.abc import Collection

from attrs import frozen
from django.db import connections

from egide_registry.statistics.cubes import departments
from egide_registry.statistics.rules import Row


@frozen(kw_only=True)
class Read:
    """What a year is made of. `outside`: open, but not among the 101 departments: not counted."""

    covered: frozenset[str]
    outside: tuple[str, ...]
    rows: tuple[Row, ...]


def read(year: int, *, only: Collection[str] = ()) -> Read:
    """The counts of every department that the registry covers all the year. They are all of one moment.

    In:     `only`, codes of departments: the others are left out, as if they were not covered.
    Raises: a database error for a year that is not over, and for a role that may not count.
    """
    with connections["statistics"].cursor() as cursor:
        cursor.execute("SELECT covered FROM security.covered(%s) ORDER BY 1", [year])
        founded = [code for (code,) in cursor.fetchall() if not only or code in only]
        covered = frozenset(founded) & frozenset(departments())
        cursor.execute("SELECT * FROM security.statistics(%s) WHERE department = ANY(%s)", [year, sorted(covered)])
        names = [column.name for column in cursor.description or ()]
        rows = tuple(Row.of(dict(zip(names, record, strict=True))) for record in cursor.fetchall())
    return Read(covered=covered, outside=tuple(code for code in founded if code not in covered), rows=rows)
