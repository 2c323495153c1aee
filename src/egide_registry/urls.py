"""The addresses of the site: opaque identifiers, no word about a person."""

from django.urls import URLPattern, URLResolver, include, path

from egide_registry import navigation

urlpatterns: list[URLPattern | URLResolver] = [
    path("", navigation.home, name="home"),
    path("", include("egide_registry.theme.urls")),
    path("", include("egide_registry.accounts.urls")),
]
