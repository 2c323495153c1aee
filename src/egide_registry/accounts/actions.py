"""The only writer of accounts, with `sign_in`: opening a department, inviting, giving and ending a mandate, closing."""

import hashlib
from datetime import date
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import connections, transaction

from egide_registry.accounts.models import Body, Mandate, Person, StateIdentity
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import BODIES, GRANTED, Role, last_day
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.security import context, vault
from egide_registry.security.models import DataKey


def login_index(email: str) -> str:
    """What the database knows of an e-mail address: a keyed hash of it, whatever its capitals."""
    return vault.service().mac(vault.ACCOUNTS, "login", email.strip().casefold().encode()).hex()


def _person(*, name: str, email: str, on: date, using: str) -> Person:
    """An account without a usable password: its person sets one from the invitation."""
    person = Person(id=uuid4(), login_index=login_index(email), password=make_password(None), created_on=on)
    safe = vault.new(person.pk, kind=DataKey.Kind.PERSON, owner=vault.ACCOUNTS, on=on, using=using)
    safe.seal(person, "identity", {"name": name, "email": email})
    person.save(using=using, force_insert=True)
    return person


def found_department(code: str, *, name: str, body: Body, administrator: str, email: str, on: date) -> Mandate:
    """Open a department: its keys, its keeper of the night and its first administrator. Run by the owner of the base.

    Everyone else is invited by that administrator. Harmless for a department that has its keys already.
    """
    service = vault.service()
    for owner in (vault.ACCOUNTS, vault.owner_of(code)):
        service.create(owner)
    with transaction.atomic(using="owner"):
        keeper = _person(name="Travaux de nuit", email=f"nuit@{code}.egide.invalid", on=on, using="owner")
        first = _person(name=administrator, email=email, on=on, using="owner")
        common = {"body_id": body.pk, "department_id": code, "starts_on": on}
        Mandate(id=uuid4(), person_id=keeper.pk, role=Role.KEEPER, **common).save(using="owner", force_insert=True)
        mandate = Mandate(id=uuid4(), person=first, role=Role.ADMINISTRATOR, **common)
        mandate.save(using="owner", force_insert=True)
    return mandate


def add_place(code: str, name: str, *, using: str = "owner") -> None:
    """Add a department to the public list, as the owner of the base."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_department (code, name, mayotte_scale) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [code, name, code == "976"],
        )


@transaction.atomic
def invite(*, name: str, email: str, by: Mandate, on: date) -> Person:
    """The account of this address: a new one, or the one its person has already, in whatever department.

    One person, one account: a second department gives it one more mandate. Its person sets a password and a second
    factor by themselves, from the link of `invitations`.
    """
    check_role(by, Role.ADMINISTRATOR)
    login = login_index(email)
    context.enter(person=by.person_id, mandate=by.pk, login=login)
    person = Person.objects.filter(login_index=login).first()
    context.enter(person=by.person_id, mandate=by.pk)
    if person is None:
        person = _person(name=name, email=email, on=on, using="default")
        audit.record(Event.ACCOUNT_INVITED, by=by, subject=person.pk)
    return person


@transaction.atomic
def grant(
    person: UUID, *, body: Body, role: Role, by: Mandate, starts_on: date, ends_on: date | None = None
) -> Mandate:
    """Give a mandate in the department of the administrator. Nobody gives themselves one."""
    check_role(by, Role.ADMINISTRATOR)
    _check_another(person, by=by)
    if role not in GRANTED:
        raise PermissionDenied("Ce rôle est celui d’un automate\u202f; il ne se donne à personne.")
    if body.kind not in BODIES.get(role, {body.kind}):
        raise PermissionDenied("Ce rôle ne se donne pas dans un organisme de cette nature.")
    mandate = Mandate(
        id=uuid4(),
        person_id=person,
        body=body,
        department_id=by.department_id,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=by.pk,
    )
    mandate.save(force_insert=True)
    audit.record(Event.MANDATE_GRANTED, by=by, subject=person, mandate=str(mandate.pk), role=str(role))
    return mandate


@transaction.atomic
def end(mandate: Mandate, *, by: Mandate, on: date) -> None:
    """End a mandate at once: its last day was the day before, and the next request of its person is refused."""
    check_role(by, Role.ADMINISTRATOR)
    _check_another(mandate.person_id, by=by)
    last = last_day(mandate.starts_on, ended_on=on)
    if mandate.ends_on is not None and mandate.ends_on <= last:
        return  # it has ended already
    mandate.ends_on = last
    mandate.save(update_fields=["ends_on"])
    audit.record(Event.MANDATE_ENDED, by=by, subject=mandate.person_id, mandate=str(mandate.pk))


@transaction.atomic
def close(person: Person, *, by: Mandate) -> None:
    """Close an account for good. Its address is free again: its person may be invited anew.

    Refuses the account of somebody who has a live mandate in another department: end the one here instead.
    """
    check_role(by, Role.ADMINISTRATOR)
    _check_another(person.pk, by=by)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT security.works_elsewhere(%s)", [person.pk])
        if cursor.fetchone()[0]:
            raise PermissionDenied(
                "Cette personne tient un mandat dans un autre département\u00a0: "
                "terminez le sien ici, son compte reste ouvert."
            )
    if not person.is_active:
        return
    StateIdentity.objects.filter(person=person).delete()
    Person.objects.filter(pk=person.pk).update(is_active=False)
    audit.record(Event.ACCOUNT_CLOSED, by=by, subject=person.pk)


def attachment(person: UUID, subject_index: str) -> UUID:
    """What the second person is asked about: this person and this identity together. `accounts.guards` knows it too."""
    return UUID(bytes=hashlib.sha256(f"{person}|{subject_index}".encode()).digest()[:16])


def check_only_here(person: UUID) -> None:
    """Refuse an identity for somebody who works elsewhere too: it opens every mandate, those of other departments
    included. The database refuses it as well.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT %s IN (SELECT security.only_here())", [person])
        if not cursor.fetchone()[0]:
            raise PermissionDenied(
                "Cette personne a aussi un mandat dans un autre département\u00a0: une identité de l’État lui "
                "ouvrirait les deux. Elle continue de se connecter avec son mot de passe."
            )


@transaction.atomic
def attach_identity(person: Person, subject_index: str, *, by: Mandate, four_eyes_id: UUID, on: date) -> StateIdentity:
    """Tie an identity of the State to an account. The database refuses it without the second person's confirmation:
    a four-eyes record of kind `attach`, confirmed, about `attachment(person, subject_index)`.
    """
    check_role(by, Role.ADMINISTRATOR)
    _check_another(person.pk, by=by)
    check_only_here(person.pk)
    identity = StateIdentity(person=person, subject_index=subject_index, attached_on=on, attached_by=four_eyes_id)
    identity.save(force_insert=True)
    audit.record(Event.IDENTITY_ATTACHED, by=by, subject=person.pk, four_eyes=str(four_eyes_id))
    return identity


def _check_another(person: UUID, *, by: Mandate) -> None:
    if person == by.person_id:
        raise PermissionDenied(
            "Vous ne pouvez pas agir sur votre propre compte d’ici\u00a0: demandez à une autre personne chargée de "
            "l’administration."
        )
