"""The pages of a path under way: suspend, end early in two persons, end on request or at term, close, reopen."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import paths
from egide_registry.psp.actions.common import settings_of
from egide_registry.psp.rules import reasons as rules
from egide_registry.psp.views.acts import NothingToSay, act_page, bound, day, file_page, shown, tried, words
from egide_registry.psp.views.deciding import codes_of
from egide_registry.psp.views.reach import opened, served_file

LABELS = {reason.code: reason.label for reason in rules.EXIT_REASONS}
# What the person asks for, or a fact, is recorded by « end_on_request »: here somebody decides.
DECIDED = tuple(reason for reason in rules.EXIT_REASONS if reason.by_decision or reason.code == "death")


class SuspensionForm(forms.Form):
    """From when to when, and why."""

    starts_on = day("Premier jour de la suspension")
    ends_on = day("Dernier jour de la suspension")
    words = words("Motifs", help_text="Sans nommer d’autre personne.")


class ExitForm(forms.Form):
    """Why a path would end before its term, and on which day."""

    codes = forms.MultipleChoiceField(
        label="Motifs retenus", widget=forms.CheckboxSelectMultiple, required=False, choices=codes_of(DECIDED)
    )
    written = words("Motifs rédigés", required=False, rows=10)
    last_day = day("Dernier jour du parcours")

    def __init__(self, *args: Any, least: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "written"
        ].help_text = f"{least} caractères au moins\u00a0: les faits, et pourquoi le parcours s’arrête."


class LastDayForm(forms.Form):
    """The day a path stops."""

    last_day = day("Dernier jour du parcours", help_text="Le jour que la personne a choisi.")


@mandated(Role.DELEGATE, Role.PREFECT)
def suspend(http: ActingRequest, file_id: UUID) -> HttpResponse:
    """Days during which the path stands still."""
    file, by = served_file(http, file_id), http.mandate
    pushed = settings_of(by.department_id).suspension_extends
    effect = "La fin de la période est repoussée d’autant." if pushed else "La fin de la période ne change pas."
    return act_page(
        http,
        title="Suspendre le parcours",
        intro=f"{effect} C’est un réglage du département\u00a0: la loi ne le dit pas.",
        form=bound(SuspensionForm, http),
        run=lambda data: paths.suspend(
            file_id,
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            words=data["words"],
            by=by,
            on=timezone.localdate(),
        ),
        back=file_page(file.pk),
        done="La suspension est consignée.",
        button="Suspendre",
    )


@mandated(Role.DELEGATE, Role.PREFECT)
def propose_exit(http: ActingRequest, file_id: UUID) -> HttpResponse:
    """Propose to end a path before its term."""
    file, by = served_file(http, file_id), http.mandate
    return act_page(
        http,
        title="Proposer une sortie anticipée",
        intro="Le parcours continue tant qu’une autre personne de la préfecture n’a pas confirmé.",
        form=bound(ExitForm, http, least=settings_of(by.department_id).reasons_min_length),
        run=lambda data: paths.propose_exit(
            file_id, data["codes"], data["written"], last_day=data["last_day"], by=by, on=timezone.localdate()
        ),
        back=file_page(file.pk),
        done="La sortie est proposée. Une autre personne de la préfecture doit la relire et la confirmer.",
        button="Proposer la sortie",
    )


@mandated(Role.PREFECT)
def confirm_exit(http: ActingRequest, file_id: UUID) -> HttpResponse:
    """Read the reasons again and confirm, unless one proposed them oneself: then the page says so."""
    file, by = served_file(http, file_id), http.mandate
    period = file.periods.filter(exit_asked_person__isnull=False, exit_confirmed_person=None).first()
    if period is None:
        messages.error(http, "Aucune sortie anticipée n’attend de confirmation sur ce dossier.")
        return redirect("psp:file", file_id)
    form = bound(NothingToSay, http)
    answer = tried(
        http,
        form,
        lambda _: paths.confirm_exit(file_id, by=by, on=timezone.localdate()),
        then=file_page(file_id),
        done="Le parcours est terminé.",
    )
    if answer is not None:
        return answer
    reasons = opened(http, file_id, "confirm_exit").words(period, "exit_reasons")
    context = {
        "title": "Confirmer la sortie anticipée",
        "button": "Confirmer la sortie",
        "back": file_page(file_id),
        "barred": period.exit_asked_person == by.person_id,
        "last_day": period.exit_on,
        "codes": [LABELS[code] for code in reasons["codes"]],
        "written": reasons["written"],
    }
    return shown(http, "psp/second.html", form, context)


@mandated(Role.ASSOCIATION)
def end_on_request(http: ActingRequest, file_id: UUID) -> HttpResponse:
    """The person asks to stop."""
    file, by = served_file(http, file_id), http.mandate
    return act_page(
        http,
        title="Terminer à la demande de la personne",
        intro="La personne peut arrêter son parcours quand elle le veut, sans dire pourquoi.",
        form=bound(LastDayForm, http),
        run=lambda data: paths.end_on_request(file_id, last_day=data["last_day"], by=by, on=timezone.localdate()),
        back=file_page(file.pk),
        done="Le parcours est terminé. Relevez la situation de la personne si elle l’accepte.",
        button="Terminer le parcours",
    )


def _plain(
    http: ActingRequest, file_id: UUID, *, title: str, intro: str, act: Callable[..., object], done: str, button: str
) -> HttpResponse:
    """An act on a file that only asks to be confirmed."""
    file, by = served_file(http, file_id), http.mandate
    on: date = timezone.localdate()
    return act_page(
        http,
        title=title,
        intro=intro,
        form=bound(NothingToSay, http),
        run=lambda _: act(file_id, by=by, on=on),
        back=file_page(file.pk),
        done=done,
        button=button,
    )


@mandated(Role.PREFECT)
def drop_exit(http: ActingRequest, file_id: UUID) -> HttpResponse:
    """Give up a proposed early exit."""
    return _plain(
        http,
        file_id,
        title="Renoncer à la sortie anticipée",
        intro="La proposition et ses motifs sont effacés\u202f; le parcours continue.",
        act=paths.drop_exit,
        done="La sortie est abandonnée, le parcours continue.",
        button="Renoncer",
    )


@mandated(Role.DELEGATE, Role.PREFECT)
def end_at_term(http: ActingRequest, file_id: UUID) -> HttpResponse:
    """Note that the last day has passed."""
    return _plain(
        http,
        file_id,
        title="Constater le terme du parcours",
        intro="Le dernier jour est passé et aucune période ne suit.",
        act=paths.end_at_term,
        done="Le parcours est terminé.",
        button="Constater le terme",
    )


@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
def close(http: ActingRequest, file_id: UUID) -> HttpResponse:
    """Close a file."""
    return _plain(
        http,
        file_id,
        title="Clore le dossier",
        intro="Le dossier clos se lit encore\u202f; il est détruit au terme de sa durée de conservation.",
        act=paths.close,
        done="Le dossier est clos.",
        button="Clore le dossier",
    )


@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
def reopen(http: ActingRequest, file_id: UUID) -> HttpResponse:
    """Open a closed file again."""
    return _plain(
        http,
        file_id,
        title="Rouvrir le dossier",
        intro="Rouvrir ne prolonge pas la durée de conservation, comptée depuis le dernier contact.",
        act=paths.reopen,
        done="Le dossier est rouvert.",
        button="Rouvrir",
    )
