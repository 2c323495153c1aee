"""`egide diagnostic situations`: count what professionals tell, and settle what was told twice. [I/O]

Three verbs for three persons: `link` is run by who encodes, `review` by who links, `consolidate` by who counts.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import click
from attrs import evolve

from egide.cli.console import refusals_end_the_command
from egide.cli.parameters import FILE, FOLDER
from egide.cli.verbs import InOrder
from egide.diagnostic.census.reading import read_table
from egide.diagnostic.consolidation import folders, purging
from egide.diagnostic.consolidation.decisions import Beliefs, standing
from egide.diagnostic.consolidation.interval import consolidate as consolidated
from egide.diagnostic.consolidation.likeness import bare, doubtful_pairs
from egide.diagnostic.consolidation.review import Key, Review
from egide.diagnostic.counting import Counted, Situation, count
from egide.diagnostic.counting.intake import COLUMNS
from egide.diagnostic.counting.intake import situations as read_situations
from egide.diagnostic.counting.report import lines
from egide.linkage.link import link as linked
from egide.sources.messages import counted

_KEYS = {key.letter: key for key in Key}
_COUNT = f"""Compter les personnes du tableau FICHIER (CSV, XLSX, ODS, JSONL), a minima.

    Une ligne par situation. Colonnes : {", ".join(COLUMNS)} ; seules les deux premières sont obligatoires, et une
    colonne inconnue est refusée. Les nombres s’écrivent comme on veut : « 3 ou 4 » compte 3, « une dizaine » 10, rien
    compte 1. Ce qui n’a pas été compris compte 1 et se liste par son emplacement, sans son contenu.
    Les doubles ne sont pas retirés : voir « situations link ».

    \b
    Exemple :
      egide diagnostic situations count reponses/situations-a-coder.csv
    """
_INTERNAL = "Chiffres de travail, avant le secret statistique : ils ne se publient pas tels quels."


@click.group("situations", cls=InOrder)
def situations() -> None:
    """Compter a minima les situations rapportées, et rapprocher celles que plusieurs ont racontées.

    \b
    Trois rôles, trois personnes :
      situations link         qui encode : deux dossiers, sans retour possible vers qui a répondu
      situations review       qui rapproche : ne voit que des champs codés
      situations consolidate  qui compte : ne voit que des niveaux et des nombres
    """


def _read(path: Path) -> tuple[Situation, ...]:
    return read_situations(read_table(path), new_id=lambda: secrets.token_hex(8))


@situations.command("count", short_help="compter les personnes d’un tableau, a minima", help=_COUNT)
@click.argument("file", type=FILE, metavar="FICHIER")
@refusals_end_the_command
def count_situations(file: Path) -> None:
    found: Counted = count(_read(file))
    for line in lines(found):
        click.echo(line)
    click.echo(_INTERNAL, err=True)


@situations.command("link", short_help="chercher les situations racontées deux fois, en deux dossiers séparés")
@click.argument("file", type=FILE, metavar="FICHIER")
@click.option("--output", type=FOLDER, required=True, metavar="DOSSIER", help="Dossier nouveau pour les deux parts.")
@refusals_end_the_command
def link_situations(file: Path, output: Path) -> None:
    """Chercher, dans le tableau FICHIER, les situations peut-être racontées deux fois.

    Écrit DOSSIER/rapprochement (champs codés et paires, sans équipe ni réponse) et DOSSIER/comptage (niveaux et
    nombres), sous des numéros tirés au hasard qui ne mènent à personne. Aucun nom, contact, naissance ou nationalité ne
    sert à rapprocher. Donnez chaque part à une personne différente.

    \b
    Exemple :
      egide diagnostic situations link situations-codees.csv --output consolidation/
    """
    told = _read(file)
    pairs = doubtful_pairs(told, link=linked)
    folders.write(output, told, pairs)
    to_look_at = counted(len(pairs), "paire à regarder", "paires à regarder")
    click.echo(f"{counted(len(told), 'situation')}, {to_look_at}.")
    if alone := bare(told):
        said = counted(alone, "situation trop peu codée", "situations trop peu codées")
        click.echo(f"{said} pour un rapprochement : à compter à part, même en bas.")
    click.echo(f"À qui rapproche : {output / folders.LINKING}\nÀ qui compte : {output / folders.COUNTING}")


@situations.command("review", short_help="trancher les paires douteuses, une touche par décision")
@click.argument("folder", type=FOLDER, metavar="DOSSIER")
@refusals_end_the_command
def review_pairs(folder: Path) -> None:
    """Trancher les paires douteuses de DOSSIER (la part « rapprochement »), l’une après l’autre.

    Une touche par décision : m même situation, d différentes, p passer, u annuler la dernière décision, q quitter.
    Chaque décision est écrite aussitôt : on peut s’arrêter et reprendre. Rien n’est décidé d’avance, et une paire
    passée reste en doute.

    \b
    Exemple :
      egide diagnostic situations review consolidation/rapprochement
    """
    review = Review(
        fields=folders.read_situations(folder),
        pairs=folders.read_pairs(folder),
        entries=folders.read_decisions(folder),
    )
    while review.next is not None:
        click.clear()
        click.echo(review.screen())
        typed = click.getchar().lower()
        key = _KEYS.get(typed)
        if key is Key.QUIT or not typed:  # nothing typed: the terminal has gone
            break
        if key is None:
            continue
        following, entry = review.pressed(key)
        if entry is not None:
            folders.add_decision(folder, entry)
        review = following
    click.echo("")
    click.echo(evolve(review, passed=frozenset()).farewell())


@situations.command("consolidate", short_help="compter sans les doubles, par un intervalle")
@click.argument("linking", type=FOLDER, metavar="RAPPROCHEMENT")
@click.argument("counting", type=FOLDER, metavar="COMPTAGE")
@refusals_end_the_command
def consolidate_situations(linking: Path, counting: Path) -> None:
    """Compter les personnes une fois les doubles rapprochés : un intervalle par cercle, jamais un nombre seul.

    Le bas suppose que toutes les paires encore douteuses sont les mêmes, avec tout ce qui s’ensuit ; le haut, qu’aucune
    ne l’est. Chaque cercle est compris dans le précédent : ils ne s’ajoutent pas.

    \b
    Exemple :
      egide diagnostic situations consolidate consolidation/rapprochement consolidation/comptage
    """
    beliefs = Beliefs(pairs=folders.read_pairs(linking), decided=standing(folders.read_decisions(linking)))
    found = consolidated(folders.read_told(counting), beliefs)
    doubtful = counted(found.doubtful, "paire encore en doute", "paires encore en doute")
    click.echo(f"{counted(found.told, 'situation')}, {doubtful}.")
    for line in found.lines():
        click.echo(line)
    click.echo(_INTERNAL, err=True)


@situations.command("purge", short_help="effacer les dossiers d’un rapprochement, une fois le rapport rendu")
@click.argument("folders_held", type=FOLDER, metavar="DOSSIER…", nargs=-1, required=True)
@click.option("--confirm", is_flag=True, help="Effacer pour de bon ; sans cela, montre seulement ce qui le serait.")
@refusals_end_the_command
def purge_situations(folders_held: tuple[Path, ...], confirm: bool) -> None:
    """Effacer les DOSSIERS que « situations link » a écrits, entiers ou la part que vous détenez.

    À faire par chacun des trois rôles, au plus tard six mois après le rapport : rien dans ces dossiers n’en dit le
    jour. Un dossier qui contient autre chose est refusé.

    \b
    Exemple :
      egide diagnostic situations purge consolidation/ --confirm
    """
    held = {folder: purging.to_erase(folder) for folder in folders_held}
    for folder, files in held.items():
        if confirm:
            purging.erase(folder)
        click.echo(f"{folder} : {'effacé' if confirm else 'serait effacé'} ({counted(len(files), 'fichier')}).")
    if not confirm:
        click.echo("Essai à blanc : rien n’a été effacé. Ajoutez --confirm pour effacer.")
