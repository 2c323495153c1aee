"""Django's entry for this app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "egide_registry.demo"
    label = "demo"
    verbose_name = "Démonstration"
    default_auto_field = "django.db.models.BigAutoField"
