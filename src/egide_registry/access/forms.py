"""Forms of the pages that look further than usual."""

from typing import Any

from django import forms

from egide_registry.access import rules
from egide_registry.access.models import Glass

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CHOOSE = ("", "Choisir dans la liste")  # nothing that commits somebody is chosen in their place


class SearchForm(forms.Form):
    """Two identifying criteria. Nothing is kept by the browser."""

    family = forms.CharField(label="Nom de famille", max_length=120, required=False)
    given = forms.CharField(label="Premier prénom", max_length=120, required=False)
    born = forms.DateField(label="Date de naissance", widget=DAY, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def query(self) -> rules.Query:
        """What is looked for; the rules say what is missing from it."""
        said = self.cleaned_data
        return rules.Query(family=said["family"], given=said["given"], born=said["born"])


class GlassForm(forms.Form):
    """Why this file, and why now."""

    file = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(label="Motif", choices=Glass.Reason.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label="Motif en clair",
        help_text=f"{rules.LEAST_WORDS} signes au moins. Une autre personne le relira sous 72\u00a0heures.",
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        max_length=2000,
    )


class AnswerForm(forms.Form):
    """Yes or no, of a second person."""

    answer = forms.ChoiceField(choices=[("yes", "oui"), ("no", "non")])


class ExportForm(forms.Form):
    """Which files, why, on what ground."""

    references = forms.CharField(
        label="Références des dossiers",
        help_text="Une par ligne, par exemple 62-7K4M-Q2XH.",
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        max_length=20_000,
    )
    purpose = forms.ChoiceField(
        label="Finalité", choices=[CHOOSE, *((code.value, label) for code, label in rules.PURPOSES.items())]
    )
    basis = forms.ChoiceField(
        label="Base légale", choices=[CHOOSE, *((code.value, label) for code, label in rules.BASES.items())]
    )

    def lines(self) -> list[str]:
        """The references, one by line."""
        return [line for line in self.cleaned_data["references"].splitlines() if line.strip()]


class HoldForm(forms.Form):
    """Until when a file is kept beyond its time."""

    until = forms.DateField(label="Conserver jusqu’au", widget=DAY, help_text="Dans les vingt-quatre mois.")


class AttachForm(forms.Form):
    """Whose account, and the code of the identity that the refused sign-in displayed."""

    account = forms.ChoiceField(label="Compte")
    identity = forms.RegexField(
        label="Code de l’identité de l’État",
        help_text="Affiché à la personne quand sa connexion par l’État a été refusée. À recopier en entier.",
        regex=r"^\s*[0-9a-f]{16,64}\s*$",
        error_messages={"invalid": "Attendu le code affiché, chiffres et lettres de a à f. Recopiez-le en entier."},
    )

    def __init__(self, people: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = [CHOOSE, *people]  # type: ignore[attr-defined]


class JournalForm(forms.Form):
    """Which part of the journal, in opaque references and identifiers."""

    du = forms.DateField(label="Du", widget=DAY)
    au = forms.DateField(label="Au", widget=DAY)
    dossier = forms.CharField(label="Référence d’un dossier", max_length=20, required=False)
    personne = forms.ChoiceField(label="Personne qui a agi", required=False)

    def __init__(self, people: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["personne"].choices = [("", "Toutes"), *people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "du" in said and "au" in said and said["au"] < said["du"]:
            self.add_error("au", "Le dernier jour précède le premier. Corrigez l’un des deux.")
        return said
