"""Titles and labels of figures and tables, as authors write them: text, years, and digits declared as `{…}`.

A title holds no figure: `Victimes mineures, 2021-2025` is fine (years), `{15 à 17} ans` is fine when the edition
declares the name `15 à 17`, `Les 880 victimes` is a defect.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from egide.document.declared import is_declared
from egide.document.model import Declared, Runs, Text
from egide.document.typography import sentence

_MARK = re.compile(r"\{([^{}]*)\}")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?:[-–](?:1[89]|20)\d\d)?(?!\d)")
_DECLARED = re.compile(f"{_MARK.pattern}|{_YEAR.pattern}")


def plain(label: str) -> str:
    """The label as a reader sees it."""
    return sentence(_MARK.sub(r"\1", label))


def runs(label: str) -> Runs:
    """The label as a page holds it: digits in `Declared` only."""
    text = sentence(label)
    found: list[Text | Declared] = []
    start = 0
    for match in _DECLARED.finditer(text):
        found += [Text(text[start : match.start()]), Declared(match[1] or match[0])]
        start = match.end()
    found.append(Text(text[start:]))
    return tuple(run for run in found if run.text)


def undeclared(label: str, names: Collection[str]) -> str:
    """The first digits of the label that nothing declares; empty when all is well."""
    for mark in _MARK.finditer(label):
        if not is_declared(mark[1], names):
            return mark[0]
    rest = _YEAR.sub("", _MARK.sub("", label))
    loose = re.search(r"\S*\d\S*", rest)
    return loose[0] if loose else ""
