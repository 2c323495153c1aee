"""What each column of the database shows to whoever holds a copy and no key: docs/reference/registry-data.md.

A class is read from the field itself. A text, or bytes, that are neither sealed nor a list of codes must be explained
in `WHY`: a column that nobody explained stops the making of that page, and its test.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

from attrs import frozen
from django.apps import apps
from django.db import models

from egide_registry.security.fields import SealedField
from egide_registry.security.policies import TABLES


class Class(StrEnum):
    """What whoever holds a copy of the database, and no key, sees of a column. In French: the page is."""

    SEALED = "scellée"
    BLIND = "index aveugle"
    WRAPPED = "clé enveloppée"
    DIGEST = "empreinte"
    IDENTIFIER = "identifiant"
    CODE = "code"
    DAY = "jour"
    MOMENT = "instant"
    NUMBER = "nombre, oui ou non"
    TEXT = "en clair"


# Columns whose type does not say what they hold, or that tell more than their type does.
WHY: Final[dict[str, tuple[Class, str]]] = {
    "accounts_department.code": (Class.TEXT, "public"),
    "accounts_department.name": (Class.TEXT, "public"),
    "accounts_body.name": (Class.TEXT, "nom public d’une institution"),
    "accounts_mandate.role": (Class.CODE, "qui, sous un identifiant, fait quoi et où\u202f; jamais son nom"),
    "accounts_person.password": (Class.DIGEST, "scrypt, avec sel"),
    "accounts_person.login_index": (Class.BLIND, "l’adresse électronique"),
    "accounts_stateidentity.subject_index": (Class.BLIND, "émetteur et sujet chez le fournisseur d’identité"),
    "accounts_attempt.login_index": (Class.BLIND, "l’adresse essayée, qu’elle existe ou non\u202f; un jour"),
    "accounts_passkey.credential_id": (Class.IDENTIFIER, "d’une clé d’accès"),
    "accounts_passkey.public_key": (Class.TEXT, "clé publique\u202f: ne signe rien"),
    "security_datakey.wrapped": (Class.WRAPPED, "ne s’ouvre qu’au service de clés"),
    "security_datakey.owner": (Class.CODE, "le département, ou les comptes"),
    "access_foureyes.identity_index": (Class.BLIND, "émetteur et sujet à rattacher"),
    "access_foureyes.purpose": (Class.CODE, "finalité, dans une liste"),
    "access_foureyes.legal_basis": (Class.CODE, "base légale, dans une liste"),
    "access_foureyes.files": (Class.IDENTIFIER, "des dossiers à exporter"),
    "access_export.purpose": (Class.CODE, "finalité, dans une liste"),
    "access_export.legal_basis": (Class.CODE, "base légale, dans une liste"),
    "access_export.sha256": (Class.DIGEST, "de l’archive sortie"),
    "psp_file.reference": (Class.IDENTIFIER, "opaque, dit à voix haute en séance"),
    "psp_file.name_index": (Class.BLIND, "nom et premier prénom"),
    "psp_file.birth_index": (Class.BLIND, "jour de naissance"),
    "psp_file.sound_index": (Class.BLIND, "son du nom et mois de naissance"),
    "psp_file.filed_on": (Class.DAY, "entrée dans le parcours, d’une personne sous un identifiant"),
    "psp_request.state": (Class.CODE, "avancement de la demande"),
    "psp_supporting.kind": (
        Class.CODE,
        "nature de la pièce\u202f; dit qu’il y a des enfants, un jugement",
    ),
    "psp_supporting.media_type": (Class.CODE, "PDF, JPEG ou PNG"),
    "psp_supporting.scanned": (Class.CODE, "verdict de l’antivirus"),
    "psp_decision.outcome": (Class.CODE, "accord ou refus\u202f; les motifs sont scellés"),
    "psp_decision.appeal_ways": (Class.CODE, "version du texte des voies de recours"),
    "psp_right.kind": (Class.CODE, "une APS demandée dit une personne étrangère"),
    "psp_outcome.work": (Class.CODE, "situation à la sortie\u202f; reste après la purge du dossier"),
    "psp_outcome.housing": (Class.CODE, "situation à la sortie\u202f; reste après la purge du dossier"),
    "psp_outcome.residence": (Class.CODE, "situation à la sortie\u202f; reste après la purge du dossier"),
    "commissions_session.place": (Class.TEXT, "lieu de la séance, dans la convocation"),
    "commissions_session.minutes_sha256": (Class.DIGEST, "du procès-verbal"),
    "commissions_item.opinion": (Class.CODE, "avis rendu\u202f; les motifs sont scellés"),
    "retention_proof.wrapped_sha256": (Class.DIGEST, "de la clé détruite, telle qu’elle était enveloppée"),
    "audit_entry.chain": (Class.CODE, "le département, ou « compte »"),
    "audit_entry.event": (Class.CODE, "ce qui s’est passé"),
    "audit_entry.at": (Class.MOMENT, "à la microseconde\u202f: dit les heures de travail"),
    "audit_entry.detail": (Class.CODE, "codes et identifiants\u202f; la base refuse une phrase"),
    "audit_entry.previous": (Class.DIGEST, "l’inscription d’avant"),
    "audit_entry.hash": (Class.DIGEST, "l’inscription"),
    "audit_head.chain": (Class.CODE, "le département, ou « compte »"),
    "audit_head.hash": (Class.DIGEST, "la dernière inscription"),
    "audit_seal.chain": (Class.CODE, "le département, ou « compte »"),
    "audit_seal.hash": (Class.DIGEST, "la tête signée"),
    "audit_seal.signature": (Class.DIGEST, "signature de la tête"),
    "django_session.session_key": (Class.DIGEST, "de la clé que tient le navigateur"),
    "django_session.session_data": (
        Class.TEXT,
        "signé, non chiffré\u202f: identifiants de la personne et du mandat, message d’attente, empreinte du mot de "
        "passe pendant un premier accès",
    ),
}


class Unexplained(Exception):
    """A column in clear that says nothing of why it is."""


@frozen(kw_only=True)
class Column:
    """One column: its table, its name, its class, and in French what is to be known of it."""

    table: str
    name: str
    kind: Class
    why: str = ""


def columns() -> dict[str, list[Column]]:
    """The columns of every table that the models declare, in the order of the policies. Raises Unexplained."""
    found = {model._meta.db_table: list(_of(model)) for model in apps.get_models() if _ours(model)}
    order = {table.name: place for place, table in enumerate(TABLES)}
    stale = set(WHY) - {f"{one.table}.{one.name}" for several in found.values() for one in several}
    if stale:
        raise Unexplained(f"Explained in security/columns.py and in no table: {', '.join(sorted(stale))}.")
    return dict(sorted(found.items(), key=lambda pair: order.get(pair[0], len(order))))


def _ours(model: type[models.Model]) -> bool:
    return model.__module__.startswith("egide_registry.") or model._meta.db_table == "django_session"


def _of(model: type[models.Model]) -> Iterator[Column]:
    table = model._meta.db_table
    for field in model._meta.concrete_fields:
        if isinstance(field, models.CompositePrimaryKey):
            continue
        told = WHY.get(f"{table}.{field.column}")
        kind, why = told if told else (_class(table, field), "")
        yield Column(table=table, name=str(field.column), kind=kind, why=why)


def _class(table: str, field: "models.Field[Any, Any]") -> Class:
    if isinstance(field, SealedField):
        return Class.SEALED
    if isinstance(field, models.ForeignKey | models.UUIDField | models.AutoField):
        return Class.IDENTIFIER
    if isinstance(field, models.DateTimeField | models.TimeField):
        return Class.MOMENT
    if isinstance(field, models.DateField):
        return Class.DAY
    if isinstance(field, models.IntegerField | models.BooleanField):
        return Class.NUMBER
    if field.choices:
        return Class.CODE
    raise Unexplained(
        f"{table}.{field.column}: neither sealed nor explained. Seal it, or say why in security/columns.py."
    )
