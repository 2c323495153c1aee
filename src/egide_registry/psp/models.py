"""Files of persons on an exit path. What names or describes a person is sealed; dates, states and codes are clear.

Row-level security of each table: `egide_registry.security.policies`. Lifetimes: `egide_registry.retention.rules`.
"""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from egide_registry.psp.rules.rights import RightKind
from egide_registry.psp.rules.states import AppealKind, AppealState, FileState, RequestState, TransferState
from egide_registry.security.fields import SealedField


def choices(states: type) -> list[tuple[str, str]]:
    """The codes as Django wants them; their French is in the rules."""
    return [(state.value, state.value) for state in states]  # type: ignore[attr-defined]


class DateRange(Func):
    """The days from the first to the last, both included, as PostgreSQL sees them."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Choices(models.Model):
    """What one department chose where the law is silent: `rules.settings.Settings`, stored. No row: its proposals."""

    department = models.OneToOneField(
        "accounts.Department", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    suspension_extends = models.BooleanField(default=False)
    silence_days = models.PositiveSmallIntegerField(default=30)
    reasons_min_length = models.PositiveSmallIntegerField(default=200)
    implicit_rejection_months = models.PositiveSmallIntegerField(default=2)
    closing_margin_days = models.PositiveSmallIntegerField(default=15)
    not_effective_days = models.PositiveSmallIntegerField(default=30)
    aps_lapse_days = models.PositiveSmallIntegerField(default=60)
    outcome_window_days = models.PositiveSmallIntegerField(default=45)

    class Meta:
        db_table = "psp_choices"


class Row(models.Model):
    """An opaque identifier, so that an address tells nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class File(Row):
    """One person's file with one association in one department. Its data key is `DataKey(subject=id)`."""

    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=20, unique=True)  # opaque, said aloud in a session
    state = models.CharField(max_length=20, choices=choices(FileState), default=FileState.OPEN)
    identity = SealedField()  # JSON: names, birth date, contact
    name_index = models.BinaryField(max_length=8, null=True)  # blind, per department
    birth_index = models.BinaryField(max_length=8, null=True)
    sound_index = models.BinaryField(max_length=8, null=True)
    opened_on = models.DateField()
    filed_on = models.DateField(null=True, blank=True)  # first request filed: from then on the prefecture sees it
    closed_on = models.DateField(null=True, blank=True)
    last_contact_on = models.DateField()
    held_until = models.DateField(null=True, blank=True)  # legal hold, with its end
    purged_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "psp_file"
        indexes = (
            models.Index(name="psp_file_by_place", fields=("department", "state", "body")),
            models.Index(name="psp_file_by_name", fields=("department", "name_index")),
            models.Index(name="psp_file_by_sound", fields=("department", "sound_index")),
        )


class Request(Row):
    """A first request or a renewal."""

    class Kind(models.TextChoices):
        FIRST = "first", "première demande"
        RENEWAL = "renewal", "renouvellement"

    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10, choices=Kind)
    form_version = models.PositiveSmallIntegerField()
    form = SealedField()  # JSON: the answers
    state = models.CharField(max_length=20, choices=choices(RequestState), default=RequestState.DRAFT)
    started_on = models.DateField()
    saved_at = models.DateTimeField()  # a draft lives thirty days after it
    filed_on = models.DateField(null=True, blank=True)
    complete_on = models.DateField(null=True, blank=True)
    moved_on = models.DateField()  # day of the last change of state: what silence is counted from
    asked_for = SealedField()  # JSON: what is missing, in words

    class Meta:
        db_table = "psp_request"
        indexes = (
            models.Index(name="psp_request_by_state", fields=("state", "moved_on")),
            models.Index(name="psp_request_by_file", fields=("file", "kind")),
        )
        constraints = (
            models.CheckConstraint(
                name="request_filed_has_a_day",
                condition=Q(state="draft") | Q(filed_on__isnull=False) | Q(state="withdrawn"),
            ),
            models.UniqueConstraint(
                name="request_one_open_per_file",
                fields=("file",),
                condition=~Q(state__in=("closed", "withdrawn", "grant_notified", "refusal_notified")),
            ),
        )


class Supporting(Row):
    """A supporting document: the original sealed as it came, and a copy without metadata, sealed too."""

    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="supporting")
    request = models.ForeignKey(Request, null=True, on_delete=models.PROTECT, related_name="supporting")
    kind = models.CharField(max_length=30)  # a code of the form's checklist
    media_type = models.CharField(max_length=40)
    name = SealedField()
    original = SealedField()
    copy = SealedField()
    scanned = models.CharField(max_length=12)  # clean, not_scanned
    added_on = models.DateField()
    added_by = models.UUIDField()  # mandate

    class Meta:
        db_table = "psp_supporting"


class Decision(Row):
    """What the prefect decided on a request. A refusal holds its reasons, its ways and delays of appeal."""

    class Outcome(models.TextChoices):
        GRANTED = "granted", "accordé"
        REFUSED = "refused", "refusé"

    class Means(models.TextChoices):
        HAND = "hand", "remise en main propre"
        LETTER = "letter", "lettre recommandée avec avis de réception"
        ELECTRONIC = "electronic", "lettre recommandée électronique"

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="decisions")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome)
    decided_on = models.DateField()
    decided_by = models.UUIDField()  # mandate
    decided_person = models.UUIDField()
    reasons = SealedField()  # JSON: codes and words
    has_reasons = models.BooleanField(default=False)  # coded and written, as checked when sealed
    appeal_ways = models.CharField(max_length=20, blank=True)  # version of the text on ways and delays
    confirmed_by = models.UUIDField(null=True, blank=True)  # mandate
    confirmed_person = models.UUIDField(null=True, blank=True)  # of a second person
    confirmed_on = models.DateField(null=True, blank=True)
    notified_on = models.DateField(null=True, blank=True)
    notified_by = models.CharField(max_length=12, choices=Means, blank=True)
    proof = models.ForeignKey(Supporting, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "psp_decision"
        constraints = (
            models.CheckConstraint(
                name="refusal_has_reasons_and_ways",
                condition=~Q(outcome="refused") | (Q(has_reasons=True) & ~Q(appeal_ways="") & Q(reasons__isnull=False)),
            ),
            models.CheckConstraint(
                name="notification_has_day_means_and_proof",
                condition=Q(notified_on__isnull=True, notified_by="", proof__isnull=True)
                | (Q(notified_on__isnull=False, proof__isnull=False) & ~Q(notified_by="")),
            ),
            models.CheckConstraint(
                name="refusal_notified_once_confirmed",
                condition=~Q(outcome="refused") | Q(notified_on__isnull=True) | Q(confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True, confirmed_person__isnull=True)
                | (Q(confirmed_by__isnull=False) & ~Q(confirmed_person=F("decided_person"))),
            ),
            models.UniqueConstraint(name="decision_once_each_way", fields=("request", "outcome")),
        )


class Appeal(Row):
    """An appeal against a refusal, to its end."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="appeals")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="appeals")
    kind = models.CharField(max_length=30, choices=choices(AppealKind))
    state = models.CharField(max_length=20, choices=choices(AppealState), default=AppealState.FILED)
    filed_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    words = SealedField()

    class Meta:
        db_table = "psp_appeal"


class Period(Row):
    """Six months of path, granted by one decision. Periods of a file never overlap."""

    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="periods")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="period")
    starts_on = models.DateField()
    ends_on = models.DateField()  # last day, included
    ended_early = models.BooleanField(default=False)
    exit_on = models.DateField(null=True, blank=True)  # last day that an early exit proposes
    exit_reasons = SealedField()  # JSON: codes and words
    exit_asked_person = models.UUIDField(null=True, blank=True)
    exit_confirmed_person = models.UUIDField(null=True, blank=True)

    class Meta:
        db_table = "psp_period"
        constraints = (
            models.CheckConstraint(
                name="early_exit_confirmed_by_another",
                condition=Q(exit_confirmed_person__isnull=True) | ~Q(exit_confirmed_person=F("exit_asked_person")),
            ),
            models.CheckConstraint(name="period_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))),
            ExclusionConstraint(
                name="periods_never_overlap",
                expressions=(
                    ("file", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ),
            ),
        )


class Suspension(Row):
    """Days during which the path stands still."""

    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="suspensions")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="suspensions")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reasons = SealedField()

    class Meta:
        db_table = "psp_suspension"
        constraints = (
            models.CheckConstraint(
                name="suspension_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            ExclusionConstraint(
                name="suspensions_never_overlap",
                expressions=(
                    ("file", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ),
            ),
        )


class Right(Row):
    """A right the path opens, followed on its own: asked, granted, effective."""

    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="rights")
    kind = models.CharField(max_length=10, choices=choices(RightKind))
    asked_on = models.DateField()
    granted_on = models.DateField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    refused_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    details = SealedField()  # JSON: for the AFIS children and resources; words

    class Meta:
        db_table = "psp_right"
        constraints = (
            models.CheckConstraint(
                name="right_dates_follow",
                condition=(Q(granted_on__isnull=True) | Q(granted_on__gte=F("asked_on")))
                & (Q(effective_on__isnull=True) | Q(granted_on__isnull=False, effective_on__gte=F("granted_on")))
                & (Q(refused_on__isnull=True) | Q(granted_on__isnull=True, refused_on__gte=F("asked_on"))),
            ),
        )


class Transfer(Row):
    """A file that follows its person to another department: asked, accepted or rejected, done or revoked."""

    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="transfers")
    from_department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    to_department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    to_body = models.ForeignKey("accounts.Body", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=choices(TransferState), default=TransferState.ASKED)
    asked_on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "psp_transfer"
        constraints = (
            models.CheckConstraint(
                name="transfer_changes_department", condition=~Q(from_department=F("to_department"))
            ),
            models.UniqueConstraint(
                name="transfer_one_at_a_time", fields=("file",), condition=Q(state__in=("asked", "accepted"))
            ),
        )


class Outcome(Row):
    """Where the person stands at the end of the path, and six and twelve months later if she agreed to be asked."""

    class Moment(models.TextChoices):
        END = "end", "à la sortie"
        SIX = "six", "six mois après"
        TWELVE = "twelve", "douze mois après"

    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="outcomes")
    moment = models.CharField(max_length=8, choices=Moment)
    work = models.CharField(max_length=20)
    housing = models.CharField(max_length=20)
    residence = models.CharField(max_length=20)
    recorded_on = models.DateField()

    class Meta:
        db_table = "psp_outcome"
        constraints = (models.UniqueConstraint(name="outcome_once_per_moment", fields=("file", "moment")),)
