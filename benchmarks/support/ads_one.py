"""One method on one invented corpus, in a process of its own: prints a line of JSON.

    python benchmarks/support/ads_one.py make 40000 6000 --seed 1 --file corpus.pickle [--organised 0.5 …]
    python benchmarks/support/ads_one.py run ours --file corpus.pickle

The corpus is written by one process and read by each method, so that what is counted of memory is not its making.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# B-cubed belongs to the tests. Run by its path, this process sees their `support` and not the one it lies in.
sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))


def main() -> None:
    parser = argparse.ArgumentParser()
    kinds = parser.add_subparsers(dest="kind", required=True)
    made = kinds.add_parser("make")
    made.add_argument("ads", type=int)
    made.add_argument("persons", type=int)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--organised", type=float, default=0.25)
    made.add_argument("--phone-shown", type=float, default=0.77)
    made.add_argument("--changing", type=float, default=0.15)
    made.add_argument("--borrowed", type=float, default=0.0)
    made.add_argument("--attacked", type=float, default=0.0)
    made.add_argument("--file", type=Path, required=True)
    run = kinds.add_parser("run")
    run.add_argument("method")
    run.add_argument("--threshold", type=float, default=0.7)
    run.add_argument("--without-phone", action="store_true")
    run.add_argument("--file", type=Path, required=True)
    asked = parser.parse_args()
    print(json.dumps(make(asked) if asked.kind == "make" else judged(asked)))


def make(asked: argparse.Namespace) -> dict[str, Any]:
    from egide.diagnostic.synthetic import generate
    from support.bcubed import largest

    start = time.process_time()
    corpus = generate(
        asked.seed,
        persons=asked.persons,
        ads=asked.ads,
        organised=asked.organised,
        phone_shown=asked.phone_shown,
        changing=asked.changing,
        borrowed=asked.borrowed,
        attacked=asked.attacked,
    )
    cpu = time.process_time() - start
    # Read back by the processes that this benchmark starts, and by nobody else.
    asked.file.write_bytes(pickle.dumps((corpus.ads, corpus.truth), protocol=5))
    texts = corpus.ads.texts
    return {
        "ads": len(texts),
        "letters": sum(map(len, texts)) / len(texts),
        "distinct": len(set(texts)),
        "authors": len(set(corpus.truth.author.tolist())),
        "persons": len(set(corpus.truth.person.tolist())),
        "largest_author": largest(corpus.truth.author),
        "largest_person": largest(corpus.truth.person),
        "cpu": cpu,
    }


def judged(asked: argparse.Namespace) -> dict[str, Any]:
    from support.bcubed import bcubed, largest, pairs, sizes

    ads, truth = pickle.loads(asked.file.read_bytes())
    grouping = _ours(ads) if asked.method == "ours" else _theirs(ads, asked)
    wall, cpu = time.perf_counter(), time.process_time()
    author, person = grouping()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "cpu": cpu,
        "wall": wall,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,  # MB
        "author": bcubed(author, truth.author),
        "person": bcubed(person, truth.person),
        "author_pairs": pairs(author, truth.author),
        "person_pairs": pairs(person, truth.person),
        "largest_author": largest(author),
        "largest_person": largest(person),
        "persons_error": len(sizes(person)) / len(sizes(truth.person)) - 1,
    }


Grouping = Callable[[], tuple[Any, Any]]
FIXED = bytes(range(32))  # a benchmark is run again with the same key; never so with real ads


def _ours(ads: Any) -> Grouping:
    """What is to be timed. Libraries are loaded here, before the clock: no method is judged on its loading."""
    import numba  # noqa: F401

    from egide.diagnostic.duplicates import cluster
    from egide.linkage.pseudonyms import Key

    def grouping() -> tuple[Any, Any]:
        clusters = cluster(ads, key=Key(FIXED))
        return clusters.author, clusters.person

    return grouping


def _theirs(ads: Any, asked: argparse.Namespace) -> Grouping:
    """The same of a library, to which the numbers of the ads are given read: that is not timed."""
    import ads_peers

    from egide.diagnostic.duplicates.folding import fold
    from egide.diagnostic.duplicates.phones import lines
    from egide.linkage.pseudonyms import Key

    ads_peers.loaded(asked.method)
    known = None if asked.without_phone else lines(fold(ads.texts), Key(FIXED), fold(ads.phones))

    def grouping() -> tuple[Any, Any]:
        found = (
            ads_peers.alone(len(ads))
            if asked.method == "phone"
            else ads_peers.grouped(ads.texts, asked.method, asked.threshold)
        )
        if known is not None:
            found = ads_peers.with_phones(found, known.ad, known.line)
        return found, found  # a library knows one level only

    return grouping


if __name__ == "__main__":
    main()
