"""Pages and answers of the theme. The style guide is apart: `style_guide_urls`, for the demonstration only."""

from django.urls import URLPattern, path

from egide_registry.theme import views

app_name = "theme"
urlpatterns: list[URLPattern] = [
    path("quitter/", views.quick_exit, name="quick-exit"),
    path("toujours-la/", views.still_here, name="still-here"),
    path("accessibilite/", views.accessibility, name="accessibility"),
]
