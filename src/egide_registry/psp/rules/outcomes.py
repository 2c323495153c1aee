"""Where a person stands at the end of the path, and six and twelve months later if she agreed to be asked.

The codes are the registry's own, made to answer what the policy is judged on: work, housing, right of residence.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from attrs import frozen

from egide_registry.psp.rules.calendar import plus_months
from egide_registry.psp.rules.settings import Settings


class Moment(StrEnum):
    END = "end"
    SIX = "six"
    TWELVE = "twelve"


class Work(StrEnum):
    PERMANENT = "permanent"
    FIXED_TERM = "fixed_term"
    TEMPORARY = "temporary"
    SUBSIDISED = "subsidised"
    SELF_EMPLOYED = "self_employed"
    TRAINING = "training"
    SEARCHING = "searching"
    NONE = "none"
    UNKNOWN = "unknown"


class Housing(StrEnum):
    OWN = "own"
    SOCIAL = "social"
    INTERMEDIATED = "intermediated"
    CHRS = "chrs"
    EMERGENCY = "emergency"
    OTHER_SHELTER = "other_shelter"
    HOSTED = "hosted"
    HOTEL = "hotel"
    NONE = "none"
    UNKNOWN = "unknown"


class Residence(StrEnum):
    NOT_NEEDED = "not_needed"
    LONG = "long"
    MULTI_YEAR = "multi_year"
    TEMPORARY = "temporary"
    APS = "aps"
    PENDING = "pending"
    NONE = "none"
    UNKNOWN = "unknown"


MOMENT_LABELS = {Moment.END: "à la sortie", Moment.SIX: "six mois après", Moment.TWELVE: "douze mois après"}
WORK_LABELS = {
    Work.PERMANENT: "contrat à durée indéterminée",
    Work.FIXED_TERM: "contrat à durée déterminée",
    Work.TEMPORARY: "intérim",
    Work.SUBSIDISED: "contrat d’insertion ou contrat aidé",
    Work.SELF_EMPLOYED: "activité indépendante",
    Work.TRAINING: "formation",
    Work.SEARCHING: "recherche d’emploi",
    Work.NONE: "ni emploi, ni formation, ni recherche",
    Work.UNKNOWN: "non connu",
}
HOUSING_LABELS = {
    Housing.OWN: "logement personnel du parc privé",
    Housing.SOCIAL: "logement social",
    Housing.INTERMEDIATED: "logement en intermédiation locative",
    Housing.CHRS: "centre d’hébergement et de réinsertion sociale",
    Housing.EMERGENCY: "hébergement d’urgence",
    Housing.OTHER_SHELTER: "autre hébergement d’une association",
    Housing.HOSTED: "chez un tiers",
    Housing.HOTEL: "hôtel",
    Housing.NONE: "sans hébergement",
    Housing.UNKNOWN: "non connu",
}
RESIDENCE_LABELS = {
    Residence.NOT_NEEDED: "nationalité française, d’un État de l’UE, de l’EEE ou suisse",
    Residence.LONG: "carte de résident",
    Residence.MULTI_YEAR: "carte de séjour pluriannuelle",
    Residence.TEMPORARY: "carte de séjour temporaire",
    Residence.APS: "autorisation provisoire de séjour",
    Residence.PENDING: "récépissé ou demande en cours",
    Residence.NONE: "sans droit au séjour",
    Residence.UNKNOWN: "non connu",
}

MONTHS_AFTER = {Moment.END: 0, Moment.SIX: 6, Moment.TWELVE: 12}


@frozen(kw_only=True)
class Due:
    """An outcome to record: its day, and the days between which it says something of that moment."""

    moment: Moment
    on: date
    opens_on: date
    closes_on: date


def dues(ended_on: date, *, agreed: bool, settings: Settings) -> tuple[Due, ...]:
    """The outcomes to record. Without the person's agreement only the end of the path is, from the file itself."""
    around = timedelta(days=settings.outcome_window_days)
    return tuple(
        Due(
            moment=moment,
            on=(day := plus_months(ended_on, MONTHS_AFTER[moment])),
            opens_on=day if moment is Moment.END else day - around,
            closes_on=day + around,
        )
        for moment in Moment
        if agreed or moment is Moment.END
    )


def to_record(due: Collection[Due], recorded: Collection[Moment], *, on: date) -> tuple[Due, ...]:
    """Those whose window is open on a day and that are not recorded yet."""
    return tuple(one for one in due if one.opens_on <= on <= one.closes_on and one.moment not in recorded)


def missed(due: Collection[Due], recorded: Collection[Moment], *, on: date) -> tuple[Due, ...]:
    """Those whose window closed with nothing recorded: unknown for ever, and counted as such."""
    return tuple(one for one in due if one.closes_on < on and one.moment not in recorded)
