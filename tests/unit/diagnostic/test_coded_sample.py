"""A coded sheet brought back to its ads, and how it is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from egide.diagnostic.census import runs, samples
from egide.diagnostic.census.coded import CLUE_COLUMNS, ORGANISED, coded_sample
from egide.diagnostic.sampling.sheet import FIXED
from egide.diagnostic.tables import Row, Table
from egide.errors import CalculationRefused, DeliveryRefused, Refused, StoreError

SITES = ("S1", "S2", "S1", "S2", "S1", "S1")
DRAWN = (0, 1, 3, 4)  # places; numbers of the sheet are 10000 + place
MARCH, REPORT = date(2026, 3, 31), date(2026, 9, 1)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], name: str = "feuille.csv") -> Table:
    lines = tuple(
        Row(number=number, cells=dict(zip(columns, row, strict=True))) for number, row in enumerate(rows, start=2)
    )
    return Table(file_name=name, sheet="", columns=tuple(columns), rows=lines)


def sheet(more: Mapping[str, Sequence[str]] | None = None, *, searched: str = "corpus", drawn: Sequence[int] = DRAWN):
    held = {"S1": "4", "S2": "2"}
    rows = [[str(10000 + one), SITES[one], held[SITES[one]], searched, "1"] for one in drawn]
    more = more or {}
    return table([*FIXED, *more], [[*row, *(more[name][rank] for name in more)] for rank, row in enumerate(rows)])


def key(drawn: Sequence[int] = DRAWN) -> Table:
    return table(("numero", "rang"), [[str(10000 + one), str(one + 1)] for one in drawn], "cle.csv")


def refused(*given: Table, sites: Sequence[str] = SITES) -> str:
    with pytest.raises(DeliveryRefused) as refusal:
        coded_sample(*given, sites)
    return str(refusal.value)


def test_each_number_finds_its_ad_again_whatever_the_order() -> None:
    found = coded_sample(sheet(drawn=(4, 0, 3, 1)), key(), SITES)
    assert found.places.tolist() == [4, 0, 3, 1]
    assert found.persons.design.sizes.tolist() == [4, 2]
    assert found.marks is None and found.organised is None and found.others == {}


def test_clues_come_all_together_or_not_at_all() -> None:
    whole = {name: ["oui", "non", "oui", "non"] for name in (ORGANISED, *CLUE_COLUMNS)}
    found = coded_sample(sheet(whole), key(), SITES)
    assert found.marks is not None and found.organised is not None
    assert found.organised.tolist() == [True, False, True, False]
    assert set(found.others) == {ORGANISED}
    del whole["N4"]
    assert "colonne N4" in refused(sheet(whole), key())
    whole["N4"] = ["oui", "", "non", "non"]
    assert "ligne 3, colonne n°" in refused(sheet(whole), key())


def test_another_column_of_yes_or_no_may_be_left_unanswered() -> None:
    yes, known = coded_sample(sheet({"atelier": ["oui", "", "non", ""]}), key(), SITES).others["atelier"]
    assert (yes.tolist(), known.tolist()) == ([True, False, False, False], [True, False, True, False])


def test_a_heading_that_is_no_code_is_refused_without_being_quoted() -> None:
    for heading in ("jardin des hortensias", "0611223344", "é" * 30):
        assert heading not in refused(sheet({heading: ["oui"] * 4}), key())


def test_every_drawn_ad_is_coded() -> None:
    assert "1\u00a0annonce sans ligne" in refused(sheet(drawn=(0, 1, 3)), key())


def test_a_number_that_is_not_in_the_key_is_refused() -> None:
    assert "des numéros de la clé" in refused(sheet(), key(drawn=(0, 1, 3)))


def test_every_site_was_drawn_from() -> None:
    assert "1\u00a0site sans" in refused(sheet(), key(), sites=(*SITES, "S3"))


def test_a_key_of_other_files_is_refused() -> None:
    assert "comme au tirage" in refused(sheet(), key(), sites=("S2", "S1", "S1", "S2", "S1", "S1"))
    assert "un rang de 1 à 3" in refused(sheet(), key(), sites=SITES[:3])


def test_duplicates_searched_in_the_sample_are_refused_before_the_door() -> None:
    with pytest.raises(CalculationRefused):
        coded_sample(sheet(searched="échantillon"), key(), SITES)


def test_the_same_codes_are_kept_once_and_no_longer(tmp_path: Path) -> None:
    first = samples.keep(tmp_path, sheet(), MARCH, REPORT)
    assert first.name == "echantillon-2026-03-31-1" and first.last_day == date(2027, 3, 1)
    assert samples.keep(tmp_path, sheet(), date(2026, 4, 9), REPORT) == first
    with pytest.raises(StoreError, match="déjà gardés jusqu’au 01/03/2027"):
        samples.keep(tmp_path, sheet(), MARCH, date(2027, 9, 1))
    assert samples.keep(tmp_path, sheet(drawn=(4, 0, 3, 1)), MARCH, REPORT).name == "echantillon-2026-03-31-2"


def test_estimates_are_given_again_and_damage_is_told(tmp_path: Path) -> None:
    kept = samples.keep(tmp_path, sheet(), MARCH, REPORT)
    assert samples.estimated(tmp_path, kept) is None
    document = {"at_least": 2, "lines": ["é"], "warnings": []}
    samples.keep_estimates(tmp_path, kept, document)
    assert samples.estimated(tmp_path, kept) == document
    path = tmp_path / "echantillons" / kept.name / samples.ESTIMATES
    assert path.stat().st_mode & 0o077 == 0
    for damaged in ("{", "[]", json.dumps({"lines": []})):
        path.write_text(damaged, encoding="utf-8")
        with pytest.raises(StoreError, match="abîmées"):
            samples.estimated(tmp_path, kept)


def test_another_sheet_of_an_estimated_draw_is_refused_until_the_first_is_purged(tmp_path: Path) -> None:
    """Two tables of one draw with one answer changed could be subtracted."""
    first = samples.keep(tmp_path, sheet({"atelier": ["oui"] * 4}), MARCH, REPORT)
    changed = sheet({"atelier": ["oui", "oui", "oui", "non"]})
    second = samples.keep(tmp_path, changed, MARCH, REPORT)  # a correction before anything was told
    samples.keep_estimates(tmp_path, first, {"at_least": 2, "lines": [], "warnings": []})
    for other in (changed, sheet({"atelier": ["oui"] * 3}, drawn=DRAWN[:3])):
        with pytest.raises(StoreError, match=f"{first.name}.*une autre feuille du même tirage"):
            samples.keep(tmp_path, other, MARCH, REPORT)
    assert samples.keep(tmp_path, sheet({"atelier": ["oui"] * 4}), MARCH, REPORT) == first
    assert samples.keep(tmp_path, sheet(drawn=(2, 4, 5)), MARCH, REPORT).name.endswith("-3")  # another draw
    runs.purge(tmp_path, first, datetime(2026, 4, 1, tzinfo=UTC))
    assert samples.keep(tmp_path, changed, MARCH, REPORT) == second


def test_a_report_is_two_years_away_at_most(tmp_path: Path) -> None:
    for day in (date(2028, 4, 1), date(2025, 9, 29)):  # six months after the latter, the codes would be late already
        with pytest.raises(Refused, match="un jour jusqu’au 2028-03-31"):
            samples.keep(tmp_path, sheet(), MARCH, day)
    assert samples.keep(tmp_path, sheet(), MARCH, date(2028, 3, 31)).last_day == date(2028, 9, 30)
    path = tmp_path / "echantillons" / "echantillon-2026-03-31-1" / "garde.json"
    guard = json.loads(path.read_text(encoding="utf-8"))
    for change in ({"rapport_le": "2099-01-01"}, {"fait_le": "2098-03-31", "rapport_le": "2099-01-01"}):
        path.write_text(json.dumps(guard | change), encoding="utf-8")
        with pytest.raises(StoreError, match="jusqu’à quand"):
            runs.kept(tmp_path)
