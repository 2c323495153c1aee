"""`egide pseudonymise`: at a partner, a list of persons becomes keyed tokens. [I/O: files, clock, chance, terminal]"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from egide.cli.console import JSON_OPTION, print_json, refusals_end_the_command
from egide.cli.folders import write_private
from egide.cli.parameters import FILE
from egide.diagnostic.census.reading import read_table
from egide.errors import Defect, DeliveryRefused, StoreError
from egide.sources.messages import NBSP, counted
from egide.unseen.linking.keys import destroy_key_file, fingerprint, new_key_file, read_key
from egide.unseen.linking.persons import FIELDS, persons
from egide.unseen.linking.token_files import TokenList, is_list_name, token_list, token_text
from egide.unseen.linking.tokens import tokens

_READ = (".csv", ".tsv", ".txt", ".xlsx", ".ods")


@click.command(short_help="changer une liste de personnes en jetons sans noms")
@click.argument("file", type=FILE, metavar="LISTE", required=False)
@click.option("--key", type=FILE, metavar="CLÉ", help="Clé commune aux partenaires, reçue du tiers de confiance.")
@click.option("--list", "name", metavar="NOM", help="Nom court de la liste, par exemple ase ou police-62.")
@click.option("--output", type=FILE, metavar="FICHIER", help="Fichier de jetons à écrire, par exemple ase.jetons.")
@click.option("--column", "columns", multiple=True, metavar="TITRE=CHAMP", help="Ce que tient une colonne.")
@click.option("--sheet", metavar="NOM", default=None, help="Feuille à lire, s’il y en a plusieurs.")
@click.option("--new-key", type=FILE, metavar="CLÉ", help="Faire une clé, une fois par rapprochement, et s’arrêter.")
@click.option("--destroy", type=FILE, metavar="CLÉ", help="Détruire une clé après le rapprochement, et s’arrêter.")
@JSON_OPTION
@refusals_end_the_command
def pseudonymise(
    file: Path | None,
    key: Path | None,
    name: str | None,
    output: Path | None,
    columns: tuple[str, ...],
    sheet: str | None,
    new_key: Path | None,
    destroy: Path | None,
    as_json: bool,
) -> None:
    """Changer LISTE (CSV, XLSX, ODS), une personne par ligne, en jetons que seule la clé relie à des noms.

    À faire chez chaque partenaire : la liste ne sort pas, seul le fichier de jetons part. Il ne tient ni nom, ni date,
    ni ordre des lignes. Deux listes passées sous la même clé se rapprochent ensuite par « egide link », là où la clé
    n’est pas.

    Champs : nom (de naissance), prenom, naissance, sexe, lieu. Leurs titres usuels sont compris ; les autres se
    déclarent par --column. Aucune autre colonne n’est lue. Noms : accents, casse, traits d’union, apostrophes et
    particules ne comptent pas. Dates : 2001-03-12, 12/03/2001, 12 mars 2001, 03/2001, 2001 ; un 1er janvier vaut
    l’année seule.

    La clé : un tiers la fait, la remet à chaque partenaire, jamais à qui rapproche ; chacun la détruit ensuite. Qui
    tient la clé et les jetons retrouve les noms.

    \b
    Exemples :
      egide pseudonymise --new-key commune.cle
      egide pseudonymise suivis.xlsx --key commune.cle --list ase --output ase.jetons
      egide pseudonymise suivis.csv --key commune.cle --list ase --output ase.jetons \\
        --column "Nom de jeune fille=nom" --column "Né(e) le=naissance"
      egide pseudonymise --destroy commune.cle
    """
    if [file, new_key, destroy].count(None) != 2:
        raise click.UsageError(f"Donnez une LISTE, ou --new-key, ou --destroy{NBSP}: l’un des trois.")
    if new_key is not None:
        _tell_key(
            new_key, new_key_file(new_key), "faite. Remettez-la aux partenaires, jamais à qui rapproche.", as_json
        )
    elif destroy is not None:
        _tell_key(destroy, destroy_key_file(destroy), "détruite. Chaque copie doit l’être.", as_json)
    else:
        assert file is not None
        if key is None or name is None or output is None:
            raise click.UsageError(f"Avec une LISTE, il faut aussi{NBSP}: --key, --list et --output.")
        _tell(output, _pseudonymised(file, key, name, output, _declared(columns), sheet), as_json)


def _pseudonymised(
    file: Path, key_file: Path, name: str, output: Path, declared: dict[str, str], sheet: str | None
) -> TokenList:
    if not is_list_name(name):
        raise click.BadParameter(
            "attendu de petites lettres sans accent, des chiffres ou des tirets, et pas un mot comme « liste » ou"
            " « personne ».",
            param_hint="--list",
        )
    if output.exists():
        raise StoreError(f"{output}{NBSP}: ce fichier existe. Indiquez-en un autre.")
    if file.suffix.lower() not in _READ:
        expected = f"un fichier {', '.join(_READ)}"
        way_out = "Enregistrez la liste dans l’un de ces formats."
        raise DeliveryRefused([Defect(place="la liste", expected=expected, got="un autre format", way_out=way_out)])
    key = read_key(key_file)
    try:
        table = read_table(file, sheet=sheet, numbered=True)
        rows = ((row.number, row.cells) for row in table.rows)
        known = persons(table.columns, rows, declared=declared, today=date.today())
        made = token_list(name, fingerprint(key), (tokens(one, key) for one in known))
    finally:
        key.destroy()
    output.parent.mkdir(parents=True, exist_ok=True)
    write_private(output, token_text(made).encode())
    return made


def _declared(columns: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in columns:
        heading, _, name = one.rpartition("=")
        if not heading or name not in FIELDS:
            told = ", ".join(FIELDS)
            raise click.BadParameter(
                f'attendu TITRE=CHAMP, le champ étant {told}, par exemple "Né(e) le=naissance".', param_hint="--column"
            )
        found[heading] = name
    return found


def _tell_key(path: Path, told: str, said: str, as_json: bool) -> None:
    if as_json:
        print_json({"cle": told})
    else:
        click.echo(f"{path}{NBSP}: clé {told} {said}")


def _tell(output: Path, made: TokenList, as_json: bool) -> None:
    if as_json:
        print_json({"liste": made.name, "cle": made.key, "lignes": len(made.records), "sans_jeton": made.without})
        return
    click.echo(f"{output}{NBSP}: {counted(len(made.records), 'ligne')} de jetons, sous la clé {made.key}.")
    if made.without:
        click.echo(f"Personnes trop peu connues pour un jeton, laissées de côté{NBSP}: {made.without}.", err=True)
    click.echo(
        "Ces jetons restent des données personnelles\u00a0: envoyez-les à qui rapproche, à personne d’autre.", err=True
    )
