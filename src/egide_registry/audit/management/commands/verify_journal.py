"""`manage.py verify_journal`: does every chain of the journal hold? Exits with 1 and the first broken link if not."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from egide_registry.audit import anchors as second_place
from egide_registry.audit import verification
from egide_registry.audit.anchors import AnchorsUnreadable
from egide_registry.security.keys.service import KeyServiceError
from egide_registry.theme import french


class Command(BaseCommand):
    help = (
        "Vérifie les chaînes du journal, leurs têtes signées et le second lieu. Sort avec 1 si une chaîne est rompue."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--chain", action="append", default=[], help="cette chaîne seulement\u202f; peut se répéter"
        )
        parser.add_argument("--anchors", type=Path, help="le dossier du second lieu (défaut\u00a0: EGIDE_ANCHORS)")

    def handle(self, *args: Any, chain: list[str], anchors: Path | None, **options: Any) -> None:
        try:
            found = second_place.read(anchors or Path(settings.EGIDE_ANCHORS))
            broken = []
            for name in chain or verification.known_chains(found):
                report = verification.verify_chain(
                    name, found=found, on=timezone.localdate(), progress=self.say_progress
                )
                self.stdout.write(str(report))
                broken += [report] if report.faults else []
        except (AnchorsUnreadable, KeyServiceError) as problem:
            raise CommandError(str(problem)) from problem
        if broken:
            raise CommandError(
                f"Chaîne {broken[0].chain}, {broken[0].faults[0]} Ne rien corriger\u202f: "
                "garder une copie de la base et du second lieu, et prévenir le délégué à la protection des données."
            )

    def say_progress(self, chain: str, count: int) -> None:
        """On the error stream: the summary stays clean."""
        self.stderr.write(f"Chaîne {chain}\u00a0: {french.number(count)} inscriptions lues…")
