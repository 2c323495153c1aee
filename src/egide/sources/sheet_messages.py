"""What a sender reads of missing, extra or renamed sheets and columns: the French of it, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from egide.sources.messages import NBSP, Complaint, listed, quoted


def absent_sheet(name: str, near: Sequence[str]) -> Complaint:
    found = f"la feuille {quoted(near[0])}" if near else "aucune feuille de ce nom"
    way_out = f"Renommez-la {quoted(name)}." if near else "Ajoutez la feuille, même si une partie reste inconnue."
    return Complaint(rule="sheet-missing", expected=f"une feuille {quoted(name)}", got=found, way_out=way_out)


def extra_sheet(names: Sequence[str]) -> Complaint:
    return Complaint(
        rule="sheet-extra",
        expected=f"seulement {listed(names)}",
        got="une feuille inconnue (peut-être masquée)",
        way_out="Supprimez-la, ou demandez qu’elle soit ajoutée au schéma.",
    )


def double_sheet() -> Complaint:
    return Complaint(
        rule="sheet-duplicated",
        expected="une seule feuille de ce nom",
        got="plusieurs",
        way_out="Gardez la bonne et supprimez les autres.",
    )


def empty_sheet() -> Complaint:
    return Complaint(
        rule="sheet-empty",
        expected="une ligne de titres et au moins une ligne de données",
        got="rien, ou les titres seuls",
        way_out="Remplissez la feuille. Ce qui n’est pas connu s’écrit par une ligne sans valeur, avec une note.",
    )


def absent_column(name: str) -> Complaint:
    return Complaint(
        rule="column-missing",
        expected=f"une colonne {quoted(name)}",
        got="aucune",
        way_out="Ajoutez-la, même vide.",
    )


def renamed_column(name: str, got: str) -> Complaint:
    return Complaint(
        rule="column-renamed",
        expected=f"une colonne {quoted(name)}",
        got=quoted(got),
        way_out=f"Rendez-lui son nom{NBSP}: {quoted(name)}.",
    )


def extra_column(got: str, names: Sequence[str]) -> Complaint:
    return Complaint(
        rule="column-extra",
        expected=f"seulement {listed(names)}",
        got=quoted(got) if got else "une colonne sans titre",
        way_out="Supprimez-la.",
    )


def double_column(got: str) -> Complaint:
    return Complaint(
        rule="column-duplicated",
        expected=f"une seule colonne {quoted(got)}",
        got="plusieurs",
        way_out="Gardez la bonne et supprimez les autres.",
    )
