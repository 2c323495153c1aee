"""The pages of the decision: what is known, grant, refuse in two persons, notify with its proof, close."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.psp import opinions, papers
from egide_registry.psp.actions import deciding, filing
from egide_registry.psp.actions.common import settings_of
from egide_registry.psp.models import Decision, Request
from egide_registry.psp.rules import periods as terms
from egide_registry.psp.rules import reasons as rules
from egide_registry.psp.rules.states import APPEAL, REQUEST, AppealState, RequestState
from egide_registry.psp.views.acts import (
    NothingToSay,
    act_page,
    bound,
    day,
    download,
    file_page,
    shown,
    tried,
    with_dated_law,
    words,
)
from egide_registry.psp.views.file import steps_of
from egide_registry.psp.views.reach import opened, request_of, served_request, serves
from egide_registry.theme import french

REFUSED = Decision.Outcome.REFUSED
LABELS = {reason.code: reason.label for reason in rules.REFUSAL_REASONS}


def codes_of(reasons: tuple[rules.Reason, ...]) -> list[tuple[str, str]]:
    """Coded reasons to tick, each with its legal note beside it."""
    lines = []
    for reason in reasons:
        alone = "ne fonde jamais seul un refus" if reason.not_alone else ""
        notes = " ; ".join(note for note in (reason.note.rstrip("."), alone) if note)
        lines.append((reason.code, french.sentence(f"{reason.label} ({notes})" if notes else reason.label)))
    return lines


class GrantForm(forms.Form):
    """When the period begins."""

    starts_on = day(
        "Premier jour de la période",
        required=False,
        help_text="Laissez vide\u00a0: aujourd’hui pour un premier parcours, le lendemain de la période en cours "
        "pour un renouvellement.",
    )


class RefusalForm(forms.Form):
    """Coded and written reasons."""

    codes = forms.MultipleChoiceField(label="Motifs retenus", widget=forms.CheckboxSelectMultiple, required=False)
    written = words("Motifs rédigés", required=False, rows=10)

    def __init__(self, *args: Any, renewal: bool, least: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = tuple(one for one in rules.REFUSAL_REASONS if renewal or not one.renewal_only)
        self.fields["codes"].choices = codes_of(known)  # type: ignore[attr-defined]
        self.fields["written"].help_text = (
            f"{least} caractères au moins. Les faits retenus, et pourquoi ils conduisent à ce refus\u00a0: "
            "la personne les lit, un juge peut les lire."
        )


class NotificationForm(forms.Form):
    """The day, the means and the proof."""

    means = forms.ChoiceField(label="Moyen", choices=Decision.Means.choices, widget=forms.RadioSelect)
    notified_on = day("Date de la remise ou de l’accusé de réception")
    proof = forms.FileField(
        label="Preuve", help_text="Récépissé signé ou accusé de réception. PDF, JPEG ou PNG, 15\u00a0Mo au plus."
    )


@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT, Role.MEMBER)
@require_GET
def page(http: ActingRequest, key: UUID) -> HttpResponse:
    """What is known of the decision on one request, and what may be done about it."""
    request = request_of(key)
    one, by = opened(http, request.file_id, "decision"), http.mandate
    # A proposal is read by those who decide: it is nothing for the others until a second person confirms it.
    decisions = [
        _shown(one, row)
        for row in request.decisions.order_by("decided_on", "outcome")
        if row.outcome != REFUSED or row.confirmed_on or by.role in (Role.DELEGATE, Role.PREFECT)
    ]
    periods, serving = deciding.periods_of(one.file), serves(one.file, by)
    context = {
        "request_row": request,
        "file": one.file,
        "kind": Request.Kind(request.kind).label,
        "state": REQUEST.label(RequestState(request.state)),
        "opinion": opinions.of(key, by=by),
        "decisions": decisions,
        "used": terms.months_used(periods) if periods else None,
        "appeals": [
            (row, APPEAL.label(AppealState(row.state)))
            for found in request.decisions.all()
            for row in found.appeals.order_by("filed_on")
        ],
        "steps": [step for step in steps_of(one.file, [request], by) if str(key) in step.href] if serving else [],
        "serving": serving,
    }
    return render(http, "psp/decision.html", context)


def _shown(one: Any, row: Decision) -> dict[str, Any]:
    """A decision in words. A refusal that nobody confirmed is said to be a proposal."""
    reasons = one.words(row, "reasons") or {"codes": [], "written": ""}
    refused = row.outcome == REFUSED
    if refused and row.confirmed_on is None:
        title = "Refus proposé, non confirmé"
    else:
        title = "Demande refusée" if refused else "Parcours autorisé"
    facts: list[tuple[str, Any]] = [("Décidée le", row.confirmed_on or row.decided_on)]
    if row.notified_on:
        facts += [("Notifiée le", row.notified_on), ("Moyen", Decision.Means(row.notified_by).label)]
    return {
        "title": title,
        "facts": facts,
        "codes": [LABELS[code] for code in reasons["codes"]],
        "written": reasons["written"],
        "row": row,
        "paper": not refused or row.confirmed_on is not None,
    }


@mandated(Role.PREFECT)
def grant(http: ActingRequest, key: UUID) -> HttpResponse:
    """Authorise the path or its renewal."""
    request = served_request(http, key)
    periods = deciding.periods_of(request.file)
    on = timezone.localdate()
    facts: list[tuple[str, Any]] = [("Dossier", request.file.reference), ("Demande", Request.Kind(request.kind).label)]
    if periods:
        facts += [
            ("Déjà accordé", terms.months_used(periods).text()),
            ("Encore possible", terms.months_left(periods, on=on).text()),
        ]
    given = opinions.of(key, by=http.mandate)
    if given is not None:
        facts.append(("Avis de la commission", f"{given.opinion}, le {french.day(given.on)}"))
    return act_page(
        http,
        title="Autoriser le parcours",
        intro="Une période de six mois s’ouvre, ou ce qui reste sous la durée maximale.",
        facts=facts,
        form=bound(GrantForm, http),
        run=with_dated_law(lambda data: deciding.grant(key, by=http.mandate, on=on, starts_on=data["starts_on"])),
        back=file_page(request.file_id),
        done="Le parcours est autorisé. Notifiez maintenant la décision à la personne.",
        button="Autoriser",
    )


@mandated(Role.DELEGATE, Role.PREFECT)
def propose_refusal(http: ActingRequest, key: UUID) -> HttpResponse:
    """Prepare a refusal for a second person."""
    request, by = served_request(http, key), http.mandate
    least = settings_of(by.department_id).reasons_min_length
    return act_page(
        http,
        title="Proposer un refus",
        intro="Rien n’est refusé tant qu’une autre personne de la préfecture n’a pas confirmé.",
        form=bound(RefusalForm, http, renewal=request.kind == Request.Kind.RENEWAL, least=least),
        run=with_dated_law(
            lambda data: deciding.propose_refusal(key, data["codes"], data["written"], by=by, on=timezone.localdate())
        ),
        back=file_page(request.file_id),
        done="Le refus est proposé. Une autre personne de la préfecture doit le relire et le confirmer.",
        button="Proposer ce refus",
    )


@mandated(Role.PREFECT)
def drop_refusal(http: ActingRequest, key: UUID) -> HttpResponse:
    """Give up a proposed refusal."""
    request = served_request(http, key)
    return act_page(
        http,
        title="Renoncer au refus",
        intro="La proposition et ses motifs sont effacés\u202f; la demande attend de nouveau une décision.",
        form=bound(NothingToSay, http),
        run=lambda _: deciding.drop_refusal(key, by=http.mandate, on=timezone.localdate()),
        back=file_page(request.file_id),
        done="Le refus est abandonné. La demande attend une décision.",
        button="Renoncer",
    )


@mandated(Role.PREFECT)
def confirm_refusal(http: ActingRequest, key: UUID) -> HttpResponse:
    """Read the proposed reasons again and confirm, unless one proposed them oneself: then the page says so."""
    request, by = served_request(http, key), http.mandate
    decision = request.decisions.filter(outcome=REFUSED, confirmed_on=None).first()
    if decision is None:
        messages.error(http, "Aucun refus n’attend de confirmation sur cette demande.")
        return redirect("psp:file", request.file_id)
    form = bound(NothingToSay, http)
    answer = tried(
        http,
        form,
        lambda _: deciding.confirm_refusal(key, by=by, on=timezone.localdate()),
        then=file_page(request.file_id),
        done="La demande est refusée. Il reste à notifier la décision, avec sa preuve.",
    )
    if answer is not None:
        return answer
    one = opened(http, request.file_id, "confirm_refusal")
    reasons = one.words(decision, "reasons")
    context = {
        "title": "Confirmer le refus",
        "button": "Confirmer le refus",
        "back": file_page(request.file_id),
        "barred": decision.decided_person == by.person_id,
        "proposed_on": decision.decided_on,
        "codes": [LABELS[code] for code in reasons["codes"]],
        "written": reasons["written"],
        "notice": rules.appeal_notice(decision.decided_on).text,
    }
    return shown(http, "psp/second.html", form, context)


@mandated(Role.DELEGATE, Role.PREFECT)
def notify(http: ActingRequest, key: UUID) -> HttpResponse:
    """The proof is joined and the notification recorded together, or neither."""
    request, by = served_request(http, key), http.mandate
    outcome = "refus" if request.state == RequestState.REFUSED else "accord"

    @transaction.atomic
    def run(data: dict[str, Any]) -> None:
        sent, on = data["proof"], timezone.localdate()
        row, _ = filing.add_document(
            request.file_id, "notification", sent.name, sent.read(), by=by, on=on, request_id=key
        )
        means = Decision.Means(data["means"])
        deciding.notify(key, means=means, proof=row.pk, notified_on=data["notified_on"], by=by, on=on)

    return act_page(
        http,
        title="Notifier la décision",
        intro="La décision vaut pour la personne à partir de ce jour\u202f; les délais de recours aussi.",
        facts=[("Dossier", request.file.reference), ("Décision", outcome)],
        form=bound(NotificationForm, http),
        run=run,
        back=file_page(request.file_id),
        done="La notification est consignée avec sa preuve.",
        button="Consigner la notification",
    )


@mandated(Role.DELEGATE, Role.PREFECT)
def close_request(http: ActingRequest, key: UUID) -> HttpResponse:
    """Close a request whose decision is notified and can no longer change."""
    request = served_request(http, key)
    return act_page(
        http,
        title="Clore la demande",
        intro="Un refus se clôt une fois le délai de recours passé, aucun recours n’étant en cours ni accueilli.",
        form=bound(NothingToSay, http),
        run=with_dated_law(lambda _: deciding.close(key, by=http.mandate, on=timezone.localdate())),
        back=file_page(request.file_id),
        done="La demande est close.",
        button="Clore la demande",
    )


@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
@require_GET
def paper(http: ActingRequest, key: UUID, outcome: str) -> HttpResponse:
    """The prefect's act as a PDF. The person's name is on the copy to notify only, for who works on the file."""
    request, by = request_of(key), http.mandate
    decision = request.decisions.filter(outcome=outcome).first()
    if decision is None or (decision.outcome == REFUSED and decision.confirmed_on is None):
        raise Http404
    one = opened(http, request.file_id, "decision_pdf")
    named = "notification" in http.GET and serves(one.file, by)
    made = papers.decision_paper(one, request, decision, by=by, named=named)
    return download(made, f"arrete-{papers.reference_of(one.file.reference, decision)}.pdf")
