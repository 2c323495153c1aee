"""The page of an outcome: where the person stands at the end of the path, six and twelve months later."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone

from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import outcomes
from egide_registry.psp.rules import outcomes as rules
from egide_registry.psp.views.acts import act_page, bound, file_page
from egide_registry.psp.views.reach import served_file
from egide_registry.theme import french


class OutcomeForm(forms.Form):
    """Codes only: no words, so nothing to seal."""

    work = forms.ChoiceField(label="Travail", choices=list(rules.WORK_LABELS.items()), widget=forms.RadioSelect)
    housing = forms.ChoiceField(label="Logement", choices=list(rules.HOUSING_LABELS.items()), widget=forms.RadioSelect)
    residence = forms.ChoiceField(
        label="Droit au séjour", choices=list(rules.RESIDENCE_LABELS.items()), widget=forms.RadioSelect
    )


@mandated(Role.ASSOCIATION)
def record(http: ActingRequest, file_id: UUID, moment: str) -> HttpResponse:
    """Record an outcome in its window."""
    if moment not in {one.value for one in rules.Moment}:
        raise Http404
    file, by, when = served_file(http, file_id), http.mandate, rules.Moment(moment)
    window = next((due for due in outcomes.dues_of(file, by) if due.moment is when), None)
    facts = [("Moment", rules.MOMENT_LABELS[when])]
    if window is not None:
        facts.append(("À relever", f"du {french.day(window.opens_on)} au {french.day(window.closes_on)}"))
    return act_page(
        http,
        title="Relever la situation",
        intro="À la sortie, d’après le dossier\u202f; six et douze mois après, avec l’accord de la personne seulement.",
        facts=facts,
        form=bound(OutcomeForm, http),
        run=lambda data: outcomes.record(
            file_id,
            when,
            work=rules.Work(data["work"]),
            housing=rules.Housing(data["housing"]),
            residence=rules.Residence(data["residence"]),
            by=by,
            on=timezone.localdate(),
        ),
        back=file_page(file.pk),
        done="La situation est relevée.",
        button="Enregistrer",
    )
