"""Passkeys (WebAuthn) as a second factor: what the browser is asked, and whether its answer is right. Stores nothing.

The name of the service goes to the authenticator, and an opaque identifier: no name of a person leaves for it.
"""

import json
import os
from collections.abc import Iterable
from uuid import UUID

import webauthn
from attrs import frozen
from django.http import HttpRequest
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from egide_registry.accounts.models import Passkey

SERVICE = "Égide"
CHALLENGE = 32  # bytes


@frozen(kw_only=True)
class Site:
    """The address that keys are bound to: a key made for another site does not answer here."""

    origin: str
    name: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Site":
        """From the host of the request, which ALLOWED_HOSTS has checked."""
        host = request.get_host()
        return cls(origin=f"{request.scheme}://{host}", name=host.rsplit(":", 1)[0])


def challenge() -> bytes:
    """[chance] What must be signed, once."""
    return os.urandom(CHALLENGE)


def _known(keys: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(key.credential_id)) for key in keys]


def to_add(site: Site, person: UUID, keys: Iterable[Passkey], asked: bytes) -> str:
    """What the browser needs to make a new key, as JSON. It refuses an authenticator that has one already."""
    options = webauthn.generate_registration_options(
        rp_id=site.name,
        rp_name=SERVICE,
        user_id=person.bytes,
        user_name=SERVICE,
        challenge=asked,
        exclude_credentials=_known(keys),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return webauthn.options_to_json(options)


def to_use(site: Site, keys: Iterable[Passkey], asked: bytes) -> str:
    """What the browser needs to sign with one of these keys, as JSON."""
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=site.name,
            challenge=asked,
            allow_credentials=_known(keys),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
    )


def added(site: Site, answer: str, asked: bytes) -> tuple[bytes, bytes, int] | None:
    """Identifier, public key and counter of the new key; None if the answer is not right."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer, expected_challenge=asked, expected_rp_id=site.name, expected_origin=site.origin
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return found.credential_id, found.credential_public_key, found.sign_count


def which(answer: str) -> bytes | None:
    """The identifier of the key that an answer claims to come from."""
    try:
        return webauthn.base64url_to_bytes(json.loads(answer)["id"])
    except (ValueError, KeyError, TypeError):
        return None


def signed(site: Site, answer: str, asked: bytes, key: Passkey) -> int | None:
    """The new counter of the key if its signature is right. A counter that goes back tells of a copied key: None."""
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=asked,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return found.new_sign_count
