"""The pages of appeals: lodge one, and follow it to its end."""

from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone

from egide.reference import legal
from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import appeals, filing
from egide_registry.psp.actions.common import settings_of
from egide_registry.psp.models import Appeal
from egide_registry.psp.rules import reasons as rules
from egide_registry.psp.rules.states import APPEAL, AppealKind, AppealState
from egide_registry.psp.views.acts import act_page, bound, day, file_page, shown, tried, words
from egide_registry.psp.views.reach import check_serves, opened, served_request, serves

KINDS = {AppealKind.GRACIEUX: "Recours gracieux, devant le préfet", AppealKind.TRIBUNAL: "Recours devant le tribunal"}


class LodgeForm(forms.Form):
    """Before whom, when, and what is said."""

    kind = forms.ChoiceField(label="Devant qui", choices=list(KINDS.items()), widget=forms.RadioSelect)
    filed_on = day("Déposé le", help_text="Le jour du dépôt, ou du cachet de la poste.")
    words = words("Ce que dit le recours", help_text="L’essentiel, sans nommer d’autre personne.")


class ActForm(forms.Form):
    """The next step of an appeal."""

    act = forms.ChoiceField(label="Ce qui s’est passé", widget=forms.RadioSelect)
    words = words("Motifs ou précisions", required=False, help_text="Obligatoires pour rejeter un recours gracieux.")
    judgment = forms.FileField(
        label="Le jugement",
        required=False,
        help_text="Obligatoire pour consigner une décision du tribunal. PDF, JPEG ou PNG, 15\u00a0Mo au plus.",
    )

    def __init__(self, *args: Any, acts: list[tuple[str, str]], court: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = acts  # type: ignore[attr-defined]
        if not court:
            del self.fields["judgment"]


@mandated(Role.ASSOCIATION, Role.DELEGATE)
def lodge(http: ActingRequest, key: UUID) -> HttpResponse:
    """Record an appeal against a refusal that was notified."""
    request, by = served_request(http, key), http.mandate
    return act_page(
        http,
        title="Consigner un recours",
        intro="La demande ne peut plus être close tant que le recours n’a pas d’issue.",
        form=bound(LodgeForm, http),
        run=lambda data: appeals.lodge(
            key,
            AppealKind(data["kind"]),
            data["words"],
            by=by,
            filed_on=data["filed_on"],
            on=timezone.localdate(),
        ),
        back=file_page(request.file_id),
        done="Le recours est consigné.",
        button="Consigner le recours",
    )


def possible(appeal: Appeal, role: Role) -> list[tuple[str, str]]:
    """The acts of this appeal's kind that this role may do now."""
    court = appeal.kind == AppealKind.TRIBUNAL
    others = appeals.OF_PREFECT if court else appeals.OF_COURT
    leaving = APPEAL.leaving(AppealState(appeal.state), role=role)
    return [(one.act, one.label) for one in leaving if one.act not in others]


@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
def page(http: ActingRequest, key: UUID) -> HttpResponse:
    """One appeal: what it says, its delays, and its next step for who works on the file."""
    appeal = Appeal.objects.select_related("decision", "file").filter(pk=key).first()
    if appeal is None:
        raise Http404
    by = http.mandate
    court = appeal.kind == AppealKind.TRIBUNAL
    acts = possible(appeal, Role(by.role)) if serves(appeal.file, by) else []
    form = bound(ActForm, http, acts=acts, court=court)
    if http.method == "POST":
        check_serves(appeal.file, http.mandate)
    here = reverse("psp:appeal", args=[key])
    answer = tried(http, form, lambda data: _act(appeal, data, by), then=here, done="C’est consigné.")
    if answer is not None:
        return answer
    one = opened(http, appeal.file_id, "appeal")
    way = legal.appeal_way(AppealKind(appeal.kind), appeal.filed_on)
    facts: list[tuple[str, Any]] = [("Nature", way.label), ("Devant", way.before), ("Déposé le", appeal.filed_on)]
    notified_on = appeal.decision.notified_on
    if court and notified_on is not None:
        facts.append(("Dernier jour pour saisir le tribunal", rules.last_appeal_day(notified_on)))
    if not court and appeal.ended_on is None:
        silent = rules.implicit_rejection_day(appeal.filed_on, settings=settings_of(by.department_id))
        facts.append(("Sans réponse, rejet implicite le", silent))
    if appeal.ended_on is not None:
        facts.append(("Issue le", appeal.ended_on))
    context = {
        "file": one.file,
        "appeal": appeal,
        "state": APPEAL.label(AppealState(appeal.state)),
        "facts": facts,
        "words": one.words(appeal, "words"),
        "acts": acts,
        "grant": appeal.state == AppealState.ACCEPTED and by.role == Role.PREFECT,
        "request_id": appeal.decision.request_id,
    }
    return shown(http, "psp/appeal.html", form, context)


@transaction.atomic
def _act(appeal: Appeal, data: dict[str, Any], by: Mandate) -> None:
    """The judgment is joined and the step taken together, or neither."""
    on, sent = timezone.localdate(), data.get("judgment")
    if sent:
        filing.add_document(appeal.file_id, appeals.JUDGMENT, sent.name, sent.read(), by=by, on=on)
    appeals.act(appeal.pk, data["act"], by=by, on=on, words=data["words"])
