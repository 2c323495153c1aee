"""Where the time of one build goes: by step, and by what is imported."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from support.processes import EGIDE, measure


def print_profile(edition: Path) -> None:
    """What a rebuild imports, in a process of its own; then a cold build and a rebuild in this one, step by step."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        places = ("--output", "child/out", "--store", "child/store", "--cache", "child/cache")
        asked = ("letter", "build", str(edition.resolve()), "--quiet", *places)
        bytecode = {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
        measure((*EGIDE, *asked), folder=folder, environment=bytecode)  # leaves bytecode, store and cache
        timed = (sys.executable, "-X", "importtime", *EGIDE[1:])
        _print_imports(measure((*timed, *asked), folder=folder, environment=bytecode).said)
        sys.pycache_prefix = bytecode["PYTHONPYCACHEPREFIX"]
        _print_steps(edition, folder)


def _print_imports(said: str) -> None:
    own: dict[str, int] = defaultdict(int)
    modules: dict[str, int] = defaultdict(int)
    for line in said.splitlines():
        fields = line.removeprefix("import time:").split("|")
        if len(fields) == 3 and fields[0].strip().isdigit():
            package = fields[2].strip().partition(".")[0]
            own[package] += int(fields[0])
            modules[package] += 1
    print(f"Imports of a rebuild, own time by package (all: {sum(own.values()) / 1e6:.2f} s, slowed by being timed)")
    for package in sorted(own, key=own.__getitem__, reverse=True)[:15]:
        print(f"  {package:36}{own[package] / 1e6:7.2f} s  {modules[package]:5} modules")


def _print_steps(edition: Path, folder: Path) -> None:
    start = time.perf_counter()
    from egide.cli.building import build
    from egide.cli.console import Progress
    from egide.cli.folders import Places

    class Recorder(Progress):
        """Remembers instead of printing."""

        def __init__(self) -> None:
            super().__init__(quiet=True)
            self.took: dict[str, float] = defaultdict(float)

        @contextmanager
        def step(self, name: str) -> Iterator[None]:
            begun = time.perf_counter()
            yield
            self.took[name] += time.perf_counter() - begun

    print(f"\nTime by step, in one process ({edition})\n  {'importing the commands':36}{_since(start)}")
    places = Places(output=folder / "out", store=folder / "store", cache=folder / "cache")
    for run in ("cold build", "rebuild with nothing changed"):
        recorder, start = Recorder(), time.perf_counter()
        build(edition, places, progress=recorder)
        whole = time.perf_counter() - start
        print(f"  {run:36}{whole:7.2f} s")
        for step, seconds in recorder.took.items():
            print(f"    {step:34}{seconds:7.2f} s")
        print(f"    {'between steps':34}{whole - sum(recorder.took.values()):7.2f} s")


def _since(start: float) -> str:
    return f"{time.perf_counter() - start:7.2f} s"
