"""Exit paths for the tests, step by step, made by the same actions as the real ones. Every name is invented."""

from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from uuid import UUID

import pikepdf
from django.utils import timezone

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import deciding, examining, filing
from egide_registry.psp.actions.common import locked, move
from egide_registry.psp.models import Decision, Request
from egide_registry.psp.rules.states import REQUEST
from support.registry import DAY, World, acting


def _pdf() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        made = BytesIO()
        pdf.save(made)
    return made.getvalue()


PDF = _pdf()  # one blank page
FAMILY_NAME, GIVEN_NAMES = "Exemplaire", "Alba Fictive"
REASONS = "Les faits exposés dans la demande ne permettent pas d’établir la qualité de victime. " * 4

COMMITMENT: dict[str, Any] = {
    "path_actions": ["housing", "care"],
    "path_document": "signed",
    "consent_language": "fr",
    "consent_interpreter": "no",
    "consent_request": "yes",
    "consent_outcomes": "yes",
    "consent_statistics": "no",
}
LIFE: dict[str, dict[str, Any]] = {
    "work": {"activity": "seeking", "work_project": "Devenir couturière."},
    "housing": {"housing": "centre", "housing_safe": "yes", "asks_housing": "no"},
    "residence": {"residence_right": "none", "asks_aps": "yes"},
    "resources": {"asks_afis": "yes", "other_allowance": "none", "household_resources": 100, "children": 1},
}
FIRST: dict[str, dict[str, Any]] = {
    "identity": {
        "family_name": FAMILY_NAME,
        "given_names": GIVEN_NAMES,
        "birth_date": "1998-04-05",
        "nationality": "NG",
        "notification_address": "association",
    },
    "situation": {
        "exit_step": "ceased",
        "in_danger": "no",
        "health_cover": "asked",
        "assessment": "Une situation inventée pour un essai.",
    },
    **LIFE,
    "commitment": {**COMMITMENT, "statement": "signed"},
    "documents": {"doc_path": "attached", "doc_statement": "attached", "doc_agrement": "later"},
}
RENEWAL: dict[str, dict[str, Any]] = {
    "situation": {
        "summary": "Six mois inventés pour un essai.",
        "commitments": "as_planned",
        "in_danger": "no",
        "health_cover": "open",
    },
    **LIFE,
    "commitment": COMMITMENT,
    "documents": {"doc_path": "attached", "doc_agrement": "later"},
}


def at(on: date) -> datetime:
    """Noon of a day."""
    return timezone.make_aware(datetime.combine(on, time(12)))


def draft(world: World, *, on: date = DAY, sections: dict[str, dict[str, Any]] | None = None) -> Request:
    """A new file with a first request wholly filled, documents joined, not filed. `sections` replaces answers."""
    by = world[Role.ASSOCIATION]
    with acting(by):
        request = filing.open_file(by=by, now=at(on))
    return _filled(request, by, FIRST | (sections or {}), on)


def _filled(request: Request, by: Mandate, answers: dict[str, dict[str, Any]], on: date) -> Request:
    with acting(by):
        for section, given in answers.items():
            said = dated(given, on) if section == "commitment" else given
            assert filing.save_section(request.pk, section, said, by=by, now=at(on)) == []
        for kind in filing.NEEDED[Request.Kind(request.kind)]:
            join(request, kind, by=by, on=on)
        return Request.objects.select_related("file").get(pk=request.pk)


def dated(given: dict[str, Any], on: date) -> dict[str, Any]:
    """The answers of the page of commitment, signed on that day."""
    dates = {"path_signed_on": on.isoformat(), "consent_date": on.isoformat()}
    return given | dates | ({"statement_on": on.isoformat()} if "statement" in given else {})


def join(request: Request, kind: str, *, by: Mandate, on: date = DAY) -> UUID:
    """A document joined to a request, inside the transaction of `by`."""
    row, _ = filing.add_document(request.file_id, kind, "piece.pdf", PDF, by=by, on=on, request_id=request.pk)
    return row.pk


def filed(world: World, *, on: date = DAY, sections: dict[str, dict[str, Any]] | None = None) -> Request:
    """A first request that the prefecture sees."""
    return _file(world, draft(world, on=on, sections=sections), on)


def _file(world: World, request: Request, on: date) -> Request:
    by = world[Role.ASSOCIATION]
    with acting(by):
        filing.file_request(request.pk, by=by, on=on)
    return seen(world, request)


def complete(world: World, *, on: date = DAY, sections: dict[str, dict[str, Any]] | None = None) -> Request:
    """A first request declared complete."""
    return _complete(world, filed(world, on=on, sections=sections), on)


def _complete(world: World, request: Request, on: date) -> Request:
    by = world[Role.DELEGATE]
    with acting(by):
        examining.declare_complete(request.pk, by=by, on=on)
    return seen(world, request)


def with_opinion(world: World, *, on: date = DAY, sections: dict[str, dict[str, Any]] | None = None) -> Request:
    """A first request on which the commission gave its opinion: it waits for the prefect."""
    return _heard(world, complete(world, on=on, sections=sections), on)


def _heard(world: World, request: Request, on: date) -> Request:
    by = world[Role.DELEGATE]
    with acting(by):
        for act in ("schedule", "give_opinion"):
            row = locked(Request, request.pk)
            move(row, REQUEST, act, by=by)
            row.moved_on = on
            row.save(update_fields=["state", "moved_on"])
    return seen(world, request)


def granted(world: World, on: date = DAY, *, sections: dict[str, dict[str, Any]] | None = None) -> Request:
    """A first request granted: six months from that day."""
    request = with_opinion(world, on=on, sections=sections)
    _grant(world, request, on)
    return seen(world, request)


def _grant(world: World, request: Request, on: date) -> None:
    by = world[Role.PREFECT]
    with acting(by):
        deciding.grant(request.pk, by=by, on=on)


def notified(world: World, request: Request, *, on: date = DAY) -> Request:
    """The same request, its decision proved to be in the hands of the person."""
    by = world[Role.DELEGATE]
    with acting(by):
        proof = join(request, "notification", by=by, on=on)
        deciding.notify(request.pk, means=Decision.Means.HAND, proof=proof, notified_on=on, by=by, on=on)
    return seen(world, request)


def renewal_with_opinion(world: World, file_id: UUID, *, on: date) -> Request:
    """A renewal of that file, filed, complete, heard: it waits for the prefect."""
    by = world[Role.ASSOCIATION]
    with acting(by):
        request = filing.start_renewal(file_id, by=by, now=at(on))
    request = _filled(request, by, RENEWAL, on)
    return _heard(world, _complete(world, _file(world, request, on), on), on)


def renewed(world: World, file_id: UUID, *, on: date) -> Request:
    """A renewal granted on that day and notified."""
    request = renewal_with_opinion(world, file_id, on=on)
    _grant(world, request, on)
    return notified(world, request, on=on)


def refusal_proposed(world: World, *, on: date = DAY) -> Request:
    """A first request whose refusal the delegate proposed."""
    request, by = with_opinion(world, on=on), world[Role.DELEGATE]
    with acting(by):
        deciding.propose_refusal(request.pk, ["not_victim"], REASONS, by=by, on=on)
    return seen(world, request)


def refused(world: World, *, on: date = DAY) -> Request:
    """The same, confirmed by the prefect: refused, nobody told yet."""
    request, by = refusal_proposed(world, on=on), world[Role.PREFECT]
    with acting(by):
        deciding.confirm_refusal(request.pk, by=by, on=on)
    return seen(world, request)


def refused_notified(world: World, *, on: date = DAY) -> Request:
    """The same, notified with its proof: appeals are open."""
    return notified(world, refused(world, on=on), on=on)


def seen(world: World, request: Request) -> Request:
    """The request as its association reads it now."""
    with acting(world[Role.ASSOCIATION]):
        return Request.objects.select_related("file").get(pk=request.pk)
