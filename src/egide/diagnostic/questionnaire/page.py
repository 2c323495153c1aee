"""The form as one HTML file: no address but the receiver's, no script needed, nothing sent by the script.

Branching is the style sheet's (`:has()`), made from the same conditions as `branching.asked`; a browser that lacks it
shows every question. [I/O: reads the template, style and script of the package]
Source: docs/methods/sealed-answers.md.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby

from attrs import frozen
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from egide.diagnostic.questionnaire.branching import needed
from egide.diagnostic.questionnaire.fields import LONGEST
from egide.diagnostic.questionnaire.keys import PublicKey, key_id, point
from egide.diagnostic.questionnaire.model import Condition, Kind, Place, Question, Questionnaire, Section
from egide.diagnostic.questionnaire.setting import Setting

_PACKAGE = "egide.diagnostic.questionnaire"


@frozen(kw_only=True)
class Block:
    """One question at one place, for the template."""

    place: Place
    question: Question
    conditional: bool

    @property
    def id(self) -> str:
        return _id(self.place)

    @property
    def longest(self) -> int:
        return LONGEST[self.question.kind]


@frozen(kw_only=True)
class Part:
    """One section, for one situation when it is repeated. `stems` groups the rows of a grid under their sentence."""

    id: str
    section: Section
    situation: int
    conditional: bool
    stems: tuple[tuple[str, tuple[Block, ...]], ...]


def page(questionnaire: Questionnaire, setting: Setting, key: PublicKey) -> str:
    """The page, for answers that only the holder of the private key will read."""
    parts = tuple(_parts(questionnaire, setting.situations))
    style = _asset("form.css") + _rules(questionnaire, parts)
    script = _asset("form.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        f"form-action {setting.form_action}; base-uri 'none'"
    )
    return _template().render(
        questionnaire=questionnaire,
        setting=setting,
        parts=parts,
        policy=policy,
        style=Markup(style),
        script=Markup(script),
        point=base64.b64encode(point(key)).decode(),
        key_id=key_id(key),
    )


def _parts(questionnaire: Questionnaire, situations: int) -> Iterator[Part]:
    again = questionnaire.again.question
    placed = list(questionnaire.places(situations))
    for (section, situation), group in groupby(placed, key=lambda one: (one[1], one[0].situation)):
        blocks = tuple(
            Block(place=place, question=question, conditional=question.show_if is not None)
            for place, question in ((place, questionnaire.by_id[place.question]) for place, _ in group)
            # Nothing personal is asked here, and the last situation prepared opens no other.
            if not question.personal and not (question.id == again and situation == situations)
        )
        stems = tuple(
            (stem, tuple(rows))
            for (stem, _), rows in groupby(blocks, key=lambda one: (one.question.stem, one.question.stem or one.id))
        )
        part_id = f"p-{section.id.replace('.', '-')}" + (f"-{situation}" if situation else "")
        conditional = section.show_if is not None
        yield Part(id=part_id, section=section, situation=situation, conditional=conditional, stems=stems)


def _rules(questionnaire: Questionnaire, parts: tuple[Part, ...]) -> str:
    """What each condition shows, for browsers that know `:has()`."""
    first = next(part for part in parts if part.section.repeated)
    shown = [("p-situations", _tests(questionnaire, first.stems[0][1][0].place))]
    for part in parts:
        blocks = [block for _, rows in part.stems for block in rows]
        if part.conditional:
            free = next(block for block in blocks if not block.conditional)
            shown.append((part.id, _tests(questionnaire, free.place)))
        shown.extend((f"b-{one.id}", _tests(questionnaire, one.place)) for one in blocks if one.conditional)
    rules = "".join(f"  form{tests} #{name} {{ display: block; }}\n" for name, tests in shown)
    return f"@supports selector(:has(a)) {{\n  .si {{ display: none; }}\n{rules}}}\n"


def _tests(questionnaire: Questionnaire, place: Place) -> str:
    wanted: dict[tuple[Place, Condition], None] = dict.fromkeys(needed(questionnaire, place))
    return "".join(f":has({_boxes(questionnaire, *one)})" for one in wanted)


def _boxes(questionnaire: Questionnaire, place: Place, condition: Condition) -> str:
    codes = condition.any_of or [option.code for option in questionnaire.by_id[place.question].options]
    return f":is({', '.join(f'#{_id(place)}-{code}' for code in codes)}):checked"


def _id(place: Place) -> str:
    return "q-" + re.sub(r"[.@]", "-", place.name)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _asset(name: str) -> str:
    return (files(_PACKAGE) / "assets" / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader(_PACKAGE, "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["Kind"] = Kind
    return environment.get_template("form.html.jinja")
