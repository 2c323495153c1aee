"""What looking further than usual asks for: criteria of a search, words of a broken glass, ends, caps. Pure.

Source: docs/methods/access.md.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Final
from uuid import UUID

from attrs import field, frozen

from egide.errors import Defect
from egide_registry.psp.rules.calendar import plus_months
from egide_registry.security.blind import normalised

SEARCHES_AN_HOUR: Final = 20  # per mandate; EGIDE_SEARCHES_AN_HOUR
LEAST_LETTERS: Final = 2
WILDCARDS: Final = frozenset("*%?_")
EARLIEST_BIRTH: Final = date(1900, 1, 1)

LEAST_WORDS: Final = 40  # signs of the words of a broken glass
REVIEW_WITHIN: Final = timedelta(hours=72)

EXPORT_CAP: Final = 25  # files without a second person
EXPORT_DAYS: Final = 7  # then whoever received it destroys it
LONGEST_HOLD: Final = 24  # months


# As `psp.actions.filing.new_reference` draws them. Anything else may be a name, and is not sent to the database.
_REFERENCE = re.compile(r"(?=[0-9A-Z]*[0-9])[0-9A-Z]{2,4}(-[0-9A-Z]{4}){2}")


def as_reference(typed: str) -> str | None:
    """What was typed, if it is written like the opaque reference of a file; None otherwise."""
    said = "-".join(typed.upper().replace("-", " ").split())  # said aloud, it is typed with spaces
    return said if _REFERENCE.fullmatch(said) else None


class Purpose(StrEnum):
    """Why files leave. A list: words could hold a name."""

    PERSON_ASKS = "person_asks"
    COURT = "court"
    INSPECTION = "inspection"
    HANDOVER = "handover"


PURPOSES: Final = {
    Purpose.PERSON_ASKS: "demande d’accès de la personne à son dossier",
    Purpose.COURT: "recours ou instance en justice",
    Purpose.INSPECTION: "contrôle par une autorité habilitée",
    Purpose.HANDOVER: "passage de relais entre services qui suivent le dossier",
}


class LegalBasis(StrEnum):
    """What allows it. Articles of the general data protection regulation (UE 2016/679)."""

    ACCESS = "gdpr_15"
    OBLIGATION = "gdpr_6_1_c"
    PUBLIC_TASK = "gdpr_6_1_e"
    LEGAL_CLAIM = "gdpr_9_2_f"


BASES: Final = {
    LegalBasis.ACCESS: "RGPD, article 15\u00a0: droit d’accès",
    LegalBasis.OBLIGATION: "RGPD, article 6, 1, c\u00a0: obligation légale",
    LegalBasis.PUBLIC_TASK: "RGPD, article 6, 1, e\u00a0: mission d’intérêt public",
    LegalBasis.LEGAL_CLAIM: "RGPD, article 9, 2, f\u00a0: défense d’un droit en justice",
}


@frozen(kw_only=True)
class Query:
    """Two identifying criteria: a whole name (family and first given) and a day of birth."""

    family: str = field(repr=False)
    given: str = field(repr=False)
    born: date | None = field(repr=False)


def search_defects(query: Query, *, on: date) -> list[Defect]:
    """Everything that is missing from a search. Never repeats what was typed."""
    found = []
    for place, value in (("nom de famille", query.family), ("premier prénom", query.given)):
        if WILDCARDS & set(value):
            got, way_out = "un joker", "Écrivez le nom entier\u202f: une recherche ne balaie pas un fichier."
            found.append(Defect(place=place, expected="un nom entier", got=got, way_out=way_out))
        elif len(normalised(value)) < LEAST_LETTERS:
            got, way_out = "moins", "Complétez ce critère\u202f: il faut le nom, le prénom et la date de naissance."
            found.append(Defect(place=place, expected=f"{LEAST_LETTERS} lettres au moins", got=got, way_out=way_out))
    if query.born is None or not EARLIEST_BIRTH <= query.born <= on:
        got = "rien" if query.born is None else "une autre date"
        way_out = "Donnez le jour, le mois et l’année\u202f: un nom seul ne suffit pas."
        expected = "une date entre 1900 et aujourd’hui"
        found.append(Defect(place="date de naissance", expected=expected, got=got, way_out=way_out))
    return found


def words_defects(words: str) -> list[Defect]:
    """Words of a broken glass that say too little to be reviewed."""
    if len(words.strip()) >= LEAST_WORDS:
        return []
    expected, got = f"{LEAST_WORDS} signes au moins", f"{len(words.strip())} signes"
    way_out = "Dites pourquoi maintenant, et pourquoi ce dossier\u202f: une autre personne le relira."
    return [Defect(place="motif en clair", expected=expected, got=got, way_out=way_out)]


def hold_defects(until: date, *, on: date) -> list[Defect]:
    """A longer conservation has an end, and a near one."""
    last = plus_months(on, LONGEST_HOLD)
    if on < until <= last:
        return []
    expected, got = f"une date après aujourd’hui et au plus tard le {last:%d/%m/%Y}", f"{until:%d/%m/%Y}"
    way_out = "Choisissez une fin plus proche\u202f: elle pourra être demandée de nouveau."
    return [Defect(place="fin de la conservation", expected=expected, got=got, way_out=way_out)]


def export_defects(count: int, *, purpose: str, basis: str) -> list[Defect]:
    """An export says why, on what ground, and holds something."""
    found = []
    for place, value, known in (("finalité", purpose, Purpose), ("base légale", basis, LegalBasis)):
        if value not in set(known):
            way_out = "Choisissez dans la liste."
            found.append(Defect(place=place, expected="un choix de la liste", got="un autre", way_out=way_out))
    if count == 0:
        way_out = "Donnez une référence par ligne."
        found.append(Defect(place="dossiers", expected="un dossier au moins", got="aucun", way_out=way_out))
    return found


def overdue(opened_at: datetime, reviewed_at: datetime | None, *, now: datetime) -> bool:
    """A broken glass that nobody reviewed in time."""
    return reviewed_at is None and now > opened_at + REVIEW_WITHIN


# ---------------------------------------------------------------- unusual readings

DAY_BEGINS, DAY_ENDS = 7, 20  # hours of work, in the site's zone
TIMES_MEDIAN: Final = 3
FEWEST: Final = 10  # files: below, a busy week is a busy week


@frozen(kw_only=True)
class Reading:
    """One file opened by one mandate, at a moment of the site's zone."""

    mandate: UUID
    file: UUID
    at: datetime


@frozen(kw_only=True)
class Unusual:
    """What a mandate did this week, beside its own median of the weeks before. Counts, no judgement."""

    mandate: UUID
    files: int
    median: float
    outside_hours: int


def unusual(readings: Iterable[Reading], *, since: datetime, weeks: int) -> list[Unusual]:
    """Mandates that, since `since`, opened far more files than their own median week, or any outside working hours.

    In:     readings of the `weeks` weeks before `since`, and of the week that begins there.
    Out:    the most files first. A week without a reading counts as zero. Says nothing of the persons in care.
    """
    now: dict[UUID, set[UUID]] = {}
    late: dict[UUID, int] = {}
    before: dict[UUID, dict[int, set[UUID]]] = {}
    for one in readings:
        if one.at < since:
            week = (since - one.at) // timedelta(weeks=1)
            before.setdefault(one.mandate, {}).setdefault(week, set()).add(one.file)
            continue
        now.setdefault(one.mandate, set()).add(one.file)
        if one.at.weekday() >= 5 or not DAY_BEGINS <= one.at.hour < DAY_ENDS:
            late[one.mandate] = late.get(one.mandate, 0) + 1
    found = []
    for mandate, files in now.items():
        usual = _median(before.get(mandate, {}), weeks)
        many = len(files) >= FEWEST and len(files) > TIMES_MEDIAN * usual
        if many or late.get(mandate):
            found.append(Unusual(mandate=mandate, files=len(files), median=usual, outside_hours=late.get(mandate, 0)))
    return sorted(found, key=lambda one: (-one.files, str(one.mandate)))


def _median(weeks_of: Mapping[int, set[UUID]], weeks: int) -> float:
    return float(median(len(weeks_of.get(week, ())) for week in range(weeks))) if weeks else 0.0
