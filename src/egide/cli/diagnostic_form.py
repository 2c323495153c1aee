"""`egide diagnostic form`: hand the questionnaire out, take answers in. [I/O: files, clock, chance, terminal]"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import click

from egide.cli.caches import write_atomically
from egide.cli.console import Day, refusals_end_the_command
from egide.cli.folders import write_new_folder, write_private
from egide.cli.parameters import FILE, FOLDER
from egide.cli.questionnaire_receiver import LOOPBACK, PATH, Receiver, server
from egide.cli.verbs import InOrder
from egide.diagnostic.census.reading import read_table
from egide.diagnostic.questionnaire.answers import Received
from egide.diagnostic.questionnaire.coding import CODING_FILE, coding_csv
from egide.diagnostic.questionnaire.columns import Use
from egide.diagnostic.questionnaire.keys import key_id, new_key, private_pem, public_pem, read_private, read_public
from egide.diagnostic.questionnaire.load import load
from egide.diagnostic.questionnaire.opening import opened
from egide.diagnostic.questionnaire.page import page as html_page
from egide.diagnostic.questionnaire.paper import paper as paper_pdf
from egide.diagnostic.questionnaire.records import ANSWERS_FILE, TEXTS_FILE, answers_json, texts_json
from egide.diagnostic.questionnaire.sealing import MOST, SUFFIX
from egide.diagnostic.questionnaire.setting import Setting
from egide.diagnostic.questionnaire.tabular import imported
from egide.errors import StoreError
from egide.sources.messages import NBSP, counted

PRIVATE_FILE, PUBLIC_FILE = "cle-privee.pem", "cle-publique.pem"
PASSPHRASE = "EGIDE_FORM_PASSPHRASE"
_TARGET = re.compile(r"(?P<column>.+)=(?P<field>(?:Q\d|S\.)[^=]*(?:=\w+)?)", re.DOTALL)


@click.group(cls=InOrder)
def form() -> None:
    """Questionnaire du diagnostic : le remettre, en recevoir les réponses.

    Dans l’ordre : key (une fois), page ou paper, puis open pour les réponses scellées, ou import pour l’export d’un
    autre outil.
    """


@form.command(short_help="les deux clés d’une collecte")
@click.option("--output", type=FOLDER, required=True, metavar="DOSSIER", help="Dossier des deux clés.")
@refusals_end_the_command
def key(output: Path) -> None:
    """Faire les deux clés d’une collecte : la publique pour la page, la privée pour ouvrir.

    La clé privée est chiffrée par une phrase secrète, demandée deux fois. Sans l’une ou l’autre, les réponses sont
    perdues : gardez deux copies, en deux lieux. Une clé existante n’est jamais remplacée.

    \b
    Exemple :
      egide diagnostic form key --output cles/
    """
    for name in (PRIVATE_FILE, PUBLIC_FILE):
        if (output / name).exists():
            raise StoreError(f"{output / name}{NBSP}: cette clé existe. Indiquez un autre dossier.")
    made = new_key()
    private = private_pem(made, _passphrase(confirm=True))
    output.mkdir(parents=True, exist_ok=True)
    write_private(output / PRIVATE_FILE, private)
    write_atomically(output / PUBLIC_FILE, public_pem(made.public_key()))
    click.echo(f"{output}{NBSP}: clé {key_id(made.public_key())}. {PRIVATE_FILE} ne quitte pas l’équipe.")


def _setting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--output", type=FILE, required=True, metavar="FICHIER", help="Fichier à écrire."),
        click.option(
            "--situations", type=int, metavar="NOMBRE", default=6, show_default=True, help="Situations préparées."
        ),
        click.option(
            "--return", "return_to", metavar="TEXTE", default="", help="Comment renvoyer la réponse : une phrase."
        ),
        click.option("--period", metavar="TEXTE", default="", help="Période étudiée, par exemple « 2023 à 2025 »."),
        click.option(
            "--team", metavar="NOM", required=True, help="Qui interroge et lira, tel que les personnes le verront."
        ),
    ):
        command = option(command)  # the last one comes first in the help
    return command


@form.command(short_help="le formulaire en une page HTML qui chiffre")
@_setting_options
@click.option("--key", type=FILE, required=True, metavar="CLÉ", help=f"Clé publique ({PUBLIC_FILE}).")
@click.option(
    "--receiver",
    default="",
    metavar="ADRESSE",
    help=f"Où chiffrer sans JavaScript : https://…{PATH}, ou {PATH} si « form receive » sert aussi la page.",
)
@refusals_end_the_command
def page(team: str, period: str, return_to: str, situations: int, output: Path, key: Path, receiver: str) -> None:
    """Faire le formulaire en une page HTML, sans aucune ressource extérieure.

    Avec JavaScript, la page chiffre elle-même et n’envoie rien. Sans JavaScript, le bouton envoie au récepteur.
    Aucune coordonnée n’y est demandée.

    \b
    Exemples :
      egide diagnostic form page --team "Association X" --key cle-publique.pem --output questionnaire.html
      egide diagnostic form page --team "Association X" --key cle-publique.pem \\
        --receiver https://formulaire.exemple.fr/reponse --output questionnaire.html
    """
    setting = Setting(team=team, period=period, return_to=return_to, situations=situations, receiver=receiver)
    public = read_public(key.read_bytes())
    write_atomically(output, html_page(load(), setting, public).encode())
    click.echo(f"{output}{NBSP}: formulaire, version {load().version}, pour la clé {key_id(public)}.")


@form.command(short_help="le formulaire sur papier, en PDF accessible")
@_setting_options
@click.option("--on", type=Day(), default=None, help="Jour porté par le fichier ; aujourd’hui par défaut.")
@refusals_end_the_command
def paper(team: str, period: str, return_to: str, situations: int, output: Path, on: date | None) -> None:
    """Faire le formulaire sur papier, en PDF accessible.

    La première feuille, seule à demander des coordonnées, se détache à l’arrivée.

    \b
    Exemple :
      egide diagnostic form paper --team "Association X" --situations 2 --output questionnaire.pdf
    """
    setting = Setting(team=team, period=period, return_to=return_to, situations=situations)
    write_atomically(output, paper_pdf(load(), setting, on=on or date.today()))
    click.echo(f"{output}{NBSP}: formulaire sur papier, version {load().version} du questionnaire.")


@form.command(short_help="chiffrer pour les navigateurs sans JavaScript")
@click.option("--key", type=FILE, required=True, metavar="CLÉ", help=f"Clé publique ({PUBLIC_FILE}).")
@click.option("--page", "page_file", type=FILE, metavar="FICHIER", help="Page à servir aussi, à l’adresse /.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    default=8462,
    help="Port local, 8462 par défaut ; 0 : un port libre.",
)
@refusals_end_the_command
def receive(key: Path, page_file: Path | None, port: int) -> None:
    """Chiffrer les réponses des navigateurs sans JavaScript, et les rendre aussitôt en fichier.

    N’écoute que cette machine : placez-le derrière le serveur HTTPS de l’association, journal d’accès coupé. Ne garde
    rien, n’écrit rien, ne peut rien rouvrir. S’arrête par Ctrl-C.

    \b
    Exemple :
      egide diagnostic form receive --key cle-publique.pem --page questionnaire.html
    """
    content = page_file.read_bytes() if page_file else b""
    receiver = Receiver(questionnaire=load(), key=read_public(key.read_bytes()), page=content)
    try:
        listening = server(receiver, port)
    except OSError as error:
        raise StoreError(
            f"Port {port}{NBSP}: attendu un port libre de cette machine, reçu un port pris ou interdit."
            " Choisissez-en un autre (--port)."
        ) from error
    with listening as running, suppress(KeyboardInterrupt):
        click.echo(f"Récepteur prêt{NBSP}: http://{LOOPBACK}:{running.server_address[1]}/ (Ctrl-C pour arrêter)")
        running.serve_forever()


@form.command(name="open", short_help="ouvrir un dossier de réponses scellées")
@click.argument("folder", type=FOLDER, metavar="DOSSIER")
@click.option("--key", type=FILE, required=True, metavar="CLÉ", help=f"Clé privée ({PRIVATE_FILE}).")
@click.option("--output", type=FOLDER, required=True, metavar="DOSSIER", help="Dossier à créer.")
@refusals_end_the_command
def open_(folder: Path, key: Path, output: Path) -> None:
    """Ouvrir toutes les réponses scellées (*.egide) de DOSSIER.

    Écrit trois fichiers : réponses codées, textes libres à relire, situations à coder. Une réponse envoyée deux fois
    compte une fois. Si un fichier ne s’ouvre pas, rien n’est écrit et tous les fautifs sont nommés.

    \b
    Exemple :
      egide diagnostic form open recues/ --key cles/cle-privee.pem --output reponses/
    """
    _refuse_existing(output)
    paths = sorted(path for path in folder.iterdir() if path.suffix == SUFFIX)
    if not paths:
        raise StoreError(
            f"{folder}{NBSP}: attendu des réponses scellées (*{SUFFIX}), reçu aucune. Vérifiez le dossier."
        )
    private = read_private(key.read_bytes(), _passphrase(confirm=False))
    done = opened({path.name: _bounded(path) for path in paths}, private, questionnaire=load)
    _write_answers(output, done.received)
    _tell(output, done.received)
    if done.twice:
        click.echo(f"Reçues deux fois, comptées une{NBSP}: {done.twice}.")


@form.command(name="import", short_help="lire l’export d’un autre outil")
@click.argument("file", type=FILE, metavar="FICHIER")
@click.option("--output", type=FOLDER, required=True, metavar="DOSSIER", help="Dossier à créer.")
@click.option("--sheet", metavar="NOM", default=None, help="Feuille à lire, s’il y en a plusieurs.")
@click.option("--column", "columns", multiple=True, metavar="TITRE=CHAMP", help="Ce qu’une colonne répond.")
@click.option("--ignore", "ignored", multiple=True, metavar="TITRE", help="Colonne à ne pas lire.")
@refusals_end_the_command
def import_(file: Path, output: Path, sheet: str | None, columns: tuple[str, ...], ignored: tuple[str, ...]) -> None:
    """Lire l’export (CSV, XLSX, ODS) de LimeSurvey, Google Forms, Microsoft Forms…

    Titres compris : code (Q1_1, Q1.1. Texte, Q1_1[SQ002], S2_A4), texte exact de la question avec ou sans [option],
    « Situation 2 : texte ». Les colonnes de coordonnées, d’adresse IP et de dates ne sont pas lues ; elles sont
    comptées. Toute autre colonne est refusée : déclarez-la par --column ou --ignore.

    Champs : Q1.1, S.A4@2 (situation 2), Q1.1=temoin (une case), Q2.9.autre (les mots d’« autre »).

    \b
    Exemples :
      egide diagnostic form import export.xlsx --output reponses/
      egide diagnostic form import export.csv --output reponses/ \\
        --column "Votre service=Q0.1" --ignore "Commentaire interne"
    """
    _refuse_existing(output)
    table = read_table(file, sheet=sheet, numbered=True)
    done = imported(
        load(),
        table,
        new_number=lambda: secrets.token_hex(16),
        declared=_declared(columns),
        ignored=frozenset(ignored),
    )
    _write_answers(output, done.received)
    _tell(output, done.received)
    left = {Use.CONTACT: "coordonnées", Use.TRACE: "traces (adresse IP…)", Use.TECHNICAL: "technique"}
    for use, said in left.items():
        if done.columns.get(use):
            click.echo(f"Colonnes laissées à la porte, {said}{NBSP}: {done.columns[use]}.")
    for rows, said in ((done.unfinished, "jamais envoyées par leur auteur"), (done.empty, "vides")):
        if rows:
            click.echo(f"Lignes {said}, non reprises{NBSP}: n°{NBSP}{', '.join(map(str, rows))}.")


def _declared(columns: Sequence[str]) -> dict[str, str]:
    found = {}
    for one in columns:
        match = _TARGET.fullmatch(one)
        if match is None:
            raise click.BadParameter('attendu TITRE=CHAMP, par exemple "Votre service=Q0.1".', param_hint="--column")
        found[match["column"]] = match["field"]
    return found


def _passphrase(*, confirm: bool) -> str:
    """Asked without echo; a script puts it in the environment. Never on the command line, which others can read."""
    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return given
    again = "La même, une seconde fois" if confirm else False
    suffix = f"{NBSP}: "
    return str(
        click.prompt("Phrase secrète", hide_input=True, confirmation_prompt=again, prompt_suffix=suffix, err=True)
    )


def _bounded(path: Path) -> bytes:
    """No more than a sealed answer can hold: a larger file then fails to open like any other."""
    with path.open("rb") as file:
        return file.read(2 * MOST)


def _tell(output: Path, received: Iterable[Received]) -> None:
    every = tuple(received)
    situations = sum(len(one.answers.situations) for one in every)
    texts = sum(len(one.texts) for one in every)
    removed = sum(one.contacts_removed for one in every)
    to_reread = counted(texts, "texte libre à relire", "textes libres à relire")
    said = (counted(len(every), "réponse"), counted(situations, "situation"), to_reread)
    click.echo(f"{output}{NBSP}: {', '.join(said)}.")
    if not_asked := sum(one.not_asked for one in every):
        click.echo(f"Réponses à des questions que la branche choisie ne pose pas, non reprises{NBSP}: {not_asked}.")
    if removed:
        click.echo(f"Adresses et numéros retirés des textes{NBSP}: {removed}. Les noms restent{NBSP}: relisez.")


def _refuse_existing(output: Path) -> None:
    if output.exists():
        raise StoreError(f"{output}{NBSP}: ce dossier existe, avec peut-être des textes relus. Indiquez-en un autre.")


def _write_answers(output: Path, received: Iterable[Received]) -> None:
    """The three files, for their owner only, all at once: the folder appears when it is whole."""
    every = tuple(received)
    answers = [one.answers for one in every]
    files = {
        ANSWERS_FILE: answers_json(answers),
        TEXTS_FILE: texts_json(text for one in every for text in one.texts),
        CODING_FILE: coding_csv(answers),
    }
    write_new_folder(output, files)
