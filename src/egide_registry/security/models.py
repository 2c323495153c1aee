"""The data keys: one per subject, wrapped by a key that is not in this database."""

import uuid

from django.db import models


class DataKey(models.Model):
    """The key of one subject. Without `wrapped`, what it sealed is gone for good: that is the purge.

    Privacy: ciphertext only. Lifetime: the row stays as proof, the key goes with the subject.
    """

    class Kind(models.TextChoices):
        FILE = "file", "dossier"
        SESSION = "session", "séance de la commission"
        PERSON = "person", "compte"
        GLASS = "glass", "motif d’un accès d’urgence"

    subject = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    # The owner of the wrapping key in the key service: a department, or the accounts.
    owner = models.CharField(max_length=40)
    department = models.ForeignKey(
        "accounts.Department", null=True, on_delete=models.PROTECT, related_name="+", db_index=True
    )
    wrapped = models.BinaryField(null=True)
    made_on = models.DateField()
    destroyed_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="datakey_destroyed_or_wrapped",
                condition=models.Q(wrapped__isnull=True, destroyed_on__isnull=False)
                | models.Q(wrapped__isnull=False, destroyed_on__isnull=True),
            ),
        )
