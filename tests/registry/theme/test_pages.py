"""What every page says and never says, read from its HTML: no browser, no database."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.loader import get_template

import egide_registry

TOP = Path(egide_registry.__file__).parent
TEMPLATES = sorted(TOP.glob("*/templates/**/*.html"))
PAGES = {
    "/aide/composants/": 200,
    "/accessibilite/": 200,
    "/connecte/": 200,
    "/refus/": 403,
    "/refus-urgence/": 403,
    "/nulle-part/": 404,
    "/panne/": 500,
    "/suspect/": 400,
}
TELLING = re.compile(
    r"\b(psp|cdlp|afis|aps)\b|prostitu|victime|parcours|traite|proxén|signalement|procur|secours|association", re.I
)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Outline(HTMLParser):
    """Open tags, ids, title, and everything that runs or styles inline."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.title = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        self.inline += [f"{tag} {name}" for name in names if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.inline.append(tag)
        self.inline += [value for value in names.values() if (value or "").startswith("javascript:")]
        if "id" in names:
            self.ids.append(names["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data):
        if self.open and self.open[-1] == "title":
            self.title += data


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == PAGES[path]
    return answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_or_styles_inline_and_the_page_is_well_formed(client, path):
    seen = Outline(page(client, path))
    assert seen.inline == []
    assert seen.unbalanced == [] and seen.open == []
    assert len(seen.ids) == len(set(seen.ids))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_french_and_has_a_neutral_title_a_heading_an_exit_and_a_statement(client, path):
    text = page(client, path)
    assert '<html lang="fr"' in text
    assert Outline(text).title.endswith(" – Espace de travail")
    assert not TELLING.search(Outline(text).title)
    assert 'class="eg-exit" href="/ailleurs/" rel="noreferrer noopener" data-sign-out="/quitter/"' in text
    assert 'href="/accessibilite/"' in text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(TOP).as_posix())
def test_no_template_of_the_registry_titles_a_page_with_a_telling_word_or_a_variable(template):
    """A title is read over a shoulder, kept in the history, and shown in the bar of a shared screen."""
    for title in re.findall(r"{% block title %}(.*?){% endblock", template.read_text(encoding="utf-8"), re.S):
        assert "{{" not in title
        assert not TELLING.search(title)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(TOP).as_posix())
def test_no_template_of_the_registry_holds_an_inline_style_or_script(template):
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", template.read_text(encoding="utf-8"), flags=re.S)
    assert Outline(text).inline == []


def test_a_refusal_says_why_when_it_was_given_words(client):
    assert "Ce dossier est tenu par un autre département." in page(client, "/refus/")


def test_a_refusal_without_words_says_nothing_of_the_file_but_that_an_emergency_access_exists(client):
    text = page(client, "/refus-urgence/")
    assert "que le dossier existe ou non" in text
    assert '<a href="/urgence/">Demander un accès d’urgence</a>' in text
    assert "Un accès d’urgence existe" in page(client, "/refus/")


@pytest.mark.parametrize("path", [path for path, status in PAGES.items() if status >= 400])
def test_an_error_page_says_what_to_do_and_shows_nothing_of_what_failed(client, path):
    text = page(client, path)
    assert "Que faire" in text and 'href="/">Revenir à l’accueil' in text
    assert "a value that must not be shown" not in text and "Traceback" not in text and "RuntimeError" not in text


def test_the_page_of_a_failure_needs_no_request_and_no_context():
    assert "panne" in get_template("500.html").render()


def test_a_form_without_its_token_is_refused_in_french(site):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/aide/composants/")
    assert answer.status_code == 403
    assert "Ce formulaire n’est plus valable" in answer.content.decode()


def test_a_message_is_announced_once_and_says_its_kind(client):
    text = page(client, "/connecte/")
    assert '<div class="fr-alert fr-alert--success" role="status"><p>Bienvenue.</p></div>' in text


def test_the_idle_warning_is_only_for_those_who_are_signed_in(client):
    assert 'id="inactivite"' in page(client, "/connecte/")
    assert 'id="inactivite"' not in page(client, "/accessibilite/")


def test_a_page_may_show_a_setting_only_if_it_is_listed(site):
    from egide_registry.theme.templatetags import registry

    with pytest.raises(ValueError, match="SECRET_KEY"):
        registry.site_setting("SECRET_KEY")
