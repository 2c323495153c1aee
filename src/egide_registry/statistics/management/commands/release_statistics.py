"""`manage.py release_statistics ANNEE`: what a year would show, in counts; with --faire, release it."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from egide.disclosure.register import Register
from egide.errors import EgideError
from egide_registry.audit.verification import counted
from egide_registry.statistics import actions
from egide_registry.statistics.release import Released
from egide_registry.statistics.rules import FAMILIES
from egide_registry.statistics.store import Releases

FAMILY_LABELS = {
    "paths": "parcours en cours",
    "requests": "demandes",
    "appeals": "recours",
    "endings": "parcours terminés",
    "followed_6": "suivi à six mois",
    "followed_12": "suivi à douze mois",
    "right_aps": "autorisation provisoire de séjour",
    "right_afis": "aide financière à l’insertion sociale",
    "right_housing": "hébergement ou logement",
    "right_support": "accompagnement",
    "sessions": "séances",
}


class Command(BaseCommand):
    help = (
        "Diffuse les statistiques d’une année finie\u00a0: registre des publications, livraison pour l’observatoire, "
        "tableau national. Sans --faire, dit ce qui serait montré et n’écrit rien."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("annee", type=int, help="une année finie")
        parser.add_argument("--faire", action="store_true", help="diffuser, au lieu de dire seulement")
        parser.add_argument(
            "--lettre", type=Path, help="registre des publications de la Lettre, dont les nombres sont déjà publics"
        )

    def handle(self, *_: Any, annee: int, faire: bool, lettre: Path | None, **__: Any) -> None:
        today = timezone.localdate()
        if annee >= today.year:
            raise CommandError(f"{annee} n’est pas finie\u00a0: attendu une année avant {today.year}.")
        if lettre is not None and not lettre.is_dir():
            raise CommandError(
                f"{lettre} n’est pas un dossier\u00a0: attendu le registre des publications de la Lettre."
            )
        releases = Releases.of_site()
        try:
            drawn = actions.draw(
                annee,
                releases=releases,
                on=today,
                only=settings.EGIDE_STATISTICS_DEPARTMENTS,
                elsewhere=None if lettre is None else Register(lettre).read(),
                progress=self._tell,
            )
            self._describe(drawn)
            if not faire:
                self.stdout.write("Rien n’a été diffusé. Ajoutez --faire pour le faire.")
                return
            kept = actions.release(drawn, releases=releases)
        except EgideError as refused:
            raise CommandError(str(refused)) from refused
        except DatabaseError as refused:
            raise CommandError(
                "La base refuse de compter\u00a0: cette commande demande EGIDE_STAT_PASSWORD, et des gardes à jour "
                "(migrate --database owner)."
            ) from refused
        said = "Diffusé" if kept.is_new else "Déjà diffusé, à l’identique"
        self.stdout.write(f"{said}\u00a0: {kept.released.version.text}, dans {releases.folder}.")

    def _tell(self, family: str) -> None:
        """On the error stream: a whole country takes half a minute."""
        place = next(number for number, one in enumerate(FAMILIES, 1) if one.name == family)
        self.stderr.write(f"{place}/{len(FAMILIES)} {FAMILY_LABELS[family]}…")

    def _describe(self, drawn: actions.Drawn) -> None:
        """Numbers of cells, never a cell."""
        self.stdout.write(f"{counted(len(drawn.read.covered), 'département couvert')} toute l’année.")
        if drawn.read.outside:
            self.stdout.write(f"Hors des 101 départements, non comptés\u00a0: {', '.join(drawn.read.outside)}.")
        shown, hidden = _cells(drawn.released)
        left = Counter(out.family for out in drawn.released.left_out)
        for family in FAMILIES:
            name = family.name
            left_out = f"{left[name]} {'niveau laissé' if left[name] < 2 else 'niveaux laissés'} de côté"
            said = (counted(shown[name], "case montrée"), counted(hidden[name], "case masquée"), left_out)
            self.stdout.write(f"{FAMILY_LABELS[name]}\u00a0: {', '.join(said)}")


def _cells(released: Released) -> tuple[Counter[str], Counter[str]]:
    """Cells shown and hidden, by family."""
    shown, hidden = Counter[str](), Counter[str]()
    for key, cell in released.cells.items():
        family = next(
            one.name
            for one in FAMILIES
            if one.measure == key.measure and all(key.dim(name) == code for name, code in one.fixed)
        )
        (shown if cell.is_shown else hidden)[family] += 1
    return shown, hidden
