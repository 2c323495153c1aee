"""What the acts of the registry say, as plain data: minutes, decision, receipt, convocation, extract of reads.

An act checks itself before it is set in pages: a refusal without reasons, or a file told by anything but its opaque
reference, is no act. Delays, courts and articles come from the caller, who takes them from dated law.
Source: docs/methods/supporting-documents.md; CRPA art. L211-5 (reasons), R421-5 CJA (ways and delays of appeal).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, time
from enum import StrEnum

from attrs import field, frozen
from attrs.validators import ge, optional

from egide.errors import Defect, Refused

# Capitals and digits in groups, one digit at least: a name does not look like this.
_REFERENCE = re.compile(r"(?=.*\d)[A-Z0-9]{1,12}(-[A-Z0-9]{1,12}){0,4}")


class ActRefused(Refused):
    """An act that would be void, unreadable or indiscreet, with every reason."""


class Opinion(StrEnum):
    FAVOURABLE = "favorable"
    UNFAVOURABLE = "défavorable"
    POSTPONED = "ajourné"
    NONE = "sans avis"


class Outcome(StrEnum):
    GRANTED = "granted"
    REFUSED = "refused"


@frozen(kw_only=True)
class Person:
    """Somebody who acts in the name of a body; never somebody whom a file concerns."""

    name: str
    quality: str  # "représentante du parquet"


@frozen(kw_only=True)
class Votes:
    in_favour: int = field(validator=ge(0))
    against: int = field(validator=ge(0))
    abstained: int = field(validator=ge(0))

    @property
    def cast(self) -> int:
        return self.in_favour + self.against + self.abstained


@frozen(kw_only=True)
class Item:
    """One file on an agenda, by its opaque reference."""

    reference: str
    purpose: str  # "première demande", "renouvellement"
    filed_by: str  # the association


@frozen(kw_only=True)
class Heard:
    """What the commission said of one file."""

    item: Item
    opinion: Opinion
    votes: Votes | None = None  # None: an opinion given without a vote
    recused: tuple[Person, ...] = ()
    reasons: str = ""


@frozen(kw_only=True)
class Minutes:
    """Procès-verbal of one session of the commission."""

    reference: str
    department: str  # "Pas-de-Calais"
    held_on: date
    place: str
    chair: Person
    present: tuple[Person, ...]  # the chair included when voting
    excused: tuple[Person, ...] = ()
    quorum: int | None = field(default=None, validator=optional(ge(1)))  # None: no quorum is set
    heard: tuple[Heard, ...] = ()
    other_business: str = ""
    signatories: tuple[Person, ...] = ()

    def __attrs_post_init__(self) -> None:
        _refuse(_minutes_defects(self))


@frozen(kw_only=True)
class Reason:
    code: str
    label: str


@frozen(kw_only=True)
class Appeal:
    """One way to contest a decision."""

    name: str  # "Recours gracieux"
    before: str  # to whom, with the address
    delay: str  # "dans les deux mois qui suivent la notification"
    note: str = ""


@frozen(kw_only=True)
class Decision:
    """Arrêté of the prefect on one request. `person` is printed on the notified act only."""

    reference: str
    department: str
    authority: str  # "Le préfet du Pas-de-Calais"
    place: str
    signed_on: date
    request: str  # opaque reference
    purpose: str
    outcome: Outcome
    person: str | None = None
    legal_basis: tuple[str, ...] = ()  # without "Vu"
    opinion: Opinion | None = None
    opinion_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    reasons: tuple[Reason, ...] = ()
    written_reasons: str = ""
    appeals: tuple[Appeal, ...] = ()
    signatory: Person

    def __attrs_post_init__(self) -> None:
        _refuse(_decision_defects(self))


@frozen(kw_only=True)
class Receipt:
    """Acknowledgement of a filed request."""

    reference: str
    department: str
    filed_on: date
    filed_by: str
    purpose: str
    documents: tuple[str, ...] = ()  # kinds of papers, never names of files
    next_steps: tuple[str, ...] = ()
    contact: str

    def __attrs_post_init__(self) -> None:
        _refuse(_opaque("référence de la demande", self.reference))


@frozen(kw_only=True)
class Convocation:
    """Summons of one member to a session."""

    reference: str
    department: str
    authority: str
    recipient: Person
    sent_on: date
    held_on: date
    at: time
    place: str
    agenda: tuple[Item, ...]
    notes: tuple[str, ...] = ()
    contact: str
    signatory: Person

    def __attrs_post_init__(self) -> None:
        _refuse(_convocation_defects(self))


@frozen(kw_only=True)
class Read:
    """One body's reads of a file on one day."""

    on: date
    body: str
    purpose: str  # "consultation", "impression"
    times: int = field(default=1, validator=ge(1))


@frozen(kw_only=True)
class Extract:
    """« Qui a consulté mon dossier »: what the person asks and receives."""

    reference: str
    department: str
    made_on: date
    first: date
    last: date
    reads: tuple[Read, ...]
    contact: str

    def __attrs_post_init__(self) -> None:
        _refuse(_extract_defects(self))


def _minutes_defects(minutes: Minutes) -> Iterator[Defect]:
    yield from _opaque("référence du procès-verbal", minutes.reference)
    for heard in minutes.heard:
        place = "dossier de l’ordre du jour"
        yield from _opaque(place, heard.item.reference)
        entitled = len(minutes.present) - len(set(heard.recused) & set(minutes.present))
        if heard.votes is not None and heard.votes.cast > entitled:
            expected = f"au plus {entitled} voix (présents moins déportés)"
            yield Defect(place=place, expected=expected, got=str(heard.votes.cast), way_out="Recomptez les voix.")
        if heard.opinion is Opinion.UNFAVOURABLE and not heard.reasons.strip():
            way_out = "Écrivez en une phrase ce que la commission a retenu."
            yield Defect(place=place, expected="les motifs d’un avis défavorable", got="rien", way_out=way_out)


def _decision_defects(decision: Decision) -> Iterator[Defect]:
    yield from _opaque("référence de l’arrêté", decision.reference)
    yield from _opaque("référence de la demande", decision.request)
    if decision.outcome is Outcome.GRANTED:
        if decision.starts_on is None or decision.ends_on is None or decision.starts_on >= decision.ends_on:
            way_out = "Donnez le premier et le dernier jour de la période."
            got = "une période absente ou à l’envers"
            yield Defect(place="arrêté", expected="la période accordée", got=got, way_out=way_out)
        return
    wanted = (
        (decision.reasons, "un motif codé au moins", "Choisissez le motif dans la liste."),
        (decision.written_reasons.strip(), "des motifs écrits", "Écrivez les faits qui fondent le refus."),
        (decision.appeals, "les voies et délais de recours", "Indiquez chaque recours ouvert et son délai."),
    )
    for value, expected, way_out in wanted:
        if not value:
            yield Defect(place="arrêté de refus", expected=expected, got="rien", way_out=way_out)


def _convocation_defects(convocation: Convocation) -> Iterator[Defect]:
    yield from _opaque("référence de la convocation", convocation.reference)
    for item in convocation.agenda:
        yield from _opaque("dossier de l’ordre du jour", item.reference)
    if convocation.held_on < convocation.sent_on:
        expected = "une séance à venir"
        way_out = "Vérifiez le jour de la séance."
        yield Defect(place="convocation", expected=expected, got="une séance passée", way_out=way_out)


def _extract_defects(extract: Extract) -> Iterator[Defect]:
    yield from _opaque("référence du dossier", extract.reference)
    outside = [read for read in extract.reads if not extract.first <= read.on <= extract.last]
    if outside:
        got = f"{len(outside)} hors de la période"
        way_out = "Élargissez la période, ou retirez ces consultations."
        yield Defect(place="extrait", expected="des consultations de la période", got=got, way_out=way_out)


def _opaque(place: str, reference: str) -> Iterator[Defect]:
    """What was received is not repeated: it may be a name."""
    if not _REFERENCE.fullmatch(reference):
        expected = "une référence en capitales et chiffres, comme PSP-7K2M-41"
        way_out = "Donnez la référence que le registre a attribuée."
        yield Defect(place=place, expected=expected, got="autre chose", way_out=way_out)


def _refuse(defects: Iterable[Defect]) -> None:
    if found := tuple(defects):
        raise ActRefused(found)
