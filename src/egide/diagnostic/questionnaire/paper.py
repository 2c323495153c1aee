"""The form on paper: a sheet with the contact questions, torn off at arrival, then the questionnaire. Tagged PDF.

[I/O: reads the template of the package and the fonts of the document engine]
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from itertools import groupby
from typing import Any

from egide.diagnostic.questionnaire.fields import MOST_SITUATIONS
from egide.diagnostic.questionnaire.model import Condition, Kind, Question, Questionnaire, Section
from egide.diagnostic.questionnaire.setting import Setting
from egide.document.render.pdf import typeset
from egide.sources.messages import NBSP

_LINES = {Kind.TEXT: 1, Kind.NUMBER: 1, Kind.EMAIL: 1, Kind.PHONE: 1, Kind.LONG_TEXT: 3}


def paper(questionnaire: Questionnaire, setting: Setting, *, on: date) -> bytes:
    """The bytes of the PDF (PDF/UA-1), made on a given day. Raises EditionRefused."""
    template = (files("egide.diagnostic.questionnaire") / "assets" / "paper.typ").read_bytes()
    content = json.dumps(_content(questionnaire, setting, on), ensure_ascii=False)
    return typeset(template, {"form": content}, on=on, standards=("ua-1",))


def _content(questionnaire: Questionnaire, setting: Setting, on: date) -> dict[str, Any]:
    period = f" Faits de {setting.period} surtout." if setting.period else ""
    return {
        "title": questionnaire.title,
        "team": setting.team,
        "date": [on.year, on.month, on.day],
        "version": questionnaire.version,
        "origin": questionnaire.origin,
        "lead": f"Pour des {questionnaire.audience}. Environ {questionnaire.duration_minutes} minutes, seul ou en"
        f" équipe.{period}",
        "return_to": setting.return_to,
        "notes": [[note.title, note.text] for note in questionnaire.intro],
        "contact": [_question(questionnaire, one) for one in questionnaire.questions if one.personal],
        "parts": list(_parts(questionnaire, setting.situations)),
    }


def _parts(questionnaire: Questionnaire, situations: int) -> Iterator[dict[str, Any]]:
    placed = questionnaire.places(situations)
    for (section, situation), places in groupby(placed, key=lambda one: (one[1], one[0].situation)):
        questions = [questionnaire.by_id[place.question] for place, _ in places]
        opens = section is _first_repeated(questionnaire)
        unit = questionnaire.unit if opens and situation == 1 else ""
        yield {
            "title": _title(section, situation),
            "first_of_situation": opens,
            "intro": [text for text in (unit, section.intro) if text],
            "skip": "" if situation or section.show_if is None else _only_if(questionnaire, section.show_if),
            "groups": [
                {
                    "stem": stem,
                    "columns": [option.label for option in rows[0].options] if stem else [],
                    "questions": [_question(questionnaire, one) for one in rows],
                }
                for stem, rows in _stems([one for one in questions if not one.personal])
            ],
        }


def _stems(questions: list[Question]) -> Iterator[tuple[str, list[Question]]]:
    for (stem, _), rows in groupby(questions, key=lambda one: (one.stem, one.stem or one.id)):
        yield stem, list(rows)


def _first_repeated(questionnaire: Questionnaire) -> Section:
    return next(section for section in questionnaire.sections if section.repeated)


def _title(section: Section, situation: int) -> str:
    return f"Situation {situation}, {section.title[0].lower()}{section.title[1:]}" if situation else section.title


def _question(questionnaire: Questionnaire, question: Question) -> dict[str, Any]:
    again = question.id == questionnaire.again.question
    after = f"Si oui{NBSP}: page suivante, ou photocopiez ces pages (au plus {MOST_SITUATIONS} situations)."
    help_text = after if again else question.help
    condition = question.show_if
    return {
        "id": question.id,
        "label": question.label,
        "help": help_text,
        "only_if": "" if condition is None else _only_if(questionnaire, condition),
        "options": [option.label for option in question.options],
        "multiple": question.multiple,
        "other": bool(question.other),
        "lines": _LINES.get(question.kind, 0),
    }


def _only_if(questionnaire: Questionnaire, condition: Condition) -> str:
    """The condition in words, for who has only eyes and a pen."""
    question = questionnaire.by_id[condition.question]
    if not condition.any_of:
        return f"Seulement si une case est cochée à {condition.question}"
    labels = [option.label for option in question.options if option.code in condition.any_of]
    said = " ou ".join(f"«{NBSP}{label}{NBSP}»" for label in labels)
    return f"Seulement si {condition.question} = {said}"
