"""What leaves: for a purpose and on a ground, in an encrypted archive whose pages say so, file by file in the journal.

The archive is not kept, nor is its password: the one is sent once, the other shown once.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from attrs import field, frozen
from django.db import transaction
from django.utils import timezone

from egide.errors import Defect
from egide_registry.access import rules
from egide_registry.access.actions.seconds import digest
from egide_registry.access.models import Export, FourEyes
from egide_registry.access.summary import Part, Summary, summary_pdf
from egide_registry.accounts.models import Mandate
from egide_registry.accounts.permissions import check_role
from egide_registry.accounts.rules import Role
from egide_registry.audit import actions as audit
from egide_registry.audit.events import Event
from egide_registry.files.archive import Exported, archive
from egide_registry.files.kinds import Kind
from egide_registry.files.stamp import Watermark
from egide_registry.psp.actions.common import safe_of
from egide_registry.psp.actions.filing import DOCUMENT_KINDS, MEDIA
from egide_registry.psp.models import Decision, File, Request
from egide_registry.psp.reading import OpenFile
from egide_registry.psp.rules import forms, rights
from egide_registry.psp.rules.refusals import refuse_if
from egide_registry.psp.rules.states import FILE, REQUEST, FileState, RequestState
from egide_registry.theme import french

EXPORTERS = (Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
KINDS = {media: kind for kind, media in MEDIA.items()}


@frozen(kw_only=True)
class Left:
    """What left: the row that stays, and the archive, which does not."""

    row: Export
    data: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """The name of the archive: opaque."""
        return f"export-{str(self.row.pk)[:8]}.zip"


def chosen(references: Iterable[str], *, by: Mandate) -> list[File]:
    """The files of these references that this mandate serves. Raises RuleRefused, with every unknown reference.

    A file that is only looked at (agenda, broken glass) is not exported.
    """
    check_role(by, *EXPORTERS)
    wanted = [rules.as_reference(one) for one in dict.fromkeys(references) if one.strip()]
    served = File.objects.filter(department_id=by.department_id, purged_on=None)
    served = served.filter(reference__in=[one for one in wanted if one])
    if by.role == Role.ASSOCIATION:
        served = served.filter(body_id=by.body_id)
    found = {file.reference: file for file in served}
    way_out = "Recopiez la référence depuis la liste des dossiers."
    refuse_if(
        Defect(
            place=f"ligne {number}",
            expected="un dossier que vous suivez",
            got="une référence inconnue",
            way_out=way_out,
        )
        for number, one in enumerate(wanted, start=1)
        if one not in found
    )
    return [found[one] for one in dict.fromkeys(wanted) if one]


def needs_second(count: int) -> bool:
    """Whether so many files need another person's agreement."""
    return count > rules.EXPORT_CAP


def agreed(second_id: UUID, *, by: Mandate) -> FourEyes:
    """A confirmed question of mine that has not served yet. Raises `FourEyes.DoesNotExist`."""
    asked = FourEyes.objects.filter(kind=FourEyes.Kind.EXPORT, asked_by=by, confirmed=True)
    return asked.exclude(pk__in=Export.objects.filter(four_eyes__isnull=False).values("four_eyes_id")).get(pk=second_id)


@transaction.atomic
def export(
    files: list[File],
    *,
    purpose: str,
    basis: str,
    by: Mandate,
    now: datetime,
    password: str,
    second: FourEyes | None = None,
) -> Left:
    """Make the archive of these files: one summary each, and the clean copies of their documents.

    Raises RuleRefused without a purpose and a ground, and beyond the cap without a second person's confirmation.
    """
    check_role(by, *EXPORTERS)
    defects = rules.export_defects(len(files), purpose=purpose, basis=basis)
    if needs_second(len(files)) and second is None:
        got, way_out = f"{len(files)} sans seconde personne", "Demandez l’accord d’une seconde personne."
        expected = f"{rules.EXPORT_CAP} dossiers au plus"
        defects.append(Defect(place="export", expected=expected, got=got, way_out=way_out))
    if second is not None and digest((file.pk for file in files), purpose, basis) != second.target:
        got, way_out = "d’autres dossiers, ou un autre motif", "Posez une nouvelle question pour ceux-ci."
        expected = "ce que la seconde personne a confirmé"
        defects.append(Defect(place="export", expected=expected, got=got, way_out=way_out))
    refuse_if(defects)
    on = timezone.localdate(now)
    row = Export(
        id=uuid4(),
        mandate_id=by.pk,
        department_id=by.department_id,
        purpose=purpose,
        legal_basis=basis,
        files=len(files),
        four_eyes=second,
        made_at=now,
        expires_on=on + timedelta(days=rules.EXPORT_DAYS),
    )
    # Everything that takes time comes before the journal, whose last link is held until the end.
    papers = [paper for file in files for paper in papers_of(file, by=by, on=on)]
    numbers = [audit.record(Event.EXPORTED, by=by, subject=file.pk, export=str(row.pk)) for file in files]
    made = archive(
        papers,
        Watermark(
            mandate=str(by.pk),
            journal=f"{by.department_id}-{numbers[0]}",
            purpose=rules.PURPOSES[rules.Purpose(purpose)],
            on=on,
            expires=row.expires_on,
        ),
        password=password,
    )
    row.sha256 = made.sha256
    row.save(force_insert=True)
    audit.record(Event.EXPORTED, by=by, export=str(row.pk), files=len(files), purpose=purpose, sha256=made.sha256)
    return Left(row=row, data=made.data)


def papers_of(file: File, *, by: Mandate, on: date) -> list[Exported]:
    """The summary of a file and the clean copies of its documents."""
    one = OpenFile(file=file, safe=safe_of(file.pk, by))
    summary = Summary(reference=file.reference, issuer=by.body.name, on=on, parts=tuple(_parts(one)))
    papers = [Exported(label=f"{file.reference}, synthèse", kind=Kind.PDF, data=summary_pdf(summary))]
    for row in file.supporting.order_by("added_on", "pk"):
        data = one.safe.read_bytes(row, "copy")
        if data:
            label = f"{file.reference}, {DOCUMENT_KINDS.get(row.kind, row.kind)}"
            papers.append(Exported(label=label, kind=KINDS[row.media_type], data=data))
    return papers


IDENTITY = {
    "family_name": "Nom",
    "given_names": "Prénoms",
    "usual_name": "Nom ou prénom choisi",
    "birth_date": "Née ou né le",
    "nationality": "Nationalité",
}


def _parts(one: OpenFile) -> Iterable[Part]:
    file, said = one.file, one.identity
    state = ("État du dossier", FILE.label(FileState(file.state)))
    yield Part(
        title="La personne", facts=(state, *((label, str(said.get(name) or "")) for name, label in IDENTITY.items()))
    )
    for request in file.requests.exclude(state=RequestState.DRAFT).order_by("started_on"):
        yield _request(one, request)
    # A refusal that nobody confirmed is no decision yet.
    for decision in file.decisions.exclude(outcome=Decision.Outcome.REFUSED, confirmed_on=None).order_by("decided_on"):
        yield _decision(one, decision)
    periods = file.periods.order_by("starts_on")
    dates = tuple(("Période", f"du {french.day(p.starts_on)} au {french.day(p.ends_on)}") for p in periods)
    yield Part(title="Parcours", facts=dates)
    yield Part(
        title="Droits",
        facts=tuple(
            (rights.KIND_LABELS[rights.RightKind(right.kind)], _steps(right))
            for right in file.rights.order_by("asked_on", "pk")
        ),
    )


def _request(one: OpenFile, request: Request) -> Part:
    answers = one.answers(request)
    schema = forms.schema_of(answers)
    questions = [question for section in schema.sections for question in section.questions]
    said = tuple(
        (question.label, _words(question, answers.answers[question.id]))
        for question in questions
        if question.id in answers.answers
    )
    state = ("État", REQUEST.label(RequestState(request.state)))
    return Part(title=Request.Kind(request.kind).label.capitalize(), facts=(state, *said))


def _words(question: forms.Question, answer: Any) -> str:
    codes = answer if isinstance(answer, list | tuple) else [answer]
    return ", ".join(question.choices.get(str(code), str(code)) for code in codes)


def _decision(one: OpenFile, decision: Decision) -> Part:
    reasons = one.words(decision, "reasons") or {}
    facts = [("Sens", Decision.Outcome(decision.outcome).label), ("Prise le", french.day(decision.decided_on))]
    if decision.notified_on:
        facts.append(("Notifiée le", french.day(decision.notified_on)))
    return Part(title="Décision", facts=(*facts, ("Motifs", str(reasons.get("written", "")))))


def _steps(right: Any) -> str:
    steps = (
        ("demandé le", right.asked_on),
        ("accordé le", right.granted_on),
        ("effectif le", right.effective_on),
        ("refusé le", right.refused_on),
        ("jusqu’au", right.ends_on),
    )
    return ", ".join(f"{words} {french.day(day)}" for words, day in steps if day)
