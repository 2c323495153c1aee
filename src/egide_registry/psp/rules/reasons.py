"""Coded reasons of refusals, grants and early exits; what a refusal must hold before it is signed, notified, closed.

Codes are counted; the words beside them are what the person reads and what a court judges.
Source: docs/methods/psp-states.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from attrs import frozen

from egide.errors import Defect
from egide.reference import legal
from egide.reference.legal import AppealKind, NoRule
from egide_registry.psp.rules.calendar import DAY, french, last_day, plus_months
from egide_registry.psp.rules.settings import Settings
from egide_registry.psp.rules.states import AppealState

COURT = "Conseil d’État, 19 novembre 2021, n° 440802 : motif jugé insuffisant ; à faire vérifier par un juriste."
PRACTICE = "Motif relevé dans des refus de 2023 ; ce n’est pas un critère de la loi."


@frozen(kw_only=True)
class Reason:
    """A coded reason. `not_alone`: it never carries a refusal, even with others of its kind."""

    code: str
    label: str
    note: str = ""  # French: legal note, shown beside the choice
    not_alone: bool = False
    renewal_only: bool = False
    by_decision: bool = True  # early exits: False when the person asks, or it is a fact; no second person needed


REFUSAL_REASONS = (
    Reason(code="not_victim", label="La qualité de victime n’est pas établie", note="Article L.121-9 du CASF."),
    Reason(
        code="no_agreement", label="La personne n’est pas d’accord avec le parcours", note="Article L.121-9 du CASF."
    ),
    Reason(
        code="not_approved",
        label="L’association n’est pas agréée dans le département",
        note="Articles L.121-9 et R.121-12-3 du CASF.",
    ),
    Reason(code="cap_reached", label="La durée maximale du parcours est atteinte", note="24 mois en tout."),
    Reason(
        code="commitments",
        label="Les engagements du parcours n’ont pas été respectés",
        note="Article R.121-12-13-1 du CASF.",
        renewal_only=True,
    ),
    Reason(code="not_stopped", label="La prostitution n’a pas encore cessé", note=COURT, not_alone=True),
    Reason(code="no_complaint", label="Aucune plainte n’a été déposée", note=COURT, not_alone=True),
    Reason(code="elsewhere", label="Prostitution dans un autre pays", note=PRACTICE, not_alone=True),
    Reason(code="ended_long_ago", label="Prostitution terminée depuis longtemps", note=PRACTICE, not_alone=True),
    Reason(code="removal_order", label="Obligation de quitter le territoire", note=PRACTICE, not_alone=True),
    Reason(code="account", label="Récit jugé non cohérent", note=PRACTICE, not_alone=True),
    Reason(code="other", label="Autre motif, à exposer par écrit"),
)

EXIT_REASONS = (
    Reason(code="on_request", label="Demande de la personne", by_decision=False),
    Reason(code="goal_reached", label="Projet abouti, à la demande de la personne", by_decision=False),
    Reason(code="death", label="Décès", by_decision=False),
    Reason(code="commitments", label="Engagements non respectés", note="Article R.121-12-13-1 du CASF."),
    Reason(code="conditions", label="Conditions du parcours perdues", note="Article R.121-12-13-1 du CASF."),
    Reason(code="lost_contact", label="Contact perdu"),
    Reason(code="other", label="Autre motif, à exposer par écrit"),
)


@frozen(kw_only=True)
class AppealNotice:
    """The text on ways and delays of appeal that goes with a refusal. A change of wording is a new version."""

    version: str
    text: str


@frozen(kw_only=True)
class Appeal:
    """An appeal against a refusal. `answered_on`: the day its answer was notified or became implicit."""

    kind: AppealKind
    state: AppealState
    filed_on: date
    answered_on: date | None = None


def appeal_notice(on: date) -> AppealNotice:
    """The text for a refusal decided on a day, with the delays of the law of that day. Kept whole with the decision."""
    gracieux, court = (legal.appeal_way(kind, on) for kind in (AppealKind.GRACIEUX, AppealKind.TRIBUNAL))
    return AppealNotice(
        version="2026-1",
        text=(
            f"Vous pouvez contester cette décision. Vous pouvez former un {gracieux.label} devant {gracieux.before}. "
            f"Vous pouvez aussi former un {court.label}, dans les {court.delay_months} mois qui suivent la date "
            "à laquelle cette décision vous a été remise ou notifiée. "
            "L’association qui vous accompagne peut vous y aider."
        ),
    )


def check_refusal(
    codes: Collection[str], written: str, *, renewal: bool, settings: Settings, notice_version: str
) -> tuple[Defect, ...]:
    """Everything that keeps a refusal from being signed: codes, written reasons, ways and delays of appeal."""
    return (
        *_code_defects(codes, renewal=renewal),
        *_written_defects(written, settings),
        *_notice_defects(notice_version),
    )


def check_exit(codes: Collection[str], written: str, *, settings: Settings) -> tuple[Defect, ...]:
    """Everything that keeps an early exit from being signed. One that the person asked for needs no written reasons."""
    known = {reason.code: reason for reason in EXIT_REASONS}
    needs_words = any(known[code].by_decision for code in codes if code in known)
    return (*_unknown_codes(codes, EXIT_REASONS), *(_written_defects(written, settings) if needs_words else ()))


def last_appeal_day(notified_on: date) -> date:
    """The last day to go to court. Clear days: notified on 10 January, two months, until 11 March.

    A last day that falls on a week-end or a holiday moves to the next working day: not counted here, see
    `Settings.closing_margin_days`. Raises NoRule where the law gives no delay.
    """
    way = legal.appeal_way(AppealKind.TRIBUNAL, notified_on)
    if way.delay_months is None:
        raise NoRule(f"Aucun délai connu pour un {way.label} le {french(notified_on)}.")
    return plus_months(notified_on, way.delay_months) + (DAY if way.clear_days else timedelta())


def implicit_rejection_day(filed_on: date, *, settings: Settings) -> date:
    """The day silence becomes the rejection of a recours gracieux. A setting: see docs/methods/psp-states.md."""
    return last_day(filed_on, settings.implicit_rejection_months) + DAY


def check_closing(
    notified_on: date | None, appeals: Sequence[Appeal], *, on: date, settings: Settings
) -> tuple[Defect, ...]:
    """Everything that keeps a refusal from being closed: no notification, an appeal not ended or accepted, a delay."""
    return tuple(_closing_defects(notified_on, appeals, on, settings))


def _closing_defects(
    notified_on: date | None, appeals: Sequence[Appeal], on: date, settings: Settings
) -> Iterator[Defect]:
    if notified_on is None:
        yield _defect("clôture du refus", "une notification prouvée", "aucune", "Notifiez d’abord le refus.")
        return
    for appeal in appeals:
        way = legal.appeal_way(appeal.kind, appeal.filed_on)
        place = f"clôture du refus, {way.label} du {french(appeal.filed_on)}"
        if appeal.state in (AppealState.FILED, AppealState.UNDER_REVIEW):
            yield _defect(place, "un recours terminé", "un recours en cours", "Attendez son issue et consignez-la.")
        if appeal.state is AppealState.ACCEPTED:
            yield _defect(place, "aucun recours accueilli", "un recours accueilli", "Autorisez le parcours.")
    # A recours gracieux filed in time stops the delay: it runs again, whole, from its answer.
    starts = [notified_on]
    for appeal in sorted(appeals, key=lambda one: one.filed_on):
        if appeal.kind is AppealKind.GRACIEUX and appeal.answered_on and appeal.filed_on <= last_appeal_day(starts[-1]):
            starts.append(max(starts[-1], appeal.answered_on))
    first = last_appeal_day(starts[-1]) + timedelta(days=settings.closing_margin_days) + DAY
    if on < first:
        way_out = "Attendez la fin du délai de recours et de la marge réglée."
        yield _defect("clôture du refus", f"le {french(first)} ou après", french(on), way_out)


def _code_defects(codes: Collection[str], *, renewal: bool) -> Iterator[Defect]:
    yield from _unknown_codes(codes, REFUSAL_REASONS)
    chosen = [reason for reason in REFUSAL_REASONS if reason.code in codes]
    if chosen and all(reason.not_alone for reason in chosen):
        got = ", ".join(f"« {reason.label} »" for reason in chosen)
        way_out = "Ajoutez le motif qui fonde le refus, ou n’en proposez pas."
        yield _defect("motifs du refus", "un motif qui puisse fonder seul un refus", got, way_out)
    for reason in chosen:
        if reason.renewal_only and not renewal:
            way_out = "Choisissez un autre motif."
            yield _defect("motifs du refus", "un motif de première demande", f"« {reason.label} »", way_out)


def _unknown_codes(codes: Collection[str], reasons: Sequence[Reason]) -> Iterator[Defect]:
    known = {reason.code for reason in reasons}
    if not codes:
        yield _defect("motifs", "au moins un motif codé", "aucun", "Cochez chaque motif retenu.")
    for code in sorted(set(codes) - known):
        yield _defect("motifs", "un motif de la liste", f"« {code} »", "Choisissez dans la liste.")


def _written_defects(written: str, settings: Settings) -> Iterator[Defect]:
    length = len(" ".join(written.split()))
    if length < settings.reasons_min_length:
        expected = f"{settings.reasons_min_length} caractères au moins"
        way_out = "Exposez les faits retenus et pourquoi ils conduisent à cette décision."
        yield _defect("motifs rédigés", expected, f"{length}", way_out)


def _notice_defects(version: str) -> Iterator[Defect]:
    if not version:
        way_out = "Joignez le texte sur les voies et délais de recours."
        yield _defect("voies et délais de recours", "la version du texte joint", "aucune", way_out)


def _defect(place: str, expected: str, got: str, way_out: str) -> Defect:
    return Defect(place=place, expected=expected, got=got, way_out=way_out)
