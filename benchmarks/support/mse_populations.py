"""Populations that exist on paper only: what a table of capture histories would be expected to hold, unseen included.

Each scenario is an array of 2^k expected counts, cell 0 the unseen; a population is a Poisson number in each cell.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from attrs import field, frozen

from egide.estimation.fitting.fit import fit
from egide.estimation.histories import Flags, Floats, Histories, Ints
from egide.estimation.models import Model, independence, pairs


@frozen(kw_only=True, eq=False)
class Scenario:
    name: str
    expected: Floats
    possible: Flags = field()

    @possible.default
    def _all(self) -> Flags:
        return np.ones(len(self.expected), dtype=np.bool_)

    @property
    def k(self) -> int:
        return len(self.expected).bit_length() - 1

    def populations(self, number: int, seed: int) -> tuple[Ints, Ints]:
        """Tables, shape (number, 2^k), and how many are unseen in each."""
        drawn = np.random.default_rng([seed, *self.name.encode()]).poisson(self.expected, (number, len(self.expected)))
        unseen = drawn[:, 0].copy()
        drawn[:, 0] = 0
        return drawn, unseen


def scenarios(tables: dict[str, Histories]) -> tuple[Scenario, ...]:
    """Twelve to be judged by; `tables`: the published ones by name."""
    uk, ned, orleans = tables["UKdat_5"], tables["Ned_5"], tables["NewOrl_5"]
    apart = described(3_000, (0.12, 0.1, 0.08, 0.06, 0.05), {"34": 0.8})
    both = np.arange(32) & 3 == 3
    apart[both] = 0
    return (
        Scenario(name="UK, 5 lists, best pairs by BIC", expected=fitted(uk, best_pairs(uk))),
        Scenario(name="UK, 5 lists, no dependence", expected=fitted(uk, independence(5))),
        Scenario(name="New Orleans, 5 lists, no dependence", expected=fitted(orleans, independence(5))),
        Scenario(
            name="like Western, 5 lists, 2 pairs",
            expected=described(2_483, (0.05, 0.04, 0.03, 0.02, 0.015), {"12": 1.0, "34": 1.2}),
        ),
        Scenario(name="Netherlands, 5 lists, best pairs by BIC", expected=fitted(ned, best_pairs(ned))),
        Scenario(name="3 lists, small", expected=described(400, (0.2, 0.15, 0.12), {"12": 0.8})),
        Scenario(name="3 lists, large", expected=described(50_000, (0.05, 0.04, 0.03), {"13": 0.7})),
        Scenario(
            name="4 lists, large, 3 pairs",
            expected=described(20_000, (0.1, 0.07, 0.05, 0.03), {"12": 1.0, "34": -0.7, "13": 0.4}),
        ),
        Scenario(
            name="4 lists, three depend at once",
            expected=described(4_000, (0.15, 0.12, 0.1, 0.08), {"12": 0.6, "13": 0.4, "23": 0.5, "123": -0.6}),
        ),
        Scenario(name="5 lists, two that cannot overlap", expected=apart, possible=~both),
        Scenario(
            name="5 lists, unequal catchability",
            expected=unequal(3_000, (0.15, 0.12, 0.1, 0.08, 0.05), spread=0.5),
        ),
        Scenario(name="UK, 6 lists, best pairs by BIC", expected=fitted(tables["UKdat"], best_pairs(tables["UKdat"]))),
    )


def beyond() -> tuple[Scenario, ...]:
    """Populations that break what every method here supposes."""
    return (
        Scenario(name="4 lists, very unequal catchability", expected=unequal(4_000, (0.12, 0.1, 0.08, 0.06), spread=1)),
        Scenario(
            name="5 lists, one person in five seen five times more",
            expected=(
                described(2_400, (0.06, 0.05, 0.04, 0.04, 0.03), {}) + described(600, (0.3, 0.25, 0.2, 0.2, 0.15), {})
            ),
        ),
    )


def described(persons: float, chances: tuple[float, ...], depending: dict[str, float]) -> Floats:
    """Lists that see a person who is on no other with these odds; what "12" adds to the logarithm of a history."""
    odds = np.log(np.array(chances) / (1 - np.array(chances)))
    found = np.zeros(1 << len(chances))
    for cell in range(len(found)):
        found[cell] = sum(odd for place, odd in enumerate(odds) if cell >> place & 1)
        for lists, added in depending.items():
            found[cell] += added * all(cell >> int(one) - 1 & 1 for one in lists)
    found = np.exp(found)
    return np.asarray(persons * found / found.sum())


def unequal(persons: float, chances: tuple[float, ...], *, spread: float) -> Floats:
    """Every person multiplies the odds of all the lists by their own log-normal number."""
    nodes, shares = np.polynomial.hermite_e.hermegauss(41)
    odds = np.array(chances) / (1 - np.array(chances))
    chosen = [odds * np.exp(spread * node) for node in nodes]
    parts = [
        described(persons * share, tuple(own / (1 + own)), {})
        for own, share in zip(chosen, shares / shares.sum(), strict=True)
    ]
    return np.asarray(np.sum(parts, axis=0))


def all_pairs(k: int) -> tuple[Model, ...]:
    every = pairs(k)
    chosen = (some for size in range(len(every) + 1) for some in combinations(every, size))
    return tuple(Model(k=k, interactions=some) for some in chosen)


def best_pairs(given: Histories) -> Model:
    fits = fit(given, all_pairs(given.k))
    return fits.models[int(fits.criterion(np.log(given.seen))[0].argmin())]


def fitted(given: Histories, model: Model) -> Floats:
    """Expected counts under the model, unseen included: Newton's method with a plain design matrix."""
    totals, cells = given.totals(), np.arange(1 << given.k)
    dead = [term for term in model.terms.tolist() if totals[term] == 0]
    alive = np.array([not any(cell & term == term for term in dead) for cell in cells.tolist()])
    terms = [term for term in model.terms.tolist() if term not in dead]
    design = np.array([[cell & term == term for term in terms] for cell in cells.tolist()], dtype=np.float64)
    seen = alive & (cells > 0)
    told, counts = design[seen], given.counts[seen].astype(np.float64)
    root = np.sqrt(counts + 0.1)
    theta = np.linalg.lstsq(told * root[:, None], root * np.log(counts + 0.1), rcond=None)[0]
    for _ in range(50):
        mean = np.exp(told @ theta)
        theta += np.linalg.solve(told.T @ (told * mean[:, None]), told.T @ (counts - mean))
    return np.asarray(np.where(alive, np.exp(design @ theta), 0.0))
