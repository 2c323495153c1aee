"""What a sender reads when the file itself cannot be taken: the French of those complaints, and nothing else."""

from __future__ import annotations

from egide.sources.messages import NBSP, Complaint, quoted


def absent_file() -> Complaint:
    return Complaint(
        rule="file-missing",
        expected="un fichier",
        got="rien à cet endroit",
        way_out="Vérifiez le nom et le dossier du fichier.",
    )


def not_a_file() -> Complaint:
    return Complaint(
        rule="file-missing",
        expected="un fichier",
        got="un dossier ou un objet qui n’est pas un fichier",
        way_out="Indiquez le fichier lui-même.",
    )


def closed_file(reason: str) -> Complaint:
    return Complaint(
        rule="file-unreadable",
        expected="un fichier que l’on peut ouvrir",
        got=f"un refus du système ({reason})",
        way_out="Vérifiez les droits sur le fichier, ou copiez-le ailleurs.",
    )


def empty_file() -> Complaint:
    return Complaint(
        rule="file-empty",
        expected="un fichier rempli",
        got="un fichier vide (0 octet)",
        way_out="Enregistrez de nouveau le fichier avant de l’envoyer.",
    )


def too_big(what: str, limit: str) -> Complaint:
    return Complaint(
        rule="file-too-big",
        expected=f"au plus {limit}",
        got=what,
        way_out="Envoyez seulement les feuilles demandées, sans images ni cellules remplies à l’infini.",
    )


def wrong_suffix(expected: str, got: str) -> Complaint:
    return Complaint(
        rule="file-format",
        expected=f"un fichier .{expected}",
        got=quoted(got) if got else "un nom sans extension",
        way_out=f"Enregistrez le fichier au format .{expected}{NBSP}; renommer ne suffit pas.",
    )


def wrong_content(expected: str, got: str = "un autre contenu") -> Complaint:
    return Complaint(
        rule="file-format",
        expected=f"le contenu d’un fichier .{expected}",
        got=got,
        way_out=f"Le fichier a peut-être été renommé{NBSP}: ouvrez-le et enregistrez-le au format .{expected}.",
    )


def locked_file() -> Complaint:
    return Complaint(
        rule="file-locked",
        expected="un fichier sans mot de passe",
        got="un fichier chiffré",
        way_out="Enregistrez-le sans mot de passe et envoyez-le par le canal protégé.",
    )


def broken_file(expected: str) -> Complaint:
    return Complaint(
        rule="file-unreadable",
        expected=f"un fichier .{expected} entier",
        got="un fichier abîmé ou coupé",
        way_out="Ouvrez-le dans votre tableur, enregistrez-le de nouveau et renvoyez-le.",
    )


# ---- the text of a CSV ----


def _save_as(encoding: str) -> str:
    names = {"utf-8": "CSV UTF-8", "windows-1252": "CSV (windows-1252)"}
    return f"Enregistrez le fichier au format {names[encoding]}."


def wrong_encoding(encoding: str, got: str) -> Complaint:
    return Complaint(rule="file-encoding", expected=f"du texte en {encoding}", got=got, way_out=_save_as(encoding))


def binary_content() -> Complaint:
    return Complaint(
        rule="file-encoding",
        expected="du texte",
        got="des octets nuls, qu’aucun CSV ne contient",
        way_out="Ouvrez le fichier dans votre tableur et enregistrez-le au format CSV.",
    )


def broken_quotes() -> Complaint:
    return Complaint(
        rule="file-quotes",
        expected='des guillemets droits (") ouverts et fermés dans la même cellule',
        got="un guillemet seul, ou du texte après un guillemet fermant",
        way_out='Doublez les guillemets d’une cellule ("") et entourez-la de guillemets.',
    )


def endless_cell() -> Complaint:
    return Complaint(
        rule="file-format",
        expected="un tableau de cellules courtes",
        got="une cellule de plus de 100 000 caractères",
        way_out="Vérifiez que le fichier est bien un CSV.",
    )


DELIMITER_NAMES = {",": "la virgule", ";": "le point-virgule", "\t": "la tabulation", "|": "la barre verticale"}


def wrong_delimiter(expected: str, got: str) -> Complaint:
    return Complaint(
        rule="file-delimiter",
        expected=f"{DELIMITER_NAMES[expected]} entre les colonnes",
        got=DELIMITER_NAMES[got],
        way_out="Choisissez ce séparateur en enregistrant le CSV.",
    )
