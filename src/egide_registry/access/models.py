"""Break-glass, second persons, exports."""

import uuid
from datetime import timedelta
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from egide_registry.security.fields import SealedField


class Glass(models.Model):
    """One file opened for sixty minutes, read-only, by someone who does not serve it; reviewed within 72 hours.

    The database writes both moments itself. The words have a key of their own (`DataKey.Kind.GLASS`): whoever reviews
    need not open the file, and whoever breaks cannot open it before. It is destroyed with the file's.
    """

    LENGTH: Final = timedelta(hours=1)

    class Reason(models.TextChoices):
        DANGER = "danger", "danger immédiat pour la personne"
        ABSENCE = "absence", "absence imprévue de la personne qui suit le dossier"
        COURT = "court", "audience ou délai de recours imminent"
        PERSON_ASKS = "person_asks", "demande de la personne elle-même"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mandate = models.ForeignKey("accounts.Mandate", on_delete=models.PROTECT, related_name="+")
    person = models.UUIDField()  # who broke it: reviewed by another person, not only by another mandate
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    file_id = models.UUIDField(db_index=True)
    reason = models.CharField(max_length=20, choices=Reason)
    words = SealedField(null=False)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reviewed_by = models.UUIDField(null=True, blank=True)  # mandate
    reviewed_at = models.DateTimeField(null=True, blank=True)
    justified = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="glass_lasts_an_hour_at_most",
                condition=Q(expires_at__gt=F("opened_at"))
                & Q(expires_at__lte=F("opened_at") + models.Value("01:00:00", output_field=models.DurationField())),
            ),
            models.CheckConstraint(
                name="glass_reviewed_by_another", condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("mandate"))
            ),
        )


class FourEyes(models.Model):
    """An act that needs a second person: asked by one, confirmed or turned down by another.

    A refusal and an early exit keep their two persons themselves: see `psp.models`. What is asked stands in the row,
    in identifiers, days and codes: the second person confirms that and nothing else.
    """

    class Kind(models.TextChoices):
        EXPORT = "export", "export en nombre"
        ATTACH = "attach", "rattachement d’un compte"
        PURGE_HOLD = "purge_hold", "conservation au-delà du terme"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    target = models.UUIDField(db_index=True)  # a file; for an export or an account, a digest of what is asked
    files = ArrayField(models.UUIDField(), default=list, blank=True)  # export
    purpose = models.CharField(max_length=30, blank=True)  # export
    legal_basis = models.CharField(max_length=60, blank=True)  # export
    until = models.DateField(null=True, blank=True)  # hold
    account = models.UUIDField(null=True, blank=True)  # attach: a person who works here
    identity_index = models.CharField(max_length=64, blank=True)  # attach: blind index of issuer and subject
    asked_by = models.ForeignKey("accounts.Mandate", on_delete=models.PROTECT, related_name="+")
    asked_person = models.UUIDField()
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.Mandate", null=True, on_delete=models.PROTECT, related_name="+")
    decided_person = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    confirmed = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="four_eyes_are_two_persons",
                condition=Q(decided_person__isnull=True) | ~Q(decided_person=F("asked_person")),
            ),
            models.CheckConstraint(
                name="four_eyes_decided_whole",
                condition=Q(
                    decided_by__isnull=True,
                    decided_person__isnull=True,
                    decided_at__isnull=True,
                    confirmed__isnull=True,
                )
                | Q(
                    decided_by__isnull=False,
                    decided_person__isnull=False,
                    decided_at__isnull=False,
                    confirmed__isnull=False,
                ),
            ),
            models.UniqueConstraint(
                name="four_eyes_one_open_question", fields=("kind", "target"), condition=Q(confirmed__isnull=True)
            ),
        )


class Export(models.Model):
    """What left, for which purpose, how many files, with the hash of what left. The archive itself is not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mandate = models.ForeignKey("accounts.Mandate", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=30)
    legal_basis = models.CharField(max_length=60)
    files = models.PositiveIntegerField()
    four_eyes = models.OneToOneField(FourEyes, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_on = models.DateField()
    sha256 = models.CharField(max_length=64)
