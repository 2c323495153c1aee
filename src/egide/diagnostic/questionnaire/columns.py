"""Which question each column of an export answers, from its heading alone: codes, texts, sub-questions, repeats.

Understood: `Q1_1[SQ002]`, `Q1.1. text`, `S2_A4`, a question's text with or without `[option]`, "Situation 2 : text".
A text that several questions share ("Autre chose à dire", or every question of a situation) is read in the order of the
questionnaire. Contact and technical columns are named to be dropped. Anything else is refused: it could hold a person.
Source: docs/methods/sealed-answers.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache

from attrs import frozen

from egide.diagnostic.questionnaire.fields import MOST_SITUATIONS
from egide.diagnostic.questionnaire.headings import CONTACT, TECHNICAL, TRACES, folded
from egide.diagnostic.questionnaire.model import Place, Question, Questionnaire
from egide.diagnostic.tables import Table
from egide.errors import Defect, DeliveryRefused
from egide.sources.messages import THIN, quoted

_SHOWN = 80  # characters of a heading that a message shows


class Use(StrEnum):
    ANSWER = "answer"
    CONTACT = "contact"  # somebody's name or address: dropped at the door, counted
    TRACE = "trace"  # an IP address, a referrer, a token: dropped, counted
    TECHNICAL = "technical"  # what the tool writes for itself
    IGNORED = "ignored"  # declared so by whoever imports


@frozen(kw_only=True)
class Target:
    """What a column holds. `option`: its box alone ("" for the whole question); `other`: the words beside it."""

    use: Use
    place: Place | None = None
    option: str = ""
    other: bool = False


_BRACKETS = re.compile(r"^(?P<stem>.*?)\s*\[(?P<sub>[^\[\]]*)\]\s*(?:\(\d+\)|\d)?$", re.DOTALL)
_REPEAT = re.compile(r"(?:\s\(\d+\)|(?<=\D)\d)$")  # "Nationalité (2)", "Nationalité2"
_SITUATION = re.compile(r"[\[(]?\bsituation\s*(?:n°\s*)?(?P<rank>\d{1,2})\b[\])]?\s*[:,.–—-]?", re.IGNORECASE)
_RANKED = re.compile(r"^\d{1,2}\s*[.)]\s+")
_CODE = re.compile(
    r"(?:Q(?P<part>\d)[._-]?(?P<item>\d{1,2})(?P<row>[a-f])?"
    r"|S(?P<before>\d{0,2})[._-]?(?P<group>[AB])(?P<point>\d{1,2})(?:[@_](?P<after>\d{1,2}))?)(?!\w)",
    re.IGNORECASE,
)
_RANK = re.compile(r"(?P<letters>SQ|AO?)?0*(?P<rank>[1-9]\d?)", re.IGNORECASE)
_GRID_ROWS = "abcdef"


def recognised(
    questionnaire: Questionnaire, table: Table, *, declared: Mapping[str, str], ignored: frozenset[str] = frozenset()
) -> dict[str, Target]:
    """Column -> what it holds. `declared`: column -> field, such as `S.A4@2` or `Q1.1=temoin`, where headings fail.

    Raises DeliveryRefused with every column that is not understood, or that answers what another one does.
    """
    reader = _Reader(questionnaire)
    targets: dict[str, Target] = {}
    defects = list(_misnamed(table, [*declared, *ignored]))
    for column in table.columns:
        if column in ignored:
            targets[column] = Target(use=Use.IGNORED)
            continue
        target = reader.declared(declared[column]) if column in declared else reader.read(column)
        if target is None:
            defects.append(_unknown(table, column, declared.get(column)))
        elif target in reader.used:
            defects.append(_double(table, column, target))
        else:
            targets[column] = target
            reader.keep(target)
    if not any(target.use is Use.ANSWER for target in targets.values()):
        defects = [_no_heading(table)]  # perhaps a first row of data: its cells are not shown
    if defects:
        raise DeliveryRefused(defects)
    return targets


class _Reader:
    """Reads headings from left to right; the position resolves what a text alone does not say."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questionnaire = questionnaire
        self._order = {place: rank for rank, (place, _) in enumerate(questionnaire.places(MOST_SITUATIONS))}
        self._by_text: dict[str, list[Question]] = {}
        for question in questionnaire.questions:
            self._by_text.setdefault(folded(question.label), []).append(question)
        self._grids: dict[str, list[Question]] = {}
        for question in questionnaire.questions:
            if question.stem:
                self._grids.setdefault(folded(question.stem), []).append(question)
                self._grids.setdefault(question.id.rstrip(_GRID_ROWS), []).append(question)
        self._at = -1
        self.used: set[Target] = set()

    def keep(self, target: Target) -> None:
        if target.place is not None and target.use is Use.ANSWER:
            self.used.add(target)
            self._at = self._order[target.place]

    def declared(self, name: str) -> Target | None:
        field, _, option = name.partition("=")
        for place in self._order:
            question = self._questionnaire.by_id[place.question]
            if field == place.name and not question.personal and (not option or option in question.codes):
                return Target(use=Use.ANSWER, place=place, option=option)
            if field == place.other_name and question.other and not option:
                return Target(use=Use.ANSWER, place=place, other=True)
        return None

    def read(self, column: str) -> Target | None:
        text = column.strip()
        said = folded(_REPEAT.sub("", text))
        situation = 0
        if found := _SITUATION.search(text):
            situation = int(found["rank"])
            text = (text[: found.start()] + text[found.end() :]).strip()
        brackets = _BRACKETS.match(text)
        stem, sub = (brackets["stem"], brackets["sub"].strip()) if brackets else (text, "")
        for question, option, other, rank in self._meanings(stem, sub):
            if question.personal:
                return Target(use=Use.CONTACT)
            if target := self._placed(question, option, other, situation or rank, coded=bool(_CODE.match(stem))):
                return target
        return Target(use=use) if (use := _dropped(said)) else None

    def _meanings(self, stem: str, sub: str) -> Iterator[tuple[Question, str, bool, int]]:
        """Questions that a heading may mean: (question, option, other, situation said by the code)."""
        code = _CODE.match(stem)
        if code:
            identifier, rank = _identifier(code)
            grid = self._grids.get(identifier, [])
            questions = [self._questionnaire.by_id[identifier]] if identifier in self._questionnaire.by_id else []
        else:
            rank, grid, questions = 0, [], []
            for text in dict.fromkeys((stem, _REPEAT.sub("", stem), _RANKED.sub("", stem))):
                grid = grid or self._grids.get(folded(text), [])
                questions = questions or self._by_text.get(folded(text), [])
        if sub and grid:
            yield from ((question, "", False, rank) for question in grid if _names_row(sub, question, grid))
        for question in questions:
            if not sub:
                yield question, "", False, rank
            elif sub.casefold() == "other" and question.other and not question.multiple:
                yield question, "", True, rank
            elif option := named_option(sub, question, bare=True):
                yield question, option, False, rank

    def _placed(self, question: Question, option: str, other: bool, situation: int, *, coded: bool) -> Target | None:
        """The first place not used yet, from where the reading is: a text alone never goes back, a code may."""
        places = [place for place in self._order if place.question == question.id]
        if situation and question.id in self._questionnaire.repeated:
            places = [place for place in places if place.situation == situation]
        alone = len(self._by_text[folded(question.label)]) == 1
        if not (coded or situation or alone):  # words that are asked elsewhere too do not begin a situation
            begun = {0, *(target.place.situation for target in self.used if target.place)}
            places = [place for place in places if place.situation in begun]
        targets = [Target(use=Use.ANSWER, place=place, option=option, other=other) for place in places]
        if len(targets) == 1 and (coded or situation or alone):
            return targets[0]  # even when it is taken: the message then says so
        free = [target for target in targets if target not in self.used]
        ahead = [target for target in free if target.place and self._order[target.place] >= self._at]
        return next(iter(ahead or (free if coded else [])), None)


def named_option(text: str, question: Question, *, bare: bool = False) -> str:
    """The option that a code, a label, or a rank (`SQ002`, `A2`; with `bare`, `2`) names; "" when none does."""
    said = folded(text)
    if code := _names(question).get(said):
        return code
    if said == "other":
        return question.other
    rank = _RANK.fullmatch(text.strip())
    if rank is None or not (bare or rank["letters"]) or int(rank["rank"]) > len(question.options):
        return ""
    return question.options[int(rank["rank"]) - 1].code


@lru_cache(maxsize=128)  # of the questions, never of an answer
def _names(question: Question) -> Mapping[str, str]:
    return {folded(name): option.code for option in question.options for name in (option.code, option.label)}


def _names_row(sub: str, question: Question, grid: list[Question]) -> bool:
    rank = _RANK.fullmatch(sub)
    if rank:
        return grid.index(question) == int(rank["rank"]) - 1
    return folded(sub) == folded(question.label) or (sub.casefold() == question.id[-1] and len(sub) == 1)


def _identifier(code: re.Match[str]) -> tuple[str, int]:
    if code["part"]:
        return f"Q{code['part']}.{int(code['item'])}{(code['row'] or '').lower()}", 0
    return f"S.{code['group'].upper()}{int(code['point'])}", int(code["before"] or code["after"] or 0)


def _dropped(said: str) -> Use | None:
    for use, known in ((Use.CONTACT, CONTACT), (Use.TRACE, TRACES), (Use.TECHNICAL, TECHNICAL)):
        if known.fullmatch(said):
            return use
    return None


# ---- what is refused ----


def _misnamed(table: Table, names: list[str]) -> Iterator[Defect]:
    for name in dict.fromkeys(names):
        if name not in table.columns:
            yield Defect(
                place=table.place(),
                expected="une colonne du fichier",
                got=f"{quoted(name)}, qu’il n’a pas",
                way_out="Recopiez le titre à la lettre.",
            )


def _unknown(table: Table, column: str, declared: str | None) -> Defect:
    if declared is not None:
        return Defect(
            place=table.place(column=_heading(column)),
            expected="un champ du questionnaire, comme Q1.1, S.A4@2, Q1.1=temoin ou Q2.9.autre",
            got=quoted(declared),
            way_out="Corrigez la correspondance déclarée.",
        )
    return Defect(
        place=table.place(column=_heading(column)),
        expected="le code d’une question (Q1.1, Q1_1[SQ002], S2_A4) ou son texte exact, avec ou sans [option]",
        got="une colonne inconnue",
        way_out='Déclarez ce qu’elle répond (--column "titre=S.A4@2") ou laissez-la de côté (--ignore "titre").',
    )


def _double(table: Table, column: str, target: Target) -> Defect:
    assert target.place is not None
    return Defect(
        place=table.place(column=_heading(column)),
        expected="une colonne par question",
        got=f"une deuxième colonne pour {target.place.name}",
        way_out="Gardez l’une des deux, ou mettez l’autre de côté (--ignore).",
    )


def _no_heading(table: Table) -> Defect:
    return Defect(
        place=table.place(),
        expected="les titres des colonnes sur la première ligne, codes ou textes des questions",
        got="aucun titre du questionnaire",
        way_out=f"Refaites l’export avec ses titres{THIN}; {quoted('egide diagnostic form import --help')} dit lesquels"
        " sont lus.",
    )


def _heading(column: str) -> str:
    """A heading is no answer, unless it holds an address or a number."""
    looks_personal = "@" in column or sum(map(str.isdigit, column)) > 8
    return f"de {len(column)} caractères" if looks_personal or len(column) > _SHOWN else column
