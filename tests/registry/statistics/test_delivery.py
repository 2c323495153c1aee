"""The file that the observatory receives is one that it accepts, and the same cells give the same bytes."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from egide.cli import main
from egide.sources.schema import SourceSchema
from egide_registry.statistics.delivery import delivery, file_name
from egide_registry.statistics.release import Released


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8"), newline=""), delimiter=";"))


def test_the_observatory_accepts_the_delivery_of_a_national_year(
    year: Released, schema: SourceSchema, tmp_path: Path
) -> None:
    path = tmp_path / file_name(year)
    path.write_bytes(delivery(year, schema))
    result = CliRunner().invoke(main, ["check", "registre", str(path)])
    assert result.exit_code == 0, result.output
    assert "aucun défaut" in result.output


def test_the_observatory_refuses_a_delivery_whose_total_was_touched(
    year: Released, schema: SourceSchema, tmp_path: Path
) -> None:
    path = tmp_path / "registre.csv"
    lines = delivery(year, schema).decode("utf-8").split("\r\n")
    place = next(number for number, line in enumerate(lines) if line.startswith("Demandes de parcours"))
    cells = lines[place].split(";")
    value = lines[0].split(";").index("effectif")
    cells[value] = str(int(cells[value]) + 1)
    lines[place] = ";".join(cells)
    path.write_text("\r\n".join(lines), encoding="utf-8", newline="")
    result = CliRunner().invoke(main, ["check", "registre", str(path)])
    assert result.exit_code == 3
    assert "la somme" in result.output


def test_each_released_cell_is_one_row_with_its_number_or_its_label_and_never_both(
    year: Released, schema: SourceSchema
) -> None:
    written = rows(delivery(year, schema))
    assert len(written) == len(year.cells)
    assert all(bool(row["effectif"]) != bool(row["secret"]) for row in written)
    assert {row["secret"] for row in written} == {"", "<5", "nc"}


def test_the_same_release_gives_the_same_bytes(year: Released, schema: SourceSchema) -> None:
    again = Released(
        version=year.version,
        cells=dict(sorted(year.cells.items(), key=lambda item: str(item[0]), reverse=True)),
        left_out=year.left_out,
        published=year.published,
    )
    assert delivery(again, schema) == delivery(year, schema)


def test_nothing_but_a_release_is_delivered(year: Released, schema: SourceSchema) -> None:
    for raw in (dict(year.cells), [3], {"psp_current": 3}):
        with pytest.raises(TypeError, match="only a release"):
            delivery(raw, schema)  # type: ignore[arg-type]
