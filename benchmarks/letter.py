"""What building the Letter costs, and how that grows with what it holds.

    python benchmarks/letter.py              everything, three to six minutes
    python benchmarks/letter.py --quick      the edition and three times as much
    python benchmarks/letter.py --profile    where the time of one build goes

It asserts nothing: a time depends on the machine and on who shares it. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import re
import shutil
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import linear_regression, median
from tempfile import TemporaryDirectory

from support.processes import EGIDE, Measure, measure, own_peak

TOP = Path(__file__).parents[1]
SCALED = TOP / "benchmarks" / "support" / "scaled_edition.py"
TARGETS = (("cold build", 20.0, "s"), ("cold peak", 700.0, "MB"), ("one sentence", 3.0, "s"))

_HOW_SCALED = """
N × the edition: every delivered row, figure, table and page of prose again, N - 1 times, but of years 20, 40… later,
so that each copy is checked, computed, drawn and printed from facts of its own (support/scaled_edition.py).
Whole processes, median of the runs. cold: no output, store or cache, but bytecode made and files read before;
same: built again, nothing changed; said: built again after one more sentence. s: wall clock; cpu: processor.
"""
_HOW_FITTED = """
Growth with the number of facts: cost × how many for facts × how many; then the slope of log cost against log facts,
over all sizes and between the two largest, where what every process costs weighs least. 1 is linear."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """What one edition holds and gives."""

    facts: int
    figures: int
    numbers: int  # with a journey of their own
    pages: int  # of the PDF


@dataclass(frozen=True, kw_only=True)
class Result:
    """The runs of one edition: all cold, then all with nothing changed, then one more sentence each time."""

    times: int
    size: Size
    cold: tuple[Measure, ...]
    same: tuple[Measure, ...]
    sentence: tuple[Measure, ...]


class Bench:
    """Builds in temporary folders; every process keeps its bytecode in a folder of the bench."""

    def __init__(self, edition: Path, folder: Path) -> None:
        self._edition = edition
        self._folder = folder
        self._environment = {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}

    def without_bytecode(self) -> Measure:
        """The very first run on a machine: Python compiles all it imports. Leaves the bytecode for the others."""
        return self._build(self._edition, self._fresh())

    def result(self, times: int, runs: int) -> Result:
        edition = self._folder / f"edition-{times}"
        asked = (sys.executable, str(SCALED), str(self._edition), str(edition), str(times))
        measure(asked, folder=TOP, environment=self._environment)
        cold = tuple(self._build(edition, self._fresh()) for _ in range(runs))
        same = tuple(self._build(edition, self._places()) for _ in range(runs))
        sentence = tuple(self._build(self._with_a_sentence(edition), self._places()) for _ in range(runs))
        return Result(times=times, size=self._size(edition), cold=cold, same=same, sentence=sentence)

    def _places(self) -> dict[str, Path]:
        return {name: self._folder / "built" / name for name in ("output", "store", "cache")}

    def _fresh(self) -> dict[str, Path]:
        shutil.rmtree(self._folder / "built", ignore_errors=True)
        return self._places()

    def _build(self, edition: Path, places: dict[str, Path]) -> Measure:
        folders = [part for name, path in places.items() for part in (f"--{name}", str(path))]
        command = (*EGIDE, "letter", "build", str(edition), *folders, "--quiet")
        return measure(command, folder=self._folder, environment=self._environment)

    def _with_a_sentence(self, edition: Path) -> Path:
        prose = sorted((edition / "prose").glob("*.md"))
        page = prose[len(prose) // 2]
        page.write_text(page.read_text(encoding="utf-8").rstrip() + "\n\nCette phrase vient d’être ajoutée.\n", "utf-8")
        return edition

    def _size(self, edition: Path) -> Size:
        output = self._places()["output"]
        numbers = json.loads((output / "trace.json").read_bytes())["numbers"]
        drawn = tomllib.loads((edition / "figures.toml").read_text(encoding="utf-8"))
        return Size(
            facts=sum(not number["operands"] for number in numbers),
            figures=len(drawn.get("figure", ())),
            numbers=len(numbers),
            pages=len(re.findall(rb"/Type */Page\b", (output / "lettre.pdf").read_bytes())),
        )


def main() -> None:
    arguments = _arguments()
    if arguments.profile:
        from support.steps import print_profile

        print_profile(arguments.edition)
        return
    begun, load = time.perf_counter(), os.getloadavg()[0]
    sizes = arguments.sizes or ([1, 3] if arguments.quick else [1, 2, 5, 10])
    if max(sizes) > 1 and not (find_spec("openpyxl") and find_spec("odf")):
        print("Larger editions are written with openpyxl and odfpy: see `make test-setup`. Only the edition itself:")
        sizes = [1]
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} processors, load {load:.1f}")
    with TemporaryDirectory() as name:
        bench = Bench(arguments.edition.resolve(), Path(name))
        first = bench.without_bytecode()
        results: list[Result] = []
        took = 0.0  # by the edition before, for each time the edition and each run
        for times in sizes:
            runs = arguments.runs if times == 1 else 1
            if (since := time.perf_counter() - begun) + took * times * runs > arguments.minutes * 60:
                print(f"  left out {times} × the edition: it would end after {arguments.minutes:g} minutes (--minutes)")
                continue
            results.append(bench.result(times, runs))
            took = (time.perf_counter() - begun - since) / times / runs
            print(f"  measured {times} × the edition, {time.perf_counter() - begun:.0f} s since the start", flush=True)
    print_results(results, first)
    print(f"\nThe bench itself never held more than {own_peak():.0f} MB: no peak above is its own.")
    if load > 0.5:
        print(f"The machine was already at work (load {load:.1f}): its times are too long, its cpu seconds less so.")


def print_results(results: Sequence[Result], first: Measure) -> None:
    """The tables, the growth and the targets."""
    print(_HOW_SCALED)
    print("".join(f"{name:>12}" for name in ("N", "facts", "figures", "numbers", "pages", *_COSTS)))
    for one in results:
        row = (
            f"{one.times}",
            f"{one.size.facts}",
            f"{one.size.figures}",
            f"{one.size.numbers}",
            f"{one.size.pages}",
            *(f"{of(one):.1f}" for of in _COSTS.values()),
        )
        print("".join(f"{text:>12}" for text in row))
    base = results[0]
    print("\nRuns of the edition, shortest to longest:")
    for name, runs in (("cold", base.cold), ("nothing changed", base.same), ("one more sentence", base.sentence)):
        walls = sorted(run.wall for run in runs)
        print(f"  {name:20}{' '.join(f'{wall:.1f}' for wall in walls)} s")
    print(f"  {'cold, no bytecode':20}{first.wall:.1f} s, {first.cpu:.1f} cpu s, once for each installation")
    if len(results) > 1:
        print_growth(results)
    reached = (_median(base.cold, "wall"), _median(base.cold, "peak"), _median(base.sentence, "wall"))
    print("\nTargets for the edition, on 2 processors:")
    for (name, target, unit), got in zip(TARGETS, reached, strict=True):
        print(f"  {name:20}under {target:g} {unit}: {got:.1f} {unit}, {'reached' if got < target else 'NOT reached'}")


def print_growth(results: Sequence[Result]) -> None:
    """Each cost against the number of facts: its ratio to the smallest edition and its exponent."""
    print(_HOW_FITTED)
    smallest, largest = results[0], results[-1]
    facts = [one.size.facts for one in results]
    for name, of in _COSTS.items():
        if name.endswith(" s"):
            continue  # the clock tells who else was at work
        costs = [of(one) for one in results]
        last = exponent(facts[-2:], costs[-2:])
        verdict = "linear or better" if last < 1.1 else "more than linear"
        ratio = f"× {of(largest) / of(smallest):.1f} for × {facts[-1] / facts[0]:.1f}"
        print(f"  {name:20}{ratio:20}exponent {exponent(facts, costs):.2f}, at the end {last:.2f}: {verdict}")


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Slope of log cost against log size, by least squares."""
    return linear_regression([math.log(size) for size in sizes], [math.log(cost) for cost in costs]).slope


def _median(runs: Sequence[Measure], what: str) -> float:
    return median(float(getattr(run, what)) for run in runs)


_COSTS: dict[str, Callable[[Result], float]] = {
    "cold s": lambda one: _median(one.cold, "wall"),
    "cold cpu": lambda one: _median(one.cold, "cpu"),
    "cold MB": lambda one: _median(one.cold, "peak"),
    "same s": lambda one: _median(one.same, "wall"),
    "same cpu": lambda one: _median(one.same, "cpu"),
    "said s": lambda one: _median(one.sentence, "wall"),
    "said cpu": lambda one: _median(one.sentence, "cpu"),
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--edition", type=Path, default=TOP / "editions" / "2026")
    parser.add_argument("--runs", type=int, default=3, help="of the edition itself; larger copies run once")
    parser.add_argument("--sizes", type=int, nargs="+", help="how many times the edition, smallest first")
    parser.add_argument("--minutes", type=float, default=5.5, help="a size that would end later is left out")
    parser.add_argument("--quick", action="store_true", help="1 and 3 times the edition")
    parser.add_argument("--profile", action="store_true", help="time by step and by import, of one build")
    return parser.parse_args()


if __name__ == "__main__":
    main()
