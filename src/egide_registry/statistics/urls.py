"""Addresses of the statistics."""

from django.urls import URLPattern, path

from egide_registry.statistics import views

app_name = "statistics"
urlpatterns: list[URLPattern] = [
    path("", views.dashboard, name="dashboard"),
    path("livraison.csv", views.delivery, name="delivery"),
]
