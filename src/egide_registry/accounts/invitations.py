"""The link of a first access, and the mail that carries it.

The link holds the opaque identifier of an account, a date and a signature that also covers the unusable password of
that account: it dies after 72 hours, when the first access is done, or when the account is closed. The mail names
neither the person nor what is done here. Source: docs/how-to/se-connecter.md.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from egide_registry.accounts.models import Person
from egide_registry.security import context

LIFE: Final = timedelta(hours=72)
_SALT: Final = "egide.invitation"
_SIGNER = signing.TimestampSigner(salt=_SALT)


def _state(person: Person) -> str:
    """Changes with the password: a used link proves nothing any more."""
    return salted_hmac(_SALT, person.password, algorithm="sha256").hexdigest()[:32]


def token(person: Person) -> str:
    """The last part of the link."""
    return _SIGNER.sign(f"{person.pk.hex}.{_state(person)}")


def link(person: Person) -> str:
    """The whole address, for a command that has no request: at the first host of the site."""
    return f"https://{settings.ALLOWED_HOSTS[0]}{reverse('accounts:invitation', args=[token(person)])}"


def invited(given: str) -> Person | None:
    """The person whose first access this token opens, under their name in the context; None if it opens nothing."""
    try:
        identifier, state = _SIGNER.unsign(given, max_age=LIFE).split(".")
        context.enter(person=UUID(hex=identifier))
    except (signing.BadSignature, ValueError):
        return None
    person = Person.objects.filter(pk=UUID(hex=identifier), is_active=True).first()
    if person is None or person.has_usable_password() or not constant_time_compare(state, _state(person)):
        context.leave()
        return None
    return person


def send(address: str, *, link: str) -> None:
    """Send the neutral mail."""
    text = f"Bonjour,\n\nVoici votre lien, valable 72 heures et une seule fois\u00a0:\n\n{link}\n\nÉgide\n"
    send_mail("Égide", text, None, [address])
