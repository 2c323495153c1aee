"""Read the style, script, fonts and templates that travel with the package. [I/O]"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from egide.document.charts.theme import THEME_COLOURS, THEME_COLOURS_DARK
from egide.document.render.html import Assets, Font

_HERE = files("egide.document.render")
_FONTS = (("Regular", 400, "normal"), ("Italic", 400, "italic"), ("Bold", 700, "normal"))


@cache
def load_assets() -> Assets:
    """What a page needs, with the charts' colours by day and by night."""
    templates = _HERE / "templates"
    assets = _HERE / "assets"
    return Assets(
        css=(assets / "letter.css").read_text(encoding="utf-8"),
        script=(assets / "letter.js").read_text(encoding="utf-8"),
        fonts=tuple(
            Font(
                weight=weight,
                style=style,
                woff2=(assets / "fonts" / f"PublicSans-{name}.woff2").read_bytes(),
            )
            for name, weight, style in _FONTS
        ),
        templates={
            one.name: one.read_text(encoding="utf-8") for one in templates.iterdir() if one.name.endswith(".html")
        },
        light=THEME_COLOURS,
        dark=THEME_COLOURS_DARK,
    )
