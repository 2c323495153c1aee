"""Who writes: groups of like wordings, put right by the numbers, accounts and identities that the ads give.

Three steps, each of which asks for agreement of what is already together and never for one link alone:
wordings (gathering.py), then lines (a number or an account says where an ad is at home), then identities for ads
without a line. Source: docs/methods/near-duplicates.md.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from egide.diagnostic.duplicates.gathering import gathered
from egide.diagnostic.duplicates.grams import Worth
from egide.diagnostic.duplicates.likeness import Pairs, read_pairs
from egide.diagnostic.duplicates.machine import distinct
from egide.diagnostic.duplicates.phones import Lines

Ints = NDArray[np.int64]

_UNLIKE_MOST = 10.0  # groups of texts among which a line spreads evenly: beyond, it is an agency's or the site's own
_MAIN_SHARE = 0.5  # of the ads with a line of a group: its line
_STRAY_OF_LINE, _STRAY_OF_GROUP = 0.34, 0.5  # of the ads of a line, of a group: below, the words are borrowed
_BLOCK_REACH = 12  # groups of one block of numbers, in order, that are compared
_NAMES_ALONE = 1  # under one block: more are those of an organiser
_CHANCE_MOST = 0.5  # authors who would share an identity by chance: beyond, it says nothing

# Likeness asked of a pair of wordings in a corpus of `_SMALL` wordings, and its rise when there are ten times more: the
# nearest stranger is nearer among more strangers. The mean of two samples may be lower by `_MEAN_LESS`.
_PLAIN, _PLAIN_RISE = 0.22, 0.025
_SAME_BLOCK, _SAME_BLOCK_RISE = 0.08, 0.035
_OTHER_BLOCK, _OTHER_BLOCK_RISE = 0.34, 0.04
_SMALL = 500
_MEAN_LESS, _MEAN_LESS_OF_BLOCK = 0.09, 0.03
_RISE_WITH_SIZE = 0.01  # for each doubling of the smaller group


@frozen(kw_only=True, eq=False, repr=False)
class Links:
    """What ads have in common beyond their words: `ad[i]` has `label[i]`; a label means nothing by itself."""

    ad: Ints
    label: Ints

    def joined(self, other: Links) -> Links:
        """Both, the labels of `other` after ours."""
        above = int(self.label.max(initial=-1)) + 1
        return Links(ad=np.concatenate([self.ad, other.ad]), label=np.concatenate([self.label, other.label + above]))


def by_wording(wording: Ints, worth: Worth, near: Pairs, given: Lines) -> Ints:
    """Group of each wording: alike texts, more easily when their numbers stand in one block of a hundred.

    wording: of each ad, shape (n,).
    """
    grown = gathered(len(worth), worth.sketches, _blocks(given, wording, len(worth)))
    first, second = _cuts(len(worth))
    grown.grow(near.left, near.right, near.jaccard, first)
    block = _blocks(telling_lines(grown.labels()[wording], given), wording, len(worth))
    grown.blocks[:] = block
    left, right = _of_one_block(block, grown.labels())
    serial = read_pairs(worth, left, right)
    grown.grow(serial.left, serial.right, serial.jaccard, second)
    grown.grow(near.left, near.right, near.jaccard, second)
    return grown.labels()


def telling_lines(group: Ints, given: Lines) -> Lines:
    """Without the lines that spread over unlike texts: an agency's, or the site's own."""
    if not len(given.ad):
        return given
    kept = _spread(_numbered(group)[given.ad], given.line, len(given.block_of_line)) <= _UNLIKE_MOST
    kept = kept[given.line]
    return Lines(ad=given.ad[kept], line=given.line[kept], block_of_line=given.block_of_line)


def _spread(group: Ints, label: Ints, labels: int) -> NDArray[np.float64]:
    """Of each label, over how many groups it spreads, as if evenly: inverse of the chance that two of its ads meet."""
    cells, held = np.unique(group * labels + label, return_counts=True)
    whole = np.bincount(cells % labels, held, labels)
    return whole**2 / np.maximum(np.bincount(cells % labels, held.astype(np.float64) ** 2, labels), 1)


def _blocks(given: Lines, wording: Ints, wordings: int) -> Ints:
    """Block of the first number met with each wording, -1 when there is none."""
    blocks = np.full(wordings, -1)
    blocks[wording[given.ad[::-1]]] = given.block_of_line[given.line[::-1]]
    return blocks


def _cuts(count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What is asked first, when a block in common does not count yet, and then; rows as in `gathering.gather`."""
    tens = max(np.log10(max(count, 1) / _SMALL), 0.0)
    plain, other = _PLAIN + _PLAIN_RISE * tens, _OTHER_BLOCK + _OTHER_BLOCK_RISE * tens
    block = _SAME_BLOCK + _SAME_BLOCK_RISE * tens
    apart = [
        (plain, _RISE_WITH_SIZE, plain - _MEAN_LESS, _RISE_WITH_SIZE),
        (other, _RISE_WITH_SIZE, other - _MEAN_LESS, _RISE_WITH_SIZE),
    ]
    return np.array([apart[0], *apart]), np.array([(block, 0.0, block - _MEAN_LESS_OF_BLOCK, 0.0), *apart])


def _of_one_block(block: Ints, group: Ints) -> tuple[Ints, Ints]:
    """Pairs of wordings of one block of numbers and two groups, one wording a group; left < right, left rising."""
    known = np.flatnonzero(block >= 0)
    groups = int(group.max(initial=-1)) + 1
    both, first = np.unique(block[known] * groups + group[known], return_index=True)
    wording, block_of = known[first], both // max(groups, 1)
    pairs = []
    for step in range(1, min(_BLOCK_REACH, len(wording))):
        near = np.flatnonzero(block_of[step:] == block_of[:-step])
        pairs.append(np.sort(np.stack([wording[near], wording[near + step]], axis=1), axis=1))
    every = np.concatenate(pairs) if pairs else np.empty((0, 2), dtype=np.int64)
    every = every[np.lexsort((every[:, 1], every[:, 0]))]
    return every[:, 0].copy(), every[:, 1].copy()


def by_line(group: Ints, links: Links, rounds: int = 2) -> Ints:
    """Groups whose main line is at home elsewhere join it; an ad astray from the home of its line goes there.

    A line is at home in the group where most of its ads are. One that spreads over many groups says nothing.
    """
    if not len(links.ad):
        return _numbered(group)
    for _ in range(rounds):
        group = _one_round(_numbered(group), links)
    return _numbered(group)


def _one_round(group: Ints, links: Links) -> Ints:
    groups, labels = int(group.max()) + 1, int(links.label.max()) + 1
    cells, cell_of, held = np.unique(group[links.ad] * labels + links.label, return_inverse=True, return_counts=True)
    where, label = cells // labels, cells % labels
    of_label = np.bincount(label, held, labels)
    telling = (_spread(group[links.ad], links.label, labels) <= _UNLIKE_MOST)[label]
    of_group = np.bincount(where[telling], held[telling], groups)
    share = np.where(telling, held / np.maximum(of_group[where], 1), 0.0)
    home, at_home = np.full(labels, -1), np.zeros(labels)
    rising = np.lexsort((share, held, label))
    rising = rising[telling[rising]]
    home[label[rising]], at_home[label[rising]] = where[rising], held[rising]  # the last one written is the largest
    main, main_share = np.full(groups, -1), np.zeros(groups)
    rising = np.lexsort((held, where))
    rising = rising[telling[rising]]
    main[where[rising]], main_share[where[rising]] = label[rising], share[rising]
    owned = np.flatnonzero((main >= 0) & (main_share >= _MAIN_SHARE))
    edges = coo_array((np.ones(len(owned)), (owned, home[main[owned]])), shape=(groups, groups))
    joined = connected_components(edges, directed=False)[1].astype(np.int64)
    result: Ints = joined[group]
    here, home_of = group[links.ad], home[links.label]
    few = held[cell_of]
    astray = telling[cell_of] & (few <= _STRAY_OF_LINE * of_label[links.label])
    astray &= few <= _STRAY_OF_GROUP * of_group[here]
    astray &= (joined[home_of] != joined[here]) & (at_home[links.label] >= 2)
    result[links.ad[astray]] = joined[home_of[astray]]
    return result


def by_identity(group: Ints, name: Ints, age: Ints, place: Ints, lined: NDArray[np.bool_]) -> Ints:
    """Ads without a line go where the same name, age and town are at home, when chance alone would hardly do it."""
    group = _numbered(group)
    links = _identities(int(group.max(initial=-1)) + 1, name, age, place)
    if not len(links.ad):
        return group
    labels = int(links.label.max()) + 1
    cells, cell_of, held = np.unique(group[links.ad] * labels + links.label, return_inverse=True, return_counts=True)
    where, label = cells // labels, cells % labels
    rising = np.lexsort((held, label))
    home, at_home = np.full(labels, -1), np.zeros(labels)
    home[label[rising]], at_home[label[rising]] = where[rising], held[rising]
    others = np.bincount(label, held, labels)[links.label] - 1
    here, home_of = group[links.ad], home[links.label]
    moves = ~lined[links.ad] & (home_of != here) & (at_home[links.label] >= 0.6 * others) & (held[cell_of] <= 1)
    moves &= (np.bincount(group)[here] <= 2) | (at_home[links.label] >= 2)
    chosen = np.flatnonzero(moves)[::-1]  # the fullest identity of an ad is written last
    result = group.copy()
    result[links.ad[chosen]] = home_of[chosen]
    return _numbered(result)


def parted(group: Ints, block: Ints, name: Ints, place: Ints) -> Ints:
    """Part two hands with one wording: two blocks of numbers in a group, and no name and no town given in both.

    block: of the number of each ad, -1 when none is given. A person who changes number keeps her name or her town; an
    organiser with more numbers than two is left whole. Ads without a number go by name, then town, then size.
    """
    group = _numbered(group)
    groups = int(group.max(initial=-1)) + 1
    numbered = np.flatnonzero(block >= 0)
    span = int(block.max(initial=0)) + 1
    blocks = distinct(group[numbered] * span + block[numbered])
    two = np.bincount(blocks // span, minlength=groups) == 2
    first = np.full(groups, -1)
    first[blocks[::-1] // span] = blocks[::-1] % span
    side = np.where(block < 0, -1, np.where(block == first[group], 0, 1))
    used = numbered[two[group[numbered]]]
    if not len(used):
        return group
    told = []
    for trait in (name, place):
        known = used[trait[used] >= 0]
        marks = _numbered(group * (int(trait.max(initial=0)) + 1) + trait)
        sides = np.zeros((int(marks.max()) + 1, 2), dtype=bool)
        sides[marks[known], side[known]] = True
        two[group[known[sides[marks[known]].all(axis=1)]]] = False
        if trait is name:
            told_by = np.unique(marks[known] * 2 + side[known], return_index=True)[1]
            names = np.bincount(group[known[told_by]] * 2 + side[known[told_by]], minlength=2 * groups)
            two &= names.reshape(groups, 2).max(axis=1) <= _NAMES_ALONE
        told.append(np.where(sides.any(axis=1), sides.argmax(axis=1), -1)[marks])
        told[-1][trait < 0] = -1
    larger = np.bincount(group[used] * 2 + side[used], minlength=2 * groups).reshape(groups, 2)
    for guess in (*told, larger.argmax(axis=1)[group]):
        side = np.where(side >= 0, side, guess)
    return _numbered(np.where(two[group] & (side == 1), group + groups, group))


def _identities(authors: int, name: Ints, age: Ints, place: Ints) -> Links:
    """Ads with the same name, age and town, or two of the three, where chance would join few of the authors."""
    share = [_shares(trait) for trait in (name, age, place)]
    links = Links(ad=np.empty(0, dtype=np.int64), label=np.empty(0, dtype=np.int64))
    traits = (name, age, place)
    for used in ((0, 1, 2), (0, 2), (0, 1)):
        expected = np.full(len(name), float(authors))
        for one in used:
            expected *= np.where(traits[one] >= 0, share[one], np.inf)
        ads = np.flatnonzero(expected < _CHANCE_MOST)
        label = np.zeros(len(ads), dtype=np.int64)
        for one in used:
            label = _numbered(label * (int(traits[one].max(initial=0)) + 1) + traits[one][ads])
        links = links.joined(Links(ad=ads, label=label))
    return links


def _shares(trait: Ints) -> NDArray[np.float64]:
    """Of each ad, share of the ads that have its value."""
    known = trait >= 0
    counts = np.bincount(trait[known], minlength=1)
    return counts[np.where(known, trait, 0)] / max(int(known.sum()), 1)


def _numbered(labels: Ints) -> Ints:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)
