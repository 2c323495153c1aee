"""The only writer of accounts: opening a department, inviting a person, giving and ending a mandate."""

from datetime import date
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.db import connections, transaction

from egide_registry.accounts.models import Body, Mandate, Person
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.security import vault
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
        mandate = Mandate(id=uuid4(), person_id=first.pk, role=Role.ADMINISTRATOR, **common)
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
    """Open an account. Its person gives it a password and a second factor by themselves."""
    check_role(by, Role.ADMINISTRATOR)
    return _person(name=name, email=email, on=on, using="default")


@transaction.atomic
def grant(
    person: UUID, *, body: Body, role: Role, by: Mandate, starts_on: date, ends_on: date | None = None
) -> Mandate:
    """Give a mandate in the department of the administrator. Nobody gives themselves one."""
    check_role(by, Role.ADMINISTRATOR)
    if person == by.person_id:
        raise PermissionError("Un mandat est donné par une autre personne que celle qui le reçoit.")
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
    return mandate
