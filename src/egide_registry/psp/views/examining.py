"""The delegate's pages before the commission: ask for what is missing, declare complete; and the receipt."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.psp import papers
from egide_registry.psp.actions import examining
from egide_registry.psp.views.acts import NothingToSay, act_page, bound, download, file_page, words
from egide_registry.psp.views.reach import opened, request_of, served_request


class PiecesForm(forms.Form):
    """What is missing."""

    missing = words(
        "Ce qui manque, et pourquoi",
        help_text="L’association lit ce texte. Dites chaque pièce ou précision attendue, sans nommer d’autre personne.",
    )


@mandated(Role.DELEGATE)
def ask_pieces(http: ActingRequest, key: UUID) -> HttpResponse:
    """Send a request back with the list of what is missing."""
    request = served_request(http, key)
    return act_page(
        http,
        title="Demander des pièces",
        intro="La demande retourne à l’association, qui complète puis renvoie. Sa place dans l’ordre d’arrivée reste.",
        form=bound(PiecesForm, http),
        run=lambda data: examining.ask_pieces(key, data["missing"], by=http.mandate, on=timezone.localdate()),
        back=file_page(request.file_id),
        done="L’association voit ce qui est demandé.",
        button="Envoyer la demande de pièces",
    )


@mandated(Role.DELEGATE)
def declare_complete(http: ActingRequest, key: UUID) -> HttpResponse:
    """Say that the request may go before the commission."""
    request = served_request(http, key)
    return act_page(
        http,
        title="Déclarer la demande complète",
        intro="La demande pourra être inscrite à l’ordre du jour d’une séance.",
        form=bound(NothingToSay, http),
        run=lambda _: examining.declare_complete(key, by=http.mandate, on=timezone.localdate()),
        back=file_page(request.file_id),
        done="La demande est complète\u00a0: inscrivez-la à une séance.",
        button="Déclarer complète",
    )


@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
@require_GET
def receipt(http: ActingRequest, key: UUID) -> HttpResponse:
    """The receipt of a request that was filed, to give to the person."""
    request = request_of(key)
    if request.filed_on is None:
        raise Http404
    one = opened(http, request.file_id, "receipt")
    made = papers.receipt_paper(one, request, filed_on=request.filed_on)
    return download(made, f"accuse-{one.file.reference}.pdf")
