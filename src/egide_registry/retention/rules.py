"""How long things are kept, and what must go on a day. Pure.

One table. The lifetimes are proposals to be confirmed by the data protection officer of each department; where the
law fixes one it would be dated data. Source: docs/methods/retention.md.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from attrs import frozen

from egide_registry.psp.rules.calendar import plus_months


class Kind(StrEnum):
    DRAFT = "draft"
    FILE = "file"
    ATTEMPT = "attempt"
    JOURNAL = "journal"
    SESSION = "session"
    GLASS = "glass"


@frozen(kw_only=True)
class Life:
    """One line of the schedule: what, counted from what, for how long, and where the figure comes from."""

    kind: Kind
    what: str
    since: str
    months: int = 0
    days: int = 0
    basis: str

    def ends_on(self, day: date) -> date:
        """The first day on which it has served its time."""
        return plus_months(day, self.months) + timedelta(days=self.days)

    @property
    def length(self) -> str:
        """In French."""
        if self.months:
            return f"{self.months} mois"
        return "1 jour" if self.days == 1 else f"{self.days} jours"


NOTICE_DAYS: Final = 30  # between the announcement of a purge and the purge

SCHEDULE: Final = (
    Life(
        kind=Kind.DRAFT,
        what="Brouillon de demande jamais déposé",
        since="dernier enregistrement",
        days=30,
        basis="Réglage\u00a0: un brouillon n’est pas un dossier.",
    ),
    Life(
        kind=Kind.FILE,
        what="Dossier clos",
        since="dernier contact",
        months=24,
        basis="CNIL, référentiel 2021-028 (suivi social)\u00a0: deux ans après le dernier contact\u202f; à confirmer.",
    ),
    Life(
        kind=Kind.GLASS,
        what="Motif en clair d’un accès d’urgence",
        since="ouverture de l’accès",
        months=24,
        basis="Réglage\u00a0: avec le dossier au plus tard\u202f; à confirmer.",
    ),
    Life(
        kind=Kind.ATTEMPT,
        what="Essai de connexion manqué",
        since="essai",
        days=1,
        basis="Réglage\u00a0: le temps de ralentir qui essaie.",
    ),
    Life(
        kind=Kind.JOURNAL,
        what="Segment scellé du journal",
        since="scellement",
        months=36,
        basis="CNIL, délibération 2021-122\u00a0: trois ans au plus pour le contrôle interne\u202f; à confirmer.",
    ),
)
BY_KIND: Final = {life.kind: life for life in SCHEDULE}


@frozen(kw_only=True)
class Kept:
    """A closed file, as far as its lifetime needs to know it."""

    file: UUID
    last_contact_on: date
    held_until: date | None
    announced_on: date | None


class Step(StrEnum):
    KEEP = "keep"
    ANNOUNCE = "announce"
    WAIT = "wait"  # announced, the notice runs
    HELD = "held"
    PURGE = "purge"


def step(kept: Kept, *, on: date) -> Step:
    """What a day asks for a closed file.

    A contact after the announcement undoes it: the notice runs again from a new one. A legal hold has an end.
    """
    if on < BY_KIND[Kind.FILE].ends_on(kept.last_contact_on):
        return Step.KEEP
    if kept.held_until is not None and on <= kept.held_until:
        return Step.HELD
    # The night comes before the day: a contact on the very day of the notice undoes it too.
    if kept.announced_on is None or kept.announced_on <= kept.last_contact_on:
        return Step.ANNOUNCE
    return Step.PURGE if on >= kept.announced_on + timedelta(days=NOTICE_DAYS) else Step.WAIT


def plan(files: Iterable[Kept], *, on: date) -> dict[Step, tuple[UUID, ...]]:
    """The files of a department by what the day asks for; every step is a key."""
    found: dict[Step, list[UUID]] = {one: [] for one in Step}
    for kept in files:
        found[step(kept, on=on)].append(kept.file)
    return {one: tuple(keys) for one, keys in found.items()}
