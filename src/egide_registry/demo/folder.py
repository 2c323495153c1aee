"""[I/O] The folder of the demo: where it may be, who holds it, how it is emptied.

Run by root, the PostgreSQL that we embed works as another user of the machine, and opens every folder above its data
and above its own programs to everyone. A private home would be opened with the rest: refused before anything starts.
Source: docs/decisions/postgresql-embarque.md.
"""

import fcntl
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DATA, KEYS, LOCK, SOCKET = "postgresql-data", "keys.json", "serve.lock", "postgresql"
KEPT = ("anchors", "releases")  # the second places of the journal and of what was released
SEEDED = "seeded"  # written once everything is there
PASSABLE = stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH


class DemoRefused(Exception):
    """The demo does not start. The message is for whoever typed the command."""


def opened_by_root(*places: Path) -> list[Path]:
    """The folders above these places that others may not enter, and could after a start by root; outermost first."""
    above = {parent for place in places for parent in place.resolve().parents if parent.exists()}
    private = [one for one in above if one.stat().st_mode & PASSABLE != PASSABLE]
    return sorted(private, key=lambda one: len(one.parts))


def check_place(folder: Path, programs: Path, *, root: bool) -> None:
    """Refuse a start that would open a private folder. Without root, the package opens none."""
    private = opened_by_root(folder / DATA, programs) if root else []
    if not private:
        return
    for_data = [one for one in private if one in (folder / DATA).resolve().parents]
    way_out = (
        "Donnez à la démonstration un dossier hors de tout dossier privé, par exemple "
        "EGIDE_DEMO_FOLDER=/srv/egide-demo, puis recommencez."
        if for_data
        else "Installez le projet (son .venv) hors de tout dossier privé, ou lancez la démonstration sans être root."
    )
    raise DemoRefused(
        "Dossier de la démonstration\u00a0: attendu un emplacement que tous peuvent traverser, reçu "
        f"«\u00a0{private[0]}\u00a0», qui est privé. Lancé par root, PostgreSQL travaille sous un autre compte et "
        f"ouvrirait ce dossier à tous. {way_out}"
    )


@contextmanager
def held(folder: Path, *, address: str) -> Iterator[None]:
    """Hold the folder while the site is served. Raises DemoRefused, with the address, when another process does."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / LOCK, "a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise DemoRefused(
                f"La démonstration de ce dossier est déjà servie\u00a0: {lock.read().strip() or 'adresse inconnue'}. "
                "Ouvrez cette adresse, ou arrêtez l’autre (Ctrl-C), ou choisissez un autre dossier (EGIDE_DEMO_FOLDER)."
            ) from None
        lock.truncate(0)
        lock.write(address)
        lock.flush()
        yield


def forget_handles(folder: Path) -> None:
    """Drop the list of processes that use the server: we hold the folder, so those it names are gone.

    One that was killed stays in it, and the package would then never stop the server again.
    """
    (folder / DATA / ".handle_pids.json").unlink(missing_ok=True)


def name_socket(folder: Path, socket: str) -> None:
    """Give the socket the place where the settings of the demo look: other commands work beside the site."""
    link = folder / SOCKET
    link.unlink(missing_ok=True)
    link.symlink_to(socket)


def empty(folder: Path) -> None:
    """Remove what the demo made in its folder, and nothing else. The server must be stopped."""
    shutil.rmtree(folder / DATA, ignore_errors=True)
    for name in KEPT:
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (KEYS, f"{KEYS}.lock", SOCKET, SEEDED):
        (folder / name).unlink(missing_ok=True)


def is_root() -> bool:
    """Whether this process may open any folder."""
    return os.geteuid() == 0
