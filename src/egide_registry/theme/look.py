"""Which look the site wears, and whether it may.

`neutral` is our own style. `dsfr` takes the State's style from the optional package `django-dsfr`, of which only the
static files are used. Its terms keep it for the State's own sites, so a site must say that it is one.
Source: docs/decisions/theme-neutre.md.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

NEUTRAL = "neutral"
DSFR = "dsfr"
FONTS = Path(__file__).parents[2] / "egide" / "document" / "render" / "assets" / "fonts"


def refusals(theme: str, *, state_site: bool, dsfr_folder: Path | None) -> list[str]:
    """Why the site may not wear this look: one sentence per reason, in French, none if it may."""
    if theme not in (NEUTRAL, DSFR):
        return [f"EGIDE_THEME\u00a0: attendu «\u00a0neutral\u00a0» ou «\u00a0dsfr\u00a0», reçu «\u00a0{theme}\u00a0»."]
    if theme == NEUTRAL:
        return []
    found = []
    if not state_site:
        found.append(
            "EGIDE_STATE_SITE\u00a0: attendu vrai avec EGIDE_THEME «\u00a0dsfr\u00a0». Le système de design de l’État "
            "est réservé aux sites de l’État\u00a0: déclarez que celui-ci en est un, ou gardez EGIDE_THEME "
            "«\u00a0neutral\u00a0»."
        )
    if dsfr_folder is None:
        found.append(
            "EGIDE_THEME «\u00a0dsfr\u00a0»\u00a0: le paquet django-dsfr n’est pas installé. Installez-le "
            "(pip install django-dsfr), ou gardez EGIDE_THEME «\u00a0neutral\u00a0»."
        )
    return found


def dsfr_folder() -> Path | None:
    """The static files of django-dsfr, found without importing it: its models and pages stay out. None if absent."""
    spec = find_spec("dsfr")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations))) / "static" / "dsfr"
    return folder if (folder / "dist" / "dsfr.min.css").is_file() else None


def static_folders(theme: str, *, state_site: bool) -> list[tuple[str, str]]:
    """What STATICFILES_DIRS needs for this look: our fonts, and the State's files if the site may wear them.

    Refuses a look that the site may not wear, with every reason.
    """
    folder = dsfr_folder() if theme == DSFR else None
    found = refusals(theme, state_site=state_site, dsfr_folder=folder)
    if found:
        raise ImproperlyConfigured("\n".join(found))
    return [("theme/fonts", str(FONTS)), *([("dsfr", str(folder))] if folder else [])]
