"""The pages of rights: follow one by its dates, and compute the AFIS of a month, every line explained."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone

from egide.reference.legal import NoRule, Zone
from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import rights
from egide_registry.psp.models import Right
from egide_registry.psp.reading import OpenFile
from egide_registry.psp.rules import afis as scale
from egide_registry.psp.rules import rights as rules
from egide_registry.psp.rules.calendar import plus_months
from egide_registry.psp.rules.states import FileState, RequestState
from egide_registry.psp.views.acts import act_page, bound, day, file_page, shown
from egide_registry.psp.views.reach import check_serves, opened, served_file

ADULT = 18 * 12  # months
SAID = {True: "remplie", False: "non remplie", None: "non renseignée"}
UNKNOWN, YES, NO = "", "yes", "no"
ANSWERS = [(YES, "Oui"), (NO, "Non"), (UNKNOWN, "Non renseigné")]
TRUTH = {YES: True, NO: False, UNKNOWN: None}


class NewRightForm(forms.Form):
    """Which right, asked when."""

    kind = forms.ChoiceField(
        label="Droit",
        choices=[(kind.value, label) for kind, label in rules.KIND_LABELS.items()],
        widget=forms.RadioSelect,
    )
    asked_on = day("Demandé le")


class DatesForm(forms.Form):
    """The days that are known."""

    granted_on = day("Accordé le", required=False)
    effective_on = day("Effectif depuis le", required=False, help_text="Titre remis, premier versement, entrée.")
    refused_on = day("Refusé le", required=False)
    ends_on = day("Jusqu’au", required=False, help_text="Dernier jour, compris.")


class AfisForm(forms.Form):
    """What the amount of a month depends on."""

    month = day("Un jour du mois calculé", help_text="Le barème est celui du premier jour de ce mois.")
    zone = forms.ChoiceField(
        label="Barème",
        choices=[(Zone.FRANCE.value, "France"), (Zone.MAYOTTE.value, "Mayotte")],
        widget=forms.RadioSelect,
    )
    children = forms.IntegerField(label="Enfants à charge", min_value=0, max_value=20)
    resources = forms.DecimalField(
        label="Ressources du foyer le mois précédent, en euros",
        min_value=0,
        max_digits=8,
        decimal_places=2,
        required=False,
    )
    in_path = forms.ChoiceField(
        label="Dans un parcours ce mois-là", choices=ANSWERS, widget=forms.RadioSelect, required=False
    )
    adult = forms.ChoiceField(label="Dix-huit ans ou plus", choices=ANSWERS, widget=forms.RadioSelect, required=False)
    residence = forms.ChoiceField(
        label="Nationalité ou titre qui ouvre l’aide",
        choices=ANSWERS,
        widget=forms.RadioSelect,
        required=False,
        help_text="France, UE, EEE, Suisse, titre prévu, récépissé de son renouvellement, ou autorisation provisoire.",
    )
    other_benefit = forms.ChoiceField(
        label="Perçoit le RSA ou l’ADA, ou y a droit", choices=ANSWERS, widget=forms.RadioSelect, required=False
    )
    rsa_flat = forms.DecimalField(
        label="Montant forfaitaire du RSA pour une personne, en euros",
        min_value=0,
        max_digits=8,
        decimal_places=2,
        required=False,
        help_text="Sans lui, la condition de ressources n’est pas vérifiée.",
    )
    rsa_household = forms.DecimalField(
        label="RSA du foyer, en euros",
        min_value=0,
        max_digits=8,
        decimal_places=2,
        required=False,
        help_text="Sans lui, le plafond n’est pas appliqué.",
    )


@mandated(Role.ASSOCIATION, Role.DELEGATE)
def new(http: ActingRequest, file_id: UUID) -> HttpResponse:
    """Follow another right."""
    file, by = served_file(http, file_id), http.mandate
    return act_page(
        http,
        title="Suivre un droit",
        intro="Un titre renouvelé est un autre droit\u00a0: chaque délai se voit ainsi.",
        form=bound(NewRightForm, http),
        run=lambda data: rights.ask(file_id, rules.RightKind(data["kind"]), asked_on=data["asked_on"], by=by),
        back=file_page(file.pk),
        done="Le droit est suivi.",
        button="Suivre ce droit",
    )


@mandated(Role.ASSOCIATION, Role.DELEGATE)
def right(http: ActingRequest, key: UUID) -> HttpResponse:
    """The dates of one right."""
    row = Right.objects.select_related("file").filter(pk=key).first()
    if row is None:
        raise Http404
    check_serves(row.file, http.mandate)
    known = {name: getattr(row, name) for name in rights.DATES}
    now = rules.status(rights.as_rule(row), on=timezone.localdate())
    return act_page(
        http,
        title="Dates d’un droit",
        facts=[
            ("Droit", rules.KIND_LABELS[rules.RightKind(row.kind)]),
            ("Demandé le", f"{row.asked_on:%d/%m/%Y}"),
            ("Aujourd’hui", rules.STATUS_LABELS[now]),
        ],
        form=bound(DatesForm, http, initial=known),
        run=lambda data: rights.date_right(key, by=http.mandate, **data),
        back=file_page(row.file_id),
        done="Les dates sont enregistrées.",
        button="Enregistrer",
    )


def known_of(one: OpenFile, on: date) -> dict[str, Any]:
    """What the last filed request and the file say, to begin the computation with. Anything may be changed."""
    found: dict[str, Any] = {"month": on, "children": 0, "in_path": YES if one.file.state == FileState.IN_PATH else NO}
    request = one.file.requests.exclude(state=RequestState.DRAFT).order_by("-filed_on").first()
    said = one.answers(request).answers if request else {}
    found["children"] = said.get("children", 0)
    found["resources"] = said.get("household_resources")
    other = {"none": NO, "rsa": YES, "ada": YES}
    found["other_benefit"] = other.get(str(said.get("other_allowance")), UNKNOWN)
    titled = {"not_needed": YES, "valid": YES, "receipt": YES}
    aps = any(
        row.kind == rules.RightKind.APS and rules.status(rights.as_rule(row), on=on) is rules.RightStatus.EFFECTIVE
        for row in one.file.rights.all()
    )
    found["residence"] = YES if aps else titled.get(str(said.get("residence_right")), UNKNOWN)
    born = one.identity.get("birth_date")
    if born:
        found["adult"] = YES if plus_months(date.fromisoformat(born), ADULT) <= on else NO
    return found


def computed(data: dict[str, Any]) -> scale.Amount:
    """The amount of a month from the form. Raises NoRule where the scale is not known."""
    situation = scale.Situation(
        children=data["children"],
        resources=data["resources"],
        **{name: TRUTH[data[name]] for name in ("in_path", "adult", "residence", "other_benefit")},
    )
    flat: Decimal | None = data["rsa_flat"]
    household: Decimal | None = data["rsa_household"]
    zone = Zone(data["zone"])
    return scale.amount(data["month"], zone, situation, rsa_flat_amount=flat, rsa_household_amount=household)


@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
def afis(http: ActingRequest, file_id: UUID) -> HttpResponse:
    """The AFIS of a month. Nothing is stored; what is not known is said, never guessed."""
    served_file(http, file_id)
    one, by = opened(http, file_id, "afis"), http.mandate
    zone = Zone.MAYOTTE if by.department.mayotte_scale else Zone.FRANCE
    initial = known_of(one, timezone.localdate()) | {"zone": zone.value}
    form = bound(AfisForm, http, initial=initial)
    context: dict[str, Any] = {"file": one.file}
    if http.method == "POST" and form.is_valid():
        try:
            found = computed(form.cleaned_data)
        except NoRule as unknown:
            form.add_error(None, str(unknown))
        else:
            context |= {
                "amount": found,
                "total": scale.euros(found.if_entitled),
                "due": None if found.due is None else scale.euros(found.due),
                "lines": [line.text() for line in found.lines],
                "conditions": [(one.label, SAID[one.holds]) for one in found.conditions],
            }
    return shown(http, "psp/afis.html", form, context)
