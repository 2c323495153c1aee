"""A refusal takes two persons, reasons, a notification and time; an appeal that is upheld opens the path."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from egide_registry.accounts.rules import Role
from support import psp
from support.journeys import notify, reading
from support.registry import World, today

pytestmark = pytest.mark.browser


def test_a_refusal_takes_two_persons_and_its_appeal_opens_the_path(world: World, live: str, chromium: Browser):
    request = psp.with_opinion(world, on=today())
    file = request.file_id
    with (
        reading(chromium, live, world[Role.PREFECT]) as first,
        reading(chromium, live, world.new(Role.PREFECT)) as second,
        reading(chromium, live, world[Role.DELEGATE]) as delegate,
        reading(chromium, live, world[Role.ASSOCIATION]) as association,
    ):
        # No refusal without a coded reason and enough words; what was written is not lost.
        first.open("psp:file", file)
        first.follow("Proposer un refus")
        first.fill({"written": "Trop court."})
        first.press("Proposer ce refus")
        first.reads("200 caractères au moins", "à corriger")
        assert first.page.input_value('[name="written"]') == "Trop court."
        first.fill({"codes": "not_victim", "written": psp.REASONS})
        first.press("Proposer ce refus")
        first.reads("Le refus est proposé.")

        # The association knows nothing of a proposal; its author cannot confirm it, even by insisting.
        association.open("psp:decision", request.pk)
        association.misses("proposé, non confirmé", psp.REASONS[:40])
        first.open("psp:confirm_refusal", request.pk)
        first.reads("Une autre personne doit confirmer")
        assert first.page.get_by_role("button", name="Confirmer le refus").count() == 0
        first.page.locator("main form").evaluate("form => form.submit()")
        first.page.wait_for_load_state()
        first.reads("à corriger")

        # Another person reads it again and confirms.
        second.open("psp:confirm_refusal", request.pk)
        second.reads(psp.REASONS[:60], "Voies et délais de recours")
        second.press("Confirmer le refus")
        second.reads("La demande est refusée.")

        # It does not close before it is notified, nor before the time to appeal has gone.
        delegate.open("psp:file", file)
        assert delegate.page.get_by_role("link", name="Clore").count() == 0
        notify(delegate, file)
        delegate.open("psp:close_request", request.pk)
        delegate.press("Clore la demande")
        delegate.reads("à corriger", "attendu")

        # The association reads the reasons and appeals.
        association.open("psp:decision", request.pk)
        association.reads("Demande refusée", psp.REASONS[:60])
        association.follow("Consigner un recours")
        tomorrow = (today() + timedelta(days=1)).isoformat()
        association.fill({"kind": "gracieux", "filed_on": tomorrow, "words": "Des faits inventés."})
        association.press("Consigner le recours")
        association.reads("à corriger")
        association.fill({"filed_on": today().isoformat()})
        association.press("Consigner le recours")
        association.open("psp:file", file)
        association.follow("Recours du")
        association.reads("Des faits inventés.", "Sans réponse, rejet implicite le")
        appeal = association.key()

        # The prefecture examines it and upholds it; the path opens.
        delegate.open("psp:appeal", appeal)
        delegate.fill({"act": "register"})
        delegate.press("Consigner")
        delegate.reads("en cours d’examen")
        second.open("psp:appeal", appeal)
        second.fill({"act": "accept"})
        second.press("Consigner")
        second.reads("accueilli")
        second.follow("Autoriser le parcours")
        second.press("Autoriser")
        second.reads("Le parcours est autorisé.", "parcours en cours")
        association.open("psp:file", file)
        association.reads("Parcours autorisé", "Demande refusée", "Recours déposé")
