"""What an invented person answers to the forms of the exit path, and a document that says it is an example. Pure."""

from datetime import date
from io import BytesIO
from random import Random
from typing import Any

import pikepdf

from egide_registry.demo import names

Answers = dict[str, dict[str, Any]]

REASONS = (
    "Motifs d’exemple, écrits pour la démonstration\u00a0: les faits exposés dans la demande ne permettent pas, en "
    "l’état du dossier, d’établir la qualité de victime au sens de l’article L.121-9. Aucune personne réelle n’est "
    "concernée par ce texte."
)


def person(chance: Random, *, on: date, outcomes: bool = True) -> Answers:
    """The answers of a first request, but for the days of its last page: see `signed`."""
    family, given = names.name(chance)
    foreign = chance.random() < 0.8
    return {
        "identity": {
            "family_name": family,
            "given_names": given,
            "birth_date": names.birth(chance, on=on).isoformat(),
            "nationality": chance.choice(("NG", "RO", "CO", "AL", "CN", "BR")) if foreign else "FR",
            "notification_address": "association",
        },
        "situation": {
            "exit_step": "ceased",
            "in_danger": chance.choice(("no", "no", "yes")),
            "health_cover": chance.choice(("open", "asked", "none")),
            "assessment": "Situation inventée pour la démonstration.",
        },
        "work": {
            "activity": chance.choice(("seeking", "training", "not_yet")),
            "work_project": "Projet inventé pour la démonstration.",
        },
        "housing": {
            "housing": chance.choice(("centre", "hotel", "relatives")),
            "housing_safe": chance.choice(("yes", "yes", "no")),
            "asks_housing": "yes",
            "housing_kind": chance.choice(("emergency", "integration", "flat")),
        },
        "residence": {"residence_right": "none", "asks_aps": "yes"} if foreign else {"residence_right": "not_needed"},
        "resources": {
            "asks_afis": "yes",
            "other_allowance": "none",
            "household_resources": chance.choice((0, 0, 80, 150)),
            "children": chance.choice((0, 0, 1, 2)),
        },
        "commitment": {
            "path_actions": ["housing", "care", "rights"],
            "path_document": "signed",
            "statement": "signed",
            "consent_language": "fr",
            "consent_interpreter": "no",
            "consent_request": "yes",
            "consent_outcomes": "yes" if outcomes else "no",
            "consent_statistics": "yes",
        },
        "documents": {"doc_path": "attached", "doc_statement": "attached", "doc_agrement": "later"},
    }


def renewal(first: Answers) -> Answers:
    """The answers of a renewal for the person of a first request."""
    commitment = {name: value for name, value in first["commitment"].items() if name != "statement"}
    return {
        "situation": {
            "summary": "Six mois inventés pour la démonstration.",
            "commitments": "as_planned",
            "in_danger": "no",
            "health_cover": "open",
        },
        **{section: first[section] for section in ("work", "housing", "residence", "resources")},
        "commitment": commitment,
        "documents": {"doc_path": "attached", "doc_agrement": "later"},
    }


def signed(answers: Answers, on: date) -> Answers:
    """The same answers, everything signed on a day."""
    day = on.isoformat()
    dates = {"path_signed_on": day, "consent_date": day}
    if "statement" in answers["commitment"]:
        dates["statement_on"] = day
    return answers | {"commitment": answers["commitment"] | dates}


def document() -> bytes:
    """A page that says it is worth nothing."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(420, 595))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
        page.Contents = pdf.make_stream(b"BT /F1 14 Tf 40 520 Td (Document d'exemple, sans valeur.) Tj ET")
        made = BytesIO()
        pdf.save(made)
    return made.getvalue()
