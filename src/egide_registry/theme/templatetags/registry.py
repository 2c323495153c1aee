"""The components of the registry's pages: `{% load registry %}`. The style guide shows each of them.

Filters print dates and numbers in French; tags draw components; block tags wrap what the page writes itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from egide_registry.theme import components, forms, french, look

register = template.Library()

# ---------------------------------------------------------------- French


@register.filter
def date_fr(value: date | None) -> str:
    """A date, or the day of a moment in the site's zone, in words. Nothing for None."""
    return "" if value is None else french.day(_local(value))


@register.filter
def moment_fr(value: datetime | None) -> str:
    """A moment in the site's zone: day and time."""
    return "" if value is None else french.moment(timezone.localtime(value) if timezone.is_aware(value) else value)


@register.simple_tag(name="date_fr")
def date_fr_tag(value: date | None) -> SafeString | str:
    """The same in a <time> element, which machines read too."""
    if value is None:
        return ""
    on = _local(value)
    iso = date(on.year, on.month, on.day).isoformat()
    return format_html('<time datetime="{}">{}</time>', iso, french.day(on))


def _local(value: date) -> date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def number_fr(value: french.Number | None, places: int = 0) -> str:
    return "" if value is None else french.number(value, places)


@register.filter
def euros(value: french.Number | None) -> str:
    return "" if value is None else french.money(value)


@register.filter
def typo(value: str) -> str:
    """French spaces and apostrophes in a sentence that somebody typed."""
    return french.sentence(str(value))


# ---------------------------------------------------------------- the page


@register.simple_tag
def look_name() -> str:
    return str(getattr(settings, "EGIDE_THEME", look.NEUTRAL))


@register.simple_tag
def site_setting(name: str, default: str = "") -> str:
    """One of the few settings that a page may show. Any other name is refused: settings hold secrets."""
    components.one_of(name, ("EGIDE_QUICK_EXIT", "EGIDE_ACCESSIBILITY_CONTACT"), "setting")
    return str(getattr(settings, name, "") or default)


@register.simple_tag
@cache
def site_version() -> str:
    return version("egide")


# ---------------------------------------------------------------- forms


@register.inclusion_tag("theme/parts/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """Every error of the form, with links; takes the focus. Pages that draw their fields one by one begin with it."""
    lines = forms.summary(form) if form.is_bound else []
    return {"lines": lines, "id": f"erreurs-{form.prefix}" if form.prefix else "erreurs"}


@register.filter
def kind_of(field: BoundField) -> str:
    return forms.kind_of(field)


@register.inclusion_tag("theme/parts/field_errors.html", name="field_errors")
def field_errors(field: BoundField) -> dict[str, Any]:
    return {"errors": field.errors}


# ---------------------------------------------------------------- components


@register.inclusion_tag("theme/parts/badge.html")
def badge(label: str, kind: str = "neutral") -> dict[str, Any]:
    """A state in words; its colour only repeats them. Kinds: info, success, warning, error, new, neutral."""
    return {"label": label, "kind": components.one_of(kind, components.BADGES, "badge")}


@register.simple_block_tag
def alert(content: SafeString, kind: str, title: str = "", live: bool = False) -> SafeString:
    """A framed message. `live`: it appeared by itself since the page was read, so it is announced."""
    components.one_of(kind, components.KINDS, "alert")
    role = ("alert" if kind == "error" else "status") if live else ""
    return _drawn("alert", kind=kind, title=title, role=role, content=content)


@register.simple_block_tag
def callout(content: SafeString, title: str = "") -> SafeString:
    """Something to keep in mind, apart from the text."""
    return _drawn("callout", title=title, content=content)


@register.simple_block_tag
def accordion(content: SafeString, title: str, opened: bool = False) -> SafeString:
    """A part that opens on demand, without script."""
    return _drawn("accordion", title=title, opened=opened, content=content)


@register.simple_block_tag
def table(content: SafeString, caption: str) -> SafeString:
    """The frame of a table whose <thead> and <tbody> the page writes: caption, and scrolling by keyboard too."""
    return _drawn("table", caption=caption, content=content)


@register.inclusion_tag("theme/parts/data_table.html")
def data_table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], empty: str = "") -> dict[str, Any]:
    """A whole table. The first cell of a row names it; numbers are aligned. A year is a text.

    `empty` is said where there is no row.
    """
    body = [[(cell, isinstance(cell, french.Number)) for cell in row] for row in rows]
    for number, row in enumerate(body, start=1):
        if len(row) != len(columns):
            raise ValueError(f"table, row {number}: expected {len(columns)} cells, got {len(row)}")
    numeric = [bool(body) and all(row[place][1] for row in body) for place in range(len(columns))]
    return {"caption": caption, "columns": list(zip(columns, numeric, strict=True)), "rows": body, "empty": empty}


@register.inclusion_tag("theme/parts/definitions.html")
def definitions(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Terms and values. An empty value is said to be missing, never left blank."""
    return {"pairs": [(term, None if value in (None, "") else value) for term, value in pairs]}


@register.inclusion_tag("theme/parts/stepper.html")
def stepper(steps: Sequence[str], current: int) -> dict[str, Any]:
    """Where one is: `current` is counted from 1."""
    return {"progress": components.progress(steps, current)}


@register.inclusion_tag("theme/parts/timeline.html")
def timeline(acts: Sequence[components.Act]) -> dict[str, Any]:
    """Dated acts, in the order given."""
    return {"acts": acts}


@register.inclusion_tag("theme/parts/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Links to the other pages of a list; the rest of the address is kept."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else None

    def address(number: int) -> str:
        if query is None:
            return f"?{parameter}={number}"
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    numbers = [(number, address(number) if isinstance(number, int) else "") for number in shown]
    return {
        "page": page,
        "numbers": numbers,
        "previous": address(page.number - 1) if page.has_previous() else "",
        "following": address(page.number + 1) if page.has_next() else "",
    }


def _drawn(part: str, **context: Any) -> SafeString:
    return render_to_string(f"theme/parts/{part}.html", context)
