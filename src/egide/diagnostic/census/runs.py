"""Folders of runs: written whole under a name of ours, read back, purged with a certificate. [I/O]

    <store>/journal.jsonl                 what was done
    <store>/passages/<run>/traits.csv     the declared columns, one row per ad
    <store>/passages/<run>/effectifs.csv  who stands behind each intercommunalité, for `egide diagnostic map`
    <store>/passages/<run>/passage.json   dates, sites under their codes, pages read, sites that share their ads
    <store>/echantillons/<name>/codage.csv  a coded sample: numbers drawn by lot and codes
    <store>/certificats/<run>.json        what was purged, when, by which rule

Only the owner of the folder can read it. Source: docs/methods/ad-census.md.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen

from egide.diagnostic.census import journal
from egide.diagnostic.census.counts import told_by_zone
from egide.diagnostic.census.features import DECLARED, Features
from egide.diagnostic.census.journal import Entry
from egide.diagnostic.census.manifest import Category, Manifest, Site
from egide.diagnostic.census.mirrors import Overlap
from egide.diagnostic.census.retention import REPORT_MONTHS, Kept, Kind, months_later
from egide.errors import StoreError

_RUNS, SAMPLES, CERTIFICATES = "passages", "echantillons", "certificats"
_FEATURES, _ZONES, _RUN, _KEPT = "traits.csv", "effectifs.csv", "passage.json", "garde.json"
_LINE = "journal"  # the last line of the log about it
_FORM = 1


@frozen(kw_only=True, eq=False, repr=False)
class Run:
    """One run as it is kept. `pages`: site → relevant ads of each page read."""

    name: str
    features: Features
    department: str
    first_day: date
    last_day: date
    sites: Mapping[str, Site]
    pages: Mapping[str, Mapping[int, int]]
    overlaps: tuple[Overlap, ...]
    refusals: str
    gaps: str


def run_of(
    name: str,
    manifest: Manifest,
    features: Features,
    pages: Mapping[str, Mapping[int, int]],
    overlaps: tuple[Overlap, ...],
) -> Run:
    """What is kept of a manifest: neither the team nor its papers."""
    return Run(
        name=name,
        features=features,
        department=manifest.department,
        first_day=manifest.first_day,
        last_day=manifest.last_day,
        sites=manifest.sites,
        pages=pages,
        overlaps=overlaps,
        refusals=manifest.refusals,
        gaps=manifest.gaps,
    )


def name_for(store: Path, today: date) -> str:
    """`2026-03-31-1`: the day and a rank. A name that was purged is not given again."""
    rank = 1
    while any(
        (store / part / f"{today.isoformat()}-{rank}{end}").exists()
        for part, end in ((_RUNS, ""), (CERTIFICATES, ".json"))
    ):
        rank += 1
    return f"{today.isoformat()}-{rank}"


def write(store: Path, run: Run, today: date) -> Path:
    """The folder of a new run, whole or not at all. Raises StoreError when it is there already."""
    folder = store / _RUNS / run.name
    if folder.exists():
        raise StoreError(f"{folder}\u00a0: ce passage existe déjà. Rien n’a été changé.")
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))  # of mode 0700
    try:
        _write_features(aside / _FEATURES, run.features)
        _write_zones(aside / _ZONES, run.features)
        _write_json(aside / _RUN, _described(run))
        _write_json(aside / _KEPT, _guard(Kept(name=run.name, kind=Kind.FEATURES, made_on=today)))
        aside.rename(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return folder


def write_frame(path: Path, origins: Sequence[tuple[str, int]], sites: Sequence[str]) -> None:
    """Where each ad stands in the team's own files, for a draw: file, row and site, and nothing of what was found.

    The order is that of the files: no row of it can be joined with a row of `traits.csv`.
    """
    with private(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("fichier", "ligne", "strate"))
        writer.writerows((*origin, site) for origin, site in zip(origins, sites, strict=True))


def read(store: Path, name: str) -> Run:
    """Raises StoreError when there is no such run, or it or the log is damaged."""
    check_journal(store)
    folder = store / _RUNS / name
    if not folder.is_dir():
        known = ", ".join(sorted(each.name for each in _folders(store / _RUNS))) or "aucun"
        raise StoreError(f"{folder}\u00a0: aucun passage de ce nom. Passages gardés\u00a0: {known}.")
    try:
        return _run(name, json.loads((folder / _RUN).read_text(encoding="utf-8")), _read_features(folder / _FEATURES))
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        kind = type(error).__name__
    raise StoreError(f"{folder}\u00a0: passage abîmé ({kind}). Purgez-le et recommencez l’import.")


def kept(store: Path) -> tuple[Kept, ...]:
    """Everything that must go one day. A folder that does not say until when is damaged: StoreError."""
    found = []
    for part in (_RUNS, SAMPLES):
        for folder in _folders(store / part):
            found.append(_kept(folder))
    return tuple(found)


def witness(store: Path, entry: Entry) -> None:
    """Write the last line of the log that names a run, or a sample, beside it and in its certificate."""
    for path in _guards(store, entry.run):
        aside = path.with_name(f".{path.name}")
        _write_json(aside, {**json.loads(path.read_text(encoding="utf-8")), _LINE: journal.line(entry)})
        aside.rename(path)


def check_journal(store: Path) -> None:
    """Raises StoreError when the log is damaged, or lacks a line that something kept, or purged, is witness to."""
    lines = [journal.line(entry) for entry in journal.read(store)]
    for path in _guards(store, "*"):
        try:
            known = json.loads(path.read_text(encoding="utf-8")).get(_LINE)
            there = known is None or known == lines[known["rang"] - 1]
        except (ValueError, TypeError, LookupError, AttributeError):
            there = False
        if not there:
            raise StoreError(
                f"{store / journal.NAME}\u00a0: il y manque une ligne que {path} connaît. Le journal a été coupé"
                "\u00a0: prévenez la personne responsable avant tout nouveau passage."
            )


def declare_sample(folder: Path, made_on: date, report_on: date) -> None:
    """Say until when a coded sample may be kept."""
    guard = Kept(name=folder.name, kind=Kind.SAMPLE, made_on=made_on, report_on=report_on)
    _write_json(folder / _KEPT, _guard(guard))


def purge(store: Path, one: Kept, at: datetime) -> Path:
    """Delete a folder, check that nothing of it is left, and say so in a certificate.

    Raises StoreError when something is left; then there is no certificate.
    """
    folder = store / (_RUNS if one.kind is Kind.FEATURES else SAMPLES) / one.name
    # A link is removed, never followed: what it leads to is not ours to blank.
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    size = sum(path.stat().st_size for path in files)
    for path in files:
        blank(path)
    shutil.rmtree(folder)
    if folder.exists():
        raise StoreError(f"{folder}\u00a0: la purge n’a pas tout effacé.")
    certificate = store / CERTIFICATES / f"{one.name}.json"
    certificate.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_json(
        certificate,
        {
            "passage": one.name,
            "nature": one.kind.value,
            "fait_le": one.made_on.isoformat(),
            "a_effacer_au_plus_tard_le": one.last_day.isoformat(),
            "efface_le": at.isoformat(timespec="seconds"),
            "fichiers": len(files),
            "octets": size,
            _LINE: None,
        },
    )
    return certificate


def blank(path: Path) -> None:
    """Zeros over the content first: cheap, and enough on a disk that writes in place. See docs/methods/ad-census.md."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        while size > 0:
            size -= file.write(bytes(min(size, 2**20)))
        file.flush()
        os.fsync(file.fileno())


def _guards(store: Path, name: str) -> list[Path]:
    within = [path for part in (_RUNS, SAMPLES) for path in sorted((store / part).glob(f"{name}/{_KEPT}"))]
    found = [*within, *sorted((store / CERTIFICATES).glob(f"{name}.json"))]
    return [path for path in found if not path.parent.is_symlink() and not path.parent.name.startswith(".")]


def _folders(parent: Path) -> list[Path]:
    return (
        sorted(each for each in parent.iterdir() if each.is_dir() and not each.is_symlink()) if parent.is_dir() else []
    )


def _kept(folder: Path) -> Kept:
    try:
        found = json.loads((folder / _KEPT).read_text(encoding="utf-8"))
        report = found["rapport_le"]
        one = Kept(
            name=folder.name,
            kind=Kind(found["nature"]),
            made_on=date.fromisoformat(found["fait_le"]),
            report_on=None if report is None else date.fromisoformat(report),
        )
        if one.kind is Kind.FEATURES and not one.name.startswith(one.made_on.isoformat()):
            raise ValueError("a run is named after its day: another one would keep it longer")
        if one.report_on and (
            one.made_on.isoformat() not in one.name or one.report_on > months_later(one.made_on, REPORT_MONTHS)
        ):
            raise ValueError("the same for a sample, whose report is two years away at most")
        return one
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise StoreError(
        f"{folder}\u00a0: ce dossier ne dit pas jusqu’à quand il est gardé ({_KEPT}). Effacez-le à la main."
    )


def _guard(one: Kept) -> dict[str, Any]:
    report = one.report_on
    return {
        "nature": one.kind.value,
        "fait_le": one.made_on.isoformat(),
        "rapport_le": report.isoformat() if report else None,
        _LINE: None,
    }


def _write_features(path: Path, features: Features) -> None:
    columns: dict[str, Any] = {
        **features.labels,
        **{name: groups.tolist() for name, groups in features.numbers.items()},
    }
    with private(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(DECLARED)
        writer.writerows(zip(*(columns[name] for name in DECLARED), strict=True))


def _write_zones(path: Path, features: Features) -> None:
    """The columns that `egide.diagnostic.maps.intake` reads. Exact counts: they stay here and go with the run."""
    with private(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("zone", "couche", "personnes", "auteurs", "annonces", "plus_gros_auteur"))
        for zone, cell in told_by_zone(features).items():
            writer.writerow((zone, "en ligne", cell.persons, cell.authors, cell.ads, cell.most))


def _read_features(path: Path) -> Features:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        if tuple(next(reader)) != tuple(DECLARED):
            raise ValueError("other columns than the declared ones")
        columns = dict(zip(DECLARED, zip(*reader, strict=True), strict=True))
    numbers = ("copie", "auteur", "personne")
    return Features(
        labels={name: columns[name] for name in DECLARED if name not in numbers},
        numbers={name: np.array([int(one) for one in columns[name]], np.int64) for name in numbers},
    )


def _described(run: Run) -> dict[str, Any]:
    return {
        "forme": _FORM,
        "departement": run.department,
        "debut": run.first_day.isoformat(),
        "fin": run.last_day.isoformat(),
        "sites": [
            {
                "code": site.code,
                "categorie": site.category.value,
                "annonces": site.ads,
                "pages": site.pages,
                "comptage_exact": site.whole,
                "pages_lues": {str(page): number for page, number in sorted(run.pages.get(site.code, {}).items())},
            }
            for site in run.sites.values()
        ],
        "sites_communs": [
            [each.one, each.other, round(each.texts, 4), round(each.persons, 4)] for each in run.overlaps
        ],
        "refus": run.refusals,
        "lacunes": run.gaps,
    }


def _run(name: str, found: Mapping[str, Any], features: Features) -> Run:
    if found["forme"] != _FORM:
        raise ValueError("a form of another version")
    sites = [
        Site(
            code=each["code"],
            category=Category(each["categorie"]),
            ads=each["annonces"],
            pages=each["pages"],
            whole=each["comptage_exact"],
        )
        for each in found["sites"]
    ]
    return Run(
        name=name,
        features=features,
        department=found["departement"],
        first_day=date.fromisoformat(found["debut"]),
        last_day=date.fromisoformat(found["fin"]),
        sites={site.code: site for site in sites},
        pages={
            each["code"]: {int(page): number for page, number in each["pages_lues"].items()} for each in found["sites"]
        },
        overlaps=tuple(
            Overlap(one=one, other=other, texts=texts, persons=persons)
            for one, other, texts, persons in found["sites_communs"]
        ),
        refusals=found["refus"],
        gaps=found["lacunes"],
    )


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    with private(path) as file:
        json.dump(content, file, ensure_ascii=False, indent=1)


def private(path: Path) -> Any:
    """A text file that only its owner can read, open for writing."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="")
