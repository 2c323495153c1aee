"""The departmental commission: its settings, sessions, convocations, agenda, recusals, opinions and minutes."""

import uuid

from django.db import models
from django.db.models import Q

from egide_registry.psp.rules.states import SessionState
from egide_registry.security.fields import SealedField


class Commission(models.Model):
    """Settings of one department's commission. What the law leaves open is a choice made here, never invented."""

    department = models.OneToOneField("accounts.Department", primary_key=True, on_delete=models.PROTECT)
    quorum = models.PositiveSmallIntegerField(null=True, blank=True)  # members present; none set: no quorum is asked
    files_per_session = models.PositiveSmallIntegerField(null=True, blank=True)  # none: no limit
    convocation_days = models.PositiveSmallIntegerField(default=15)
    access_days = models.PositiveSmallIntegerField(default=30)  # members read the files that long after a session


class Session(models.Model):
    """One meeting."""

    class Formation(models.TextChoices):
        PSP = "psp", "parcours de sortie"
        MINORS = "minors", "mineurs"
        POLICY = "policy", "orientations"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    formation = models.CharField(max_length=10, choices=Formation)
    held_on = models.DateField()
    starts_at = models.TimeField()
    place = models.CharField(max_length=120)
    state = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in SessionState], default=SessionState.CONVENED
    )
    access_ends_on = models.DateField()
    minutes = SealedField()  # the PDF, under the key of the session
    minutes_on = models.DateField(null=True, blank=True)
    minutes_sha256 = models.CharField(max_length=64, blank=True)


class Convocation(models.Model):
    """A member called to a session."""

    class Presence(models.TextChoices):
        UNKNOWN = "unknown", "non renseigné"
        PRESENT = "present", "présent"
        EXCUSED = "excused", "excusé"
        ABSENT = "absent", "absent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="convocations")
    mandate = models.ForeignKey("accounts.Mandate", on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField()
    presence = models.CharField(max_length=10, choices=Presence, default=Presence.UNKNOWN)

    class Meta:
        constraints = (models.UniqueConstraint(name="convocation_once", fields=("session", "mandate")),)


class Item(models.Model):
    """A request on the agenda, and the opinion given on it."""

    class Opinion(models.TextChoices):
        FAVOURABLE = "favourable", "avis favorable"
        UNFAVOURABLE = "unfavourable", "avis défavorable"
        DEFERRED = "deferred", "avis reporté"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="items")
    request = models.ForeignKey("psp.Request", on_delete=models.PROTECT, related_name="items")
    file = models.ForeignKey("psp.File", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    opinion = models.CharField(max_length=12, choices=Opinion, blank=True)
    votes_for = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(null=True, blank=True)
    reasons = SealedField()  # under the key of the file
    given_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="item_once_per_session", fields=("session", "request")),
            models.UniqueConstraint(name="item_position", fields=("session", "position")),
            models.CheckConstraint(
                name="opinion_has_votes",
                condition=Q(opinion="")
                | Q(opinion="deferred")
                | Q(votes_for__isnull=False, votes_against__isnull=False, abstentions__isnull=False),
            ),
        )


class Recusal(models.Model):
    """Who does not sit on an item: the association that filed, always; anyone with an interest, on their word."""

    class Cause(models.TextChoices):
        FILED = "filed", "association à l’origine de la demande"
        INTEREST = "interest", "conflit d’intérêts"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="recusals")
    mandate = models.ForeignKey("accounts.Mandate", null=True, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("accounts.Body", null=True, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=10, choices=Cause)
    recorded_on = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="recusal_of_someone", condition=Q(mandate__isnull=False) | Q(body__isnull=False)
            ),
        )
