"""The addresses of the site: opaque identifiers, no word about a person."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
