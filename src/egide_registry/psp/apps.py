"""Django's entry for this app."""

from django.apps import AppConfig


class PspConfig(AppConfig):
    name = "egide_registry.psp"
    label = "psp"
    verbose_name = "Parcours"
    default_auto_field = "django.db.models.BigAutoField"
