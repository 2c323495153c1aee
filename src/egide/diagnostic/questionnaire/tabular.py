"""An export of LimeSurvey or of a common online form, read into answers; contacts never leave this module's hands.

    done = imported(load(), read_table(path, numbered=True), new_number=…)

Refused whole, with every column and cell at fault, or read whole. A message names row and column, never a content.
Source: docs/methods/sealed-answers.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from attrs import frozen

from egide.diagnostic.questionnaire.answers import Entry, Received, assemble
from egide.diagnostic.questionnaire.cells import Unfit, read_box, read_cell
from egide.diagnostic.questionnaire.columns import Target, Use, recognised
from egide.diagnostic.questionnaire.headings import SUBMITTED, folded
from egide.diagnostic.questionnaire.model import Place, Questionnaire
from egide.diagnostic.tables import Row, Table, unshown
from egide.errors import Defect, DeliveryRefused


@frozen(kw_only=True, repr=False)
class Imported:
    """Answers, and what stayed at the door: columns by use, rows by number."""

    received: tuple[Received, ...]
    columns: Mapping[Use, int]
    unfinished: tuple[int, ...]  # begun and never sent: the tool gives them no date of submission
    empty: tuple[int, ...]


def imported(
    questionnaire: Questionnaire,
    table: Table,
    *,
    new_number: Callable[[], str],
    declared: Mapping[str, str] | None = None,
    ignored: frozenset[str] = frozenset(),
) -> Imported:
    """One answer a row. `new_number` gives a random number, never used before.

    Raises DeliveryRefused with every defect: first of the columns, then of the cells.
    """
    targets = recognised(questionnaire, table, declared=declared or {}, ignored=ignored)
    submitted = next((column for column in table.columns if SUBMITTED.fullmatch(folded(column))), None)
    received: list[Received] = []
    unfinished: list[int] = []
    empty: list[int] = []
    defects: list[Defect] = []
    for row in table.rows:
        if submitted is not None and not row.cells.get(submitted):
            unfinished.append(row.number)
            continue
        entries = _entries(questionnaire, table, row, targets, defects)
        if entries:
            received.append(assemble(questionnaire, entries, number=new_number(), elsewhere=True))
        else:
            empty.append(row.number)
    if defects:
        raise DeliveryRefused(defects)
    return Imported(
        received=tuple(received),
        columns=Counter(target.use for target in targets.values()),
        unfinished=tuple(unfinished),
        empty=tuple(empty),
    )


def _entries(
    questionnaire: Questionnaire, table: Table, row: Row, targets: Mapping[str, Target], defects: list[Defect]
) -> dict[Place, Entry]:
    entries: dict[Place, Entry] = {}
    for column, target in targets.items():
        value = row.cells.get(column, "").strip()
        if target.use is not Use.ANSWER or target.place is None or not value:
            continue
        read = _read(questionnaire, target, value)
        if isinstance(read, Unfit):
            defects.append(
                Defect(
                    place=table.place(row, column),
                    expected=read.expected,
                    got=unshown(value),
                    way_out="Corrigez la cellule d’après la réponse d’origine, ou videz-la.",
                )
            )
        elif read != Entry():
            former = entries.get(target.place, Entry())
            entries[target.place] = Entry(
                codes=former.codes | read.codes, text=read.text or former.text, other=read.other or former.other
            )
    return entries


def _read(questionnaire: Questionnaire, target: Target, value: str) -> Entry | Unfit:
    assert target.place is not None
    question = questionnaire.by_id[target.place.question]
    if target.other:
        return Entry(codes=frozenset({question.other}), other=value)
    return read_box(question, target.option, value) if target.option else read_cell(question, value)
