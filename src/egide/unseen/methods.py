"""The panel: several ways to guess the unseen from the same table, under one roof and one name each.

No method is the right one: an honest answer shows at least four of them side by side. Each is called with the table
and the effort asked, and answers an Estimate or a Declined. Source: docs/methods/estimate-page.md.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve, frozen

from egide.estimation.choice.leaps import MOST_LISTS as MOST_SEARCHED
from egide.estimation.choice.threshold import threshold
from egide.estimation.graphs import averaged as over_graphs
from egide.estimation.heterogeneity import chao, latent
from egide.estimation.histories import Histories
from egide.estimation.intervals.bootstrap import bootstrapped
from egide.estimation.intervals.choosing import Bic, Choice, Exact, Stepwise
from egide.estimation.intervals.mixture import averaged as over_models
from egide.estimation.intervals.profile import profiled
from egide.estimation.models import independence
from egide.estimation.results import Answer, Declined, Reason

SLOW_TABLES = 3  # of several possible ones, how many a slow method is asked of
MOST_ENUMERATED = 6  # lists: the models of more are too many to be fitted or ranked one by one


def _silent(_done: int, _of: int) -> None:
    pass


def _unsaid(_what: str) -> None:
    pass


def _never() -> bool:
    return False


@frozen(kw_only=True)
class Effort:
    """How much work an answer may cost.

    about: told the French name of each method before it runs; tell: replicates done, of how many; stop: asked now and
    then, from any thread.
    """

    replicates: int = 1000
    seed: int = 1
    level: float = 0.95
    workers: int = 1
    about: Callable[[str], None] = _unsaid
    tell: Callable[[int, int], None] = _silent
    stop: Callable[[], bool] = _never


@frozen(kw_only=True)
class Method:
    """title, rests_on: French, as a reader sees them. bound: answers a lower end, never counted in the spread.

    slow: left out when a quick answer is asked for. drawn: persons, and not their interval alone, move with the seed.
    """

    name: str
    title: str
    rests_on: str
    run: Callable[[Histories, Effort], Answer]
    bound: bool = False
    slow: bool = False
    drawn: bool = False


def over_all_models(given: Histories, effort: Effort) -> Answer:
    return over_models(given, level=effort.level, seed=effort.seed)


def _independence(given: Histories, effort: Effort) -> Answer:
    """Poisson, as the other models are fitted: the same model chosen by another method then has the same number."""
    return evolve(profiled(given, independence(given.k), law="poisson", level=effort.level), method="independence")


def _bic(given: Histories, effort: Effort) -> Answer:
    if given.k > MOST_SEARCHED[2]:
        return Declined(method="bic", reason=Reason.OUT_OF_REACH)
    return _with_replicates(given, Bic() if given.k <= MOST_ENUMERATED else Exact(name="bic"), effort)


def _with_replicates(given: Histories, choice: Choice, effort: Effort) -> Answer:
    return bootstrapped(
        given,
        choice,
        replicates=effort.replicates,
        seed=effort.seed,
        level=effort.level,
        workers=effort.workers,
        tell=effort.tell,
        stop=effort.stop,
    )


PANEL: tuple[Method, ...] = (
    Method(
        name="independence",
        title="Listes indépendantes",
        rests_on="être sur une liste ne change rien aux chances d’être sur une autre",
        run=_independence,
    ),
    Method(
        name="stepwise",
        title="Dépendances ajoutées pas à pas",
        rests_on="une dépendance entre deux listes n’est retenue que si les données démentent le modèle sans elle",
        run=lambda given, effort: _with_replicates(given, Stepwise(), effort),
    ),
    Method(
        name="bic",
        title="Modèle le mieux noté (BIC)",
        rests_on="le modèle le plus simple qui décrive bien les données est le bon",
        run=_bic,
    ),
    Method(
        name="threshold",
        title="Dépendances gardées par seuil bayésien",
        rests_on="les dépendances sont faibles, sauf celles que les données éloignent nettement de zéro",
        run=lambda given, effort: threshold(given, seed=effort.seed, level=effort.level),
        drawn=True,
    ),
    Method(
        name="averaged",
        title="Moyenne de tous les modèles",
        rests_on="des listes peuvent dépendre les unes des autres, par deux, par trois, ou toutes un peu\u202f; chaque "
        "modèle pèse ce que les données lui donnent",
        run=over_all_models,
        drawn=True,
    ),
    Method(
        name="graphs",
        title="Moyenne sur les graphes décomposables",
        rests_on="les dépendances forment un graphe décomposable\u202f; aucun graphe n’est préféré d’avance",
        run=lambda given, effort: over_graphs(given, level=effort.level),
    ),
    Method(
        name="latent",
        title="Classes cachées de personnes",
        rests_on="la population se compose de groupes, et dans chacun d’eux les listes sont indépendantes",
        run=lambda given, effort: latent(
            given, effort.seed, level=effort.level, workers=effort.workers, tell=effort.tell, stop=effort.stop
        ),
        slow=True,
        drawn=True,
    ),
    Method(
        name="chao",
        title="Borne basse de Chao",
        rests_on="les personnes sont plus ou moins faciles à voir\u202f; ce nombre est un minimum",
        run=lambda given, effort: chao(given, level=effort.level),
        bound=True,
    ),
)
