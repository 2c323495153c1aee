"""`manage.py seal_journal`: sign the heads of the journal, in the database and in the second place."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from egide_registry.audit import heads, verification
from egide_registry.audit.anchors import AnchorsUnreadable
from egide_registry.security.keys.service import KeyServiceError
from egide_registry.theme import french


class Command(BaseCommand):
    help = "Signe la tête de chaque chaîne du journal et l’écrit au second lieu, une fois par jour. Peut être relancé."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--chain", action="append", default=[], help="cette chaîne seulement\u202f; peut se répéter"
        )
        parser.add_argument("--anchors", type=Path, help="le dossier du second lieu (défaut\u00a0: EGIDE_ANCHORS)")

    def handle(self, *args: Any, chain: list[str], anchors: Path | None, **options: Any) -> None:
        day = timezone.localdate()
        try:
            count = heads.seal_all(day=day, folder=anchors or Path(settings.EGIDE_ANCHORS), only=chain)
        except (AnchorsUnreadable, KeyServiceError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{verification.counted(count, 'chaîne scellée')} pour le {french.day(day)}.")
