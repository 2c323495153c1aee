"""Any form, drawn one way: label, hint and error tied to the control, groups to their legend, errors summed up."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.core.exceptions import ValidationError

from egide_registry.theme.forms import Renderer
from egide_registry.theme.style_guide import SampleForm

pytestmark = pytest.mark.usefixtures("site")


def sample(data=None):
    return SampleForm(data, renderer=Renderer())


def attribute(text, control, name):
    tag = re.search(rf'<[^>]*\bid="{control}"[^>]*>', text).group()
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found and found.group(1)


def test_each_control_has_the_class_of_its_kind_and_its_label():
    text = str(sample())
    for control, kind in [
        ("id_town", "fr-input"),
        ("id_note", "fr-input"),
        ("id_body", "fr-select"),
        ("id_paper", "fr-upload"),
    ]:
        assert attribute(text, control, "class") == kind
        assert f'<label class="fr-label" for="{control}">' in text


def test_a_class_that_a_widget_has_is_kept():
    class Small(forms.Form):
        code = forms.CharField(widget=forms.TextInput(attrs={"class": "eg-short"}))

    assert attribute(str(Small(renderer=Renderer())), "id_code", "class") == "fr-input eg-short"


def test_what_is_required_is_said_in_words():
    text = str(sample())
    assert 'Commune <span class="eg-required">(obligatoire)</span></label>' in text
    assert "Observations</label>" in text


def test_an_error_is_tied_to_its_control_after_the_hint():
    text = str(sample({}))
    assert attribute(text, "id_town", "aria-describedby") == "id_town_helptext id_town_error"
    assert attribute(text, "id_town", "aria-invalid") == "true"
    assert 'id="id_town_error"><p class="fr-error-text">' in text


def test_the_error_of_a_group_is_tied_to_its_fieldset_and_not_to_each_choice():
    text = str(sample({}))
    assert 'fr-fieldset--error" aria-describedby="id_urgency_helptext id_urgency_error">' in text
    assert attribute(text, "id_urgency_0", "aria-invalid") is None
    assert re.search(r'<legend class="fr-fieldset__legend">Délai souhaité', text)


def test_every_id_that_is_pointed_to_exists():
    for text in (str(sample()), str(sample({}))):
        ids = set(re.findall(r'\bid="([^"]+)"', text))
        for name in ("for", "aria-describedby", "aria-labelledby"):
            pointed = {one for value in re.findall(rf'\b{name}="([^"]+)"', text) for one in value.split()}
            assert pointed - ids == set()
        assert set(re.findall(r'href="#([^"]+)"', text)) - ids == set()


def test_the_summary_lists_every_error_in_the_order_of_the_form_with_a_link():
    text = str(sample({}))
    assert "5 réponses sont à corriger" in text
    assert re.findall(r'<li><a href="#([^"]+)">', text) == [
        "id_town",
        "id_starts_on",
        "id_body",
        "id_urgency_0",
        "id_agreed",
    ]
    assert 'tabindex="-1" autofocus' in text


def test_a_form_not_yet_sent_has_no_summary_and_no_error():
    assert "eg-summary" not in str(sample()) and "aria-invalid" not in str(sample())


def test_errors_of_the_whole_form_and_of_hidden_fields_are_not_lost():
    class Period(forms.Form):
        version = forms.IntegerField(widget=forms.HiddenInput, label="Version")
        end = forms.CharField(required=False)

        def clean(self):
            raise ValidationError("La fin précède le début.")

    text = str(Period({"version": "x"}, renderer=Renderer()))
    assert "<li>La fin précède le début.</li>" in text
    assert "<li>Version&nbsp;: Saisissez un nombre entier.</li>" in text


def test_an_answer_is_kept_and_escaped_when_the_form_comes_back():
    text = str(sample({"town": "<b>Val</b>", "urgency": "month"}))
    assert 'value="&lt;b&gt;Val&lt;/b&gt;"' in text
    assert attribute(text, "id_urgency_1", "value") == "month"
    assert re.search(r'id="id_urgency_1"[^>]* checked', text)


def test_choices_in_families_are_named_groups():
    text = str(sample())
    assert 'role="group" aria-label="Quotidien"' in text


def test_a_label_or_a_hint_cannot_carry_html():
    class Sly(forms.Form):
        x = forms.CharField(label="<i>x</i>", help_text="<script>1</script>")

    text = str(Sly(renderer=Renderer()))
    assert "<i>" not in text and "<script>" not in text


def test_a_file_already_received_is_named_and_can_be_taken_back():
    class Kept(forms.Form):
        paper = forms.FileField(required=False, widget=forms.ClearableFileInput)

    class Stored:
        url = "/pieces/1/"

        def __str__(self):
            return "pièce 1"

    text = str(Kept(initial={"paper": Stored()}, renderer=Renderer()))
    assert "Fichier déjà reçu&nbsp;: pièce 1" in text and "Retirer ce fichier" in text


def test_a_date_in_three_controls_is_led_to_by_its_first():
    class Born(forms.Form):
        day = forms.SplitDateTimeField()

    assert 'href="#id_day_0"' in str(Born({}, renderer=Renderer()))


def test_several_forms_on_a_page_share_no_id():
    class Child(forms.Form):
        year = forms.IntegerField(label="Année de naissance")

    family = forms.formset_factory(Child, extra=2, renderer=Renderer())
    empty = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2"}
    text = str(family(empty, form_kwargs={"empty_permitted": False, "use_required_attribute": False}))
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert '<a href="#id_form-1-year">' in text


def test_what_is_wrong_with_the_forms_together_is_said_above_them():
    class Child(forms.Form):
        year = forms.IntegerField(required=False)

    family = forms.formset_factory(Child, max_num=1, validate_max=True, renderer=Renderer())
    text = str(family({"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-year": "1", "form-1-year": "2"}))
    assert text.index('role="alert"') < text.index('id="id_form-0-year"')
    assert "1 formulaire" in text
