"""The pages of a commission: each role finds its own, forms work without JavaScript, axe has nothing to say."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from egide_registry.accounts.models import Mandate
from egide_registry.accounts.rules import Role
from egide_registry.commissions.actions import minutes
from egide_registry.commissions.models import Item, Session
from support.browser import axe_violations
from support.commission import Desk
from support.live import live_site, sign_in
from support.registry import World, acting, today


def client_of(mandate: Mandate) -> Client:
    client = Client()
    sign_in(client, mandate)
    return client


def address(name: str, *arguments: object) -> str:
    return reverse(f"commissions:{name}", args=arguments)


def test_the_delegate_leads_a_session_through_its_pages(desk: Desk):
    request = desk.complete_request()
    site = client_of(desk.delegate)

    def post(name: str, *arguments: object, **data: object) -> None:
        answer = site.post(address(name, *arguments), data)
        assert answer.status_code == 302, answer.content.decode()

    post("convene", formation="psp", held_on=today().isoformat(), starts_at="14:30", place="Salle des essais")
    with acting(desk.delegate):
        session = Session.objects.get(department_id=desk.world.code)
    post("add", session.pk, requests=[str(request.pk)])
    with acting(desk.delegate):
        item = Item.objects.get(session=session)
        called = {str(one.pk): "present" for one in session.convocations.all()}
    untouched = site.post(address("interest", item.pk), {"member": ""})
    assert untouched.status_code == 422  # nobody is chosen for whoever does not choose
    post("interest", item.pk, member=str(desk.police.pk))
    post("presence", session.pk, **called)
    post("hold", session.pk)
    post("opinion", item.pk, opinion="favourable", in_favour="1", against="0", abstained="0", reasons="")
    said = {"chair": str(desk.prefect.pk), "other_business": ""}
    preview = site.post(address("minutes", session.pk), said | {"preview": "1"})
    assert preview["Content-Type"] == "application/pdf"
    assert site.post(address("minutes", session.pk), said).status_code == 422  # the preview was not read
    post("minutes", session.pk, read="on", **said)
    page = site.get(address("session", session.pk)).content.decode()
    assert "avis favorable" in page
    assert "signé le" in page
    assert desk.state_of(request) == "opinion_given"


def test_a_refusal_comes_back_in_the_form_and_changes_nothing(desk: Desk):
    session = desk.convene()
    answer = client_of(desk.delegate).post(address("hold", session.pk))
    assert answer.status_code == 422
    assert "3 sans réponse" in answer.content.decode()
    with acting(desk.delegate):
        assert Session.objects.get(pk=session.pk).state == "convened"


def test_a_commission_that_does_not_meet_shows_to_the_prefecture_and_to_associations(desk: Desk):
    for mandate in (desk.delegate, desk.prefect, desk.world[Role.ASSOCIATION]):
        page = client_of(mandate).get(address("home")).content.decode()
        assert "ne s’est jamais réunie" in page
    held = today() - timedelta(days=12)
    session = desk.convene(held)
    desk.attend(session, desk.members)
    desk.hold(session)
    page = client_of(desk.delegate).get(address("home")).content.decode()
    assert "ne s’est pas réunie depuis 12 jours" in page


def test_a_member_reads_what_they_may_and_leaves_on_their_word(desk: Desk):
    request, other = desk.complete_request(), desk.complete_request()
    session = desk.convene()
    item, _ = desk.put(session, request, other)
    site = client_of(desk.court)
    assert str(session.pk) in site.get(address("home")).content.decode()
    page = site.get(address("session", session.pk)).content.decode()
    assert request.file.reference in page
    assert site.post(address("interest", item.pk)).status_code == 302
    page = site.get(address("session", session.pk)).content.decode()
    assert request.file.reference not in page
    assert other.file.reference in page
    assert site.get(address("interest", item.pk)).status_code == 404


def test_a_member_of_the_filing_association_finds_no_trace_of_its_file(desk: Desk):
    request = desk.complete_request()
    session = desk.convene()
    desk.put(session, request)
    page = client_of(desk.friend).get(address("session", session.pk)).content.decode()
    assert request.file.reference not in page


def test_a_session_is_not_found_by_who_does_not_serve_it(desk: Desk):
    session = desk.convene()
    assert client_of(desk.world[Role.MINORS_MEMBER]).get(address("session", session.pk)).status_code == 404
    assert client_of(desk.world.new(Role.MEMBER)).get(address("session", session.pk)).status_code == 404
    assert client_of(World()[Role.DELEGATE]).get(address("session", session.pk)).status_code == 404
    assert client_of(desk.world[Role.ASSOCIATION]).get(address("session", session.pk)).status_code == 403
    assert client_of(desk.court).get(address("presence", session.pk)).status_code == 403


def test_minutes_are_downloaded_under_an_opaque_name(desk: Desk):
    session, (item,) = desk.held_with(desk.complete_request())
    desk.opine(item)
    link = address("minutes_pdf", session.pk)
    assert client_of(desk.court).get(link).status_code == 404
    with acting(desk.delegate):
        minutes.sign(session.pk, chair=desk.prefect.pk, other_business="", by=desk.delegate, on=today())
    answer = client_of(desk.court).get(link)
    assert answer.content.startswith(b"%PDF")
    assert f'filename="CDLP-{desk.world.code}-' in answer["Content-Disposition"]


def test_settings_are_the_department_s_own(desk: Desk):
    site = client_of(desk.delegate)
    data = {"quorum": "", "files_per_session": "4", "convocation_days": "10", "access_days": "20"}
    assert site.post(address("settings"), data).status_code == 302
    assert 'value="4"' in site.get(address("settings")).content.decode()
    assert site.post(address("settings"), {**data, "quorum": "9" * 12, "convocation_days": "9" * 12}).status_code == 422


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=True)
    yield context.new_page()
    context.close()


def judge(page: Page, where: str) -> None:
    answer = page.goto(where)
    assert answer is not None
    assert answer.status == 200, where
    assert page.locator("h1").count() == 1, where
    assert axe_violations(page) == [], where


@pytest.mark.browser
def test_pages_of_a_session_have_nothing_that_axe_refuses(desk: Desk, page: Page):
    session, (item, _) = desk.held_with(desk.complete_request(), desk.complete_request())
    desk.opine(item)
    coming = desk.convene(today() + timedelta(days=3))
    (next_item,) = desk.put(coming, desk.complete_request())
    desk.complete_request()
    with live_site() as site:
        sign_in(page, desk.delegate, site)
        for path in (
            address("home"),
            address("session", session.pk),
            address("session", coming.pk),
            address("add", coming.pk),
            address("presence", coming.pk),
            address("cancel", coming.pk),
            address("interest", next_item.pk),
            address("minutes", session.pk),
            address("settings"),
            address("convene"),
        ):
            judge(page, site + path)
        page.context.clear_cookies()
        sign_in(page, desk.court, site)
        for path in (address("home"), address("session", coming.pk), address("interest", next_item.pk)):
            judge(page, site + path)
