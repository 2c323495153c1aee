"""A chart's SVG, made fit to live inside a page with others. Pure: text in, text out.

Three things go wrong when charts are pasted side by side: their identifiers collide (`clip0` of the second chart
clips the first), their own ARIA labels speak English and give values the page does not print, and their colours
stay those of a white page. Source: docs/decisions/html-inline-svg.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"

# What a chart may hold. Anything else (script, foreignObject, image, style, animation) is refused.
_ELEMENTS = set(
    [
        "svg",
        "g",
        "defs",
        "clipPath",
        "mask",
        "pattern",
        "linearGradient",
        "radialGradient",
        "stop",
        "marker",
        "symbol",
        "use",
        "title",
        "desc",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
    ]
)
_DROPPED = {"class", "role", "pointer-events", "tabindex"}
_DROPPED_AT_ROOT = {"version", "width", "height", "style"}  # the page sets the size
_URL = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")

ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)


def inline_svg(svg: str, *, prefix: str, label: str, described_by: str) -> str:
    """The same drawing as one image with a name, its identifiers prefixed, its size left to the page.

    Raises ValueError for anything but the elements of a still drawing, and for a drawing without `viewBox`.
    """
    root = ElementTree.fromstring(svg)
    if root.tag != f"{{{SVG}}}svg" or "viewBox" not in root.attrib:
        raise ValueError(f"{prefix}: expected an <svg> with a viewBox, got <{root.tag}>")
    for element in root.iter():
        _check(element, prefix)
        for name, value in list(element.attrib.items()):
            if _is_dropped(name) or (element is root and name in _DROPPED_AT_ROOT):
                del element.attrib[name]
            elif name == "id":
                element.attrib[name] = f"{prefix}-{value}"
            elif name in ("href", f"{{{XLINK}}}href"):
                element.attrib[name] = f"#{prefix}-{value.removeprefix('#')}"
            elif "url(" in value:
                element.attrib[name] = _URL.sub(rf"url(#{prefix}-\1)", value)
    for parent in list(root.iter()):
        for child in [one for one in parent if one.tag in (f"{{{SVG}}}title", f"{{{SVG}}}desc")]:
            parent.remove(child)  # a tooltip of the drawing would say again, differently, what the page says
    width = root.attrib["viewBox"].replace(",", " ").split()[2]
    root.attrib.update(
        {"role": "img", "aria-label": label, "aria-describedby": described_by, "style": f"--largeur:{width}px"}
    )
    return ElementTree.tostring(root, encoding="unicode")


def theme_css(light: Mapping[str, str], dark: Mapping[str, str]) -> str:
    """Rules that let the page's theme repaint a chart: each colour of the charts becomes a CSS variable.

    `light` gives name -> `#rrggbb` as the charts are drawn, `dark` the same names on a dark page. A CSS rule wins
    over the `fill` attribute it reads, so the drawing itself is not touched and prints as it was drawn.
    Raises ValueError for anything but six hexadecimal digits, and for a dark colour that names no light one.
    """
    unknown = [name for name in dark if name not in light]
    odd = [colour for colour in (*light.values(), *dark.values()) if not _HEX.fullmatch(colour)]
    if unknown or odd:
        raise ValueError(f"colours of no chart: {unknown}; not #rrggbb: {odd}")
    rules = [
        f'.graphique [{attribute}="{colour.lower()}" i]{{{attribute}:var(--svg-{name})}}'
        for name, colour in light.items()
        for attribute in ("fill", "stroke")
    ]
    root = ";".join(f"--svg-{name}:{colour.lower()}" for name, colour in light.items())
    night = ";".join(f"--svg-{name}:{colour.lower()}" for name, colour in dark.items())
    return (
        f":root{{{root}}}\n@media screen and (prefers-color-scheme:dark) and (forced-colors:none)"
        f"{{:root{{{night}}}}}\n" + "\n".join(rules)
    )


def _check(element: ElementTree.Element, prefix: str) -> None:
    name = str(element.tag).removeprefix(f"{{{SVG}}}")
    if name not in _ELEMENTS:
        raise ValueError(f"{prefix}: a chart holds no <{name}>")
    for attribute, value in element.attrib.items():
        if attribute.lower().startswith("on"):
            raise ValueError(f"{prefix}: a chart has no {attribute}")
        if attribute in ("href", f"{{{XLINK}}}href") and not value.startswith("#"):
            raise ValueError(f"{prefix}: a chart points nowhere outside itself, got {value!r}")
        if "url(" in value and not _URL.search(value):
            raise ValueError(f"{prefix}: a chart asks for nothing outside itself, got {value!r}")


def _is_dropped(name: str) -> bool:
    return name in _DROPPED or name.startswith("aria-")
