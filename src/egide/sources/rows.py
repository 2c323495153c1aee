"""The rows of one sheet: each cell understood, each row judged as a whole, and the facts they state.

Each text of a column is understood once, however many rows repeat it: this is what makes large deliveries fast.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from attrs import define, field, frozen

from egide.facts.model import Fact, FactKey, Kind, Measure, Origin, Secret, Status, Unit
from egide.facts.values import BELOW_FIVE, NOT_COMMUNICATED, Value
from egide.sources import messages
from egide.sources.codes import Judge, Understood, judge
from egide.sources.headings import Headings
from egide.sources.messages import Complaint
from egide.sources.raw import RawDelivery, RawSheet, Row
from egide.sources.schema import IN_KEY, FieldSpec, FileFormat, Role, SheetSchema, SourceSchema


@frozen(kw_only=True)
class Found:
    """A complaint and its place: a cell, a row when `column` is empty, a sheet when `row` is missing."""

    complaint: Complaint
    sheet: str
    row: int | None = None
    column: str = ""


@frozen(kw_only=True)
class Statement:
    """A row whose cells are all understood."""

    row: int
    texts: Mapping[Role, str]  # of the numbers, as written
    numbers: Mapping[Role, Fraction]
    words: Mapping[Role, str]
    dims: Mapping[str, str]
    columns: Mapping[Role, str]  # role → heading
    measure: Measure
    signed: bool


@frozen(kw_only=True)
class Keyed:
    """What a row is about, whether or not the rest of it is sound."""

    key: FactKey
    sheet: str
    row: int


@define(kw_only=True)
class SheetReader:
    """Reads the rows of one sheet of one delivery, in order."""

    raw: RawDelivery
    schema: SourceSchema
    sheet: SheetSchema
    headings: Headings
    known_on: date
    facts: list[Fact] = field(factory=list)
    keys: list[Keyed] = field(factory=list)

    def read(self, sheet: RawSheet) -> Iterator[Found]:
        """Every complaint of the sheet, in row order.

        Fills `facts` with the rows that have none, and `keys` with all those whose key is understood.
        """
        formula_rows = {row for row, _ in sheet.uncomputed}
        columns = [
            (spec, place, _Memory(judge(spec, self.schema.format, self.known_on)))
            for spec, place in self.headings.found
        ]
        blank: list[int] = []
        for number, row in enumerate(sheet.rows[1:], 2):
            if not any(row) and number not in formula_rows:
                blank.append(number)
                continue
            yield from (self._found(empty, messages.blank_row()) for empty in blank)
            blank.clear()
            yield from self._row(number, row, columns, sheet.uncomputed if number in formula_rows else frozenset())

    def _row(
        self,
        number: int,
        row: Row,
        columns: list[tuple[FieldSpec, int, _Memory]],
        uncomputed: frozenset[tuple[int, int]],
    ) -> Iterator[Found]:
        sound = self.headings.complete
        if misfit := self._misfit(row):
            sound = False
            yield self._found(number, misfit)
        keyed = sound
        texts: dict[Role, str] = {}
        numbers: dict[Role, Fraction] = {}
        words: dict[Role, str] = {}
        dims: dict[str, str] = {}
        for spec, place, memory in columns:
            if place >= len(row) and misfit:
                continue
            text = row[place] if place < len(row) else ""
            seen = memory[text]
            if uncomputed and (number, place + 1) in uncomputed:
                seen = messages.uncomputed()
            if isinstance(seen, Complaint):
                sound = False
                keyed = keyed and spec.role not in IN_KEY
                yield self._found(number, seen, spec.name)
            elif seen is None:
                continue
            elif isinstance(seen, str):
                if spec.role is Role.DIM:
                    dims[spec.dim] = seen
                else:
                    words[spec.role] = seen
            else:
                texts[spec.role], numbers[spec.role] = text, seen
        if Role.MEASURE not in words:
            return
        measure = self.schema.measures[words[Role.MEASURE]]
        statement = Statement(
            row=number,
            texts=texts,
            numbers=numbers,
            words=words,
            dims=dims,
            columns=self.headings.names,
            measure=measure,
            signed=measure.code in self.schema.signed,
        )
        for role, complaint in (*number_complaints(statement), *(row_complaints(statement) if sound else ())):
            sound = False
            yield self._found(number, complaint, statement.columns.get(role, ""))
        if keyed:
            key = self._key(statement)
            self.keys.append(Keyed(key=key, sheet=self.sheet.name, row=number))
            if sound:
                self.facts.append(self._fact(key, statement))

    def _found(self, row: int, complaint: Complaint, column: str = "") -> Found:
        return Found(sheet=self.sheet.name, row=row, column=column, complaint=complaint)

    def _misfit(self, row: Row) -> Complaint | None:
        """A CSV row is as long as the heading; a spreadsheet row fills nothing outside it."""
        width = self.headings.width
        if self.schema.format is FileFormat.CSV:
            if len(row) < width:
                return messages.short_row(width, len(row))
            return messages.long_row(width, len(row)) if len(row) > width else None
        if len(row) <= width:
            return None
        filled = max((place + 1 for place in range(width, len(row)) if row[place]), default=0)
        return messages.long_row(width, filled) if filled else None

    def _key(self, statement: Statement) -> FactKey:
        return FactKey(
            source=self.schema.source,
            measure=statement.measure.code,
            territory=statement.words[Role.TERRITORY],
            period=statement.words[Role.PERIOD],
            dims=statement.dims,
        )

    def _fact(self, key: FactKey, statement: Statement) -> Fact:
        value, role = stated_value(statement)
        return Fact(
            key=key,
            measure=statement.measure,
            value=value,
            status=Status(statement.words[Role.STATUS]),
            secret=Secret(statement.words.get(Role.SECRET, "")),
            known_on=self.known_on,
            origin=Origin(
                delivery=self.raw.file_name,
                sha256=self.raw.sha256,
                sheet=self.sheet.name,
                row=statement.row,
                column=statement.columns[role],
            ),
            note=statement.words.get(Role.NOTE, ""),
        )


class _Memory(dict[str, Understood | Complaint]):
    """Text → what it means, asked once."""

    def __init__(self, judge: Judge) -> None:
        super().__init__()
        self._judge = judge

    def __missing__(self, text: str) -> Understood | Complaint:
        self[text] = seen = self._judge(text)
        return seen


def number_complaints(statement: Statement) -> Iterator[tuple[Role, Complaint]]:
    """What the measure forbids to a number: a decimal count, a negative one, a share over 100."""
    measure = statement.measure
    for role, number in statement.numbers.items():
        text = statement.texts[role]
        if is_counted(measure) and ("." in text or "," in text):
            yield role, messages.not_whole(text, measure.counts)
        if number < 0 and not statement.signed:
            yield role, messages.negative(text)
        if number > 100 and measure.unit is Unit.PERCENT and not statement.signed:
            yield role, messages.over_hundred(text)


def row_complaints(statement: Statement) -> Iterator[tuple[Role, Complaint]]:
    """What the cells of a row may not say together."""
    value, low, high = (statement.numbers.get(role) for role in (Role.VALUE, Role.LOW, Role.HIGH))
    ranged = low is not None or high is not None
    secret = statement.words.get(Role.SECRET, "")
    if secret and (value is not None or ranged):
        yield Role.VALUE, messages.hidden_number(secret)
    if secret == Secret.BELOW_FIVE and not is_counted(statement.measure):
        yield Role.SECRET, messages.below_five_share()
    if value is not None and ranged:
        yield Role.VALUE, messages.both_value_and_range()
    if low is not None and high is not None and low > high:
        yield Role.LOW, messages.backward_range(low, high)
    if value is None and not ranged and not secret and Role.NOTE not in statement.words:
        yield Role.VALUE, messages.nothing_said()


def stated_value(statement: Statement) -> tuple[Value | None, Role]:
    """The value of a sound row, and the column it was read from."""
    if (number := statement.numbers.get(Role.VALUE)) is not None:
        return Value.exact(number), Role.VALUE
    low, high = statement.numbers.get(Role.LOW), statement.numbers.get(Role.HIGH)
    if low is not None or high is not None:
        return Value(low, high), Role.LOW if low is not None else Role.HIGH
    match statement.words.get(Role.SECRET):
        case Secret.BELOW_FIVE:
            return BELOW_FIVE, Role.SECRET
        case Secret.NOT_COMMUNICATED:
            return _hidden(statement.measure, statement.signed), Role.SECRET
    return None, Role.VALUE


def _hidden(measure: Measure, signed: bool) -> Value:
    """`nc` means "5 or more" of a count; of anything else, any number the measure allows."""
    if is_counted(measure):
        return NOT_COMMUNICATED
    if signed:
        return Value(None, None)
    return Value(0, 100) if measure.unit is Unit.PERCENT else Value(0, None)


def is_counted(measure: Measure) -> bool:
    """Counted in whole units? A mean number of persons is a level: it may have decimals."""
    return measure.unit is Unit.COUNT and measure.kind is not Kind.LEVEL
