"""What each role finds in the menu, and where « / » leads."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role

FILES, SILENCE, SESSIONS = ("psp:home", "Dossiers"), ("psp:silence", "Sans suite"), ("commissions:home", "Commission")
ALARMS = ("psp:alarms", "Alertes")
SEARCH, TRANSFERS = ("access:search", "Rechercher"), ("psp:transfers", "Transferts")
GLASSES = ("access:glasses", "Accès exceptionnels")
STATISTICS, KEPT = ("statistics:dashboard", "Statistiques"), ("retention:home", "Conservation")

MENU: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.ASSOCIATION: (FILES, ALARMS, SILENCE, SESSIONS, SEARCH, STATISTICS),
    Role.DELEGATE: (FILES, ALARMS, SILENCE, SESSIONS, TRANSFERS, SEARCH, GLASSES, KEPT, STATISTICS),
    Role.PREFECT: (FILES, ALARMS, SILENCE, SESSIONS, SEARCH, STATISTICS),
    Role.MEMBER: (SESSIONS, FILES),
    Role.MINORS_MEMBER: (SESSIONS,),
    Role.ADMINISTRATOR: (
        ("accounts:people", "Comptes"),
        ("access:attach", "Rattacher"),
        ("access:seconds", "Secondes personnes"),
    ),
    Role.DPO: (("access:journal", "Journal"), GLASSES, KEPT),
    Role.OBSERVATORY: (STATISTICS,),
}


def menu(request: HttpRequest) -> dict[str, Any]:
    """The entries of the menu for the mandate of this page; none before one is chosen."""
    acting: Mandate | None = getattr(request, "mandate", None)
    if acting is None:
        return {"navigation": []}
    entries = [(reverse(name), label) for name, label in MENU.get(Role(acting.role), ())]
    here = max((href for href, _ in entries if request.path.startswith(href)), key=len, default=None)
    return {"navigation": [{"href": href, "label": label, "current": href == here} for href, label in entries]}


@mandated()
def home(request: ActingRequest) -> HttpResponse:
    """The first page of one's role."""
    return redirect(MENU[Role(request.mandate.role)][0][0])
