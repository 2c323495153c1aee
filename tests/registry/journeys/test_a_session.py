"""The commission, from the convocation to the minutes, each in their own window."""

import pytest
from playwright.sync_api import Browser

from egide_registry.accounts.rules import Role
from support import psp
from support.commission import Desk
from support.journeys import NAMES, reading, words_of
from support.registry import World, today

pytestmark = pytest.mark.browser


def test_the_commission_hears_a_file(world: World, live: str, chromium: Browser):
    desk = Desk(world)
    request, other = psp.complete(world, on=today()), psp.complete(world, on=today())
    reference, kept = request.file.reference, other.file.reference
    with (
        reading(chromium, live, desk.delegate) as delegate,
        reading(chromium, live, desk.court) as judge,
        reading(chromium, live, desk.friend) as friend,
    ):
        # The delegate calls the members to a session of today.
        delegate.open("commissions:home")
        delegate.reads("2 demandes complètes en attente d’une séance")
        delegate.follow("Convoquer une séance")
        place = "Salle des essais"
        day = {"formation": "psp", "held_on": today().isoformat(), "starts_at": "14:30", "place": place}
        delegate.fill(day)
        delegate.press("Convoquer")
        delegate.follow(f"{today().day}")
        delegate.reads("Aucun dossier n’est inscrit.", "0 présent sur 3")
        session = delegate.key()

        # Two files on the agenda: the association that filed them does not sit, without being asked.
        delegate.follow("Inscrire des dossiers")
        delegate.fill({"requests": [str(request.pk), str(other.pk)]})
        delegate.press("Inscrire")
        delegate.reads("Dossiers inscrits.", f"{world.association.name} (a déposé la demande)")

        # The judge reads the file, says they know the person, and loses it at once. The other file stays.
        judge.visit("/")
        judge.follow(f"{today().day}")
        judge.reads(reference, kept)
        judge.follow(reference)
        judge.reads(psp.FAMILY_NAME, "Lecture seule.")
        file = judge.key()
        judge.open("commissions:session", session)
        judge.follow_beside(reference, "Déclarer un intérêt")
        judge.press("Je me retire de ce dossier")
        judge.reads("Déport enregistré.", kept)
        judge.misses(reference)
        assert judge.open("psp:file", file) == 404
        assert judge.open("psp:request", request.pk) == 404
        assert judge.open("psp:file", other.file_id) == 200

        # The member who comes from the filing association never saw either.
        friend.open("commissions:session", session)
        friend.misses(reference, kept)
        assert friend.open("psp:file", file) == 404

        # The session is held; each file gets its opinion.
        delegate.open("commissions:session", session)
        delegate.reads("(intérêt déclaré)")
        delegate.follow("Noter les présences")
        for row in delegate.page.locator("main select").all():
            row.select_option("present")
        delegate.press("Enregistrer")
        delegate.follow("Consigner la tenue")
        delegate.press("La séance s’est tenue")
        for one, voices in ((reference, 1), (kept, 2)):
            delegate.follow_beside(one, "Consigner l’avis")
            delegate.reads(f"(présents moins déportés) : {voices}")
            delegate.fill({"opinion": "favourable", "in_favour": "3"})
            delegate.press("Consigner l’avis")
            delegate.reads("voix")  # three voices are too many: said, and nothing is lost
            assert delegate.page.input_value('[name="in_favour"]') == "3"
            delegate.fill({"in_favour": str(voices), "against": "0", "abstained": "0"})
            delegate.press("Consigner l’avis")
            delegate.reads("Avis consigné.")

        # Minutes are looked at, signed, and kept by who was called. They name nobody who is helped.
        delegate.follow("Établir le procès-verbal")
        delegate.fill({"chair": str(desk.prefect.pk)})
        preview = words_of(delegate.download_by("Télécharger l’aperçu"))
        assert reference in preview
        delegate.press("Signer définitivement")
        delegate.reads("Une réponse est à corriger", "Relisez l’aperçu")
        delegate.fill({"chair": str(desk.prefect.pk), "read": True})
        delegate.press("Signer définitivement")
        delegate.reads("Procès-verbal signé.")
        judge.open("commissions:session", session)
        minutes = words_of(judge.download("signé le"))
        assert (reference in minutes, kept in minutes) == (True, True)
        assert [name for name in NAMES if name in minutes] == []
        with reading(chromium, live, world[Role.PREFECT]) as prefect:
            prefect.open("psp:decision", request.pk)
            prefect.reads("Avis favorable", "Autoriser")
