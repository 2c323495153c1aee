"""`egide diagnostic census`: from a team's files to features and counts; texts and numbers stop at the door. [I/O]"""

from __future__ import annotations

import re
import resource
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from egide.cli.census_estimates import UNPLACED, said, say
from egide.cli.console import JSON_OPTION, QUIET_OPTION, Day, Progress, print_json, refusals_end_the_command
from egide.cli.verbs import InOrder
from egide.diagnostic.census import clock, journal, mirrors, pages, runs, samples
from egide.diagnostic.census import counts as counting
from egide.diagnostic.census.arrivals import Arrivals, receive
from egide.diagnostic.census.coded import coded_sample
from egide.diagnostic.census.door import DUTY, Keys, cross
from egide.diagnostic.census.estimation import estimates
from egide.diagnostic.census.features import DECLARED
from egide.diagnostic.census.journal import Act, Outcome
from egide.diagnostic.census.manifest import MAX_CHARACTERS, Manifest, parse
from egide.diagnostic.census.messages import MAX_LISTED
from egide.diagnostic.census.places import epci_names, gazetteer
from egide.diagnostic.census.reading import read_rows, read_table
from egide.diagnostic.census.retention import late, refuse_late
from egide.diagnostic.duplicates import cluster
from egide.errors import Defect, EgideError, StoreError
from egide.sources.messages import THIN, counted

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FILES = click.argument("files", metavar="FICHIERS…", nargs=-1, required=True, type=_FILE)
_MANIFEST = click.option(
    "--manifest", required=True, type=_FILE, metavar="FICHIER", help="Manifeste de la collecte, en TOML."
)
_STORE = click.option(
    "--store", type=click.Path(file_okay=False, path_type=Path), metavar="DOSSIER", default=Path("build/census"),
    show_default=True, help="Dossier protégé des passages, de leur journal et des certificats de purge.",
)  # fmt: skip


class RunName(click.ParamType[str]):
    """A run as `import` named it, or a coded sample as `estimate` did."""

    name = "PASSAGE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if re.fullmatch(rf"(?:{samples.NAME}-)?\d{{4}}-\d{{2}}-\d{{2}}-\d{{1,4}}", str(value)):
            return str(value)
        self.fail("un passage s’écrit comme 2026-03-31-1.", param, ctx)


@click.group(cls=InOrder)
def census() -> None:
    """Recevoir les annonces relevées par une équipe nommée et autorisée, et n’en garder que des traits et des comptes.

    Rien n’est collecté ici. Numéros, noms, adresses et textes ne passent pas la porte : ils deviennent des empreintes
    à clé, puis la clé est détruite. Aucun verbe ne cherche une personne, un numéro ou un texte.
    """


@census.command("check")
@_FILES
@_MANIFEST
@QUIET_OPTION
@refusals_end_the_command
def check(files: tuple[Path, ...], manifest: Path, quiet: bool) -> None:
    """Vérifier une collecte et son manifeste avant de les remettre. N’enregistre rien.

    Tous les défauts sont listés d’un coup, avec leur ligne et sans rien citer des annonces.

    \b
    Exemple :
      egide diagnostic census check annonces.csv --manifest manifeste.toml
    """
    _no_core_dump()
    arrivals, _ = _received(files, manifest, clock.now().date(), Progress(quiet=quiet))
    _say_remarks(arrivals.remarks)
    if not quiet:
        click.echo(f"Collecte conforme : {counted(len(arrivals), 'annonce')}.\n\n{DUTY}")
    arrivals.forget()


@census.command("import")
@_FILES
@_MANIFEST
@_STORE
@click.option("--confirm", is_flag=True, help="Faire passer la porte pour de bon ; sans cela, rien n’est écrit.")
@click.option(
    "--frame", type=click.Path(dir_okay=False, path_type=Path), metavar="FICHIER",
    help="Écrire aussi la base du tirage : fichier, ligne et site de chaque annonce. À garder hors du dépôt.",
)  # fmt: skip
@QUIET_OPTION
@refusals_end_the_command
def take_in(
    files: tuple[Path, ...],
    manifest: Path,
    store: Path,
    confirm: bool,
    frame: Path | None,
    quiet: bool,
) -> None:
    """Faire passer la porte à une collecte : il n’en reste que les colonnes déclarées.

    Sans --confirm, montre ce qui serait gardé et n’écrit que la ligne du journal. Une purge en retard bloque l’import.

    \b
    Exemple :
      egide diagnostic census import annonces.csv --manifest manifeste.toml --confirm
    """
    _no_core_dump()
    day, progress = clock.now().date(), Progress(quiet=quiet)
    runs.check_journal(store)  # a damaged log stops everything before anything is read
    try:
        refuse_late(runs.kept(store), day)
        arrivals, known = _received(files, manifest, day, progress)
    except EgideError:
        _note(store, Act.IMPORT, Outcome.REFUSED)
        raise
    _say_remarks(arrivals.remarks)
    number, origins, read, sites = len(arrivals), arrivals.origins, arrivals.pages, arrivals.labels()["site"]
    if not confirm:
        arrivals.forget()
        _note(store, Act.IMPORT, Outcome.DRY_RUN)
        _say_columns(number)
        click.echo("Essai à blanc : rien n’a été écrit. Ajoutez --confirm pour importer.")
        return
    with progress.step("Passage de la porte"):
        crossing = cross(arrivals, Keys(), cluster=cluster, observe=lambda alive: None)
    run = runs.run_of(runs.name_for(store, day), known, counting.coarsened(crossing.features), read, crossing.overlaps)
    with progress.step("Écriture"):
        folder = runs.write(store, run, day)
    _note(store, Act.IMPORT, Outcome.DONE, run=run.name)
    if frame is not None:
        runs.write_frame(frame, origins, sites)
        _note(store, Act.EXPORT, Outcome.DONE, run=run.name)
    _say_columns(number)
    click.echo(f"Passage {run.name} : {folder}\n\n{DUTY}")


@census.command("estimate")
@_FILES
@_MANIFEST
@click.option("--sheet", required=True, type=_FILE, metavar="FICHIER", help="Feuille de codage remplie.")
@click.option("--key", required=True, type=_FILE, metavar="FICHIER", help="cle.csv du même tirage.")
@click.option(
    "--report-on",
    required=True,
    type=Day(),
    help="Jour prévu du rapport, deux ans plus tard au plus ; les codes sont gardés six mois de plus.",
)
@click.option(
    "--at-least", type=click.IntRange(1, 9), default=2, show_default=True, metavar="K",
    help="Part des annonces qui portent au moins K indices. À choisir avant de voir les parts.",
)  # fmt: skip
@_STORE
@JSON_OPTION
@QUIET_OPTION
@refusals_end_the_command
def estimate(
    files: tuple[Path, ...],
    manifest: Path,
    sheet: Path,
    key: Path,
    report_on: date,
    at_least: int,
    store: Path,
    as_json: bool,
    quiet: bool,
) -> None:
    """Repasser la porte avec l’échantillon codé, et estimer ce qu’il dit de toutes les annonces.

    FICHIERS et manifeste sont ceux du tirage, inchangés et dans le même ordre. Il en sort des estimations et leurs
    intervalles : personnes distinctes, part de doublons, mesure de chaque indice, parts par territoire ; rien par
    annonce. La même feuille rend toujours les mêmes nombres, arrondis ; une autre feuille du même tirage est refusée.
    Refusé (code 5) si les doublons n’ont été cherchés que dans l’échantillon.

    \b
    Exemple :
      egide diagnostic census estimate annonces.csv --manifest manifeste.toml \\
        --sheet tirage/codage-1.xlsx --key tirage/cle.csv --report-on 2026-09-01
    """
    _no_core_dump()
    day, progress = clock.now().date(), Progress(quiet=quiet)
    runs.check_journal(store)
    try:
        refuse_late(runs.kept(store), day)
        arrivals, known = _received(files, manifest, day, progress)
        labels, table = arrivals.labels(), read_table(sheet)
        sample = coded_sample(table, read_table(key), labels["site"])
        kept = samples.keep(store, table, day, report_on)
        found = samples.estimated(store, kept)
        _refuse_another_level(found, at_least)
    except EgideError:
        _note(store, Act.ESTIMATE, Outcome.REFUSED)
        raise
    if found is None:
        period = f"du {known.first_day:%d/%m/%Y} au {known.last_day:%d/%m/%Y}"
        with progress.step("Passage de la porte"):
            crossing = cross(
                arrivals,
                Keys(),
                cluster=cluster,
                observe=lambda alive: estimates(
                    alive, sample, territory=labels["epci"], period=period, at_least=at_least
                ),
            )
        found = said(crossing.observed, {**epci_names(), "": UNPLACED}, at_least, period)
        samples.keep_estimates(store, kept, found)
    arrivals.forget()
    _note(store, Act.ESTIMATE, Outcome.DONE, run=kept.name)
    if as_json:
        print_json({name: value for name, value in found.items() if name not in ("lines", "warnings")})
        return
    say(found)
    click.echo(f"\nCodes et estimations gardés jusqu’au {kept.last_day:%d/%m/%Y} sous le nom {kept.name}.\n\n{DUTY}")


def _refuse_another_level(found: dict[str, Any] | None, at_least: int) -> None:
    if found is not None and found["at_least"] != at_least:
        raise StoreError(
            f"Cet échantillon a déjà été estimé pour au moins {found['at_least']} indices\u00a0: deux tableaux se "
            f"soustrairaient. Redonnez --at-least {found['at_least']}."
        )


@census.command("counts")
@click.argument("run", type=RunName(), metavar="PASSAGE")
@_STORE
@refusals_end_the_command
def counts(run: str, store: Path) -> None:
    """Montrer les comptes d’un passage : catégories, mois, territoires, sites miroirs, sites extrapolés.

    Une ligne n’est montrée que si assez de personnes et d’auteurs sont derrière ; les autres sont réunies. Le total
    aussi.

    \b
    Exemple :
      egide diagnostic census counts 2026-03-31-1
    """
    found = runs.read(store, run)
    _note(store, Act.ACCESS, Outcome.DONE, run=run)
    between = f"du {found.first_day:%d/%m/%Y} au {found.last_day:%d/%m/%Y}"
    ads = counting.whole(found.features)
    said = "nombre d’annonces non communicable" if ads is None else counted(ads, "annonce")
    click.echo(f"Collecte {between}, {said}.")
    click.echo(f"Refus : {found.refusals}\nLacunes : {found.gaps}")
    _say_parts("Par catégorie de site", counting.shown(found.features, "categorie", crossed=False), {})
    _say_parts("Par mois", counting.shown(found.features, "mois", crossed=False), {"": "date inconnue"})
    _say_territories(counting.territories(found.features))
    _say_sites(found)


@census.command("purge")
@_STORE
@click.option("--run", type=RunName(), help="Purger aussi ce passage, avant son terme.")
@click.option("--confirm", is_flag=True, help="Effacer pour de bon ; sans cela, montre seulement ce qui le serait.")
@refusals_end_the_command
def purge(store: Path, run: str | None, confirm: bool) -> None:
    """Effacer ce qui est arrivé à son terme, avec un certificat par dossier.

    Les traits se gardent 30 jours, un échantillon codé jusqu’à six mois après le rapport.

    \b
    Exemple :
      egide diagnostic census purge --confirm
    """
    kept = runs.kept(store)
    overdue = set(late(kept, clock.now().date())) | {one for one in kept if one.name == run}
    due = [one for one in kept if one in overdue]
    if not due:
        click.echo("Rien à purger.")
    for one in due:
        if confirm:
            certificate = runs.purge(store, one, clock.now())
            _note(store, Act.PURGE, Outcome.DONE, run=one.name)
            click.echo(f"{one.name} : effacé. Certificat : {certificate}")
        else:
            _note(store, Act.PURGE, Outcome.DRY_RUN, run=one.name)
            click.echo(f"{one.name} ({one.kind.value}) : serait effacé. Terme : {one.last_day:%d/%m/%Y}.")
    if due and not confirm:
        click.echo("Essai à blanc : rien n’a été effacé. Ajoutez --confirm pour effacer.")


def _received(files: Sequence[Path], manifest: Path, today: date, progress: Progress) -> tuple[Arrivals, Manifest]:
    with manifest.open("rb") as file:
        known = parse(file.read(MAX_CHARACTERS + 1), manifest.name, today)
    with progress.step("Lecture et vérification"):
        return receive(map(read_rows, files), known, gazetteer()), known


def _no_core_dump() -> None:
    """A crash must not leave the memory of the process, texts included, on a disk."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _note(store: Path, act: Act, outcome: Outcome, run: str = "") -> None:
    entry = journal.note(store, act, outcome, at=clock.now(), run=run)
    if run:
        runs.witness(store, entry)


def _say_remarks(remarks: Sequence[Defect]) -> None:
    if remarks:
        click.echo(f"Gardé, mais pas compris ({counted(len(remarks), 'remarque')}) :", err=True)
        for one in remarks[:MAX_LISTED]:
            click.echo(f"- {one.text()}", err=True)
        if len(remarks) > MAX_LISTED:
            click.echo(f"- … et {counted(len(remarks) - MAX_LISTED, 'autre')}.", err=True)


def _say_columns(number: int) -> None:
    click.echo(f"{counted(number, 'annonce')}. Gardé pour chacune, sans texte, numéro ni nom :")
    for name, held in DECLARED.items():
        click.echo(f"  {name:<12} {held}")


def _say_parts(title: str, parts: Sequence[counting.Part], named: dict[str, str]) -> None:
    click.echo(f"\n{title}")
    if not parts:
        click.echo("  non communicable : trop peu de personnes ou d’auteurs")
    for part in parts:
        click.echo(f"  {_label(part, named)} : {_whole(part.ads)}")


def _say_territories(found: Sequence[tuple[counting.Part, Sequence[counting.Part]]]) -> None:
    zones = {**epci_names(), "": UNPLACED}
    communes = {"": "commune inconnue"} | {code: one.name for code, one in gazetteer().by_code.items()}
    if not found:
        _say_parts("Par intercommunalité", (), zones)
        return
    click.echo("\nPar intercommunalité, puis commune")
    for part, inside in found:
        click.echo(f"  {_label(part, zones)} : {_whole(part.ads)}")
        for one in inside:
            click.echo(f"    {_label(one, communes)} : {_whole(one.ads)}")


def _label(part: counting.Part, named: dict[str, str]) -> str:
    label = " + ".join(named.get(cell[0], cell[0]) for cell in part.cells[:3])
    return label + (f" + {counted(len(part.cells) - 3, 'autre')}" if len(part.cells) > 3 else "")


def _say_sites(found: runs.Run) -> None:
    groups, told = mirrors.groups(found.overlaps), counting.told_sites(found.features)
    for group in groups:
        click.echo(f"\nSites miroirs, par leurs textes : {', '.join(group)}")
    together = {code for group in groups for code in group}
    for number, codes in mirrors.same_count(counting.by_site(found.features)):
        if not together.issuperset(codes):
            said = f" ({number})" if told.issuperset(codes) else ""
            click.echo(f"\nMême nombre d’annonces{said}, à vérifier : {', '.join(codes)}")
    for site in found.sites.values():
        read = found.pages.get(site.code)
        if site.whole or site.pages is None or not read or len(read) > site.pages:
            continue
        if site.code not in told:
            click.echo(f"\n{site.code} : non communicable, trop peu de personnes ou d’auteurs")
            continue
        estimate = pages.extrapolated(list(read.values()), site.pages)
        between = (
            f"de {_whole(round(estimate.low))} à {_whole(round(estimate.high))}"
            if estimate.low is not None and estimate.high is not None
            else "sans intervalle, une seule page lue"
        )
        click.echo(
            f"\n{site.code}, extrapolé de {estimate.read} pages sur {_whole(estimate.pages)} :"
            f" environ {_whole(round(estimate.ads))} annonces ({between})\n  {estimate.warning}"
        )


def _whole(number: int) -> str:
    return f"{number:,}".replace(",", THIN)
