"""What a collecting team reads when a file cannot be taken: the French of it, and never the content of a cell.

Nor that of a heading: in a file without headings, the first ad stands there.
"""

from __future__ import annotations

from collections.abc import Sequence

from egide.errors import Defect
from egide.sources.messages import NBSP, THIN, Complaint, counted, listed, quoted

MAX_LISTED = 200  # defects written out; the others are counted


def at(place: str, complaint: Complaint) -> Defect:
    return Defect(place=place, expected=complaint.expected, got=complaint.got, way_out=complaint.way_out)


def kept_short(defects: Sequence[Defect], place: str) -> tuple[Defect, ...]:
    """The first defects, and how many more there are: a screen of 400,000 lines helps nobody."""
    if len(defects) <= MAX_LISTED:
        return tuple(defects)
    others = Defect(
        place=place,
        expected="un fichier sans défaut",
        got=f"encore {counted(len(defects) - MAX_LISTED, 'défaut')} après ceux-ci",
        way_out=f"Corrigez d’abord les premiers{NBSP}: ils ont souvent la même cause.",
    )
    return (*defects[:MAX_LISTED], others)


def wrong_suffix(got: str, expected: Sequence[str]) -> Complaint:
    return Complaint(
        rule="file-format",
        expected=f"un fichier {listed(expected)}",
        got=quoted(got) if got else "un nom sans extension",
        way_out=f"Enregistrez le tableau dans l’un de ces formats{THIN}; renommer ne suffit pas.",
    )


def mixed_encodings(where: str) -> Complaint:
    return Complaint(
        rule="file-encoding",
        expected="un seul encodage dans le fichier",
        got=f"de l’UTF-8, puis des octets qui n’en sont pas ({where})",
        way_out="Deux exports ont peut-être été collés bout à bout. Enregistrez le tout en CSV UTF-8.",
    )


def unknown_encoding() -> Complaint:
    return Complaint(
        rule="file-encoding",
        expected="du texte en UTF-8, UTF-16 ou windows-1252",
        got="des octets qui n’ont de sens dans aucun des trois",
        way_out="Ouvrez le fichier dans votre tableur et enregistrez-le en CSV UTF-8.",
    )


def which_sheet(names: Sequence[str]) -> Complaint:
    return Complaint(
        rule="sheet-ambiguous",
        expected="une seule feuille remplie",
        got=listed(names),
        way_out="Gardez une feuille par fichier, ou indiquez laquelle lire.",
    )


def telling_sheet() -> Complaint:
    return Complaint(
        rule="sheet-name",
        expected="des noms de feuilles sans numéro ni adresse",
        got="une feuille dont le nom en porte",
        way_out=f"Renommez-la{THIN}: ce nom reviendrait dans chaque message.",
    )


def absent_sheet(name: str, names: Sequence[str]) -> Complaint:
    return Complaint(
        rule="sheet-missing",
        expected=f"une feuille {quoted(name)}",
        got=listed(names) if names else "aucune feuille",
        way_out="Vérifiez le nom de la feuille.",
    )


def untitled_column() -> Complaint:
    return Complaint(
        rule="column-untitled",
        expected="un titre à chaque colonne, sur une seule ligne",
        got="une colonne sans titre",
        way_out="Donnez-lui un nom, ou supprimez-la. S’il y a deux lignes de titres, n’en gardez qu’une.",
    )


def title_above() -> Complaint:
    return Complaint(
        rule="row-title",
        expected="les titres des colonnes sur la première ligne",
        got="une seule cellule remplie, sans doute un titre au-dessus du tableau",
        way_out="Supprimez les lignes qui précèdent les titres des colonnes.",
    )


def second_header() -> Complaint:
    return Complaint(
        rule="row-header",
        expected="une seule ligne de titres",
        got="les titres une deuxième fois",
        way_out="Supprimez cette ligne. Si deux fichiers ont été collés, vérifiez que leurs colonnes sont les mêmes.",
    )


def merged_cells(reference: str, *, header: bool) -> Complaint:
    if header:
        return Complaint(
            rule="cells-merged",
            expected="un titre dans chaque cellule de la première ligne",
            got=f"des titres fusionnés ({reference})",
            way_out="Défusionnez-les et donnez à chaque colonne son propre titre, sur une seule ligne.",
        )
    return Complaint(
        rule="cells-merged",
        expected="une valeur dans chaque cellule",
        got=f"des cellules fusionnées ({reference})",
        way_out="Défusionnez-les et recopiez la valeur dans chaque ligne où elle vaut.",
    )


def uncomputed_formula() -> Complaint:
    return Complaint(
        rule="cell-uncomputed",
        expected="une valeur",
        got="une formule enregistrée sans son résultat",
        way_out="Ouvrez le fichier dans votre tableur, laissez-le calculer, puis enregistrez-le.",
    )


def endless_cell(most: int) -> Complaint:
    return Complaint(
        rule="cell-endless",
        expected=f"au plus {counted(most, 'caractère')} par cellule",
        got="une cellule plus longue",
        way_out="Un guillemet n’est sans doute pas refermé avant cette ligne, ou le fichier n’est pas un tableau.",
    )


def broken_character() -> Complaint:
    return Complaint(
        rule="cell-character",
        expected="des caractères entiers",
        got="une moitié d’émoji ou de caractère rare",
        way_out="Le texte a été coupé au milieu d’un caractère. Refaites l’export en UTF-8.",
    )


def not_an_object() -> Complaint:
    return Complaint(
        rule="line-json",
        expected="un objet JSON par ligne, tout entier sur sa ligne",
        got="autre chose",
        way_out="Un fichier JSONL tient un objet par ligne, sans virgule entre les lignes ni crochets autour.",
    )


def nested_value() -> Complaint:
    return Complaint(
        rule="cell-nested",
        expected="un texte, un nombre, vrai, faux ou rien",
        got="une liste ou un objet",
        way_out="Donnez un seul texte, par exemple en séparant les valeurs par des virgules.",
    )


def late_key(name: str) -> Complaint:
    return Complaint(
        rule="column-late",
        expected="les mêmes noms que sur la première ligne",
        got=f"un autre nom, de {counted(len(name), 'caractère')}",
        way_out="Écrivez tous les noms sur la première ligne du fichier, même vides.",
    )


def double_column(first: int) -> Complaint:
    return Complaint(
        rule="column-duplicated",
        expected="un titre différent à chaque colonne",
        got=f"le même qu’à la colonne n° {first}",
        way_out="Gardez la bonne et supprimez l’autre, ou donnez-lui son propre titre.",
    )


def double_key() -> Complaint:
    return Complaint(
        rule="column-duplicated",
        expected="chaque nom une seule fois dans l’objet",
        got="un nom donné deux fois",
        way_out="Gardez la bonne valeur et supprimez l’autre.",
    )


def too_many_cells(most: int) -> Complaint:
    return Complaint(
        rule="file-too-big",
        expected=f"au plus {counted(most, 'cellule')}",
        got="un fichier bien plus grand",
        way_out="Partagez la collecte en plusieurs fichiers.",
    )
