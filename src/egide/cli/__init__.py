"""The command line: one file a verb. A command parses, calls, prints and leaves with a documented code. [I/O]"""

from __future__ import annotations

import click

from egide.cli.verbs import Verbs

__all__ = ["main"]

_SUMMARIES = {
    "check": "vérifier une livraison avant de l’envoyer",
    "record": "garder une livraison vérifiée, telle que connue son jour",
    "compute": "calculer une expression à partir des faits",
    "release": "montrer ce que le secret laisse publier et ce qu’il masque",
    "letter": "produire la Lettre d’une édition",
    "diagnostic": "mener un diagnostic territorial, du questionnaire au rapport",
    "pseudonymise": "changer une liste de personnes en jetons sans noms",
    "link": "rapprocher des listes de jetons en un tableau d’effectifs",
    "estimate": "estimer combien de personnes ne sont sur aucune liste",
    "trace": "remonter le chemin d’un nombre publié",
    "diff": "comparer deux publications, ou deux jours de connaissance",
    "verify": "recalculer les affirmations d’une publication",
    "schema": "montrer ce qu’une institution doit envoyer",
    "completion": "compléter les commandes dans bash, zsh ou fish",
    "audit": "chercher ce qu’une publication laisse deviner",
}

_EPILOG = """\b
Pour commencer :
  egide letter build editions/2026     produire la Lettre
  egide check sdfe ma-livraison.xlsx   vérifier une livraison avant de l’envoyer
  egide trace NOMBRE                   d’où vient un nombre publié

\b
Codes de sortie :
  0    fait, rien à signaler
  1    vérifié, et quelque chose diffère ou fuit (verify, diff, audit)
  2    commande mal appelée
  3    livraison refusée : rien n’a été enregistré
  4    dépôt ou dossier qui ne peut être lu ou écrit
  5    calcul refusé
  6    publication refusée : elle montrerait ce qui doit rester masqué
  7    édition refusée : réglages, prose, figure ou tableau en défaut
  8    rien ne porte ce nom
  130  interrompu
"""


@click.group(
    cls=Verbs,
    summaries=_SUMMARIES,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="egide", message="Égide %(version)s", help="Afficher la version et quitter.")
def main() -> None:
    """Égide : des livraisons des institutions à une Lettre dont chaque nombre est tracé, vérifié et sûr.

    Le chemin d’un nombre : check → record → compute → release → letter. Chaque verbe a son aide :
    « egide check --help ».
    """
