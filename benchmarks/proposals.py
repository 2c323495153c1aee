"""How many true mates the coding screen proposes, and what a coded sample then gives around the machine's own groups.

    python benchmarks/proposals.py            12 departments of 699 ads, 4,000 and 40,000 ads
    python benchmarks/proposals.py --small    3 departments: that it runs

Corpora of `egide.diagnostic.synthetic`, machine of `egide.diagnostic.duplicates`. Recall: share of the true mates of
200 sampled ads, counted in distinct wordings, that are among the 15 proposed (a person written in more wordings than 15
counts as 15): for ads drawn at random, then for those drawn by size of machine group, more of them lonely and hard.
Half-width: of the 95 % interval of the duplicate share, in points, 200 ads coded without a mistake, mean of 1,000
surveys; coverage over the same surveys. It asserts nothing. See docs/methods/distinct-persons.md.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from egide.diagnostic.duplicates import cluster, difference
from egide.diagnostic.duplicates.ads import UNKNOWN
from egide.diagnostic.duplicates.clustering import neighbours
from egide.diagnostic.duplicates.folding import fold
from egide.diagnostic.duplicates.identities import identities
from egide.diagnostic.duplicates.phones import lines
from egide.diagnostic.duplicates.proposals import MOST, Neighbours, propose, recall
from egide.diagnostic.sampling.allocation import neyman
from egide.diagnostic.synthetic import Corpus, generate
from egide.linkage.pseudonyms import Key
from support.coded_surveys import surveys

CODED, SURVEYS = 200, 1_000
FIRST_SEED = 100  # weights of the proposals were chosen on 0 to 9
ORGANISED = (0.10, 0.25, 0.50)


def main() -> None:
    parser = argparse.ArgumentParser(description="What the coding screen proposes.")
    parser.add_argument("--small", action="store_true", help="three departments")
    asked = parser.parse_args()
    shapes = [(699, 273, 3)] if asked.small else [(699, 273, 12), (4_000, 600, 3), (40_000, 6_000, 1)]
    print("| ads / persons | organised | corpora | recall (lowest) | of the drawn | half-width | coverage | CPU s |")
    print("|---|---|---|---|---|---|---|---|")
    for ads, persons, corpora in shapes:
        for organised in ORGANISED[1:2] if asked.small else ORGANISED:
            start = time.process_time()
            found = [
                measured(generate(FIRST_SEED + seed, persons=persons, ads=ads, organised=organised), FIRST_SEED + seed)
                for seed in range(corpora)
            ]
            recalled, of_drawn, half, hit = np.array(found).T
            print(
                f"| {ads:,} / {persons:,} | {organised:.0%} | {corpora} | {recalled.mean():.1%} ({recalled.min():.1%}) "
                f"| {of_drawn.mean():.1%} ({of_drawn.min():.1%}) "
                f"| {half.mean():.2f} ({half.max():.2f}) | {hit.mean():.1%} | {time.process_time() - start:.0f} |",
                flush=True,
            )


def measured(corpus: Corpus, seed: int) -> tuple[float, float, float, float]:
    """Recall of the proposals for ads at random, then for those of the first survey; half-width in points, coverage."""
    chance = np.random.default_rng(seed)
    key = Key(seed.to_bytes(32, "little"))
    groups = cluster(corpus.ads, key=key)
    wording, pairs, labels = seen(corpus, key)
    stratum = difference.size_classes(groups.person)
    held = np.bincount(stratum, minlength=len(difference.EXPECTED_SPREAD))
    allocation = neyman(held.tolist(), difference.EXPECTED_SPREAD, CODED, minimum=4)
    places, design = surveys(stratum, allocation, SURVEYS, chance)
    truth = corpus.truth.person
    anyone = chance.choice(len(truth), CODED, replace=False)
    recalled = [
        recall(propose(sampled, wording, pairs, groups, labels, MOST), sampled, wording, truth)
        for sampled in (anyone, places[0])
    ]
    same, size = difference.group_sizes(truth), difference.group_sizes(groups.person)
    low, high = difference.bounds(same[places], size[places], design, 0.95)
    error = len(np.unique(truth)) - groups.persons
    return (
        *recalled,
        float((high - low).mean()) / 2 / len(truth) * 100,
        float(((low <= error) & (error <= high)).mean()),
    )


def seen(corpus: Corpus, key: Key) -> tuple[np.ndarray, Neighbours, list[np.ndarray]]:
    """Wording of each ad, pairs of ads that stand for near wordings; town, name, age, keyed number and its block."""
    folded, ads = fold(corpus.ads.texts), corpus.ads
    wording, pairs = neighbours(ads, key=key)
    given, shown = lines(folded, key, fold(ads.phones) if ads.phones is not None else None), identities(folded)
    line = np.full(len(ads), UNKNOWN)
    line[given.ad[::-1]] = given.line[::-1]
    block = np.where(line == UNKNOWN, UNKNOWN, given.block_of_line[line])
    names, town = np.unique(np.array(ads.places), return_inverse=True)
    town = np.where(names[town] == "", UNKNOWN, town)
    return wording, pairs, [town, shown.name, shown.age, line, block]


if __name__ == "__main__":
    main()
