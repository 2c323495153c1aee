"""What the association does: open a file, fill a request page by page, join documents, file it, withdraw it."""

import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid4

from attrs import frozen
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from egide.errors import Defect
from egide_registry.accounts.models import Approval, Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.files import clean, kinds, scan
from egide_registry.psp.actions.common import locked, move, safe_of, touch
from egide_registry.psp.models import File, Request, Supporting
from egide_registry.psp.rules import forms
from egide_registry.psp.rules.refusals import RuleRefused, refuse_if
from egide_registry.psp.rules.states import REQUEST, FileState, RequestState
from egide_registry.security import blind, vault
from egide_registry.security.models import DataKey

# What the circular of 2017 asks to join (docs/methods/psp-states.md).
NEEDED = {
    Request.Kind.FIRST: {"path": "le document de parcours signé", "statement": "l’attestation sur l’honneur"},
    Request.Kind.RENEWAL: {"path": "le document de parcours signé"},
}
DOCUMENT_KINDS = {
    "path": "document de parcours signé",
    "statement": "attestation sur l’honneur",
    "agrement": "agrément de l’association",
    "identity": "pièce d’identité",
    "residence": "document de séjour",
    "resources": "justificatif de ressources",
    "children": "justificatif pour les enfants",
    "notification": "preuve de notification",
    "judgment": "jugement",
    "other": "autre pièce",
}
MEDIA = {kinds.Kind.PDF: "application/pdf", kinds.Kind.JPEG: "image/jpeg", kinds.Kind.PNG: "image/png"}
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no sign that is mistaken for another when said aloud


def new_reference(department: str) -> str:
    """An opaque name for a file, said aloud in a session: 8 signs by chance, nothing of the person. [chance]"""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{department}-{signs[:4]}-{signs[4:]}"


def check_approved(by: Mandate, on: date) -> None:
    """Refuse an association without a live agrément in this department (casf R.121-12-1 and following)."""
    approved = Approval.objects.filter(
        body=by.body_id, department=by.department_id, starts_on__lte=on, ends_on__gte=on
    ).exclude(withdrawn_on__lte=on)
    if not approved.exists():
        raise RuleRefused(
            [
                Defect(
                    place=f"agrément de l’association, département {by.department_id}",
                    expected="un agrément en cours",
                    got="aucun à cette date",
                    way_out="Demandez l’agrément ou son renouvellement au préfet avant de déposer.",
                )
            ]
        )


@transaction.atomic
def open_file(*, by: Mandate, now: datetime) -> Request:
    """Open a file and the draft of its first request."""
    check_role(by, Role.ASSOCIATION)
    on = timezone.localdate(now)
    check_approved(by, on)
    file = File(
        id=uuid4(),
        department_id=by.department_id,
        body_id=by.body_id,
        reference=new_reference(by.department_id),
        opened_on=on,
        last_contact_on=on,
    )
    file.save(force_insert=True)
    safe = vault.new(file.pk, kind=DataKey.Kind.FILE, owner=vault.owner_of(by.department_id), on=on)
    request = _start(file, Request.Kind.FIRST, {}, safe=safe, now=now)
    audit.record(Event.FILE_OPENED, by=by, subject=file.pk)
    return request


@transaction.atomic
def start_renewal(file_id: UUID, *, by: Mandate, now: datetime) -> Request:
    """Begin the renewal of a path, with what the last request said and may be carried."""
    check_role(by, Role.ASSOCIATION)
    check_approved(by, timezone.localdate(now))
    file = locked(File, file_id)
    refuse_if(_renewal_defects(file))
    safe = safe_of(file.pk, by)
    last = file.requests.exclude(state=RequestState.WITHDRAWN).order_by("-started_on", "-saved_at").first()
    carried: Mapping[str, object] = {}
    if last is not None:
        version = forms.versions("renewal")[-1]
        carried = forms.carry_over(answers_of(last, safe), forms.load("renewal", version)).answers
    request = _start(file, Request.Kind.RENEWAL, carried, safe=safe, now=now)
    audit.record(Event.REQUEST_STARTED, by=by, subject=file.pk, request=str(request.pk))
    return request


def _renewal_defects(file: File) -> list[Defect]:
    if file.state in (FileState.IN_PATH, FileState.ENDED) or (file.state == FileState.OPEN and file.periods.exists()):
        return []
    return [
        Defect(
            place="renouvellement",
            expected="un dossier dont le parcours est en cours ou vient de finir",
            got="un dossier sans parcours",
            way_out="Déposez d’abord une première demande.",
        )
    ]


def _start(
    file: File, kind: Request.Kind, answers: Mapping[str, object], *, safe: vault.Vault, now: datetime
) -> Request:
    version = forms.versions(kind.value)[-1]
    request = Request(
        id=uuid4(),
        file=file,
        kind=kind,
        form_version=version,
        started_on=timezone.localdate(now),
        moved_on=timezone.localdate(now),
        saved_at=now,
    )
    _write(request, forms.AnswerSet(kind=kind.value, version=version, answers=answers), safe)
    request.save(force_insert=True)
    return request


def answers_of(request: Request, safe: vault.Vault) -> forms.AnswerSet:
    """The answers of a request, in the version of the form they were given to."""
    return forms.loads(json.dumps(safe.read(request, "form")))


def _write(request: Request, answers: forms.AnswerSet, safe: vault.Vault) -> None:
    safe.seal(request, "form", json.loads(answers.dumps()))


def check_editable(request: Request) -> None:
    """A request is written while it is a draft, or while documents are asked for."""
    if request.state not in (RequestState.DRAFT, RequestState.INCOMPLETE):
        raise RuleRefused(
            [
                Defect(
                    place="demande",
                    expected="un brouillon, ou une demande dont des pièces sont attendues",
                    got="une demande déposée",
                    way_out="Demandez à la délégation de la rouvrir.",
                )
            ]
        )


@transaction.atomic
def save_section(
    request_id: UUID, section: str, answers: Mapping[str, object], *, by: Mandate, now: datetime
) -> list[forms.FormDefect]:
    """Keep one page of answers, sealed. Gives what is wrong with them: a draft may be wrong, it is never lost.

    Only a malformed answer is not kept: it is in the list, and the earlier one stays.
    """
    check_role(by, Role.ASSOCIATION)
    request = locked(Request, request_id)
    check_editable(request)
    safe = safe_of(request.file_id, by)
    before = answers_of(request, safe)
    schema = forms.schema_of(before)
    own = {question.id for question in schema.section(section).questions}
    given = {name: answer for name, answer in answers.items() if name in own}
    together = {**{name: old for name, old in before.answers.items() if name not in own}, **given}
    defects = forms.check(schema, together, section=section, final=False, on=timezone.localdate(now))
    wrong = {defect.question for defect in defects}
    kept = {name: answer for name, answer in together.items() if name not in wrong}
    kept |= {name: before.answers[name] for name in wrong if name in before.answers}
    _write(request, forms.AnswerSet(kind=before.kind, version=before.version, answers=forms.kept(schema, kept)), safe)
    request.saved_at = now
    request.save(update_fields=["form", "saved_at"])
    audit.record(Event.REQUEST_SAVED, by=by, subject=request.file_id, section=section)
    return defects


def scanner() -> scan.Scanner:
    """The antivirus that the settings name, or none."""
    place = getattr(settings, "EGIDE_CLAMD", None)
    return scan.Clamd(**place) if place else scan.NoScanner()


@transaction.atomic
def add_document(
    file_id: UUID, kind: str, name: str, data: bytes, *, by: Mandate, on: date, request_id: UUID | None = None
) -> tuple[Supporting, tuple[str, ...]]:
    """Join a document: examined, scanned, sealed as it came and as a copy without metadata.

    Gives the row and what the copy lost. Raises `kinds.FileRefused`, RuleRefused.
    """
    check_role(by, Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
    file = locked(File, file_id)
    if kind not in DOCUMENT_KINDS:
        refuse_if([_document_defect("une pièce de la liste", "une autre", "Choisissez dans la liste.")])
    examined = kinds.examine(name, data)
    verdict = scanner().scan(data)
    if verdict.verdict in (scan.Verdict.INFECTED, scan.Verdict.UNAVAILABLE):
        refuse_if([_document_defect("un fichier sain", verdict.message, "Joignez un autre fichier, ou réessayez.")])
    copy = clean.clean_copy(examined.kind, data)
    row = Supporting(
        id=uuid4(),
        file=file,
        request_id=request_id,
        kind=kind,
        media_type=MEDIA[examined.kind],
        scanned=verdict.verdict.value,
        added_on=on,
        added_by=by.pk,
    )
    safe = safe_of(file.pk, by)
    safe.seal(row, "name", name)
    safe.seal_bytes(row, "original", data)
    safe.seal_bytes(row, "copy", copy.data)
    row.save(force_insert=True)
    touch(file, on)
    audit.record(Event.DOCUMENT_ADDED, by=by, subject=file.pk, document=str(row.pk), kind=kind)
    return row, copy.removed


def _document_defect(expected: str, got: str, way_out: str) -> Defect:
    return Defect(place="pièce jointe", expected=expected, got=got, way_out=way_out)


@transaction.atomic
def remove_document(document_id: UUID, *, by: Mandate) -> None:
    """Take back a document of a request that is still being written."""
    check_role(by, Role.ASSOCIATION)
    row = Supporting.objects.get(pk=document_id)
    if row.request_id is None:
        raise RuleRefused(
            [_document_defect("une pièce d’une demande", "une pièce du dossier", "Elle reste au dossier.")]
        )
    check_editable(locked(Request, row.request_id))
    file_id, key = row.file_id, str(row.pk)
    row.delete()
    audit.record(Event.DOCUMENT_REMOVED, by=by, subject=file_id, document=key)


def missing_documents(request: Request) -> list[str]:
    """The documents that the circular asks for and that this request does not have yet, in French."""
    there = set(Supporting.objects.filter(request=request).values_list("kind", flat=True))
    return [label for kind, label in NEEDED[Request.Kind(request.kind)].items() if kind not in there]


@transaction.atomic
def file_request(request_id: UUID, *, by: Mandate, on: date) -> Request:
    """File a request, or send it back with what was asked. From here the prefecture sees it.

    Refuses, all together: missing or wrong answers, missing agreement of the person. A missing document is listed for
    both sides (`missing_documents`) and stops nothing: whether the file is complete is the delegate's to say.
    """
    check_role(by, Role.ASSOCIATION)
    check_approved(by, on)
    request = locked(Request, request_id)
    safe = safe_of(request.file_id, by)
    answers = answers_of(request, safe)
    schema = forms.schema_of(answers)
    defects: list[Defect] = [*forms.check(schema, answers.answers, final=True, on=on)]
    if "request" not in {given.consent.id for given in forms.consents(schema, answers.answers)}:
        got, way_out = "aucun", "Recueillez l’accord de la personne, ou ne déposez pas."
        defects.append(Defect(place="accord de la personne", expected="un accord daté", got=got, way_out=way_out))
    refuse_if(defects)
    act = "file" if request.state == RequestState.DRAFT else "send_pieces"
    move(request, REQUEST, act, by=by)
    request.filed_on = request.filed_on or on
    request.moved_on = on
    file = locked(File, request.file_id)
    _identify(file, answers.answers, safe, by)
    file.filed_on = file.filed_on or on
    file.last_contact_on = on
    file.save(update_fields=["identity", "name_index", "birth_index", "sound_index", "filed_on", "last_contact_on"])
    request.save(update_fields=["state", "filed_on", "moved_on"])
    audit.record(Event.REQUEST_MOVED, by=by, subject=file.pk, request=str(request.pk), act=act)
    return request


IDENTITY = ("family_name", "given_names", "usual_name", "birth_date", "nationality")


def _identify(file: File, answers: Mapping[str, object], safe: vault.Vault, by: Mandate) -> None:
    """Seal the identity on the file, and index what a search may ask for."""
    safe.seal(file, "identity", {name: answers.get(name) for name in IDENTITY})
    family, given, born = (str(answers[name]) for name in ("family_name", "given_names", "birth_date"))
    found = indexes(family, given, born, by.department_id)
    file.name_index, file.birth_index, file.sound_index = found.name, found.birth, found.sound


@frozen(kw_only=True)
class Indexes:
    """What a search may ask for, of one file, under the keys of one department. None: nothing is known yet."""

    name: bytes | None
    birth: bytes | None
    sound: bytes | None


def indexes(family: str, given: str, born: str, department: str) -> Indexes:
    """Blind indexes of family and first given name, of the day of birth, and of how the name sounds."""
    mac = vault.mac_of(vault.owner_of(department))
    day = date.fromisoformat(born)
    first = given.split()[0]
    return Indexes(
        name=blind.name_index(mac, "psp_file.name", f"{family} {first}"),
        birth=blind.date_index(mac, "psp_file.birth", day),
        sound=blind.duplicate_index(mac, "psp_file.sound", (family, first), day),
    )


@transaction.atomic
def withdraw(request_id: UUID, *, by: Mandate, on: date) -> None:
    """Take back a request, with the person's agreement. A draft is simply dropped, documents included."""
    check_role(by, Role.ASSOCIATION)
    request = locked(Request, request_id)
    file_id, key = request.file_id, str(request.pk)
    if request.state == RequestState.DRAFT:
        Supporting.objects.filter(request=request).delete()
        request.delete()
        audit.record(Event.DRAFT_DROPPED, by=by, subject=file_id, request=key)
        return
    move(request, REQUEST, "withdraw", by=by)
    request.moved_on = on
    request.save(update_fields=["state", "moved_on"])
    audit.record(Event.REQUEST_MOVED, by=by, subject=file_id, request=key, act="withdraw")
