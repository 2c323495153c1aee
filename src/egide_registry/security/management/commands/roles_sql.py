"""`manage.py roles_sql`: the statements that a superuser of PostgreSQL runs once, to read before running them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from egide_registry.security import roles


class Command(BaseCommand):
    help = "Imprime les ordres SQL qui créent les rôles (sans argument) ou les schémas d’une base (--base egide)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base", help="le nom de la base, qui existe et appartient à egide_owner")

    def handle(self, *_: Any, base: str | None, **__: Any) -> None:
        self.stdout.write(roles.database_sql(base) if base else roles.roles_sql())
