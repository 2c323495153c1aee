"""The AFIS is the amount of the dated scale, explained line by line, and nothing that the texts do not give."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egide.reference.legal import NoRule, Zone
from egide_registry.psp.rules.afis import Situation, amount, euros

# Months on each side of a change, then 0 to 5 children. Written by hand from the texts, never from the data file.
FRANCE_2017 = ("330", "432", "534", "636", "738", "840")
MAYOTTE_2017 = ("165", "216", "267", "318", "350", "382")
FRANCE_2022 = ("343.20", "449.28", "555.36", "661.44", "767.52", "873.60")
FRANCE_2025 = ("559.43", "665.51", "771.59", "877.67", "983.75", "1089.83")
MAYOTTE_2025 = ("279.72", "332.76", "385.80", "438.84", "472.12", "505.40")
TABLE = [
    ("2017-05", Zone.FRANCE, FRANCE_2017),
    ("2020-01", Zone.FRANCE, FRANCE_2017),
    ("2022-06", Zone.FRANCE, FRANCE_2017),
    ("2022-07", Zone.FRANCE, FRANCE_2022),
    ("2024-02", Zone.FRANCE, FRANCE_2022),
    ("2025-11", Zone.FRANCE, FRANCE_2022),
    ("2025-12", Zone.FRANCE, FRANCE_2025),
    ("2026-11", Zone.FRANCE, FRANCE_2025),
    ("2017-05", Zone.MAYOTTE, MAYOTTE_2017),
    ("2022-06", Zone.MAYOTTE, MAYOTTE_2017),
    ("2025-12", Zone.MAYOTTE, MAYOTTE_2025),
    ("2026-11", Zone.MAYOTTE, MAYOTTE_2025),
]
IN_2026 = date(2026, 3, 1)
RSA = Decimal("600")  # an invented amount: the real one is a setting


def situation(**changes) -> Situation:
    """Somebody who meets every condition, with what a test changes."""
    met = {"in_path": True, "adult": True, "residence": True, "other_benefit": False, "resources": Decimal("100")}
    return Situation(**{"children": 0} | met | changes)


@pytest.mark.parametrize(("month", "zone", "amounts"), TABLE, ids=[f"{month}-{zone}" for month, zone, _ in TABLE])
def test_the_amount_is_that_of_the_scale_of_the_month(month: str, zone: Zone, amounts: tuple[str, ...]) -> None:
    on = date.fromisoformat(f"{month}-01")
    found = [amount(on, zone, situation(children=n)).if_entitled for n in range(6)]
    assert found == [Decimal(one) for one in amounts]


@pytest.mark.parametrize("month", ["2022-07-01", "2024-01-01", "2025-11-30"])
def test_an_amount_that_no_text_gives_is_refused_never_deduced(month: str) -> None:
    with pytest.raises(NoRule, match=r"Mayotte.*montants inconnus du 1er juillet 2022 au 30 novembre 2025"):
        amount(date.fromisoformat(month), Zone.MAYOTTE, situation())


@pytest.mark.parametrize("month", ["2016-12-01", "2017-03-31", "2017-04-30"])
def test_a_month_that_begins_before_the_first_scale_is_refused(month: str) -> None:
    with pytest.raises(NoRule, match="à partir du 2017-04-14"):
        amount(date.fromisoformat(month), Zone.FRANCE, situation())


def test_a_day_of_the_month_gives_the_amount_of_its_month() -> None:
    assert amount(date(2026, 3, 31), Zone.FRANCE, situation()) == amount(IN_2026, Zone.FRANCE, situation())


def test_in_mayotte_the_fourth_child_counts_less_than_the_third() -> None:
    def with_children(count: int) -> Decimal:
        return amount(IN_2026, Zone.MAYOTTE, situation(children=count)).if_entitled

    assert with_children(3) - with_children(2) == Decimal("53.04")
    assert with_children(4) - with_children(3) == Decimal("33.28")


@given(children=st.integers(0, 15), zone=st.sampled_from(Zone), month=st.dates(date(2025, 12, 1), date(2030, 1, 1)))
def test_the_lines_add_up_and_each_names_its_text(children: int, zone: Zone, month: date) -> None:
    found = amount(month, zone, situation(children=children))
    assert sum(line.amount for line in found.lines) == found.if_entitled
    assert all(line.texts and line.since <= month for line in found.lines)


def test_the_amount_explains_itself() -> None:
    text = amount(IN_2026, Zone.MAYOTTE, situation(children=5)).text().replace("\u00a0", " ").replace("\u202f", " ")
    assert text.splitlines()[:4] == [
        "Personne seule : 279,72 € (Journal officiel du 31 décembre 2025, Lettre de l’observatoire national des "
        "violences faites aux femmes, avril 2026, barème de Mayotte tel que reproduit par linfokwezi.fr ; "
        "depuis le 1er décembre 2025)",
        "Complément pour 3 enfants : 159,12 € (Journal officiel du 31 décembre 2025, Lettre de l’observatoire national "
        "des violences faites aux femmes, avril 2026, barème de Mayotte tel que reproduit par linfokwezi.fr ; "
        "depuis le 1er décembre 2025)",
        "Complément pour 2 enfants au-delà du 3e, 2 × 33,28 € : 66,56 € (Journal officiel du 31 décembre 2025, Lettre "
        "de l’observatoire national des violences faites aux femmes, avril 2026, barème de Mayotte tel que reproduit "
        "par linfokwezi.fr ; depuis le 1er décembre 2025)",
        "Montant si les conditions sont remplies : 505,40 €",
    ]


def test_without_the_amounts_of_the_rsa_the_answer_says_what_was_not_tested() -> None:
    found = amount(IN_2026, Zone.FRANCE, situation())
    assert found.entitled is None
    assert found.due is None
    assert found.notes == (
        "Condition de ressources non vérifiée\u00a0: le montant forfaitaire du RSA n’est pas renseigné.",
        "Plafond non appliqué\u00a0: le montant du RSA du foyer n’est pas renseigné.",
    )


def test_when_every_condition_holds_the_amount_is_due() -> None:
    found = amount(IN_2026, Zone.FRANCE, situation(), rsa_flat_amount=RSA, rsa_household_amount=Decimal("900"))
    assert found.due == Decimal("559.43")
    assert found.notes == ()


@pytest.mark.parametrize("name", ["in_path", "adult", "residence"])
def test_one_condition_that_fails_leaves_nothing_and_one_unknown_leaves_the_answer_open(name: str) -> None:
    def due(answer: bool | None) -> Decimal | None:
        return amount(IN_2026, Zone.FRANCE, situation(**{name: answer}), rsa_flat_amount=RSA).due

    assert due(True) == Decimal("559.43")
    assert due(False) == 0
    assert due(None) is None


def test_a_condition_that_fails_is_enough_whatever_is_unknown() -> None:
    assert amount(IN_2026, Zone.FRANCE, situation(adult=None, residence=False)).due == 0


def test_who_receives_the_rsa_or_the_ada_has_no_afis() -> None:
    found = amount(IN_2026, Zone.FRANCE, situation(other_benefit=True), rsa_flat_amount=RSA)
    assert [one.code for one in found.conditions if one.holds is False] == ["other_benefit"]


@pytest.mark.parametrize(("resources", "holds"), [("599.99", True), ("600", False), ("700", False), (None, None)])
def test_resources_are_below_the_flat_amount_of_one_person(resources: str | None, holds: bool | None) -> None:
    had = situation(resources=None if resources is None else Decimal(resources))
    found = amount(IN_2026, Zone.FRANCE, had, rsa_flat_amount=RSA)
    assert {one.code: one.holds for one in found.conditions}["resources"] is holds


def test_afis_and_resources_together_do_not_pass_the_rsa_of_the_household() -> None:
    found = amount(IN_2026, Zone.FRANCE, situation(), rsa_flat_amount=RSA, rsa_household_amount=RSA)
    assert found.due == Decimal("500.00")
    assert found.lines[-1].amount == Decimal("-59.43")
    assert found.lines[-1].label.startswith("Réduction")


def test_resources_above_the_rsa_of_the_household_never_make_the_amount_negative() -> None:
    found = amount(IN_2026, Zone.FRANCE, situation(resources=Decimal("999")), rsa_household_amount=RSA)
    assert found.if_entitled == 0


def test_amounts_are_written_as_in_french() -> None:
    assert euros(Decimal("1089.83")) == "1\u202f089,83\u00a0€"
    assert euros(Decimal("-59.4")) == "\u221259,40\u00a0€"
