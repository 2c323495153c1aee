"""Which column of a sheet is which column of the schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from attrs import frozen

from egide.sources import sheet_messages
from egide.sources.codes import nearest
from egide.sources.messages import Complaint
from egide.sources.raw import Row
from egide.sources.schema import FieldSpec, Role, SheetSchema


@frozen(kw_only=True)
class Headings:
    """Where each column of the schema stands, from 0, and what is wrong with the first row."""

    found: tuple[tuple[FieldSpec, int], ...]  # in schema order; absent columns left out
    names: Mapping[Role, str]  # role → heading in the schema, of the columns found; of dimensions, one of them
    width: int  # columns of the table: what a row may fill
    complaints: tuple[tuple[str, Complaint], ...]  # (column, complaint)

    @property
    def complete(self) -> bool:
        return not self.complaints


def match_headings(heading: Row, sheet: SheetSchema) -> Headings:
    """Match by name, spaces around it aside, in any order. A renamed column is reported and still read."""
    names = [name.strip() for name in heading]
    while names and not names[-1]:
        names.pop()
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    expected = [spec.name for spec in sheet.fields]
    complaints: list[tuple[str, Complaint]] = []
    spare = [name for name in places if name not in expected]
    for spec in sheet.fields:
        if spec.name in places:
            continue
        if near := nearest(spec.name, [name for name in spare if name]):
            spare.remove(near[0])
            places[spec.name] = places[near[0]]
            complaints.append((near[0], sheet_messages.renamed_column(spec.name, near[0])))
        else:
            complaints.append((spec.name, sheet_messages.absent_column(spec.name)))
    complaints += [(name, sheet_messages.extra_column(name, expected)) for name in spare]
    complaints += [(name, sheet_messages.double_column(name)) for name in _twice(names) if name]
    return Headings(
        found=tuple((spec, places[spec.name]) for spec in sheet.fields if spec.name in places),
        names={spec.role: spec.name for spec in sheet.fields if spec.name in places},
        width=len(names),
        complaints=tuple(complaints),
    )


def _twice(names: Sequence[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
