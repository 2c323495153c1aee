"""Who works in the demo. Passwords and codes are known to everyone: they protect nothing, and nothing real is here."""

import hashlib
from datetime import date, datetime
from random import Random

from attrs import frozen
from django.db import transaction

from egide_registry.accounts import actions, totp
from egide_registry.accounts.models import Approval, Body, Mandate, Person
from egide_registry.accounts.rules import LABELS, Role
from egide_registry.demo import names
from egide_registry.demo.acting import acting, ago
from egide_registry.security import context, vault

SEED = "egide demo 1"
PASSWORD = "exemple-sans-secret"
DOMAIN = "demo.egide.invalid"


@frozen(kw_only=True)
class Account:
    """One account: the first part of its address is its name here, `code` asks for the same."""

    slug: str
    role: Role
    body: str  # a key of the place's bodies
    place: int = 0  # 0: the department of the demo; 1: its neighbour

    @property
    def email(self) -> str:
        return f"{self.slug}@{DOMAIN}"

    @property
    def label(self) -> str:
        """What it may do, in French."""
        return LABELS[self.role] + (", département voisin" if self.place else "")


A, B = "association", "other_association"
ACCOUNTS = (
    Account(slug="association", role=Role.ASSOCIATION, body=A),
    Account(slug="association2", role=Role.ASSOCIATION, body=B),
    Account(slug="delegation", role=Role.DELEGATE, body="prefecture"),
    Account(slug="prefet", role=Role.PREFECT, body="prefecture"),
    Account(slug="prefet2", role=Role.PREFECT, body="prefecture"),
    Account(slug="membre", role=Role.MEMBER, body="justice"),
    Account(slug="membre2", role=Role.MEMBER, body="police"),
    Account(slug="mineurs", role=Role.MINORS_MEMBER, body="council"),
    Account(slug="administration", role=Role.ADMINISTRATOR, body="prefecture"),
    Account(slug="dpo", role=Role.DPO, body="prefecture"),
    Account(slug="observatoire", role=Role.OBSERVATORY, body="observatory"),
    Account(slug="voisin-association", role=Role.ASSOCIATION, body=A, place=1),
    Account(slug="voisin-delegation", role=Role.DELEGATE, body="prefecture", place=1),
    Account(slug="voisin-prefet", role=Role.PREFECT, body="prefecture", place=1),
    Account(slug="voisin-membre", role=Role.MEMBER, body="justice", place=1),
    Account(slug="voisin-administration", role=Role.ADMINISTRATOR, body="prefecture", place=1),
)
PLACES = (("99A", "Val-d’Exemple"), ("99B", "Monts-d’Exemple"))
BODIES = {
    "prefecture": (Body.Kind.PREFECTURE, "Préfecture"),
    A: (Body.Kind.ASSOCIATION, "Association Exemple Un"),
    B: (Body.Kind.ASSOCIATION, "Association Exemple Deux"),
    "justice": (Body.Kind.JUSTICE, "Tribunal judiciaire"),
    "police": (Body.Kind.POLICE, "Police nationale"),
    "council": (Body.Kind.COUNCIL, "Conseil départemental"),
    "observatory": (Body.Kind.OBSERVATORY, "Observatoire d’exemple"),
}
BEGINNING = 2000  # days ago: mandates and the first agréments


def totp_secret(slug: str) -> bytes:
    """The secret of the one-time passwords of an account, always the same."""
    return hashlib.sha256(f"{SEED}|{slug}".encode()).digest()[: totp.SIZE]


def code(slug: str, *, at: datetime) -> str:
    """The six digits to type at a moment. Raises KeyError for an account that is not in the demo."""
    if slug not in {account.slug for account in ACCOUNTS}:
        raise KeyError(slug)
    return totp.code(totp_secret(slug), int(at.timestamp()) // totp.STEP)


@frozen(kw_only=True)
class Place:
    """A department: its code, its bodies by the keys of `BODIES`, its mandates by the slugs of their accounts."""

    code: str
    bodies: dict[str, Body]
    mandates: dict[str, Mandate]


def found(number: int, chance: Random, *, on: date) -> Place:
    """Open a department with its bodies, agréments and accounts."""
    code, title = PLACES[number]
    actions.add_place(code, title)
    here = [account for account in ACCOUNTS if account.place == number]
    bodies = {
        key: Body.objects.create(kind=kind, name=f"{label}, {title}")
        for key, (kind, label) in BODIES.items()
        if any(account.body == key for account in here)
    }
    for key in (A, B):
        if key in bodies:
            _approve(bodies[key], code, on)
    first = next(account for account in here if account.role is Role.ADMINISTRATOR)
    since = ago(on, BEGINNING)
    administrator = actions.found_department(
        code,
        name=title,
        body=bodies[first.body],
        administrator=" ".join(reversed(names.name(chance))),
        email=first.email,
        on=since,
    )
    place = Place(code=code, bodies=bodies, mandates={first.slug: administrator})
    for account in here:
        if account is not first:
            place.mandates[account.slug] = _mandate(account, place, administrator, chance, on=on)
        _first_access(account, place.mandates[account.slug], on=on)
    return place


def _approve(body: Body, code: str, on: date) -> None:
    """Two agréments of three years, one after the other: the older files were opened under the first."""
    for start, end in ((BEGINNING, 906), (905, -189)):
        Approval.objects.using("owner").create(
            body_id=body.pk, department_id=code, starts_on=ago(on, start), ends_on=ago(on, end)
        )


def _mandate(account: Account, place: Place, administrator: Mandate, chance: Random, *, on: date) -> Mandate:
    family, given = names.name(chance)
    with acting(administrator):
        since = ago(on, BEGINNING)
        person = actions.invite(name=f"{given} {family}", email=account.email, by=administrator, on=since)
        return actions.grant(
            person.pk, body=place.bodies[account.body], role=account.role, by=administrator, starts_on=since
        )


def _first_access(account: Account, mandate: Mandate, *, on: date) -> None:
    """What a person does from the link of an invitation, with the password and the secret of the demo."""
    with transaction.atomic():
        context.enter(person=mandate.person_id, mandate=mandate.pk)
        person = Person.objects.get(pk=mandate.person_id)
        person.set_password(PASSWORD)
        vault.open_for(person.pk, owner=vault.ACCOUNTS).seal_bytes(person, "totp", totp_secret(account.slug))
        person.totp_confirmed_at = datetime.fromisoformat(f"{ago(on, 1)}T09:00:00+00:00")
        person.save(update_fields=["password", "totp", "totp_confirmed_at"])
