"""What a publication still hides, and what it is known to give away: a page for its authors, in French."""

from __future__ import annotations

from egide.cli.audit_page import template
from egide.letter.publish import Publication
from egide.sources.messages import counted


def page(publication: Publication) -> str:
    """Every hidden small count with the values that stay possible, after the accepted leaks and their arithmetic."""
    kept = publication.attack.kept
    hidden = counted(len(kept), "petit effectif masqué", "petits effectifs masqués")
    leaks = counted(len(publication.leaks), "fuite acceptée", "fuites acceptées")
    text = template("secret.html.jinja").render(
        title=publication.document.title,
        summary=f"{hidden}, {leaks}. Un lecteur qui a tout gardé, publications passées comprises, n’en sait pas plus.",
        leaks=publication.leaks,
        kept=kept,
    )
    return str(text)
