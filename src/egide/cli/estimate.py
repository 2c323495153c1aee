"""`egide estimate`: how many are not seen, from lists that overlap. [I/O]"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
from attrs import evolve, frozen

from egide.cli.console import JSON_OPTION, QUIET_OPTION, Day, print_json, refusals_end_the_command
from egide.cli.estimate_report import MARK, Report, write_report
from egide.cli.estimate_text import as_json as payload_of
from egide.cli.estimate_text import lines
from egide.cli.folders import refuse_foreign
from egide.cli.verbs import INTERRUPTED
from egide.diagnostic.census.reading import read_table
from egide.document.typography import NBSP, THIN
from egide.errors import CalculationRefused
from egide.estimation.choice.criteria import Ranking, ranked
from egide.estimation.models import independence
from egide.estimation.results import Declined, Reason
from egide.estimation.strata import Stratified, stratified
from egide.reference.periods import Period
from egide.reference.territories import is_territory
from egide.unseen.appraise import appraise
from egide.unseen.intake import read_lists
from egide.unseen.linking.folder import read_tables
from egide.unseen.material import Material, exact_material, hidden_material, through
from egide.unseen.methods import MOST_ENUMERATED, PANEL, Effort
from egide.unseen.reading import Reading
from egide.unseen.report.overlaps import Frame

_REFUSED = CalculationRefused.exit_code
_QUICK = 200  # replicates


@click.command()
@click.argument("source", metavar="FICHIER", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--strata", multiple=True, metavar="COLONNE", help="Colonne qui n’est pas une liste, comme sexe ; se répète."
)
@click.option("--sheet", metavar="NOM", help="Feuille à lire, s’il y en a plusieurs.")
@click.option("--apart", multiple=True, metavar="A,B", help="Deux listes qui ne peuvent se croiser ; se répète.")
@click.option(
    "--replicates", type=click.IntRange(100, 100_000), default=1000, show_default=True, metavar="NOMBRE",
    help="Tirages de chaque intervalle qui en demande.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, metavar="NOMBRE", help="Graine des tirages."
)
@click.option("--quick", is_flag=True, help=f"Sans les méthodes lentes, et {_QUICK} tirages au plus.")
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="DOSSIER",
    help="Faire aussi la page à publier, dans ce dossier.",
)
@click.option("--period", metavar="PÉRIODE", help="Période des listes, par exemple 2025 ou 2024..2025 (avec --report).")
@click.option(
    "--territory", default="FR", show_default=True, metavar="CODE", help="Territoire des listes (avec --report)."
)
@click.option(
    "--title", default="Personnes exploitées que personne n’a vues", show_default=True, metavar="TITRE",
    help="Titre de la page.",
)  # fmt: skip
@click.option("--publisher", default="Égide", show_default=True, metavar="NOM", help="Qui publie la page.")
@click.option("--on", type=Day(), help="Jour de la page ; aujourd’hui par défaut.")
@JSON_OPTION
@QUIET_OPTION
@refusals_end_the_command
def estimate(
    source: Path,
    strata: tuple[str, ...],
    sheet: str | None,
    apart: tuple[str, ...],
    replicates: int,
    seed: int,
    quick: bool,
    report: Path | None,
    period: str | None,
    territory: str,
    title: str,
    publisher: str,
    on: date | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Estimer combien de personnes ne sont sur aucune des listes de FICHIER.

    Plusieurs méthodes répondent côte à côte, avec leurs intervalles, ce qui les porte et leur désaccord. Moins de huit
    personnes sur deux listes, et aucun nombre n’est donné.

    \b
    FICHIER  CSV, XLSX ou ODS, dans l’une de ces formes :
             une colonne par liste (1 ou 0, oui ou non, x) et une colonne effectif
             une ligne par personne, une colonne par liste
             deux colonnes, personne et liste
             ou le dossier qu’a fait « egide link »
    « < 5 » et « 1-4 » sont des étendues ; un effectif vide, un croisement qui ne peut être observé.

    \b
    Exemples :
      egide estimate listes.csv
      egide estimate listes.xlsx --strata sexe --apart police,justice
      egide estimate listes.csv --report build/estimation --period 2025
    """
    pairs = [_pair(one) for one in apart]
    frame = None if report is None else _frame(report, source, period, territory, on)
    with interruptible() as stop:
        effort = Effort(
            replicates=min(replicates, _QUICK) if quick else replicates,
            seed=seed,
            workers=os.cpu_count() or 1,
            stop=stop,
        )
        said = _Said(quiet=quiet or as_json)
        effort = evolve(effort, about=said.about, tell=said.tell)
        given = _given(source, sheet, strata, pairs, seed)
        if report is not None and given.material.hidden:
            raise CalculationRefused(
                f"{source.name}{NBSP}: attendu des effectifs entiers pour faire la page, reçu des étendues. "
                "La page masque elle-même ce qui doit l’être\u202f; partez du tableau complet."
            )
        found = appraise(
            given.material.table,
            effort,
            panel=through(given.material, PANEL),
            quick=quick,
            fewest=given.material.fewest,
        )
        by_stratum = None if found.refusal or found.stopped else _by_stratum(given.reading, seed, said.about, stop)
        said.end()
        stopped = found.stopped or (isinstance(by_stratum, Declined) and by_stratum.reason is Reason.STOPPED)
        if as_json:
            print_json(payload_of(found, given.material, by_stratum, given.reading))
        else:
            click.echo("\n".join(lines(found, given.material, by_stratum, given.reading)))
        if report is not None and frame is not None and not stopped:
            made = Report(
                title=title, publisher=publisher, frame=frame, linked=bool(given.material.others), quick=quick
            )
            written = write_report(given.material.table, made, report, evolve(effort, about=said.about))
            said.end()
            for line in written:
                click.echo(line, err=as_json)
    if stopped:
        raise SystemExit(INTERRUPTED)
    if found.refusal is not None:
        raise SystemExit(_REFUSED)


@frozen(kw_only=True)
class _Given:
    material: Material
    reading: Reading | None = None


def _given(source: Path, sheet: str | None, strata: tuple[str, ...], apart: list[tuple[str, str]], seed: int) -> _Given:
    if source.is_dir():
        if sheet or strata or apart:
            raise click.UsageError(
                f"Un dossier de «{NBSP}egide link{NBSP}» ne prend ni --sheet, ni --strata, ni --apart."
            )
        table, drawn = read_tables(source)
        return _Given(material=exact_material(table, drawn))
    reading = read_lists(read_table(source, sheet=sheet), strata=strata, apart=apart)
    return _Given(material=hidden_material(reading.table, seed=seed), reading=reading)


def _by_stratum(
    reading: Reading | None, seed: int, about: Callable[[str], None], stop: Callable[[], bool]
) -> Stratified | Declined | None:
    """Under the model of least BIC of the whole table; strata with hidden counts have none."""
    if reading is None or not reading.strata or any(not one.is_exact for _, one in reading.strata):
        return None
    tables = {label: one.completed(one.low) for label, one in reading.strata}
    whole = reading.table.completed(reading.table.low)
    best = ranked(whole, order=2) if whole.k <= MOST_ENUMERATED else None
    model = best.models[0] if isinstance(best, Ranking) else independence(whole.k)
    return stratified(
        tables, model, seed=seed, tell=lambda fit: about(f"{len(tables)} strates, essai {fit}"), stop=stop
    )


def _pair(text: str) -> tuple[str, str]:
    first, joined, second = (part.strip() for part in text.partition(","))
    if not (first and joined and second):
        raise click.BadParameter(
            f"«{NBSP}{text}{NBSP}» n’est pas une paire de listes, comme A,B.", param_hint="--apart"
        )
    return first, second


def _frame(report: Path, source: Path, period: str | None, territory: str, on: date | None) -> Frame:
    refuse_foreign(report, MARK)
    if period is None:
        raise click.UsageError(f"--report demande --period{NBSP}: la période que couvrent les listes.")
    try:
        Period.parse(period)
    except ValueError:
        raise click.BadParameter(
            f"«{NBSP}{period}{NBSP}» n’est pas une période{THIN}; écrivez 2025, 2024..2025 ou 2025-12-31.",
            param_hint="--period",
        ) from None
    if not is_territory(territory):
        raise click.BadParameter(
            f"«{NBSP}{territory}{NBSP}» n’est pas un territoire{THIN}; écrivez FR, REG-11 ou DEP-62.",
            param_hint="--territory",
        )
    return Frame(territory=territory, period=period, known_on=on or date.today(), file_name=source.name)


class _Said:
    """One line on standard error, written over: which method is at work, and how far."""

    def __init__(self, *, quiet: bool) -> None:
        self._live = not quiet and sys.stderr.isatty()
        self._what = ""

    def about(self, what: str) -> None:
        self._what = what
        self._write(f"  {what} …")

    def tell(self, done: int, of: int) -> None:
        self._write(f"  {self._what} … {done} / {of}")

    def end(self) -> None:
        self._write("")

    def _write(self, text: str) -> None:
        if self._live:
            click.echo(f"\r\x1b[K{text}", nl=False, err=True)


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C asks to stop after the step in hand, and what is done is shown; the second one stops now."""
    asked = threading.Event()

    def first(_signal: int, _frame: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        click.echo("\nArrêt demandé… (encore Ctrl-C pour quitter sans attendre)", err=True)

    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before = signal.signal(signal.SIGINT, first)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)
