"""The law as dated data: exit paths, AFIS scales, residence permits, approvals, ways of appeal.

Each rule holds from a day to a day, both included, and names its texts. What the law does not give is not here: the
registry asks for it as a setting. Own words for software; the law in force is on Légifrance.
Source: docs/methods/afis.md, docs/methods/psp-periods.md, docs/methods/psp-states.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Protocol, TypeVar

from attrs import frozen

from egide.errors import EgideError
from egide.reference import load


class NoRule(EgideError):
    """The law, as known here, says nothing for that day or that case. Never replaced by a guess."""


class Zone(StrEnum):
    FRANCE = "france"
    MAYOTTE = "mayotte"


class AppealKind(StrEnum):
    GRACIEUX = "gracieux"
    TRIBUNAL = "tribunal_administratif"


@frozen(kw_only=True)
class Text:
    """A text that a rule comes from. `date` is None where our sources do not give it."""

    id: str
    title: str  # French, ready to be shown
    date: date | None


@frozen(kw_only=True)
class PathTerm:
    """How long a period of a path lasts, and all the periods of a person together."""

    since: date
    until: date | None
    period_months: int
    max_months: int
    texts: tuple[Text, ...]
    note: str


@frozen(kw_only=True)
class Permit:
    """The APS, which a path opens to a foreigner."""

    since: date
    until: date | None
    least_months: int
    right_to_work: bool
    texts: tuple[Text, ...]
    note: str


@frozen(kw_only=True)
class Approval:
    """The clocks of an association's approval."""

    since: date
    until: date | None
    complete_after_months: int  # nothing asked meanwhile: the file is deemed complete
    tacit_after_months: int  # silence on a complete file: approved
    years: int
    texts: tuple[Text, ...]
    note: str


@frozen(kw_only=True)
class Meetings:
    """How many times a year, at least, a departmental commission meets."""

    since: date
    until: date | None
    per_year: int
    texts: tuple[Text, ...]
    note: str


@frozen(kw_only=True)
class AppealWay:
    """Before whom a refusal is appealed. `delay_months` is None where our texts give no delay."""

    kind: AppealKind
    since: date
    until: date | None
    label: str
    before: str
    delay_months: int | None
    clear_days: bool  # délai franc: the day of the notification and the day of the term do not count
    texts: tuple[Text, ...]
    note: str


@frozen(kw_only=True)
class AfisScale:
    """Euros per month by number of children: `amounts[n]`, then `further_child` for each beyond the table."""

    zone: Zone
    since: date
    until: date | None
    amounts: tuple[Decimal, ...]  # empty: our sources do not give them
    further_child: Decimal | None
    texts: tuple[Text, ...]
    note: str


class _Dated(Protocol):
    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date | None: ...


Rule = TypeVar("Rule", bound=_Dated)


def in_force(rules: Sequence[Rule], on: date, *, what: str) -> Rule:
    """The rule that holds on a day. Raises NoRule, with the days that are covered, when there is none."""
    for rule in rules:
        if rule.since <= on and (rule.until is None or on <= rule.until):
            return rule
    first = min(rule.since for rule in rules)
    raise NoRule(
        f"Aucune règle connue le {on.isoformat()} pour {what} : la plus ancienne vaut à partir du {first.isoformat()}. "
        "Vérifiez la date, ou complétez les règles datées avec le texte qui les fonde."
    )


@cache
def texts() -> dict[str, Text]:
    rows = load.document("legal/texts.json")
    return {row["id"]: Text(id=row["id"], title=row["title"], date=_day(row["date"])) for row in rows}


@cache
def path_terms() -> tuple[PathTerm, ...]:
    return tuple(PathTerm(**_dated(row)) for row in load.document("legal/psp.json"))


@cache
def permits() -> tuple[Permit, ...]:
    return tuple(Permit(**_dated(row)) for row in load.document("legal/aps.json"))


@cache
def approvals() -> tuple[Approval, ...]:
    return tuple(Approval(**_dated(row)) for row in load.document("legal/associations.json"))


@cache
def meeting_rules() -> tuple[Meetings, ...]:
    return tuple(Meetings(**_dated(row)) for row in load.document("legal/meetings.json"))


@cache
def appeal_ways() -> tuple[AppealWay, ...]:
    rows = load.document("legal/appeals.json")
    return tuple(AppealWay(**_dated(row) | {"kind": AppealKind(row["kind"])}) for row in rows)


@cache
def afis_scales() -> tuple[AfisScale, ...]:
    return tuple(_scale(row) for row in load.document("legal/afis.json"))


def path_term(on: date) -> PathTerm:
    return in_force(path_terms(), on, what="la durée d’un parcours")


def permit(on: date) -> Permit:
    return in_force(permits(), on, what="l’autorisation provisoire de séjour")


def approval(on: date) -> Approval:
    return in_force(approvals(), on, what="l’agrément des associations")


def meetings(on: date) -> Meetings:
    return in_force(meeting_rules(), on, what="le nombre de séances d’une commission")


def appeal_way(kind: AppealKind, on: date) -> AppealWay:
    ways = tuple(way for way in appeal_ways() if way.kind is kind)
    return in_force(ways, on, what=ways[0].label)


def afis_scale(zone: Zone, on: date) -> AfisScale:
    """The scale of a zone on a day. It may hold no amount: see `AfisScale.amounts`."""
    return in_force(tuple(scale for scale in afis_scales() if scale.zone is zone), on, what="le barème de l’AFIS")


def zone_of(department: str) -> Zone:
    """The scale that holds in a department, by its Insee code (`62`, `976`)."""
    return Zone.MAYOTTE if department == "976" else Zone.FRANCE


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    known = texts()
    return row | {
        "since": date.fromisoformat(row["since"]),
        "until": _day(row["until"]),
        "texts": tuple(known[one] for one in row["texts"]),
    }


def _scale(row: dict[str, Any]) -> AfisScale:
    return AfisScale(
        **_dated(row)
        | {
            "zone": Zone(row["zone"]),
            "amounts": tuple(Decimal(one) for one in row["amounts"] or ()),
            "further_child": None if row["further_child"] is None else Decimal(row["further_child"]),
        }
    )
