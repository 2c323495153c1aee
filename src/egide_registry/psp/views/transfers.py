"""The pages of transfers: ask another department to take a file, answer, hand over, revoke."""

from itertools import groupby
from typing import Any
from uuid import UUID

from attrs import frozen
from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from egide_registry.accounts.models import Approval, Body, Mandate
from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import transfers
from egide_registry.psp.models import Transfer
from egide_registry.psp.rules.state_table import Transition
from egide_registry.psp.rules.states import TRANSFER, TransferState
from egide_registry.psp.views.acts import NothingToSay, act_page, bound, file_page
from egide_registry.psp.views.reach import served_file

INTROS = {
    "accept": "Votre département recevra le dossier quand le département d’origine le remettra.",
    "reject": "Le dossier reste dans son département d’origine, qui est prévenu par cette page.",
    "revoke": "La demande de transfert est annulée, le dossier reste ici.",
    "carry_out": "La clé du dossier passe à l’autre département. Ensuite, plus personne d’ici ne peut le lire.",
}
DONE = {
    "accept": "Le transfert est accepté.",
    "reject": "Le transfert est refusé.",
    "revoke": "Le transfert est annulé.",
    "carry_out": "Le dossier est remis.",
}
FROM_HERE = frozenset({"revoke", "carry_out"})  # acts of the department of origin; the others are of the other one


@frozen(kw_only=True)
class Line:
    """One transfer seen from a department, with what that department may do about it."""

    row: Transfer
    label: str
    leaves: bool
    acts: list[Transition[TransferState]]


def destinations(by: Mandate) -> list[tuple[str, list[tuple[str, str]]]]:
    """Associations approved today elsewhere, by department."""
    on = timezone.localdate()
    found = (
        Approval.objects.filter(starts_on__lte=on, ends_on__gte=on)
        .exclude(withdrawn_on__lte=on)
        .exclude(department=by.department_id)
        .select_related("body", "department")
        .order_by("department_id", "body__name", "pk")
    )
    return [
        (str(department), [(f"{one.department_id}:{one.body_id}", one.body.name) for one in rows])
        for department, rows in groupby(found, key=lambda one: one.department)
    ]


class TransferForm(forms.Form):
    """Where the person goes, and who accompanies her there."""

    to = forms.ChoiceField(label="Association d’accueil, par département")

    def __init__(self, *args: Any, by: Mandate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "Choisir dans la liste"), *destinations(by)]  # type: ignore[attr-defined]


@mandated(Role.ASSOCIATION, Role.DELEGATE)
def ask(http: ActingRequest, file_id: UUID) -> HttpResponse:
    """Ask another department to take a file."""
    file, by = served_file(http, file_id), http.mandate

    def run(data: dict[str, Any]) -> None:
        department, _, body = data["to"].partition(":")
        to = Body.objects.get(pk=body)
        transfers.ask(file_id, to_department=department, to_body=to, by=by, on=timezone.localdate())

    return act_page(
        http,
        title="Demander un transfert",
        intro="Avec l’accord de la personne. L’autre département voit la demande, et rien du dossier avant sa remise.",
        form=bound(TransferForm, http, by=by),
        run=run,
        back=file_page(file.pk),
        done="Le transfert est demandé.",
        button="Demander le transfert",
    )


def line_of(row: Transfer, by: Mandate) -> Line:
    """What this department may do about a transfer: answer what comes in, hand over or revoke what goes out."""
    leaves = row.from_department_id == by.department_id
    leaving = TRANSFER.leaving(TransferState(row.state), role=Role(by.role))
    acts = [one for one in leaving if (one.act in FROM_HERE) == leaves]
    return Line(row=row, label=TRANSFER.label(TransferState(row.state)), leaves=leaves, acts=acts)


@mandated(Role.DELEGATE)
@require_GET
def page(http: ActingRequest) -> HttpResponse:
    """Transfers from and to this department, the latest first. Nothing of the files is shown."""
    by = http.mandate
    rows = Transfer.objects.select_related("from_department", "to_department", "to_body").order_by("-asked_on", "pk")
    return render(http, "psp/transfers.html", {"lines": [line_of(row, by) for row in rows]})


@mandated(Role.DELEGATE)
def act(http: ActingRequest, key: UUID, code: str) -> HttpResponse:
    """One step of a transfer."""
    by = http.mandate
    row = Transfer.objects.select_related("from_department", "to_department", "to_body").filter(pk=key).first()
    found = None if row is None else next((one for one in line_of(row, by).acts if one.act == code), None)
    if row is None or found is None:
        raise Http404

    def run(_: dict[str, Any]) -> object:
        on = timezone.localdate()
        if code == "carry_out":
            return transfers.hand_over(key, by=by, on=on)
        return transfers.answer(key, code, by=by, on=on)

    return act_page(
        http,
        title=found.label,
        intro=INTROS[code],
        facts=[
            ("Du département", str(row.from_department)),
            ("Au département", str(row.to_department)),
            ("Association d’accueil", row.to_body.name),
        ],
        form=bound(NothingToSay, http),
        run=run,
        back=reverse("psp:transfers"),
        done=DONE[code],
        button=found.label,
    )
