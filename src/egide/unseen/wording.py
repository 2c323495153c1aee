"""What the terminal and the page both say of an estimate, in French. Pure words: no number is written here."""

from __future__ import annotations

from collections.abc import Sequence

from egide.document.typography import THIN
from egide.estimation.models import Model
from egide.estimation.results import Estimate, Reason
from egide.unseen.appraise import Judged

REASONS = {
    Reason.TOO_FEW_REPEATS: "moins de huit personnes sont sur deux listes à la fois",
    Reason.NO_OVERLAP: "personne n’est sur deux listes à la fois",
    Reason.NOT_EXISTING: "sous ce modèle, aucun nombre fini n’est le plus vraisemblable",
    Reason.NOT_IDENTIFIED: "les données ne départagent pas les valeurs possibles de ce modèle",
    Reason.NOT_CONVERGED: "deux tirages du même calcul ne donnent pas la même réponse",
    Reason.UNBOUNDED: "les données laissent possibles des nombres aussi grands que l’on veut",
    Reason.OUT_OF_REACH: "trop de listes pour la méthode, tableau trop clairsemé, ou listes qui ne peuvent se croiser",
    Reason.STOPPED: "le calcul a été interrompu",
}

ASSUMPTIONS = (
    "La population ne change pas pendant la période\u00a0: personne n’y entre, personne n’en sort.",
    "Une même personne est reconnue d’une liste à l’autre. Un rapprochement manqué gonfle l’estimation, un faux "
    "rapprochement la réduit.",
    "Chaque personne de la population aurait pu être vue par une liste au moins. Celles qu’aucune liste ne peut "
    "atteindre ne sont dans aucun de ces nombres.",
    "Toutes les dépendances qui comptent entre les listes sont dans le modèle. Celle qui lierait toutes les listes "
    "à la fois ne peut être vue dans aucune donnée\u00a0: on la suppose absente.",
    "Les personnes d’une liste relèvent toutes de la même définition, dans le même territoire.",
)

REFUSAL = (
    "Ces données ne portent aucune estimation\u00a0: {reason}. Un nombre calculé ici ne dirait rien de la population."
)
WAYS_OUT = (
    "Allongez la période, ou ajoutez une liste qui croise les autres\u202f; "
    "vérifiez d’abord le rapprochement des personnes."
)
CAUTION = (
    "Ces nombres sont des estimations par hypothèse, non des comptes. Quand les méthodes s’écartent plus que leurs "
    "intervalles ne le disent, c’est l’écart qu’il faut retenir."
)

FEW_METHODS = "Moins de quatre méthodes répondent\u00a0: leur écart ne dit pas tout le désaccord possible."
TWO_LISTS = (
    "Avec deux listes, rien ne dit si l’une dépend de l’autre\u00a0: que les méthodes s’accordent ne prouve rien."
)
FRAGILE = "Une extrémité de l’intervalle repose sur moins de cinq tirages, et peut bouger avec eux\u00a0: {methods}."
AGREEMENT = (  # the highest over the lowest, and what it means
    (1.1, "Les méthodes se suivent à un dixième près, ce qui ne prouve pas qu’elles aient raison."),
    (2.0, "Les méthodes ne s’accordent pas\u00a0: c’est leur écart qu’il faut citer, non l’une d’elles."),
)
LEVEL_HOLDS = (
    "Le niveau d’un intervalle ne vaut que si sa méthode a raison. Sur des populations inventées où elle avait tort, "
    "le vrai nombre en est sorti bien plus souvent."
)
BOUND_PASSED = (
    "La borne basse passe ici au-dessus d’une estimation\u00a0: elle n’est un minimum que si les listes ne s’évitent "
    "pas, et au hasard près."
)
SAME_DEPENDENCIES = (
    "Sous les mêmes dépendances, deux méthodes peuvent différer\u00a0: le seuil bayésien donne la médiane de ses "
    "tirages, et la moyenne sur les graphes ne nomme que les dépendances qui l’emportent."
)
CONTRADICTION = (
    "Les méthodes se contredisent, du simple au double ou davantage\u00a0: aucun de ces nombres ne se cite seul."
)


def disagreement(ratio: float, answering: int, lists: int) -> list[str]:
    """In words, how far the methods are from each other.

    ratio: the highest estimate over the lowest, lower bounds apart; answering: methods that gave one.
    """
    said = [] if answering < 2 else [next((words for most, words in AGREEMENT if ratio < most), CONTRADICTION)]
    return said + [FEW_METHODS] * (answering < 4) + [TWO_LISTS] * (lists == 2)


def bound_passed(judged: Sequence[Judged]) -> list[str]:
    """What to make of a lower bound that is above an estimate, where one is."""
    found = [(one.method.bound, one.estimate.persons) for one in judged if one.estimate is not None]
    bounds = [persons for bound, persons in found if bound]
    passed = any(persons < max(bounds, default=0.0) for bound, persons in found if not bound)
    return [BOUND_PASSED] if passed else []


def same_dependencies(judged: Sequence[Judged], lists: Sequence[str]) -> list[str]:
    """Why numbers differ beside the same words, where they do."""
    found = {(drive(one.estimate, lists), round(one.estimate.persons)) for one in judged if one.estimate is not None}
    named = [words for words, _ in found if words]
    return [SAME_DEPENDENCIES] if len(set(named)) < len(named) else []


def model_words(model: Model, lists: Sequence[str]) -> str:
    """Which lists a model lets depend on each other: "LA avec NG", or "LA, NG et GP ensemble"."""
    kept = [one for one in model.generators if one.bit_count() >= 2]
    sets = [[name for place, name in enumerate(lists) if one >> place & 1] for one in kept]
    words = [" avec ".join(one) if len(one) == 2 else f"{_and(one)} ensemble" for one in sets]
    return f"{THIN}; ".join(words) if words else "aucune dépendance entre listes"


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} et {names[-1]}"


def left_out(model: Model, lists: Sequence[str]) -> str:
    """What the largest models leave out: "LA, NG et GO ensemble"; of the largest of all, only all lists at once."""
    everyone = (1 << model.k) - 1
    absent = [one for one in range(1, everyone) if one.bit_count() == model.k - 1 and one not in model.interactions]
    if not absent:
        return "celle de toutes les listes à la fois"
    return f"celle de {_and([name for place, name in enumerate(lists) if absent[0] >> place & 1])} ensemble"


def drive(answer: Estimate, lists: Sequence[str]) -> str:
    """What an estimate leans on most: its model, or what weighs in an average. Empty when the method says nothing."""
    if answer.model is not None:
        return model_words(answer.model, lists)
    weights = {name: weight for name, weight in answer.notes.items() if name.isdigit() and len(name) == 2}
    strong = [name for name, weight in weights.items() if weight >= 0.5]
    if weights:
        joined = [" avec ".join(lists[int(one) - 1] for one in name) for name in strong]
        return f"{THIN}; ".join(joined) if joined else "aucune dépendance ne l’emporte"
    return ""
