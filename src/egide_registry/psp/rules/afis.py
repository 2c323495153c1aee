"""The AFIS of a month: the amount of the dated scale, the conditions, and why. Source: docs/methods/afis.md."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from attrs import field, frozen
from attrs.validators import ge

from egide.reference import legal
from egide.reference.legal import AfisScale, NoRule, Text, Zone
from egide_registry.psp.rules.calendar import french

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


@frozen(kw_only=True)
class Situation:
    """What is known of a person for a month. None: not known, which is neither yes nor no."""

    children: int = field(validator=ge(0))
    in_path: bool | None = None
    adult: bool | None = None
    residence: bool | None = None  # French, EU, EEA, Swiss; or a listed document, a receipt of renewal, or an APS
    other_benefit: bool | None = None  # receives, or may receive, RSA or ADA
    resources: Decimal | None = None  # of the household, in the previous month


@frozen(kw_only=True)
class Condition:
    code: str
    label: str
    holds: bool | None
    texts: tuple[Text, ...]


@frozen(kw_only=True)
class Line:
    """One line of the explanation. Amounts add up to the amount of the month; a cut is negative."""

    label: str
    amount: Decimal
    texts: tuple[Text, ...]
    since: date
    until: date | None

    def text(self) -> str:
        until = f" au {french(self.until)}" if self.until else ""
        dates = f"du {french(self.since)}{until}" if until else f"depuis le {french(self.since)}"
        return f"{self.label} : {euros(self.amount)} ({', '.join(text.title for text in self.texts)} ; {dates})"


@frozen(kw_only=True)
class Amount:
    """The AFIS of one month. `if_entitled` is what the lines add up to; `due` also looks at the conditions."""

    month: date
    zone: Zone
    children: int
    lines: tuple[Line, ...]
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...]  # French: what was not applied, and why

    @property
    def if_entitled(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def entitled(self) -> bool | None:
        """False as soon as one condition fails; None while one is not known."""
        answers = {condition.holds for condition in self.conditions}
        return False if False in answers else None if None in answers else True

    @property
    def due(self) -> Decimal | None:
        """Nothing when a condition fails; None while one is not known."""
        return {True: self.if_entitled, False: ZERO, None: None}[self.entitled]

    def text(self) -> str:
        """The amount explained, one line each."""
        said = {True: "remplie", False: "non remplie", None: "non renseignée"}
        return "\n".join(
            [
                *(line.text() for line in self.lines),
                f"Montant si les conditions sont remplies : {euros(self.if_entitled)}",
                *(f"Condition {said[one.holds]} : {one.label}" for one in self.conditions),
                *self.notes,
            ]
        )


def amount(
    month: date,
    zone: Zone,
    situation: Situation,
    *,
    rsa_flat_amount: Decimal | None = None,
    rsa_household_amount: Decimal | None = None,
) -> Amount:
    """The AFIS of the month that holds a day.

    In:     the zone of the department; the RSA flat amount for one person, which resources must stay below; the RSA of
            the household, which AFIS and resources together may not exceed. The scales do not give these two: without
            one, its test is not applied and a note says so.
    Raises: NoRule for a month that begins before the first scale, or whose amounts our sources do not give.
    """
    first = month.replace(day=1)
    scale = legal.afis_scale(zone, first)
    if not scale.amounts or scale.further_child is None:
        raise NoRule(_unknown(scale, first))
    lines = tuple(_scale_lines(scale, scale.amounts, scale.further_child, situation.children))
    full = sum((line.amount for line in lines), ZERO)
    return Amount(
        month=first,
        zone=zone,
        children=situation.children,
        lines=(*lines, *_ceiling(full, situation.resources, rsa_household_amount, scale, first)),
        conditions=_conditions(situation, rsa_flat_amount),
        notes=tuple(_notes(situation, rsa_flat_amount, rsa_household_amount)),
    )


def euros(value: Decimal) -> str:
    """« 1 234,50 € », with the spaces and the minus sign of French typography."""
    text = f"{value.quantize(CENT, ROUND_HALF_UP):,.2f}"
    return text.replace(",", "\u202f").replace(".", ",").replace("-", "\u2212") + "\u00a0€"


def _scale_lines(scale: AfisScale, table: tuple[Decimal, ...], further: Decimal, children: int) -> Iterator[Line]:
    """The single person, then the children that the table holds, then each further child."""
    inside = min(children, len(table) - 1)
    yield _line("Personne seule", table[0], scale)
    if inside:
        yield _line(f"Complément pour {_children(inside)}", table[inside] - table[0], scale)
    if beyond := children - inside:
        after = f" au-delà du {inside}e" if inside else ""
        yield _line(f"Complément pour {_children(beyond)}{after}, {beyond} × {euros(further)}", beyond * further, scale)


def _ceiling(
    full: Decimal, resources: Decimal | None, household: Decimal | None, scale: AfisScale, first: date
) -> Iterator[Line]:
    if resources is None or household is None or full + resources <= household:
        return
    kept = max(ZERO, household - resources)
    rule = (legal.texts()["casf-r121-12-13-1"], legal.texts()["senat-r24-814"])
    label = f"Réduction : l’AFIS et les ressources ({euros(resources)}) ne dépassent pas le RSA ({euros(household)})"
    yield Line(label=label, amount=kept - full, texts=rule, since=first, until=scale.until)


def _conditions(situation: Situation, flat: Decimal | None) -> tuple[Condition, ...]:
    rule = (legal.texts()["casf-r121-12-13-1"],)
    resources = situation.resources
    below = None if flat is None or resources is None else resources < flat
    other = situation.other_benefit
    answers = (
        ("in_path", "être dans un parcours de sortie", situation.in_path),
        ("adult", "avoir dix-huit ans ou plus", situation.adult),
        (
            "residence",
            "être de nationalité française, d’un État de l’UE, de l’EEE ou suisse, ou détenir un titre de séjour "
            "prévu, son récépissé de renouvellement ou une autorisation provisoire de séjour",
            situation.residence,
        ),
        ("other_benefit", "ne recevoir ni RSA ni ADA, et ne pas y avoir droit", None if other is None else not other),
        (
            "resources",
            "avoir eu le mois précédent des ressources du foyer inférieures au montant forfaitaire du RSA",
            below,
        ),
    )
    return tuple(Condition(code=code, label=label, holds=holds, texts=rule) for code, label, holds in answers)


def _notes(situation: Situation, flat: Decimal | None, household: Decimal | None) -> Iterator[str]:
    if flat is None:
        yield "Condition de ressources non vérifiée : le montant forfaitaire du RSA n’est pas renseigné."
    if household is None:
        yield "Plafond non appliqué : le montant du RSA du foyer n’est pas renseigné."
    if situation.resources is None:
        yield "Ressources du mois précédent non renseignées."


def _line(label: str, value: Decimal, scale: AfisScale) -> Line:
    return Line(label=label, amount=value, texts=scale.texts, since=scale.since, until=scale.until)


def _children(count: int) -> str:
    return f"{count} enfant{'s' if count > 1 else ''}"


def _unknown(scale: AfisScale, first: date) -> str:
    zone = {Zone.FRANCE: "la France", Zone.MAYOTTE: "Mayotte"}[scale.zone]
    until = f"au {french(scale.until)}" if scale.until else "à aujourd’hui"
    return (
        f"AFIS du {french(first)}, {zone} : montants inconnus du {french(scale.since)} {until}. "
        "Aucun montant n’est déduit d’un autre : complétez le barème avec le texte qui le fixe."
    )
