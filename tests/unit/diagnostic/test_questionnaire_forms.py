"""The form on paper and the form in a page: what they ask, what they never ask, what they may not fetch."""

import re
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from egide.diagnostic.questionnaire.keys import key_id
from egide.diagnostic.questionnaire.page import page
from egide.diagnostic.questionnaire.paper import paper
from egide.diagnostic.questionnaire.setting import Setting
from egide.errors import DeliveryRefused
from support.questionnaire import QUESTIONNAIRE, team_key

SETTING = Setting(team="Association d’essai", period="2023 à 2025", situations=2, return_to="Renvoyez tout ici.")
PERSONAL = [question for question in QUESTIONNAIRE.questions if question.personal]


def made(**settings):
    return page(QUESTIONNAIRE, Setting(team="Association d’essai", **settings), team_key().public_key())


def plain(text):
    return re.sub(r"\s+", " ", text).strip()


@pytest.fixture(scope="module")
def sheets():
    """The text of each page."""
    made = paper(QUESTIONNAIRE, SETTING, on=date(2026, 4, 2))
    return [plain(sheet.extract_text()) for sheet in PdfReader(BytesIO(made)).pages]


def test_contact_is_asked_on_the_sheet_that_is_torn_off_and_nowhere_else(sheets):
    first, *others = sheets
    for question in PERSONAL:
        assert question.id in first
        assert not any(re.search(rf"{re.escape(question.id)}(?!\d)", sheet) for sheet in others)
    assert all("Ne portez aucun nom sur ces pages" in sheet for sheet in others)


def test_the_paper_form_asks_every_other_question_and_each_situation_from_a_new_page(sheets):
    whole = " ".join(sheets)
    for question in QUESTIONNAIRE.questions:
        times = len(re.findall(rf"{re.escape(question.id)} +{re.escape(plain(question.label[:12]))}", whole))
        assert times == (SETTING.situations if question.id in QUESTIONNAIRE.repeated else 1), question.id
    starts = [" ".join(sheet.split()[:4]) for sheet in sheets]
    assert {"Situation 1, les personnes", "Situation 2, les personnes"} <= set(starts)


def test_no_title_is_left_at_the_foot_of_a_page(sheets):
    for section in QUESTIONNAIRE.sections:
        questions = [question for question in section.questions if not question.personal]
        asked = [question.stem or f"{question.id} {question.label}" for question in questions]
        title = plain(section.title if not section.repeated else f", l{section.title[1:]}")
        holding = [sheet.partition(title)[2] for sheet in sheets[1:] if title in sheet]
        assert holding, section.id
        assert all(any(plain(one)[:12] in after for one in asked) for after in holding), section.id


@pytest.mark.pdfjudge
def test_the_paper_form_breaks_no_rule_of_pdf_ua(tmp_path):
    from support.pdf_judge import judge

    path = tmp_path / "form.pdf"
    path.write_bytes(paper(QUESTIONNAIRE, Setting(team="Association d’essai", situations=1), on=date(2026, 4, 2)))
    assert judge(path).failures == []


def test_the_same_day_gives_the_same_paper():
    assert paper(QUESTIONNAIRE, SETTING, on=date(2026, 4, 2)) == paper(QUESTIONNAIRE, SETTING, on=date(2026, 4, 2))


def test_no_field_of_the_page_asks_who_or_where_to_reach():
    names = set(re.findall(r' name="([^"]+)"', made(situations=1)))
    assert "Q0.1" in names and "Q0.8" in names
    assert not names & {question.id for question in PERSONAL}
    assert not re.search(r'type="(email|tel|url|file|hidden)"', made())


def test_the_page_has_no_address_but_the_receivers():
    text = made(receiver="https://formulaire.exemple.fr/reponse")
    assert set(re.findall(r"https?://[^\s\"'<>;]+", text)) == {
        "https://formulaire.exemple.fr/reponse",
        "https://formulaire.exemple.fr",
    }
    assert not re.search(r"<(link|img|iframe|object|embed)\b|@import|url\(| src=", text)


def test_the_policy_of_the_page_lets_nothing_be_fetched_and_the_form_go_to_the_receiver_alone():
    def policy(text):
        (found,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
        return dict(part.strip().split(" ", 1) for part in found.replace("&#39;", "'").split(";"))

    assert policy(made())["default-src"] == "'none'"
    assert policy(made())["form-action"] == "'none'"
    assert policy(made(receiver="/reponse"))["form-action"] == "'self'"
    assert policy(made(receiver="https://a.exemple.fr/reponse"))["form-action"] == "https://a.exemple.fr"
    assert "unsafe" not in str(policy(made()))


def test_without_receiver_nothing_can_be_sent_by_mistake():
    """Not even with a form's default, which would put the answers in an address."""
    text = made()
    assert 'method="post"' in text and " action=" not in text
    assert re.search(r"<button id=\"chiffrer\" disabled>", text)


def test_the_page_names_the_key_it_seals_for_and_escapes_what_it_is_given():
    text = page(QUESTIONNAIRE, Setting(team="<b>&"), team_key().public_key())
    assert key_id(team_key().public_key()) in text
    assert "<b>&" not in text


@pytest.mark.parametrize(
    "receiver", ["http://formulaire.exemple.fr/reponse", "ftp://x/y", "//x/reponse", "https://x", "javascript:alert(1)"]
)
def test_answers_may_not_travel_in_clear(receiver):
    with pytest.raises(DeliveryRefused, match="HTTPS"):
        Setting(team="X", receiver=receiver)


def test_a_form_that_does_not_say_who_reads_or_prepares_too_much_is_refused_at_once():
    with pytest.raises(DeliveryRefused) as refusal:
        Setting(team=" ", situations=13)
    assert len(refusal.value.defects) == 2
