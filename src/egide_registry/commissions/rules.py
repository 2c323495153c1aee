"""How the commission is called, sits and gives its opinion. Pure.

The law gives the number of meetings a year (dated, `egide.reference.legal`) and sends the filing association out of
the room. Quorum, delay of convocation and files per session are settings: no text that we have sets them.
Source: docs/how-to/tenir-une-commission.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal, TypeVar
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, optional

from egide.errors import Defect
from egide.reference import legal
from egide_registry.psp.rules.states import SessionState

T = TypeVar("T")
NEEDS_REASONS = {"unfavourable": "les motifs d’un avis défavorable", "deferred": "ce que la commission demande"}
YEAR = 365


@frozen(kw_only=True)
class Settings:
    """The choices of a department, with the project's first proposal for each."""

    quorum: int | None = field(default=None, validator=optional(ge(1)))  # present members; None: no quorum is asked
    files_per_session: int | None = field(default=None, validator=optional(ge(1)))  # None: no limit
    convocation_days: int = field(default=15, validator=ge(0))
    access_days: int = field(default=30, validator=ge(0))  # members read the files that long after a session


@frozen(kw_only=True)
class Seat:
    """A member called to a session. `present` is None until it is recorded."""

    mandate: UUID
    body: UUID
    present: bool | None


@frozen(kw_only=True)
class Recused:
    """Who does not sit on an item: one member, or every member of a body."""

    mandate: UUID | None = None
    body: UUID | None = None

    def covers(self, seat: Seat) -> bool:
        return seat.mandate == self.mandate or seat.body == self.body


@frozen(kw_only=True)
class Votes:
    """Voices counted on one item."""

    in_favour: int = field(validator=ge(0))
    against: int = field(validator=ge(0))
    abstained: int = field(validator=ge(0))

    @property
    def cast(self) -> int:
        return self.in_favour + self.against + self.abstained


def present(seats: Iterable[Seat]) -> int:
    """Members present at the session, those recused on an item included: they count for the quorum."""
    return sum(seat.present is True for seat in seats)


def quorum_reached(seats: Iterable[Seat], quorum: int | None) -> bool:
    """True where no quorum is asked."""
    return quorum is None or present(seats) >= quorum


def voters(seats: Iterable[Seat], recused: Collection[Recused]) -> int:
    """Members present who sit on one item."""
    return sum(seat.present is True and not any(one.covers(seat) for one in recused) for seat in seats)


def last_day_of_access(held_on: date, settings: Settings) -> date:
    """Until when members read the files of the agenda."""
    return held_on + timedelta(days=settings.access_days)


def check_convening(held_on: date, place: str, *, on: date, settings: Settings) -> Iterator[Defect]:
    """A session is called in time, somewhere."""
    first = on + timedelta(days=settings.convocation_days)
    if held_on < first:
        yield Defect(
            place="jour de la séance",
            expected=f"le {first:%d/%m/%Y} ou après ({settings.convocation_days} jours de délai, réglage)",
            got=f"{held_on:%d/%m/%Y}",
            way_out="Choisissez un jour plus tardif, ou changez le délai dans les réglages.",
        )
    if not place.strip():
        yield Defect(place="lieu", expected="une salle ou une adresse", got="rien", way_out="Dites où l’on se réunit.")


def check_holding(seats: Sequence[Seat], *, held_on: date, on: date, quorum: int | None) -> Iterator[Defect]:
    """A session is held once its day has come, everybody's presence is known and the quorum, if any, is there."""
    if on < held_on:
        yield _too_soon(held_on, on)
    unknown = sum(seat.present is None for seat in seats)
    if unknown:
        way_out = "Indiquez pour chaque membre\u00a0: présent, excusé ou absent."
        yield Defect(place="présences", expected="toutes renseignées", got=f"{unknown} sans réponse", way_out=way_out)
    elif not quorum_reached(seats, quorum):
        way_out = "Constatez l’absence de quorum\u00a0: les dossiers retournent en attente d’une séance."
        yield Defect(place="quorum", expected=f"{quorum} membres", got=f"{present(seats)} présents", way_out=way_out)
    elif not present(seats):
        way_out = "Annulez la séance si elle n’a pas eu lieu."
        yield Defect(place="présences", expected="un membre présent au moins", got="aucun", way_out=way_out)


def check_no_quorum(seats: Sequence[Seat], *, held_on: date, on: date, quorum: int | None) -> Iterator[Defect]:
    """The quorum is found missing only on the day, and where it is missing."""
    if on < held_on:
        yield _too_soon(held_on, on)
    if quorum is None:
        got, way_out = "aucun", "Consignez la tenue de la séance, ou annulez-la."
        yield Defect(place="quorum", expected="un quorum réglé", got=got, way_out=way_out)
    elif quorum_reached(seats, quorum):
        got = f"{present(seats)} présents"
        yield Defect(
            place="quorum", expected=f"moins de {quorum} présents", got=got, way_out="Consignez la tenue de la séance."
        )


def _too_soon(held_on: date, on: date) -> Defect:
    way_out = "Attendez ce jour, ou annulez la séance."
    return Defect(place="séance", expected=f"le {held_on:%d/%m/%Y} ou après", got=f"{on:%d/%m/%Y}", way_out=way_out)


def check_opinion(
    opinion: str,
    votes: Votes | None,
    reasons: str,
    *,
    state: SessionState,
    seats: Sequence[Seat],
    recused: Collection[Recused],
    filed_by: UUID,
) -> Iterator[Defect]:
    """An opinion is that of a session held, without the association that filed. It is recorded, never computed.

    In:  `opinion`, the code that the commission chose; its votes (None only for an opinion put off), its reasons.
    """
    place = "avis"
    if state is not SessionState.HELD:
        way_out = "Consignez les présences, puis la tenue de la séance."
        yield Defect(place=place, expected="une séance tenue", got="une séance qui ne l’est pas", way_out=way_out)
    if not any(one.body == filed_by for one in recused):
        expected = "l’association à l’origine de la demande déportée"
        way_out = "Retirez le dossier de l’ordre du jour et inscrivez-le à nouveau."
        yield Defect(place=place, expected=expected, got="aucun déport de cette association", way_out=way_out)
    if not reasons.strip() and opinion in NEEDS_REASONS:
        way_out = "Écrivez en une phrase ce qui a été retenu."
        yield Defect(place="motifs de l’avis", expected=NEEDS_REASONS[opinion], got="rien", way_out=way_out)
    if opinion == "deferred":
        return
    most = voters(seats, recused)
    if votes is None or not votes.cast:
        way_out = "Comptez les voix\u00a0: pour, contre, abstentions."
        yield Defect(place="vote", expected="au moins une voix", got="aucune", way_out=way_out)
    elif votes.cast > most:
        expected = f"au plus {most} voix (présents moins déportés)"
        yield Defect(place="vote", expected=expected, got=str(votes.cast), way_out="Recomptez les voix.")


def room(taken: int, limit: int | None, asked: int) -> list[Defect]:
    """What refuses `asked` more files on an agenda. Filing is never refused: these files wait for a session."""
    if limit is None or taken + asked <= limit:
        return []
    left = max(limit - taken, 0)
    return [
        Defect(
            place="ordre du jour",
            expected=f"au plus {left} dossier{'s' if left > 1 else ''} de plus ({limit} par séance, réglage)",
            got=str(asked),
            way_out="Les autres attendent une séance\u00a0: convoquez-en une de plus, ou changez le réglage.",
        )
    ]


def split(waiting: Sequence[T], *, taken: int, limit: int | None) -> tuple[Sequence[T], Sequence[T]]:
    """Requests that a session can still take, first come first, and those that wait for another one."""
    left = len(waiting) if limit is None else max(limit - taken, 0)
    return waiting[:left], waiting[left:]


# ---------------------------------------------------------------- a commission that does not meet


@frozen(kw_only=True)
class Meeting:
    """A session, as far as meetings are counted."""

    day: date
    state: SessionState


@frozen(kw_only=True)
class Alert:
    """A sentence to show, and how much it matters."""

    level: Literal["info", "warning", "error"]
    text: str


def meeting_alerts(meetings: Iterable[Meeting], on: date) -> tuple[Alert, ...]:
    """What shows that a commission does not meet: days since the last session held, meetings missing in the year.

    Last year is judged only if the registry knew a session by then. Source: `legal.meetings`, two a year since 2026.
    """
    known = tuple(meetings)
    held = sorted(one.day for one in known if one.state is SessionState.HELD and one.day <= on)
    planned = sum(one.state is SessionState.CONVENED and one.day >= on for one in known if one.day.year == on.year)
    least = legal.meetings(on).per_year
    alerts = [_since(held[-1] if held else None, on, least)]
    if any(one.day.year < on.year for one in known):
        alerts += _year_over(held, on.year - 1)
    count = sum(day.year == on.year for day in held)
    if count < least:
        missing = least - count
        text = (
            f"En {on.year}, {_sessions(count)} sur {least} au moins\u00a0: il en manque {missing}, "
            f"{planned} {'sont convoquées' if planned > 1 else 'est convoquée'}."
        )
        alerts.append(Alert(level="info" if planned >= missing else "warning", text=text))
    return tuple(alerts)


def _since(last: date | None, on: date, least: int) -> Alert:
    if last is None:
        return Alert(level="error", text="La commission ne s’est jamais réunie, d’après le registre.")
    days = (on - last).days
    if days == 0:
        return Alert(level="info", text="La commission se réunit aujourd’hui.")
    text = f"La commission ne s’est pas réunie depuis {days} jour{'s' if days > 1 else ''} ({last:%d/%m/%Y})."
    return Alert(level="warning" if days * least > YEAR else "info", text=text)


def _year_over(held: Sequence[date], year: int) -> Iterator[Alert]:
    least = legal.meetings(date(year, 12, 31)).per_year
    count = sum(day.year == year for day in held)
    if count < least:
        yield Alert(level="error", text=f"En {year}, {_sessions(count)} sur {least} au moins.")


def _sessions(count: int) -> str:
    return f"{count} séance{'s' if count > 1 else ''} tenue{'s' if count > 1 else ''}"
