"""Departments, bodies, persons who work here, and their mandates."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from egide_registry.accounts.rules import LABELS, Role
from egide_registry.security.fields import SealedField


class Department(models.Model):
    """A department of France. Public."""

    code = models.CharField(primary_key=True, max_length=4)
    name = models.CharField(max_length=60)
    mayotte_scale = models.BooleanField(default=False)  # the AFIS has a scale of its own there

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Body(models.Model):
    """A prefecture, an association, a court, a service. Public."""

    class Kind(models.TextChoices):
        PREFECTURE = "prefecture", "préfecture"
        ASSOCIATION = "association", "association"
        JUSTICE = "justice", "justice"
        POLICE = "police", "police nationale"
        GENDARMERIE = "gendarmerie", "gendarmerie nationale"
        HEALTH = "health", "santé"
        EDUCATION = "education", "éducation nationale"
        COUNCIL = "council", "conseil départemental"
        EMPLOYMENT = "employment", "emploi et solidarités"
        OBSERVATORY = "observatory", "observatoire"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Approval(models.Model):
    """The agrément of an association in a department: three years. Public (decision of the prefect)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="approvals")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="approvals")
    starts_on = models.DateField()
    ends_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="approval_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))),
        )


class PersonManager(BaseUserManager["Person"]):
    """Persons are found by the blind index of their login; nothing of them is in clear."""


class Person(AbstractBaseUser):
    """Someone who works here. Privacy: name and address are sealed, the login is a blind index.

    Lifetime: the account is closed at the end of its last mandate, its key destroyed two years later.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    login_index = models.CharField(max_length=64, unique=True)
    identity = SealedField()  # JSON: name, e-mail
    totp = SealedField()  # the secret of one-time passwords
    totp_confirmed_at = models.DateTimeField(null=True, blank=True)
    totp_last_step = models.BigIntegerField(null=True, blank=True)  # a code is used once
    is_active = models.BooleanField(default=True)
    created_on = models.DateField()
    last_login = None  # the journal says it, with who may read it

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "login_index"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def has_factor(self) -> bool:
        """Whether the first access is over: a password and a second factor, set together."""
        return self.totp_confirmed_at is not None

    def __str__(self) -> str:
        return f"personne {self.id}"


class Mandate(models.Model):
    """What gives a right: this person, for this body, in this department, in this role, between these days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="mandates")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="mandates")
    role = models.CharField(max_length=20, choices=[(role.value, LABELS[role]) for role in Role])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    granted_by = models.UUIDField(null=True, blank=True)  # the mandate of who gave it

    class Meta:
        constraints = (
            models.CheckConstraint(
                # One that ends on the eve of its first day never gave any access: given by mistake.
                name="mandate_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on") - timedelta(days=1)),
            ),
        )

    def __str__(self) -> str:
        return f"{LABELS[Role(self.role)]}, {self.body}, {self.department}"


class Passkey(models.Model):
    """A public key of an authenticator. Lifetime: until its person removes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField()
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    label = SealedField()
    added_on = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(name="passkey_credential", fields=("credential_id",)),)


class StateIdentity(models.Model):
    """A person at the State's identity provider: the blind index of issuer and subject, never an e-mail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="state_identities")
    subject_index = models.CharField(max_length=64, unique=True)
    attached_on = models.DateField()
    attached_by = models.UUIDField(null=True, blank=True)  # the four-eyes record that allowed it


class Attempt(models.Model):
    """A failed sign-in, by blind index of the login: no address of a machine is kept. Lifetime: one day."""

    id = models.BigAutoField(primary_key=True)
    login_index = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField()
