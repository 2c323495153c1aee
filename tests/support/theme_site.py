"""A site of one app, without a database: the theme's pages and the style guide, for the tests to open."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from egide_registry.theme import headers

SETTINGS = {
    "ROOT_URLCONF": __name__,
    "MIDDLEWARE": [
        "egide_registry.theme.headers.HeadersMiddleware",
        "csp.middleware.CSPMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
    # These sessions live in the cookie: saved at each request, one in flight would bring back a session just closed.
    "SESSION_SAVE_EVERY_REQUEST": False,
    "SESSION_COOKIE_SAMESITE": "Strict",
    "MESSAGE_STORAGE": "django.contrib.messages.storage.cookie.CookieStorage",
    "FORM_RENDERER": "egide_registry.theme.forms.Renderer",
    "CONTENT_SECURITY_POLICY": headers.content_security_policy(),
    "EGIDE_QUICK_EXIT": "/ailleurs/",
    "ALLOWED_HOSTS": ["localhost", "testserver"],
    "DEBUG": False,
}


def elsewhere(request: HttpRequest) -> HttpResponse:
    """Stands for the neutral site where the quick exit leads."""
    return HttpResponse("<!doctype html><html lang=fr><title>Météo</title><h1>Beau temps</h1>")


def sign_in(request: HttpRequest) -> HttpResponse:
    request.session["person"] = "someone"
    messages.success(request, "Bienvenue.")
    return render(request, "theme/accessibility.html", {"person": "someone"})


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse("signed in" if "person" in request.session else "nobody", content_type="text/plain")


def refused(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Ce dossier est tenu par un autre département.")


def refused_with_emergency(request: HttpRequest) -> HttpResponse:
    refusal = PermissionDenied()
    refusal.emergency = "/urgence/"  # type: ignore[attr-defined]
    raise refusal


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a value that must not be shown")


def abnormal(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


urlpatterns = [
    path("", include("egide_registry.theme.urls")),
    path("aide/", include("egide_registry.theme.style_guide_urls")),
    path("ailleurs/", elsewhere),
    path("connecte/", sign_in),
    path("qui/", who),
    path("refus/", refused),
    path("refus-urgence/", refused_with_emergency),
    path("panne/", broken),
    path("suspect/", abnormal),
]
handler403 = "egide_registry.theme.views.forbidden"
