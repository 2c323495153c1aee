"""Working under the name of one mandate, outside a request; and days counted back from today."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from egide_registry.accounts.models import Mandate
from egide_registry.security import context


@contextmanager
def acting(mandate: Mandate) -> Iterator[Mandate]:
    """A transaction under the name of one mandate, as a request has."""
    with transaction.atomic():
        context.enter(person=mandate.person_id, mandate=mandate.pk)
        yield mandate


@contextmanager
def without_letters() -> Iterator[None]:
    """No letter leaves: the acts of the past would tell everyone that something waits."""
    usual = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = usual


def ago(on: date, days: int) -> date:
    """So many days before `on`; after it when negative."""
    return on - timedelta(days=days)


def noon(day: date) -> datetime:
    """The middle of a day, in the site's zone."""
    return timezone.make_aware(datetime.combine(day, time(12)))
