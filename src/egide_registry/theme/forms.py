"""One way to draw any form: label, hint, error, group and summary, tied together for those who do not see them.

`Renderer` is what the setting FORM_RENDERER names. It replaces Django's templates one by one, in one table, and gives
each control the class of its kind. A widget that brings its own template keeps it.
"""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm, BoundField
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest

_REPLACED = {
    "django/forms/div.html": "theme/forms/form.html",
    "django/forms/errors/list/default.html": "theme/forms/errors.html",
    "django/forms/widgets/radio.html": "theme/forms/choices.html",
    "django/forms/widgets/checkbox_select.html": "theme/forms/choices.html",
    "django/forms/widgets/clearable_file_input.html": "theme/forms/upload.html",
}
_SELECTS = ("select", "select_date")
_UPLOADS = ("file", "clearable_file_input")
_PLAIN = ("text", "number", "email", "url", "tel", "search", "password", "date", "datetime", "time", "textarea")
_CLASSES = {
    **{f"django/forms/widgets/{name}.html": "fr-input" for name in _PLAIN},
    **{f"django/forms/widgets/{name}.html": "fr-select" for name in _SELECTS},
    **{f"django/forms/widgets/{name}.html": "fr-upload" for name in _UPLOADS},
}


class Renderer(DjangoTemplates):
    """Django's renderer, with our templates and the classes of the design system."""

    form_template_name = "theme/forms/form.html"
    formset_template_name = "theme/forms/formset.html"
    field_template_name = "theme/forms/field.html"

    def get_template(self, template_name: str) -> Any:
        return super().get_template(_REPLACED.get(template_name, template_name))

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if "widget" in context:
            _dress(context["widget"])
        return str(super().render(template_name, context, request))


def _dress(widget: dict[str, Any]) -> None:
    """Give the control, and each control inside it, the class of its kind beside those it has."""
    kind = _CLASSES.get(widget["template_name"])
    if kind is not None:
        classes = str(widget["attrs"].get("class", "")).split()
        if kind not in classes:
            widget["attrs"]["class"] = " ".join([kind, *classes])
    for inner in widget.get("subwidgets", ()):
        _dress(inner)


def kind_of(field: BoundField) -> str:
    """How the field is laid out: `group` (controls under one legend), `checkbox`, `select`, `upload`, `input`."""
    widget = field.field.widget
    if widget.use_fieldset:
        return "group"
    if getattr(widget, "input_type", None) == "checkbox":
        return "checkbox"
    template = widget.template_name or ""
    return {"fr-select": "select", "fr-upload": "upload"}.get(_CLASSES.get(template, ""), "input")


def first_control(field: BoundField) -> str:
    """The id of the first control of a field: where a link of the summary leads. Empty if it has none."""
    if field.id_for_label:
        return field.id_for_label
    data = field.subwidgets[0].data
    while data.get("subwidgets"):
        data = data["subwidgets"][0]
    return str(data["attrs"].get("id", ""))


def summary(form: BaseForm) -> list[tuple[str, str, str]]:
    """Every error of the form in the order of its fields: id to go to (or empty), label, message."""
    lines = [("", "", str(message)) for message in form.non_field_errors()]
    for field in form.hidden_fields():
        lines += [("", str(field.label), str(message)) for message in field.errors]
    for field in form.visible_fields():
        lines += [(first_control(field), str(field.label), str(message)) for message in field.errors]
    return lines
