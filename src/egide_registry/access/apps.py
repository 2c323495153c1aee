"""Django's entry for this app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "egide_registry.access"
    label = "access"
    verbose_name = "Accès"
    default_auto_field = "django.db.models.BigAutoField"
