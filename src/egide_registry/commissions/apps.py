"""Django's entry for this app."""

from django.apps import AppConfig


class CommissionsConfig(AppConfig):
    name = "egide_registry.commissions"
    label = "commissions"
    verbose_name = "Commissions"
    default_auto_field = "django.db.models.BigAutoField"
