"""Write a folder whole: aside first, then in place of the former one. [I/O]"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from egide.cli.caches import write_atomically
from egide.errors import StoreError


@frozen(kw_only=True)
class Places:
    """Where a build reads and writes besides the edition."""

    output: Path  # the publication's folder
    store: Path  # recorded deliveries
    cache: Path  # can be deleted at any time


def refuse_foreign(folder: Path, mark: str) -> None:
    """Raises StoreError for a folder that holds something else than what we put there: it would be lost.

    `mark` is the file that every folder of ours holds.
    """
    if folder.is_dir() and not (folder / mark).is_file() and any(folder.iterdir()):
        got = "un dossier qui tient autre chose"
    elif folder.exists() and not folder.is_dir():
        got = "un fichier"
    else:
        return
    raise StoreError(
        f"{folder}\u00a0: attendu un dossier absent, vide ou tenant déjà une publication ({mark}), reçu {got}."
        " Il serait remplacé en entier\u00a0: indiquez un autre dossier."
    )


def refuse_what_would_be_lost(places: Places) -> None:
    """Raises StoreError for a store inside the publication's folder: it would be replaced with it, and put online."""
    if places.store.resolve().is_relative_to(places.output.resolve()):
        raise StoreError(
            f"{places.store}\u00a0: attendu un dépôt hors du dossier de la publication, reçu un dépôt dans "
            f"{places.output}. Il serait perdu, registre compris\u00a0: changez --output ou --store."
        )


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put exactly these files there. At any moment, a crash included, the former folder or the new one is whole."""
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name(f".{folder.name}.aside")
    former = folder.with_name(f".{folder.name}.former")
    with _alone_in(folder.parent):
        _recover(folder, former)
        shutil.rmtree(aside, ignore_errors=True)
        try:
            for path, content in files.items():
                write_atomically(aside / path, content)
            if folder.exists():
                folder.rename(former)
            aside.rename(folder)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        finally:
            _recover(folder, former)


def write_new_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put exactly these files in a new folder, for their owner only: it appears when it is whole, or not at all."""
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))  # of mode 0700
    try:
        for name, content in files.items():
            write_private(aside / name, content)
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def write_private(path: Path, content: bytes) -> None:
    """For its owner only, whole or not at all, and never in place of another file."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _recover(folder: Path, former: Path) -> None:
    """Stopped between the two renames: what was there comes back. Otherwise it is no longer needed."""
    if former.exists() and not folder.exists():
        former.rename(folder)
    shutil.rmtree(former, ignore_errors=True)


@contextmanager
def _alone_in(parent: Path) -> Iterator[None]:
    """Two builds write one after the other. The system lets go of the lock when a process dies."""
    descriptor = os.open(parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
