"""Address of the style guide, which only the demonstration serves."""

from django.urls import URLPattern, path

from egide_registry.theme.style_guide import components_page

app_name = "style-guide"
urlpatterns: list[URLPattern] = [path("composants/", components_page, name="components")]
