"""What the pages of accounts ask."""

import json
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from egide_registry.accounts.models import Body
from egide_registry.accounts.rules import BODIES, GRANTED, LABELS, Role


class SignInForm(forms.Form):
    """E-mail and password."""

    email = forms.EmailField(
        label="Adresse électronique", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """Six digits."""

    code = forms.RegexField(
        r"^\d{6}$",
        label="Code à six chiffres",
        help_text="Affiché par votre application d’authentification.",
        error_messages={"invalid": "Attendu six chiffres, sans espace. Recopiez le code affiché en ce moment."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            # People type the code in two groups of three, as their telephone shows it.
            self.data = {**self.data, "code": "".join(str(self.data.get("code", "")).split())}


class KeyForm(forms.Form):
    """The answer of an authenticator, put in by the script."""

    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)

    def clean_credential(self) -> str:
        answer = str(self.cleaned_data["credential"])
        try:
            found = json.loads(answer)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise forms.ValidationError("La clé d’accès n’a pas répondu. Recommencez.")
        return answer


class NewKeyForm(KeyForm):
    """The same, with the name that one gives to a key to find it again."""

    label = forms.CharField(
        label="Nom de la clé",
        max_length=40,
        help_text="Pour la reconnaître dans la liste, par exemple «\u00a0ordinateur du bureau\u00a0».",
    )


class NewPasswordForm(forms.Form):
    """A password, twice."""

    new = forms.CharField(
        label="Nouveau mot de passe",
        strip=False,
        max_length=200,
        help_text="Douze caractères au moins. Une phrase de plusieurs mots est plus sûre et plus facile à retenir.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Le même, une seconde fois",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        validate_password(new)
        return new

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "new" in cleaned and "again" in cleaned and cleaned["new"] != cleaned["again"]:
            self.add_error("again", "Les deux mots de passe diffèrent. Écrivez le même deux fois.")
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    """The same, with the present one first."""

    current = forms.CharField(
        label="Mot de passe actuel",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("current", "new", "again")


class GrantForm(forms.Form):
    """A mandate: for which body, in which role, between which days."""

    body = forms.ModelChoiceField(Body.objects.none(), label="Structure", empty_label="Choisir une structure")
    role = forms.ChoiceField(
        label="Rôle", choices=[("", "Choisir un rôle"), *((role.value, LABELS[role]) for role in GRANTED)]
    )
    starts_on = forms.DateField(label="Premier jour", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label="Dernier jour",
        required=False,
        help_text="Laissez vide si la fin n’est pas connue.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_on: date | None = cleaned.get("starts_on")
        ends_on: date | None = cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "Le dernier jour précède le premier. Corrigez l’un des deux.")
        body, role = cleaned.get("body"), cleaned.get("role")
        kinds = BODIES.get(Role(role)) if role else None
        if body and kinds and body.kind not in kinds:
            self.add_error("role", "Cette structure ne donne pas ce rôle. Choisissez-en une autre, ou un autre rôle.")
        return cleaned


class InviteForm(GrantForm):
    """A person and their first mandate here."""

    name = forms.CharField(label="Nom et prénom", max_length=120)
    email = forms.EmailField(
        label="Adresse électronique professionnelle",
        max_length=254,
        help_text="Le lien du premier accès y sera envoyé. Jamais une adresse partagée\u00a0: à chacun son compte.",
    )
    field_order = ("name", "email", "body", "role", "starts_on", "ends_on")
