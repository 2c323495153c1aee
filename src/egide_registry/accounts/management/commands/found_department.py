"""`manage.py found_department`: open a department, with its keys, its keeper and its first administrator."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse
from django.utils import timezone

from egide.reference.territories import territory_name
from egide_registry.accounts import actions, invitations
from egide_registry.accounts.models import Body


class Command(BaseCommand):
    help = (
        "Ouvre un département\u00a0: ses clés, son compte des travaux de nuit, sa première administration, à qui "
        "le lien imprimé est à remettre. À lancer avec le mot de passe de egide_owner et le jeton de l’exploitant."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="le code du département (62, 2A, 974…)")
        parser.add_argument("--prefecture", required=True, help="le nom de la préfecture")
        parser.add_argument("--nom", required=True, help="le nom de la personne qui administrera les comptes")
        parser.add_argument("--adresse", required=True, help="son adresse électronique")

    def handle(self, *_: Any, code: str, prefecture: str, nom: str, adresse: str, **__: Any) -> None:
        name = territory_name(f"DEP-{code}")
        actions.add_place(code, name)
        body = Body.objects.create(kind=Body.Kind.PREFECTURE, name=prefecture)
        mandate = actions.found_department(
            code, name=name, body=body, administrator=nom, email=adresse, on=timezone.localdate()
        )
        path = reverse("accounts:invitation", args=[invitations.token(mandate.person)])
        host = next(iter(settings.ALLOWED_HOSTS), "localhost")
        self.stdout.write(f"{name}\u00a0: ouvert. Lien du premier accès, valable 72 heures\u00a0: https://{host}{path}")
