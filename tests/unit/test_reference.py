"""Territories, periods and declared digits."""

from __future__ import annotations

from datetime import date

import pytest

from egide.document.declared import is_declared
from egide.errors import UnknownIdentifier
from egide.reference.periods import Period
from egide.reference.territories import contains, is_territory, territory_name


@pytest.mark.parametrize(
    ("text", "first", "last", "french"),
    [
        ("2025", "2025-01-01", "2025-12-31", "2025"),
        ("2025-12-31", "2025-12-31", "2025-12-31", "31 décembre 2025"),
        ("2025-12-01", "2025-12-01", "2025-12-01", "1er décembre 2025"),
        ("2024-08", "2024-08-01", "2024-08-31", "août 2024"),
        ("2024-2025", "2024-09-01", "2025-08-31", "année scolaire 2024-2025"),
        ("2017..2025", "2017-01-01", "2025-12-31", "2017-2025"),
        ("2024-08..2025-03", "2024-08-01", "2025-03-31", "août 2024 – mars 2025"),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, first: str, last: str, french: str) -> None:
    period = Period.parse(text)
    assert (period.first, period.last) == (date.fromisoformat(first), date.fromisoformat(last))
    assert period.french() == french


@pytest.mark.parametrize("text", ["", "25", "2025-13", "2025-02-30", "2024-2026", "2025..2017", "2025/2026", "T1 2025"])
def test_anything_else_is_not_a_period(text: str) -> None:
    with pytest.raises(ValueError):
        Period.parse(text)


@pytest.mark.parametrize(
    ("whole", "part", "expected"),
    [
        ("FR", "FR", True),
        ("FR", "DEP-62", True),
        ("FR_HORS_COM", "DEP-974", True),
        ("REG-32", "DEP-62", True),
        ("REG-11", "DEP-62", False),
        ("FR_AVEC_COM", "DEP-987", True),
        ("FR_HORS_COM", "DEP-987", False),
        ("FR", "FR_HORS_COM", False),
        ("DEP-62", "FR", False),
        ("DEP-62", "REG-32", False),
    ],
)
def test_a_territory_lies_in_another(whole: str, part: str, expected: bool) -> None:
    assert contains(whole, part) is expected


def test_territories_have_french_names() -> None:
    assert [territory_name(code) for code in ("DEP-62", "REG-11", "FR_AVEC_COM")] == [
        "Pas-de-Calais",
        "Île-de-France",
        "France (dont COM)",
    ]


@pytest.mark.parametrize("code", ["DEP-20", "DEP-999", "REG-99", "62", "ZZ", ""])
def test_an_unknown_territory_is_refused(code: str) -> None:
    assert not is_territory(code)
    with pytest.raises(UnknownIdentifier, match="ni un champ"):
        territory_name(code)
    with pytest.raises(UnknownIdentifier):
        contains("FR", code)


@pytest.mark.parametrize(
    "text",
    [
        "2025",
        "2017-2025",
        "13 avril 2016",
        "1er décembre 2025",
        "avril 2026",
        "article 225-12-1",
        "articles 225-5 à 225-10",
        "L. 312-16",
        "225-12-1 et 225-12-2",
        "n° 2016-444",
        "3919",
    ],
)
def test_dates_articles_and_names_are_declared_digits(text: str) -> None:
    assert is_declared(text, {"3919"})


@pytest.mark.parametrize("text", ["12", "119", "45 %", "880 victimes", "1 442", "32 janvier 2020", "3500", ""])
def test_figures_are_not(text: str) -> None:
    assert not is_declared(text, {"3919"})
