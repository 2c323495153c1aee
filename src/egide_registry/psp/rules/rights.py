"""Each right that a path opens, followed on its own by its dates; and what should alarm.

Source: docs/methods/psp-states.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum

from attrs import field, frozen

from egide.errors import Defect
from egide_registry.psp.rules.calendar import DAY, french
from egide_registry.psp.rules.settings import Settings


class RightKind(StrEnum):
    APS = "aps"
    AFIS = "afis"
    HOUSING = "housing"
    SUPPORT = "support"


class RightStatus(StrEnum):
    """Never stored: read from the dates, as of a day."""

    ASKED = "asked"
    GRANTED = "granted"
    EFFECTIVE = "effective"
    ENDED = "ended"
    REFUSED = "refused"


class AlarmCode(StrEnum):
    NOT_EFFECTIVE = "not_effective"
    APS_LAPSES = "aps_lapses"
    AFIS_CUT = "afis_cut"


KIND_LABELS = {
    RightKind.APS: "autorisation provisoire de séjour",
    RightKind.AFIS: "aide financière à l’insertion sociale",
    RightKind.HOUSING: "hébergement ou logement",
    RightKind.SUPPORT: "accompagnement",
}
STATUS_LABELS = {
    RightStatus.ASKED: "demandé",
    RightStatus.GRANTED: "accordé",
    RightStatus.EFFECTIVE: "effectif",
    RightStatus.ENDED: "terminé",
    RightStatus.REFUSED: "refusé",
}


@frozen(kw_only=True)
class Right:
    """One right, one time: a renewed APS is another right. `ends_on` is its last day, None while it has none."""

    kind: RightKind
    asked_on: date
    granted_on: date | None = None
    effective_on: date | None = None
    refused_on: date | None = None
    ends_on: date | None = None


@frozen(kw_only=True)
class Cover:
    """Days on which a document lets a foreigner receive the AFIS: an APS, or the receipt of its renewal."""

    starts_on: date
    ends_on: date | None = None


@frozen(kw_only=True)
class Alarm:
    code: AlarmCode
    kind: RightKind
    on: date  # the day it is about: granted since, lapses on, first day without
    days: int = field()  # days since or until `on`, never negative
    text: str


def status(right: Right, *, on: date) -> RightStatus:
    """What a right is on a day, from its dates only. A date that is still to come has not happened."""
    if _happened(right.refused_on, on):
        return RightStatus.REFUSED
    if right.ends_on is not None and right.ends_on < on:
        return RightStatus.ENDED
    if _happened(right.effective_on, on):
        return RightStatus.EFFECTIVE
    return RightStatus.GRANTED if _happened(right.granted_on, on) else RightStatus.ASKED


def check_right(right: Right) -> tuple[Defect, ...]:
    """Everything wrong with the dates of a right: they follow each other, and what is refused is not granted."""
    place = KIND_LABELS[right.kind]
    steps = [
        ("demande", right.asked_on),
        ("accord", right.granted_on),
        ("effet", right.effective_on),
        ("fin", right.ends_on),
    ]
    return (*_order_defects(place, steps), *_missing_defects(place, right))


def first_day_without_cover(covers: Iterable[Cover], *, since: date, until: date) -> date | None:
    """The first day, from `since` to `until`, that no document covers; None when all are covered."""
    day = since
    for cover in sorted(covers, key=lambda one: one.starts_on):
        if cover.starts_on > day:
            break
        if cover.ends_on is None:
            return None
        day = max(day, cover.ends_on + DAY)
    return day if day <= until else None


def alarms(
    rights: Sequence[Right],
    *,
    on: date,
    settings: Settings,
    path_ends_on: date,
    foreigner: bool,
    receipts: Sequence[Cover] = (),
) -> tuple[Alarm, ...]:
    """What somebody must look at today, the most pressing first.

    In: the rights of a file; the last day of its path; `foreigner`, whose AFIS needs an APS or a receipt of renewal.
    """
    found = [
        *_not_effective(rights, on, settings),
        *_aps_lapses(rights, on, settings, path_ends_on),
        *(_afis_cut(rights, on, settings, path_ends_on, receipts) if foreigner else ()),
    ]
    urgency = [AlarmCode.AFIS_CUT, AlarmCode.APS_LAPSES, AlarmCode.NOT_EFFECTIVE]
    return tuple(sorted(found, key=lambda alarm: (urgency.index(alarm.code), alarm.on, alarm.kind)))


def _not_effective(rights: Sequence[Right], on: date, settings: Settings) -> Iterator[Alarm]:
    for right in rights:
        if right.granted_on is None or status(right, on=on) is not RightStatus.GRANTED:
            continue
        days = (on - right.granted_on).days
        if days >= settings.not_effective_days:
            text = f"{KIND_LABELS[right.kind]} : accord du {french(right.granted_on)}, toujours sans effet"
            yield _alarm(AlarmCode.NOT_EFFECTIVE, right.kind, right.granted_on, days, text)


def _aps_lapses(rights: Sequence[Right], on: date, settings: Settings, path_ends_on: date) -> Iterator[Alarm]:
    """The last APS ends before the path, soon or already, and no later one was asked."""
    aps = [one for one in rights if one.kind is RightKind.APS and one.refused_on is None]
    running = [one for one in aps if one.effective_on is not None and one.ends_on is not None]
    if not running:
        return
    last = max(running, key=lambda one: one.ends_on or on)
    if last.ends_on is None or last.ends_on >= path_ends_on or path_ends_on < on:
        return
    renewed = any(one is not last and last.asked_on < one.asked_on <= on for one in aps)
    if not renewed and (last.ends_on - on).days <= settings.aps_lapse_days:
        text = f"autorisation provisoire de séjour : fin le {french(last.ends_on)}, renouvellement non demandé"
        yield _alarm(AlarmCode.APS_LAPSES, RightKind.APS, last.ends_on, abs((last.ends_on - on).days), text)


def _afis_cut(
    rights: Sequence[Right], on: date, settings: Settings, path_ends_on: date, receipts: Sequence[Cover]
) -> Iterator[Alarm]:
    """A foreigner's AFIS stops with the APS: the first day, from today, that no APS nor receipt covers."""
    if not any(one.kind is RightKind.AFIS and status(one, on=on) is RightStatus.EFFECTIVE for one in rights):
        return
    covers = [
        *receipts,
        *(
            Cover(starts_on=one.effective_on, ends_on=one.ends_on)
            for one in rights
            if one.kind is RightKind.APS and one.effective_on is not None and one.refused_on is None
        ),
    ]
    day = first_day_without_cover(covers, since=on, until=path_ends_on)
    if day is not None and (day - on).days <= settings.aps_lapse_days:
        text = (
            f"aide financière à l’insertion sociale : sans titre de séjour à partir du {french(day)}, versement menacé"
        )
        yield _alarm(AlarmCode.AFIS_CUT, RightKind.AFIS, day, (day - on).days, text)


def _happened(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def _alarm(code: AlarmCode, kind: RightKind, on: date, days: int, text: str) -> Alarm:
    return Alarm(code=code, kind=kind, on=on, days=days, text=text[0].upper() + text[1:] + ".")


def _order_defects(place: str, steps: list[tuple[str, date | None]]) -> Iterator[Defect]:
    known = [(name, day) for name, day in steps if day is not None]
    for number, (name, day) in enumerate(known):
        latest = max((earlier for _, earlier in known[:number]), default=day)
        if day < latest:
            expected = f"le {french(latest)} ou après"
            yield Defect(place=f"{place}, {name}", expected=expected, got=french(day), way_out="Corrigez les dates.")


def _missing_defects(place: str, right: Right) -> Iterator[Defect]:
    if right.effective_on is not None and right.granted_on is None:
        way_out = "Consignez d’abord l’accord."
        yield Defect(place=f"{place}, effet", expected="une date d’accord", got="aucune", way_out=way_out)
    if right.refused_on is not None and right.granted_on is not None:
        way_out = "Gardez l’un des deux ; une nouvelle demande est un autre droit."
        yield Defect(place=place, expected="un accord ou un refus", got="les deux", way_out=way_out)
    if right.refused_on is not None and right.refused_on < right.asked_on:
        expected = f"le {french(right.asked_on)} ou après"
        got = french(right.refused_on)
        yield Defect(place=f"{place}, refus", expected=expected, got=got, way_out="Corrigez les dates.")
