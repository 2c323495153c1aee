"""What leaves this package: shares by territory and period, and which clues go together. Never an ad.

A cell is shown when enough persons and authors stand on both of its sides, with and without (thresholds.py); then it
is a candidate for `egide.disclosure`, which has the last word. Source: docs/methods/clues.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from egide.diagnostic.clues.catalogue import PROVES_NOTHING
from egide.diagnostic.clues.estimates import Estimate, share_among
from egide.diagnostic.clues.marks import Marks
from egide.diagnostic.clues.measures import Published
from egide.diagnostic.duplicates.ads import Clusters
from egide.diagnostic.sampling.moments import Design
from egide.diagnostic.thresholds import behind, parts, publishable
from egide.errors import CalculationRefused

Bools = NDArray[np.bool_]
LEVEL = 0.95
TOGETHER = " + "  # between territories of one part


@frozen(kw_only=True)
class ShareCell:
    """Share of the ads of a territory and a period with at least k clues; `share` is None when it may not be shown.

    persons, persons_with: distinct persons of the sampled ads, and of those with k clues or more. They are candidates
    for the door, whatever `share` says, and are not printed.
    """

    territory: str
    period: str
    share: Estimate | None
    persons: int = field(repr=False)
    persons_with: int = field(repr=False)


@frozen(kw_only=True)
class ShareTable:
    """The shares of one k, with the sentence that must be printed under them."""

    at_least: int
    published: Published
    cells: tuple[ShareCell, ...]  # territories, then periods, in their own order
    sentence: str = field(init=False, default=PROVES_NOTHING)


@frozen(kw_only=True)
class PairCell:
    """Share of the ads with both clues; twice the same clue: with it. None when it may not be shown."""

    first: str
    second: str
    share: Estimate | None


@frozen(kw_only=True)
class PairTable:
    """Which clues go together over the whole corpus, with the sentence that must be printed under it."""

    published: Published
    cells: tuple[PairCell, ...]
    sentence: str = field(init=False, default=PROVES_NOTHING)


def share_table(
    coder: Marks,
    published: Published,
    *,
    at_least: int,
    territory: Sequence[str],
    period: Sequence[str],
    people: Clusters,
    design: Design,
) -> ShareTable:
    """Share of the ads with at least `at_least` of the published clues, by territory and period, 95 % intervals.

    In:     the coder's marks of the sampled ads; where and when each was published (any labels); who stands behind
            them; the design of the sample.
    Out:    one cell for each territory and each period of the sample, even when no sampled ad falls in it.
    Raises: CalculationRefused when `at_least` is below 1 or above the number of published clues; ValueError when the
            columns are not of as many ads.
    """
    _same_length(coder, territory, period, people, design)
    if not 1 <= at_least <= len(published.codes):
        raise CalculationRefused(
            f"«\u00a0Au moins {at_least}\u00a0» indices parmi {len(published.codes)} publiés\u00a0: "
            f"demandez de 1 à {len(published.codes)}."
        )
    having = coder._said[:, published.columns()].sum(axis=1) >= at_least
    where, when = np.asarray(territory, dtype=np.str_), np.asarray(period, dtype=np.str_)
    cells = [
        _share_cell(str(one), str(other), having, (where == one) & (when == other), people, design)
        for one in np.unique(where)
        for other in np.unique(when)
    ]
    return ShareTable(at_least=at_least, published=published, cells=tuple(cells))


def gathered_share_table(
    coder: Marks,
    published: Published,
    *,
    at_least: int,
    territory: Sequence[str],
    period: str,
    people: Clusters,
    design: Design,
) -> ShareTable | None:
    """The same over one period, territories too small for a share being put together as "A + B".

    Every cell is then shown, and none is hidden that the share of the whole would give back. None when that leaves
    fewer than two cells.
    """
    having = coder._said[:, published.columns()].sum(axis=1) >= at_least
    where = np.asarray(territory, dtype=np.str_)

    def fit(here: NDArray[np.int64]) -> bool:
        with_them = having[here]
        return all(_enough(side, people) for side in (here, here[with_them], here[~with_them]))

    found = parts({str(one): np.flatnonzero(where == one) for one in np.unique(where)}, fit)
    if len(found) < 2:
        return None
    name = {cell: TOGETHER.join(cells) for cells in found for cell in cells}
    return share_table(
        coder,
        published,
        at_least=at_least,
        territory=[name[one] for one in territory],
        period=[period] * len(where),
        people=people,
        design=design,
    )


def pair_table(coder: Marks, published: Published, *, people: Clusters, design: Design) -> PairTable:
    """Share of all the ads that bear each pair of published clues, and each one alone on the diagonal.

    A pair is hidden with fewer than 11 persons or 3 authors on any of its sides, unless one clue always comes with
    the other; so are both its clues alone, which would bound it, and a pair that is one of these under another name.
    Raises: ValueError when the columns are not of as many ads.
    """
    _same_length(coder, people.person, people.author, people, design)
    everything = np.ones(len(coder), dtype=np.bool_)
    columns = dict(zip(published.codes, published.columns(), strict=True))
    said = {code: coder._said[:, column] for code, column in columns.items()}
    hidden = _hidden_pairs(said, people)
    return PairTable(
        published=published,
        cells=tuple(
            PairCell(
                first=first,
                second=second,
                share=None
                if (first, second) in hidden
                else share_among(said[first] & said[second], everything, design, level=LEVEL),
            )
            for first, second in combinations_with_replacement(said, 2)
        ),
    )


def _hidden_pairs(said: Mapping[str, Bools], people: Clusters) -> set[tuple[str, str]]:
    pairs = list(combinations_with_replacement(said, 2))
    hidden = set()
    for first, second in pairs:
        one, other = said[first], said[second]
        if not all(_enough(side, people) for side in (one & other, ~(one & other))) or not all(
            not side.any() or _enough(side, people) for side in (one & ~other, other & ~one)
        ):
            hidden.add((first, second))
    while True:
        more = {(code, code) for pair in hidden for code in pair}
        more |= {
            pair
            for pair in pairs
            for code in pair
            if (code, code) in hidden | more and np.array_equal(said[pair[0]] & said[pair[1]], said[code])
        }
        if more <= hidden:
            return hidden
        hidden |= more


def _share_cell(
    territory: str, period: str, having: Bools, inside: Bools, people: Clusters, design: Design
) -> ShareCell:
    with_them = inside & having
    shown = all(_enough(side, people) for side in (inside, with_them, inside & ~having))
    return ShareCell(
        territory=territory,
        period=period,
        share=share_among(having, inside, design, level=LEVEL) if shown else None,
        persons=len(np.unique(people.person[inside])),
        persons_with=len(np.unique(people.person[with_them])),
    )


def _enough(ads: Bools | NDArray[np.int64], people: Clusters) -> bool:
    return publishable(behind(people.person[ads], people.author[ads]), crossed=True)


def _same_length(
    coder: Marks,
    first: Sequence[str] | NDArray[np.int64],
    second: Sequence[str] | NDArray[np.int64],
    people: Clusters,
    design: Design,
) -> None:
    sizes = {len(coder), len(first), len(second), len(people.person), len(people.author), len(design.stratum)}
    if len(sizes) > 1:
        raise ValueError("columns of different numbers of ads")
