"""The neutral look is the rule; the State's is worn only by a site that says it is the State's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.test import override_settings

from egide_registry.theme import look

THEME = Path(look.__file__).parent


def test_the_neutral_look_needs_nothing_but_our_fonts():
    [(prefix, folder)] = look.static_folders("neutral", state_site=False)
    assert prefix == "theme/fonts"
    assert (Path(folder) / "PublicSans-Regular.woff2").is_file()


def test_the_state_look_is_refused_to_a_site_that_does_not_say_it_is_the_states(tmp_path):
    [reason] = look.refusals("dsfr", state_site=False, dsfr_folder=tmp_path)
    assert "EGIDE_STATE_SITE" in reason and "est réservé aux sites de l’État" in reason


def test_the_state_look_is_refused_without_its_package():
    [reason] = look.refusals("dsfr", state_site=True, dsfr_folder=None)
    assert "django-dsfr n’est pas installé" in reason and "neutral" in reason


def test_every_reason_is_said_at_once():
    assert len(look.refusals("dsfr", state_site=False, dsfr_folder=None)) == 2


def test_an_unknown_look_is_refused_by_its_name():
    [reason] = look.refusals("marianne", state_site=True, dsfr_folder=None)
    assert "reçu «\u00a0marianne\u00a0»" in reason


def test_an_entitled_site_with_the_package_may_wear_it(tmp_path):
    assert look.refusals("dsfr", state_site=True, dsfr_folder=tmp_path) == []


def test_the_package_is_found_by_its_files_without_being_imported(tmp_path, monkeypatch):
    static = tmp_path / "dsfr" / "static" / "dsfr"
    (static / "dist").mkdir(parents=True)
    (tmp_path / "dsfr" / "__init__.py").write_text("raise AssertionError('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    assert look.dsfr_folder() is None  # a package without its style is no package
    (static / "dist" / "dsfr.min.css").touch()
    assert look.static_folders("dsfr", state_site=True)[1] == ("dsfr", str(static))


def test_the_site_does_not_start_under_a_look_it_may_not_wear():
    with override_settings(EGIDE_THEME="dsfr", EGIDE_STATE_SITE=False), pytest.raises(ImproperlyConfigured) as refusal:
        apps.get_app_config("theme").ready()
    assert "EGIDE_STATE_SITE" in str(refusal.value)


def test_the_neutral_page_holds_no_file_and_no_mark_of_the_state(site):
    text = render_to_string("theme/base.html")
    assert "theme/neutral.css" in text
    assert "dsfr/" not in text and "République" not in text and "fr-logo" not in text
    for style in THEME.glob("static/theme/*.css"):
        if style.name != "dsfr.css":
            drawn = style.read_text(encoding="utf-8").lower()
            assert "marianne" not in drawn
            assert not re.search("#000091|#e1000f", drawn)  # the State's blue and red


def test_the_state_page_takes_the_states_files_and_leaves_ours(site):
    with override_settings(EGIDE_THEME="dsfr"):
        text = render_to_string("theme/base.html")
    assert "/static/dsfr/dist/dsfr.min.css" in text and "/static/theme/registry.css" in text
    assert "neutral.css" not in text
    assert "République<br>Française" in text


def test_every_colour_our_components_name_is_given_by_both_looks():
    named = set(re.findall(r"var\((--eg-[\w-]+)", (THEME / "static/theme/registry.css").read_text(encoding="utf-8")))
    for style in ("neutral.css", "dsfr.css"):
        given = set(re.findall(r"(--eg-[\w-]+):", (THEME / "static/theme" / style).read_text(encoding="utf-8")))
        assert named - given == set()
