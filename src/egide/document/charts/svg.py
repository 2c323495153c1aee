"""From a chart's Vega-Lite mapping to an SVG that stands alone: titled, described, with its own identifiers.

[I/O] once: registers the package's fonts with the renderer, which would otherwise draw no text without an error.
`svg_of` is the only slow step (50 to 100 ms, 0.8 s the first time): keep its answers by `spec_digest`.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

from egide.document.charts import theme

_NOISE = re.compile(
    r'<path class="(?:background|foreground)"[^>]*/>'
    r'| (?:class|role|aria-[a-z]+|pointer-events)="[^"]*"| opacity="1"'
)
_EMPTY_TEXT = re.compile(r"<text[^>]*/>|<text[^>]*></text>")
_EMPTY_GROUP = re.compile(r"<g[^>]*></g>")
_PLACES = re.compile(r'\b(?:d|transform|[xy][12]?|width|height)="[^"]*"')
_DECIMALS = re.compile(r"(\d+\.\d)\d+")
_OUTLINE = re.compile(r'd="((?:M-?\d+,-?\d+(?:L-?\d+,-?\d+)+Z)+)"')  # of a map: whole px only
_ROOT = re.compile(r"<svg[^>]*>")
_ID = re.compile(r'\bid="([^"]+)"')


def spec_digest(spec: dict[str, Any]) -> str:
    """The same for the same chart: what a cache of drawings is keyed by."""
    return hashlib.sha256(json.dumps(spec, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def svg_of(spec: dict[str, Any]) -> str:
    """Draw a Vega-Lite mapping. Deterministic: the same mapping gives the same bytes."""
    _register_fonts()
    import vl_convert

    return _renumbered(vl_convert.vegalite_to_svg(spec, format_locale=dict(theme.FORMAT_LOCALE)))


def _renumbered(svg: str) -> str:
    """Identifiers in order of appearance: the renderer numbers them from the start of the process, not of the chart."""
    for rank, identifier in enumerate(dict.fromkeys(_ID.findall(svg)), start=1):
        svg = _used(identifier).sub(rf"\g<1>part{rank}", svg)
    return svg


def _used(identifier: str) -> re.Pattern[str]:
    """An identifier where it is given and where it is used."""
    return re.compile(rf'(\bid="|url\(#|href="#){re.escape(identifier)}(?=[")])')


@cache
def _register_fonts() -> None:
    import vl_convert

    with as_file(files("egide.document") / "render" / "assets" / "fonts") as folder:
        vl_convert.register_font_directory(str(folder))


def finished(svg: str, *, id: str, title: str, description: str) -> str:
    """The drawing as a page holds it.

    Root with a role, a title and a description; identifiers that begin with the figure's; the hatching defined
    where it is used; no empty element, and no more decimals than a screen shows.
    """
    body = _lightened(svg)
    for identifier in sorted(set(_ID.findall(body))):
        body = _used(identifier).sub(rf"\g<1>{id}-{identifier}", body)
    width, height = (_number(body, name) for name in ("width", "height"))
    box = re.search(r'viewBox="([^"]*)"', body)
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{id}-svg" role="img" '
        f'aria-labelledby="{id}-title {id}-desc" width="{width}" height="{height}" '
        f'viewBox="{box[1] if box else f"0 0 {width} {height}"}">'
        f'<title id="{id}-title">{escape(title)}</title><desc id="{id}-desc">{escape(description)}</desc>'
    )
    body = _ROOT.sub("", body, count=1)
    hatched = f'fill="{theme.HATCH}"'
    if hatched in body:
        root += _hatching(id)
        body = body.replace(hatched, f'fill="url(#{id}-hatch)"')
    return root + body


def _lightened(svg: str) -> str:
    body = _EMPTY_TEXT.sub("", _NOISE.sub("", svg))
    while (smaller := _EMPTY_GROUP.sub("", body)) != body:
        body = smaller
    body = _OUTLINE.sub(lambda match: f'd="{_relative(match[1])}"', body)
    return _PLACES.sub(lambda match: _DECIMALS.sub(r"\1", match[0]), body)


def _relative(path: str) -> str:
    """An outline of whole px told by its steps: half the size, the same drawing."""
    pieces = []
    for ring in path.removesuffix("Z").split("Z"):
        corners = [tuple(map(int, corner.split(","))) for corner in ring.removeprefix("M").split("L")]
        steps = [f"{bx - ax},{by - ay}" for (ax, ay), (bx, by) in pairwise(corners)]
        pieces.append(f"M{corners[0][0]},{corners[0][1]}l{' '.join(steps)}Z")
    return "".join(pieces).replace(",-", "-").replace(" -", "-")


def _number(svg: str, name: str) -> str:
    match = re.search(rf'<svg[^>]*\b{name}="([\d.]+)"', svg)
    return match[1] if match else str(theme.WIDTH)


def _hatching(id: str) -> str:
    return (
        f'<defs><pattern id="{id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{theme.BAND}"/>'
        f'<path d="M0,0V6" stroke="{theme.HATCH}" stroke-width="1.6"/></pattern></defs>'
    )
