"""A file that follows its person to another department: asked, accepted there, handed over with its key.

The receiving department sees the request of transfer and nothing of the file before the handover. The old department
keeps a stub: the transfer row, and its own journal.
"""

from datetime import date
from uuid import UUID, uuid4

from django.db import connection, transaction

from egide.errors import Defect
from egide_registry.accounts.models import Body, Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.psp.actions.common import locked, move
from egide_registry.psp.actions.filing import Indexes, indexes
from egide_registry.psp.models import File, Transfer
from egide_registry.psp.reading import OpenFile, open_file
from egide_registry.psp.rules.refusals import refuse_if
from egide_registry.psp.rules.states import TRANSFER, TransferState
from egide_registry.security import vault
from egide_registry.security.models import DataKey


@transaction.atomic
def ask(file_id: UUID, *, to_department: str, to_body: Body, by: Mandate, on: date) -> Transfer:
    """Ask another department to take a file. Refuses the same department, or a request under way."""
    check_role(by, Role.ASSOCIATION, Role.DELEGATE)
    file = locked(File, file_id)
    refuse_if(_asking_defects(file, to_department))
    row = Transfer(
        id=uuid4(),
        file=file,
        from_department_id=file.department_id,
        to_department_id=to_department,
        to_body=to_body,
        asked_on=on,
    )
    row.save(force_insert=True)
    audit.record(Event.TRANSFER_MOVED, by=by, subject=file.pk, transfer=str(row.pk), act="ask", to=to_department)
    return row


def _asking_defects(file: File, to_department: str) -> list[Defect]:
    found = []
    if to_department == file.department_id:
        way_out = "Choisissez le département d’accueil."
        found.append(Defect(place="transfert", expected="un autre département", got="le même", way_out=way_out))
    if file.transfers.filter(state__in=(TransferState.ASKED, TransferState.ACCEPTED)).exists():
        got, way_out = "un transfert en cours", "Annulez-le, ou attendez sa réponse."
        found.append(Defect(place="transfert", expected="aucun transfert en cours", got=got, way_out=way_out))
    before = ("draft", "closed", "withdrawn", "grant_notified", "refusal_notified")
    if file.requests.exclude(state__in=before).exists():
        got, way_out = "une demande en cours", "Attendez la décision, ou retirez la demande."
        found.append(Defect(place="transfert", expected="aucune demande en cours", got=got, way_out=way_out))
    return found


@transaction.atomic
def answer(transfer_id: UUID, act: str, *, by: Mandate, on: date) -> Transfer:
    """`accept` or `reject` where the file would go; `revoke` where it comes from."""
    check_role(by, Role.DELEGATE)
    row = locked(Transfer, transfer_id)
    here = row.from_department_id if act == "revoke" else row.to_department_id
    if by.department_id != here:
        got, way_out = f"le département {by.department_id}", f"Ce geste revient au département {here}."
        refuse_if([Defect(place="transfert", expected=f"le département {here}", got=got, way_out=way_out)])
    move(row, TRANSFER, act, by=by)
    row.answered_on = on
    row.save(update_fields=["state", "answered_on"])
    audit.record(Event.TRANSFER_MOVED, by=by, subject=row.file_id, transfer=str(row.pk), act=act)
    return row


@transaction.atomic
def hand_over(transfer_id: UUID, *, by: Mandate, on: date) -> None:
    """Give the file: its key is wrapped anew for the other department, its indexes computed under its keys.

    From the end of this transaction nobody of the old department reads it any more.
    """
    check_role(by, Role.DELEGATE)
    row = locked(Transfer, transfer_id)
    TRANSFER.act("carry_out", old=TransferState(row.state), role=Role(by.role))
    locked(File, row.file_id)
    opened = open_file(row.file_id, by=by, page="transfer")
    audit.record(Event.TRANSFER_MOVED, by=by, subject=row.file_id, transfer=str(row.pk), act="carry_out")
    _rewrap(row, by)
    found = _indexes(opened, row.to_department_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT security.move_file(%s, %s, %s, %s)", [row.pk, found.name, found.birth, found.sound])


def _rewrap(row: Transfer, by: Mandate) -> None:
    service = vault.service()
    key_row = DataKey.objects.get(subject=row.file_id)
    key = service.unwrap(vault.owner_of(by.department_id), bytes(key_row.wrapped or b""), context=row.file_id.bytes)
    wrapped = service.wrap(vault.owner_of(row.to_department_id), key, context=row.file_id.bytes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT security.move_key(%s, %s)", [row.pk, wrapped])


def _indexes(opened: OpenFile, department: str) -> Indexes:
    said = opened.identity
    if not said:
        return Indexes(name=None, birth=None, sound=None)
    return indexes(said["family_name"], said["given_names"], said["birth_date"], department)
