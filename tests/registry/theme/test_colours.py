"""The palette by its numbers: what axe sees only where a page uses it, here for every pair that may meet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from egide_registry.theme import look

STYLE = (Path(look.__file__).parent / "static/theme/neutral.css").read_text(encoding="utf-8")
DAY, NIGHT = (
    dict(re.findall(r"(--eg-[\w-]+): (#[0-9a-f]{6});", block)) for block in re.findall(r":root {(.*?)}", STYLE, re.S)
)
KINDS = ["info", "success", "warning", "error", "new"]
TEXTS = [
    *((text, ground) for text in ("ink", "muted", "accent", "error") for ground in ("ground", "surface")),
    *((kind, f"{kind}-soft") for kind in KINDS),
    *(("ink", f"{kind}-soft") for kind in KINDS),
    ("ink", "accent-soft"),
    ("accent", "accent-soft"),
    ("accent-strong", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("surface", "ink"),  # the quick exit
]
SHAPES = [(shape, ground) for shape in ("edge", "focus", "accent", "error") for ground in ("ground", "surface")]


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(palette, one, other):
    low, high = sorted(luminance(palette[f"--eg-{name}"]) for name in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_21():
    assert contrast({"--eg-a": "#000000", "--eg-b": "#ffffff"}, "a", "b") == pytest.approx(21)


@pytest.mark.parametrize("palette", [DAY, NIGHT], ids=["day", "night"])
def test_every_text_stands_out_from_what_it_is_written_on(palette):
    assert {pair: round(contrast(palette, *pair), 2) for pair in TEXTS if contrast(palette, *pair) < 4.5} == {}


@pytest.mark.parametrize("palette", [DAY, NIGHT], ids=["day", "night"])
def test_every_edge_of_a_control_and_the_focus_stand_out(palette):
    assert {pair: round(contrast(palette, *pair), 2) for pair in SHAPES if contrast(palette, *pair) < 3} == {}


def test_every_colour_of_the_day_has_its_colour_of_the_night():
    assert DAY.keys() == NIGHT.keys()
