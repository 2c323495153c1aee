"""Finding a file without browsing: whole criteria, few answers, a number of tries, always a trace."""

from datetime import date
from uuid import UUID

from attrs import frozen
from django.conf import settings
from django.db import connection, transaction

from egide_registry.access import rules
from egide_registry.accounts.models import Body, Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.psp.actions.filing import Indexes, indexes
from egide_registry.psp.models import File
from egide_registry.psp.rules.refusals import refuse_if
from egide_registry.security import vault
from egide_registry.security.blind import normalised

SEARCHERS = (Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)


@frozen(kw_only=True)
class Hit:
    """A file of the department: its opaque reference and who follows it, never a name."""

    file: UUID
    reference: str
    body: str
    mine: bool  # within reach already


@frozen(kw_only=True)
class Found:
    """What a search gives. `similar`: how many other files may be of the same person; the delegate sees which."""

    hits: tuple[Hit, ...] = ()
    similar: int = 0
    alike: tuple[Hit, ...] = ()
    limited: bool = False  # too many searches: nothing was looked for


def most() -> int:
    """How many searches a mandate may make in an hour."""
    return int(getattr(settings, "EGIDE_SEARCHES_AN_HOUR", rules.SEARCHES_AN_HOUR))


def fingerprint(query: rules.Query, department: str) -> str:
    """What the journal keeps of a search: enough to see the same one again, under a key that is not in the base."""
    said = "|".join((normalised(query.family), normalised(query.given.split()[0]), str(query.born)))
    return vault.service().mac(vault.owner_of(department), "search", said.encode()).hex()[:16]


@transaction.atomic
def search(query: rules.Query, *, by: Mandate, on: date) -> Found:
    """Files of the department whose name and day of birth are exactly these: five at most.

    Raises RuleRefused for a criterion that is missing or vague. Beyond the limit of an hour nothing is looked for.
    """
    check_role(by, *SEARCHERS)
    refuse_if(rules.search_defects(query, on=on))
    with connection.cursor() as cursor:
        cursor.execute("SELECT security.my_searches()")
        ((tries,),) = cursor.fetchall()
    if tries >= most():
        audit.record(Event.ACCESS_REFUSED, by=by, act="search", limit=most())
        return Found(limited=True)
    index = indexes(query.family, query.given, str(query.born), by.department_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT file, body, reference FROM security.find_files(%s, %s)", [index.name, index.birth])
        rows = cursor.fetchall()
        cursor.execute("SELECT security.similar_files(%s, %s, %s)", [index.sound, index.name, index.birth])
        ((similar,),) = cursor.fetchall()
    hits = _hits(rows)
    alike = _alike(index, by) if by.role == Role.DELEGATE else ()
    audit.record(Event.FILE_SEARCHED, by=by, query=fingerprint(query, by.department_id), found=len(hits))
    return Found(hits=hits, similar=similar, alike=alike)


def _hits(rows: list[tuple[UUID, UUID, str]]) -> tuple[Hit, ...]:
    names = dict(Body.objects.filter(pk__in=[body for _, body, _ in rows]).values_list("pk", "name"))
    mine = set(File.objects.filter(pk__in=[file for file, _, _ in rows]).values_list("pk", flat=True))
    return tuple(
        Hit(file=file, reference=reference, body=names[body], mine=file in mine) for file, body, reference in rows
    )


def _alike(index: Indexes, by: Mandate) -> tuple[Hit, ...]:
    """Files that sound alike, born the same month, for the delegate who looks at them side by side."""
    found = File.objects.filter(department_id=by.department_id, sound_index=index.sound, purged_on=None)
    others = found.exclude(name_index=index.name, birth_index=index.birth).order_by("reference")
    return _hits([(file.pk, file.body_id, file.reference) for file in others])


def pairs(*, by: Mandate) -> list[tuple[Hit, ...]]:
    """Files of the department that may be of one person, side by side: shown, linked by nobody, merged never."""
    check_role(by, Role.DELEGATE)
    groups: dict[bytes, list[tuple[UUID, UUID, str]]] = {}
    files = File.objects.filter(department_id=by.department_id, sound_index__isnull=False, purged_on=None)
    for file in files.order_by("reference"):
        groups.setdefault(bytes(file.sound_index or b""), []).append((file.pk, file.body_id, file.reference))
    return [_hits(rows) for rows in groups.values() if len(rows) > 1]
