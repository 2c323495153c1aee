"""What an association fills in before handing the form out: who asks, about when, where answers go back."""

from __future__ import annotations

import re

from attrs import frozen

from egide.diagnostic.questionnaire.fields import MOST_SITUATIONS
from egide.errors import Defect, DeliveryRefused
from egide.sources.messages import NBSP

# Answers travel unsealed from page to receiver, so under TLS or inside one machine. "/…": the page's own server.
_RECEIVER = re.compile(
    r"(?P<origin>https://[\w.-]+(?::\d+)?|http://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?)?/(?!/)[\w./-]*"
)


@frozen(kw_only=True)
class Setting:
    """The words of one collection."""

    team: str  # who asks and will read: "Association X, pour la préfecture"
    period: str = ""  # "2023 à 2025"; "" when none is set
    return_to: str = ""  # how the file or the paper comes back, as a sentence
    receiver: str = ""  # address that seals for browsers without JavaScript; "" when there is none
    situations: int = 6  # blocks prepared

    def __attrs_post_init__(self) -> None:
        defects = []
        if not self.team.strip():
            defects.append(_defect("équipe", "un nom", "rien", "Les personnes interrogées doivent savoir qui lit."))
        if not 1 <= self.situations <= MOST_SITUATIONS:
            got, way_out = str(self.situations), "Au-delà, on remplit un second formulaire."
            defects.append(_defect("situations", f"de 1 à {MOST_SITUATIONS}", got, way_out))
        if self.receiver and not _RECEIVER.fullmatch(self.receiver):
            expected = "une adresse https://…, ou http://127.0.0.1:…"
            way_out = (
                f"Les réponses y vont en clair avant d’être chiffrées{NBSP}: il faut HTTPS, ou rester sur la machine."
            )
            defects.append(_defect("récepteur", expected, "autre chose", way_out))
        if defects:
            raise DeliveryRefused(defects)

    @property
    def form_action(self) -> str:
        """What the page's security policy lets a form be sent to."""
        found = _RECEIVER.fullmatch(self.receiver) if self.receiver else None
        return "'none'" if found is None else found["origin"] or "'self'"


def _defect(place: str, expected: str, got: str, way_out: str) -> Defect:
    return Defect(place=f"formulaire, {place}", expected=expected, got=got, way_out=way_out)
