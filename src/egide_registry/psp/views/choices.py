"""The page of what a department chooses where the law is silent."""

from attrs import asdict
from django import forms
from django.http import HttpResponse
from django.urls import reverse

from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.psp.actions.choices import choose
from egide_registry.psp.actions.common import settings_of
from egide_registry.psp.rules.settings import Settings
from egide_registry.psp.views.acts import act_page, bound


class ChoicesForm(forms.Form):
    """One field per choice, with what it changes."""

    silence_days = forms.IntegerField(
        label="Une demande sans suite est signalée après (jours)", min_value=1, max_value=1000
    )
    reasons_min_length = forms.IntegerField(
        label="Longueur minimale des motifs d’un refus (caractères)", min_value=1, max_value=4000
    )
    implicit_rejection_months = forms.IntegerField(
        label="Un recours gracieux sans réponse vaut rejet après (mois)", min_value=1, max_value=12
    )
    closing_margin_days = forms.IntegerField(
        label="Jours gardés après le délai de recours avant de clore un refus",
        help_text="Pour l’acheminement, les fins de semaine et l’enregistrement.",
        min_value=0,
        max_value=365,
    )
    not_effective_days = forms.IntegerField(
        label="Alerte\u00a0: droit accordé et sans effet depuis (jours)", min_value=1, max_value=1000
    )
    aps_lapse_days = forms.IntegerField(
        label="Alerte\u00a0: titre de séjour qui finit dans (jours)", min_value=1, max_value=1000
    )
    outcome_window_days = forms.IntegerField(
        label="Jours autour de la date pour relever une situation après le parcours", min_value=0, max_value=180
    )
    suspension_extends = forms.BooleanField(label="Une suspension repousse la fin de la période", required=False)


@mandated(Role.DELEGATE, Role.PREFECT)
def page(request: ActingRequest) -> HttpResponse:
    """Show and keep the choices of the department."""
    by = request.mandate
    return act_page(
        request,
        title="Réglages des parcours",
        intro="La loi ne fixe aucun de ces nombres\u00a0: ce sont des choix du département.",
        form=bound(ChoicesForm, request, initial=asdict(settings_of(by.department_id))),
        run=lambda given: choose(Settings(**given), by=by),
        back=reverse("psp:home"),
        done="Les réglages du département sont enregistrés.",
        button="Enregistrer",
    )
