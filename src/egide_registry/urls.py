"""The addresses of the site: opaque identifiers, no word about a person."""

from django.urls import URLPattern, URLResolver, include, path

from egide_registry import navigation

urlpatterns: list[URLPattern | URLResolver] = [
    path("", navigation.home, name="home"),
    path("", include("egide_registry.theme.urls")),
    path("", include("egide_registry.accounts.urls")),
    path("", include("egide_registry.psp.urls")),
    path("commission/", include("egide_registry.commissions.urls")),
    path("acces/", include("egide_registry.access.urls")),
    path("conservation/", include("egide_registry.retention.urls")),
    path("statistiques/", include("egide_registry.statistics.urls")),
]

handler403 = "egide_registry.theme.views.forbidden"
