"""Django's entry for this app."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "egide_registry.retention"
    label = "retention"
    verbose_name = "Conservation"
    default_auto_field = "django.db.models.BigAutoField"
