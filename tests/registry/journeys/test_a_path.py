"""The prefect authorises; the person is told; her rights are followed; six months later the renewal is prepared."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from egide_registry.accounts.rules import Role
from support import psp
from support.journeys import NAMES, notify, reading, words_of
from support.registry import World, today

pytestmark = pytest.mark.browser


def test_a_path_is_authorised_notified_followed_and_renewed(world: World, live: str, chromium: Browser):
    request = psp.with_opinion(world, on=today())
    file = request.file_id
    with (
        reading(chromium, live, world[Role.PREFECT]) as prefect,
        reading(chromium, live, world[Role.DELEGATE]) as delegate,
        reading(chromium, live, world[Role.ASSOCIATION]) as association,
    ):
        # The prefect reads where it stands and authorises.
        prefect.open("psp:file", file)
        prefect.follow("Autoriser le parcours")
        prefect.press("Autoriser")
        prefect.reads("Le parcours est autorisé.", "parcours en cours", "Encore possible : 18 mois")

        # The act carries no name, its copy to notify does.
        prefect.open("psp:decision", request.pk)
        assert [name for name in NAMES if name in words_of(prefect.download("Arrêté sans nom"))] == []
        assert psp.FAMILY_NAME in words_of(prefect.download("Exemplaire à notifier"))

        # No notification without its proof.
        delegate.open("psp:notify", request.pk)
        delegate.fill({"means": "hand", "notified_on": today().isoformat()})
        delegate.press("Consigner la notification")
        delegate.reads("Une réponse est à corriger", "Preuve")
        notify(delegate, file)

        # The right to stay and the allowance are followed from asked to effective.
        for kind, label in (("aps", "Autorisation provisoire de séjour"), ("afis", "Aide financière")):
            association.open("psp:file", file)
            association.follow("Suivre un droit")
            association.fill({"kind": kind, "asked_on": today().isoformat()})
            association.press("Suivre ce droit")
            association.reads("Le droit est suivi.", label, "demandé")
        association.follow("autorisation provisoire de séjour")
        yesterday, end = (today() - timedelta(days=1)).isoformat(), (today() + timedelta(days=20)).isoformat()
        association.fill({"granted_on": yesterday})
        association.press("Enregistrer")
        association.reads("attendu")  # granted before it was asked: said, kept, corrected
        assert association.page.input_value('[name="granted_on"]') == yesterday
        day = today().isoformat()
        association.fill({"granted_on": day, "effective_on": day, "ends_on": end})
        association.press("Enregistrer")
        association.reads("Les dates sont enregistrées.", "effectif")
        for one in (association, delegate):  # both see that this stay ends before the path, and cuts the allowance
            one.open("psp:file", file)
            alarms = " ".join(one.page.locator(".fr-alert--warning").all_inner_texts())
            assert "autorisation provisoire de séjour" in alarms.lower()

        # The amount of the month explains itself.
        association.follow("Calculer l’aide financière")
        association.press("Calculer")
        association.reads("D’où vient ce montant", "Conditions de l’aide")

        # The renewal begins with what has not changed, and asks the rest again.
        association.open("psp:file", file)
        association.follow("Préparer un renouvellement")
        association.press("Commencer")
        association.open("psp:file", file)
        association.follow("renouvellement")
        renewal = association.key()
        association.open("psp:section", renewal, "identity")
        assert association.page.input_value('[name="family_name"]') == psp.FAMILY_NAME
        association.open("psp:section", renewal, "work")
        assert association.page.input_value('[name="work_project"]') == psp.LIFE["work"]["work_project"]
        assert association.page.locator('input:checked:not([value=""])').count() == 0
        association.open("psp:section", renewal, "situation")
        assert association.page.input_value('[name="summary"]') == ""
        assert delegate.open("psp:request", renewal) == 404  # a draft is its author's alone
