"""The life of a path once granted: suspensions, early exit in two persons, end at term or on request, closing."""

from collections.abc import Collection
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction

from egide.errors import Defect
from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.psp.actions.common import locked, move, safe_of, settings_of, term_of, touch
from egide_registry.psp.models import File, Period, Suspension
from egide_registry.psp.rules import periods as terms
from egide_registry.psp.rules import reasons as rules
from egide_registry.psp.rules.refusals import RuleRefused, refuse_if
from egide_registry.psp.rules.states import FILE, FileState


def current(file: File, on: date) -> Period:
    """The period that covers a day. Refuses when none does."""
    period = file.periods.select_for_update().filter(starts_on__lte=on, ends_on__gte=on).first()
    if period is None:
        got, way_out = "aucune", "Vérifiez les dates du parcours."
        expected = f"une période qui couvre le {on:%d/%m/%Y}"
        raise RuleRefused([Defect(place="parcours", expected=expected, got=got, way_out=way_out)])
    return period


def _check_last(file: File, period: Period) -> None:
    """Refuse to end a path in a period that another, already granted, follows: that one would stay open."""
    later = file.periods.filter(starts_on__gt=period.ends_on).order_by("starts_on").first()
    if later is not None:
        got = f"une période accordée à partir du {later.starts_on:%d/%m/%Y}"
        way_out = "Terminez le parcours pendant cette période-là."
        refuse_if([Defect(place="fin du parcours", expected="la dernière période", got=got, way_out=way_out)])


@transaction.atomic
def suspend(file_id: UUID, *, starts_on: date, ends_on: date, words: str, by: Mandate, on: date) -> Suspension:
    """Days during which the path stands still. Whether the end is pushed back is the department's setting."""
    check_role(by, Role.DELEGATE, Role.PREFECT)
    file = locked(File, file_id)
    period = current(file, starts_on)
    extends = settings_of(by.department_id).suspension_extends
    added = terms.Suspension(starts_on=starts_on, ends_on=ends_on)
    after = terms.suspend(term_of(period), added, suspension_extends=extends)
    # Pushed back, this period may run into a renewal granted in advance.
    others = [term_of(one) for one in file.periods.exclude(pk=period.pk)]
    refuse_if(terms.check_periods([*others, after], suspension_extends=extends))
    row = Suspension(id=uuid4(), file=file, period=period, starts_on=starts_on, ends_on=ends_on)
    safe_of(file.pk, by).seal(row, "reasons", words)
    row.save(force_insert=True)
    if after.ends_on != period.ends_on:
        period.ends_on = after.ends_on
        period.save(update_fields=["ends_on"])
    audit.record(Event.SUSPENSION_RECORDED, by=by, subject=file.pk, period=str(period.pk))
    return row


@transaction.atomic
def propose_exit(
    file_id: UUID, codes: Collection[str], written: str, *, last_day: date, by: Mandate, on: date
) -> Period:
    """Propose to end a path before its term, with reasons. A second person confirms."""
    check_role(by, Role.DELEGATE, Role.PREFECT)
    file = locked(File, file_id)
    period = current(file, on)
    refuse_if(rules.check_exit(codes, written, settings=settings_of(by.department_id)))
    terms.end_early(term_of(period), last=last_day)
    _check_last(file, period)
    move(file, FILE, "propose_exit", by=by)
    safe_of(file.pk, by).seal(period, "exit_reasons", {"codes": sorted(codes), "written": written})
    period.exit_on = last_day
    period.exit_asked_person = by.person_id
    period.save(update_fields=["exit_reasons", "exit_on", "exit_asked_person"])
    _saved(file, by, "propose_exit")
    return period


def _proposed(file: File) -> Period:
    return file.periods.select_for_update().get(exit_asked_person__isnull=False, exit_confirmed_person__isnull=True)


@transaction.atomic
def drop_exit(file_id: UUID, *, by: Mandate, on: date) -> None:
    """Give up an early exit that nobody confirmed."""
    check_role(by, Role.PREFECT)
    file = locked(File, file_id)
    move(file, FILE, "drop_exit", by=by)
    period = _proposed(file)
    period.exit_on = period.exit_reasons = period.exit_asked_person = None
    period.save(update_fields=["exit_reasons", "exit_on", "exit_asked_person"])
    _saved(file, by, "drop_exit")


@transaction.atomic
def confirm_exit(file_id: UUID, *, by: Mandate, on: date) -> Period:
    """End the path before its term, as a second person. Whoever proposed cannot."""
    check_role(by, Role.PREFECT)
    file = locked(File, file_id)
    move(file, FILE, "confirm_exit", by=by)
    period = _proposed(file)
    if period.exit_asked_person == by.person_id:
        way_out = "Demandez à une autre personne qui décide de relire et de confirmer."
        got = "celle qui l’a proposée"
        defect = Defect(place="sortie anticipée", expected="une seconde personne", got=got, way_out=way_out)
        raise RuleRefused([defect])
    period.exit_confirmed_person = by.person_id
    _cut(period, period.exit_on or on)
    period.save(update_fields=["exit_confirmed_person", "ends_on", "ended_early"])
    _saved(file, by, "confirm_exit", event=Event.PERIOD_ENDED)
    return period


def _cut(period: Period, last: date) -> None:
    after = terms.end_early(term_of(period), last=last)
    period.ends_on, period.ended_early = after.ends_on, True


@transaction.atomic
def end_on_request(file_id: UUID, *, last_day: date, by: Mandate, on: date) -> None:
    """The person asks to stop: the association ends the path, without anyone's leave."""
    check_role(by, Role.ASSOCIATION)
    file = locked(File, file_id)
    period = current(file, last_day)
    _check_last(file, period)
    move(file, FILE, "end_on_request", by=by)
    _cut(period, last_day)
    period.save(update_fields=["ends_on", "ended_early"])
    touch(file, on)
    _saved(file, by, "end_on_request", event=Event.PERIOD_ENDED)


@transaction.atomic
def end_at_term(file_id: UUID, *, by: Mandate, on: date) -> None:
    """Note that the last day has passed. Refuses while a period is still to come."""
    check_role(by, Role.DELEGATE, Role.PREFECT, Role.KEEPER)
    file = locked(File, file_id)
    last = file.periods.order_by("-ends_on").first()
    if last is None or last.ends_on >= on:
        got = "aucune période" if last is None else f"une période jusqu’au {last.ends_on:%d/%m/%Y}"
        way_out = "Attendez le lendemain du dernier jour."
        refuse_if([Defect(place="terme du parcours", expected="des périodes passées", got=got, way_out=way_out)])
    move(file, FILE, "end_at_term", by=by)
    _saved(file, by, "end_at_term", event=Event.PERIOD_ENDED)


@transaction.atomic
def close(file_id: UUID, *, by: Mandate, on: date) -> None:
    """Close a file: its path ended, or no request under way. What follows is its lifetime, then its purge."""
    check_role(by, Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
    file = locked(File, file_id)
    running = file.requests.exclude(state__in=("closed", "withdrawn")).count()
    if running:
        way_out = "Menez-la à son terme, ou retirez-la."
        got = f"{running} en cours"
        refuse_if([Defect(place="clôture", expected="aucune demande en cours", got=got, way_out=way_out)])
    move(file, FILE, "close_without_path" if file.state == FileState.OPEN else "close", by=by)
    file.closed_on = on
    _saved(file, by, "close", event=Event.FILE_CLOSED)


@transaction.atomic
def reopen(file_id: UUID, *, by: Mandate, on: date) -> None:
    """Open a closed file again. Its lifetime goes on from the last contact: opening alone resets nothing."""
    check_role(by, Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
    file = locked(File, file_id)
    move(file, FILE, "reopen", by=by)
    file.closed_on = None
    _saved(file, by, "reopen")


def _saved(file: File, by: Mandate, act: str, *, event: Event = Event.FILE_CHANGED) -> None:
    file.save(update_fields=["state", "closed_on"])
    audit.record(event, by=by, subject=file.pk, act=act)
