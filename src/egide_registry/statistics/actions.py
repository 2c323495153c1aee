"""Releasing a year: read, protect, and, when told to, keep and journal. Run by hand, once a year."""

from collections.abc import Callable, Collection
from datetime import date

from attrs import frozen
from django.db import transaction

from egide.disclosure.published import Published
from egide.sources.catalogue import load_schema
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.statistics.reading import Read, read
from egide_registry.statistics.release import Released, release_statistics
from egide_registry.statistics.store import Kept, Releases


@frozen(kw_only=True)
class Drawn:
    """What a year would show, and what it was drawn from."""

    read: Read
    released: Released


def draw(
    year: int,
    *,
    releases: Releases,
    on: date,
    only: Collection[str] = (),
    elsewhere: Published | None = None,
    progress: Callable[[str], None] = lambda family: None,
) -> Drawn:
    """What can be shown of a year. Writes nothing: this is the dry run.

    In:     `only`, departments, none meaning all that are covered; `elsewhere`, what the Letter published.
    Raises: as `release_statistics`; StoreError for a register that was touched.
    """
    found = read(year, only=only)
    released = release_statistics(
        found.rows,
        year=year,
        covered=found.covered,
        day=on,
        measures=load_schema("registre").measures,
        public=Published([*releases.public(), *(elsewhere or ())]),
        progress=progress,
    )
    return Drawn(read=found, released=released)


def release(drawn: Drawn, *, releases: Releases) -> Kept:
    """Keep what was drawn, and journal it. A year that was released already stays as it was, and so does the journal.

    Raises: StoreError when the year was released with other cells.
    """
    kept = releases.keep(drawn.released, load_schema("registre"))
    if kept.is_new:
        version = kept.released.version
        with transaction.atomic():
            audit.record(
                Event.STATISTICS_RELEASED,
                year=version.year,
                day=version.day,
                cells=len(kept.released.cells),
                departments=len(drawn.read.covered),
                fingerprint=version.fingerprint,
            )
    return kept
