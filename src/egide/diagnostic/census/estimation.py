"""What a coded sample says of the whole corpus, worked out inside the door: estimates, and nothing by ad. Pure.

The sampled ads meet the machine's groups and marks here, while both are alive: rows that leave the door are shuffled.
Source: docs/methods/ad-census.md, "The second pass"; distinct-persons.md; clues.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from egide.diagnostic import clues
from egide.diagnostic.census.coded import CodedSample
from egide.diagnostic.census.door import Alive
from egide.diagnostic.clues import Estimate, Measure, PairTable, Published, ShareTable
from egide.diagnostic.clues.estimates import share_among
from egide.diagnostic.duplicates.ads import Clusters
from egide.diagnostic.duplicates.difference import distinct_persons_around
from egide.diagnostic.duplicates.folding import fold
from egide.diagnostic.duplicates.multiplicity import Persons, distinct_persons
from egide.diagnostic.duplicates.published import Published as Study
from egide.diagnostic.duplicates.published import point_method
from egide.diagnostic.sampling.moments import Flags
from egide.diagnostic.thresholds import behind, publishable


@frozen(kw_only=True)
class Estimates:
    """Each part is None when it may not be shown, was not coded, or cannot be estimated."""

    ads: int
    coded: int
    persons: Persons | None
    around: Persons | None  # the same, around the machine's groups
    study: Study | None  # the study's point method, beside them
    measures: tuple[Measure, ...] = field(default=())  # of the nine clues; empty when they were not coded
    published: Published | None = field(default=None)  # the clues that may be counted
    everywhere: ShareTable | None = field(default=None)  # one cell, territory ""
    territories: ShareTable | None = field(default=None)
    pairs: PairTable | None = field(default=None)
    others: Mapping[str, Estimate | None] = field(factory=dict)


def estimates(alive: Alive, sample: CodedSample, *, territory: Sequence[str], period: str, at_least: int) -> Estimates:
    """In: territory: of each ad of the corpus, "" when not known; period: of the collection, in words.

    Nothing is shown of a corpus that may not be shown as a whole: 5 persons, 3 authors, none above half.
    """
    everyone, drawn = alive.clusters, sample.places
    shown = publishable(behind(everyone.person, everyone.author), crossed=False)
    people = Clusters(author=everyone.author[drawn], person=everyone.person[drawn])
    duplicates = 1 - float(np.mean(1 / sample.persons.same_person))
    found = Estimates(
        ads=len(alive.ads),
        coded=len(drawn),
        persons=distinct_persons(sample.persons) if shown else None,
        around=distinct_persons_around(sample.persons, everyone.person, drawn) if shown else None,
        study=point_method(len(alive.ads), len(drawn), duplicates) if shown else None,
        others={column: _share(*said, people, sample) for column, said in sample.others.items()},
    )
    if sample.marks is None or sample.organised is None:
        return found
    design, coder = sample.persons.design, sample.marks
    machine = clues.observe(fold(alive.ads.texts), _links(alive), everyone).drawn(drawn)
    measures = clues.measure(machine, coder, sample.organised, people=people, design=design)
    codes = [one.code for one in measures if one.may_be_published]
    if not codes:
        return evolve(found, measures=measures)
    published = clues.checked(codes, measures)
    found = evolve(
        found,
        measures=measures,
        published=published,
        pairs=clues.pair_table(coder, published, people=people, design=design),
    )
    if at_least > len(codes):
        return found
    where = [territory[place] for place in drawn.tolist()]
    counted: Any = {"at_least": at_least, "people": people, "design": design}
    return evolve(
        found,
        everywhere=clues.share_table(
            coder, published, territory=[""] * len(drawn), period=[period] * len(drawn), **counted
        ),
        territories=clues.gathered_share_table(coder, published, territory=where, period=period, **counted),
    )


def _links(alive: Alive) -> clues.Links:
    nothing = [""] * len(alive.ads)
    digests = alive.digests
    return clues.Links(
        accounts=clues.numbered(digests.accounts),
        days=clues.numbered(alive.ads.days or nothing),
        areas=clues.numbered(alive.ads.places or nothing),
        phone_ad=digests.phone_ad,
        phone=clues.numbered(digests.phone),
        block=clues.numbered(digests.line),
    )


def _share(yes: Flags, known: Flags, people: Clusters, sample: CodedSample) -> Estimate | None:
    """Share of yes among the ads whose answer is known, when enough persons stand on both sides."""
    for side in (known & yes, known & ~yes):
        if not publishable(behind(people.person[side], people.author[side]), crossed=True):
            return None
    return share_among(yes, known, sample.persons.design)
