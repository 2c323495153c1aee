"""Break-glass: one file, one hour, read only, said at once to those who answer for it, reviewed by somebody else."""

from datetime import datetime
from uuid import UUID, uuid4

from attrs import frozen
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from egide_registry.access import rules
from egide_registry.access.models import Glass
from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.accounts.sign_in import identities
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.psp.models import File
from egide_registry.psp.rules.refusals import refuse_if
from egide_registry.security import vault
from egide_registry.security.models import DataKey

BREAKERS = (Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
REVIEWERS = (Role.DELEGATE, Role.DPO)


@transaction.atomic
def break_glass(file_id: UUID, *, reason: Glass.Reason, words: str, by: Mandate, now: datetime, link: str) -> Glass:
    """Open one file of the department for sixty minutes, read only.

    The entry of the journal is written by the database itself (`access.guards`). `link`: the page of the list, for
    the neutral mail. Raises RuleRefused for words that say too little, PermissionDenied for a file that is not here.
    """
    check_role(by, *BREAKERS)
    refuse_if(rules.words_defects(words))
    with connection.cursor() as cursor:
        cursor.execute("SELECT security.may_break(%s)", [file_id])
        ((may,),) = cursor.fetchall()
    if not may:
        raise PermissionDenied("Aucun dossier de ce département ne s’ouvre ainsi.")
    if File.objects.filter(pk=file_id).exists():
        raise PermissionDenied("Ce dossier vous est déjà ouvert\u00a0: l’accès d’urgence n’est pas nécessaire.")
    glass = Glass(
        id=uuid4(),
        mandate_id=by.pk,
        person=by.person_id,
        department_id=by.department_id,
        file_id=file_id,
        reason=reason,
        opened_at=now,
        expires_at=now + Glass.LENGTH,
    )
    safe = vault.new(
        glass.pk, kind=DataKey.Kind.GLASS, owner=vault.owner_of(by.department_id), on=timezone.localdate(now)
    )
    safe.seal(glass, "words", words.strip())
    glass.save(force_insert=True)
    glass.refresh_from_db(fields=["opened_at", "expires_at"])
    addresses = _addresses(by, now)
    transaction.on_commit(lambda: _tell(addresses, link), robust=True)
    return glass


def _addresses(by: Mandate, now: datetime) -> list[str]:
    """Of the delegates and data protection officers of the department, but of who breaks."""
    on = timezone.localdate(now)
    told = Mandate.objects.filter(department_id=by.department_id, role__in=REVIEWERS, starts_on__lte=on)
    told = told.filter(Q(ends_on=None) | Q(ends_on__gte=on)).exclude(person_id=by.person_id).select_related("person")
    persons = {mandate.person_id: mandate.person for mandate in told if mandate.person.is_active}
    return [said["email"] for said in identities(list(persons.values())).values()]


def _tell(addresses: list[str], link: str) -> None:
    """One mail each: nobody reads the address of another."""
    text = f"Bonjour,\n\nUne action demande votre relecture sous 72 heures\u00a0:\n\n{link}\n\nÉgide\n"
    for address in addresses:
        send_mail("Égide", text, None, [address])


@frozen(kw_only=True)
class Seen:
    """A broken glass, as its reviewers see it."""

    glass: Glass
    reference: str
    words: str | None  # None: destroyed with the file
    overdue: bool
    open: bool
    mine: bool  # somebody else reviews it


@transaction.atomic
def list_all(*, by: Mandate, now: datetime) -> list[Seen]:
    """The broken glasses of the department, the latest first, with their words."""
    check_role(by, *REVIEWERS)
    rows = Glass.objects.filter(department_id=by.department_id).select_related("mandate__body")
    glasses = list(rows.order_by("-opened_at")[:200])
    known = references_of([glass.file_id for glass in glasses])
    return [
        Seen(
            glass=glass,
            reference=known.get(glass.file_id, "–"),
            words=_words(glass, by),
            overdue=rules.overdue(glass.opened_at, glass.reviewed_at, now=now),
            open=glass.expires_at > now,
            mine=glass.person == by.person_id,
        )
        for glass in glasses
    ]


def references_of(files: list[UUID]) -> dict[UUID, str]:
    """The opaque references of files of the department, for who may know them and not read the files."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT file, reference FROM security.references_of(%s)", [files])
        return dict(cursor.fetchall())


def _words(glass: Glass, by: Mandate) -> str | None:
    try:
        safe = vault.open_for(glass.pk, owner=vault.owner_of(by.department_id))
    except vault.Shredded:
        return None
    return str(safe.read(glass, "words"))


@transaction.atomic
def review(glass_id: UUID, *, justified: bool, by: Mandate, now: datetime) -> Glass:
    """Say whether it was justified, as another person. Once."""
    check_role(by, *REVIEWERS)
    # Not locked: the database hides one's own from a lock, and would refuse a second review by itself.
    glass = Glass.objects.get(pk=glass_id, department_id=by.department_id)
    if glass.person == by.person_id:
        raise PermissionDenied("Un accès d’urgence est relu par une autre personne que celle qui l’a ouvert.")
    if glass.reviewed_at is not None:
        raise PermissionDenied("Cet accès d’urgence a déjà été relu.")
    glass.reviewed_by, glass.reviewed_at, glass.justified = by.pk, now, justified
    glass.save(update_fields=["reviewed_by", "reviewed_at", "justified"])
    audit.record(
        Event.GLASS_REVIEWED, by=by, subject=glass.file_id, glass=str(glass.pk), justified="yes" if justified else "no"
    )
    return glass
