"""What a page asks first: is the row within reach, and does this mandate work on it or only look."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import ActingRequest
from egide_registry.accounts.rules import Role
from egide_registry.psp.models import File, Request
from egide_registry.psp.reading import OpenFile, open_file
from egide_registry.security import vault

ONLY_READ = "Vous consultez ce dossier sans le suivre\u00a0: rien ne peut y être changé avec ce mandat."


def request_of(key: UUID) -> Request:
    """A request within reach, or 404: of a purged file nothing is."""
    found = Request.objects.select_related("file").filter(pk=key, file__purged_on=None).first()
    if found is None:
        raise Http404
    return found


def opened(http: ActingRequest, file_id: UUID, page: str) -> OpenFile:
    """The file, opened for a page; 404 where the policies show nothing, whether it exists or not, and once purged."""
    try:
        return open_file(file_id, by=http.mandate, page=page)
    except (File.DoesNotExist, vault.Shredded):
        raise Http404 from None


def serves(file: File, by: Mandate) -> bool:
    """Whether this mandate works on the file, or only looks at it (agenda, broken glass)."""
    if file.department_id != by.department_id:
        return False
    return by.body_id == file.body_id if by.role == Role.ASSOCIATION else by.role in (Role.DELEGATE, Role.PREFECT)


def served_file(http: ActingRequest, key: UUID) -> File:
    """A file that this mandate works on: 404 out of reach, 403 for who may only look (broken glass, agenda)."""
    file = File.objects.filter(pk=key, purged_on=None).first()
    if file is None:
        raise Http404
    check_serves(file, http.mandate)
    return file


def served_request(http: ActingRequest, key: UUID) -> Request:
    """The same for a request."""
    request = request_of(key)
    check_serves(request.file, http.mandate)
    return request


def check_serves(file: File, by: Mandate) -> None:
    """Refuse who may only look."""
    if not serves(file, by):
        raise PermissionDenied(ONLY_READ)
