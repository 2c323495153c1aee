"""What missed links do to an estimate, and what is left of it once undone; then the whole chain on invented lists.

    python benchmarks/linkage_error.py             three to four CPU minutes
    python benchmarks/linkage_error.py --small     ten times less

First table: populations of 3, 4 and 5 lists drawn from known models; 10 % of the links between two records of a person
are missed. Mean error of the estimate, and how often its 95 % interval holds the truth, on the true table, on the one
with missed links, and on that one corrected: recall known, then known between 85 and 94 %.
Second table: invented persons with mistakes in names and dates, on three lists; names to tokens, tokens to tables,
table to estimate. It asserts nothing. See docs/methods/linkage-error.md.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np

from egide.estimation.histories import Histories
from egide.estimation.linkage_error import Estimator, breaking, carried, corrected
from egide.estimation.models import independence
from egide.estimation.results import Answer, Estimate
from egide.linkage.link import link
from egide.linkage.pseudonyms import Key
from egide.unseen.linking.persons import persons
from egide.unseen.linking.tables import Found, linked
from egide.unseen.linking.token_files import token_list
from egide.unseen.linking.tokens import tokens

# The generators belong to the tests. Added last: `support` of this folder is not wanted here.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support.broken_links import WORLDS, World, by_choice, by_model
from support.partners import HEADINGS, partners

RECALL = 0.9
NAMES = ("a", "b", "c")


def main() -> None:
    parser = argparse.ArgumentParser(description="Missed links, undone; and the whole chain.")
    parser.add_argument("--small", action="store_true", help="ten times fewer populations")
    asked = parser.parse_args()
    print(f"load at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    start = time.process_time()
    for world in WORLDS:
        missed(world, "its own model", partial(by_model, world.model), 20 if asked.small else 200)
    for world in WORLDS[:4]:
        missed(world, "best pairwise by BIC", by_choice, 5 if asked.small else 50)
    print("\nnames to estimate, 3 independent lists, 6,000 persons, independence model")
    for noise in (0.03, 0.08, 0.12):
        chain(noise, 2 if asked.small else 12)
    print(f"{time.process_time() - start:.0f} processor seconds")


def missed(world: World, estimator_name: str, estimator: Estimator, times: int) -> None:
    chance = np.random.default_rng(6)
    ways: dict[str, Callable[[Histories, Histories], Answer]] = {
        "true links": lambda true, seen: estimator(true),
        "10 % missed": lambda true, seen: estimator(seen),
        "corrected": lambda true, seen: undone(seen, RECALL, RECALL, estimator, chance),
        "corrected, 85 to 94 %": lambda true, seen: undone(seen, 0.85, 0.94, estimator, chance),
    }
    answers: dict[str, list[Answer]] = {name: [] for name in ways}
    for _ in range(times):
        true = world.drawn(chance)
        seen = true.with_counts(breaking(true.counts, np.sqrt(RECALL), chance))
        for name, way in ways.items():
            answers[name].append(way(true, seen))
    told = "; ".join(f"{name} {said(found, world.persons)}" for name, found in answers.items())
    print(f"{world.name}, {world.persons:,} persons, {estimator_name}: {told}", flush=True)


def undone(seen: Histories, low: float, high: float, estimator: Estimator, chance: np.random.Generator) -> Answer:
    return corrected(seen, recall=RECALL, low=low, high=high, estimator=estimator, chance=chance, draws=25)


def said(answers: Sequence[Answer], persons_in_all: int) -> str:
    given = [one for one in answers if isinstance(one, Estimate)]
    if not given:
        return "no answer"
    error = float(np.mean([one.persons / persons_in_all - 1 for one in given]))
    held = np.mean([(one.low or 0) <= persons_in_all <= (one.high or 0) for one in given])
    declined = f" ({len(answers) - len(given)} declined)" if len(given) < len(answers) else ""
    return f"{error:+.1%} holds {held:.0%}{declined}"


def chain(noise: float, times: int) -> None:
    """Lists of invented persons, linked by their tokens; the recall that corrects is the true one."""
    estimator = partial(by_model, independence(3))
    chance = np.random.default_rng(6)
    found: dict[str, list[Answer]] = {"true table": [], "as linked": [], "corrected": []}
    overlaps, recalls, best = [], [], []
    for seed in range(times):
        world = partners(seed, 6_000, (0.3, 0.25, 0.2), noise=noise)
        key, today = Key.random(), date(2026, 1, 1)
        lists = [
            token_list(
                name,
                "0" * 16,
                (tokens(one, key) for one in persons(HEADINGS, numbered(rows), declared={}, today=today)),
            )
            for name, rows in zip(NAMES, world.rows, strict=True)
        ]
        true = Histories(lists=NAMES, counts=world.counts())
        plain = linked(lists, engine=link, chance=chance, draws=25)
        recall = float(between(plain.table) / between(true))
        measured = Found(recall=recall, low=max(recall - 0.03, 0.01), high=min(recall + 0.03, 1.0))
        mended = linked(lists, engine=link, chance=chance, draws=25, found=measured)
        overlaps.append(plain.table.repeated / true.repeated - 1)
        recalls.append(recall)
        best.append(plain.at_best or np.nan)
        found["true table"].append(estimator(true))
        found["as linked"].append(carried(plain.drawn, None, estimator))
        found["corrected"].append(carried(mended.drawn, None, estimator))
    told = "; ".join(f"{name} {said(answers, 6_000)}" for name, answers in found.items())
    print(
        f"{noise:.0%} of fields wrong: on two lists {np.mean(overlaps):+.1%}, links found {np.mean(recalls):.1%}"
        f" (said at best {np.mean(best):.1%}); {told}",
        flush=True,
    )


def numbered(rows: Sequence[tuple[str, ...]]) -> list[tuple[int, dict[str, str]]]:
    return [(number, dict(zip(HEADINGS, row, strict=True))) for number, row in enumerate(rows, start=2)]


def between(table: Histories) -> float:
    """Pairs of lists that a person is on, over persons."""
    on = np.array([cell.bit_count() for cell in range(len(table.counts))])
    return float((table.counts * on * (on - 1) / 2).sum())


if __name__ == "__main__":
    main()
