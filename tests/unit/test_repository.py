"""What the repository itself must hold, and must not."""

import re
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
LONGEST_MODULE = 400
# One letter of each is in brackets, so that this file does not match itself.
FOREIGN = (
    r"/([h]ome|[r]oot|[U]sers)/[\w.-]+",  # a person's folder
    r"(?<![\w.])/[t]mp/\w+",
    r"(?<!emit-)[i]ndex-url|[f]ind-links|[f]ile:///\w",  # where packages were fetched
    r"[p]ypi\.org|[f]iles\.[p]ythonhosted|[r]egistry\.[n]pmjs|/[s]imple/",
)
MACHINE_PATHS = re.compile("|".join(FOREIGN))


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        [
            "git",
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            *patterns,
        ],
        cwd=TOP,
        capture_output=True,
        text=True,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout: nothing to list")
    return [TOP / name for name in listed.stdout.split("\0") if name and (TOP / name).is_file()]


def text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="ignore")


def test_no_file_names_a_developers_machine_or_a_package_index():
    found = [
        f"{path.relative_to(TOP)}, line {number}: {match.group()}"
        for path in tracked()
        for number, line in enumerate(text(path).splitlines(), start=1)
        for match in [MACHINE_PATHS.search(line)]
        if match
    ]
    assert found == []


def test_a_module_fits_in_four_hundred_lines():
    long = [path.name for path in tracked("src/*.py") if len(text(path).splitlines()) > LONGEST_MODULE]
    assert long == []


@pytest.mark.parametrize("lock", ["uv.txt", "core.txt", "test.txt"])
def test_every_locked_package_has_a_version_and_a_hash(lock):
    entries = re.split(r"\n(?=\S)", text(TOP / "requirements" / lock).strip())
    assert [entry for entry in entries if not re.match(r"[\w.-]+==\S+ \\\n\s+--hash=sha256:", entry)] == []


def test_the_test_lock_holds_all_of_the_core_lock():
    """So that syncing it never takes away what the Letter needs."""
    pins = {
        name: set(re.findall(r"^\S+==\S+", text(TOP / "requirements" / name), re.M))
        for name in ("core.txt", "test.txt")
    }
    assert pins["core.txt"] <= pins["test.txt"]


def test_only_one_file_names_the_engine():
    naming = {
        str(path.relative_to(TOP))
        for path in tracked("src/egide/*.py")
        if re.search(r"ibis\.(?:duckdb|pyspark)|import (?:duckdb|pyspark)|from (?:duckdb|pyspark)", text(path))
    }
    assert naming <= {"src/egide/facts/engines.py"}
