"""The registry at the size of the country: pages under fifty users, journal, verification; then ten times the files.

    python benchmarks/registry.py                    50,000 files, 2 million entries; then 500,000 files (an hour)
    python benchmarks/registry.py --small            one twentieth, ten seconds of load: that it runs
    python benchmarks/registry.py --times 1          without the second size
    python benchmarks/registry.py --entries-times 10 the journal too ten times as large (20 GB of disk)
    python benchmarks/registry.py --profile          also the queries of each page and the plan of the list

A PostgreSQL of its own in a temporary folder, durable (fsync), settings as they come; really sealed columns, blind
indexes, true chains (`support/registry_base.py`). The site is gunicorn, two processes of eight threads, in production
settings but for TLS and with the keys in a file. Server, database and users share this machine. It asserts nothing.
See docs/methods/registry-performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.processes import Measure, measure

HERE = Path(__file__).parent
FILES, ENTRIES = 50_000, 2_000_000
WORKERS, THREADS = 2, 8
BYTES_A_FILE, BYTES_AN_ENTRY = 25_000, 900  # on the disk, indexes and write-ahead log included: to refuse in time
SERVER = """
import sys
from pathlib import Path
from egide_registry.security import server
print(server.start(Path(sys.argv[1]), keep=False), flush=True)
sys.stdin.read()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="The registry at the size of the country.")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--times", type=int, default=10, help="files of the second size, in times the first")
    parser.add_argument("--entries-times", type=int, default=1, help="the same for the journal")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    files, entries = (FILES // 20, ENTRIES // 20) if asked.small else (FILES, ENTRIES)
    seconds, times = (10.0, 1) if asked.small else (asked.seconds, asked.times)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # asked to stop, take the database and its folder away
    print(f"load of the machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory(prefix="egide-bench-") as place:
        folder = Path(place)
        folder.chmod(0o755)
        check_disk(folder, files * times, entries * asked.entries_times)
        with database(folder) as environment:
            print(said("floors, ns", helper(environment, "support.registry_journal", "floors")))
            helper(environment, "django", "migrate", "--database=owner", "--verbosity=0")
            places = helper(environment, "support.registry_base", "places")
            print(f"places: {json.loads(places.said)['mandates']} mandates in {places.wall:.0f} s", flush=True)
            one_size(environment, folder, 0, files, entries, seconds, asked.profile)
            if times > 1:
                more, lines = files * (times - 1), entries * (asked.entries_times - 1)
                one_size(environment, folder, files, more, lines, seconds, asked.profile)


def one_size(
    environment: dict[str, str], folder: Path, start: int, files: int, entries: int, seconds: float, profile: bool
) -> None:
    """Grow the base by a layer, then measure everything."""
    print(f"\n=== {start + files:,} files", flush=True)
    seeded = helper(environment, "support.registry_base", "files", str(start), str(files), str(entries))
    found = last(seeded)
    print(
        f"seeded: {found['rows']:,} rows and {found['entries']:,} entries in {seeded.wall:.0f} s; "
        f"{found['size'] / 1e9:.2f} GB in the base",
        flush=True,
    )
    users = folder / "users.json"
    users.write_text(helper(environment, "support.registry_users").said.splitlines()[-1])
    if profile:
        print(helper(environment, "support.registry_users", "profile").said, flush=True)
    with site(environment) as port:
        for think in (5, 0):
            load = ["--port", str(port), "--seconds", str(seconds), "--think", str(think), "--warm", str(seconds / 4)]
            pages(last(helper(environment, "support.registry_load", str(users), *load)), think)
    for chains in (1, 101):
        rate = last(helper(environment, "support.registry_journal", str(min(seconds, 15)), str(chains)))["per_second"]
        print(f"journal, 16 writers, {chains} chain{'s' if chains > 1 else ''}: {rate:,.0f} entries/s", flush=True)
    verified = helper(environment, "django", "verify_journal", "--anchors", str(folder / "anchors"))
    count = entries_of(verified.said)
    print(
        f"verify_journal: {count:,} entries in {verified.wall:.0f} s ({verified.cpu:.0f} s of processor), "
        f"{count / verified.wall:,.0f}/s, peak {verified.peak:.0f} MB; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def entries_of(words: str) -> int:
    """The entries that the verification says it read, all chains together."""
    total = 0
    for line in words.splitlines():
        if line.startswith("Chaîne") and "intacte" in line:
            total += int("".join(one for one in line.split(":")[1].split("inscription")[0] if one.isdigit()))
        elif line.startswith("Chaîne"):
            raise SystemExit(f"the journal does not hold: {line}")
    return total


def pages(found: dict[str, Any], think: int) -> None:
    how = f"each reads {think} s on average" if think else "each asks again at once"
    print(f"50 users, {how}: {found['rate']:.1f} pages/s, errors {found['errors']} ({found['statuses']})")
    print(f"{'page':>18} | {'count':>6} | {'p50 ms':>7} | {'p95 ms':>7} | {'worst':>7}")
    for name, (count, half, most, worst) in found["pages"].items():
        print(f"{name:>18} | {count:>6,} | {half:>7.0f} | {most:>7.0f} | {worst:>7.0f}")
    print(f"{'all':>18} | {found['all'][0]:>6,} | {found['all'][1]:>7.0f} | {found['all'][2]:>7.0f} |", flush=True)


def said(title: str, found: Measure) -> str:
    return f"{title}: " + "; ".join(f"{name} {value:,.0f}" for name, value in last(found).items())


def last(found: Measure) -> dict[str, Any]:
    """The line of JSON that a helper ends with."""
    value: dict[str, Any] = json.loads(found.said.strip().splitlines()[-1])
    return value


def helper(environment: dict[str, str], module: str, *arguments: str) -> Measure:
    return measure([sys.executable, "-m", module, *arguments], folder=HERE, environment=environment)


def check_disk(folder: Path, files: int, entries: int) -> None:
    needed, free = files * BYTES_A_FILE + entries * BYTES_AN_ENTRY, shutil.disk_usage(folder).free
    if needed > free / 2:
        raise SystemExit(
            f"{needed / 1e9:.0f} GB may be needed and {free / 1e9:.0f} are free: ask for less, or set TMPDIR."
        )
    print(f"disk: {needed / 1e9:.0f} GB at most, {free / 1e9:.0f} free")


@contextmanager
def database(folder: Path) -> Iterator[dict[str, str]]:
    """A PostgreSQL kept by a process of its own; gives the environment that finds it. This process stays small."""
    (folder / "anchors").mkdir()
    kept = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(folder / "data")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert kept.stdin is not None and kept.stdout is not None
    try:
        where = kept.stdout.readline().strip()
        if not where:
            raise SystemExit("the database did not start")
        yield {
            "EGIDE_BENCH_FOLDER": str(folder),
            "EGIDE_BENCH_SOCKET": where,
            "DJANGO_SETTINGS_MODULE": "support.registry_settings",
            "PYTHONPATH": str(HERE),
        }
    finally:
        kept.stdin.close()
        kept.wait()


@contextmanager
def site(environment: dict[str, str]) -> Iterator[int]:
    """The site itself; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "egide_registry.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--worker-class", "gthread"]
    served = subprocess.Popen([*command, "--log-level", "warning"], cwd=HERE, env={**os.environ, **environment})
    try:
        until = time.monotonic() + 60
        while not listening(port):
            if served.poll() is not None or time.monotonic() > until:
                raise SystemExit("the site did not start; what it said is above")
            time.sleep(0.2)
        yield port
    finally:
        served.terminate()
        served.wait()


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    main()
