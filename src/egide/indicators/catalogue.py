"""The formulas an author may write: what each is called, what it takes, what it refuses, what it gives.

`--help`, the reference pages and `egide compute --list` are made from this table; so is the language itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attrs import frozen

from egide.errors import CalculationRefused
from egide.facts.model import Measure, Unit
from egide.facts.values import Value
from egide.indicators import checks, formulas, operations, results, survey
from egide.indicators.derived import Derived, Term, enclosing, spanning, weakest
from egide.indicators.words import listed, quoted

Terms = Sequence[Term]


@frozen(kw_only=True)
class Formula:
    """One formula: its words, its refusals, its arithmetic, and what its result is."""

    name: str
    title: str  # French
    arguments: tuple[str, ...]  # names, as printed in the signature
    many: bool = False  # the last argument may be repeated
    method: str  # page of docs/methods
    check: Callable[[Terms], None]
    compute: Callable[[Terms], Value]
    measure: Callable[[Terms], Measure]
    label: Callable[[Terms], str]
    where: Callable[[Terms], tuple[str, ...]]  # territories of the result

    @property
    def signature(self) -> str:
        return f"{self.name}({', '.join(self.arguments)}{', …' if self.many else ''})"

    def takes(self, count: int) -> bool:
        return count == len(self.arguments) or (self.many and count > len(self.arguments))


def apply(name: str, terms: Terms) -> Derived:
    """The result of one formula. Raises CalculationRefused, saying what is wrong with which operands."""
    formula = FORMULAS[name]
    text = f"{name}({', '.join(term.text for term in terms)})"
    if not formula.takes(len(terms)):
        raise CalculationRefused(f"{quoted(text)} est refusé : on attend {quoted(formula.signature)}.")
    try:
        formula.check(terms)
        known = all(term.value is not None for term in terms)
        value = formula.compute(terms) if known else None
    except CalculationRefused as refusal:
        raise CalculationRefused(f"{quoted(text)} est refusé. {refusal}") from None
    except ZeroDivisionError:
        base = quoted(terms[_BASES.get(name, -1)].text)
        reason = f"{base} sert de base et peut être nul : rien ne se rapporte à une base nulle."
        raise CalculationRefused(f"{quoted(text)} est refusé. {reason}") from None
    except ValueError:
        reason = f"Les valeurs de {listed(quoted(term.text) for term in terms)} se contredisent : "
        reason += "une partie dépasse son tout, ou un nombre sort de ses bornes."
        raise CalculationRefused(f"{quoted(text)} est refusé. {reason}") from None
    where = formula.where(terms)
    return Derived(
        function=name,
        formula=text,
        label=formula.label(terms),
        value=value,
        measure=formula.measure(terms),
        territory=enclosing(where),
        territories=where,
        period=spanning(term.period for term in terms),
        sources=terms[0].sources,
        families=tuple(sorted({f"{dim}={code}" for term in terms for dim, code in term.families.items()})),
        status=weakest(term.operand.status for term in terms),
        hidden=any(term.operand.is_hidden for term in terms),
        operands=tuple(term.operand for term in terms),
        known_on=max(term.operand.known_on for term in terms),
        method=formula.method,
    )


def _one(
    name: str,
    title: str,
    arguments: str,
    method: str,
    *,
    check: Callable[[Terms], None],
    compute: Callable[[Terms], Value],
    label: Callable[[Terms], str],
    unit: Unit | None = None,
    measure: Callable[[Terms], Measure] | None = None,
    where: Callable[[Terms], tuple[str, ...]] = results.together,
    many: bool = False,
) -> Formula:
    return Formula(
        name=name,
        title=title,
        arguments=tuple(arguments.split()),
        many=many,
        method=f"docs/methods/{method}.md",
        check=check,
        compute=compute,
        measure=measure or results.level(name, title, unit or Unit.RATIO),
        label=label,
        where=where,
    )


_BASES = {"growth": 0, "cagr": 0, "multiple": 0}  # which operand is the base, when it is not the last

FORMULAS: Mapping[str, Formula] = {
    formula.name: formula
    for formula in (
        _one(
            "share",
            "Part",
            "part whole",
            "share",
            check=checks.share,
            compute=operations.share,
            unit=Unit.PERCENT,
            label=results.filled("Part de {0} dans {1}"),
            where=results.of_last,
        ),
        _one(
            "growth",
            "Évolution",
            "earlier later",
            "growth",
            check=checks.growth,
            compute=operations.simple(formulas.growth),
            unit=Unit.PERCENT,
            label=results.change("Évolution"),
        ),
        _one(
            "points",
            "Évolution en points",
            "earlier later",
            "points",
            check=checks.points,
            compute=operations.simple(formulas.points),
            unit=Unit.POINTS,
            label=results.change("Évolution en points"),
        ),
        _one(
            "cagr",
            "Évolution annuelle moyenne",
            "earlier later",
            "mean-annual-growth",
            check=checks.cagr,
            compute=operations.cagr,
            unit=Unit.PERCENT,
            label=results.change("Évolution annuelle moyenne"),
        ),
        _one(
            "index",
            "Indice, base 100",
            "value base",
            "index-base-100",
            check=checks.index,
            compute=operations.index,
            unit=Unit.RATIO,
            label=lambda terms: (
                f"Indice de {quoted(terms[0].label)}, {terms[0].period.french()} "
                f"(base 100 : {terms[1].period.french()})"
            ),
        ),
        _one(
            "multiple",
            "Multiplication",
            "earlier later",
            "multiple",
            check=checks.over_time,
            compute=operations.simple(formulas.multiple),
            unit=Unit.RATIO,
            label=results.change("Multiplication"),
        ),
        _one(
            "ratio",
            "Rapport",
            "a b",
            "multiple",
            check=checks.ratio,
            compute=operations.simple(formulas.ratio),
            unit=Unit.RATIO,
            label=results.filled("Rapport de {0} à {1}"),
            where=results.of_last,
        ),
        _one(
            "sum",
            "Somme",
            "a b",
            "difference",
            many=True,
            check=checks.sum,
            compute=operations.sum,
            measure=results.same_measure,
            label=results.of_all("Somme"),
        ),
        _one(
            "difference",
            "Différence",
            "earlier later",
            "difference",
            check=checks.difference,
            compute=operations.difference,
            measure=results.difference_measure,
            label=results.of_all("Différence"),
        ),
        _one(
            "mean",
            "Moyenne",
            "a b",
            "mean",
            many=True,
            check=checks.mean,
            compute=operations.mean,
            measure=results.mean_measure,
            label=results.of_all("Moyenne"),
        ),
        _one(
            "complement",
            "Complément à 100",
            "share",
            "complement",
            check=checks.complement,
            compute=operations.simple(formulas.complement),
            unit=Unit.PERCENT,
            label=results.filled("Complément de {0}"),
        ),
        _one(
            "prosecutable",
            "Personnes poursuivables",
            "total not_prosecutable",
            "judicial-rates",
            check=checks.same_persons,
            compute=operations.simple(formulas.prosecutable),
            measure=results.same_measure,
            label=results.filled("{0}, moins {1}"),
        ),
        _one(
            "prosecution_rate",
            "Taux de poursuite",
            "prosecuted prosecutable",
            "judicial-rates",
            check=checks.same_persons,
            unit=Unit.PERCENT,
            where=results.of_last,
            compute=lambda terms: formulas.share(*operations.values(terms), inside=True),
            label=results.filled("Taux de poursuite : {0} parmi {1}"),
        ),
        _one(
            "response_rate",
            "Taux de réponse pénale",
            "alternatives prosecuted prosecutable",
            "judicial-rates",
            check=checks.response,
            compute=operations.simple(formulas.response_rate),
            unit=Unit.PERCENT,
            where=results.of_last,
            label=results.filled("Taux de réponse pénale : {0} et {1} parmi {2}"),
        ),
        _one(
            "rank",
            "Rang",
            "value a",
            "rank",
            many=True,
            check=checks.rank,
            compute=operations.rank,
            unit=Unit.COUNT,
            label=lambda terms: f"Rang de {quoted(terms[0].label)} ({terms[0].period.french()})",
        ),
        _one(
            "sample_size",
            "Taille d’échantillon",
            "population margin",
            "share-of-a-sample",
            check=checks.sample_size,
            compute=operations.simple(survey.sample_size),
            measure=results.level_of_first("sample_size", "Taille d’échantillon"),
            label=results.filled("Taille de l’échantillon à tirer de {0} pour {1}"),
        ),
        _one(
            "wilson_low",
            "Borne basse d’une part d’échantillon",
            "share sample population",
            "share-of-a-sample",
            check=checks.sampled,
            compute=operations.simple(survey.wilson_low),
            unit=Unit.PERCENT,
            label=results.filled("Borne basse de l’intervalle de confiance de {0}"),
        ),
        _one(
            "wilson_high",
            "Borne haute d’une part d’échantillon",
            "share sample population",
            "share-of-a-sample",
            check=checks.sampled,
            compute=operations.simple(survey.wilson_high),
            unit=Unit.PERCENT,
            label=results.filled("Borne haute de l’intervalle de confiance de {0}"),
        ),
        _one(
            "remaining",
            "Reste d’un total, une part ôtée",
            "total share",
            "share-of-a-sample",
            check=checks.remaining,
            compute=operations.simple(survey.remaining),
            measure=results.level_of_first("remaining", "Reste d’un total, une part ôtée"),
            label=results.filled("Ce qui reste de {0}, une fois ôtée {1}"),
        ),
    )
}
