"""Addresses of conservation."""

from django.urls import URLPattern, path

from egide_registry.retention import views

app_name = "retention"
urlpatterns: list[URLPattern] = [path("", views.home, name="home")]
