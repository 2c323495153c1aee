"""People and places for the tests of the registry: invented, made through the same actions as the real ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from egide_registry.accounts import actions
from egide_registry.accounts.models import Approval, Body, Department, Mandate
from egide_registry.accounts.rules import Role
from egide_registry.security import context

DAY = date(2026, 3, 2)  # a Monday; mandates begin long before
BEGINNING = date(2020, 1, 1)
_numbers = count(1)


def today() -> date:
    """The day in Paris, read anew each time: a run of the tests may begin before midnight and end after."""
    return timezone.localdate()


@contextmanager
def acting(mandate: Mandate | None) -> Iterator[None]:
    """A transaction under the name of one mandate, as a request has."""
    with transaction.atomic():
        if mandate is None:
            context.leave()
        else:
            context.enter(person=mandate.person_id, mandate=mandate.pk)
        yield


class World:
    """A department with its prefecture, an approved association, and one mandate for each role."""

    def __init__(self, code: str = "") -> None:
        """`code`: of a real department, which one test of the whole session may open."""
        self.code = code or f"Z{next(_numbers):03}"
        actions.add_place(self.code, f"Département {self.code}")
        self.department = Department.objects.get(pk=self.code)
        self.prefecture = self.body(Body.Kind.PREFECTURE)
        self.association = self.body(Body.Kind.ASSOCIATION)
        Approval.objects.using("owner").create(
            body_id=self.association.pk, department_id=self.code, starts_on=BEGINNING, ends_on=date(2035, 1, 1)
        )
        self.administrator = actions.found_department(
            self.code,
            name=f"Département {self.code}",
            body=self.prefecture,
            administrator="Administration Essai",
            email=f"administration-{uuid4()}@essai.invalid",
            on=BEGINNING,
        )
        self.mandates: dict[Role, Mandate] = {Role.ADMINISTRATOR: self.administrator}
        with acting(self.administrator):
            self.mandates[Role.KEEPER] = Mandate.objects.get(role=Role.KEEPER, department_id=self.code)

    def body(self, kind: Body.Kind, name: str = "") -> Body:
        return Body.objects.create(kind=kind, name=name or f"{kind.label} {uuid4().hex[:6]}")

    def new(self, role: Role, *, body: Body | None = None, ends_on: date | None = None) -> Mandate:
        """Another person with a mandate in this department."""
        email = f"{role}-{uuid4()}@essai.invalid"
        home = body or self.home(role)
        with acting(self.administrator):
            person = actions.invite(name=f"Personne {role}", email=email, by=self.administrator, on=BEGINNING)
            return actions.grant(
                person.pk, body=home, role=role, by=self.administrator, starts_on=BEGINNING, ends_on=ends_on
            )

    def home(self, role: Role) -> Body:
        """A body where this role may be held."""
        if role == Role.OBSERVATORY:
            return self.body(Body.Kind.OBSERVATORY)
        return self.association if role == Role.ASSOCIATION else self.prefecture

    def __getitem__(self, role: Role) -> Mandate:
        """The mandate of a role, made at the first call."""
        if role not in self.mandates:
            self.mandates[role] = self.new(role)
        return self.mandates[role]
