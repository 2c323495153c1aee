"""Which ads the coding screen puts beside a sampled one: at most 15, and the coder decides.

The coder must search the whole corpus for the ads of the same person; these are where to look first. Places in the
corpus come in and go out: no text, no phone, no score. Source: docs/methods/distinct-persons.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from scipy.sparse import csr_array

from egide.diagnostic.duplicates.ads import UNKNOWN, Clusters
from egide.diagnostic.sampling.moments import Floats, Ints

MOST = 15
# Against a likeness of 1 at most; chosen on ten synthetic departments, measured on others.
_SAME_PERSON, _SAME_AUTHOR = 1.0, 0.7
_SAME_LABEL = 1.5  # for a label that nobody else bears
_APART = 0.9  # share of it that two known and different labels take away
_MOST_ALIKE = 2_000  # ads looked at for one common label: a large town is no clue


@frozen(kw_only=True, eq=False, repr=False)
class Neighbours:
    """Pairs of ads that the machine found alike, each once or twice. likeness: from 0 to 1."""

    left: Ints
    right: Ints
    likeness: Floats

    def __attrs_post_init__(self) -> None:
        if not len(self.left) == len(self.right) == len(self.likeness):
            raise ValueError(f"{len(self.left)} lefts, {len(self.right)} rights, {len(self.likeness)} likenesses")


def propose(
    sampled: Ints,
    wording: Ints,
    neighbours: Neighbours,
    clusters: Clusters,
    labels: Sequence[Ints] = (),
    most: int = MOST,
) -> Ints:
    """For each sampled ad, places of at most `most` other ads, best first; then UNKNOWN.

    One ad stands for all those of one exact wording, so that a person with forty copies does not fill the screen. What
    counts: the same machine person, then author, then how alike the wordings are (or those between them), and whatever
    else the ads have in common, the rarer the more.
    In:     sampled: shape (n,), places; wording: shape (ads,), equal for ads of exactly one text.
            labels: anything that two ads of one person often share (town, name, age, keyed number), each of shape
            (ads,), UNKNOWN where not known. Each counts as given, then again with the unknown ones completed by what
            most ads of the machine person bear: a number is hidden in one ad and shown in the next.
    Out:    shape (n, most).
    """
    likeness = _likeness(wording, neighbours)
    of_wording, person, author = _Members(wording), _Members(clusters.person), _Members(clusters.author)
    labels = [*labels, *(_completed(label, clusters.person) for label in labels)]
    of_labels = [_Members(label) for label in labels]
    worth = [_rarity(label) for label in labels]
    proposals = np.full((len(sampled), most), UNKNOWN, dtype=np.int64)
    for row, ad in enumerate(sampled.tolist()):
        near = _near(likeness, int(wording[ad]))
        places = [of_wording.of(one) for one in near] + [person.of(clusters.person[ad]), author.of(clusters.author[ad])]
        for members, label in zip(of_labels, labels, strict=True):
            alike = members.of(label[ad]) if label[ad] != UNKNOWN else members.of(UNKNOWN)[:0]
            places.append(alike[:_MOST_ALIKE])
        met = np.unique(np.concatenate(places))
        met = met[met != ad]
        score = np.array([near.get(one, 0.0) for one in wording[met].tolist()])
        score += _SAME_PERSON * (clusters.person[met] == clusters.person[ad])
        score += _SAME_AUTHOR * (clusters.author[met] == clusters.author[ad])
        for label, rare in zip(labels, worth, strict=True):
            known = (label[met] != UNKNOWN) & (label[ad] != UNKNOWN)
            score += np.where(known, np.where(label[met] == label[ad], rare[ad], -_APART * rare[ad]), 0.0)
        best = met[np.lexsort((met, -score))]
        _, first = np.unique(wording[best], return_index=True)
        kept = best[np.sort(first)][:most]
        proposals[row, : len(kept)] = kept
    return proposals


def recall(proposals: Ints, sampled: Ints, wording: Ints, person: Ints) -> float:
    """Share of the true mates that are on the screen, counted in wordings, over all the sampled ads.

    A person written in more wordings than the screen has room for counts as many as there is room. 1 without any mate.
    """
    room, shown, due = proposals.shape[1], 0, 0
    for row, ad in zip(proposals, sampled.tolist(), strict=True):
        mates = np.flatnonzero(person == person[ad])
        wanted = np.unique(wording[mates[mates != ad]])
        seen = wording[row[row != UNKNOWN]]
        due += min(room, len(wanted))
        shown += min(room, int(np.isin(wanted, seen).sum()))
    return shown / due if due else 1.0


def _likeness(wording: Ints, neighbours: Neighbours) -> csr_array:
    """Symmetric, the best likeness of any two ads of two wordings."""
    one, other = wording[neighbours.left], wording[neighbours.right]
    rows, columns = np.concatenate([one, other]), np.concatenate([other, one])
    values = np.concatenate([neighbours.likeness, neighbours.likeness])
    order = np.lexsort((-values, columns, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    kept = np.ones(len(rows), dtype=np.bool_)
    kept[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    kept &= rows != columns
    size = int(wording.max(initial=-1)) + 1
    return csr_array((values[kept], (rows[kept], columns[kept])), shape=(size, size))


def _near(likeness: csr_array, own: int) -> dict[int, float]:
    """Wordings to look at, with their likeness: its own, its neighbours, and theirs through them."""
    found: dict[int, float] = {}
    for near, alike in _beside(likeness, own):
        found[near] = max(found.get(near, 0.0), alike)
        for further, still in _beside(likeness, near):
            found[further] = max(found.get(further, 0.0), alike * still)
    return {**found, own: 1.0}


def _beside(likeness: csr_array, one: int) -> Iterator[tuple[int, float]]:
    ends = slice(likeness.indptr[one], likeness.indptr[one + 1])
    return zip(likeness.indices[ends].tolist(), likeness.data[ends].tolist(), strict=True)


class _Members:
    """Places of the ads that bear each label."""

    def __init__(self, label: Ints) -> None:
        self._order = np.argsort(label, kind="stable")
        self._sorted = label[self._order]

    def of(self, label: int) -> Ints:
        low, high = np.searchsorted(self._sorted, [label, label + 1])
        return self._order[low:high]


def _completed(label: Ints, person: Ints) -> Ints:
    """Unknown labels replaced by the most frequent known one of the machine person; the smallest on equal counts."""
    known = label != UNKNOWN
    if not known.any():
        return label
    kinds = int(label.max()) + 1
    groups, group = np.unique(person, return_inverse=True)
    pairs, times = np.unique(group[known] * kinds + label[known], return_counts=True)
    order = np.lexsort((pairs, -times, pairs // kinds))
    held, first = np.unique(pairs[order] // kinds, return_index=True)
    usual = np.full(len(groups), UNKNOWN, dtype=np.int64)
    usual[held] = pairs[order][first] % kinds
    return np.where(known, label, usual[group])


def _rarity(label: Ints) -> Floats:
    """What a label in common is worth, shape (ads,): nothing when every ad bears it, most when one ad does."""
    _, which, times = np.unique(label, return_inverse=True, return_counts=True)
    found: Floats = _SAME_LABEL * np.log(len(label) / times[which]) / max(np.log(len(label)), 1e-9)
    return found
