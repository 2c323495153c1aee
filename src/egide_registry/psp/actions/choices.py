"""What a department chooses where the law is silent. The only writer of its choices."""

from attrs import asdict
from django.db import transaction

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.psp.models import Choices
from egide_registry.psp.rules.settings import Settings


@transaction.atomic
def choose(settings: Settings, *, by: Mandate) -> None:
    """Keep the choices of the acting department."""
    check_role(by, Role.DELEGATE, Role.PREFECT)
    Choices.objects.update_or_create(department_id=by.department_id, defaults=asdict(settings))
    audit.record(Event.SETTINGS_CHANGED, by=by, settings="psp")
