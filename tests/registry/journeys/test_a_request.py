"""An association files a request without any script; the delegate asks for a paper, gets it, says it is complete."""

import pytest
from playwright.sync_api import Browser

from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import filing
from egide_registry.psp.models import Request
from support import psp
from support.journeys import NAMES, PAPER, join, reading, said_first
from support.registry import World

pytestmark = pytest.mark.browser


def test_an_association_files_a_request_without_javascript(world: World, live: str, chromium: Browser):
    answers = said_first()
    with (
        reading(chromium, live, world[Role.ASSOCIATION], java_script_enabled=False) as association,
        reading(chromium, live, world[Role.DELEGATE], java_script_enabled=False) as delegate,
    ):
        # It opens a file: help in danger is said before any question.
        association.open("psp:home")
        association.press("Ouvrir un dossier")
        association.reads("en danger immédiat, appelez le 17", "0 sur")
        request = association.key()

        # It makes a mistake: the summary says where, and what was typed is still there.
        association.follow("Identité")
        association.fill(answers["identity"] | {"birth_date": "2100-01-01"})
        association.press("Enregistrer et continuer")
        association.reads("Une réponse est à corriger", "Date de naissance")
        assert association.page.title().startswith("Erreur")
        for name in ("family_name", "given_names", "birth_date"):
            kept = association.page.input_value(f'[name="{name}"]')
            assert kept == {**answers["identity"], "birth_date": "2100-01-01"}[name]
        association.page.get_by_role("link", name="Date de naissance").click()
        assert association.page.url.endswith("#id_birth_date")

        # It goes from page to page to the end.
        for name, given in answers.items():
            assert association.page.url.split("#")[0].endswith(f"/page/{name}/")
            association.fill(given)
            association.press("Enregistrer et continuer")
        association.misses("à compléter", "à corriger")

        # What is still to be joined is listed, and stops nothing.
        association.reads("le document de parcours signé", "l’attestation sur l’honneur")
        join(association, list(filing.NEEDED[Request.Kind.FIRST]))
        delegate.open("psp:home")
        delegate.reads("Aucun dossier ici.")
        association.press("Déposer la demande")
        association.reads("La demande est déposée.", psp.FAMILY_NAME)

        # The delegate finds it without a name in the list, and asks for a paper.
        delegate.open("psp:home")
        delegate.misses(*NAMES)
        delegate.page.locator("tbody th a").click()
        delegate.reads(psp.FAMILY_NAME, "Dépôt")
        file = delegate.key()
        delegate.follow("Demander des pièces")
        delegate.fill({"missing": "La copie de l’agrément de l’association."})
        delegate.press("Envoyer la demande de pièces")
        delegate.reads("L’association voit ce qui est demandé.", "pièces demandées")

        # The association reads what is missing, joins it, sends the request back.
        association.open("psp:request", request)
        association.reads("La copie de l’agrément de l’association.")
        association.fill({"kind": "agrement", "document": PAPER})
        association.press("Joindre cette pièce")
        association.press("Déposer la demande")
        association.reads("La demande est déposée.")

        # The delegate reads the answers and the papers, then says it is complete.
        delegate.open("psp:file", file)
        delegate.follow("Déclarer la demande complète")
        delegate.press("Déclarer complète")
        delegate.reads("La demande est complète", "Demande déclarée complète")
        delegate.open("psp:request", request)
        delegate.page.get_by_text("Travail et formation").click()
        delegate.reads("Devenir couturière.", "agrément de l’association")
        assert delegate.download("document de parcours signé").startswith(b"%PDF")
