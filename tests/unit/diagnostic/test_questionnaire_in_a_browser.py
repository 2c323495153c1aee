"""The form in a real Chromium: what it shows, what it asks the network, what the sealed file holds, script or not."""

import random
import threading

import pytest

from egide.cli.questionnaire_receiver import Receiver, server
from egide.diagnostic.questionnaire.branching import asked
from egide.diagnostic.questionnaire.fields import form_places, read_fields
from egide.diagnostic.questionnaire.model import Place
from egide.diagnostic.questionnaire.page import page
from egide.diagnostic.questionnaire.sealing import unseal
from egide.diagnostic.questionnaire.setting import Setting
from support.browser import axe_violations, visit
from support.questionnaire import BRANCHES, CANARY, QUESTIONNAIRE, team_key

pytestmark = pytest.mark.browser
SITUATIONS = 3  # enough for a chain


def html(situations=2, **settings):
    setting = Setting(team="Association d’essai", situations=situations, **settings)
    return page(QUESTIONNAIRE, setting, team_key().public_key())


@pytest.fixture
def form(tmp_path):
    path = tmp_path / "questionnaire.html"
    path.write_text(html(), encoding="utf-8")
    return path


def box(name, code):
    return f'[name="{name}"][value="{code}"]'


def fill(shown):
    """One answer, with a question that is closed again after it was answered."""
    shown.fill('[name="Q0.1"]', "Service d’essai")
    shown.check(box("Q0.7", "collectif"))
    shown.fill('[name="Q0.8"]', "4")
    shown.check(box("Q0.7", "individuel"))
    shown.check(box("Q1.1", "temoin"))
    shown.fill('[name="S.A1@1"]', "3 ou 4")
    shown.check(box("S.A3@1", "18_25"))
    shown.check(box("S.A3@1", "26_35"))
    shown.check(box("S.A7@1", "autre"))
    shown.fill('[name="S.A7.autre@1"]', "en colocation")
    shown.check(box("S.B7@1", "oui"))
    shown.fill('[name="S.B2@2"]', f"{CANARY}\nsur deux lignes")
    shown.check(box("Q3.1c", "su"))


def check(sealed):
    assert CANARY.encode() not in sealed
    content = unseal(sealed, team_key())
    entries = read_fields(QUESTIONNAIRE, content.pairs, source="test")
    assert entries[Place("Q0.1")].text == "Service d’essai"
    assert entries[Place("S.A3", 1)].codes == {"18_25", "26_35"}
    assert (entries[Place("S.A7", 1)].codes, entries[Place("S.A7", 1)].other) == ({"autre"}, "en colocation")
    assert entries[Place("S.B2", 2)].text == f"{CANARY}\nsur deux lignes"
    assert entries[Place("Q3.1c")].codes == {"su"}
    return entries


def test_with_script_the_page_makes_the_sealed_file_itself_and_asks_the_network_for_nothing(chromium, form, tmp_path):
    with visit(chromium, form) as (shown, outside):
        fill(shown)
        with shown.expect_download() as download:
            shown.click("#chiffrer")
        download.value.save_as(tmp_path / "a.egide")
        assert download.value.suggested_filename in shown.inner_text("#etat")
    assert outside == []
    entries = check((tmp_path / "a.egide").read_bytes())
    assert Place("Q0.8") not in entries  # closed again: it stayed in the page
    assert len(entries) == 9


def test_with_script_an_empty_form_makes_no_file(chromium, form):
    with visit(chromium, form) as (shown, _):
        shown.click("#chiffrer")
        assert "Rien n’est rempli" in shown.inner_text("#etat")


def test_without_script_the_receiver_gives_the_same_file_back(chromium, tmp_path):
    receiver = Receiver(
        questionnaire=QUESTIONNAIRE, key=team_key().public_key(), page=html(receiver="/reponse").encode()
    )
    with server(receiver, 0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        context = chromium.new_context(java_script_enabled=False)
        try:
            shown = context.new_page()
            shown.goto(f"http://127.0.0.1:{running.server_address[1]}/")
            fill(shown)
            with shown.expect_download() as download:
                shown.click("#chiffrer")
            download.value.save_as(tmp_path / "b.egide")
            assert download.value.suggested_filename.endswith(".egide")
            assert context.cookies() == []
        finally:
            context.close()
            running.shutdown()
            thread.join()
    check((tmp_path / "b.egide").read_bytes())


def test_without_script_and_without_receiver_the_button_is_off_and_the_page_says_what_to_do(chromium, form):
    with visit(chromium, form, java_script_enabled=False) as (shown, outside):
        assert shown.is_disabled("#chiffrer")
        assert "papier" in shown.inner_text("noscript")
        shown.press('[name="Q0.1"]', "Enter")
    assert outside == []


def test_the_style_sheet_shows_exactly_the_questions_asked(chromium):
    """Against `asked`, on choices drawn at random, stale ones included. The script here only ticks and looks."""
    draw = random.Random(5)
    places = [place for place in form_places(QUESTIONNAIRE, SITUATIONS) if place.question in BRANCHES]
    with visit(chromium, html(SITUATIONS)) as (shown, _):
        for _ in range(12):
            ticked = {}
            for place in places:
                question = QUESTIONNAIRE.by_id[place.question]
                codes = sorted(question.codes) if draw.random() < 0.9 else []
                if codes and not (place.question == "S.B7" and place.situation == SITUATIONS):
                    ticked[place] = {draw.choice(codes)}
            wanted = [[place.name, code] for place, codes in ticked.items() for code in codes]
            seen = set(shown.evaluate(TICK_AND_LIST, wanted))
            last = Place("S.B7", SITUATIONS).name  # the last situation prepared opens no other
            personal = {question.id for question in QUESTIONNAIRE.questions if question.personal}
            assert seen == {place.name for place in asked(QUESTIONNAIRE, ticked)} - {last} - personal


# Ticks these boxes and no other, hidden ones too; gives the names of the fields that are shown.
TICK_AND_LIST = """wanted => {
  const form = document.getElementById("questionnaire");
  form.reset();
  for (const [name, value] of wanted) {
    form.querySelector(`[name="${name}"][value="${value}"]`).checked = true;
  }
  return Array.from(form.elements)
    .filter(one => one.name && !one.name.includes(".autre") && one.getClientRects().length)
    .map(one => one.name);
}"""


def test_the_page_breaks_no_rule_of_accessibility_and_fits_a_small_screen(chromium, form):
    with visit(chromium, form, viewport={"width": 320, "height": 700}, color_scheme="light") as (shown, _):
        shown.check(box("Q1.1", "temoin"))
        shown.check(box("S.B7@1", "oui"))
        shown.check(box("Q0.7", "collectif"))
        assert axe_violations(shown) == []
        assert shown.evaluate("document.documentElement.scrollWidth") <= 320
        shown.emulate_media(color_scheme="dark")
        assert axe_violations(shown, "#p-P0") == []  # the same kinds of field in the other colours


def test_the_keyboard_alone_ticks_a_box_opens_its_question_and_writes_in_it(chromium, form):
    with visit(chromium, form, java_script_enabled=False) as (shown, _):
        shown.focus('[name="Q0.6"]')
        shown.keyboard.press("Tab")  # the group of Q0.7: on "sans réponse", its ticked button
        shown.keyboard.press("ArrowUp")
        assert shown.is_checked(box("Q0.7", "collectif"))
        shown.keyboard.press("Tab")
        shown.keyboard.type("deux")
        assert shown.input_value('[name="Q0.8"]') == "deux"
