"""The pages that ask the questions: what a reader hears, and what the server keeps."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import QueryDict

from egide_registry.psp.form_fields import SectionForm, section_form
from egide_registry.psp.rules import forms
from egide_registry.psp.rules.forms import Schema
from egide_registry.theme.forms import Renderer

DAY = date(2026, 3, 2)
FIRST, RENEWAL = forms.load("first", 1), forms.load("renewal", 1)
PAGES = [(schema, section.id) for schema in (FIRST, RENEWAL) for section in schema.sections]
EVERY_PAGE = pytest.mark.parametrize(("schema", "section"), PAGES, ids=[f"{one.kind}-{name}" for one, name in PAGES])
HANGING = {question.id for schema in (FIRST, RENEWAL) for question in schema.questions if question.shown_when}
AGREED = {"consent_statistics": "yes", "residence_right": "valid", "asks_afis": "yes"}  # opens every page


def page(schema: Schema, section: str, sent: str | None = None, **more: Any) -> SectionForm:
    data = None if sent is None else QueryDict(sent)
    return section_form(schema, section)(data, on=DAY, renderer=Renderer(), **more)


class Drawn(HTMLParser):
    """Every element of a page with its attributes, and the ids it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.ids = [said["id"] for _, said in self.elements if "id" in said]

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [said for name, said in self.elements if name in names]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def described(drawn: Drawn) -> set[str]:
    return {name for _, said in drawn.elements for name in (said.get("aria-describedby") or "").split()}


# ---- what is drawn ----


@EVERY_PAGE
def test_each_control_has_its_label_and_each_group_its_legend(schema: Schema, section: str) -> None:
    drawn = Drawn(str(page(schema, section, answers=AGREED)))
    controls = [said for said in drawn.all("input", "select", "textarea") if said.get("type") != "hidden"]
    labels = {said["for"] for said in drawn.all("label")}
    assert {said["id"] for said in controls} == labels
    assert len(drawn.all("fieldset")) == len(drawn.all("legend"))
    assert len(set(drawn.ids)) == len(drawn.ids)


@EVERY_PAGE
def test_each_question_tells_what_it_is_for_where_a_reader_hears_it(schema: Schema, section: str) -> None:
    form = page(schema, section, answers=AGREED)
    drawn = Drawn(str(form))
    html = str(form)
    assert html.count("À quoi cela sert") == len(form.fields) == len(schema.section(section).questions)
    assert {f"id_{name}_helptext" for name in form.fields} <= described(drawn) & set(drawn.ids)


@EVERY_PAGE
def test_an_error_is_tied_to_its_field_and_linked_from_the_summary(schema: Schema, section: str) -> None:
    # Nothing sent, and everything wanted: each required question is an error.
    form = page(schema, section, "", answers=AGREED, final=True)
    wanted = {question.id for question in schema.section(section).questions if question.required}
    assert wanted - HANGING <= set(form.errors) <= wanted
    drawn = Drawn(str(form))
    assert described(drawn) <= set(drawn.ids)
    assert {f"id_{name}_error" for name in form.errors} <= described(drawn)
    links = {(said["href"] or "")[1:] for said in drawn.all("a")}
    assert len(links) == len(form.errors)
    assert links <= set(drawn.ids)


def test_the_error_of_a_group_is_said_by_its_fieldset() -> None:
    drawn = Drawn(str(page(FIRST, "identity", "", final=True)))
    groups = [said.get("aria-describedby") or "" for said in drawn.all("fieldset")]
    assert any("id_notification_address_error" in said.split() for said in groups)


@EVERY_PAGE
def test_a_page_has_no_script_no_style_and_asks_the_browser_to_remember_nothing(schema: Schema, section: str) -> None:
    drawn = Drawn(str(page(schema, section, answers=AGREED)))
    assert drawn.all("script", "style") == []
    assert not [said for _, said in drawn.elements if "style" in said or any(name.startswith("on") for name in said)]
    typed = [said for said in drawn.all("input", "textarea") if said.get("type") not in ("radio", "checkbox")]
    assert all(said["autocomplete"] == "off" and said["spellcheck"] == "false" for said in typed)


def test_free_text_warns_about_other_persons_and_the_own_name_does_not() -> None:
    assert "aucune autre personne" in str(page(FIRST, "situation")["assessment"].help_text)
    assert "aucune autre personne" not in str(page(FIRST, "identity")["family_name"].help_text)


def test_an_agreement_is_read_out_with_who_receives_and_how_to_take_it_back() -> None:
    said = str(page(FIRST, "commitment")["consent_request"].help_text)
    consent = FIRST.consents[0]
    assert consent.text in said and consent.recipient in said and consent.withdrawal in said


def test_who_may_stay_silent_has_a_button_for_it() -> None:
    form = page(FIRST, "commitment")
    assert "Sans réponse" in str(form["consent_statistics"])
    assert "Sans réponse" not in str(form["consent_request"])


# ---- conditions ----


def test_a_question_that_hangs_on_the_same_page_is_shown_with_its_condition_in_words() -> None:
    html = str(page(FIRST, "identity"))
    assert "À remplir seulement si la réponse à «\u00a0Où envoyer la décision\u00a0»" in html
    assert 'data-shown-when="notification_address" data-shown-among="other"' in html


def test_a_question_that_hangs_on_an_earlier_page_is_shown_only_when_it_is_asked() -> None:
    assert "doc_resources" not in page(FIRST, "documents", answers={"asks_afis": "no"}).fields
    assert "doc_resources" in page(FIRST, "documents", answers={"asks_afis": "yes"}).fields
    assert page(FIRST, "statistics").fields == {}


def test_a_hidden_question_that_is_answered_is_refused_in_words() -> None:
    form = page(FIRST, "identity", "notification_address=association&notification_address_other=Ici")
    assert list(form.errors) == ["notification_address_other"]
    assert "Laissez cette réponse vide" in form.errors["notification_address_other"][0]


# ---- what is kept ----


def test_a_draft_may_lack_anything_and_keeps_what_was_given_elsewhere() -> None:
    form = page(FIRST, "resources", "asks_afis=yes&children=2", answers={"family_name": "Exemple"})
    assert form.is_valid()
    assert form.answers() == {"family_name": "Exemple", "asks_afis": "yes", "children": 2}


def test_what_is_sent_becomes_a_value_that_can_be_written_as_json() -> None:
    sent = "asks_afis=yes&other_allowance=none&household_resources=1 250&children=0"
    assert page(FIRST, "resources", sent).is_valid()
    form = page(FIRST, "resources", sent)
    assert form.is_valid() and form.answers()["household_resources"] == 1250
    form = page(FIRST, "situation", "assessment=Un%0D%0ADeux&health_needs=general&health_needs=dental")
    assert form.is_valid()
    assert form.answers() == {"health_needs": ["general", "dental"], "assessment": "Un\nDeux"}


@pytest.mark.parametrize("typed", ["31/12/1990", "1990-12-31", " 31/12/1990 "])
def test_a_day_is_understood_as_the_browser_or_a_person_writes_it(typed: str) -> None:
    form = page(FIRST, "identity", f"birth_date={typed}")
    assert form.is_valid()
    assert form.answers() == {"birth_date": "1990-12-31"}


@pytest.mark.parametrize("typed", ["31/02/1990", "demain", "2026-03-03"])
def test_a_wrong_day_is_refused_in_french_and_stays_in_its_field(typed: str) -> None:
    form = page(FIRST, "identity", f"birth_date={typed}")
    assert re.match("Attendu\u00a0: une date", form.errors["birth_date"][0])
    assert f'value="{typed}"' in str(form["birth_date"])


def test_an_answer_that_is_emptied_or_no_longer_asked_is_not_kept() -> None:
    before = {"asks_afis": "yes", "other_allowance": "none", "doc_resources": "attached", "children": 1}
    form = page(FIRST, "resources", "asks_afis=no&children=", answers=before)
    assert form.is_valid()
    assert form.answers() == {"asks_afis": "no"}


def test_the_answers_already_given_are_in_the_page() -> None:
    html = str(
        page(FIRST, "identity", answers={"family_name": "Exemple", "nationality": "FR", "birth_date": "1990-12-31"})
    )
    assert 'value="Exemple"' in html and 'value="1990-12-31"' in html
    assert re.search(r'value="FR"\s+selected', html)


def test_a_code_outside_the_list_is_refused() -> None:
    form = page(FIRST, "identity", "nationality=zzqx&notification_address=zzqx")
    assert set(form.errors) == {"nationality", "notification_address"}
    assert "zzqx" not in str(form.errors)


def test_a_page_that_is_not_in_the_form_is_refused() -> None:
    with pytest.raises(KeyError):
        section_form(FIRST, "nothing")
