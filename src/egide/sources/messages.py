"""What a sender reads when something is wrong: the French of every complaint, and nothing else.

A complaint says what was expected, what came, and what to do; the caller adds the place.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

NBSP = "\u00a0"
THIN = "\u202f"
_LISTED = 6  # labels named in a message before "…"
_QUOTED = 60  # characters of a cell shown in a message


@frozen(kw_only=True)
class Complaint:
    """One thing wrong, without its place. `rule` is a stable name, for programs."""

    rule: str
    expected: str
    got: str
    way_out: str


def quoted(text: str) -> str:
    """As shown in a message: between guillemets, cut when long, control characters made visible."""
    shown = "".join(char if char.isprintable() or char in (NBSP, THIN) else f"\\x{ord(char):02x}" for char in text)
    return f"«{NBSP}{shown if len(shown) <= _QUOTED else shown[:_QUOTED] + '…'}{NBSP}»"


def listed(texts: Sequence[str]) -> str:
    shown = ", ".join(quoted(text) for text in texts[:_LISTED])
    return shown if len(texts) <= _LISTED else f"{shown}… ({len(texts)} possibles)"


def plain(number: Fraction) -> str:
    """A number as one types it in French: `12`, `12,5`."""
    text = str(number.numerator) if number.denominator == 1 else f"{float(number):.10g}"
    return text.replace(".", ",")


def counted(number: int, singular: str, plural: str = "") -> str:
    word = singular if number < 2 else plural or f"{singular}s"
    return f"{number:,}".replace(",", THIN) + f"{NBSP}{word}"


def nearest(labels: Sequence[str]) -> str:
    return f" Vouliez-vous dire {quoted(labels[0])}{THIN}?" if labels else ""


# ---- rows ----


def short_row(width: int, got: int) -> Complaint:
    return Complaint(
        rule="row-short",
        expected=counted(width, "cellule"),
        got=str(got),
        way_out="Complétez la ligne, au besoin par des cellules vides.",
    )


def long_row(width: int, got: int) -> Complaint:
    return Complaint(
        rule="row-long",
        expected=counted(width, "cellule"),
        got=f"{got}, donc du contenu hors du tableau",
        way_out="Supprimez ce qui dépasse les titres, ou entourez de guillemets le texte qui contient un séparateur.",
    )


def blank_row() -> Complaint:
    return Complaint(
        rule="row-blank",
        expected="une ligne remplie",
        got="une ligne vide entre deux autres",
        way_out="Supprimez-la.",
    )


# ---- cells ----


def required() -> Complaint:
    return Complaint(rule="cell-required", expected="une cellule remplie", got="rien", way_out="Remplissez-la.")


def uncomputed() -> Complaint:
    return Complaint(
        rule="cell-formula",
        expected="le résultat de la formule",
        got="une formule enregistrée sans son résultat",
        way_out="Ouvrez le fichier dans votre tableur, recalculez et enregistrez, ou collez les valeurs.",
    )


def cell_error(text: str) -> Complaint:
    return Complaint(
        rule="cell-error",
        expected="une valeur",
        got=f"l’erreur de tableur {quoted(text)}",
        way_out="Corrigez la formule, ou collez la valeur.",
    )


def blanks(text: str) -> Complaint:
    return Complaint(
        rule="cell-blanks",
        expected=f"{quoted(text.strip())} sans espace autour",
        got=quoted(text),
        way_out="Supprimez les espaces au début et à la fin de la cellule.",
    )


def blanks_only() -> Complaint:
    return Complaint(
        rule="cell-blanks",
        expected="une cellule vide ou remplie",
        got="des espaces seuls",
        way_out="Videz la cellule.",
    )


def control_characters(text: str) -> Complaint:
    return Complaint(
        rule="cell-characters",
        expected="du texte lisible",
        got=quoted(text),
        way_out="Recopiez la cellule au clavier.",
    )


def unknown_code(text: str, labels: Sequence[str], near: Sequence[str]) -> Complaint:
    return Complaint(
        rule="code-unknown",
        expected=f"un des libellés {listed(labels)}",
        got=quoted(text),
        way_out=f"Reprenez le libellé du schéma à la lettre.{nearest(near)}",
    )


def wrong_scope(text: str, labels: Sequence[str], near: Sequence[str]) -> Complaint:
    return Complaint(
        rule="scope-wrong",
        expected=f"un champ que cette source couvre ({listed(labels)})",
        got=f"{quoted(text)}, un autre champ",
        way_out=f"Envoyez les nombres de ce champ-là{NBSP}; ne changez pas seulement le libellé.{nearest(near)}",
    )


_PERIODS = "une année 2025, un jour 2025-12-31, un mois 2025-08, une année scolaire 2024-2025 ou une étendue 2017..2025"


def malformed_period(text: str) -> Complaint:
    return Complaint(
        rule="period-malformed",
        expected=_PERIODS,
        got=quoted(text),
        way_out="Récrivez la période sous une de ces formes.",
    )


def implausible_period(text: str, first: int, last: str) -> Complaint:
    return Complaint(
        rule="period-unknown",
        expected=f"une période entre {first} et le jour de l’envoi ({last})",
        got=quoted(text),
        way_out="Corrigez la période.",
    )


def not_a_number(text: str, example: str) -> Complaint:
    return Complaint(
        rule="number-malformed",
        expected=f"un nombre écrit en chiffres, comme {example}",
        got=quoted(text),
        way_out="Écrivez le nombre seul et mettez le reste dans la note.",
    )


def secret_in_number(text: str, code: str) -> Complaint:
    return Complaint(
        rule="number-secret",
        expected="un nombre, ou rien",
        got=quoted(text),
        way_out=f"Laissez cette cellule vide et écrivez {quoted(code)} dans la colonne du secret.",
    )


def spaced_number(text: str, digits: str) -> Complaint:
    return Complaint(
        rule="number-malformed",
        expected="un nombre sans espace",
        got=quoted(text),
        way_out=f"Écrivez {digits}.",
    )


def percent_sign(text: str, digits: str) -> Complaint:
    return Complaint(
        rule="number-percent",
        expected="un pourcentage sur 100, sans le signe %",
        got=quoted(text),
        way_out=f"Écrivez {digits}, dans une cellule au format nombre.",
    )


def bounded_number(text: str) -> Complaint:
    return Complaint(
        rule="number-malformed",
        expected="un nombre, sans « plus de » ni « environ »".replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»"),
        got=quoted(text),
        way_out="Donnez le nombre exact, ou une borne basse et une borne haute si la feuille les prévoit.",
    )


def wrong_mark(text: str, mark: str) -> Complaint:
    name = {",": "la virgule", ".": "le point"}[mark]
    return Complaint(
        rule="number-malformed",
        expected=f"{name} comme signe décimal, sans séparateur de milliers",
        got=quoted(text),
        way_out="Récrivez le nombre.",
    )


def not_whole(text: str, counts: str) -> Complaint:
    return Complaint(
        rule="count-decimal",
        expected=f"un nombre entier{f' ({counts})' if counts else ''}",
        got=quoted(text),
        way_out="Envoyez le compte lui-même, sans décimale, ni moyenne ni estimation répartie.",
    )


def negative(text: str) -> Complaint:
    return Complaint(
        rule="number-negative",
        expected="zéro ou plus",
        got=quoted(text),
        way_out="Corrigez le signe. Une évolution s’envoie sous un indicateur d’évolution.",
    )


def over_hundred(text: str) -> Complaint:
    return Complaint(
        rule="share-over-100",
        expected="une part de 0 à 100",
        got=quoted(text),
        way_out="Vérifiez la base de la part, ou l’indicateur choisi.",
    )


def below_minimum(text: str, bound: Fraction) -> Complaint:
    return Complaint(
        rule="number-minimum",
        expected=f"au moins {plain(bound)}",
        got=quoted(text),
        way_out="Corrigez le nombre.",
    )


def above_maximum(text: str, bound: Fraction) -> Complaint:
    return Complaint(
        rule="number-maximum",
        expected=f"au plus {plain(bound)}",
        got=quoted(text),
        way_out="Corrigez le nombre.",
    )


# ---- a row as a whole ----


def hidden_number(secret: str) -> Complaint:
    return Complaint(
        rule="secret-and-number",
        expected=f"aucun nombre sur une ligne couverte par le secret {quoted(secret)}",
        got="un nombre",
        way_out="Effacez le nombre s’il doit rester secret, sinon effacez le secret.",
    )


def below_five_share() -> Complaint:
    return Complaint(
        rule="secret-not-count",
        expected=f"{quoted('nc')}, ou rien{NBSP}: seul un effectif peut être inférieur à 5",
        got=quoted("<5"),
        way_out="Écrivez «\u00a0nc\u00a0» pour une part ou une moyenne secrète.",
    )


def both_value_and_range() -> Complaint:
    return Complaint(
        rule="value-and-range",
        expected="une valeur, ou une étendue, pas les deux",
        got="les deux",
        way_out="Gardez la valeur si elle est exacte, sinon les bornes.",
    )


def backward_range(low: Fraction, high: Fraction) -> Complaint:
    return Complaint(
        rule="range-backward",
        expected="une borne basse inférieure ou égale à la borne haute",
        got=f"de {plain(low)} à {plain(high)}",
        way_out="Échangez ou corrigez les bornes.",
    )


def nothing_said() -> Complaint:
    return Complaint(
        rule="row-without-value",
        expected="une valeur, un secret, ou une note qui dit pourquoi elle manque",
        got="aucun des trois",
        way_out="Un zéro s’écrit 0. Une valeur inconnue se signale dans la note.",
    )


# ---- rows together ----


def double_key(first: str, second: str) -> Complaint:
    return Complaint(
        rule="key-duplicated",
        expected="une seule ligne par indicateur, période, territoire et ventilation",
        got=f"la même clé deux fois ({first} et {second})",
        way_out="Supprimez une des deux lignes, ou corrigez ce qui les distingue.",
    )


def false_total(rows: str, arithmetic: str, stated: str) -> Complaint:
    return Complaint(
        rule="total-false",
        expected=f"la somme des {rows}{NBSP}: {arithmetic}",
        got=stated,
        way_out="Corrigez le total ou celle des lignes qui est fausse.",
    )


def clashing_totals(rows: str) -> Complaint:
    return Complaint(
        rule="total-clash",
        expected=f"des nombres secrets qui rendent justes, ensemble, tous les totaux ({rows})",
        got="des totaux qui se contredisent",
        way_out="Vérifiez ces lignes et les secrets qu’elles portent.",
    )


def false_ratio(rows: str, arithmetic: str, stated: str) -> Complaint:
    return Complaint(
        rule="ratio-false",
        expected=f"ce que donnent les {rows}{NBSP}: {arithmetic}",
        got=stated,
        way_out="Corrigez ce résultat ou celui des effectifs qui est faux.",
    )


def false_inclusion(row: str, whole: str, stated: str) -> Complaint:
    return Complaint(
        rule="inclusion-false",
        expected=f"au plus {whole}, l’effectif qui le comprend ({row})",
        got=stated,
        way_out="Corrigez celui des deux qui est faux.",
    )
