"""What a rebuild need not do again, kept in a folder that can be deleted at any time. [I/O]"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import egide
from egide.document.charts.svg import spec_digest, svg_of


def write_atomically(path: Path, content: bytes) -> None:
    """Whole or not at all: a reader never sees half a file, a crash leaves the former one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


class DrawingCache:
    """Charts by what they show: a chart whose description has not changed is not drawn again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, spec: dict[str, Any]) -> str:
        path = self._folder / f"{_digest(spec_digest(spec), _makers())}.svg"
        if path.is_file():
            return path.read_text(encoding="utf-8")
        svg = svg_of(spec)
        write_atomically(path, svg.encode())
        return svg


class FilesCache:
    """The files made last from one description, together in one archive, which tells when it is damaged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def files(self, fingerprint: str, make: Callable[[], dict[str, bytes]]) -> dict[str, bytes]:
        """Those kept under this fingerprint, or else made now and kept."""
        if (kept := self.get(fingerprint)) is None:
            kept = make()
            self.put(fingerprint, kept)
        return kept

    def get(self, fingerprint: str) -> dict[str, bytes] | None:
        """None when nothing whole is kept under this fingerprint."""
        try:
            with ZipFile(self._path(fingerprint)) as archive:
                return {name: archive.read(name) for name in archive.namelist()}
        except (FileNotFoundError, BadZipFile):
            return None

    def put(self, fingerprint: str, files: Mapping[str, bytes]) -> None:
        """Keep these and forget those made before."""
        packed, path = BytesIO(), self._path(fingerprint)
        with ZipFile(packed, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        write_atomically(path, packed.getvalue())
        for older in self._folder.glob("*.zip"):
            if older != path:
                older.unlink(missing_ok=True)

    def _path(self, fingerprint: str) -> Path:
        return self._folder / f"{_digest(fingerprint, _makers())}.zip"


@cache
def _makers() -> str:
    """Changes with the code and the libraries that make what is kept: a new Égide does not serve old drawings."""
    folder = Path(egide.__file__).parent
    code = (hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*.py")))
    return _digest(*code, version("vl-convert-python"), version("pyarrow"))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
