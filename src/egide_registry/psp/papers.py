"""The papers of a request, from its rows: the prefect's act and the receipt. Set in pages by `files.pdf`."""

from datetime import date

from egide.reference import legal
from egide.reference.legal import AppealKind
from egide_registry.accounts.models import Department, Mandate, Person
from egide_registry.files import acts, pdf
from egide_registry.psp import opinions
from egide_registry.psp.actions.filing import DOCUMENT_KINDS
from egide_registry.psp.models import Decision, Request
from egide_registry.psp.reading import OpenFile
from egide_registry.psp.rules.reasons import REFUSAL_REASONS
from egide_registry.psp.rules.states import TransferState
from egide_registry.security import vault

LEGAL_BASIS = (
    "le code de l’action sociale et des familles, notamment ses articles L. 121-9 et R. 121-12-6 à R. 121-12-13-1",
)
UNSIGNED = "Signature"  # where the account of who decided is no longer within reach
ELSEWHERE = "association du département d’origine"  # a transfer does not say which
BY_HAND = "……………………"  # the town, written when the act is signed
NEXT_STEPS = (
    "La délégation aux droits des femmes vérifie que la demande est complète.",
    "La commission départementale donne un avis. L’association qui a déposé la demande n’y prend pas part.",
    "Le préfet décide. La décision est remise avec, si c’est un refus, ses motifs et les recours possibles.",
)


def decision_paper(opened: OpenFile, request: Request, decision: Decision, *, by: Mandate, named: bool) -> bytes:
    """The act as a tagged PDF. `named`: the copy that is notified, the only one with the person's name."""
    department = department_on(opened, decision.decided_on).name
    reasons = opened.words(decision, "reasons") or {"codes": [], "written": ""}
    labels = {reason.code: reason.label for reason in REFUSAL_REASONS}
    refused = decision.outcome == Decision.Outcome.REFUSED
    given = opinions.of(request.pk, by=by)
    period = None if refused else decision.period
    identity = opened.identity
    return pdf.decision_pdf(
        acts.Decision(
            reference=reference_of(opened.file.reference, decision),
            department=department,
            authority=f"Préfecture, département\u00a0: {department}",
            place=BY_HAND,
            signed_on=decision.confirmed_on or decision.decided_on,
            request=opened.file.reference,
            purpose=Request.Kind(request.kind).label,
            outcome=acts.Outcome(decision.outcome),
            person=f"{identity['given_names']} {identity['family_name']}" if named and identity else None,
            legal_basis=LEGAL_BASIS,
            opinion=given.opinion if given else None,
            opinion_on=given.on if given else None,
            starts_on=period.starts_on if period else None,
            ends_on=period.ends_on if period else None,
            reasons=tuple(acts.Reason(code=code.upper(), label=labels[code]) for code in reasons["codes"]),
            written_reasons=reasons["written"],
            appeals=appeals_on(decision.decided_on),
            signatory=signatory(decision),
        )
    )


def department_on(opened: OpenFile, day: date) -> Department:
    """Where the file was on a day: an act is of the department that took it, wherever the file is now."""
    left = opened.file.transfers.filter(state=TransferState.DONE, done_on__gte=day).order_by("done_on").first()
    return opened.file.department if left is None else left.from_department


def reference_of(file_reference: str, decision: Decision) -> str:
    """An opaque number for one decision of a file."""
    return f"{file_reference}-{decision.pk.hex[:6].upper()}"


def appeals_on(day: date) -> tuple[acts.Appeal, ...]:
    """The ways and delays of appeal of the law of a day."""
    gracieux, court = (legal.appeal_way(kind, day) for kind in (AppealKind.GRACIEUX, AppealKind.TRIBUNAL))
    months = f"{court.delay_months}\u00a0mois"
    kept = f"dans les {months} qui suivent la notification si vous voulez garder le délai du recours au tribunal"
    return (
        acts.Appeal(name="Recours gracieux", before=gracieux.before, delay=kept),
        acts.Appeal(
            name="Recours contentieux", before=court.before, delay=f"dans les {months} qui suivent la notification"
        ),
    )


def signatory(decision: Decision) -> acts.Person:
    """Who signs: the prefect's office, by the person who decided or, for a refusal, who confirmed it."""
    person = Person.objects.filter(pk=decision.confirmed_person or decision.decided_person).first()
    identity = None if person is None else vault.open_for(person.pk, owner=vault.ACCOUNTS).read(person, "identity")
    return acts.Person(name=identity["name"] if identity else UNSIGNED, quality="Pour le préfet, par délégation")


def receipt_paper(opened: OpenFile, request: Request, *, filed_on: date) -> bytes:
    """The receipt of a filed request, as a tagged PDF. It names nobody."""
    place = department_on(opened, filed_on)
    department = place.name
    moved = place.pk != opened.file.department_id
    kinds = [DOCUMENT_KINDS.get(one, one) for one in request.supporting.order_by("kind").values_list("kind", flat=True)]
    return pdf.receipt_pdf(
        acts.Receipt(
            reference=opened.file.reference,
            department=department,
            filed_on=filed_on,
            filed_by=ELSEWHERE if moved else opened.file.body.name,
            purpose=Request.Kind(request.kind).label,
            documents=tuple(kinds),
            next_steps=NEXT_STEPS,
            contact=f"Délégation départementale aux droits des femmes, {department}.",
        )
    )
