"""The acts as tagged PDFs (PDF/UA-1): each becomes a neutral page of plain blocks, one template sets them all.

[I/O: reads the template and the fonts of the package]
The title of a file is neutral: it says the kind of act and its opaque reference, since it shows in windows and logs.
Source: docs/methods/supporting-documents.md; docs/decisions/pdf-by-typst.md.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from egide.document.render.pdf import typeset
from egide.document.typography import NBSP, sentence
from egide.errors import EditionRefused
from egide.reference.periods import MONTHS
from egide_registry.files.acts import (
    ActRefused,
    Appeal,
    Convocation,
    Decision,
    Extract,
    Heard,
    Item,
    Minutes,
    Outcome,
    Person,
    Receipt,
)

Block = dict[str, Any]


def minutes_pdf(minutes: Minutes) -> bytes:
    """Procès-verbal of a session: who sat, what was said of each file by its reference, who signs."""
    voting = len(minutes.present)
    blocks = [
        _facts(
            ("Département", minutes.department),
            ("Séance du", day(minutes.held_on)),
            ("Lieu", minutes.place),
            ("Présidence", _named(minutes.chair)),
        ),
        _heading("Membres de la commission"),
        _people("Membres présents", minutes.present),
    ]
    if minutes.excused:
        blocks.append(_people("Membres excusés", minutes.excused))
    if minutes.quorum is not None:
        reached = "est atteint" if voting >= minutes.quorum else "n’est pas atteint"
        blocks.append(_text(f"Quorum : {minutes.quorum} membres. Présents : {voting}. Le quorum {reached}."))
    blocks.append(_heading("Ordre du jour et avis"))
    if minutes.heard:
        rows = [[one.item.reference, one.item.purpose, one.item.filed_by, str(one.opinion)] for one in minutes.heard]
        header = ["Dossier", "Objet", "Déposé par", "Avis"]
        blocks.append(_table("Avis rendus sur chaque dossier", header, rows, [2, 2.4, 3, 1.6]))
        for one in minutes.heard:
            blocks.extend(_heard(one))
    else:
        blocks.append(_text("Aucun dossier n’était inscrit à l’ordre du jour."))
    if minutes.other_business.strip():
        blocks += [_heading("Autres points"), *_paragraphs(minutes.other_business)]
    signatories = minutes.signatories or (minutes.chair,)
    blocks.append(_signatures("", signatories))
    notice = "Les dossiers sont désignés par leur référence. Ce procès-verbal ne porte le nom d’aucune personne suivie."
    return _made(
        title=f"Procès-verbal n° {minutes.reference}",
        over="Commission départementale de lutte contre la prostitution",
        on=minutes.held_on,
        issuer=minutes.department,
        blocks=[*blocks, _note(notice)],
    )


def _heard(heard: Heard) -> list[Block]:
    blocks = [_heading(f"Dossier {heard.item.reference}", level=2)]
    facts = [("Objet", heard.item.purpose), ("Avis", str(heard.opinion))]
    if heard.votes is not None:
        votes = heard.votes
        said = f"{votes.in_favour} pour, {votes.against} contre, {votes.abstained} abstention"
        facts.append(("Vote", said + ("s" if votes.abstained > 1 else "")))
    if heard.recused:
        facts.append(("Se sont retirés", " ; ".join(_named(one) for one in heard.recused)))
    blocks.append(_facts(*facts))
    return blocks + _paragraphs(heard.reasons)


def decision_pdf(decision: Decision) -> bytes:
    """Arrêté: what it rests on, what it decides, why, and how it can be contested."""
    whom = decision.person or f"la personne désignée par la demande n° {decision.request}"
    granted = decision.outcome is Outcome.GRANTED
    visas = [f"Vu {basis} ;" for basis in decision.legal_basis]
    visas.append(f"Vu la demande n° {decision.request} ({decision.purpose}) ;")
    if decision.opinion is not None and decision.opinion_on is not None:
        said = f"Vu l’avis de la commission départementale en date du {day(decision.opinion_on)} ({decision.opinion}) ;"
        visas.append(said)
    blocks = [_text(visa) for visa in visas]
    if not granted or decision.reasons or decision.written_reasons.strip():
        blocks.append(_heading("Motifs"))
        if decision.reasons:
            blocks.append(_list([f"{reason.label} (code {reason.code})." for reason in decision.reasons]))
        blocks += _paragraphs(decision.written_reasons)
    blocks.append(_heading("Arrête"))
    if granted and decision.starts_on is not None and decision.ends_on is not None:
        period = f"du {day(decision.starts_on)} au {day(decision.ends_on)}"
        ruled = f"L’engagement de {whom} dans un parcours de sortie de la prostitution est autorisé {period}."
    else:
        ruled = f"La demande de parcours de sortie de la prostitution présentée pour {whom} est refusée."
    blocks.append(_article("Article 1er", ruled))
    second = "La présente décision est notifiée à la personne intéressée et à l’association qui l’accompagne."
    blocks.append(_article("Article 2", second))
    # The signature follows what is decided; how to contest it is said after.
    blocks.append(_signatures(f"Fait à {decision.place}, le {day(decision.signed_on)}", (decision.signatory,)))
    if decision.appeals:
        blocks.append(_heading("Voies et délais de recours"))
        blocks.append(_text("Si vous contestez cette décision, vous pouvez former :"))
        blocks.append(_list([_appeal(one) for one in decision.appeals]))
    return _made(
        title=f"Arrêté n° {decision.reference}",
        over=decision.authority,
        on=decision.signed_on,
        issuer=decision.department,
        blocks=blocks,
    )


def _appeal(appeal: Appeal) -> str:
    said = f"{appeal.name}, devant {appeal.before}, {appeal.delay}."
    return f"{said} {appeal.note}".strip()


def receipt_pdf(receipt: Receipt) -> bytes:
    """Acknowledgement: what was received, when, and what comes next."""
    blocks = [
        _text(f"Votre demande a été reçue le {day(receipt.filed_on)}. Gardez cette référence : {receipt.reference}."),
        _facts(
            ("Référence", receipt.reference),
            ("Objet", receipt.purpose),
            ("Déposée par", receipt.filed_by),
            ("Reçue le", day(receipt.filed_on)),
            ("Département", receipt.department),
        ),
        _heading("Pièces reçues"),
        _list(list(receipt.documents)) if receipt.documents else _text("Aucune pièce n’était jointe."),
    ]
    if receipt.next_steps:
        blocks += [_heading("Et maintenant"), _list(list(receipt.next_steps), ordered=True)]
    blocks += [_heading("Nous joindre"), _text(receipt.contact)]
    return _made(
        title=f"Accusé de réception n° {receipt.reference}",
        over="Parcours de sortie de la prostitution",
        on=receipt.filed_on,
        issuer=receipt.department,
        blocks=blocks,
    )


def convocation_pdf(convocation: Convocation) -> bytes:
    """Summons of one member, with the agenda by references."""
    at = f"{convocation.at.hour}{NBSP}h" + (f"{NBSP}{convocation.at.minute:02}" if convocation.at.minute else "")
    blocks = [
        _facts(
            ("À l’attention de", _named(convocation.recipient)),
            ("Envoyée le", day(convocation.sent_on)),
        ),
        _text(
            "Nous vous prions d’assister à la séance de la commission départementale de lutte contre la prostitution, "
            "le proxénétisme et la traite des êtres humains aux fins d’exploitation sexuelle."
        ),
        _facts(("Date", f"{day(convocation.held_on)} à {at}"), ("Lieu", convocation.place)),
        _heading("Ordre du jour"),
        _agenda(convocation.agenda) if convocation.agenda else _text("L’ordre du jour sera précisé en séance."),
    ]
    if convocation.notes:
        blocks += [_heading("À savoir"), _list(list(convocation.notes))]
    blocks += [_heading("Nous joindre"), _text(convocation.contact), _signatures("", (convocation.signatory,))]
    return _made(
        title=f"Convocation n° {convocation.reference}",
        over=convocation.authority,
        on=convocation.sent_on,
        issuer=convocation.department,
        blocks=blocks,
    )


def _agenda(items: tuple[Item, ...]) -> Block:
    rows = [[one.reference, one.purpose, one.filed_by] for one in items]
    return _table("Dossiers inscrits", ["Dossier", "Objet", "Déposé par"], rows, [2, 2.5, 3.5])


def extract_pdf(extract: Extract) -> bytes:
    """Who read a file, by day and body: what a person receives when asking."""
    period = f"du {day(extract.first)} au {day(extract.last)}"
    blocks = [
        _text(f"Cette page liste les consultations de votre dossier {period}. Chaque consultation est enregistrée."),
        _facts(("Dossier", extract.reference), ("Département", extract.department), ("Période", period)),
        _heading("Consultations"),
    ]
    if extract.reads:
        ordered = sorted(extract.reads, key=lambda one: (one.on, one.body, one.purpose))
        rows = [[day(one.on), one.body, one.purpose, str(one.times)] for one in ordered]
        header = ["Jour", "Organisme", "Ce qui a été fait", "Fois"]
        blocks.append(_table("Consultations du dossier, par jour et par organisme", header, rows, [2.2, 3.2, 2.6, 0.8]))
    else:
        blocks.append(_text("Aucune consultation n’a eu lieu pendant cette période."))
    blocks += [
        _heading("Une question, un doute ?"),
        _text("Si une consultation vous étonne, dites-le : elle sera vérifiée."),
        _text(extract.contact),
    ]
    return _made(
        title=f"Qui a consulté mon dossier, n° {extract.reference}",
        over="Vos droits",
        on=extract.made_on,
        issuer=extract.department,
        blocks=blocks,
    )


def day(value: date) -> str:
    """« 1er décembre 2026 », without a break inside."""
    first = "1er" if value.day == 1 else str(value.day)
    return f"{first}{NBSP}{MONTHS[value.month - 1]}{NBSP}{value.year}"


def _named(person: Person) -> str:
    return f"{person.name}, {person.quality}"


def _heading(text: str, level: int = 1) -> Block:
    return {"kind": "heading", "text": sentence(text), "level": level}


def _text(text: str) -> Block:
    return {"kind": "text", "text": sentence(text)}


def _paragraphs(text: str) -> list[Block]:
    return [_text(one.strip()) for one in text.splitlines() if one.strip()]


def _note(text: str) -> Block:
    return {"kind": "note", "text": sentence(text)}


def _article(name: str, text: str) -> Block:
    return {"kind": "article", "name": name, "text": sentence(text)}


def _facts(*pairs: tuple[str, str]) -> Block:
    return {"kind": "facts", "pairs": [[name, sentence(value)] for name, value in pairs]}


def _list(items: list[str], *, ordered: bool = False) -> Block:
    return {"kind": "list", "items": [sentence(one) for one in items], "ordered": ordered}


def _people(caption: str, people: tuple[Person, ...]) -> Block:
    rows = [[one.name, one.quality] for one in people]
    return _table(caption, ["Nom", "Qualité"], rows, [2, 3])


def _table(caption: str, header: list[str], rows: list[list[str]], widths: list[float]) -> Block:
    set_rows = [[sentence(cell) for cell in row] for row in rows]
    return {"kind": "table", "caption": caption, "header": header, "rows": set_rows, "widths": widths}


def _signatures(where: str, people: tuple[Person, ...]) -> Block:
    return {"kind": "signatures", "where": where, "people": [[one.name, sentence(one.quality)] for one in people]}


def _made(*, title: str, over: str, on: date, issuer: str, blocks: list[Block]) -> bytes:
    """Set in pages; raises ActRefused for a letter that the fonts do not hold and whatever the typesetter warns of."""
    page = {
        "title": sentence(title.replace("n° ", f"n°{NBSP}")),
        "over": sentence(over),
        "issuer": issuer,
        "date": [on.year, on.month, on.day],
        "blocks": blocks,
    }
    inputs = {"act": json.dumps(page, ensure_ascii=False)}
    try:
        return typeset(template("act.typ"), inputs, on=on, standards=("ua-1",))
    except EditionRefused as refusal:
        raise ActRefused(refusal.defects) from refusal


@cache
def template(name: str) -> bytes:
    return (files("egide_registry.files") / "templates_typst" / name).read_bytes()
