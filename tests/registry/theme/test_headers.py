"""What the browser is told: keep nothing, tell nobody, run only our own files."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import RequestFactory

from egide_registry.theme.headers import HeadersMiddleware, content_security_policy

ANSWERS = ["/accessibilite/", "/aide/composants/", "/refus/", "/nulle-part/", "/panne/"]


def directives(answer):
    return dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))


@pytest.mark.parametrize("path", ANSWERS)
def test_no_page_is_kept_nor_framed_nor_guessed_nor_indexed(client, path):
    answer = client.get(path)
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ANSWERS)
def test_only_our_own_files_run_and_nothing_inline_does(client, path):
    assert directives(client.get(path)) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }


def test_the_identity_provider_can_be_named_as_the_one_place_a_form_leads_to():
    policy = content_security_policy(form_targets=["https://identite.invalid"])["DIRECTIVES"]
    assert policy["form-action"] == ["'self'", "https://identite.invalid"]


def test_everything_the_machine_offers_is_off_but_passkeys(client):
    allowed = dict(part.split("=", 1) for part in client.get("/accessibilite/")["Permissions-Policy"].split(", "))
    assert {name for name, who in allowed.items() if who != "()"} == {
        "publickey-credentials-create",
        "publickey-credentials-get",
    }
    assert {"camera", "geolocation", "microphone", "display-capture", "usb"} <= allowed.keys()


def test_a_page_cannot_loosen_what_is_said(site):
    def careless(request):
        return HttpResponse(headers={"Cache-Control": "public, max-age=3600", "Referrer-Policy": "unsafe-url"})

    answer = HeadersMiddleware(careless)(RequestFactory().get("/dossier/"))
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"


def test_files_of_the_theme_may_be_kept(site):
    answer = HeadersMiddleware(lambda request: HttpResponse())(RequestFactory().get("/static/theme/neutral.css"))
    assert "Cache-Control" not in answer


def test_signing_out_empties_what_the_browser_keeps_and_reading_does_not(client):
    client.get("/connecte/")
    assert "Clear-Site-Data" not in client.get("/accessibilite/")
    left = client.post("/quitter/")
    assert left.status_code == 204
    assert left["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/qui/").content == b"nobody"


def test_the_quick_exit_answers_to_a_post_alone(client):
    client.get("/connecte/")
    assert client.get("/quitter/").status_code == 405
    assert client.get("/qui/").content == b"signed in"


def test_a_sign_of_life_is_refused_once_nobody_is_signed_in(client):
    assert client.get("/toujours-la/").status_code == 403


def test_the_style_the_script_the_icon_and_the_fonts_are_found(site):
    names = ["neutral.css", "registry.css", "dsfr.css", "registry.js", "icon.svg", "fonts/PublicSans-Regular.woff2"]
    assert [name for name in names if finders.find(f"theme/{name}") is None] == []
