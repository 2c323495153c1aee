"""Every component on one page, with invented contents: to look at, and for the tests to judge."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from egide_registry.theme.components import Act


class SampleForm(forms.Form):
    """One field of each kind."""

    town = forms.CharField(label="Commune", max_length=80, help_text="Telle qu’elle figure sur le courrier.")
    starts_on = forms.DateField(label="Date de début", help_text="Jour, mois et année\u00a0: 21/11/2026.")
    amount = forms.DecimalField(label="Montant mensuel, en euros", required=False, min_value=0)
    body = forms.ChoiceField(
        label="Organisme", choices=[("", "Choisir"), ("a", "Association du Pont"), ("b", "Maison des Tilleuls")]
    )
    urgency = forms.ChoiceField(
        label="Délai souhaité",
        choices=[("week", "Cette semaine"), ("month", "Ce mois-ci"), ("later", "Plus tard")],
        widget=forms.RadioSelect,
        help_text="Un délai court n’engage pas la commission.",
    )
    needs = forms.MultipleChoiceField(
        label="Besoins",
        choices=[("Quotidien", [("home", "Logement"), ("care", "Soins")]), ("Avenir", [("work", "Emploi")])],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(
        label="Observations",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="N’écrivez ni nom ni adresse\u00a0: ils ont leurs propres champs.",
    )
    paper = forms.FileField(label="Pièce", required=False, help_text="PDF, JPEG ou PNG, 10\u00a0Mo au plus.")
    agreed = forms.BooleanField(label="L’intéressé a relu cette demande et l’approuve")


def components_page(request: HttpRequest) -> HttpResponse:
    """The style guide. Sent, its form only shows its errors: nothing is kept."""
    sent = request.method == "POST"
    form = SampleForm(request.POST, request.FILES) if sent else SampleForm()
    return render(request, "theme/style_guide.html", {"form": form, **_samples()})


def _samples() -> dict[str, Any]:
    return {
        "navigation": [
            {"href": "#", "label": "Accueil", "current": False},
            {"href": "#", "label": "Demandes", "current": False},
            {"href": "#", "label": "Séances", "current": False},
            {"href": "", "label": "Composants", "current": True},
        ],
        "breadcrumb": [{"href": "/", "label": "Accueil"}, {"href": "#", "label": "Aide"}, {"label": "Composants"}],
        "columns": ["Commission", "Dernière séance", "Demandes", "Délai moyen, en jours"],
        "rows": [
            ["Val-Bleu", "12 mars 2026", 14, 41],
            ["Haute-Lande", "3 février 2026", 1204, 58],
            ["Les Trois-Rives", "aucune depuis un an", 7, 112],
        ],
        "pairs": [
            ("Numéro", "D-2026-0041"),
            ("Reçue le", "12\u00a0mars\u00a02026"),
            ("Association", "Association du Pont"),
            ("Échéance", None),
        ],
        "steps": ["Organisme", "Situation", "Pièces", "Relecture"],
        "acts": [
            Act(on=date(2026, 1, 8), title="Demande envoyée", by="Association du Pont"),
            Act(
                on=date(2026, 3, 12),
                title="Avis de la commission",
                by="Commission du Val-Bleu",
                state="Favorable",
                kind="success",
                detail="Quorum atteint. L’association qui a déposé la demande ne siégeait pas.",
            ),
            Act(on=date(2026, 3, 20), title="Décision attendue", state="En retard", kind="warning"),
        ],
        "page": Paginator(range(1, 300), 20).page(7),
        "person": "quelqu’un",
        "acting": {
            "get_role_display": "Association",
            "body": {"name": "Association du Pont"},
            "department": {"name": "Val-Bleu"},
        },
        "today": date(2026, 11, 1),
    }
