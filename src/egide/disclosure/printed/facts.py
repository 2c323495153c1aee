"""A facts file (docs/methods/claims-format.md) as printed tables: one per figure, crossed by its dimensions.

Facts of no figure are in no table: counts in clear can be used by claims, hidden ones are listed apart. A percentage
is itself rounded, and an estimate or a bound is not the number: no claim may take them for exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from egide.disclosure.printed.tables import LARGEST, Hidden, Known, Place, Table
from egide.errors import Defect
from egide.indicators.claims import HIDDEN, Row, read_facts_rows
from egide.indicators.words import quoted

APART = "hors figure"
_LABELS = {"lt5": Hidden(label="< 5", over=5, kind="small"), "nc": Hidden(label="nc")}


@frozen(kw_only=True)
class PrintedFacts:
    """Tables, where each fact is printed, facts in clear that no table holds, and cells that are the same fact."""

    tables: tuple[Table, ...]
    places: Mapping[str, Place] = field(repr=False)
    known: Mapping[str, Known] = field(repr=False)
    same: tuple[tuple[Place, Place], ...] = ()


def tables_of_facts(file: str, rows: Sequence[Row]) -> tuple[PrintedFacts, list[Defect]]:
    """Tables named `figure 13`, rows and columns being the values of two dimensions, in the order of the file."""
    facts = read_facts_rows(rows)
    defects: list[Defect] = []
    cells: dict[str, dict[tuple[str, str], int | Hidden]] = {}
    places: dict[str, Place] = {}
    known: dict[str, Known] = {}
    identities: dict[tuple[str, ...], Place] = {}
    same: list[tuple[Place, Place]] = []
    subjects: dict[str, set[tuple[str, str, str]]] = {}
    for row in rows:
        if row["unit"] == "count":
            subjects.setdefault(_dims(row).get("figure", ""), set()).add(_subject(row))
    for row in rows:
        name, secret = row["id"], row["conf_status"] or ""
        fact = facts[name]
        if fact.problem:
            defects.append(_defect(file, name, "un fait bien formé", fact.problem, "Corrigez cette ligne."))
            continue
        dims = _dims(row)
        figure = dims.pop("figure", "")
        if row["unit"] != "count" or (not figure and secret not in HIDDEN):
            value = None if row["unit"] != "count" or row["obs_status"] == "E" or "bound" in dims else fact.value
            if value is not None and value.is_exact and value.number.denominator == 1:
                known[name] = Known(name=quoted(name), value=int(value.number))
            continue
        cell: int | Hidden
        if secret in HIDDEN:
            cell = _LABELS[secret]
        elif fact.value is None:
            continue
        elif fact.value.number.denominator != 1 or not 0 <= fact.value.number <= LARGEST:
            expected = "un effectif entier, positif ou nul"
            defects.append(_defect(file, name, expected, row["value"] or "", "Corrigez ce nombre."))
            continue
        else:
            cell = int(fact.value.number)
        table = f"figure {figure}" if figure else APART
        if figure and len(subjects[figure]) > 1:
            table += f" ({', '.join(_subject(row))})"
        line, column = _crossing(dims, row, apart=not figure)
        place = Place(table=table, row=line, column=column)
        if (line, column) in cells.setdefault(table, {}):
            got = f"deux faits pour {place}"
            defects.append(_defect(file, name, "un seul fait par cellule", got, "Retirez l’un des deux."))
            continue
        cells[table][line, column] = cell
        places[name] = place
        who = (row["source"], *_subject(row), *sorted(f"{dim}={code}" for dim, code in dims.items()))
        if (first := identities.setdefault(who, place)) is not place:
            same.append((first, place))
    tables = tuple(_table(name, held) for name, held in cells.items())
    return PrintedFacts(tables=tables, places=places, known=known, same=tuple(same)), defects


def _dims(row: Row) -> dict[str, str]:
    pairs = (part.partition("=") for part in (row["dims"] or "").split(";") if part)
    return {name: value for name, _, value in pairs}


def _subject(row: Row) -> tuple[str, str, str]:
    """What a table is about: two of these in one figure make two tables."""
    return row["measure"], row["period"], row["ref_area"]


def _crossing(dims: Mapping[str, str], row: Row, *, apart: bool) -> tuple[str, str]:
    """The last dimension heads the columns, what comes before heads the rows; one alone is crossed with the measure."""
    *before, last = list(dims.values()) or [row["ref_area"]]
    if apart or not before:
        return ", ".join([*before, last]), f"{row['measure']} {row['period']}"
    return ", ".join(before), last


def _table(name: str, cells: Mapping[tuple[str, str], int | Hidden]) -> Table:
    rows = tuple(dict.fromkeys(row for row, _ in cells))
    columns = tuple(dict.fromkeys(column for _, column in cells))
    return Table(name=name, rows=rows, columns=columns, cells=dict(cells), codes=True)


def _defect(file: str, name: str, expected: str, got: str, way_out: str) -> Defect:
    return Defect(place=f"{file}, fait {quoted(name)}", expected=expected, got=got, way_out=way_out)
