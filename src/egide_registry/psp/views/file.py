"""The page of one file: who, where it stands, what may be done next, and everything dated that happened."""

from datetime import date
from typing import Any
from uuid import UUID

from attrs import frozen
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.psp.actions.common import settings_of
from egide_registry.psp.actions.deciding import periods_of
from egide_registry.psp.actions.filing import DOCUMENT_KINDS
from egide_registry.psp.actions.outcomes import dues_of
from egide_registry.psp.actions.rights import as_rule
from egide_registry.psp.models import Appeal, Decision, File, Request
from egide_registry.psp.reading import OpenFile
from egide_registry.psp.rules import outcomes, rights
from egide_registry.psp.rules import periods as terms
from egide_registry.psp.rules.states import APPEAL, FILE, REQUEST, TRANSFER, AppealState, FileState, RequestState
from egide_registry.psp.rules.states import TransferState as Transfers
from egide_registry.psp.views.reach import opened, serves
from egide_registry.theme.components import Act

# Acts of the tables of states that have a page, by code. The others happen inside one of these or in a session.
REQUEST_PAGES = {
    "file": "psp:request",
    "send_pieces": "psp:request",
    "withdraw": "psp:withdraw",
    "ask_pieces": "psp:ask_pieces",
    "ask_more": "psp:ask_pieces",
    "declare_complete": "psp:declare_complete",
    "grant": "psp:grant",
    "grant_after_appeal": "psp:grant",
    "propose_refusal": "psp:propose_refusal",
    "drop_refusal": "psp:drop_refusal",
    "confirm_refusal": "psp:confirm_refusal",
    "notify_grant": "psp:notify",
    "notify_refusal": "psp:notify",
    "close_grant": "psp:close_request",
    "close_refusal": "psp:close_request",
}
TO_WRITE = {"file": "Compléter et déposer la demande", "send_pieces": "Compléter et renvoyer la demande"}
OVER = (RequestState.CLOSED, RequestState.WITHDRAWN)
NOTIFIED = (RequestState.GRANT_NOTIFIED, RequestState.REFUSAL_NOTIFIED)
CLOSING = ("close", "close_without_path")
FILE_PAGES = {
    "end_at_term": "psp:end_at_term",
    "end_on_request": "psp:end_on_request",
    "propose_exit": "psp:propose_exit",
    "drop_exit": "psp:drop_exit",
    "confirm_exit": "psp:confirm_exit",
    "close": "psp:close",
    "close_without_path": "psp:close",
    "reopen": "psp:reopen",
}


@frozen(kw_only=True)
class Step:
    """Something this mandate may do now: its words and its page."""

    label: str
    href: str


def _upheld(request: Request) -> bool:
    return Appeal.objects.filter(decision__request=request, state=AppealState.ACCEPTED).exists()


def _at_term(file: File) -> bool:
    """The last day of the last period has passed."""
    return not file.periods.filter(ends_on__gte=timezone.localdate()).exists()


def steps_of(file: File, requests: list[Request], by: Mandate) -> list[Step]:
    """What may be done next, read from the tables of states: no page offers what the database would refuse."""
    role = Role(by.role)
    steps = [
        Step(label=TO_WRITE.get(act.act, act.label), href=reverse(REQUEST_PAGES[act.act], args=[one.pk]))
        for one in requests
        for act in REQUEST.leaving(RequestState(one.state), role=role)
        if act.act in REQUEST_PAGES and (act.act != "grant_after_appeal" or _upheld(one))
    ]
    steps += [
        Step(label=act.label, href=reverse(FILE_PAGES[act.act], args=[file.pk]))
        for act in FILE.leaving(FileState(file.state), role=role)
        if act.act in FILE_PAGES
        and (act.act not in CLOSING or all(one.state in OVER for one in requests))
        and (act.act != "end_at_term" or _at_term(file))
    ]
    steps += [
        Step(label="Consigner un recours", href=reverse("psp:lodge", args=[one.pk]))
        for one in requests
        if one.state == RequestState.REFUSAL_NOTIFIED and role in (Role.ASSOCIATION, Role.DELEGATE)
    ]
    open_request = any(one.state not in (*OVER, *NOTIFIED) for one in requests)
    followed = file.state in (FileState.IN_PATH, FileState.ENDED) or (
        file.state == FileState.OPEN and file.periods.exists()
    )
    if role is Role.ASSOCIATION and not open_request and followed:
        steps.append(Step(label="Préparer un renouvellement", href=reverse("psp:renew", args=[file.pk])))
    if role is Role.ASSOCIATION:
        recorded = [outcomes.Moment(one.moment) for one in file.outcomes.all()]
        steps += [
            Step(
                label=f"Relever la situation {outcomes.MOMENT_LABELS[due.moment]}",
                href=reverse("psp:outcome", args=[file.pk, due.moment.value]),
            )
            for due in outcomes.to_record(dues_of(file, by), recorded, on=timezone.localdate())
        ]
    if role in (Role.DELEGATE, Role.PREFECT) and file.state == FileState.IN_PATH:
        steps.append(Step(label="Suspendre le parcours", href=reverse("psp:suspend", args=[file.pk])))
    if role in (Role.ASSOCIATION, Role.DELEGATE) and not open_request:
        steps.append(Step(label="Demander un transfert", href=reverse("psp:transfer", args=[file.pk])))
    return steps


def timeline(file: File, requests: list[Request], *, on: date) -> list[Act]:
    """What happened, dated, the latest first; an end that is still to come says so."""
    acts = [Act(on=file.opened_on, title="Dossier ouvert")]
    for one in reversed(requests):
        kind = Request.Kind(one.kind).label
        if one.filed_on:
            acts.append(Act(on=one.filed_on, title=f"Dépôt\u00a0: {kind}", kind="info"))
        if one.complete_on:
            acts.append(Act(on=one.complete_on, title="Demande déclarée complète"))
    for decision in file.decisions.all():
        if decision.outcome == Decision.Outcome.REFUSED and decision.confirmed_on is None:
            acts.append(Act(on=decision.decided_on, title="Refus proposé", kind="warning"))
            continue
        granted = decision.outcome == Decision.Outcome.GRANTED
        title, badge = ("Parcours autorisé", "success") if granted else ("Demande refusée", "error")
        acts.append(Act(on=decision.confirmed_on or decision.decided_on, title=title, kind=badge))
        if decision.notified_on:
            means = Decision.Means(decision.notified_by).label
            acts.append(Act(on=decision.notified_on, title="Décision notifiée", detail=means))
    for period in file.periods.all():
        acts.append(Act(on=period.starts_on, title="Début d’une période", kind="success"))
        ended = "Fin anticipée" if period.ended_early else "Fin d’une période"
        acts.append(Act(on=period.ends_on, title=ended, state="à venir" if period.ends_on > on else None))
    acts += [Act(on=one.filed_on, title="Recours déposé", kind="warning") for one in file.appeals.all()]
    acts += [Act(on=one.recorded_on, title="Situation relevée") for one in file.outcomes.all()]
    acts += [Act(on=one.asked_on, title="Transfert demandé") for one in file.transfers.all()]
    return sorted(acts, key=lambda act: act.on)[::-1]


def rights_of(one: OpenFile, by: Mandate, foreigner: bool) -> dict[str, Any]:
    """The rights of a file with their state today, and what should alarm."""
    on = timezone.localdate()
    rows = list(one.file.rights.order_by("kind", "asked_on"))
    last = one.file.periods.order_by("-ends_on").first()
    alarms = (
        rights.alarms(
            [as_rule(row) for row in rows],
            on=on,
            settings=settings_of(by.department_id),
            path_ends_on=last.ends_on,
            foreigner=foreigner,
        )
        if last
        else ()
    )
    lines = [
        (row, rights.KIND_LABELS[rights.RightKind(row.kind)], rights.STATUS_LABELS[rights.status(as_rule(row), on=on)])
        for row in rows
    ]
    return {"rights": lines, "alarms": alarms}


FRENCH = frozenset({"FR"})


@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT, Role.MEMBER)
@require_GET
def page(request: ActingRequest, file_id: UUID) -> HttpResponse:
    """One file. Opening it is a reading, in the journal before the page is drawn."""
    by = request.mandate
    one = opened(request, file_id, "file")
    file, identity = one.file, one.identity
    requests = list(file.requests.order_by("-started_on", "-saved_at"))
    periods = periods_of(file)
    on = timezone.localdate()
    context = {
        "file": file,
        "identity": identity,
        "born": date.fromisoformat(identity["birth_date"]) if identity else None,
        "state": FILE.label(FileState(file.state)),
        "requests": [
            (item, Request.Kind(item.kind).label, REQUEST.label(RequestState(item.state)), one.words(item, "asked_for"))
            for item in requests
        ],
        "steps": steps_of(file, requests, by),
        "acts": timeline(file, requests, on=on),
        "periods": periods,
        "used": terms.months_used(periods) if periods else None,
        "left": terms.months_left(periods, on=on) if periods else None,
        "gaps": terms.gaps(periods),
        "documents": [
            (row, DOCUMENT_KINDS.get(row.kind, row.kind)) for row in file.supporting.defer("original", "copy")
        ],
        "appeals": [(row, APPEAL.label(AppealState(row.state))) for row in file.appeals.all()],
        "transfers": [(row, TRANSFER.label(Transfers(row.state))) for row in file.transfers.all()],
        "writes": by.role in (Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT) and serves(file, by),
        "follows": by.role in (Role.ASSOCIATION, Role.DELEGATE) and serves(file, by),
        "keeps": by.role in (Role.DELEGATE, Role.PREFECT) and serves(file, by) and file.state == FileState.CLOSED,
        **rights_of(one, by, foreigner=identity.get("nationality") not in FRENCH),
    }
    return render(request, "psp/file.html", context)
