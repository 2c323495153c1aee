"""The journal: entries, heads, seals. Written by functions of the database that `guards` declares, by nothing else."""

import uuid

from django.db import models


class Entry(models.Model):
    """One thing that happened. Codes and identifiers only: no name, no words."""

    # Its place is its key: no number from a sequence, which a transaction undone would leave with holes.
    pk = models.CompositePrimaryKey("chain", "seq")
    chain = models.CharField(max_length=10)  # a department, or « compte » before a mandate is chosen
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    event = models.CharField(max_length=40)
    mandate = models.UUIDField(null=True)
    person = models.UUIDField(null=True)
    subject = models.UUIDField(null=True)  # the file, for whatever happens to a file or to a part of it
    detail = models.TextField()  # canonical JSON
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_entry"
        indexes = (
            models.Index(name="entry_by_subject", fields=("subject", "at")),
            models.Index(name="entry_by_person", fields=("person", "at")),
        )


class Head(models.Model):
    """The last link of a chain: what the next one is tied to, and whose lock puts the writers in order."""

    chain = models.CharField(primary_key=True, max_length=10)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_head"


class Seal(models.Model):
    """A head, signed at the end of a day; the same line is written to a second place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chain = models.CharField(max_length=10)
    day = models.DateField()
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    signature = models.BinaryField()
    purged_on = models.DateField(null=True, blank=True)  # entries up to this seal are gone, as their time had come

    class Meta:
        db_table = "audit_seal"
        constraints = (models.UniqueConstraint(name="seal_once_a_day", fields=("chain", "day")),)
