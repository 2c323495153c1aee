"""The application `theme`. It refuses to start under a look that the site may not wear."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings

from egide_registry.theme import look


class ThemeConfig(AppConfig):
    name = "egide_registry.theme"
    label = "theme"
    verbose_name = "Présentation"

    def ready(self) -> None:
        look.static_folders(
            getattr(settings, "EGIDE_THEME", look.NEUTRAL), state_site=getattr(settings, "EGIDE_STATE_SITE", False)
        )
