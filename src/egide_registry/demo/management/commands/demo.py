"""`manage.py demo code COMPTE`: the code to type now; `manage.py demo comptes`: who may sign in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from egide_registry.demo import accounts, words


class Command(BaseCommand):
    help = "Comptes de la démonstration, et code à usage unique de l’un d’eux."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True, metavar="code | comptes")
        parts.add_parser("comptes", help="les comptes et leur mot de passe")
        parts.add_parser("code", help="le code à six chiffres du moment").add_argument("compte")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "comptes":
            self.stdout.write(words.accounts_text())
            return
        slug = options["compte"].removesuffix(f"@{accounts.DOMAIN}")
        try:
            self.stdout.write(accounts.code(slug, at=timezone.now()))
        except KeyError:
            known = ", ".join(account.slug for account in accounts.ACCOUNTS)
            raise CommandError(f"compte\u00a0: attendu l’un de {known}, reçu «\u00a0{slug}\u00a0».") from None
