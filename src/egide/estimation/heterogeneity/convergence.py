"""Have several chains of draws reached one law? Rank-normalised split R-hat, effective sizes, error of a median.

Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner 2021; docs/methods/latent-classes.md.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri
from scipy.stats import beta, rankdata

from egide.estimation.histories import Floats


def r_hat(draws: Floats) -> float:
    """draws: shape (chains, draws). The larger of the values for the place and for the spread; 1 when chains agree."""
    folded = np.abs(draws - np.median(draws))
    return max(_ratio(_normal_scores(_split(draws))), _ratio(_normal_scores(_split(folded))))


def bulk_size(draws: Floats) -> float:
    """How many independent draws the chains are worth for the middle of the law."""
    return _size(_normal_scores(_split(draws)))


def median_error(draws: Floats) -> float:
    """Monte-Carlo standard error of the median, in the unit of the draws."""
    worth = _size(_split((draws <= np.median(draws)).astype(np.float64)))
    ends = beta.ppf([0.1586553, 0.8413447], worth / 2 + 1, worth / 2 + 1)
    low, high = np.quantile(draws, ends)
    return float(high - low) / 2


def _split(draws: Floats) -> Floats:
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def _normal_scores(draws: Floats) -> Floats:
    ranks = rankdata(draws).reshape(draws.shape)
    return np.asarray(ndtri((ranks - 0.375) / (draws.size + 0.25)), dtype=np.float64)


def _ratio(draws: Floats) -> float:
    within = float(draws.var(axis=1, ddof=1).mean())
    length = draws.shape[1]
    between = float(draws.mean(axis=1).var(ddof=1))
    if within == 0:
        return 1.0 if between == 0 else np.inf
    return float(np.sqrt((length - 1) / length + between / within))


def _size(draws: Floats) -> float:
    """Geyer's initial monotone sequence over the autocorrelations of all the chains."""
    length = draws.shape[1]
    centred = draws - draws.mean(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(centred, 2 * length, axis=1)) ** 2
    covariances = np.fft.irfft(power, axis=1)[:, :length].mean(axis=0) / length
    within = covariances[0] * length / (length - 1)
    total = covariances[0] + float(draws.mean(axis=1).var(ddof=1))
    if total == 0:
        return float(draws.size)
    correlations = 1 - (within - covariances * length / (length - 1)) / total
    correlations[0] = 1.0
    pairs = correlations[: length // 2 * 2].reshape(-1, 2).sum(axis=1)
    ended = np.flatnonzero(pairs <= 0)
    kept = np.minimum.accumulate(pairs[: ended[0] if len(ended) else None])
    time = max(2 * float(kept.sum()) - 1, 1 / np.log10(draws.size))
    return float(draws.size / time)
