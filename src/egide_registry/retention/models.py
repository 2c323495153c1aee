"""Announcements of a purge, and the proofs that purges leave."""

import uuid

from django.db import models


class Notice(models.Model):
    """A purge announced to those who serve the file, thirty days before it. Identifiers and days only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("psp.File", on_delete=models.PROTECT, related_name="notices")
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    announced_on = models.DateField()
    due_on = models.DateField()

    class Meta:
        indexes = (models.Index(name="notice_by_file", fields=("file", "announced_on")),)


class Proof(models.Model):
    """What stays of a purged file: that its key was destroyed on a day, which key, and the entry of the journal."""

    file = models.OneToOneField("psp.File", primary_key=True, on_delete=models.PROTECT, related_name="proof")
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    purged_on = models.DateField()
    wrapped_sha256 = models.CharField(max_length=64)  # of the wrapped key, as it was
    documents = models.PositiveIntegerField()
    journal_seq = models.BigIntegerField()
