"""Django's entry for this app."""

from django.apps import AppConfig


class CommissionsConfig(AppConfig):
    name = "egide_registry.commissions"
    label = "commissions"
    verbose_name = "Commissions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The pages of the decision learn what the commission said."""
        from egide_registry.commissions.opinions import last_opinion
        from egide_registry.psp import opinions

        opinions.provide(last_opinion)
