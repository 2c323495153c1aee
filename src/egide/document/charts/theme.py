"""How figures look: colours by name, one font, sizes. Every colour of a chart is one of these hexes.

The HTML renderer maps each hex to a CSS variable, so that a chart follows the page into its dark mode; a PDF or
an image keeps the light values. Contrasts are held by tests: series and texts stand out 4.5 to 1 on their ground,
marks 3 to 1, in both modes. No meaning rests on colour alone: labels, dashes, shapes and hatching carry it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

FONT = "Public Sans"

THEME_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "ground": "#ffffff",  # the card itself: inside of hollow marks, text on a filled bar
        "ink": "#1d1d26",
        "muted": "#5c5c68",  # secondary text
        "axis": "#80808c",
        "grid": "#dedee4",
        "band": "#f1f1f4",  # periods that no delivery covers
        "hatch": "#8b8b97",  # lines of the hatching of what is not transmitted
        "series1": "#1f3a6e",
        "series2": "#b0452b",
        "series3": "#17746a",
        "series4": "#6b4792",
        "series5": "#7b651c",
        "class1": "#cddaf0",  # four classes of one hue, from the fewest to the most
        "class2": "#8fabdc",
        "class3": "#4a70b8",
        "class4": "#16305f",
    }
)

THEME_COLOURS_DARK: Mapping[str, str] = MappingProxyType(
    {
        "ground": "#1b1d24",
        "ink": "#f2f2f5",
        "muted": "#b9b9c5",
        "axis": "#8a8a97",
        "grid": "#3a3c46",
        "band": "#262932",
        "hatch": "#8f8f9c",
        "series1": "#9cb9f5",
        "series2": "#f5a48f",
        "series3": "#74d0bd",
        "series4": "#cbb0ee",
        "series5": "#d9c468",
        "class1": "#2c4473",
        "class2": "#5374b5",
        "class3": "#8aabe6",
        "class4": "#d3e0fa",
    }
)

SERIES = tuple(THEME_COLOURS[f"series{rank}"] for rank in range(1, 6))
CLASSES = tuple(THEME_COLOURS[f"class{rank}"] for rank in range(1, 5))
GROUND, INK, MUTED, AXIS, GRID, BAND, HATCH = (
    THEME_COLOURS[name] for name in ("ground", "ink", "muted", "axis", "grid", "band", "hatch")
)

# A series keeps its dash and its shape wherever it is drawn: both are told apart without colour.
DASHES: tuple[list[int], ...] = ([], [7, 3], [2, 2], [9, 3, 2, 3], [12, 4])
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down")

WIDTH = 620  # px of a whole figure, read at 600 to 700
TEXT = 13
SMALL = 12

FORMAT_LOCALE: Mapping[str, Any] = MappingProxyType(
    {
        "decimal": ",",
        "thousands": "\u202f",
        "grouping": [3],
        "currency": ["", "\u00a0€"],
        "percent": "\u202f%",
        "minus": "\u2212",
    }
)


def contrast(one: str, other: str) -> float:
    """Contrast of two hexes as WCAG 2.2 defines it, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, from 0 to 1: what is left of a colour printed in grey."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def config() -> dict[str, Any]:
    """The part of a Vega-Lite specification that is the same in every chart."""
    return {
        "aria": False,  # the root of the SVG carries the title and the description, not each mark
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": MUTED,
            "labelFontSize": SMALL,
            "titleColor": MUTED,
            "titleFontSize": SMALL,
            "titleFontWeight": "normal",
            "gridColor": GRID,
            "domainColor": AXIS,
            "tickColor": AXIS,
        },
        "text": {"color": INK, "fontSize": SMALL},
        "concat": {"spacing": 26},
    }
