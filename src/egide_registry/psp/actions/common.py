"""What every action on an exit path begins with: the row, locked; the act, allowed; the key, opened.

Whoever holds several rows takes them in one order, or two acts would wait for each other: session, item, request, file,
period, data key, and the journal last. Several rows of one kind: `locked_all`.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from attrs import fields
from django.db.models import Model

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.rules import Role
from egide_registry.psp.models import Choices, File, Period
from egide_registry.psp.rules import periods as terms
from egide_registry.psp.rules.settings import Settings
from egide_registry.psp.rules.state_table import StateTable, Transition
from egide_registry.security import vault

M = TypeVar("M", bound=Model)


def locked(model: type[M], key: UUID) -> M:
    """The row, held until the end of the transaction. Raises `DoesNotExist` where the policies show or lend nothing.

    Its key never changes: held so, it does not keep waiting whoever only adds a row that names it.
    """
    found: M = model._default_manager.select_for_update(no_key=True).get(pk=key)
    return found


def locked_all(model: type[M], keys: Iterable[UUID]) -> list[M]:
    """The rows of these keys, held in the order of their keys; those out of reach are left out."""
    found = model._default_manager.select_for_update(no_key=True).filter(pk__in=list(keys)).order_by("pk")
    return list(found)


def safe_of(file_id: UUID, by: Mandate) -> vault.Vault:
    """The opened key of a file, for the acting department."""
    return vault.open_for(file_id, owner=vault.owner_of(by.department_id))


def settings_of(department: str) -> Settings:
    """What the department chose where the law is silent; the proposals of the project where it chose nothing."""
    chosen = Choices.objects.filter(department_id=department).first()
    return Settings(**{one.name: getattr(chosen, one.name) for one in fields(Settings)}) if chosen else Settings()


def term_of(period: Period) -> terms.Period:
    """A period as the rules see it. An early exit cuts the suspensions that ran beyond it: their rows stay as said."""
    return terms.Period(
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        ended_early=period.ended_early,
        suspensions=tuple(
            terms.Suspension(starts_on=one.starts_on, ends_on=min(one.ends_on or period.ends_on, period.ends_on))
            for one in period.suspensions.all()
            if one.starts_on <= period.ends_on
        ),
    )


def move(row: Any, table: StateTable[Any], act: str, *, by: Mandate) -> Transition[Any]:
    """Change the state of a row by an act of its table. The caller saves. Raises RuleRefused."""
    old = type(table.initial)(row.state)
    transition = table.act(act, old=old, role=Role(by.role))
    row.state = transition.target.value
    return transition


def touch(file: File, on: date) -> None:
    """A contact with the person, or work on their file: what its lifetime is counted from."""
    File.objects.filter(pk=file.pk).update(last_contact_on=on)
