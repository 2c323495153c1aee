"""What protecting a publication costs, what it hides, how much of it is proven; and the same of a known method.

    python benchmarks/disclosure.py                          650 to 30,000 cells and two linked tables
    python benchmarks/disclosure.py --sizes 120000 1000000   others: 600 650 10000 30000 120000 linked 1000000 2000000
    python benchmarks/disclosure.py --curve cost.svg         also draw processor seconds against cells

Tables come from `support/counts.py`, by seed; `support/shapes.py` says what each stands for. For each one:

* ours: `egide.disclosure.secondary.protect_rows`, for two readers (who knows that `< 5` is 1 to 4 and `nc` 5 or more;
  who knows only that what is hidden is not zero) and two levels (two values stay possible; all four);
* the peer: secondary suppression by Gaussian elimination, our reading of it (`support/elimination.py`) with each of
  three ways to protect cells of 1, on the same table in the same run; and what issue 3 measured of the R package on
  another table of that size;
* ours, as the peer: only the small counts that single totals do not give away after the peer's choice (more than it
  protects) must keep two values, so that cells are counted at a protection that is never less than the peer's; and, for
  the table where issue 3 says what share single totals narrow after R's choice, ours for the share that is left;
* on the smallest ones, the fewest cells that any method must hide (`support/optimum.py`).

Each is a process of its own: processor seconds are those of the choice alone, the peak is of the whole process. Then,
for each: the small counts of which single totals exclude some value from 1 to 4 (`narrowed`) or give the number
(`known`), for both readers; up to 1,000 cells, by the whole attacker asked anew, the share of small counts with two
values at least, and with all four, each met by a verified solution. Machine code is made
before anything is measured. It asserts nothing.
See docs/methods/secondary-suppression.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from support.processes import Measure, measure

HERE = Path(__file__).parent
SIZES = ("600", "650", "10000", "30000", "120000", "linked", "1000000", "2000000")
DEFAULT = ("600", "650", "10000", "30000", "linked")
PEERS = ("peer, none", "peer, anySum", "peer, subSpace")  # how each protects cells of 1
PEER = dict.fromkeys(("600", "650", "10000", "30000", "linked"), PEERS) | {"120000": PEERS[2:]}  # the others: hours
OPTIMUM = ("600", "650")
SHARES = {"120000": 0.94}  # of small counts that single totals do not narrow after R's choice, as issue 3 says
OURS = [(reader, level) for reader in ("positive", "labels") for level in ("two", "full")]
HEADS = ("method", "secondary", "cpu s", "MB", "proven", "narrowed+", "known+", "narrowed", "known", "two", "four")

Result = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description="What protecting a publication costs.")
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=DEFAULT)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--methods", nargs="+", choices=["ours", "peer", "optimum"], default=["ours", "peer", "optimum"]
    )
    parser.add_argument("--curve", type=Path, help="SVG to write")
    asked = parser.parse_args()
    print(
        "narrowed+, known+: for the reader who knows only that hidden is not zero. narrowed, known: who knows labels."
    )
    if "ours" in asked.methods:
        one("10000", "ours", asked.seed)  # not measured: machine code is made once
    seconds: list[tuple[str, int, float]] = []
    for size in asked.sizes:
        with tempfile.TemporaryDirectory() as folder:
            seconds += compared(size, asked.seed, asked.methods, Path(folder))
    summed_up(seconds, asked.curve)


def compared(size: str, seed: int, methods: list[str], choices: Path) -> list[tuple[str, int, float]]:
    """Every method on one table, a line each. Which, how many cells, how many seconds."""
    found: dict[str, Result] = {}
    quoted, said = described(size)
    print(f"\n{size}: {said}")
    if "ours" in methods:
        for reader, level in OURS:
            keep = str(choices / f"{reader}-{level}.npy")
            name = f"ours, {reader}, {level}"
            found[name] = one(size, "ours", seed, "--reader", reader, "--level", level, "--keep", keep)
            line(name, found[name], first=len(found) == 1)
        if size in SHARES:
            name = f"ours, {SHARES[size]:.0%} of them"
            line(name, one(size, "ours", seed, "--reader", "positive", "--share", str(SHARES[size])), first=False)
    if "peer" in methods and size in PEER:
        for method in PEER[size]:
            keep = str(choices / f"{method}.npy")
            found[method] = one(size, method, seed, "--reader", "positive", "--keep", keep)
            line(method, found[method], first=len(found) == 1)
            if "ours" in methods:
                like = one(size, "ours, as peer", seed, "--reader", "positive", "--like", keep)
                line(f"ours, as {method}", like, first=False)
    if quoted is not None:
        print(
            f"{quoted.method:>22} | {quoted.secondary:>9,} | {quoted.seconds or '':>9} | as quoted: "
            f"{quoted.filled:,} non-zero, {quoted.primary:,} primary"
        )
    if "optimum" in methods and size in OPTIMUM:
        best = one(size, "optimum", seed, "--reader", "positive", "--known", str(choices))
        print(f"{'any method':>22} | {at_least(best)}")
    for theirs in PEERS:
        for name in found if theirs in found else ():
            if name.startswith("ours"):
                print(f"{name:>22} | {ratio(found[name], found[theirs])}, {theirs}")
    return [(name, result["filled"], result["cpu"]) for name, result in found.items()]


def one(size: str, method: str, seed: int, *more: str) -> Result:
    command = [sys.executable, "-m", "support.one_protection", size, method, "--seed", str(seed), *more]
    run: Measure = measure(command, folder=HERE)
    return {**json.loads(run.said.strip().splitlines()[-1]), "peak": run.peak}


def described(size: str) -> tuple[Any, str]:
    """What issue 3 measured, and what the table is. Imported late: this process must stay small."""
    words = "import json; from attrs import asdict; from support.shapes import SHAPES; "
    words += f"one = SHAPES[{size!r}]; print(json.dumps([one.said, one.quoted and asdict(one.quoted)]))"
    said, quoted = json.loads(measure([sys.executable, "-c", words], folder=HERE).said)
    return quoted and argparse.Namespace(**quoted), said


def line(name: str, result: Result, *, first: bool) -> None:
    if first:
        print(f"{result['cells']:,} cells, {result['filled']:,} non-zero, {result['primary']:,} primary")
        print(f"{HEADS[0]:>22} | " + " | ".join(f"{head:>9}" for head in HEADS[1:]))
    primary = result["primary"]
    shares = [share(result.get("proven"), primary)]
    shares += [
        share(result[f"{kind}_{reader}"], primary)
        for reader in ("positive", "labels")
        for kind in ("narrowed", "known")
    ]
    shares += [share(result.get(name), primary) for name in ("two", "four")]
    cells = [f"{result['secondary']:,}", f"{result['cpu']:.2f}", f"{result['peak']:.0f}", *shares]
    print(f"{name:>22} | " + " | ".join(f"{cell:>9}" for cell in cells), flush=True)


def share(number: int | None, whole: int) -> str:
    return "" if number is None else f"{100 * number / whole:.1f} %" if whole else "-"


def at_least(best: Result) -> str:
    """How near to the fewest cells the best choice known is, and what it is worth against whole numbers."""
    words = f"at least {best['lower']} cells for two values, hidden not zero ({best['rounds']} rounds"
    if best["secondary"] is None:
        return f"{words}; no choice found)"
    kept = share(best["two"], best["primary"])
    return f"{words}; best choice known {best['secondary']}, two values met for {kept} of the small counts)"


def ratio(ours: Result, theirs: Result) -> str:
    hidden = f"{ours['secondary'] / theirs['secondary']:.2f} × the cells" if theirs["secondary"] else "it hides none"
    return f"{hidden} and {max(ours['cpu'], 0.01) / max(theirs['cpu'], 0.01):.2f} × the seconds"


def summed_up(seconds: list[tuple[str, int, float]], curve: Path | None) -> None:
    """The slopes, by a process that may be large."""
    words = "import json, sys; from pathlib import Path; from support.curve import Point, drawn, slope; "
    words += "points = [Point(*one) for one in json.loads(sys.argv[1])]; "
    words += "names = dict.fromkeys(one.method for one in points); "
    words += "print(json.dumps({name: slope([one for one in points if one.method == name]) for name in names})); "
    words += "len(sys.argv) > 2 and Path(sys.argv[2]).write_text(drawn(points), encoding='utf-8')"
    command = [sys.executable, "-c", words, json.dumps(seconds), *([str(curve.resolve())] if curve else [])]
    print("\nslope of log seconds against log non-zero cells (1: linear)")
    for name, found in json.loads(measure(command, folder=HERE).said).items():
        print(f"{name:>22} | {'one size only' if found is None else f'{found:.2f}'}")


if __name__ == "__main__":
    main()
