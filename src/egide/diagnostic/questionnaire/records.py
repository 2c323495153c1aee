"""Answers as two JSON texts: what may be counted, and what must be reread first. Plain data in and out.

Two files, so that the first can go to whoever counts without the second. Source: docs/methods/sealed-answers.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from egide.diagnostic.questionnaire.answers import Answers, FreeText, Situation
from egide.diagnostic.questionnaire.model import Place

FORMAT = 1
ANSWERS_FILE = "reponses.json"
TEXTS_FILE = "textes-a-relire.json"


def answers_json(answers: Iterable[Answers]) -> bytes:
    """Codes and numbers of every answer, sorted by its random number: the order of arrival is lost."""
    rows = [
        {
            "number": one.number,
            "version": one.version,
            "codes": {question: list(codes) for question, codes in one.codes.items()},
            "numbers": dict(one.numbers),
            "situations": [
                {
                    "rank": situation.rank,
                    "codes": {question: list(codes) for question, codes in situation.codes.items()},
                    "numbers": dict(situation.numbers),
                }
                for situation in one.situations
            ],
        }
        for one in sorted(answers, key=lambda one: one.number)
    ]
    return _json({"format": FORMAT, "answers": rows})


def answers_from(content: bytes) -> tuple[Answers, ...]:
    """The answers of a file made by `answers_json`. Raises ValueError or KeyError: the file is ours."""
    return tuple(
        Answers(
            number=row["number"],
            version=row["version"],
            codes=_codes(row["codes"]),
            numbers=row["numbers"],
            situations=tuple(
                Situation(rank=one["rank"], codes=_codes(one["codes"]), numbers=one["numbers"])
                for one in row["situations"]
            ),
        )
        for row in _read(content)["answers"]
    )


def texts_json(texts: Iterable[FreeText]) -> bytes:
    """Free texts, each with the number of its answer. `reread` becomes true by the hand of who reread it."""
    rows = [
        {
            "answer": one.answer,
            "question": one.place.question,
            "situation": one.place.situation,
            "text": one.text,
            "reread": one.reread,
        }
        for one in sorted(texts, key=lambda one: one.answer)
    ]
    return _json({"format": FORMAT, "texts": rows})


def texts_from(content: bytes) -> tuple[FreeText, ...]:
    """The texts of a file made by `texts_json`, with what was reread since."""
    return tuple(
        FreeText(
            answer=row["answer"],
            place=Place(row["question"], row["situation"]),
            text=row["text"],
            reread=row["reread"] is True,
        )
        for row in _read(content)["texts"]
    )


def _codes(data: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {question: tuple(codes) for question, codes in data.items()}


def _read(content: bytes) -> Any:
    data = json.loads(content)
    if data["format"] != FORMAT:
        raise ValueError(f"format {FORMAT} expected")
    return data


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
