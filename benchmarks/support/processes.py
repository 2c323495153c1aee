"""One command as a whole process: how long, how much processor, how much memory.

Nothing heavy may be imported by the process that measures: Linux starts the peak of a child from the memory of its
parent at the moment of the fork, so a large parent would be counted in every child.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EGIDE = (sys.executable, "-c", "from egide.cli import main; main()")
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"  # where it is set, every run compiles all it imports: not what is measured


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One run. `peak` is of the largest process of the run, itself or one it started."""

    wall: float  # s
    cpu: float  # s, user and system
    peak: float  # MB
    said: str  # on both outputs


def measure(command: Sequence[str], *, folder: Path, environment: Mapping[str, str] | None = None) -> Measure:
    """Run to the end and account for that process alone. Raises SystemExit with what it said when it fails."""
    inherited = {name: value for name, value in os.environ.items() if name != NO_BYTECODE}
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**inherited, **(environment or {})}, stdout=said, stderr=subprocess.STDOUT
        )
        # Not getrusage(RUSAGE_CHILDREN): it adds up every child so far and keeps the largest of them all.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        words = said.read().decode(errors="replace")
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} left with {process.returncode}:\n{words}")
    return Measure(wall=wall, cpu=usage.ru_utime + usage.ru_stime, peak=_megabytes(usage.ru_maxrss), said=words)


def own_peak() -> float:
    """MB of the process that measures: no child can be seen to use less."""
    return _megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _megabytes(kibibytes: int) -> float:
    return kibibytes * 1024 / 1e6
