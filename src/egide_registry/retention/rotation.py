"""The wrapping key of a department, turned: what makes a purge reach the backups too.

A purge destroys the wrapped key of a file in the base; an old dump still holds it. It opens until the version of the
department's key that wrapped it is forgotten. Source: docs/methods/retention.md, « Les sauvegardes ».
"""

from attrs import frozen
from django.db import transaction

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.security import vault
from egide_registry.security.keys.service import wrapped_version
from egide_registry.security.models import DataKey


@frozen(kw_only=True)
class Rotated:
    """The newest version, and how many data keys of the department were wrapped anew under it."""

    version: int
    keys: int


@transaction.atomic
def rewrap(*, by: Mandate) -> Rotated:
    """A new version of the department's key, and every data key of the department under it. Old versions still open."""
    check_role(by, Role.KEEPER)
    owner, service = vault.owner_of(by.department_id), vault.service()
    version = service.rotate(owner)
    rows = DataKey.objects.select_for_update().filter(department_id=by.department_id, wrapped__isnull=False)
    count = 0
    for row in rows.order_by("subject").iterator(chunk_size=500):
        row.wrapped = service.rewrap(owner, bytes(row.wrapped or b""), context=row.subject.bytes)
        row.save(update_fields=["wrapped"])
        count += 1
    audit.record(Event.KEYS_ROTATED, by=by, act="rewrap", version=version, keys=count)
    return Rotated(version=version, keys=count)


@transaction.atomic
def forget(*, by: Mandate) -> int:
    """Destroy every version under which no data key of the department is wrapped any more; gives the oldest one kept.

    On another night than `rewrap`: a file that was being opened while keys turned is then in the base, and is seen.
    """
    check_role(by, Role.KEEPER)
    rows = DataKey.objects.filter(department_id=by.department_id, wrapped__isnull=False)
    used = [wrapped_version(bytes(wrapped or b"")) for wrapped in rows.values_list("wrapped", flat=True)]
    if not used:
        return 0
    audit.record(Event.KEYS_ROTATED, by=by, act="forget", version=min(used))
    vault.service().forget(vault.owner_of(by.department_id), before=min(used))
    return min(used)
