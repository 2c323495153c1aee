"""One table protected once, in a process of its own: prints one line of JSON.

    python -m support.one_protection 10000 ours --reader positive --level two
    python -m support.one_protection 10000 "peer, anySum" --keep peer.npy
    python -m support.one_protection 10000 "ours, as peer" --like peer.npy

Processor seconds are those of the choice of cells alone; drawing the table before it, and reading it after it as the
two readers do, are counted apart. So is making the loops into machine code, once on each machine.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from egide.disclosure.attack.findings import FULL, Level, ambiguous
from egide.disclosure.attack.rows import Flags
from egide.disclosure.attack.system import Attacker
from egide.disclosure.cubes import Cube, Linked
from egide.disclosure.secondary import protect_rows
from egide.disclosure.suppress.reveal import reveal
from support import elimination, optimum
from support.counts import SMALL
from support.elimination import Singletons
from support.readers import labelled, narrowed, not_known, values_left
from support.shapes import SHAPES

LEVELS: dict[str, Level] = {"two": ambiguous(2), "full": FULL}
READERS = {"positive": Attacker.POSITIVE_ONLY, "labels": Attacker.LABELS_KNOWN}
PEERS: dict[str, Singletons] = {"peer, none": "none", "peer, anySum": "anySum", "peer, subSpace": "subSpace"}
AS_PEER = "ours, as peer"
ATTACKED = 1_000  # cells that are not zero; beyond, the whole attacker takes longer than the rest of the benchmark


def main() -> None:
    parser = argparse.ArgumentParser(description="One table protected once.")
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("method", choices=["ours", AS_PEER, *PEERS, "optimum"])
    parser.add_argument("--level", choices=LEVELS, default="two")
    parser.add_argument("--reader", choices=READERS, default="labels")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--known", type=Path, help="choices of others, for the optimum: folder of .npy files")
    parser.add_argument("--like", type=Path, help="the choice of a peer: protect what single totals leave open there")
    parser.add_argument("--share", type=float, help="protect this share of the small counts only, the easiest ones")
    parser.add_argument("--keep", type=Path, help="where to write the choice")
    asked = parser.parse_args()
    table = SHAPES[asked.shape].draw(asked.seed)
    primary = table.numbers < SMALL
    said: dict[str, object] = {
        "cells": sum(one.counts.size for one in table.tables),
        "filled": len(table.numbers),
        "primary": int(primary.sum()),
    }
    start = time.process_time()
    if asked.method == "optimum":
        known = [np.load(path) for path in sorted(asked.known.glob("*.npy"))] if asked.known else []
        best = optimum.fewest(table.rows, table.numbers, primary, known=known)
        said |= {"lower": best.lower, "secondary": best.found, "rounds": best.rounds, "left_aside": best.unreachable}
        hidden, said["cpu"] = best.hidden, time.process_time() - start
    elif asked.method == AS_PEER:
        kept = primary & not_known(table.rows, table.numbers, np.load(asked.like) | primary)
        start = time.process_time()
        hidden, proven = only(table, primary, kept)
        said |= {"proven": proven, "cpu": time.process_time() - start}
    elif asked.share is not None:
        hidden, proven = only(table, primary, easiest(table, primary, asked.share))
        said |= {"proven": proven, "cpu": time.process_time() - start}
    elif asked.method == "ours":
        hidden, proven = ours(table, primary, LEVELS[asked.level], READERS[asked.reader])
        said |= {"proven": proven, "cpu": time.process_time() - start}
    else:
        hidden = peer(table, primary, PEERS[asked.method])
        said["cpu"] = time.process_time() - start
    if hidden is not None:
        said |= read(table, hidden | primary, READERS[asked.reader])
        if asked.keep:
            np.save(asked.keep, hidden & ~primary)
    print(json.dumps(said))


def ours(table: Linked, primary: Flags, level: Level, reader: Attacker) -> tuple[Flags, int]:
    """The cells that Égide hides, and how many small counts it has proven to keep the level."""
    done = protect_rows(
        table.rows,
        table.numbers,
        primary,
        level=level,
        attacker=reader,
        threshold=SMALL,
    )
    return done.hidden, int(done.proven.sum())


def only(table: Linked, primary: Flags, asked: Flags) -> tuple[Flags, int]:
    """What Égide hides so that these small counts keep two values for who knows only that hidden is not zero; the other
    ones are hidden, and nothing is asked for them."""
    done = reveal(
        labelled(table.rows, table.numbers, Attacker.POSITIVE_ONLY),
        table.numbers,
        hidden=primary,
        hideable=~primary,
        needs=np.where(asked, 2, 0),
        width=SMALL - 1,
        beyond=True,
        weights=np.ones(len(table.numbers)),
    )
    return done.hidden, int((asked & (done.values >= 2)).sum())


def easiest(table: Linked, primary: Flags, share: float) -> Flags:
    """All small counts but those for which most cells are hidden."""
    done = protect_rows(
        table.rows, table.numbers, primary, level=LEVELS["two"], attacker=Attacker.POSITIVE_ONLY, threshold=SMALL
    )
    dear = np.bincount(done.protects[done.protects >= 0], minlength=len(primary))
    cells = np.flatnonzero(primary)
    order = cells[np.argsort(dear[cells], kind="stable")]
    easy = np.zeros_like(primary)
    easy[order[: int(np.ceil(share * len(cells)))]] = True
    return easy


def peer(table: Linked, primary: Flags, singletons: Singletons) -> Flags:
    """The cells that elimination hides."""
    inner = np.zeros(len(table.numbers), np.int64)
    for number, cube in enumerate(table.tables):
        filled = (cube.counts[np.ix_(*(one.leaves for one in cube.dimensions))] > 0).astype(np.int64)
        mine = table.cubes == number
        inner[mine] = Cube.of(cube.dimensions, filled).counts.reshape(-1)[table.cells[mine]]
    return elimination.suppressed(table.rows, table.numbers, primary, inner, singletons=singletons)


def read(table: Linked, hidden: Flags, reader: Attacker) -> dict[str, object]:
    said: dict[str, object] = {"secondary": int((hidden & (table.numbers >= SMALL)).sum())}
    for name, one in READERS.items():
        found = narrowed(table.rows, table.numbers, hidden, one)
        said |= {f"narrowed_{name}": found.some, f"known_{name}": found.all_but_one}
    if len(table.numbers) <= ATTACKED:
        left = values_left(table.rows, table.numbers, hidden, reader)
        said |= {"two": int((left >= 2).sum()), "four": int((left >= SMALL - 1).sum())}
    return said


if __name__ == "__main__":
    main()
