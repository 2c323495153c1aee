"""`manage.py purge_journal`: take away the segments of the journal that have served their time."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from egide_registry.audit import heads
from egide_registry.audit.anchors import AnchorsUnreadable
from egide_registry.audit.models import Head
from egide_registry.audit.verification import BrokenJournal
from egide_registry.theme import french

KEPT_DAYS = 3 * 365  # the longest that the CNIL names (délibération 2021-122); see the table of lifetimes


class Command(BaseCommand):
    help = "Retire les segments scellés du journal dont le temps est passé. Sans --faire, dit lesquels seulement."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--jours", type=int, default=KEPT_DAYS, help=f"durée de conservation (défaut\u00a0: {KEPT_DAYS})"
        )
        parser.add_argument("--faire", action="store_true", help="retirer, au lieu de le dire seulement")

    def handle(self, *_: Any, jours: int, faire: bool, **__: Any) -> None:
        on = timezone.localdate()
        folder = Path(settings.EGIDE_ANCHORS)
        for chain in Head.objects.using("journal").order_by("chain").values_list("chain", flat=True):
            try:
                purge = heads.purge_journal(chain, on=on, kept_days=jours, folder=folder, dry_run=not faire)
            except (BrokenJournal, AnchorsUnreadable, ValueError) as problem:
                raise CommandError(str(problem)) from problem
            if purge is None:
                self.stdout.write(f"{chain}\u00a0: rien d’assez ancien.")
            else:
                done = "retirées" if purge.done else "à retirer"
                self.stdout.write(f"{chain}\u00a0: {purge.count} lignes {done}, jusqu’au {french.day(purge.day)}.")
