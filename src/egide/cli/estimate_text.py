"""What `egide estimate` says: lines for a terminal, an object for a program. Working figures, not for publication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

from egide.document.typography import NBSP, THIN, digits
from egide.estimation.results import Answer, Declined, Estimate
from egide.estimation.strata import Stratified
from egide.sources.messages import counted
from egide.unseen import wording
from egide.unseen.appraise import Appraisal, Judged, refusal_of, rests_on_few, spread
from egide.unseen.material import Material
from egide.unseen.reading import Reading, history_name
from egide.unseen.together import rounded, step_of

_WIDE = 38  # letters of a method's name
_AS_LINKED = "le tableau tel que rapproché, sans le doute sur les liens ni les liens manqués"


def lines(
    found: Appraisal, material: Material, strata: Stratified | Declined | None, reading: Reading | None
) -> Iterator[str]:
    """The whole of it, in reading order. `reading`: of the file; None for a folder of linked lists."""
    lists, table = found.table.lists, found.table
    yield f"{counted(len(lists), 'liste')}{NBSP}: {', '.join(lists)}."
    about = "environ " if material.hidden else ""
    repeated = counted(table.repeated, "personne")
    yield f"{about}{counted(table.seen, 'personne vue', 'personnes vues')}, dont {repeated} sur deux listes ou plus."
    if material.others:
        why = "des effectifs sont masqués" if material.hidden else "les rapprochements sont incertains"
        several = counted(len(material.others), "tableau possible", "tableaux possibles")
        yield f"Les réponses valent pour {several}{NBSP}: {why}."
    if reading is not None and reading.unobserved:
        names = f"{THIN}; ".join(history_name(lists, cell) for cell in reading.unobserved)
        yield f"Sans effectif, donc hors du calcul{NBSP}: {names}."
    if found.refusal is not None:
        yield ""
        yield wording.REFUSAL.format(reason=wording.REASONS[found.refusal])
        yield wording.WAYS_OUT
        return
    yield ""
    yield from _estimates(found, material)
    yield ""
    if found.stopped:
        yield "Interrompu\u00a0: les autres méthodes et les vérifications n’ont pas été faites."
    yield from _disagreement(found, material)
    if not found.stopped:
        yield from _strata(strata, reading)
    yield ""
    yield from _checks(found)
    yield f"Ces nombres supposent{NBSP}:"
    yield from (f"  - {one}" for one in wording.ASSUMPTIONS)
    yield ""
    yield wording.CAUTION
    yield wording.LEVEL_HOLDS
    yield (
        "Chiffres de travail, pour qui détient le fichier\u00a0: ils ne se publient pas tels quels. La page à publier "
        "se fait par --report."
    )


def _estimates(found: Appraisal, material: Material) -> Iterator[str]:
    judged, lists, seen = found.judged, found.table.lists, _seen(material)
    yield f"{'Méthode':<{_WIDE}} {'Personnes':>10}  {'Intervalle à 95' + THIN + '%':<20}  Ce qui la porte"
    for one in judged:
        if one.estimate is not None:
            mark = "≥ " if one.method.bound else ""
            persons = mark + whole(_persons(one, one.estimate, material))
            drive = wording.drive(one.estimate, lists)
            yield f"{one.method.title:<{_WIDE}} {persons:>10}  {span(one.estimate, seen):<20}  {drive}".rstrip()
    for one in judged:
        if isinstance(one.answer, Declined):
            yield f"{one.method.title:<{_WIDE}} {'—':>10}  {wording.REASONS[one.answer.reason]}"


def _seen(material: Material) -> int:
    return min(one.seen for one in (material.table, *material.others))


def _persons(one: Judged, answer: Estimate, material: Material) -> float:
    """Rounded where the answer moves with the seed; as it is elsewhere, so that a published value is recognised."""
    drawn = one.method.drawn or bool(material.others)
    return rounded(answer, _seen(material)).persons if drawn else answer.persons


def _disagreement(found: Appraisal, material: Material) -> Iterator[str]:
    ends = spread(found.judged)
    if ends is None:
        yield "Aucune méthode ne répond."
        return
    low, high = ends
    given = [(one, one.estimate) for one in found.judged if not one.method.bound]
    shown = [_persons(one, estimate, material) for one, estimate in given if estimate is not None]
    between = f"de {whole(min(shown))} à {whole(max(shown))} personnes"
    yield f"Écart entre les méthodes{NBSP}: {between}, soit {_apart(high / low)}."
    answering = len(shown)
    yield from wording.disagreement(high / low, answering, len(found.table.lists))
    if fragile := [one.method.title for one in found.judged if rests_on_few(one.answer)]:
        yield wording.FRAGILE.format(methods=", ".join(fragile))
    yield from wording.bound_passed(found.judged)
    yield from wording.same_dependencies(found.judged, found.table.lists)
    if material.others and not found.stopped:
        yield f"Ce qui suit est calculé sur {'l’un de ces tableaux' if material.hidden else _AS_LINKED}."
    if found.checks.undecidable is not None:
        near = found.checks.undecidable.ranges[-1]
        models = counted(near.models, "modèle")
        yield (
            f"Ce que les données ne départagent pas{NBSP}: {models}, de {whole(near.low.persons)} à "
            f"{whole(near.high.persons)} personnes."
        )


def _strata(found: Stratified | Declined | None, reading: Reading | None) -> Iterator[str]:
    if reading is None or not reading.strata:
        return
    yield ""
    if found is None:
        yield f"Par strate{NBSP}: aucun nombre, car des effectifs y sont masqués."
        return
    if isinstance(found, Declined):
        yield f"Par strate{NBSP}: aucun nombre, car {wording.REASONS[found.reason]}."
        return
    names = {label: _stratum_name(reading, label) for label in found.labels}
    wide = max(_WIDE, *map(len, names.values()))
    yield f"{'Par strate (elles font le total)':<{wide}} {'Personnes':>10}  Intervalle"
    for label, seen in zip(found.labels, found.seen, strict=True):
        yield f"{names[label]:<{wide}} {whole(found.of(label).persons):>10}  {span(found.of(label), seen)}"
    yield f"{'ensemble':<{wide}} {whole(found.total.persons):>10}  {span(found.total, sum(found.seen))}"
    yield f"Modèle commun aux strates{NBSP}: {wording.model_words(found.model, reading.lists)}."
    alone = _borrowing(reading)
    if borrowing := f"{THIN}; ".join(name for label, name in names.items() if label in alone):
        few = "Moins de huit personnes de ces strates sont sur deux listes"
        yield f"{few}{THIN}; leur nombre est emprunté aux autres, et ne se cite pas seul{NBSP}: {borrowing}."


def _stratum_name(reading: Reading, label: tuple[str, ...]) -> str:
    return ", ".join(f"{column} = {value}" for column, value in zip(reading.columns, label, strict=True))


def _borrowing(reading: Reading) -> set[tuple[str, ...]]:
    """Strata that alone would bear no number."""
    return {label for label, one in reading.strata if refusal_of(one.completed(one.low).repeated) is not None}


def _checks(found: Appraisal) -> Iterator[str]:
    checks, lists = found.checks, found.table.lists
    if checks.person is not None and (largest := checks.person.largest()) is not None:
        where = history_name(lists, largest.history)
        sign = "de plus" if largest.by > 0 else "de moins"
        ratio = checks.person.ratio(largest)
        moved = "plus aucune estimation" if ratio is None else f"{percent(ratio - 1)}"
        moved = f"{moved} sous le modèle le mieux noté (croisement le plus sensible)"
        yield f"Une personne {sign} sur {where} seulement{NBSP}: {moved}."
    if checks.without is not None:
        yield f"La moyenne de tous les modèles, refaite{NBSP}:"
        for row in checks.without.rows:
            yield f"  Sans la liste {row.name}{NBSP}: {answer_text(row.answer, row.seen)}."
    if checks.truths:
        yield f"La même moyenne, à l’épreuve d’un nombre connu{NBSP}:"
    for truth in checks.truths:
        if isinstance(truth.answer, Estimate):
            held = "" if truth.holds is None else f", intervalle {'juste' if truth.holds else 'en défaut'}"
            persons = f"les {whole(truth.problem.truth)} personnes de {truth.problem.name}"
            guess = answer_text(truth.answer, 0)
            yield f"  Épreuve{NBSP}: {persons}, estimées par les autres listes{NBSP}: {guess}{held}."
    if silent := [truth.problem.name for truth in checks.truths if isinstance(truth.answer, Declined)]:
        yield f"  Épreuve impossible, faute de recoupements des autres listes entre elles{NBSP}: {', '.join(silent)}."
    if checks.without is not None or checks.truths:
        yield ""


def answer_text(answer: Answer, seen: int) -> str:
    """Of a method that draws. `seen`: persons that are counted anyway."""
    if isinstance(answer, Declined):
        return f"aucun nombre, car {wording.REASONS[answer.reason]}"
    persons = whole(rounded(answer, seen).persons)
    return f"{persons} ({span(answer, seen)})" if answer.low is not None else persons


def span(answer: Estimate, seen: int) -> str:
    """Outward to two significant digits of its unseen: the ends of draws move by several per cent with their seed."""
    if answer.low is None or answer.high is None:
        return ""
    down, up = step_of(answer.low - seen), step_of(answer.high - seen)
    return f"de {whole(max(down * floor(answer.low / down), seen))} à {whole(up * ceil(answer.high / up))}"


def whole(number: float) -> str:
    return digits(Fraction(number).limit_denominator(1000))


def _apart(ratio: float) -> str:
    """The highest over the lowest: a percentage while "1.1 times" would hide what it is."""
    if ratio < 1.5:
        return f"{digits(Fraction(100 * (ratio - 1)).limit_denominator(1000), 1)}{THIN}% de plus"
    return f"un rapport de {digits(Fraction(ratio).limit_denominator(1000), 1)}"


def percent(ratio: float) -> str:
    shown = digits(Fraction(100 * abs(ratio)).limit_denominator(1000), 1)
    return f"{'+' if ratio > 0 else '−'}{THIN}{shown}{THIN}%"


def as_json(
    found: Appraisal, material: Material, strata: Stratified | Declined | None, reading: Reading | None
) -> dict[str, Any]:
    """Names are stable; numbers are not rounded."""
    ends = spread(found.judged)
    checks = found.checks
    return {
        "lists": list(found.table.lists),
        "seen": found.table.seen,
        "repeated": found.table.repeated,
        "hidden_counts": material.hidden,
        "tables": max(len(material.others), 1),
        "refusal": None if found.refusal is None else found.refusal.name.lower(),
        "stopped": found.stopped,
        "estimates": [_answer(one.answer, found.table.lists) for one in found.judged],
        "spread": None if ends is None else list(ends),
        "undecidable": None
        if checks.undecidable is None
        else [
            {"distance": one.distance, "models": one.models, "low": one.low.persons, "high": one.high.persons}
            for one in checks.undecidable.ranges
        ],
        "one_person": _one_person(found),
        "without": {} if checks.without is None else {row.name: _answer(row.answer, ()) for row in checks.without.rows},
        "known_truths": [
            {
                "list": one.problem.name,
                "truth": one.problem.truth,
                "holds": one.holds,
                "answer": _answer(one.answer, ()),
            }
            for one in checks.truths
        ],
        "strata": _strata_json(strata, reading),
    }


def _answer(answer: Answer, lists: Sequence[str]) -> dict[str, Any]:
    model = None if answer.model is None else str(answer.model)
    if isinstance(answer, Declined):
        return {"method": answer.method, "declined": answer.reason.name.lower(), "model": model}
    return {
        "method": answer.method,
        "persons": answer.persons,
        "low": answer.low,
        "high": answer.high,
        "level": answer.level,
        "model": model,
        "drives": wording.drive(answer, lists) if lists else "",
        "notes": answer.notes,
        "rests_on_few": rests_on_few(answer),
    }


def _one_person(found: Appraisal) -> dict[str, Any] | None:
    person = found.checks.person
    if person is None or (largest := person.largest()) is None:
        return None
    name = history_name(found.table.lists, largest.history)
    return {"history": name, "by": largest.by, "ratio": person.ratio(largest)}


def _strata_json(found: Stratified | Declined | None, reading: Reading | None) -> Any:
    if found is None or isinstance(found, Declined) or reading is None:
        return {"declined": found.reason.name.lower()} if isinstance(found, Declined) else None
    alone = _borrowing(reading)
    return {
        "total": _answer(found.total, ()),
        "strata": [
            {"label": list(label), "borrowed": label in alone, **_answer(found.of(label), ())} for label in found.labels
        ],
    }
