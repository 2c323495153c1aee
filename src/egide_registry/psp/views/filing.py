"""The pages of the association: open a file, fill a request page by page, join documents, file it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from egide.errors import Defect, Refused
from egide_registry.accounts.permissions import ActingRequest, mandated
from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import filing
from egide_registry.psp.form_fields import section_form
from egide_registry.psp.models import Request, Supporting
from egide_registry.psp.reading import open_document
from egide_registry.psp.rules import forms as rules
from egide_registry.psp.rules.refusals import RuleRefused
from egide_registry.psp.rules.states import REQUEST, RequestState
from egide_registry.psp.views.acts import (
    NothingToSay,
    act_page,
    bound,
    download,
    file_page,
    in_words,
    refuse,
    shown,
    tried,
)
from egide_registry.psp.views.reach import opened, request_of, served_file, serves
from egide_registry.security import vault

EDITABLE = (RequestState.DRAFT, RequestState.INCOMPLETE)
MOST_SAID = 5  # missing answers that are listed one by one


class DocumentForm(forms.Form):
    """One document to join."""

    kind = forms.ChoiceField(
        label="Quelle pièce", choices=[("", "Choisir dans la liste"), *filing.DOCUMENT_KINDS.items()]
    )
    document = forms.FileField(label="Le fichier", help_text="PDF, JPEG ou PNG, 15\u00a0Mo au plus.")


@mandated(Role.ASSOCIATION)
@require_POST
def new(http: ActingRequest) -> HttpResponse:
    """Open a file and go to its first page."""
    try:
        made = filing.open_file(by=http.mandate, now=timezone.now())
    except Refused as refused:
        for defect in refused.defects:
            messages.error(http, in_words(defect))
        return redirect("psp:home")
    return redirect("psp:request", made.pk)


@mandated(Role.ASSOCIATION)
def renew(http: ActingRequest, file_id: UUID) -> HttpResponse:
    """Begin a renewal, with what may be carried from the last request."""
    served_file(http, file_id)

    def run(_: dict[str, Any]) -> HttpResponse:
        made = filing.start_renewal(file_id, by=http.mandate, now=timezone.now())
        messages.success(http, "Le renouvellement est commencé\u00a0: complétez-le puis déposez-le.")
        return redirect("psp:request", made.pk)

    return act_page(
        http,
        title="Préparer un renouvellement",
        intro="Les réponses qui ne changent pas sont reprises de la dernière demande\u202f; les autres sont à redire.",
        form=bound(NothingToSay, http),
        run=run,
        back=file_page(file_id),
        done="",
        button="Commencer",
    )


def _file(http: ActingRequest, key: UUID) -> None:
    """File the request. Many answers missing are said in one sentence: the table of pages shows where they are."""
    try:
        filing.file_request(key, by=http.mandate, on=timezone.localdate())
    except Refused as refused:
        answers = [one for one in refused.defects if isinstance(one, rules.FormDefect)]
        if len(answers) <= MOST_SAID:
            raise
        place, way_out = "demande", "Ouvrez les pages marquées «\u00a0à compléter\u00a0» ou «\u00a0à corriger\u00a0»."
        got = f"{len(answers)} réponses manquantes ou à corriger"
        said = Defect(place=place, expected="toutes les réponses obligatoires", got=got, way_out=way_out)
        raise RuleRefused([said, *(one for one in refused.defects if one not in answers)]) from refused


@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT, Role.MEMBER)
def request_page(http: ActingRequest, key: UUID) -> HttpResponse:
    """A request: its pages with what is missing, its documents; the association files it from here."""
    request = request_of(key)
    form = bound(NothingToSay, http)
    editable = http.mandate.role == Role.ASSOCIATION and request.state in EDITABLE
    if editable:
        # Filed before the file is opened: a row is never waited for behind the journal's lock.
        answer = tried(
            http,
            form,
            lambda _: _file(http, key),
            then=file_page(request.file_id),
            done="La demande est déposée. La délégation aux droits des femmes la voit désormais.",
        )
        if answer is not None:
            return answer
    one = opened(http, request.file_id, "request")
    answers = one.answers(request)
    schema = rules.schema_of(answers)
    context = {
        "request_row": request,
        "file": one.file,
        "kind": Request.Kind(request.kind).label,
        "state": REQUEST.label(RequestState(request.state)),
        "editable": editable,
        "before": schema.before,
        "asked_for": one.words(request, "asked_for"),
        "progress": [line for line in rules.completeness(schema, answers.answers) if line.asked],
        "sections": [] if editable else _said(schema, answers.answers),
        "documents": [
            (row, filing.DOCUMENT_KINDS.get(row.kind, row.kind), one.words(row, "name"))
            for row in Supporting.objects.filter(request=request).defer("original", "copy")
        ],
        "missing": filing.missing_documents(request),
        "document_form": DocumentForm(),
    }
    return shown(http, "psp/request.html", form, context)


def _said(schema: rules.Schema, answers: rules.Answers) -> list[tuple[str, list[tuple[str, str]]]]:
    """The answers in words, page by page, for who reads a filed request."""
    found = []
    for section in schema.sections:
        lines = [
            (question.label, _words(question, answers[question.id]))
            for question in section.questions
            if question.id in answers
        ]
        if lines:
            found.append((section.title, lines))
    return found


def _words(question: rules.Question, answer: Any) -> str:
    if isinstance(answer, list | tuple):
        return ", ".join(question.choices.get(str(code), str(code)) for code in answer)
    return question.choices.get(str(answer), str(answer))


@mandated(Role.ASSOCIATION)
def section(http: ActingRequest, key: UUID, name: str) -> HttpResponse:
    """One page of questions. What is sound is kept even when the page has errors: nothing is typed twice."""
    request = request_of(key)
    one = opened(http, request.file_id, "section")
    answers = one.answers(request)
    if http.method == "GET" and request.state not in EDITABLE:
        return redirect("psp:request", key)  # filed meanwhile, from another tab
    schema = rules.schema_of(answers)
    asked = [line.section for line in rules.completeness(schema, answers.answers) if line.asked]
    if name not in asked:
        raise Http404
    on = timezone.localdate()
    form = section_form(schema, name)(http.POST if http.method == "POST" else None, answers=answers.answers, on=on)
    if http.method == "POST":
        valid = form.is_valid()
        given = {question: value for question, value in form.cleaned_data.items() if value is not None}
        try:
            filing.save_section(key, name, given, by=http.mandate, now=timezone.now())
        except Refused as refused:
            refuse(form, refused)
            valid = False
        if valid:
            if "later" in http.POST:
                return redirect("psp:request", key)
            following = asked[asked.index(name) + 1 :]
            return redirect("psp:section", key, following[0]) if following else redirect("psp:request", key)
    titles = {line.section: line.title for line in rules.completeness(schema, answers.answers)}
    steps = [titles[one_section] for one_section in asked if one_section != "statistics"]
    context = {
        "request_row": request,
        "section": schema.section(name),
        "steps": steps,
        "current": asked.index(name) + 1 if name != "statistics" else None,
        "before": schema.before if name == asked[0] else (),
    }
    return shown(http, "psp/section.html", form, context)


@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT)
def add_document(http: ActingRequest, key: UUID) -> HttpResponse:
    """Join a document to a request."""
    request = request_of(key)
    back = reverse("psp:request", args=[key])
    form = bound(DocumentForm, http)

    def run(data: dict[str, Any]) -> None:
        sent = data["document"]
        _, removed = filing.add_document(
            request.file_id,
            data["kind"],
            sent.name,
            sent.read(),
            by=http.mandate,
            on=timezone.localdate(),
            request_id=key,
        )
        if removed:
            messages.info(http, "Retiré de la copie de travail\u00a0: " + ", ".join(removed) + ".")

    return act_page(
        http, title="Joindre une pièce", form=form, run=run, back=back, done="La pièce est jointe.", button="Joindre"
    )


@mandated(Role.ASSOCIATION)
@require_POST
def remove_document(http: ActingRequest, key: UUID) -> HttpResponse:
    """Take back a document of a request being written."""
    row = Supporting.objects.filter(pk=key).first()
    if row is None or row.request_id is None:
        raise Http404
    try:
        filing.remove_document(key, by=http.mandate)
        messages.success(http, "La pièce est retirée.")
    except Refused as refused:
        messages.error(http, refused.defects[0].way_out)
    return redirect("psp:request", row.request_id)


@mandated(Role.ASSOCIATION, Role.DELEGATE, Role.PREFECT, Role.MEMBER)
def document(http: ActingRequest, key: UUID) -> HttpResponse:
    """The bytes of a document, as a download with a neutral name. The original only on demand, for those who serve."""
    row = Supporting.objects.select_related("file").filter(pk=key).defer("original", "copy").first()
    if row is None:
        raise Http404
    original = "original" in http.GET and serves(row.file, http.mandate)
    try:
        row, _, data = open_document(key, by=http.mandate, original=original)
    except (Supporting.DoesNotExist, vault.Shredded):
        raise Http404 from None
    extension = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}[row.media_type]
    return download(data, f"piece-{str(row.pk)[:8]}.{extension}", row.media_type)


@mandated(Role.ASSOCIATION)
def withdraw(http: ActingRequest, key: UUID) -> HttpResponse:
    """Take back a request, or drop a draft."""
    request = request_of(key)
    draft = request.state == RequestState.DRAFT
    return act_page(
        http,
        title="Supprimer le brouillon" if draft else "Retirer la demande",
        intro="Le brouillon et ses pièces sont effacés." if draft else "Avec l’accord de la personne.",
        form=bound(NothingToSay, http),
        run=lambda _: filing.withdraw(key, by=http.mandate, on=timezone.localdate()),
        back=file_page(request.file_id),
        done="C’est fait.",
    )
