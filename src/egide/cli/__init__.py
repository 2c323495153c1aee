"""The command line: one file a verb. A command parses, calls, prints and leaves with a documented code. [I/O]"""

from __future__ import annotations

import click

from egide.cli.check import check
from egide.cli.completion import completion
from egide.cli.compute import compute
from egide.cli.diff import diff
from egide.cli.letter import letter
from egide.cli.record import record
from egide.cli.release import release
from egide.cli.schema import schema
from egide.cli.trace import trace
from egide.cli.verify import verify

_EPILOG = """\b
Codes de sortie :
  0  fait, rien à signaler
  1  vérifié, et quelque chose diffère (verify, diff)
  2  commande mal appelée
  3  livraison refusée : rien n’a été enregistré
  4  dépôt illisible, ou enregistrement refusé
  5  calcul refusé
  6  publication refusée : elle montrerait ce qui doit rester masqué
  7  édition refusée : prose, figure ou tableau en défaut
  8  identifiant inconnu

\b
Pour commencer :
  egide letter build editions/2026     produire la Lettre
  egide check sdfe ma-livraison.xlsx   vérifier une livraison avant de l’envoyer
  egide trace NOMBRE                   d’où vient un nombre publié
"""


@click.group(epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="egide", message="Égide %(version)s")
def main() -> None:
    """Égide : des livraisons des institutions à une Lettre dont chaque nombre est tracé, vérifié et sûr.

    Le chemin d’un nombre : check → record → compute → release → letter. Chaque verbe a son aide :
    « egide check --help ».
    """


for command in (check, record, compute, release, letter, trace, diff, verify, schema, completion):
    main.add_command(command)

__all__ = ["main"]
