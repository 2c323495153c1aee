"""`egide diagnostic`: a department's picture, from questionnaires and ads to a map and a report. [I/O]"""

from __future__ import annotations

import click

from egide.cli.verbs import Verbs

# Each verb in the order of the work: what it does, and where it is written.
_VERBS = {
    "form": ("préparer le questionnaire, sur papier ou en ligne, et reprendre les réponses", "diagnostic_form:form"),
    "situations": ("compter les situations a minima et rapprocher les doubles", "diagnostic_situations:situations"),
    "census": ("recevoir les annonces d’une équipe et n’en garder que des comptes", "diagnostic_census:census"),
    "sample": ("tirer un échantillon à relire, en estimer des parts et leur intervalle", "diagnostic_sample:sample"),
    "map": ("dessiner une carte qui ne rend aucun petit effectif", "diagnostic_map:draw_map"),
    "build": ("produire le rapport d’un diagnostic", "diagnostic_build:build_report"),
    "invent": ("inventer un corpus d’annonces neutres, pour s’exercer", "diagnostic_invent:invent"),
}

_EPILOG = """\b
Pour commencer :
  egide diagnostic build editions/diagnostic-62   produire le rapport du Pas-de-Calais

\b
Ce que ces commandes ne font pas :
  aucune ne va chercher d’annonce : elles lisent les fichiers d’une équipe nommée et autorisée ;
  aucune ne cherche une personne, un numéro ou un texte, ni n’en rend la liste ;
  un mineur en danger se signale (article 434-3 du code pénal, 119), hors de l’outil.
"""


@click.group(
    cls=Verbs,
    summaries={name: summary for name, (summary, _) in _VERBS.items()},
    modules={name: f"egide.cli.{where}" for name, (_, where) in _VERBS.items()},
    epilog=_EPILOG,
)
def diagnostic() -> None:
    """Mener un diagnostic territorial : questionnaire, annonces, échantillon, carte, rapport.

    Un diagnostic donne des minimums et des intervalles, jamais un recensement des personnes. Chaque verbe a son aide :
    « egide diagnostic build --help ».
    """
