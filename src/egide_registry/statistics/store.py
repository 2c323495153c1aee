"""[I/O] What was released, year by year, in one folder. Nothing in it is ever replaced.

`registre/` is the register of publications (`egide.disclosure.register`), `registre-<year>-<day>.csv` the delivery,
`tableau-<year>.json` the dashboard: labels as they are read, no count that is not shown. The register is written
first: what might be out is known to the next release, even if the machine stops there; running again writes the rest.
"""

import hashlib
import json
import os
import re
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from attrs import asdict, evolve, frozen
from django.conf import settings

from egide.disclosure.published import Published, PublishedEdition
from egide.disclosure.register import Register
from egide.errors import StoreError
from egide.sources.schema import SourceSchema
from egide_registry.statistics.dashboard import Dashboard, Entry, Indicator, Line, dashboard
from egide_registry.statistics.delivery import delivery, file_name
from egide_registry.statistics.release import Released, Version

FORMAT = "egide-tableau-1"
_DASHBOARD = re.compile(r"tableau-(\d{4})\.json")


@frozen(kw_only=True)
class Kept:
    """A year as it was released. `is_new`: just now."""

    released: Released
    is_new: bool


@frozen
class Releases:
    """The folder of all the releases."""

    folder: Path

    @classmethod
    def of_site(cls) -> "Releases":
        """Those of this site."""
        return cls(Path(settings.EGIDE_RELEASES))

    @property
    def register(self) -> Register:
        return Register(self.folder / "registre")

    def public(self) -> Published:
        """Everything released so far, as the next release must know it. Raises StoreError for a touched file."""
        return self.register.read()

    def keep(self, released: Released, schema: SourceSchema) -> Kept:
        """Keep a year: its register, its delivery, its dashboard. The same year again is the first one, unchanged.

        Raises: StoreError when the year was released with other cells, and when the folder cannot be written.
        """
        first = self._first(released)
        if first is not None:
            released = _as_first(released, first)
        is_new = self.register.record(released.published) if first is None else False
        try:
            _place(self.folder / file_name(released), delivery(released, schema))
            _place(self.folder / f"tableau-{released.version.year}.json", _written(dashboard(released)))
        except OSError as error:
            raise StoreError(f"Le dossier {self.folder} ne peut pas être écrit ({error.strerror}).") from None
        return Kept(released=released, is_new=is_new)

    def _first(self, released: Released) -> PublishedEdition | None:
        name = released.published.edition
        return next((edition for edition in self.public() if edition.edition == name), None)

    def years(self) -> tuple[int, ...]:
        """The years whose dashboard is here, oldest first."""
        if not self.folder.is_dir():
            return ()
        found = (_DASHBOARD.fullmatch(path.name) for path in self.folder.iterdir())
        return tuple(sorted(int(name[1]) for name in found if name))

    def latest(self) -> Dashboard | None:
        """The dashboard of the last year released; None before the first. Raises StoreError for a touched file."""
        years = self.years()
        return _read(self.folder / f"tableau-{years[-1]}.json") if years else None

    def delivery_of(self, version: Version) -> tuple[str, bytes]:
        """The name and the bytes of the delivery of a year."""
        name = file_name_of(version)
        return name, (self.folder / name).read_bytes()


def file_name_of(version: Version) -> str:
    """As `delivery.file_name`, for who has the version alone."""
    return f"registre-{version.year}-{version.day.isoformat()}.csv"


def _as_first(released: Released, first: PublishedEdition) -> Released:
    """The same cells under the day of the first release. Raises StoreError for other cells."""
    now = {cell.key: cell.content for cell in released.published.cells}
    if now != {cell.key: cell.content for cell in first.cells}:
        raise StoreError(
            f"L’année {released.version.year} a été diffusée le {first.on.isoformat()} avec d’autres cases\u00a0: une "
            "année diffusée ne se révise pas, la différence dirait ce qui a changé. Gardez la première diffusion."
        )
    return evolve(released, version=evolve(released.version, day=first.on), published=first)


def _place(path: Path, content: bytes) -> None:
    """Write aside, force to disk, then give the name only if it is free, or already of the same content."""
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(aside, 0o644)
        os.link(aside, path)
    except FileExistsError:
        if path.read_bytes() != content:
            raise StoreError(
                f"{path} est déjà là, avec un autre contenu\u00a0: une diffusion ne se remplace pas."
            ) from None
    finally:
        os.unlink(aside)


# ---------------------------------------------------------------- the dashboard as text, and back


def _written(drawn: Dashboard) -> bytes:
    body = asdict(drawn, value_serializer=lambda _, __, value: value.isoformat() if isinstance(value, date) else value)
    record = {"format": FORMAT, "sha256": _fingerprint(body), "dashboard": body}
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def _fingerprint(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _read(path: Path) -> Dashboard:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        body = record["dashboard"]
        if record["format"] != FORMAT or record["sha256"] != _fingerprint(body):
            raise ValueError("another format, or touched")
        version = Version(**body["version"] | {"day": date.fromisoformat(body["version"]["day"])})
        return Dashboard(version=version, indicators=tuple(_indicator(one) for one in body["indicators"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreError(
            f"{path} n’est pas le tableau qui a été diffusé\u00a0: illisible, modifié ou d’un autre format. Remettez "
            "le fichier de la sauvegarde."
        ) from None


def _indicator(record: dict[str, Any]) -> Indicator:
    lines = (Line(**line | {"entries": tuple(Entry(**entry) for entry in line["entries"])}) for line in record["lines"])
    texts = {name: tuple(record[name]) for name in ("columns", "summary")}
    return Indicator(**record | texts | {"lines": tuple(lines)})
