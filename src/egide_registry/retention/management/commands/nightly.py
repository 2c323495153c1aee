"""The nightly work: what must be announced, dropped, purged. Says what it would do, unless told to do it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from egide_registry.retention import actions, rules

WORDS = {
    rules.Step.ANNOUNCE: "purges à annoncer",
    rules.Step.WAIT: "purges annoncées, préavis en cours",
    rules.Step.HELD: "dossiers conservés au-delà du terme",
    rules.Step.PURGE: "dossiers à purger",
}


class Command(BaseCommand):
    help = (
        "Travaux de nuit de chaque département\u00a0: brouillons abandonnés, annonces de purge, purges. "
        "Sans --faire, dit ce qui serait fait et ne change rien."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--faire", action="store_true", help="faire ce qui est dit, au lieu de le dire seulement")
        parser.add_argument("--departement", help="un seul département, par son code")

    def handle(self, *_: Any, faire: bool, departement: str | None, **__: Any) -> None:
        now = timezone.localtime()
        for person, mandate, code in actions.keepers():
            if departement and code != departement:
                continue
            with actions.as_keeper(person, mandate) as by:
                night = actions.plan(by=by, now=now)
                if faire:
                    actions.carry_out(night, by=by, now=now)
            counts = [f"{len(night.files[step])} {words}" for step, words in WORDS.items() if night.files[step]]
            counts += [f"{len(night.ended)} parcours arrivés à leur terme"] if night.ended else []
            counts += [f"{len(night.drafts)} brouillons abandonnés"] if night.drafts else []
            counts += [f"{night.attempts} essais de connexion à oublier"] if night.attempts else []
            self.stdout.write(f"{code}\u00a0: {', '.join(counts) or 'rien à faire'}")
        if not faire:
            self.stdout.write("Rien n’a été changé. Ajoutez --faire pour le faire.")
