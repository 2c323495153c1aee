"""Every claim of a publication, computed again from its facts: does the sentence say what the numbers say?

The format and its rounding rules are those of the observatory's claims files: docs/methods/claims-format.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil

from attrs import evolve, frozen

from egide.errors import CalculationRefused, Defect, DeliveryRefused
from egide.facts.values import BELOW_FIVE, NOT_COMMUNICATED, Value, rounded
from egide.indicators import grammar
from egide.indicators.claim_language import (
    ClaimFact,
    Result,
    Truth,
    both,
    equal,
    evaluate,
    less,
    negation,
    read_number,
)
from egide.indicators.claim_words import pencil
from egide.indicators.words import french, listed, possible, quoted

FACT_COLUMNS = (
    *("id", "source", "measure", "period", "ref_area", "dims", "value"),
    *("unit", "display", "obs_status", "conf_status", "locator", "note"),
)
CLAIM_COLUMNS = (
    *("claim_id", "locator", "statement", "displayed", "kind"),
    *("formula", "computed", "rounding", "agrees", "comment"),
)

YES, NO, NOT_COMPUTABLE = "yes", "no", "not_computable"
HIDDEN = {"lt5": BELOW_FIVE, "nc": NOT_COMMUNICATED}
MAX_DISPLAYED = 500  # characters

Row = Mapping[str, str]


@frozen(kw_only=True)
class Verdict:
    """What one claim is worth. `computed` and `agrees` are written as the file writes them."""

    claim_id: str
    displayed: str
    computed: str = ""
    agrees: str = NOT_COMPUTABLE
    arithmetic: str = ""  # in words, with every number put in
    interval_verdict: str | None = None  # "holds", "fails", "undecided": when it needs hidden facts
    interval: Value | None = None  # what the hidden facts leave possible
    problem: str | None = None  # why it could not be judged, when the claim itself is at fault
    stored_computed: str = ""
    stored_agrees: str = ""

    @property
    def differs_from_file(self) -> bool:
        """Does the file already hold another verdict? Nothing stored is no contradiction."""
        stored = (self.stored_computed, self.stored_agrees)
        return any(stored) and stored != (self.computed, self.agrees)


def verify_claims(claims: Sequence[Row], facts: Sequence[Row]) -> list[Verdict]:
    """One verdict per claim, in the order of the file.

    A claim that cannot be read is reported in its verdict. Raises DeliveryRefused when columns are missing.
    """
    require_columns(claims, CLAIM_COLUMNS, "affirmations")
    require_columns(facts, FACT_COLUMNS, "faits")
    known = read_facts_rows(facts)
    verdicts, seen = [], set()
    for row in claims:
        verdict = _judge(row, known)
        if verdict.claim_id in seen:
            problem = f"L’identifiant {quoted(verdict.claim_id)} a déjà servi plus haut."
            verdict = evolve(verdict, computed="", agrees=NOT_COMPUTABLE, problem=problem)
        seen.add(verdict.claim_id)
        verdicts.append(verdict)
    return verdicts


def require_columns(rows: Iterable[Row], columns: Sequence[str], what: str) -> None:
    """Raises DeliveryRefused, once, with every column that some row lacks."""
    missing = [column for column in columns if any(column not in row for row in rows)]
    if missing:
        raise DeliveryRefused(
            [
                Defect(
                    place=f"fichier des {what}",
                    expected=f"les colonnes {listed(columns)}",
                    got=f"un fichier sans {listed(map(quoted, missing))}",
                    way_out="Rétablissez les noms de la première ligne ; une colonne peut rester vide.",
                )
            ]
        )


# ---------------------------------------------------------------- facts


def read_facts_rows(rows: Sequence[Row]) -> dict[str, ClaimFact]:
    """Each fact by its identifier; one that is badly stated stays, with the reason why no formula may use it."""
    times = Counter(_cell(row, "id") for row in rows)
    return {_cell(row, "id"): _fact(row, times[_cell(row, "id")]) for row in rows}


def _fact(row: Row, times: int) -> ClaimFact:
    name, written, secret = (_cell(row, column) for column in ("id", "value", "conf_status"))
    if times > 1:
        return ClaimFact(value=None, problem=f"Le fait {quoted(name)} est donné {times} fois.")
    if None in row:
        return ClaimFact(value=None, problem=f"La ligne du fait {quoted(name)} a plus de cellules que de colonnes.")
    if secret not in ("F", *HIDDEN):
        return ClaimFact(value=None, problem=f"Le fait {quoted(name)} a pour secret {quoted(secret)} : F, lt5 ou nc.")
    if secret in HIDDEN:
        problem = f"Le fait {quoted(name)} est masqué et pourtant chiffré." if written else ""
        return ClaimFact(value=HIDDEN[secret], hidden=True, problem=problem)
    if not written:
        return ClaimFact(value=None)
    try:
        return ClaimFact(value=Value.exact(read_number(written)))
    except CalculationRefused as refusal:
        return ClaimFact(value=None, problem=f"Fait {quoted(name)} : {refusal}")


def _cell(row: Row, column: str) -> str:
    """A row that is too short has no text at all in its last columns."""
    return row.get(column) or ""


# ---------------------------------------------------------------- one claim


def _judge(row: Row, facts: Mapping[str, ClaimFact]) -> Verdict:
    verdict = Verdict(
        claim_id=_cell(row, "claim_id"),
        displayed=_cell(row, "displayed"),
        stored_computed=_cell(row, "computed"),
        stored_agrees=_cell(row, "agrees"),
    )
    if None in row:
        return evolve(verdict, problem="La ligne a plus de cellules que le fichier n’a de colonnes.")
    if not _cell(row, "formula"):
        return verdict
    try:
        return _compute(verdict, _cell(row, "formula"), _cell(row, "rounding"), facts)
    except CalculationRefused as refusal:
        return evolve(verdict, problem=str(refusal))


def _compute(verdict: Verdict, formula: str, rule: str, facts: Mapping[str, ClaimFact]) -> Verdict:
    tree = grammar.read(formula)
    evaluation = evaluate(tree, facts)
    arithmetic = pencil(tree, facts)
    result = evaluation.result
    if evaluation.hidden:
        names = listed(map(quoted, evaluation.hidden))
        return evolve(
            verdict,
            arithmetic=f"{_with_result(arithmetic, result)} ; masqué ou non connu : {names}",
            interval_verdict=_possible_verdict(result, verdict.displayed, rule),
            interval=result if isinstance(result, Value) else None,
        )
    if result is None or isinstance(result, str):
        raise CalculationRefused("La formule donne un texte, pas un nombre.")
    computed = show(result)
    verdict = evolve(verdict, computed=computed, arithmetic=_with_result(arithmetic, result))
    try:
        agreement, words = judged(result, verdict.displayed, rule)
    except CalculationRefused as refusal:
        return evolve(verdict, problem=str(refusal))
    agrees = YES if agreement is Truth.TRUE else NO
    return evolve(verdict, agrees=agrees, arithmetic=f"{verdict.arithmetic}{words}")


def _possible_verdict(result: Result | None, displayed: str, rule: str) -> str | None:
    """For a claim about hidden facts: whatever they are, does it hold, does it fail, or can no one say?"""
    if result is None or isinstance(result, str):
        return None
    try:
        agreement, _ = judged(result, displayed, rule)
    except CalculationRefused:
        return None  # "nc" is displayed: there is nothing to compare with
    return {Truth.TRUE: "holds", Truth.FALSE: "fails", Truth.UNDECIDED: "undecided"}[agreement]


def _with_result(arithmetic: str, result: Result | None) -> str:
    match result:
        case Value() if arithmetic == possible(result):
            return arithmetic
        case Value():
            ends = [end for end in (result.low, result.high) if end is not None]
            sign = "=" if all(rounded(end, 4) == end for end in ends) else "≈"
            return f"{arithmetic} {sign} {possible(result)}"
        case Truth():
            said = {Truth.TRUE: "vrai", Truth.FALSE: "faux", Truth.UNDECIDED: "on ne peut le dire"}[result]
            return f"{arithmetic} : {said}"
    return arithmetic


def show(result: Value | Truth) -> str:
    """The column `computed`: at most four decimals, half up, no useless zeros."""
    if isinstance(result, Truth):
        return result.value
    number = rounded(result.number, 4)
    sign = "-" if result.number < 0 else ""  # the files keep the sign of what rounds to zero
    scaled = f"{abs(int(number * 10**4)):05d}"
    return f"{sign}{scaled[:-4]}.{scaled[-4:]}".rstrip("0").rstrip(".")


# ---------------------------------------------------------------- what is displayed, and how it is compared

_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
_OUT_OF = re.compile(r"(\d+(?:\.\d+)?)[^\d%]*\bsur (\d+)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_IN_WORDS = {"moitié": Fraction(50), "tiers": Fraction(100, 3), "quart": Fraction(25), "majorité": Fraction(50)}


def displayed_numbers(displayed: str) -> list[Fraction]:
    """The numbers a reader sees, signs apart: `1 300`, `5,5 %`, `3 situations sur 10` (30), `un tiers` (33⅓)."""
    if len(displayed) > MAX_DISPLAYED:
        raise CalculationRefused(f"Le texte affiché dépasse {MAX_DISPLAYED} caractères.")
    text = _THOUSANDS.sub("", displayed).replace(",", ".")
    if out_of := _OUT_OF.search(text):
        part, whole = (read_number(number) for number in out_of.groups())
        if whole == 0:
            raise CalculationRefused(f"{quoted(displayed)} se rapporte à zéro.")
        return [100 * part / whole]
    found = [read_number(number) for number in _NUMBER.findall(text)]
    return found or [value for word, value in _IN_WORDS.items() if word in text]


def judged(result: Value | Truth, displayed: str, rule: str) -> tuple[Truth, str]:
    """Does what was computed agree with what is displayed, and the words that say how they were compared.

    Raises CalculationRefused for a rule that is not in the format, or when nothing displayed can be read.
    """
    if rule == "bool":
        return (result if isinstance(result, Truth) else Truth.FALSE), ""
    if isinstance(result, Truth):
        raise CalculationRefused("Une formule qui affirme demande la règle bool.")
    name, _, tolerance = rule.partition(":")
    if rule not in _RULES and not (name == "about" and tolerance):
        raise CalculationRefused(f"La règle {quoted(rule[:40])} n’existe pas.")
    targets = displayed_numbers(displayed)
    if not targets:
        raise CalculationRefused(f"Aucun nombre ne se lit dans {quoted(displayed)}.")
    if name == "about":
        margin = Value.exact(read_number(tolerance))
        gap = abs(result - Value.exact(targets[0]))
        words = f" ; affiché {french(targets[0])}, à {possible(margin)} près"
        return negation(less(margin, gap)), words
    return _RULES[rule](result, targets)


Compared = tuple[Truth, str]


def _rounding(places: int) -> Callable[[Value, Sequence[Fraction]], Compared]:
    def compare(result: Value, targets: Sequence[Fraction]) -> Compared:
        shown = _each_end(result, lambda end: rounded(end, places))
        unit = "à l’unité" if places == 0 else f"à {places} décimale{'s' if places > 1 else ''}"
        words = f" ; arrondi {unit} {possible(shown)}, affiché {french(targets[0])}"
        return equal(shown, Value.exact(targets[0])), words

    return compare


def _ceiling(result: Value, targets: Sequence[Fraction]) -> Compared:
    shown = _each_end(result, lambda end: Fraction(ceil(end)))
    words = f" ; arrondi à l’entier supérieur {possible(shown)}, affiché {french(targets[0])}"
    return equal(shown, Value.exact(targets[0])), words


def _each_end(value: Value, function: Callable[[Fraction], Fraction]) -> Value:
    """For a function that never decreases: an interval goes through by its ends."""
    return Value(*(None if end is None else function(end) for end in (value.low, value.high)))


def _against(sign: str, statement: Callable[[Value, Value], Truth]) -> Callable[[Value, Sequence[Fraction]], Compared]:
    def compare(result: Value, targets: Sequence[Fraction]) -> Compared:
        return statement(result, Value.exact(targets[0])), f" ; doit être {sign} {french(targets[0])}"

    return compare


def _between(result: Value, targets: Sequence[Fraction]) -> Compared:
    if len(targets) < 2:
        raise CalculationRefused("La règle between demande deux nombres affichés.")
    low, high = targets[:2]
    inside = both(negation(less(result, Value.exact(low))), negation(less(Value.exact(high), result)))
    return inside, f" ; doit être entre {french(low)} et {french(high)}"


_RULES: Mapping[str, Callable[[Value, Sequence[Fraction]], Compared]] = {
    "exact": _against("égal à", equal),
    **{f"round{places}": _rounding(places) for places in range(5)},
    "ceil0": _ceiling,
    "more_than": _against("supérieur à", lambda result, target: less(target, result)),
    "at_least": _against("au moins égal à", lambda result, target: negation(less(result, target))),
    "less_than": _against("inférieur à", less),
    "at_most": _against("au plus égal à", lambda result, target: negation(less(target, result))),
    "between": _between,
}
