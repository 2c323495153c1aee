"""The Letter as one page of HTML that works from a disk and asks for nothing. Pure; `load` brings the assets.

It computes nothing: it translates blocks and runs, notes in which places each number occurs, and refuses what would
be a broken page (a link to nowhere, a note nobody wrote, a number without its journey).
Source: docs/decisions/html-one-file.md.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from attrs import frozen
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from egide.disclosure.cells import Cell, Shown
from egide.document import trace
from egide.document.model import Document, Figure, Section
from egide.document.render.places import Places
from egide.document.render.svg import inline_svg, theme_css
from egide.document.runs import plain
from egide.document.typography import NBSP, digits, places_of
from egide.errors import EditionRefused
from egide.facts.values import rounded
from egide.reference.periods import Period

BOX_KINDS = {
    "source": "La source",
    "encadre": "Encadré",
    "methode": "Méthode",
    "eclairage": "Éclairage",
    "zoom": "Zoom",
    "droit": "Ce que dit le droit",
}
# A path under the page: no scheme, no root, no way up.
_RELATIVE = re.compile(r"(?!.*\.\.)\w[\w./-]*")


@frozen(kw_only=True)
class Download:
    """A file offered beside the page: `href` is relative to it, `bytes` its size when known."""

    title: str
    format: str  # "PDF", "CSV"…
    href: str
    description: str = ""
    bytes: int | None = None

    def __attrs_post_init__(self) -> None:
        if not _RELATIVE.fullmatch(self.href):
            raise ValueError(f"a download lies beside the page or under it, got {self.href!r}")


@frozen(kw_only=True)
class Font:
    weight: int  # 400, 700
    style: str  # "normal", "italic"
    woff2: bytes


@frozen(kw_only=True)
class Assets:
    """What every page carries: style, script, fonts, templates, and the charts' colours by day and by night."""

    css: str
    script: str
    fonts: tuple[Font, ...]
    templates: Mapping[str, str]
    light: Mapping[str, str]  # name -> "#rrggbb", as the charts are drawn
    dark: Mapping[str, str]  # the same names on a dark page; what is not in it keeps its colour


def render_html(document: Document, *, downloads: tuple[Download, ...], assets: Assets) -> str:
    """The whole page as text.

    Raises EditionRefused with every link and note reference that leads nowhere, every address used twice, and
    every number that is printed while its cell is not in `document.cells`; ValueError for a chart that is more
    than a still drawing.
    """
    places = Places(document)
    environment = _environment(assets.templates, places)
    # The text first, then its notes: the annex says where in them each number was met.
    body = environment.get_template("body.html").render(document=document)
    notes = environment.get_template("notes.html").render(document=document)
    if places.defects:
        raise EditionRefused(places.defects)
    groups = places.groups(trace.entries(document.cells))
    style = "\n".join((_font_faces(assets.fonts), assets.css, theme_css(assets.light, assets.dark)))
    return environment.get_template("page.html").render(
        document=document,
        downloads=downloads,
        figures=tuple(figures(document.sections)),
        body=Markup(body),  # rendered above, escaped there
        notes=Markup(notes),
        groups=groups,
        style=Markup(style),
        script=Markup(assets.script),
        policy=_policy(style, assets.script),
    )


def machine_value(cell: Cell) -> str | None:
    """The number for machines, no more precise than the one printed; None when there is not exactly one number.

    A share printed 26 % that said 26.4137 here would tell more than what the disclosure audit knows to be public.
    """
    if not isinstance(cell.content, Shown) or not cell.content.value.is_exact:
        return None
    number = cell.content.value.number
    decimals = places_of(cell.measure.unit, number)
    value = rounded(number, decimals)
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.{decimals}f}"


def weight(size: int) -> str:
    """A file's size for a reader: `245 ko`, `1,7 Mo`."""
    if size < 1_000_000:
        return f"{digits(Fraction(size, 1000))}{NBSP}ko"
    return f"{digits(Fraction(size, 1_000_000), 1)}{NBSP}Mo"


def figures(sections: Iterable[Section]) -> Iterable[Figure]:
    """The numbered figures, in reading order."""
    for section in sections:
        yield from (block for block in section.blocks if isinstance(block, Figure) and block.number)
        yield from figures(section.sections)


def _environment(templates: Mapping[str, str], places: Places) -> Environment:
    environment = Environment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(places=places, box_kinds=BOX_KINDS)
    environment.filters.update(
        kind=lambda part: type(part).__name__,
        plain=plain,
        anchor=lambda cell: trace.anchor(cell.id),
        machine_value=machine_value,
        weight=weight,
        day=lambda day: Period.parse(day.isoformat()).french(),
        iso_day=lambda text: Period.parse(text).french(),
        chart=_chart,
    )
    return environment


def _chart(figure: Figure) -> Markup:
    title = plain(figure.title)
    return Markup(
        inline_svg(
            figure.svg,
            prefix=figure.id,
            label=f"Figure {figure.number}. {title}" if figure.number else title,
            described_by=f"figure-{figure.id}-description",
        )
    )


def _font_faces(fonts: tuple[Font, ...]) -> str:
    return "\n".join(
        f'@font-face{{font-family:"Public Sans";font-weight:{font.weight};font-style:{font.style};'
        f"font-display:swap;src:url(data:font/woff2;base64,{base64.b64encode(font.woff2).decode()})"
        'format("woff2")}'
        for font in fonts
    )


def _policy(style: str, script: str) -> str:
    """Nothing from anywhere, and of scripts and styles only the two this page was made with."""
    hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (style, script)]
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'sha256-{hashes[1]}'",
            "style-src 'unsafe-inline'",  # read only by browsers that do not know the next two
            f"style-src-elem 'sha256-{hashes[0]}'",
            "style-src-attr 'unsafe-inline'",  # the width of each chart
            "font-src data:",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
