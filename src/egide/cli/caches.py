"""What a rebuild need not do again, kept in a folder that can be deleted at any time. [I/O]"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from egide.document.figures import spec_digest, svg_of


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
        path = self._folder / f"{spec_digest(spec)}.svg"
        if path.is_file():
            return path.read_text(encoding="utf-8")
        svg = svg_of(spec)
        write_atomically(path, svg.encode())
        return svg


def digest(*parts: bytes) -> str:
    """One fingerprint of several contents, in order."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()
