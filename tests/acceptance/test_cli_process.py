"""The program as the system runs it: signals, pipes, locales, terminals, other folders."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.editions import build, files_of, small_edition, spoil

EGIDE = Path(sys.executable).with_name("egide")


def run(*words: object, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [EGIDE, *map(str, words)],
        capture_output=True,
        cwd=cwd,
        env=os.environ | environment,
        timeout=120,
    )


def shell(command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PATH": f"{EGIDE.parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment, timeout=120)


def test_a_reader_who_leaves_early_gets_no_traceback():
    for command in ("egide schema | head -n 1", "egide schema sdfe --json | head -n 1", "egide --help | true"):
        assert shell(command).stderr == ""


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "ascii"}],
    ids=["C", "strictly C", "ascii"],
)
def test_a_terminal_without_french_letters_is_no_reason_to_stop(environment):
    help_page = run("--help", **environment)
    assert (help_page.returncode, help_page.stderr) == (0, b"")
    listed = run("schema", "--json", **environment)
    assert (listed.returncode, listed.stderr) == (0, b"")
    refused = run("check", "sdfe", "absent.xlsx", **environment)
    assert (refused.returncode, b"Traceback" in refused.stderr) == (3, False)


def test_json_stays_exact_where_letters_cannot_be_shown():
    plain, escaped = run("schema", "acpe", "--json"), run("schema", "acpe", "--json", PYTHONIOENCODING="ascii")
    assert "Âge" in plain.stdout.decode()
    assert rb"\u00c2ge" in escaped.stdout
    assert escaped.stdout.isascii()


def test_colours_are_for_terminals_that_want_them():
    pty = pytest.importorskip("pty")

    def on_a_terminal(**environment: str) -> bytes:
        master, slave = pty.openpty()
        command = [EGIDE, "trace", "x", "--build", "nulle-part"]
        subprocess.run(command, stderr=slave, env=os.environ | environment, timeout=60)
        os.close(slave)
        told = os.read(master, 10_000)
        os.close(master)
        return told

    assert b"\x1b[31m" in on_a_terminal(NO_COLOR="")
    assert b"\x1b" not in on_a_terminal(NO_COLOR="1")
    assert b"\x1b" not in run("trace", "x", "--build", "nulle-part").stderr


def test_bash_completes_what_is_typed():
    typed = "COMP_WORDS=(egide check ss); COMP_CWORD=2; _egide_completion egide; echo ${COMPREPLY[@]}"
    told = shell(f"source <(egide completion bash); {typed}")
    assert told.stdout.split() == ["sser_casier", "sser_cassiopee", "ssmsi"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("processus")
    assert build(small_edition(folder / "2026"), folder / "lettre").exit_code == 0
    return folder


def test_from_another_folder_the_publication_is_the_same(whole, tmp_path):
    for place in ("ici", "ailleurs"):
        (tmp_path / place).mkdir()
    edition = os.path.relpath(whole / "2026", tmp_path / "ailleurs")
    told = run("letter", "build", edition, cwd=tmp_path / "ailleurs", LC_ALL="C", TZ="Pacific/Auckland")
    assert told.returncode == 0, told.stderr
    assert files_of(tmp_path / "ailleurs" / "build" / "letter-2026") == files_of(whole / "lettre")


@pytest.mark.parametrize(
    "step, stop",
    [("livraisons", signal.SIGINT), ("PDF", signal.SIGTERM), ("page", signal.SIGINT), ("page", signal.SIGKILL)],
)
def test_a_build_that_is_stopped_leaves_the_former_publication_whole(whole, tmp_path, stop, step):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    spoil(tmp_path / "2026", "prose/01-aides.md", "ont reçu l’aide", "ont perçu l’aide")
    places = [f"--{name}={tmp_path / name}" for name in ("store", "cache")] + [f"--output={tmp_path / 'lettre'}"]
    command = [EGIDE, "letter", "build", tmp_path / "2026", *places]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stderr is not None
        told = b""
        while step.encode() not in told:
            read = os.read(process.stderr.fileno(), 1000)
            assert read, told
            told += read
        process.send_signal(stop)
        told += process.stderr.read()
        process.wait(timeout=60)
    left = files_of(tmp_path / "lettre")
    assert left.keys() == files_of(whole / "lettre").keys()
    assert left in (files_of(whole / "lettre"), published_with_the_new_sentence(whole, tmp_path))
    if stop is signal.SIGINT and process.returncode:
        assert process.returncode == 130
        assert b"Interrompu." in told and b"Traceback" not in told


def published_with_the_new_sentence(whole: Path, folder: Path) -> dict[str, bytes]:
    """The last step is so short that the build may be done before it is stopped."""
    assert build(folder / "2026", folder / "temoin", "--cache", whole / "cache").exit_code == 0
    return files_of(folder / "temoin")


def test_after_a_stop_the_next_build_succeeds(whole, tmp_path):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    before = files_of(tmp_path / "lettre")
    (tmp_path / "lettre").rename(tmp_path / ".lettre.former")  # as a stop between the two renames leaves it
    (tmp_path / ".lettre.aside").mkdir()
    (tmp_path / ".lettre.aside" / "index.html").write_bytes(b"half")
    assert build(tmp_path / "2026", tmp_path / "lettre").exit_code == 0
    assert files_of(tmp_path / "lettre") == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_two_builds_at_the_same_time_leave_one_whole_publication(whole, tmp_path):
    shutil.copytree(whole / "2026", tmp_path / "2026")
    command = [EGIDE, "letter", "build", tmp_path / "2026", "-q", f"--output={tmp_path / 'lettre'}"]
    places = [[f"--store={tmp_path / name}", f"--cache={tmp_path / 'cache'}"] for name in ("un", "deux")]
    running = [subprocess.Popen([*command, *place], stderr=subprocess.PIPE) for place in places]
    assert [process.communicate(timeout=120)[1] for process in running] == [b"", b""]
    assert files_of(tmp_path / "lettre") == files_of(whole / "lettre")
