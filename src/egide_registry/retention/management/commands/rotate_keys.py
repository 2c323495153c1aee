"""Turn the wrapping key of each department; another night, forget the versions that nothing needs any more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from egide_registry.retention import actions, rotation


class Command(BaseCommand):
    help = (
        "Renouvelle la clé d’enveloppe de chaque département et réenveloppe ses clés de données. "
        "Une autre nuit, --oublier détruit les versions qui ne servent plus\u00a0: les vieilles sauvegardes des "
        "dossiers purgés ne s’ouvrent plus."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--department", "--departement", help="un seul département, par son code")
        parser.add_argument("--oublier", action="store_true", help="détruire les versions anciennes, sans retour")

    def handle(self, *_: Any, department: str | None, oublier: bool, **__: Any) -> None:
        for person, mandate, code in actions.keepers():
            if department and code != department:
                continue
            with actions.as_keeper(person, mandate) as by:
                if oublier:
                    kept = rotation.forget(by=by)
                    said = f"versions antérieures à {kept} détruites" if kept else "aucune clé de données"
                else:
                    done = rotation.rewrap(by=by)
                    said = f"version {done.version}, {done.keys} clés réenveloppées"
            self.stdout.write(f"{code}\u00a0: {said}")
