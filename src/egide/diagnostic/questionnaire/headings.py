"""Headings that LimeSurvey, Google Forms and Microsoft Forms add to the answers, in French and English.

Sources: LimeSurvey, application/helpers/admin/export/Writer.php (headings by code, text, or both); headings of the two
others as programs that read their exports name them.
"""

from __future__ import annotations

import re
import unicodedata


def folded(text: str) -> str:
    """Lower case, no accents, words apart by one blank: how headings and labels are compared."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", letters))


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


# Who answered: never read.
CONTACT = _any(
    r"(?:votre |adresse |mon )?(?:e ?mail|courriel|mel)(?: address| adresse)?",
    r"adresse (?:de messagerie|electronique|e mail|mail)",
    r"email address|user ?name|nom d utilisateur",
    r"(?:votre )?(?:nom|prenom|name|first ?name|last ?name|nom de famille|nom et prenom|nom prenom|full name)",
    r"(?:votre |numero de )?(?:tel|telephone|portable|mobile|phone)(?: number)?",
    r"(?:vos )?coordonnees|contact",
)
# What tells from where somebody answered.
TRACES = _any(
    r"ip ?addr(?:ess)?|adresse ip|remote ip",
    r"ref ?url|referrer(?: url)?|url de (?:reference|referrer|provenance)",
    r"token|code d (?:invitation|acces)|access code|jeton|uid|participant",
)
# What the tool writes for itself. Dates too: the hour of an answer points to a person, and nothing is counted by it.
TECHNICAL = _any(
    r"id|response id|id de la reponse|serial|numero de (?:serie|soumission)|sid",
    r"submit ?date|date submitted|date de soumission|date soumise|completed|termine le",
    r"start ?date|date started|date de (?:lancement|debut)|date ?stamp|date last action",
    r"date de la derniere action|last ?page|derniere page|start ?language|langue de (?:depart|base)|seed",
    r"tete de serie|graine(?: aleatoire)?|horodateur|timestamp|heure de (?:debut|fin|la derniere modification)",
    r"(?:start|completion|last modified) time|language|langue|score|total points|nombre total de points|total time",
    r"interview ?time|temps total|duree(?: totale)?|brouillon|draft",
    r"group ?time ?\d+|.*(?:question|group) time.*|q\d+ ?time|(?:duree|temps) (?:pour le groupe|de la question).*",
)
SUBMITTED = _any(r"submit ?date|date submitted|date de soumission|date soumise")
