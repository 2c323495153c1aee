"""What one cube keeps as it is, and in the breakdowns proposed instead, in a process of its own: one line of JSON.

    python -m support.one_breakdown 120000 --level full --reader labels

Processor seconds: of protecting the whole cube, of `propose`, and of `propose_together`.
"""

from __future__ import annotations

import argparse
import json
import time

from egide.disclosure.attack.findings import Level
from egide.disclosure.attack.system import Attacker
from egide.disclosure.coarser import Proposal, coarser, propose, propose_together, reach
from egide.disclosure.cubes import Cube, Dimension
from egide.disclosure.secondary import protect_rows
from support.counts import SMALL
from support.one_protection import LEVELS, READERS
from support.shapes import SHAPES

NAMES = {"d": "territoire", "o": "infraction", "a": "âge", "s": "sexe", "y": "année"}
LEVEL_NAMES = {
    "territoire": ("France", "région", "département"),
    "infraction": ("ensemble", "famille", "infraction"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="One cube and its coarser breakdowns.")
    parser.add_argument("shape", choices=[name for name, shape in SHAPES.items() if not shape.margin_of])
    parser.add_argument("--level", choices=LEVELS, default="full")
    parser.add_argument("--reader", choices=READERS, default="labels")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-whole", action="store_true", help="do not protect the cube as it is")
    asked = parser.parse_args()
    cube = in_words(*SHAPES[asked.shape].draw(asked.seed).tables)
    level, reader = LEVELS[asked.level], READERS[asked.reader]
    finest = reach(coarser(cube)[-1], level=level, attacker=reader, threshold=SMALL)
    said: dict[str, object] = {"filled": finest.filled, "small": finest.small, "within": finest.within}
    if not asked.without_whole:
        said["whole"] = as_it_is(cube, level, reader)
    start = time.process_time()
    found = propose(cube, level=level, attacker=reader, threshold=SMALL)
    said["one"] = told(found[0] if found else None, time.process_time() - start)
    start = time.process_time()
    together = propose_together(cube, level=level, attacker=reader, threshold=SMALL)
    said["together"] = told(together, time.process_time() - start)
    print(json.dumps(said))


def in_words(cube: Cube) -> Cube:
    """The same cube, its dimensions called as authors call them."""
    dimensions = [Dimension(NAMES[one.name], one.codes, one.parent) for one in cube.dimensions]
    return Cube(dimensions=dimensions, counts=cube.counts)


def as_it_is(cube: Cube, level: Level, reader: Attacker) -> dict[str, object]:
    """The whole cube, protected as far as it can be: what stays readable, and the small counts that fall short."""
    start = time.process_time()
    small = cube.numbers < SMALL
    done = protect_rows(cube.rows(), cube.numbers, small, level=level, attacker=reader, threshold=SMALL)
    short = int((small & ~done.proven).sum())
    return {"shown": int((~(done.hidden | small)).sum()), "short": short, "cpu": time.process_time() - start}


def told(proposal: Proposal | None, cpu: float) -> dict[str, object]:
    if proposal is None:
        return {"shown": 0, "filled": 0, "small": 0, "cuts": [], "cpu": cpu}
    return {
        "shown": proposal.shown,
        "filled": proposal.filled,
        "small": proposal.small,
        "cuts": [cut.text(LEVEL_NAMES) for cut in proposal.cuts],
        "cpu": cpu,
    }


if __name__ == "__main__":
    main()
