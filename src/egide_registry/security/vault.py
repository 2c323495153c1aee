"""[I/O] Opening and sealing the columns of a row: the only way in and out of a sealed column.

The key of a subject is unwrapped with the key of the *acting* department, not of the row's: a row that a mistake let
through from elsewhere stays closed. Source: docs/methods/sealing.md.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID

from attrs import field, frozen
from django.conf import settings
from django.db.models import Model

from egide_registry.security import sealing
from egide_registry.security.blind import Mac
from egide_registry.security.keys.local import LocalKeys
from egide_registry.security.keys.openbao import OpenBaoKeys
from egide_registry.security.keys.service import KeyService
from egide_registry.security.models import DataKey

ACCOUNTS = "accounts"  # owner of the keys of persons who work here


class Shredded(Exception):
    """The key of this subject was destroyed: what it sealed is gone, as it had to."""


def owner_of(department: str) -> str:
    """The name of a department in the key service."""
    return f"department/{department}"


@cache
def service() -> KeyService:
    """The key service that the settings name: a file (`local`) or a server (`openbao`)."""
    named = dict(settings.EGIDE_KEYS)
    kind = named.pop("kind")
    if kind == "local":
        return LocalKeys(Path(named["path"]), master=named.get("master"))
    return OpenBaoKeys(**named)


@cache
def context_key() -> bytes:
    """The key that signs who acts (`security.context`): of the key service, asked once by each process."""
    return service().mac(ACCOUNTS, "context", b"egide")


@frozen(kw_only=True)
class Vault:
    """The opened key of one subject. Lives as long as a request; shows nothing of itself."""

    subject: UUID
    _key: bytes = field(repr=False, alias="key")

    def seal(self, row: Model, column: str, value: Any) -> None:
        """Put `value` (anything JSON can say) into the sealed column of this row. The caller saves the row."""
        self.seal_bytes(row, column, json.dumps(value, ensure_ascii=False, sort_keys=True).encode())

    def seal_bytes(self, row: Model, column: str, value: bytes) -> None:
        """The same for a document."""
        setattr(row, column, sealing.seal(self._key, place(row, column), value))

    def read(self, row: Model, column: str) -> Any:
        """What the column holds, None if it holds nothing. Raises `sealing.Unsealable`."""
        sealed = self.read_bytes(row, column)
        return None if sealed is None else json.loads(sealed)

    def read_bytes(self, row: Model, column: str) -> bytes | None:
        """The same for a document."""
        sealed = getattr(row, column)
        return None if sealed is None else sealing.unseal(self._key, place(row, column), bytes(sealed))


def place(row: Model, column: str) -> sealing.Place:
    """Where the value lives: a value moved elsewhere does not open."""
    return sealing.Place(row._meta.db_table, column, row.pk)


def new(subject: UUID, *, kind: DataKey.Kind, owner: str, on: date, using: str = "default") -> Vault:
    """Make the key of a subject and keep it wrapped. The row goes through the policies like any other."""
    key = sealing.new_data_key()
    DataKey(
        subject=subject,
        kind=kind,
        owner=owner,
        department_id=owner.removeprefix("department/") if owner.startswith("department/") else None,
        wrapped=service().wrap(owner, key, context=subject.bytes),
        made_on=on,
    ).save(using=using, force_insert=True)
    return Vault(subject=subject, key=key)


def open_for(subject: UUID, *, owner: str) -> Vault:
    """Open the key of a subject as `owner`: the acting department, or `ACCOUNTS`.

    Raises `DataKey.DoesNotExist` where the policies show no such row, `Shredded` after the purge, and the key
    service's refusal if the subject belongs to another department.
    """
    row = DataKey.objects.get(subject=subject)
    if row.wrapped is None:
        raise Shredded(f"{row.kind} {subject}")
    return Vault(subject=subject, key=service().unwrap(owner, bytes(row.wrapped), context=subject.bytes))


def mac_of(owner: str) -> Mac:
    """What `blind` needs to index a value: the keyed hash of one owner."""
    return partial(service().mac, owner)
