"""What linking the lists imperfectly does to a table of histories, undone, and carried into the interval.

Missed links: a record stays with its person's other records with probability `kept` (of its list), each for itself;
one that does not becomes a person of its own. So two records of a person are found together with probability
kept x kept, the recall of links; expected observed histories are linear in the true ones. Ding and Fienberg (1994) for
two lists, written here for any number. Links drawn at random make several tables: `carried` pools what an estimator
says of each. Source: docs/methods/linkage-error.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import norm

from egide.estimation.histories import Floats, Histories, Ints, sizes
from egide.estimation.results import Answer, Declined, Estimate

Estimator = Callable[[Histories], Answer]

METHOD = "linkage"
MOST_DECLINED = 0.2  # of the tables, by weight: beyond, what is left is a chosen half
_MOST_STEPS, _STILL = 5_000, 1e-3
_ROUNDING = 1e-9
_LEAST_UNSEEN = 0.5  # persons: an interval that begins at everyone seen begins at half a person more
_RANGE = norm.ppf(0.975)  # [low, high] of a recall is read as a 95 % range


def broken(k: int, kept: ArrayLike) -> Floats:
    """M, shape (2^k, 2^k): M[g, h], observed persons of history g that one person of true history h makes on average.

    kept: one probability, or one for each list. Row and column 0 are nought but M[0, 0] = 1: who is on no list stays
    so. Refuses (ValueError) a probability that is not in ]0, 1].
    """
    stay = _kept(k, kept)
    found = np.ones((1, 1))
    for each in stay:  # list 0 is the lowest bit: it comes last in a Kronecker product, so first here
        found = np.kron(np.array([[1.0, 1 - each], [0.0, each]]), found)
    # So far, column h: who is left of h once each record stayed or went. Those that went are persons too.
    found[0, 1:] = 0.0
    for place, each in enumerate(stay):
        one = 1 << place
        on = (np.arange(1 << k) & one) > 0
        found[one, on] += 1 - each
    return found


def missed_links_undone(observed: ArrayLike, kept: ArrayLike) -> Floats:
    """True histories whose breaking gives `observed`: shape (2^k,), fractions; none is negative.

    The exact inverse where it is not negative, else the likeliest table, counts being Poisson. With every link kept
    this is `observed` itself. Cell 0 is 0.
    """
    counts = np.asarray(observed, dtype=np.float64)
    matrix = broken(len(counts).bit_length() - 1, kept)[1:, 1:]
    exact = np.linalg.solve(matrix, counts[1:])
    if exact.min() < -_ROUNDING * max(1.0, counts.max()):
        exact = _likeliest(matrix, counts[1:], np.maximum(exact, 1.0))
    return np.concatenate([[0.0], np.maximum(exact, 0.0)])


def _likeliest(matrix: Floats, observed: Floats, start: Floats) -> Floats:
    """Maximum of the Poisson likelihood over non-negative tables, by expectation-maximisation (Vardi and others 1985).

    Its answer is counts of persons: it stops when no count moves by a thousandth of a person.
    """
    found, parts = start, matrix.sum(axis=0)
    for _ in range(_MOST_STEPS):
        expected = np.maximum(matrix @ found, 1e-12)
        following = found * (matrix.T @ (observed / expected)) / parts
        moved = float(np.abs(following - found).max())
        found = following
        if moved < _STILL:
            break
    return found


def in_whole_persons(counts: ArrayLike) -> Ints:
    """Fractions rounded so that the number of persons on one list, on two, on three… is kept, to the nearest."""
    given = np.asarray(counts, dtype=np.float64)
    found = np.floor(given).astype(np.int64)
    on = sizes(len(given).bit_length() - 1)
    for size in range(1, int(on.max()) + 1):
        cells = np.flatnonzero(on == size)
        left = round(float(given[cells].sum())) - int(found[cells].sum())
        order = np.argsort(found[cells] - given[cells], kind="stable")
        found[cells[order[: max(left, 0)]]] += 1
    return found


def breaking(truth: Ints, kept: ArrayLike, chance: np.random.Generator) -> Ints:
    """One table observed when the links of the persons of `truth`, shape (2^k,), are missed at random. [chance]"""
    k = len(truth).bit_length() - 1
    stay = _kept(k, kept)
    history = np.repeat(np.arange(1 << k), truth)
    left = np.zeros_like(history)
    found = np.zeros(1 << k, dtype=np.int64)
    for place, each in enumerate(stay):
        on = (history >> place) & 1
        together = on * (chance.random(len(history)) < each)
        left |= together << place
        found[1 << place] += int((on - together).sum())
    found += np.bincount(left, minlength=1 << k)
    found[0] = 0
    return found


def restored(
    given: Histories, *, recall: float, low: float, high: float, draws: int, chance: np.random.Generator
) -> tuple[Histories, ...]:
    """`draws` tables that the true one may be, given that a share `recall` of the links was found. [chance]

    recall: of the pairs of records of one person, in two lists, the share that were put together; [low, high] is its
    95 % range, equal ends saying that it is known. Each draw takes a recall, undoes the missed links, and adds what
    chance alone does to that undoing. Refuses (ValueError) anything but 0 < low <= recall <= high <= 1.
    """
    if not 0 < low <= recall <= high <= 1:
        raise ValueError("a recall is above 0, at most 1, and inside its own range")
    return tuple(_restored(given, each, chance) for each in _recalls(recall, low, high, draws, chance))


def _restored(given: Histories, recall: float, chance: np.random.Generator) -> Histories:
    kept = np.sqrt(recall)
    truth = in_whole_persons(missed_links_undone(given.counts, kept))
    expected = broken(given.k, kept) @ truth
    noisy = np.maximum(given.counts + expected - breaking(truth, kept, chance), 0.0)
    counts = in_whole_persons(missed_links_undone(noisy, kept))
    counts[~given.possible] = 0
    return given.with_counts(counts)


def _recalls(recall: float, low: float, high: float, draws: int, chance: np.random.Generator) -> Floats:
    """Split normal on the logit, so that both ends are where they were said to be; never above 1."""
    ends = logit(np.clip([low, recall, high], 1e-6, 1 - 1e-6))
    drawn = chance.standard_normal(draws)
    below, above = (ends[1] - ends[0]) / _RANGE, (ends[2] - ends[1]) / _RANGE
    if recall == 1:
        drawn = -np.abs(drawn)
    found: Floats = expit(ends[1] + np.where(drawn < 0, below, above) * drawn)
    return np.where(found >= 1 - 2e-6, 1.0, found)


def corrected(
    given: Histories,
    *,
    recall: float,
    low: float,
    high: float,
    estimator: Estimator,
    chance: np.random.Generator,
    draws: int = 40,
) -> Answer:
    """What `estimator` says once missed links are undone; its interval holds the doubt on the recall too. [chance]"""
    tables = restored(given, recall=recall, low=low, high=high, draws=draws, chance=chance)
    return carried(tables, None, estimator)


def carried(tables: Sequence[Histories], weights: ArrayLike | None, estimator: Estimator) -> Answer:
    """One answer out of those on several tables that the truth may be: the median and the ends of their mixture.

    weights: of the tables, shape (tables,); None: equal. On each table the unseen persons are log-normal around the
    answer, with a spread of its own on each side, so that the answer's interval is the component's: one table gives
    back its own answer. Several give the variance within plus the variance between (Rubin 1987), skewness kept.
    Where the estimator has no interval neither has this. Declined, for the commonest reason, when more than a fifth
    of the tables, by weight, are. Refuses (ValueError) no table, or weights that are not one positive number each.
    """
    share = np.ones(len(tables)) if weights is None else np.asarray(weights, dtype=np.float64)
    if not len(tables) or share.shape != (len(tables),) or not (share > 0).all():
        raise ValueError("one table or more, each with a positive weight")
    share = share / share.sum()
    answers = [estimator(table) for table in tables]
    refusals = [(float(w), one) for w, one in zip(share, answers, strict=True) if isinstance(one, Declined)]
    refused = sum(weight for weight, _ in refusals)
    if refused > MOST_DECLINED:
        reasons = [one.reason for _, one in refusals]
        return Declined(method=METHOD, reason=max(reasons, key=reasons.count))
    kept = [
        (float(w), table.seen, one)
        for w, table, one in zip(share, tables, answers, strict=True)
        if isinstance(one, Estimate)
    ]
    notes = {"tables": float(len(tables)), "declined": refused}
    middle = np.array([one.persons for _, _, one in kept])
    mixing = np.array([weight for weight, _, _ in kept]) / (1 - refused)
    if any(one.low is None or one.high is None for _, _, one in kept):
        median = np.quantile(middle, 0.5, weights=mixing, method="inverted_cdf")
        return Estimate(method=METHOD, persons=float(median), notes=notes)
    level = kept[0][2].level
    parts = np.array([_component(seen, one) for _, seen, one in kept])
    tail = (1 - level) / 2
    low, persons, high = (_quantile(parts, mixing, each) for each in (tail, 0.5, 1 - tail))
    return Estimate(method=METHOD, persons=persons, low=low, high=high, level=level, notes=notes)


def _component(seen: int, one: Estimate) -> tuple[float, float, float, float]:
    """(seen, mean of the log of the unseen, its spread below, its spread above)."""
    assert one.low is not None and one.high is not None
    z = float(norm.ppf((1 + one.level) / 2))
    low, middle, high = (np.log(max(each - seen, _LEAST_UNSEEN)) for each in (one.low, one.persons, one.high))
    return seen, middle, max(middle - low, 1e-9) / z, max(high - middle, 1e-9) / z


def _quantile(parts: Floats, weights: Floats, level: float) -> float:
    """Persons in all at the quantile `level` of the mixture of log-normals `parts`, shape (tables, 4)."""
    seen, centre, below, above = parts.T

    def excess(persons: float) -> float:
        far = np.log(np.maximum(persons - seen, 1e-300)) - centre
        return float(weights @ norm.cdf(far / np.where(far < 0, below, above)) - level)

    z = norm.ppf(level)
    each = seen + np.exp(centre + z * np.where(z < 0, below, above))
    low, high = float(each.min()), float(each.max())
    if high - low < 1e-9 * high:
        return high
    return float(brentq(excess, low * (1 - 1e-9), high * (1 + 1e-9)))


def _kept(k: int, kept: ArrayLike) -> Floats:
    """Shape (k,): one probability for each list."""
    found = np.broadcast_to(np.asarray(kept, dtype=np.float64), (k,))
    if not ((found > 0) & (found <= 1)).all():
        raise ValueError("a record keeps its links with a probability above 0 and at most 1")
    return found
