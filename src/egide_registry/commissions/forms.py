"""What the pages of a commission ask. What the rules refuse comes back as errors of these forms."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from egide_registry.accounts.models import Mandate
from egide_registry.commissions import rules
from egide_registry.commissions.actions.calling import Cancelled
from egide_registry.commissions.models import Convocation, Item, Session
from egide_registry.psp.models import Request

WHY_CANCELLED = {
    Cancelled.MEMBERS: "trop de membres empêchés",
    Cancelled.EMPTY: "aucun dossier à examiner",
    Cancelled.PLACE: "salle ou visioconférence indisponible",
    Cancelled.OTHER: "autre raison",
}


class SettingsForm(forms.Form):
    quorum = forms.IntegerField(
        label="Quorum",
        required=False,
        min_value=1,
        max_value=1000,
        help_text="Nombre de membres présents. Vide\u00a0: aucun quorum, la loi connue ici n’en fixe pas.",
    )
    files_per_session = forms.IntegerField(
        label="Dossiers par séance",
        required=False,
        min_value=1,
        max_value=1000,
        help_text="Vide\u00a0: pas de limite. Aucun texte n’en fixe\u202f; aucun dépôt n’est refusé pour cela.",
    )
    convocation_days = forms.IntegerField(label="Délai de convocation, en jours", min_value=0, max_value=365)
    access_days = forms.IntegerField(
        label="Accès des membres aux dossiers après la séance, en jours", min_value=0, max_value=365
    )

    def chosen(self) -> rules.Settings:
        return rules.Settings(**self.cleaned_data)


class ConveneForm(forms.Form):
    formation = forms.ChoiceField(label="Formation", choices=Session.Formation.choices, widget=forms.RadioSelect)
    held_on = forms.DateField(
        label="Jour de la séance", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    starts_at = forms.TimeField(label="Heure", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    place = forms.CharField(label="Lieu", max_length=120, help_text="Une salle ou une adresse, rien d’autre.")


class AgendaForm(forms.Form):
    requests = forms.TypedMultipleChoiceField(
        label="Dossiers en attente d’une séance",
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        help_text="Du plus ancien au plus récent. L’association qui a déposé est déportée d’office.",
    )

    def __init__(self, *args: Any, waiting: Sequence[Request], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requests"].choices = [(str(one.pk), _waits(one, on)) for one in waiting]  # type: ignore[attr-defined]


def _waits(request: Request, on: date) -> str:
    days = (on - (request.complete_on or on)).days
    since = f"complète depuis {days} jour{'s' if days > 1 else ''}" if days else "complète aujourd’hui"
    return f"{request.file.reference}, {request.get_kind_display()}, {request.file.body.name}, {since}"


class PresenceForm(forms.Form):
    """One question per member called, named by the identifier of the convocation."""

    def __init__(self, *args: Any, called: Iterable[tuple[Convocation, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for convocation, name in called:
            self.fields[str(convocation.pk)] = forms.ChoiceField(
                label=f"{name}, {convocation.mandate.body.name}",
                choices=Convocation.Presence.choices,
                initial=convocation.presence,
            )

    def presences(self) -> dict[UUID, Convocation.Presence]:
        return {UUID(key): Convocation.Presence(value) for key, value in self.cleaned_data.items()}


class CancelForm(forms.Form):
    reason = forms.TypedChoiceField(
        label="Raison",
        coerce=Cancelled,
        choices=[(code.value, label) for code, label in WHY_CANCELLED.items()],
        widget=forms.RadioSelect,
    )


class InterestForm(forms.Form):
    member = forms.TypedChoiceField(label="Membre qui se retire", coerce=UUID)

    def __init__(self, *args: Any, called: Iterable[tuple[Convocation, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [  # type: ignore[attr-defined]
            ("", "Choisir un membre"),
            *((str(one.mandate_id), f"{name}, {one.mandate.body.name}") for one, name in called),
        ]


class OpinionForm(forms.Form):
    opinion = forms.TypedChoiceField(
        label="Avis de la commission", coerce=Item.Opinion, choices=Item.Opinion.choices, widget=forms.RadioSelect
    )
    in_favour = forms.IntegerField(label="Voix pour", min_value=0, required=False)
    against = forms.IntegerField(label="Voix contre", min_value=0, required=False)
    abstained = forms.IntegerField(label="Abstentions", min_value=0, required=False)
    reasons = forms.CharField(
        label="Motifs, ou ce que la commission demande",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Ils sont repris au procès-verbal\u00a0: n’écrivez aucun nom. Obligatoires pour un avis défavorable "
        "ou reporté.",
    )

    def votes(self) -> rules.Votes | None:
        """The voices; None if no box was filled."""
        boxes = [self.cleaned_data[name] for name in ("in_favour", "against", "abstained")]
        if all(box is None for box in boxes):
            return None
        return rules.Votes(in_favour=boxes[0] or 0, against=boxes[1] or 0, abstained=boxes[2] or 0)


class MinutesForm(forms.Form):
    chair = forms.TypedChoiceField(label="Présidence de la séance", coerce=UUID)
    other_business = forms.CharField(
        label="Autres points",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Ce qui a été dit hors des dossiers. N’écrivez le nom d’aucune personne suivie.",
    )
    read = forms.BooleanField(
        label="J’ai relu l’aperçu",
        required=False,
        help_text="Signé, le procès-verbal ne change plus\u202f; il est mis à la disposition des membres convoqués.",
    )

    def __init__(self, *args: Any, chairs: Iterable[tuple[Mandate, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chair"].choices = [  # type: ignore[attr-defined]
            ("", "Choisir une personne"),
            *((str(one.pk), f"{name}, {one.body.name}") for one, name in chairs),
        ]

    def clean(self) -> dict[str, Any] | None:
        if "preview" not in self.data and not self.cleaned_data.get("read"):
            self.add_error("read", "Relisez l’aperçu, puis cochez cette case pour signer.")
        return self.cleaned_data
