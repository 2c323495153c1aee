"""Opening a person's file. Each opening is written in the journal before anything is shown."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from attrs import field, frozen
from django.db import transaction

from egide_registry.accounts.models import Mandate
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.psp.actions.common import safe_of
from egide_registry.psp.actions.filing import answers_of
from egide_registry.psp.models import File, Request, Supporting
from egide_registry.psp.rules import forms
from egide_registry.security import vault


@frozen(kw_only=True)
class OpenFile:
    """A file with its key opened, for the length of a request."""

    file: File
    safe: vault.Vault = field(repr=False)

    @property
    def identity(self) -> dict[str, Any]:
        """Names, day of birth, nationality. Empty before the first filing."""
        return self.safe.read(self.file, "identity") or {}

    def answers(self, request: Request) -> forms.AnswerSet:
        """What a request says."""
        return answers_of(request, self.safe)

    def words(self, row: Any, column: str) -> Any:
        """Any other sealed column of a row of this file."""
        return self.safe.read(row, column)


@transaction.atomic
def open_file(file_id: UUID, *, by: Mandate, page: str) -> OpenFile:
    """Open a file to show it on a page. Raises `File.DoesNotExist` where the policies show nothing."""
    file = File.objects.select_related("body").get(pk=file_id)
    opened = OpenFile(file=file, safe=safe_of(file.pk, by))
    audit.read(Event.FILE_READ, by=by, subject=file.pk, page=page)
    return opened


@transaction.atomic
def open_document(document_id: UUID, *, by: Mandate, original: bool = False) -> tuple[Supporting, str, bytes]:
    """A document: its row, its name and its bytes; the copy without metadata unless the original is asked."""
    row = Supporting.objects.get(pk=document_id)
    safe = safe_of(row.file_id, by)
    data = safe.read_bytes(row, "original" if original else "copy")
    audit.read(
        Event.DOCUMENT_READ, by=by, subject=row.file_id, document=str(row.pk), form="original" if original else "copy"
    )
    return row, safe.read(row, "name"), data or b""


@transaction.atomic
def names_of(files: Iterable[UUID], *, by: Mandate) -> dict[UUID, str]:
    """The names of a page of files, for who asked to see them: one reading in the journal for each."""
    found = {}
    for file in File.objects.filter(pk__in=list(files)):
        said = OpenFile(file=file, safe=safe_of(file.pk, by)).identity
        if said:
            found[file.pk] = f"{said['family_name']} {said['given_names']}"
            audit.read(Event.FILE_LISTED, by=by, subject=file.pk, page="list")
    return found
