"""Django's entry for this app."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "egide_registry.statistics"
    label = "statistics"
    verbose_name = "Statistiques"
    default_auto_field = "django.db.models.BigAutoField"
