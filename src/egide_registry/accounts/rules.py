"""Roles, and how long a mandate gives access. Pure."""

from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a mandate allows. One mandate, one role, one department."""

    ASSOCIATION = "association"  # prepares and follows requests of its own body
    DELEGATE = "delegate"  # women's-rights delegate: keeps the secretariat of the commission
    PREFECT = "prefect"  # decides
    MEMBER = "member"  # sits in the commission
    MINORS_MEMBER = "minors_member"  # sits for the minors only: locked out of the files of adults
    ADMINISTRATOR = "administrator"  # accounts of the department; no file
    DPO = "dpo"  # journal, retention, review of break-glass; no file
    OBSERVATORY = "observatory"  # released statistics only
    KEEPER = "keeper"  # the nightly work of a department: deadlines and purge; no key is opened


LABELS = {
    Role.ASSOCIATION: "Association agréée",
    Role.DELEGATE: "Délégation aux droits des femmes",
    Role.PREFECT: "Préfecture (décision)",
    Role.MEMBER: "Membre de la commission",
    Role.MINORS_MEMBER: "Membre de la commission, formation mineurs",
    Role.ADMINISTRATOR: "Administration des comptes",
    Role.DPO: "Délégué à la protection des données",
    Role.OBSERVATORY: "Observatoire",
    Role.KEEPER: "Travaux de nuit",
}


def is_live(starts_on: date, ends_on: date | None, *, on: date) -> bool:
    """True on every day from the first to the last, both included."""
    return starts_on <= on and (ends_on is None or on <= ends_on)
