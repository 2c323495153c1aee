"""Django's entry for this app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SecurityConfig(AppConfig):
    name = "egide_registry.security"
    label = "security"
    verbose_name = "Sécurité"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The guards follow every migration."""
        from egide_registry.security import checks, guards

        post_migrate.connect(guards.after_migrate, sender=self)
        checks.register()
