"""Who sits, by name, for the minutes and the pages of the secretariat; and the letters that say nothing."""

from collections.abc import Iterable

from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from egide_registry.accounts.models import Mandate, Person
from egide_registry.security import vault

SUBJECT = "Votre espace de travail"
TEXT = (
    "Bonjour,\n\n"
    "Un message vous attend dans votre espace de travail. Connectez-vous comme d’habitude pour le lire. Cet envoi "
    "automatique ne contient aucun lien et n’attend pas de réponse.\n"
)


def _identity(person: Person) -> dict[str, str]:
    found: dict[str, str] = vault.open_for(person.pk, owner=vault.ACCOUNTS).read(person, "identity")
    return found


def name_of(mandate: Mandate) -> str:
    """The name of a colleague of the department. Raises where the policies do not show the person."""
    return _identity(mandate.person)["name"]


def tell(mandates: Iterable[Mandate]) -> None:
    """Write to each of these colleagues, once this transaction is done, that something waits for them. Never what."""
    addresses = sorted({_identity(one.person)["email"] for one in mandates})
    if addresses:
        # A mail server that fails undoes nothing: what waits is in the workspace.
        transaction.on_commit(lambda: _send(addresses), robust=True)


def _send(addresses: list[str]) -> None:
    """One letter each, so that nobody learns who else sits."""
    get_connection().send_messages([EmailMessage(SUBJECT, TEXT, None, [address]) for address in addresses])
