"""Appeals against a refusal, to the prefect or to the court, followed to their end."""

from datetime import date
from uuid import UUID, uuid4

from django.db import transaction

from egide.errors import Defect
from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.psp.actions.common import locked, move, safe_of, settings_of
from egide_registry.psp.models import Appeal, Decision, Request, Supporting
from egide_registry.psp.rules import reasons as rules
from egide_registry.psp.rules.refusals import refuse_if
from egide_registry.psp.rules.states import APPEAL, AppealKind, RequestState

# Acts that only one kind of appeal knows: the prefect answers the first, a court judges the second.
OF_COURT = frozenset({"record_annulment", "record_dismissal"})
OF_PREFECT = frozenset({"accept", "reject", "note_silence"})
JUDGMENT = "judgment"  # kind of the document that a court's answer is read in


@transaction.atomic
def lodge(request_id: UUID, kind: AppealKind, words: str, *, by: Mandate, filed_on: date, on: date) -> Appeal:
    """Record an appeal against a refusal that was notified. Its reasons are sealed."""
    check_role(by, Role.ASSOCIATION, Role.DELEGATE)
    request = locked(Request, request_id)
    refuse_if(_lodging_defects(request, filed_on, on))
    decision = request.decisions.get(outcome=Decision.Outcome.REFUSED)
    appeal = Appeal(id=uuid4(), decision=decision, file_id=request.file_id, kind=kind, filed_on=filed_on)
    safe_of(request.file_id, by).seal(appeal, "words", words)
    appeal.save(force_insert=True)
    audit.record(Event.APPEAL_MOVED, by=by, subject=request.file_id, appeal=str(appeal.pk), act="lodge", kind=kind)
    return appeal


def _lodging_defects(request: Request, filed_on: date, on: date) -> list[Defect]:
    found = []
    if request.state != RequestState.REFUSAL_NOTIFIED:
        way_out = "Un recours s’ouvre à la notification du refus\u202f; clos, il ne s’ouvre plus."
        found.append(Defect(place="recours", expected="un refus notifié", got="un autre état", way_out=way_out))
    if filed_on > on:
        way_out = "Indiquez le jour du dépôt ou du cachet de la poste."
        expected = "un jour passé ou aujourd’hui"
        found.append(Defect(place="date du recours", expected=expected, got=f"{filed_on:%d/%m/%Y}", way_out=way_out))
    return found


@transaction.atomic
def act(appeal_id: UUID, code: str, *, by: Mandate, on: date, words: str = "") -> Appeal:
    """Take an appeal one step on: registered, answered, judged, withdrawn, or silence noted.

    Refuses an act of the other kind of appeal, silence noted before its delay, a rejection without words, a court's
    answer without its judgment joined to the file.
    """
    appeal = locked(Appeal, appeal_id)
    refuse_if([*_kind_defects(appeal, code, on, by), *_needs_defects(appeal, code, words)])
    transition = move(appeal, APPEAL, code, by=by)
    if transition.target in APPEAL.final:
        appeal.ended_on = on
    if words:
        safe = safe_of(appeal.file_id, by)
        safe.seal(appeal, "words", f"{safe.read(appeal, 'words') or ''}\n\n{words}".strip())
    appeal.save(update_fields=["state", "ended_on", "words"])
    audit.record(Event.APPEAL_MOVED, by=by, subject=appeal.file_id, appeal=str(appeal.pk), act=code)
    return appeal


def _needs_defects(appeal: Appeal, code: str, words: str) -> list[Defect]:
    if code == "reject" and not words.strip():
        way_out = "Exposez pourquoi le recours est rejeté."
        return [Defect(place="rejet du recours", expected="des motifs rédigés", got="rien", way_out=way_out)]
    if code in OF_COURT and not Supporting.objects.filter(file_id=appeal.file_id, kind=JUDGMENT).exists():
        way_out = "Joignez le jugement au dossier, puis consignez son sens."
        return [Defect(place="issue du recours", expected="le jugement joint", got="aucun jugement", way_out=way_out)]
    return []


def _kind_defects(appeal: Appeal, code: str, on: date, by: Mandate) -> list[Defect]:
    court = appeal.kind == AppealKind.TRIBUNAL
    if (court and code in OF_PREFECT) or (not court and code in OF_COURT):
        expected = "l’issue d’un jugement" if court else "la réponse du préfet"
        way_out = "Choisissez l’acte qui répond à ce recours."
        return [Defect(place="recours", expected=expected, got="l’acte de l’autre recours", way_out=way_out)]
    if code == "note_silence":
        day = rules.implicit_rejection_day(appeal.filed_on, settings=settings_of(by.department_id))
        if on < day:
            way_out = "Attendez ce jour, ou répondez au recours."
            expected = f"le {day:%d/%m/%Y} ou après"
            return [Defect(place="rejet implicite", expected=expected, got=f"{on:%d/%m/%Y}", way_out=way_out)]
    return []
