import pytest
from datetime import timedelta
from django.urls import reverse
from django.utils import timezone
from egide_registry.accounts.rules import Role
from egide_registry.psp.actions import appeals, transfers
from egide_registry.psp.rules.states import AppealKind
from support import psp
from support.browser import axe_violations
from support.live import sign_in
from support.registry import World, acting
TODAY = timezone.localdate()

@pytest.mark.browser
def test_axe(world, live, chromium):
    there = World()
    opinion = psp.with_opinion(world, on=TODAY)
    granted = psp.notified(world, psp.granted(world, TODAY), on=TODAY)
    refused = psp.refused_notified(world, on=TODAY)
    proposed = psp.refusal_proposed(world, on=TODAY)
    by = world[Role.ASSOCIATION]
    with acting(by):
        appeal = appeals.lodge(refused.pk, AppealKind.TRIBUNAL, "Des faits inventés.", by=by, filed_on=TODAY, on=TODAY)
        transfers.ask(granted.file_id, to_department=there.code, to_body=there.association, by=by, on=TODAY)
    u = lambda n,*a: live + reverse("psp:"+n, args=a)
    pages = [
        (Role.DELEGATE, [("decision", refused.pk), ("propose_refusal", opinion.pk), ("appeal", appeal.pk), ("transfers",), ("states",), ("suspend", granted.file_id), ("propose_exit", granted.file_id), ("transfer", opinion.file_id), ("ask_pieces", opinion.pk), ("notify", granted.pk), ("lodge", refused.pk), ("file", granted.file_id)]),
        (Role.PREFECT, [("confirm_refusal", proposed.pk), ("grant", opinion.pk), ("decision", proposed.pk)]),
        (Role.ASSOCIATION, [("afis", granted.file_id), ("right_new", granted.file_id), ("outcome", granted.file_id, "end"), ("end_on_request", granted.file_id), ("file", granted.file_id)]),
    ]
    found = []
    for role, names in pages:
        context = chromium.new_context(viewport={"width": 1200, "height": 900})
        page = context.new_page()
        errors = []
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        sign_in(page, world[role], live)
        for name in names:
            page.goto(u(*name))
            for v in axe_violations(page): found.append((name[0], v))
            page.screenshot(path=f"/tmp/w/h-psp/{role}-{name[0]}.png", full_page=True)
            if name[0] in ("propose_refusal", "notify", "afis"):
                if name[0] == "afis":
                    page.fill("[name=children]", "2")
                page.click("main form button[type=submit]")
                for v in axe_violations(page): found.append((name[0]+" sent", v))
                page.screenshot(path=f"/tmp/w/h-psp/{role}-{name[0]}-sent.png", full_page=True)
        for e in errors: found.append(("console", e))
        context.close()
    for f in found: print(f)
    assert not found
